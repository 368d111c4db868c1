"""Signatures of webhooks, both ways (Standard Webhooks 1.0): id, time and content are signed with a shared secret."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
"""Older ones, and those from the future, may be replayed."""

SECRET, VERSION = "whsec_", "v1"
INSTANT = re.compile(r"[0-9]{1,12}")
"""Seconds since 1970."""


def signed(body: bytes, *, id: str, secret: str, now: datetime) -> dict[str, str]:
    """The headers to send along. `id` is the same in every attempt, without full stops: those part what is signed."""
    at = str(int(now.timestamp()))
    signature = base64.b64encode(_signature(secret, id, at, body)).decode()
    return {"webhook-id": id, "webhook-timestamp": at, "webhook-signature": f"{VERSION},{signature}"}


def is_genuine(body: bytes, headers: Mapping[str, str], *, secret: str, now: datetime) -> bool:
    """Signed with the secret, within the tolerance; one good signature of several is enough, as while secrets change.

    `headers` by their names in small letters.
    """
    id, at = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not (id and INSTANT.fullmatch(at) and _is_recent(int(at), now)):
        return False
    expected = _signature(secret, id, at, body)
    given = (one.partition(",") for one in headers.get("webhook-signature", "").split())
    return any(version == VERSION and _is_same(expected, signature) for version, _, signature in given)


def _is_recent(at: int, now: datetime) -> bool:
    return abs(now.timestamp() - at) <= TOLERANCE.total_seconds()


def _is_same(expected: bytes, given: str) -> bool:
    """In constant time."""
    return hmac.compare_digest(base64.b64encode(expected), given.encode(errors="replace"))


def _signature(secret: str, id: str, at: str, body: bytes) -> bytes:
    key = base64.b64decode(secret.removeprefix(SECRET))
    return hmac.digest(key, f"{id}.{at}.".encode() + body, hashlib.sha256)
