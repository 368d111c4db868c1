"""Recording facts, adding them up, and what is asked of them."""
