"""Who waits, for whom or what, and for how long they will."""
