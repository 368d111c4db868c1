"""What a request may consist of, whatever route it is for: JSON that means one thing only, and each question once."""

import json
from collections.abc import Sequence
from typing import Any, NoReturn

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from kept.errors import BodyTooLarge, InvalidRequest, MalformedJson

JSON = "application/json"
FREE_WORDS = frozenset({"q"})
"""Questions in somebody's own words: "Wang, Fang" is asked once."""
LARGEST_BODY = 16 * 1024
"""Bytes; no route needs a tenth of it, but one that takes a picture."""


def must_be_plain(event: APIGatewayProxyEventV2, largest: int = LARGEST_BODY) -> None:
    """Raises BodyTooLarge, MalformedJson for a body that is no JSON object, however it fails to be one, InvalidRequest.

    What two programs may read differently is none either: a name that comes twice, NaN.
    """
    _each_asked_once(event)
    if event.get("body") is None:
        return
    if len(event["body"]) > largest:
        raise BodyTooLarge(largest=largest)
    if event.headers.get("content-type", JSON).partition(";")[0].strip().lower() != JSON:
        raise MalformedJson
    try:
        read = json.loads(event.decoded_body or "", object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:  # no base64, no UTF-8, no JSON, a number of 5,000 digits; too deep
        raise MalformedJson from error
    if not isinstance(read, dict):
        raise MalformedJson
    _must_be_text(read)


def _each_asked_once(event: APIGatewayProxyEventV2) -> None:
    """API Gateway joins what is asked twice by a comma, which nothing that can be asked here holds, but a search."""
    asked = (event.query_string_parameters or {}).items()
    twice = [name for name, value in asked if "," in value and name not in FREE_WORDS]
    if twice:
        raise InvalidRequest(fields=[{"field": name, "reason": "Once, and without a comma"} for name in twice])


def _once(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a name comes twice")
    return read


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _must_be_text(read: dict[str, Any]) -> None:
    """Half of a character cannot be stored, and a null character ends a text for some who read it later."""
    wrong = [name if _is_text(name) else "body" for name, value in read.items() if not _is_text([name, value])]
    if wrong:
        raise InvalidRequest(fields=[{"field": name, "reason": "It has characters that are no text"} for name in wrong])


def _is_text(value: object) -> bool:
    text = json.dumps(value, ensure_ascii=False).replace("\\\\", "")  # without backslashes of their own
    return "\\u0000" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
