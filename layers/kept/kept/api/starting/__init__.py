"""The API of the guide that a new business has."""
