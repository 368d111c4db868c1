"""Dataclasses to compact JSON and back, by their types."""

from collections.abc import Hashable
from functools import cache
from typing import Any, TypeVar, cast

from pydantic import TypeAdapter

T = TypeVar("T")


@cache
def _adapter(kind: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def to_json(value: object) -> str:
    """Defaults are left out: they are the larger part of most items. Never for what somebody set: see whole_json."""
    return _adapter(cast(Hashable, type(value))).dump_json(value, exclude_defaults=True).decode()


def whole_json(value: object) -> str:
    """With its defaults: for what must stay as it is when they change, as whatever an owner has saved."""
    return _adapter(cast(Hashable, type(value))).dump_json(value).decode()


def from_json(kind: type[T], text: str) -> T:
    value: T = _adapter(cast(Hashable, kind)).validate_json(text)
    return value
