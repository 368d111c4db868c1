"""The appointment book: what can be booked, when, and what becomes of it."""
