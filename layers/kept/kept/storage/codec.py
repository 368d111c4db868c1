"""Dataclasses to compact JSON and back, by their types; a field that was renamed keeps its stored name as its alias."""

from base64 import b64decode, b64encode
from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast
from zlib import compress, decompress

from pydantic import TypeAdapter

T = TypeVar("T")

LONG = 640
"""Bytes. With its keys an item then stays below a kilobyte, which is one unit of writing, two in a transaction."""
PACKED = "~"
"""Begins what is packed, and no JSON."""


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_json(value: object) -> str:
    """Defaults are left out: they are the larger part of most items. Never for what somebody set: see whole_json."""
    return _adapter(cast(Hashable, type(value))).dump_json(value, exclude_defaults=True, by_alias=True).decode()


def whole_json(value: object) -> str:
    """With its defaults: for what must stay as it is when they change, as whatever an owner has saved."""
    return _adapter(cast(Hashable, type(value))).dump_json(value, by_alias=True).decode()


def packed(json: str) -> str:
    """What is long, in about half as many bytes: most of a history is said again in each of its lines."""
    whole = json.encode()
    if len(whole) <= LONG:
        return json
    shorter = PACKED + b64encode(compress(whole)).decode()
    return shorter if len(shorter) < len(whole) else json


def from_json(kind: type[T], text: str) -> T:
    """Packed or not."""
    value: T = _adapter(cast(Hashable, kind)).validate_json(unpacked(text))
    return value


def unpacked(text: str) -> str | bytes:
    """The JSON in it."""
    return decompress(b64decode(text[len(PACKED) :])) if text.startswith(PACKED) else text
