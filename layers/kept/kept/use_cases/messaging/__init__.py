"""Sending what is owed, and what becomes of it."""
