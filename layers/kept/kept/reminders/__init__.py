"""The timeline of an appointment: which touchpoint is owed, and when the next one is."""
