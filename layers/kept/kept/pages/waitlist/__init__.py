"""A client's place in the waitlist, and what is offered to them."""
