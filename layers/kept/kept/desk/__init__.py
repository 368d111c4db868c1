"""The appointment book in use: read, ask the domain, write together, hand over. Shared by every door: API, pages, staff."""
