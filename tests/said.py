"""What a reply brings about at once, for the tables of inputs."""

from datetime import date, datetime

from kept.messaging.replies.reader import read
from kept.messaging.replies.reading import ACTIONS, Asked, Intent, Reading

TODAY, STARTS = date(2026, 11, 18), datetime(2026, 11, 20, 14)  # noqa: DTZ001  # a Wednesday; Friday at two, local


def reading(text: str, asked: Asked = Asked.BOOKING) -> Reading:
    return read(text, asked=asked, today=TODAY, starts=STARTS)


def done(text: str, asked: Asked = Asked.BOOKING) -> Intent | None:
    """None where a person decides or nothing need be."""
    found = reading(text, asked)
    return found.intent if found.is_sure and found.intent in ACTIONS else None
