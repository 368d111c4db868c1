"""Names for new things: random, or drawn from an idempotency key so that a repeated request finds its first answer."""

from base64 import b32encode
from hashlib import sha256
from secrets import token_bytes

BYTES = 10
"""80 bits: 16 letters."""


def new(prefix: str) -> str:
    return _name(prefix, token_bytes(BYTES))


def from_key(prefix: str, *parts: str) -> str:
    """The same parts give the same id."""
    return _name(prefix, sha256("\n".join(parts).encode()).digest()[:BYTES])


def digest(text: str) -> str:
    """A short fingerprint, to tell whether two texts are the same."""
    return sha256(text.encode()).hexdigest()[:16]


def _name(prefix: str, data: bytes) -> str:
    return f"{prefix}_{b32encode(data).decode().lower()}"
