"""What a client's reply means: one key, or free text in English, Chinese or both."""

from kept.messaging.replies.reader import read
from kept.messaging.replies.reading import ACTIONS, SURE, Asked, Intent, Part, Reading, Wish

__all__ = ["ACTIONS", "SURE", "Asked", "Intent", "Part", "Reading", "Wish", "read"]
