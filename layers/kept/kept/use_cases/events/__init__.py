"""What was written, given to whoever keeps an account of it: events for other systems, figures."""
