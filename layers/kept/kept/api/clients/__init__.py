"""Clients as JSON."""
