"""A request as a provider gets it, and what it answers."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.message import Message
from typing import Any, NoReturn

from infra.local.inbox import Sent
from infra.local.providers.events import Event

Answer = tuple[int, list[tuple[str, str]], bytes]


@dataclass(frozen=True, slots=True)
class Request:
    """Of the product; `path` is what follows the address of the providers."""

    path: str
    query: Mapping[str, str]
    headers: Message
    body: bytes
    method: str = "POST"

    def json(self) -> Any:
        """None for what is no JSON, which no provider takes."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Taken:
    """A request that is done: the answer, and because of it the messages that are on their way to their readers, and
    what the product is told without any."""

    answer: Answer
    sent: tuple[Sent, ...] = ()
    events: tuple[Event, ...] = ()


class Refused(Exception):
    """What the provider says instead of taking it."""

    def __init__(self, words: str, answer: Answer) -> None:
        super().__init__(words)
        self.answer = answer


def hang_up() -> NoReturn:
    """Ends the thread of a connection, which SystemExit does quietly, and with it the connection, without an answer."""
    raise SystemExit


def as_json(content: object, status: int = 200, *headers: tuple[str, str]) -> Answer:
    return status, [("Content-Type", "application/json"), *headers], json.dumps(content, ensure_ascii=False).encode()


def aws_refusal(status: int, kind: str, message: str, **more: object) -> Refused:
    """Both protocols of AWS find their error: the REST one in a header, the other in the body."""
    said = {"__type": kind, "message": message, "Message": message} | more
    return Refused(f"{kind}: {message}", as_json(said, status, ("x-amzn-errortype", kind)))
