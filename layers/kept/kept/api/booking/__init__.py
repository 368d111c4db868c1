"""Bookings as they travel."""
