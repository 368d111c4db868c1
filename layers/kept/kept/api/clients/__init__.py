"""Clients as they travel."""
