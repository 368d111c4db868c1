"""The queue, for who waits and for the screen on the wall."""
