"""What a client wants to hear, in the hands of whoever holds their link."""
