"""The appointment book in use: read, ask the domain, write together, hand over. Every door comes here."""
