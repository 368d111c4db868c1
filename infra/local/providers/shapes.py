"""Requests held to what AWS documents of its APIs: the service models that botocore brings along.

botocore itself checks required members and types before it sends, but neither patterns, nor enumerations, nor maxima.
"""

import base64
import binascii
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from botocore.session import get_session

Shape = Any
_TYPES: dict[str, type] = {"structure": dict, "map": dict, "list": list, "string": str, "boolean": bool}
_NUMBERS = {"integer", "long"}


def complaint(service: str, operation: str, request: object) -> tuple[str, str] | None:
    """The first member that is not as documented and what is wrong with it; None where all is well."""
    return next(_complaints(_input(service, operation), request, ""), None)


@cache
def _input(service: str, operation: str) -> Shape:
    return get_session().get_service_model(service).operation_model(operation).input_shape


def _complaints(shape: Shape, value: Any, at: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, _TYPES.get(shape.type_name, int if shape.type_name in _NUMBERS else str)):
        yield at, f"Member must be a {shape.type_name}"
        return
    for wrong in _own_complaints(shape, value):
        yield at, wrong
    for inner, part, name in _parts(shape, value):
        yield from _complaints(inner, part, f"{at}.{name}" if at else name)


def _own_complaints(shape: Shape, value: Any) -> Iterator[str]:
    match shape.type_name:
        case "structure":
            yield from (f"Member {name} must not be null" for name in shape.required_members if value.get(name) is None)
        case "blob":
            yield from _outside(shape, _decoded_length(value), "Member must be base64 and have length")
        case "integer" | "long":
            yield from _outside(shape, value, "Member must have value")
        case "string":
            yield from _outside(shape, len(value), "Member must have length")
            yield from _unlike(shape, value)
        case "list" | "map":
            yield from _outside(shape, len(value), "Member must have length")


def _outside(shape: Shape, number: int, words: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if number < 0 or (least is not None and number < least):
        yield f"{words} greater than or equal to {least or 0}"
    if most is not None and number > most:
        yield f"{words} less than or equal to {most}"


def _unlike(shape: Shape, value: str) -> Iterator[str]:
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, value):
        yield f"Member must satisfy regular expression pattern: {pattern}"
    if shape.enum and value not in shape.enum:
        yield f"Member must satisfy enum value set: [{', '.join(shape.enum)}]"


def _parts(shape: Shape, value: Any) -> Iterator[tuple[Shape, Any, str]]:
    match shape.type_name:
        case "structure":
            said = {name: part for name, part in value.items() if part is not None}
            yield from ((shape.members[name], said[name], name) for name in said.keys() & shape.members.keys())
        case "list":
            yield from ((shape.member, part, str(number)) for number, part in enumerate(value, 1))
        case "map":
            for name, part in value.items():
                yield shape.key, name, f"{name} (key)"
                yield shape.value, part, name


def _decoded_length(text: str) -> int:
    """-1 for what is not base64."""
    try:
        return len(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError):
        return -1
