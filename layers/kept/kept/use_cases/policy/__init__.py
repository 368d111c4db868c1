"""What other terms would have done to the past."""
