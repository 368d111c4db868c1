"""Somebody's own calendar, which is asked when they are busy: where it is, how that went, and when it is asked next."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

EVERY = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=6)
"""Between two tries of one that fails: twice as long after each."""
LONGEST_ASKED = timedelta(days=1)
"""That its server may have us wait."""
STALE = timedelta(hours=2)
"""So long after it was read last, what it says may be otherwise by now."""
LEAST_AHEAD = 62
"""Days that are read, or as far as clients may book, if that is farther: what staff are shown of openings."""


class Trouble(StrEnum):
    """Why it could not be read."""

    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    FAILED = "failed"
    MOVED = "moved"
    TOO_LARGE = "too_large"
    NO_CALENDAR = "no_calendar"
    TAKES_TOO_LONG = "takes_too_long"


@dataclass(frozen=True, slots=True)
class ServerMarks:
    """By what its server knows whether we have it as it is (RFC 9110), and of which days we have it."""

    etag: str = ""
    changed: str = ""
    days: str = ""


@dataclass(frozen=True, slots=True)
class OwnCalendar:
    """`url` opens it to whoever has it: it is told to nobody, and its server's name alone is shown. `read_at` is when
    it was found as we have it; `unread` of how many events nothing could be made; `status` the answer that was a no.
    `ended`: nobody wants it any more, and what is known by it is forgotten."""

    business: str
    staff: str
    url: str
    set_at: datetime
    set_by: str
    read_at: datetime | None = None
    tried_at: datetime | None = None
    trouble: Trouble | None = None
    status: int = 0
    failures: int = 0
    unread: int = 0
    known: ServerMarks = ServerMarks()
    ended: bool = False

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    def is_stale(self, *, now: datetime) -> bool:
        """What is known by it, if anything is, is older than it should be."""
        return now - (self.read_at or self.set_at) > STALE

    def was_read(self, known: ServerMarks, unread: int, *, now: datetime) -> "OwnCalendar":
        return replace(self.unchanged(now=now), known=known, unread=unread)

    def unchanged(self, *, now: datetime) -> "OwnCalendar":
        """It is as it was when it was read."""
        return replace(self, read_at=now, tried_at=now, trouble=None, status=0, failures=0)

    def failed(self, trouble: Trouble, *, now: datetime, status: int = 0) -> "OwnCalendar":
        """What is known by it stays."""
        return replace(self, tried_at=now, trouble=trouble, status=status, failures=self.failures + 1)

    def next_at(self, *, now: datetime, wait: timedelta | None = None) -> datetime:
        """`wait` is what its server asks for."""
        usual = min(EVERY * 2 ** min(self.failures - 1, 10), LONGEST_WAIT) if self.failures else EVERY
        return now + max(usual, min(wait or usual, LONGEST_ASKED))


def as_asked(url: str) -> str:
    """webcal:// is https to every reader."""
    url = url.strip()
    scheme, sep, rest = url.partition("://")
    return f"https://{rest}" if sep and scheme.lower() in ("webcal", "webcals") else url
