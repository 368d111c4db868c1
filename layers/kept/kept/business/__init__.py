"""One business as it is set up: its services, staff and rooms, its rules and texts, and which of it makes sense."""
