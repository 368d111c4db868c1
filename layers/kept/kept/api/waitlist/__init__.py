"""The waitlist at the desk: its requests and its answers."""
