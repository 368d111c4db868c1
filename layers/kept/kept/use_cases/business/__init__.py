"""Saving the settings of a business, and whom a change of them concerns."""
