"""What a client writes, and what is done about it."""
