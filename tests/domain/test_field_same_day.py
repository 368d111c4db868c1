"""Who only hears of gaps of the day itself: because they are near, or once they are due again by their own rhythm;
after all who wait, and never while a visit of theirs is to come."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.policy.rhythm import due_from
from kept.reasons import Code
from kept.waitlist.entry import SameDay, WaitlistEntry
from kept.waitlist.order import in_order, passed_by_tier
from tests.builders import an_appointment
from tests.domain.waiting import NOW, waiting

SHANGHAI, NEW_YORK = ZoneInfo("Asia/Shanghai"), ZoneInfo("America/New_York")
DAY = timedelta(days=1)
AT = datetime.fromisoformat


def visits(*days: str, status: Status = Status.COMPLETED, zone: str = "+08:00") -> list[Appointment]:
    return [
        replace(an_appointment(f"v-{n}", starts=AT(f"{day}T10:00{zone}")), status=status) for n, day in enumerate(days)
    ]


RHYTHMS: dict[str, tuple[list[Appointment], str | None]] = {
    "nobody was here": ([], None),
    "once": (visits("2026-01-01"), None),
    "twice": (visits("2026-01-01", "2026-01-29"), None),
    "three times, four weeks apart": (visits("2026-01-01", "2026-01-29", "2026-02-26"), "2026-03-26T10:00+08:00"),
    "one long pause changes no rhythm": (
        visits("2025-06-01", "2025-12-01", "2025-12-29", "2026-01-26"),
        "2026-02-23T10:00+08:00",
    ),
    "the latest alone count": (
        visits(*(f"2024-{m:02}-01" for m in range(1, 13)), *(f"2026-01-{d:02}" for d in range(1, 8))),
        "2026-01-08T10:00+08:00",
    ),
    "two on one day are one visit": (visits("2026-01-01", "2026-01-01", "2026-01-29"), None),
    "in any order": (visits("2026-02-26", "2026-01-01", "2026-01-29"), "2026-03-26T10:00+08:00"),
    "missed ones are none": (
        [*visits("2026-01-01", "2026-01-29"), *visits("2026-02-26", status=Status.NO_SHOW)],
        None,
    ),
    "cancelled ones are none": (
        [*visits("2026-01-01", "2026-01-29"), *visits("2026-02-26", status=Status.CANCELLED)],
        None,
    ),
    "one to come is none": ([*visits("2026-01-01", "2026-01-29"), *visits("2026-02-26", status=Status.BOOKED)], None),
}


@pytest.mark.parametrize(("theirs", "due"), RHYTHMS.values(), ids=RHYTHMS)
def test_when_somebody_is_due_again(theirs: list[Appointment], due: str | None) -> None:
    """From three visits on, as long after the last as there usually is between two."""
    assert due_from(theirs, SHANGHAI) == (AT(due) if due else None)


def test_a_rhythm_keeps_its_hour_over_a_change_of_the_clocks() -> None:
    """New York springs forward on 8 March 2026."""
    theirs = visits("2026-01-05", "2026-02-02", "2026-03-02", zone="-05:00")
    assert due_from(theirs, NEW_YORK) == AT("2026-03-30T10:00-04:00")


def told(
    same_day: SameDay, *, due: datetime | None = None, comes: datetime | None = None, id: str = "c-1-w1"
) -> WaitlistEntry:
    entry = waiting(id)
    return replace(entry, same_day=same_day, claim=replace(entry.claim, due_from=due, comes=comes))


NEAR, DUE, NO = SameDay.NEAR, SameDay.DUE, SameDay.NO
TODAY, LATE, MIDNIGHT, TOMORROW = (AT(f"2026-03-{it}+08:00") for it in ("02T15:10", "02T23:59", "03T00:00", "03T10:00"))
MAY = {
    "who waits has any day": (told(NO), TOMORROW, True),
    "who waits has it though a visit is to come": (told(NO, comes=TOMORROW), TODAY, True),
    "near, today": (told(NEAR), TODAY, True),
    "near, the last minute of the day": (told(NEAR), LATE, True),
    "near, midnight": (told(NEAR), MIDNIGHT, False),
    "near, tomorrow": (told(NEAR), TOMORROW, False),
    "near, with a visit to come": (told(NEAR, comes=NOW + 9 * DAY), TODAY, False),
    "near, whose visit has begun": (told(NEAR, comes=NOW), TODAY, True),
    "due without a rhythm": (told(DUE), TODAY, False),
    "due since yesterday": (told(DUE, due=NOW - DAY), TODAY, True),
    "due at this instant": (told(DUE, due=NOW), TODAY, True),
    "due in a minute": (told(DUE, due=NOW + timedelta(minutes=1)), TODAY, False),
    "due, and tomorrow's": (told(DUE, due=NOW - DAY), TOMORROW, False),
    "due, with a visit to come": (told(DUE, due=NOW - DAY, comes=NOW + DAY), TODAY, False),
}


@pytest.mark.parametrize(("entry", "starts", "may"), MAY.values(), ids=MAY)
def test_who_may_have_a_time(entry: WaitlistEntry, starts: datetime, *, may: bool) -> None:
    assert entry.may_have(starts, zone=SHANGHAI, now=NOW) is may


def test_a_day_is_the_places() -> None:
    """At ten at night in New York the day in Shanghai is another."""
    late = AT("2026-03-01T22:00-05:00")
    assert told(NEAR).may_have(AT("2026-03-02T15:10+08:00"), zone=SHANGHAI, now=late)
    assert not told(NEAR).may_have(AT("2026-03-02T15:10+08:00"), zone=NEW_YORK, now=AT("2026-03-01T22:00-05:00"))


def test_they_come_after_all_who_wait_and_say_why() -> None:
    """Whom we wronged too: who waits has asked for it, whatever day it is."""
    wronged = replace(told(NEAR, id="c-9-w1"), claim=replace(waiting().claim, wronged=NOW - DAY))
    waits, near, due = waiting("c-2-w1"), told(NEAR, id="c-3-w1"), told(DUE, id="c-4-w1")
    places = in_order([due, near, wronged, waits], zone=SHANGHAI, passed_by=3, now=NOW)
    assert [(it.entry.id, it.why.code) for it in places] == [
        ("c-2-w1", Code.WAITS_SINCE),
        ("c-9-w1", Code.OWED_SINCE),
        ("c-3-w1", Code.SAID_NEAR),
        ("c-4-w1", Code.DUE_AGAIN),
    ]
    old = replace(near, since=NOW - 99 * DAY)
    assert passed_by_tier(in_order([old, waits], zone=SHANGHAI, passed_by=3, now=NOW), waits) is None
