"""The links that clients follow: signed, for one purpose, expiring, and valid across a change of keys.

A token is `purpose.key.business.subject.expires.mac`: names only, nothing about a person. Anybody can read one, and
nobody can make one without the key.
"""

import hmac
import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from urllib.parse import quote

from kept.client_links.refusals import LinkExpired, LinkInvalid

MAC_BYTES = 16
"""128 bits of the SHA-256: 22 letters in a text message instead of 43, and still beyond guessing."""

SHORTEST_KEY = 32
NAME = "[A-Za-z0-9_-]{1,64}"
TOKEN = re.compile(
    rf"(?P<signed>(\w)\.({NAME})\.({NAME})\.({NAME})\.([0-9a-f]{{1,12}}))\.(?P<mac>[\w-]{{22}})", re.ASCII
)


class LinkPurpose(StrEnum):
    """What a link opens: an appointment, a slot held while details are entered, a client's own wishes, the question
    how it went, their place in the waitlist, a number in the queue, the queue for a screen on the wall, or the code at
    the door by which a number is taken.

    A link to an appointment that was sent tells by which of the booking's contacts it went, one to somebody's wishes to
    which of theirs (`_AT`). Booking needs no token and is never signed: its purpose is for short links. By START no
    page opens: it is the code that a new business is begun by.
    """

    MANAGE = "m"
    MANAGE_BY_PHONE = "t"
    MANAGE_BY_EMAIL = "e"
    MANAGE_BY_WECHAT = "w"
    HOLD = "h"
    PREFERENCES = "p"
    UNSUBSCRIBE = "u"
    SUBSCRIBE = "s"
    PREFERENCES_AT = "q"
    UNSUBSCRIBE_AT = "v"
    SUBSCRIBE_AT = "y"
    SURVEY = "f"
    QUEUE = "a"
    WALL = "d"
    JOIN = "j"
    BOOK = "b"
    START = "n"
    WAIT = "l"


PAGES = {
    LinkPurpose.MANAGE: "a",
    LinkPurpose.MANAGE_BY_PHONE: "a",
    LinkPurpose.MANAGE_BY_EMAIL: "a",
    LinkPurpose.MANAGE_BY_WECHAT: "a",
    LinkPurpose.PREFERENCES: "p",
    LinkPurpose.PREFERENCES_AT: "p",
    LinkPurpose.UNSUBSCRIBE: "u",
    LinkPurpose.UNSUBSCRIBE_AT: "u",
    LinkPurpose.SUBSCRIBE: "s",
    LinkPurpose.SUBSCRIBE_AT: "s",
    LinkPurpose.SURVEY: "f",
    LinkPurpose.QUEUE: "q",
    LinkPurpose.WALL: "q",
    LinkPurpose.JOIN: "q",
    LinkPurpose.BOOK: "b",
    LinkPurpose.WAIT: "w",
}
"""The one page that opens by it."""


class KeysUnusable(ValueError):
    """The secret does not hold link keys."""


@dataclass(frozen=True, slots=True)
class LinkKeys:
    """`current` signs, all verify: a key is retired once nothing signed by it has to be valid any more."""

    current: str
    keys: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def parse(cls, secret: str) -> "LinkKeys":
        """From {"current": "k2", "k1": "at least 32 letters", "k2": ...}. Raises KeysUnusable."""
        try:
            named = json.loads(secret)
            keys = cls(named.pop("current"), {name: key.encode() for name, key in named.items()})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise KeysUnusable("not link keys") from error
        if keys.current not in keys.keys or any(len(key) < SHORTEST_KEY for key in keys.keys.values()):
            raise KeysUnusable("no current key, or one that is too short")
        return keys


@dataclass(frozen=True, slots=True)
class Link:
    """What a token stands for."""

    business: str
    subject: str


