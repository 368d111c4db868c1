"""Clients: found, filed, proved, and what they want to hear."""
