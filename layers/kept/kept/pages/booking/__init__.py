"""The way to a booking."""
