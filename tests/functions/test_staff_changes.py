"""What staff are told at once: what has become of their day since they were given its list, but for their own doing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from email import message_from_bytes, policy
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

import booking
import front_desk
import message_sender
import my_appointment
from kept import clock
from kept.channels import Purpose
from kept.messaging.message import Message
from kept.storage import appointments, messages, tables
from kept.use_cases.business import settings
from kept.use_cases.messaging import provider_clients
from tests import lotus
from tests.asking import ask
from tests.builders import STARTS, an_appointment
from tests.refusing import BOOK, DESK, LI, MINE, link
from tests.stopping import records

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEN = datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)
"""On Monday morning, after the list. Li Na comes to Mei at 17:00."""
TODAY, TOMORROW = "2026-03-02T18:30:00+08:00", "2026-03-03T17:00:00+08:00"


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, TEN)
    lotus.open_both()
    lotus.known()
    lotus.put(an_appointment())


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def books(start: str, **more: str) -> None:
    """Somebody does, on the page."""
    wanted = {"service": "cut", "start": start, "client": LI | {"email": "zhao@example.com"}, "staff": "mei"} | more
    assert ask(booking.handler, BOOK, wanted).status == 201


def moves(start: str, **more: str) -> None:
    """Li Na does, by her link."""
    answer = ask(my_appointment.handler, f"POST {MINE}/reschedule", {"start": start} | more, bearer=link())
    assert answer.status == 200, answer.body


def cancels() -> None:
    answer = ask(my_appointment.handler, f"POST {MINE}/cancel", {}, bearer=link())
    assert answer.status == 200, answer.body


def at_the_desk(act: str, body: dict[str, Any], *, staff: str) -> None:
    answer = ask(front_desk.handler, f"POST {DESK}/a-1/{act}", body, role="staff", staff=staff)
    assert answer.status == 200, answer.body


def told() -> list[tuple[str, str]]:
    """Who was told what."""
    return sorted((message.recipient, message.stage) for message in _notices())


def _notices() -> Iterator[Message]:
    ids = [item.id for item in tables.AppointmentItem.scan()]
    return (m for id in ids for m in messages.about("lotus", id) if m.purpose is Purpose.STAFF)


@pytest.mark.parametrize(
    ("happens", "notices"),
    [
        pytest.param(lambda: books(TODAY), [("mei", "staff_booked")], id="booked for today"),
        pytest.param(lambda: books(TOMORROW), [], id="booked for tomorrow"),
        pytest.param(lambda: moves(TODAY), [("mei", "staff_moved")], id="moved within today"),
        pytest.param(lambda: moves(TOMORROW), [("mei", "staff_moved")], id="moved away from today"),
        pytest.param(cancels, [("mei", "staff_cancelled")], id="cancelled for today"),
    ],
)
def test_whoever_has_the_visit_is_told_of_what_happens_to_today(happens: Any, notices: list[tuple[str, str]]) -> None:
    happens()
    assert told() == notices


def test_moved_from_tomorrow_to_today_is_told() -> None:
    lotus.put(an_appointment("a-2", starts=STARTS + timedelta(days=1, hours=2)))
    answer = ask(my_appointment.handler, f"POST {MINE}/reschedule", {"start": TODAY}, bearer=link("a-2"))
    assert answer.status == 200
    assert told() == [("mei", "staff_moved")]


def test_moved_within_tomorrow_or_cancelled_for_it_is_not() -> None:
    lotus.put(an_appointment("a-2", starts=STARTS + timedelta(days=1, hours=2)))
    ask(my_appointment.handler, f"POST {MINE}/reschedule", {"start": TOMORROW}, bearer=link("a-2"))
    ask(my_appointment.handler, f"POST {MINE}/cancel", {}, bearer=link("a-2"))
    assert appointments.load("lotus", "a-2").version == 2
    assert told() == []


@pytest.mark.parametrize(
    ("hour", "now", "is_told"),
    [
        pytest.param(time(7, 30), time(7, 29), False, id="before the list"),
        pytest.param(time(7, 30), time(7, 30), True, id="at its very minute"),
        pytest.param(time(12, 0), time(10, 0), False, id="before a later list"),
        pytest.param(None, time(0, 1), True, id="where there is none, all day"),
    ],
)
def test_only_what_the_list_could_not_show(
    monkeypatch: pytest.MonkeyPatch, hour: time | None, now: time, is_told: bool
) -> None:
    settings.save_business(replace(lotus.the_salon().business, day_list=hour), now=lotus.NOW)
    at(monkeypatch, datetime.combine(TEN.date(), now, SHANGHAI))
    cancels()
    assert bool(told()) is is_told


@pytest.mark.parametrize(
    ("staff", "notices"),
    [
        pytest.param("mei", [], id="her own doing she knows"),
        pytest.param("jun", [("mei", "staff_cancelled")], id="a colleague's she does not"),
    ],
)
def test_who_cancels_at_the_desk(staff: str, notices: list[tuple[str, str]]) -> None:
    at_the_desk("cancel", {"reason": "illness"}, staff=staff)
    assert told() == notices


@pytest.mark.parametrize(
    ("staff", "notices"),
    [
        pytest.param("bo", [("jun", "staff_moved"), ("mei", "staff_moved")], id="by a third: both are told"),
        pytest.param("mei", [("jun", "staff_moved")], id="given away: who gets it"),
        pytest.param("jun", [("mei", "staff_moved")], id="taken over: who loses it"),
    ],
)
def test_moved_to_a_colleague(staff: str, notices: list[tuple[str, str]]) -> None:
    at_the_desk("reschedule", {"start": TODAY, "staff": "jun"}, staff=staff)
    assert told() == notices


def test_moved_to_a_colleague_by_the_client_tells_both() -> None:
    moves(TODAY, staff="jun")
    assert told() == [("jun", "staff_moved"), ("mei", "staff_moved")]


def test_a_visit_that_comes_back_in_another_move_is_told_each_time() -> None:
    moves(TODAY, staff="jun")
    moves(TODAY, staff="mei")
    assert told() == [("jun", "staff_moved")] * 2 + [("mei", "staff_moved")] * 2


def test_no_other_change_is_told() -> None:
    """They see who comes; and only they check in."""
    for act in ("confirm", "risk", "no-risk", "check-in", "begin", "complete"):
        at_the_desk(act, {}, staff="jun")
    assert told() == []


def test_repeated_under_one_key_it_is_told_once() -> None:
    for _ in range(2):
        body, key = {"reason": "illness"}, "the-same-key"
        ask(front_desk.handler, f"POST {DESK}/a-1/cancel", body, role="staff", staff="jun", key=key)
    assert told() == [("mei", "staff_cancelled")]


class Provider:
    """Takes every e-mail."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def send_email(self, **request: Any) -> dict[str, str]:
        mail = message_from_bytes(request["Content"]["Raw"]["Data"], policy=policy.default)
        text = " ".join(cast(Any, mail.get_body(("plain",))).get_content().split())
        self.texts |= dict.fromkeys(request["Destination"]["ToAddresses"], text)
        return {"MessageId": "p-1"}


