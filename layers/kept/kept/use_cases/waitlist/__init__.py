"""Waiting for time to come free: joining, what is freed, whom it is offered to, and what they answer."""
