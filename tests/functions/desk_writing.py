"""The desk writes to Li Na, who has asked something: the salon open, her words come in, and what is asked and sent."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import clients as function
from kept import clock
from kept.channels import Channel
from kept.clients.client import Client
from kept.follow_up.follow_up import FollowUp
from kept.messaging.message import Message
from kept.storage import catalogs, clients, follow_ups, messages
from tests import lotus
from tests.asking import Answer, ask
from tests.functions.answering import brought, take
from tests.functions.outbox import NOON, Providers, opened, reached_by, work

LI = "/v1/desk/clients/c-1"
AMERICAN = "+12025550147"
"""A number that text messages go to without a registered template."""
OVER = (Channel.WHATSAPP, Channel.SMS, Channel.WECHAT, Channel.EMAIL)
WORDS = "Yes, there is room for the car in the yard."
HOUR = timedelta(hours=1)


def at_noon(monkeypatch: pytest.MonkeyPatch, client: Client | None = None) -> Providers:
    """The salon and Li Na, who is reached over everything; it is noon where she is, the day before her visit."""
    at(monkeypatch, NOON)
    found = opened(monkeypatch, client or she(), OVER)
    salon = catalogs.load("lotus")
    lotus.store(replace(salon, business=replace(salon.business, text_countries=("US", "CN"))))
    lotus.store(lotus.the_garage())
    return found


def she(over: Iterable[Channel] = OVER, **how: Any) -> Client:
    return replace(reached_by(*over), **{"phone": AMERICAN, "locale": "en"} | how)


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def she_writes(words: str = "Is there parking?", *, over: Channel = Channel.WHATSAPP, now: datetime = NOON) -> None:
    sender = AMERICAN if over is not Channel.WECHAT else ""
    answer = take(brought(words, over=over, id=f"in-{now.isoformat()}", now=now, sender=sender), now=now)
    assert answer == {"batchItemFailures": []}


def write(text: object = WORDS, *, to: str = LI, **body: Any) -> Answer:
    """`key`, `role`, `staff` and `business` are the asker's; the rest is said."""
    asker: dict[str, Any] = {
        name: body.pop(name) for name in ("key", "role", "staff", "business", "language") if name in body
    }
    return ask(function.handler, f"POST {to}/answer", {"text": text, **body}, **({"role": "staff"} | asker))


def tried(text: object = WORDS, *, to: str = LI, language: str = "", **body: Any) -> Answer:
    return ask(function.handler, f"POST {to}/answer-preview", {"text": text, **body}, role="staff", language=language)


def conversation() -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = ask(function.handler, f"GET {LI}/conversation", role="staff").body
    return lines


def written() -> list[Message]:
    """What staff wrote to her, in order."""
    said = [one for about in ("c-1", "a-1") for one in messages.about("lotus", about) if one.stage == "staff_answer"]
    return sorted(said, key=lambda one: one.created_at)


def asked_for() -> FollowUp:
    """What her words opened."""
    (found,) = follow_ups.of_client("lotus", ("c-1",))
    return found


def lines_of(follow_up: FollowUp) -> list[str]:
    """What was written since it was opened."""
    return [line.what.value for line in follow_ups.load("lotus", follow_up.id).history[5:]]


def change(**how: Any) -> None:
    """She becomes so."""
    clients.put_alone(replace(clients.load("lotus", "c-1"), **how))


def sent(now: datetime = NOON) -> None:
    """The sender works on all that is owed."""
    work(*(one for one in written() if one.is_owed), now=now)


def inbox(**asked: Any) -> Answer:
    return ask(function.handler, "GET /v1/desk/inbox", **({"role": "staff"} | asked))
