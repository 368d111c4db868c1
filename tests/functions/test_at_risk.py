"""A visit that is likelier than others to be missed: marked by staff, it has one reminder more, or a call."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import front_desk
import message_sender
import reminder_fan_out
import reminder_worker
from kept import clock
from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment, Slot, book
from kept.business.reminder_stages import AT_RISK, SAME_DAY, TWO_DAYS
from kept.channels import Channel
from kept.clients.client import Client
from kept.follow_up.opened_by import OpenedBy
from kept.storage import appointments, follow_ups, messages, tables
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, a_client
from tests.refusing import DESK, is_problem, link, refused
from tests.stopping import records

KEY = "f3a1c0de-0000-4000-8000-000000000007"
Queued = Callable[[str], list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def _booked() -> None:
    """Four days ahead, so that all reminders are still to come: two days before, one day for those at risk, 3 hours."""
    lotus.open_both()
    lotus.known()
    lotus.put(a_visit(before(days=4)))


def a_visit(booked_at: datetime) -> Appointment:
    return book(
        "lotus",
        "a-1",
        service="cut",
        client="c-1",
        tz="Asia/Shanghai",
        slot=Slot(STARTS, STARTS + timedelta(hours=1), staff="mei"),
        policy_version=1,
        note="",
        change=Change(CLIENT, booked_at),
    )


def before(**span: int) -> datetime:
    """So long before it starts."""
    return STARTS - timedelta(**span)


def says(act: str, now: datetime, *, key: str = "", **body: Any) -> Answer:
    """Mei does, at the front desk."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        return ask(front_desk.handler, f"POST {DESK}/a-1/{act}", body, role="staff", key=key)


@pytest.fixture
def reminded(queued: Queued) -> Callable[..., list[str]]:
    """Runs the schedule and the worker at each of these times; the stages that were written at all."""

    def run(*times: datetime) -> list[str]:
        for now in times:
            reminder_fan_out.handler({"time": now.isoformat()}, None)
            keys = [(key["business"], key["id"]) for key in queued("TOUCHPOINTS_QUEUE")]
            with pytest.MonkeyPatch.context() as patched:
                patched.setattr(clock, "now", lambda at=now: at)
                reminder_worker.handler(records(*keys), None)
        found = messages.about("lotus", "a-1")
        return [m.stage for m in sorted(found, key=lambda m: m.created_at) if m.is_owed]

    return run


Reminded = Callable[..., list[str]]


def visit() -> Appointment:
    return appointments.load("lotus", "a-1")


ALL = (before(hours=48), before(hours=24), before(hours=3), before(minutes=1))


def test_an_ordinary_visit_has_two_reminders(reminded: Reminded) -> None:
    assert reminded(*ALL) == ["two_days", "same_day"]


def test_one_at_risk_has_one_more(reminded: Reminded) -> None:
    assert says("risk", before(hours=60)).body["at_risk"] is True
    assert reminded(*ALL, *ALL) == ["two_days", "at_risk", "same_day"]


@pytest.mark.parametrize(
    ("marked", "stages"),
    [
        pytest.param(before(hours=30), ["two_days", "at_risk", "same_day"], id="after the first reminder, in time"),
        pytest.param(before(hours=20), ["two_days", "at_risk", "same_day"], id="too late for its hour: at once"),
        pytest.param(before(hours=2), ["two_days", "same_day"], id="after the last reminder: no more"),
    ],
)
def test_marked_later_what_is_due_next_is_what_is_due_then(
    reminded: Reminded, marked: datetime, stages: list[str]
) -> None:
    reminded(*(at for at in ALL if at < marked))
    says("risk", marked)
    assert reminded(marked, *(at for at in ALL if at >= marked)) == stages


def test_marked_too_late_for_its_hour_it_goes_out_in_the_next_minute(reminded: Reminded) -> None:
    reminded(before(hours=48), before(hours=24))
    says("risk", before(hours=20))
    assert reminded(before(hours=20)) == ["two_days", "at_risk"]


def test_with_three_hours_to_go_only_the_nearest_is_owed(reminded: Reminded) -> None:
    """Marked while the schedule stood still: one message, and the ledger says what it took the place of."""
    reminded(before(hours=48))
    says("risk", before(hours=3))
    assert reminded(before(hours=3)) == ["two_days", "same_day"]
    (missed,) = [m for m in messages.about("lotus", "a-1") if not m.is_owed]
    assert (missed.stage, missed.status.value) == ("at_risk", "missed")


