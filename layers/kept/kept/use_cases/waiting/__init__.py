"""The queue: who takes a number, who is next, and what they are told."""
