"""One call of a receiver of events: whatever it does is an attempt, with a little of what it answered."""

from collections.abc import Callable, Mapping
from datetime import datetime
from time import monotonic

from kept.errors import InvalidSetting
from kept.events.delivery import SHOWN, Attempt
from kept.use_cases.outside import https_call
from kept.use_cases.outside.https_call import Call, Unreachable, told_to_wait

READS = 2_048
"""Bytes of an answer: more than is shown, whatever letters they are."""


def call(url: str, body: bytes, headers: Mapping[str, str], *, clock: Callable[[], datetime]) -> Attempt:
    """Never fails: what went wrong is in the attempt."""
    at, began = clock(), monotonic()
    try:
        said = https_call.call(url, Call("POST", {"Content-Type": "application/json", **headers}, READS, body))
        status, told, retry_after = said.status, _text(said.content), said.headers.get("retry-after")
    except (Unreachable, InvalidSetting) as error:
        status, told, retry_after = 0, str(error), None
    except Exception as error:  # whatever a stranger's server or the way to it does is theirs
        status, told, retry_after = 0, type(error).__name__, None
    return Attempt(at, status, int((monotonic() - began) * 1000), told[:SHOWN], told_to_wait(retry_after, at))


def _text(content: bytes) -> str:
    return "".join(letter if letter.isprintable() else " " for letter in content.decode(errors="replace"))