@pytest.mark.parametrize(
    ("happens", "says"),
    [
        pytest.param(lambda: books(TODAY), "刚刚有新预约：Li Na，3月2日周一 18:30 Cut", id="booked"),
        pytest.param(lambda: moves(TODAY), "新的时间是3月2日周一 18:30", id="moved"),
        pytest.param(cancels, "该时段已空出", id="cancelled"),
    ],
)
def test_each_of_them_goes_out(monkeypatch: pytest.MonkeyPatch, happens: Any, says: str) -> None:
    provider = Provider()
    monkeypatch.setattr(provider_clients, "aws", lambda _, **__: provider)
    happens()
    message_sender.handler(records(*((m.business, m.id) for m in _notices())), None)
    assert says in provider.texts["mei@lotus.example"]


@pytest.mark.parametrize("locale", ["en", "zh-Hans"])
def test_whoever_loses_a_visit_reads_who_has_it_now_and_nobody_waits_for_an_hour(
    monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    provider = Provider()
    monkeypatch.setattr(provider_clients, "aws", lambda _, **__: provider)
    settings.save_business(replace(lotus.the_salon().business, locale=locale), now=lotus.NOW)
    night = TEN.replace(hour=22)
    moves(TODAY, staff="jun")
    at(monkeypatch, night)
    message_sender.handler(records(*((m.business, m.id) for m in _notices())), None)
    says = {"en": "with Jun; your own time is free again", "zh-Hans": "由Jun接待"}[locale]
    assert says in provider.texts["mei@lotus.example"]
    assert says not in provider.texts["jun@lotus.example"]


def test_it_tells_how_things_stand_when_it_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Back with Mei before she heard that Jun has it."""
    provider = Provider()
    monkeypatch.setattr(provider_clients, "aws", lambda _, **__: provider)
    moves(TODAY, staff="jun")
    first = [m for m in _notices() if m.recipient == "mei"]
    moves(TODAY, staff="mei")
    message_sender.handler(records(*((m.business, m.id) for m in first)), None)
    assert "由" not in provider.texts["mei@lotus.example"]
