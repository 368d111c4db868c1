"""Messages as they travel."""
