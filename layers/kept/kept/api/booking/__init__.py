"""Bookings as JSON."""