def test_booked_within_the_day_it_has_none_for_its_moment_lay_before(reminded: Reminded) -> None:
    tables.AppointmentItem("lotus", "a-1").delete()
    lotus.put(a_visit(before(hours=12)))
    says("risk", before(hours=11))
    assert reminded(before(hours=11), before(hours=3)) == ["same_day"]


@pytest.mark.parametrize(
    ("unmarked", "stages"),
    [
        pytest.param(before(hours=30), ["two_days", "same_day"], id="before its hour"),
        pytest.param(before(hours=20), ["two_days", "at_risk", "same_day"], id="after it, when it has gone out"),
    ],
)
def test_the_mark_is_taken_back(reminded: Reminded, unmarked: datetime, stages: list[str]) -> None:
    says("risk", before(hours=60))
    reminded(*(at for at in ALL if at < unmarked))
    assert says("no-risk", unmarked).body["at_risk"] is False
    assert reminded(*(at for at in ALL if at >= unmarked)) == stages


def test_a_visit_that_is_moved_stays_at_risk_and_is_reminded_of_the_new_time(reminded: Reminded) -> None:
    says("risk", before(hours=80))
    assert says("reschedule", before(hours=79), start="2026-03-04T17:00:00+08:00").body["at_risk"] is True
    later = timedelta(days=2)
    assert reminded(*ALL, STARTS) == ["rescheduled", "two_days"]
    assert reminded(before(hours=24) + later) == ["rescheduled", "two_days", "at_risk"]
    assert visit().version == 2


def test_where_the_business_would_rather_call_it_stands_on_the_call_list(reminded: Reminded) -> None:
    salon = lotus.the_salon()
    by_phone = replace(AT_RISK, over=Channel.CALL)
    lotus.store(replace(salon, business=replace(salon.business, stages=(TWO_DAYS, by_phone, SAME_DAY))))
    lotus.known(_with_a_telephone())
    lotus.put(replace(visit(), client="c-2"))
    says("risk", before(hours=60))
    reminded(before(hours=48), before(hours=24))
    (call,) = [m for m in messages.about("lotus", "a-1") if m.stage == "at_risk"]
    assert call.channel is Channel.CALL
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: before(hours=24))
        message_sender.handler(records((call.business, call.id)), None)
    (asked,) = [follow_ups.load(item.business, item.id) for item in tables.FollowUpItem.scan()]
    assert (asked.cause, asked.about, asked.assignee) == (OpenedBy.CALL, "a-1", "mei")


def _with_a_telephone() -> Client:
    return replace(a_client(), id="c-2", email="two@example.com", phone="+8613812345678")


def test_the_mark_and_its_end_are_in_the_history_by_whoever_set_them() -> None:
    says("risk", before(hours=60))
    says("no-risk", before(hours=50))
    told = ask(front_desk.handler, f"GET {DESK}/a-1", role="staff").body
    assert [(event["what"], event["by"]) for event in told["history"][1:]] == [
        ("at_risk", "staff:mei"),
        ("not_at_risk", "staff:mei"),
    ]


def test_the_day_shows_it() -> None:
    says("risk", before(hours=60))
    query = {"on": "2026-03-02"}
    assert [line["at_risk"] for line in ask(front_desk.handler, f"GET {DESK}", role="staff", query=query).body] == [
        True
    ]


@pytest.mark.parametrize("again", [{}, {"key": KEY}], ids=["said twice", "repeated under its key"])
def test_marking_what_is_marked_changes_nothing(again: dict[str, str]) -> None:
    first = says("risk", before(hours=60), **again)
    written = lotus.everything()
    second = says("risk", before(hours=59), **again)
    assert (second.status, second.body) == (200, first.body)
    assert lotus.everything() == written


def test_a_repeat_after_it_was_taken_back_is_answered_as_the_first_time() -> None:
    first = says("risk", before(hours=60), key=KEY)
    says("no-risk", before(hours=59))
    assert says("risk", before(hours=58), key=KEY).body == first.body
    assert visit().at_risk is False


def test_who_may_not_mark_it() -> None:
    for act in ("risk", "no-risk"):
        route = f"POST {DESK}/a-1/{act}"
        assert is_problem(refused(route, {}), 401, "sign_in_required")
        assert is_problem(refused(route, {}, bearer=link()), 401, "sign_in_required")
        assert is_problem(refused(route, {}, role="client"), 403, "role_required")
        assert is_problem(refused(route, {}, role="owner", business="garage"), 404, "unknown_appointment")
        assert is_problem(refused(route, {"version": 7}, role="staff"), 409, "outdated")
