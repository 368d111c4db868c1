"""Figures of a business: facts of its visits, messages and follow-ups, added up by day and group."""
