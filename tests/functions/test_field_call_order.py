"""The list of calls: whoever we made wait, or whose visit we called off, stands first until they were served well once,
with the reason beside them; every other list is by what is due."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import follow_ups as door
from kept import clock
from kept.actor import KEPT, Change
from kept.clients.client import Tier
from kept.clients.wrongs import Wrong
from kept.follow_up.call_order import TO_CALL
from kept.follow_up.follow_up import open_for
from kept.follow_up.opened_by import OpenedBy
from tests import lotus
from tests.asking import ask
from tests.builders import a_client

NOON = datetime.fromisoformat("2026-02-28T12:00+08:00")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)

Wrongs = dict[str, tuple[Wrong, ...]]
ORDERS: dict[str, tuple[Wrongs, list[str]]] = {
    "nobody is owed anything: as it is due": ({}, ["a", "b", "c"]),
    "whom we wronged": ({"c": (Wrong("v-1", NOON - DAY),)}, ["c", "a", "b"]),
    "of two the one longer ago": (
        {"b": (Wrong("v-1", NOON - DAY),), "c": (Wrong("v-2", NOON - 2 * DAY),)},
        ["c", "b", "a"],
    ),
    "of two at one time what is due sooner": (
        {"b": (Wrong("v-1", NOON - DAY),), "c": (Wrong("v-2", NOON - DAY),)},
        ["b", "c", "a"],
    ),
    "served well since": ({"c": (Wrong("v-1", NOON - DAY, made_up_by="v-2"),)}, ["a", "b", "c"]),
    "served well, and wronged again": (
        {"c": (Wrong("v-1", NOON - 9 * DAY, made_up_by="v-2"), Wrong("v-3", NOON - DAY))},
        ["c", "a", "b"],
    ),
    "wronged and first already": ({"a": (Wrong("v-1", NOON - DAY),)}, ["a", "b", "c"]),
    "all alike": ({it: (Wrong(f"v-{it}", NOON - DAY),) for it in "abc"}, ["a", "b", "c"]),
}


def call(id: str, cause: OpenedBy, at: datetime) -> None:
    client = replace(a_client(Tier.REGULAR), id=f"c-{id}")
    change = Change(KEPT, at)
    lotus.open_follow_up(open_for(client, f"f-{id}", cause=cause, about="", assignee="mei", policy=1, change=change))


def listed(cause: OpenedBy | None, wrongs: Wrongs, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    lotus.open_both()
    for n, id in enumerate("abc"):
        lotus.known(
            replace(a_client(Tier.REGULAR), id=f"c-{id}", name=id, email=f"{id}@example.com", wrongs=wrongs.get(id, ()))
        )
        call(id, cause or OpenedBy.CALL, NOON - (3 - n) * HOUR)
    query = {"cause": str(cause)} if cause else {}
    found: list[dict[str, Any]] = ask(door.handler, "GET /v1/desk/follow-ups", role="staff", query=query).body[
        "follow_ups"
    ]
    return found


@pytest.mark.parametrize(("wrongs", "expected"), ORDERS.values(), ids=ORDERS)
def test_who_is_called_first(wrongs: Wrongs, expected: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    found = listed(OpenedBy.CALL, wrongs, monkeypatch)
    assert [it["client_name"] for it in found] == expected
    for it in found:
        open = [one.at for one in wrongs.get(it["client_name"], ()) if not one.made_up_by]
        assert (it["owed_since"] and datetime.fromisoformat(it["owed_since"])) == min(open, default=None)


@pytest.mark.parametrize("cause", [*OpenedBy, None])
def test_in_every_list_of_calls_and_in_no_other(cause: OpenedBy | None, monkeypatch: pytest.MonkeyPatch) -> None:
    found = listed(cause, {"c": (Wrong("v-1", NOON - DAY),)}, monkeypatch)
    is_first = found[0]["client_name"] == "c"
    assert is_first is (cause in TO_CALL)


def test_of_a_client_who_was_forgotten_nothing_is_owed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON)
    lotus.open_both()
    call("gone", OpenedBy.CALL, NOON - HOUR)
    (line,) = ask(door.handler, "GET /v1/desk/follow-ups", role="staff", query={"cause": "call"}).body["follow_ups"]
    assert line["owed_since"] is None
