"""What happened, and who else hears of it, as JSON."""
