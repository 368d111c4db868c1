"""What a client owes, paid, was let off and got back: double-entry, and only ever added to."""
