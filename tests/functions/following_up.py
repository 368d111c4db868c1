"""Staff at work on follow-ups: what they ask, hours after Li Na's was opened on Monday, 2 March 2026, 09:00 UTC."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine

import follow_ups
from kept.actor import Actor, Change
from kept.clients.client import Tier
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUp, line
from kept.storage import follow_ups as stored
from tests import lotus
from tests.asked_of_aws import meddling
from tests.asking import Answer, Handler, ask
from tests.builders import STARTS as OPENED
from tests.builders import a_client, a_follow_up

BOARD = "/v1/desk/follow-ups"
KEY = "a key that was drawn once"
"""The last part of the paths of what is decided; everything else is said and done."""


def at(hours: float) -> datetime:
    return OPENED + timedelta(hours=hours)


def moment(hours: float) -> str:
    return at(hours).isoformat()


def post(path: str, body: object, *, hours: float = 1, under: str = BOARD, **asked: Any) -> Answer:
    return _ask(follow_ups.handler, f"POST {under}{path}", body, hours, asked)


def get(path: str = "", *, hours: float = 1, under: str = BOARD, **asked: Any) -> Answer:
    return _ask(follow_ups.handler, f"GET {under}{path}", None, hours, asked)


def refused(path: str, body: object, **asked: Any) -> Answer:
    """The answer to what has to be refused, after a look at everything that is stored."""
    before = lotus.everything()
    answer = post(path, body, **asked)
    assert lotus.everything() == before
    return answer


def now(id: str = "f-1") -> FollowUp:
    return stored.load("lotus", id)


def said(id: str = "f-1") -> list[str]:
    """What was written since it was opened."""
    return [event.what for event in now(id).history[5:]]


def opened(id: str, *, hours: float = 0, tier: Tier = Tier.VIP, **other: Any) -> FollowUp:
    """Another one of Li Na's."""
    return lotus.open_follow_up(replace(a_follow_up(opened=at(hours), tier=tier, **other), id=id))


def of_wang(id: str = "f-2") -> FollowUp:
    """One of another client's."""
    lotus.known(replace(a_client(), id="c-2", email="wang@example.com"))
    return lotus.open_follow_up(replace(a_follow_up(), id=id, client="c-2"))


def meanwhile(what: What, monkeypatch: pytest.MonkeyPatch, *, to: str = "") -> None:
    """Jun is quicker, once: he writes this before the next write of anybody's."""
    really: Callable[[FollowUp], FollowUp] = stored.put_alone

    def put(follow_up: FollowUp) -> FollowUp:
        monkeypatch.undo()
        his = line(what, Change(by=Actor("staff", "jun"), at=at(1)), to=to)
        with meddling():
            really(now(follow_up.id).record(his, {}, now=his.at))
        return really(follow_up)

    monkeypatch.setattr(stored, "put_alone", put)


def _ask(handler: Handler, route: str, body: object, hours: float, asked: dict[str, Any]) -> Answer:
    with time_machine.travel(at(hours), tick=False):
        return ask(handler, route, body, **{"role": "staff"} | asked)