def sign(keys: LinkKeys, purpose: LinkPurpose, *, business: str, subject: str, expires: datetime) -> str:
    """The same link twice is the same token. `business` and `subject` are ids: letters, digits, `_` and `-`."""
    signed = f"{purpose}.{keys.current}.{business}.{subject}.{int(expires.timestamp()):x}"
    token = f"{signed}.{_mac(keys.keys[keys.current], signed)}"
    if not TOKEN.fullmatch(token):
        raise ValueError(f"cannot stand in a link: {business!r}, {subject!r}")
    return token


def read(keys: LinkKeys, token: str, *, purpose: LinkPurpose, now: datetime) -> Link:
    """Raises LinkInvalid, or LinkExpired for one that was ours."""
    if not (match := TOKEN.fullmatch(token)):
        raise LinkInvalid
    signed, made_for, key, business, subject, expires = match.groups()[:6]
    if made_for != purpose or key not in keys.keys:
        raise LinkInvalid
    if not hmac.compare_digest(match["mac"], _mac(keys.keys[key], signed)):
        raise LinkInvalid
    if now >= datetime.fromtimestamp(int(expires, 16), UTC):
        raise LinkExpired
    return Link(business, subject)


def fingerprint(keys: LinkKeys, kind: str, text: str) -> str:
    """Eight letters that tell whether it is the same again, and to nobody without the key what it is.

    48 bits are enough to tell some thousands of an hour apart. With another key current everything is new.
    """
    return urlsafe_b64encode(hmac.digest(keys.keys[keys.current], f"{kind}\n{text}".encode(), sha256)[:6]).decode()


def _mac(key: bytes, signed: str) -> str:
    return urlsafe_b64encode(hmac.digest(key, signed.encode(), sha256)[:MAC_BYTES]).decode().rstrip("=")


def _at(public_url: str, path: str) -> str:
    return f"{public_url.rstrip('/')}/{path}"


def follow_up_page(public_url: str, follow_up: str) -> str:
    """At the desk, for whoever of the staff is signed in."""
    return _at(public_url, f"desk/follow-ups/{quote(follow_up, safe='')}")


def appointment_page(public_url: str, token: str) -> str:
    """Where a client sees, confirms, moves or cancels; opening it changes nothing."""
    return _at(public_url, f"a/{token}")


def preferences_page(public_url: str, token: str) -> str:
    """What a client wants to hear, over which channels and when."""
    return _at(public_url, f"p/{token}")


def unsubscribe_page(public_url: str, token: str) -> str:
    """No more invitations: a button for people, one POST for their mail program (RFC 8058)."""
    return _at(public_url, f"u/{token}")


def subscribe_page(public_url: str, token: str) -> str:
    """The yes to invitations by e-mail, sent to the address that is to get them."""
    return _at(public_url, f"s/{token}")


def survey_page(public_url: str, token: str) -> str:
    """Where a client says how it went; opening it changes nothing."""
    return _at(public_url, f"f/{token}")


def waitlist_page(public_url: str, token: str) -> str:
    """Where whoever waits sees their place and takes what is offered; opening it changes nothing."""
    return _at(public_url, f"w/{token}")


def queue_page(public_url: str, token: str) -> str:
    """Where somebody who waits sees how long; opening it changes nothing."""
    return _at(public_url, f"q/{token}")


def wall_page(public_url: str, token: str) -> str:
    """The queue in numbers, for a screen that everybody sees."""
    return _at(public_url, f"q/{token}/wall")


def join_page(public_url: str, token: str) -> str:
    """Where whoever reads the code at the door takes a number."""
    return _at(public_url, f"q/{token}/join")


def door_page(public_url: str, token: str) -> str:
    """That address as a code, to be printed and hung at the door."""
    return _at(public_url, f"q/{token}/code")


def booking_page(public_url: str, business: str, service: str) -> str:
    """Where anybody books that service ("": any); no token, for it shows nothing that is not public."""
    page = _at(public_url, f"b/{business}")
    return f"{page}?service={service}" if service else page
