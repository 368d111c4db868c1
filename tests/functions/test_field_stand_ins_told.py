"""Rule: who is away that day is neither asked nor told: their stand-in is, or the business at its own address."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

import message_sender
from kept import clock
from kept.business.catalog import Catalog
from kept.follow_up.notices import digest
from kept.messaging.message import Message
from kept.messaging.outgoing import end_of_the_day, list_of_the_day, to_staff
from kept.timekeeping.weekly_hours import TimeOff
from kept.use_cases.messaging import provider_clients
from tests import lotus
from tests.builders import STARTS, a_follow_up, a_member, an_appointment
from tests.functions.test_staff_changes import Provider
from tests.stopping import records

NOW = STARTS + timedelta(hours=1)
"""Monday 18:00 in Shanghai: Li Na's hour with Mei is over."""
MEI, JUN, DESK = "mei@lotus.example", "jun@lotus.example", "desk@lotus.example"


def asked() -> Message:
    local = NOW.astimezone(lotus.the_salon().business.zone).date()
    return end_of_the_day("mei", "lotus", local, now=NOW)


def cancelled() -> Message:
    return to_staff(an_appointment(), "staff_cancelled", now=NOW)


def day() -> Message:
    local = NOW.astimezone(lotus.the_salon().business.zone).date()
    return list_of_the_day("mei", "lotus", local, now=NOW)


def late() -> Message:
    """Her follow-up was due this minute."""
    lotus.open_follow_up(a_follow_up(opened=NOW - timedelta(hours=25)))
    return digest("lotus", "mei", 1, now=NOW)


def salon(stand_in: str, hours: float) -> Catalog:
    """Mei is away for so many hours before and after now."""
    catalog, span = lotus.the_salon(), timedelta(hours=hours)
    mei = a_member("mei")
    off = (TimeOff(NOW - span, NOW + span),) if hours else ()
    away = replace(mei, stand_in=stand_in, hours=replace(mei.hours, time_off=off))
    business = replace(catalog.business, email=DESK, locale="en")
    return replace(catalog, business=business, staff=dict(catalog.staff) | {"mei": away})


@pytest.mark.parametrize("message", [asked, cancelled, day, late])
@pytest.mark.parametrize(
    ("stand_in", "hours", "address"),
    [
        pytest.param("jun", 0, MEI, id="there"),
        pytest.param("jun", 12, JUN, id="away"),
        pytest.param("", 12, DESK, id="away, and nobody stands in"),
        pytest.param("gone", 12, DESK, id="away, and the stand-in has left"),
    ],
)
def test_what_is_written_to_staff_reaches_one_who_is_there(
    stand_in: str, hours: float, address: str, message: Callable[[], Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(_sent(message, salon(stand_in, hours), NOW, monkeypatch)) == [address]


@pytest.mark.parametrize(("hours", "address"), [(2, MEI), (12, JUN)], ids=["a few hours", "all day"])
def test_the_list_of_a_day_of_which_some_is_left_is_their_own(
    hours: float, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert list(_sent(day, salon("jun", hours), NOW, monkeypatch)) == [address]


def test_who_reads_for_another_is_told_whose_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = _sent(day, salon("jun", 12), NOW, monkeypatch)
    assert "Hello Jun, Mei is away; please see to this day at Lotus" in texts[JUN]


def _sent(
    message: Callable[[], Message], catalog: Catalog, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """What arrived, by address."""
    provider = Provider()
    monkeypatch.setattr(provider_clients, "aws", lambda _, **__: provider)
    monkeypatch.setattr(clock, "now", lambda: now)
    lotus.store(catalog)
    lotus.known()
    lotus.put(an_appointment())
    key = lotus.say(message())
    message_sender.handler(records((key.business, key.id)), None)
    return provider.texts
