"""The private address of somebody's calendar: letters that nobody can guess, which open it and nothing else.

Nothing about whose it is stands in them, and only their digest is stored: the address is shown when it is made, and
never again. A link lasts as long as a calendar asks for it now and then.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from secrets import token_urlsafe
from urllib.parse import urlsplit

from kept.client_links.refusals import LinkInvalid

PATH, ENDING = "c", ".ics"
BYTES = 24
LETTERS = 32
"""192 bits: beyond guessing without a key, so that changing the keys of links ends no calendar."""

BACK, AHEAD = timedelta(days=30), timedelta(days=180)
"""Of today by the business's clock: what a calendar shows."""

UNASKED = timedelta(days=180)
"""A link that no calendar has asked for so long is over."""
RENEWED_AFTER = timedelta(days=30)
"""How seldom its end is put off: a write a month and not one with every look."""


class Whose(StrEnum):
    """Who has a calendar of their own."""

    STAFF = "staff"
    CLIENT = "client"


@dataclass(frozen=True, slots=True)
class CalendarOf:
    """A person of a business, by their id."""

    business: str
    whose: Whose
    id: str

    def __str__(self) -> str:
        return f"{self.business}#{self.whose}#{self.id}"


@dataclass(frozen=True, slots=True)
class CalendarLink:
    """`names`: clients are named in it, as whoever made it wished. `mark` is that of the client's contact by which they
    asked for it themselves: it is over when that is none of theirs any more. `ended`: taken back or replaced."""

    of: CalendarOf
    made_at: datetime
    asked_at: datetime
    names: bool = False
    mark: str = ""
    ended: bool = False

    @property
    def until(self) -> datetime:
        return self.asked_at + UNASKED

    def is_good(self, *, now: datetime) -> bool:
        return not self.ended and now < self.until

    def asked(self, *, now: datetime) -> "CalendarLink":
        """It was looked at; often nothing changes by that."""
        return replace(self, asked_at=now) if now - self.asked_at >= RENEWED_AFTER else self


def new_token() -> str:
    return token_urlsafe(BYTES)


def typed(name: str) -> str:
    """The token of what stands in the path. Raises LinkInvalid where that can be none of ours."""
    token = name.removesuffix(ENDING)
    if len(token) != LETTERS or not (token.isascii() and token.replace("-", "").replace("_", "").isalnum()):
        raise LinkInvalid
    return token


def digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def calendar_address(public_url: str, token: str) -> str:
    return f"{public_url.rstrip('/')}/{PATH}/{token}{ENDING}"


def webcal(address: str) -> str:
    """The same, for a tap that opens the reader's own calendar; each asks by https."""
    return urlsplit(address)._replace(scheme="webcal").geturl()
