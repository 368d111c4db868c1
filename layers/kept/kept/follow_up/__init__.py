"""What needs a person's answer, and the clock on it."""
