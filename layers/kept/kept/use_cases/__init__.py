"""What Kept is asked to do: load, ask the domain, save together, hand over. Every door comes here."""
