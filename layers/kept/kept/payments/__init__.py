"""Money paid online: the states of a payment, when which step is due, and what is asked of whoever carries it."""
