"""How a setting's times and spans stand in JSON: "21:00", "12:00-14:00", and whole minutes."""

import re
from datetime import time, timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

CLOCK = re.compile("([01][0-9]|2[0-3]):[0-5][0-9]")
LONGEST = timedelta(days=3660)


def _minutes(given: object) -> timedelta:
    if isinstance(given, timedelta):
        return given
    if type(given) is not int or abs(given) > LONGEST.total_seconds() / 60:  # true and false are int as well
        raise ValueError("Input should be a whole number of minutes")
    return timedelta(minutes=given)


def _clock(given: object) -> time:
    if isinstance(given, time):
        return given
    if not isinstance(given, str) or not CLOCK.fullmatch(given):  # "07+01" and "T0700" are times to Python as well
        raise ValueError("Input should be a time like 21:00")
    return time.fromisoformat(given)


def _span(given: object) -> object:
    if isinstance(given, tuple):  # a list of two texts is none: "09:00-10:00" would be a time with an offset
        return given
    if not isinstance(given, str):
        raise ValueError("Input should be a span like 12:00-14:00")
    begins, _, ends = given.partition("-")
    return _clock(begins), _clock(ends)


Minutes = Annotated[
    timedelta,
    BeforeValidator(_minutes),
    PlainSerializer(lambda span: int(span.total_seconds()) // 60),
    WithJsonSchema({"type": "integer", "title": "Minutes"}),
]
Clock = Annotated[
    time,
    BeforeValidator(_clock),
    PlainSerializer(lambda at: f"{at:%H:%M}"),
    WithJsonSchema({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]$"}),
]
Span = Annotated[
    tuple[time, time],
    BeforeValidator(_span),
    PlainSerializer(lambda span: f"{span[0]:%H:%M}-{span[1]:%H:%M}"),
    WithJsonSchema({"type": "string", "pattern": "^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$"}),
]
