"""The links that clients follow: what they are signed with, how long they are good, and what for."""
