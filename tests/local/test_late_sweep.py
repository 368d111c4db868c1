"""The sweep is late by six hours: what is still useful goes out once, the rest is recorded as missed."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.local.api_client import Api
from tests.local.businesses import a_studio, next_monday, on, opened
from tests.local.stack import Stack

pytestmark = pytest.mark.stack

STAGES = [
    {"name": "two_days", "before": 48 * 60},
    {"name": "morning", "before": 5 * 60},
    {"name": "same_day", "before": 3 * 60},
]
CLOCK = {"thresholds": [{"percent": 50}, {"percent": 55}]}
"""Of the 72 hours of a new client: 36 and 39.6."""


@pytest.fixture
def monday(stack: Stack) -> Iterator[datetime]:
    yield next_monday(stack)
    stack.console.back_to_real()


def late_studio() -> dict[str, Any]:
    """Reminders two days, five hours and three hours before; follow-ups with two reminders close together."""
    told = a_studio("Late")
    return told | {"business": told["business"] | {"stages": STAGES}, "policy": CLOCK}


def mail(stack: Stack, to: str, since: datetime) -> list[str]:
    """The subjects of what somebody was sent from then on."""
    return [m["subject"] for m in stack.console.messages(to) if datetime.fromisoformat(m["at"]) >= since]


def notices(stack: Stack, follow_up: str) -> dict[str, str]:
    """What became of each notice of its clock."""
    rows = stack.client("dynamodb").query(
        TableName="kept-messages",
        KeyConditionExpression="business = :b AND begins_with(id, :f)",
        ExpressionAttributeValues={":b": {"S": "late"}, ":f": {"S": f"{follow_up}#"}},
    )["Items"]
    said = [json.loads(row["body"]["S"]) for row in rows]
    return {it["occasion"]: ": ".join(filter(None, (it["status"], it.get("reason")))) for it in said}


def test_after_six_hours_without_a_sweep(stack: Stack, monday: datetime) -> None:
    """From noon to six on a Wednesday nothing fires; at six it does, and a minute later again."""
    desk, api = opened(stack, "late", late_studio()), Api(stack.base_url)
    wednesday = on(monday, "12:00", days=2)

    def booked(name: str, days: int, clock: str) -> str:
        made = api.book("late", "cut", on(monday, clock, days=days), name=name, email=f"{name}@late.example")
        assert made.status == 201, made.body
        return str(made.body["id"])

    ahead = booked("ahead", 4, "15:00")
    soon = booked("soon", 2, "18:45")
    gone = booked("gone", 2, "15:30")
    stack.console.advance_to(on(monday, "01:00", days=1))
    matter = desk.open_follow_up(desk.at_the_desk(ahead)["client"], assignee="mei")
    stack.console.advance_to(wednesday)
    assert mail(stack, "ahead@late.example", wednesday) == []

    six = on(wednesday, "18:00")
    stack.console.sleep_to(six)
    for _ in range(2):
        assert stack.console.fire()["settled"]

    # Still useful, and sent once: the reminder of Friday, and of two for this evening the nearer.
    assert len(mail(stack, "ahead@late.example", wednesday)) == 1
    assert ("two_days v1", "sent") in desk.ledger(ahead)
    assert len(mail(stack, "soon@late.example", wednesday)) == 1
    assert {("morning v1", "missed: too_late"), ("same_day v1", "sent")} <= set(desk.ledger(soon))

    # The visit at half past three: nobody reminded or asked in vain, but it is marked, told and followed up.
    assert desk.at_the_desk(gone)["status"] == "no_show"
    assert {
        ("same_day v1", "missed: too_late"),
        ("on_my_way v1", "missed: wait_over"),
        ("missed_you v1", "sent"),
    } <= set(desk.ledger(gone))
    assert len(mail(stack, "gone@late.example", wednesday)) == 1
    assert [it["appointment"] for it in desk.follow_ups() if it["cause"] == "no_show"] == [gone]

    # The follow-up whose clock passed two reminders: the assignee hears of the later one, in a list.
    assert notices(stack, matter) == {
        "first_response_50": "missed: later_notice",
        "first_response_55": "missed: in_a_list",
    }
    assert len(mail(stack, "mei@late.example", wednesday)) == 1

    # Nothing is left behind: what is due next lies ahead.
    mine = [due for due in stack.console.due() if due["business"] == "late"]
    assert [due for due in mine if datetime.fromisoformat(due["at"]) <= six] == []
