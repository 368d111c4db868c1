"""The API of who signs in."""
