"""Messages as JSON."""
