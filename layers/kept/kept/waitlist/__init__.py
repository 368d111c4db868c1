"""Who waits for time to come free, in which order, and what they are offered."""
