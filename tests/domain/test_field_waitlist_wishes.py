"""Which times fit a wish, by the place's clock, and which wishes can never fit; what becomes of an entry."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from kept.actor import CLIENT, KEPT, Actor, Change
from kept.errors import InvalidRequest
from kept.waitlist.entry import EntryState, OfferAnswer, WaitlistEntry
from kept.waitlist.refusals import EntryOver, OfferOver
from kept.waitlist.wish import Wish, check_wish
from tests.domain.waiting import NOW, WEEK, an_offer, waiting

AT = datetime.fromisoformat
SHANGHAI = ZoneInfo("Asia/Shanghai")
MORNINGS = replace(WEEK, weekdays=(0, 2), opens=time(9), closes=time(12), staff=("mei",))
SOONER = replace(WEEK, sooner_than="a-1", before=AT("2026-03-05T10:00+08:00"))

FITS = {
    "any time of the week": (WEEK, "cut", "2026-03-04T15:00+08:00", "jun", True),
    "another service": (WEEK, "colour", "2026-03-04T15:00+08:00", "jun", False),
    "the first minute of the first day": (WEEK, "cut", "2026-03-02T00:00+08:00", "jun", True),
    "before it": (WEEK, "cut", "2026-03-01T23:59+08:00", "jun", False),
    "the last start of the last day": (WEEK, "cut", "2026-03-08T23:59+08:00", "jun", True),
    "after it": (WEEK, "cut", "2026-03-09T00:00+08:00", "jun", False),
    "by the place's day": (WEEK, "cut", "2026-03-08T17:00+00:00", "jun", False),
    "the weekday and hours": (MORNINGS, "cut", "2026-03-04T11:00+08:00", "mei", True),
    "over at the hour": (MORNINGS, "cut", "2026-03-04T11:01+08:00", "mei", False),
    "too early": (MORNINGS, "cut", "2026-03-04T08:59+08:00", "mei", False),
    "another weekday": (MORNINGS, "cut", "2026-03-03T10:00+08:00", "mei", False),
    "somebody else": (MORNINGS, "cut", "2026-03-04T10:00+08:00", "jun", False),
    "over midnight": (replace(WEEK, closes=time(23, 59)), "cut", "2026-03-04T23:30+08:00", "jun", False),
    "sooner": (SOONER, "cut", "2026-03-05T09:59+08:00", "jun", True),
    "no sooner": (SOONER, "cut", "2026-03-05T10:00+08:00", "jun", False),
}


@pytest.mark.parametrize(("wish", "service", "starts", "staff", "fits"), FITS.values(), ids=FITS)
def test_what_fits(wish: Wish, service: str, starts: str, staff: str, *, fits: bool) -> None:
    begins = AT(starts)
    assert wish.fits(service, begins, begins + timedelta(hours=1), staff, zone=SHANGHAI) == fits


NEVER = {
    "nothing": (replace(WEEK, services=()), "services"),
    "no such service": (replace(WEEK, services=("cut", "gone")), "services"),
    "nobody of that name": (replace(WEEK, staff=("gone",)), "staff"),
    "ends before it begins": (replace(WEEK, last=date(2026, 3, 1)), "last"),
    "over": (replace(WEEK, first=date(2026, 2, 1), last=date(2026, 3, 1)), "last"),
    "in two years": (replace(WEEK, last=date(2028, 3, 1)), "last"),
    "no such weekday": (replace(WEEK, weekdays=(7,)), "weekdays"),
    "a Sunday of two weekdays": (replace(WEEK, last=date(2026, 3, 3), weekdays=(6,)), "weekdays"),
    "no hour of the day": (replace(WEEK, opens=time(12), closes=time(12)), "closes"),
    "less time than it takes": (replace(WEEK, opens=time(12), closes=time(12, 59)), "closes"),
    "over before it can be": (replace(WEEK, closes=time(0, 59)), "closes"),
    "less time than a visit takes that was made longer": (
        replace(SOONER, opens=time(12), closes=time(13), minutes=90),
        "closes",
    ),
    "after what it is to be sooner than": (replace(SOONER, first=date(2026, 3, 6)), "first"),
}


CUTS = {"cut": 60}


@pytest.mark.parametrize(("wish", "field"), NEVER.values(), ids=NEVER)
def test_wishes_that_can_never_fit(wish: Wish, field: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        check_wish(wish, CUTS, ["mei", "jun"], zone=SHANGHAI, today=date(2026, 3, 2))
    assert [it["field"] for it in refused.value.facts["fields"]] == [field]  # type: ignore[attr-defined]


JUST = {
    "as long as it takes": replace(WEEK, opens=time(12), closes=time(13)),
    "as long as a visit takes that was made shorter": replace(SOONER, opens=time(12), closes=time(12, 30), minutes=30),
    "the first hour of the day": replace(WEEK, closes=time(1)),
    "on the day of the appointment": replace(SOONER, first=date(2026, 3, 5)),
    "by the place's day, not by another": replace(SOONER, first=date(2026, 3, 6), before=AT("2026-03-05T17:00+00:00")),
}


@pytest.mark.parametrize("wish", JUST.values(), ids=JUST)
def test_wishes_that_can_just_fit(wish: Wish) -> None:
    check_wish(wish, CUTS, ["mei", "jun"], zone=SHANGHAI, today=date(2026, 3, 2))


def test_a_wish_ends_with_its_last_day_or_the_appointment_it_is_to_be_sooner_than() -> None:
    check_wish(WEEK, CUTS, ["mei"], zone=SHANGHAI, today=date(2026, 3, 8))
    assert WEEK.ends(SHANGHAI) == AT("2026-03-09T00:00+08:00")
    assert SOONER.ends(SHANGHAI) == AT("2026-03-05T10:00+08:00")
    berlin = replace(WEEK, last=date(2026, 3, 29))
    assert berlin.ends(ZoneInfo("Europe/Berlin")) == AT("2026-03-30T00:00+02:00")


THEIRS = Change(CLIENT, NOW)
STAFF = Change(Actor("staff", "jun"), NOW, why="moved away")
OFFERED = waiting().offered(an_offer(), THEIRS)
ACTS: dict[str, tuple[Callable[[WaitlistEntry], WaitlistEntry], EntryState, OfferAnswer | None]] = {
    "declined": (lambda it: it.answered(OfferAnswer.DECLINED, THEIRS), EntryState.WAITING, OfferAnswer.DECLINED),
    "nobody answered": (lambda it: it.answered(OfferAnswer.EXPIRED, THEIRS), EntryState.WAITING, OfferAnswer.EXPIRED),
    "accepted": (lambda it: it.accepted("a-9", THEIRS), EntryState.BOOKED, OfferAnswer.ACCEPTED),
    "booked elsewhere": (lambda it: it.booked_otherwise("a-9", THEIRS), EntryState.BOOKED, OfferAnswer.WITHDRAWN),
    "left": (lambda it: it.left(STAFF), EntryState.LEFT, OfferAnswer.WITHDRAWN),
    "its last day is over": (lambda it: it.ended(STAFF), EntryState.ENDED, OfferAnswer.WITHDRAWN),
    "another wish": (
        lambda it: it.changed(SOONER, THEIRS, book_for_me=False, quiet_allowed=False, note=""),
        EntryState.WAITING,
        OfferAnswer.WITHDRAWN,
    ),
    "the same wish": (
        lambda it: it.changed(WEEK, THEIRS, book_for_me=False, quiet_allowed=False, note=""),
        EntryState.OFFERED,
        None,
    ),
    "passed over": (lambda it: it.passed_over_for("o2", STAFF), EntryState.OFFERED, None),
    "passed over for what they were offered": (
        lambda it: it.passed_over_for("o1", STAFF),
        EntryState.WAITING,
        OfferAnswer.WITHDRAWN,
    ),
    "passed over twice": (
        lambda it: it.passed_over_for("o1", STAFF).passed_over_for("o1", STAFF),
        EntryState.WAITING,
        OfferAnswer.WITHDRAWN,
    ),
    "booked by staff and put back": (
        lambda it: it.booked_otherwise("a-9", STAFF).put_back(STAFF),
        EntryState.WAITING,
        OfferAnswer.WITHDRAWN,
    ),
    "taken off and put back": (lambda it: it.left(STAFF).put_back(STAFF), EntryState.WAITING, OfferAnswer.WITHDRAWN),
}


@pytest.mark.parametrize(("act", "state", "answer"), ACTS.values(), ids=ACTS)
def test_what_becomes_of_an_entry_with_an_offer(
    act: Callable[[WaitlistEntry], WaitlistEntry], state: EntryState, answer: OfferAnswer | None
) -> None:
    """Every act leaves the offer's answer with its instant, and a line of the record."""
    after = act(OFFERED)
    assert (after.state, after.offers[-1].answer) == (state, answer)
    assert after.offers[-1].answered_at == (NOW if answer else None)
    assert after == OFFERED or after.lines[: len(OFFERED.lines)] == OFFERED.lines
    if not after.is_live:
        with pytest.raises(EntryOver):
            after.left(STAFF)
        with pytest.raises(EntryOver):
            after.offered(an_offer(), THEIRS)


NO_WAY_BACK: dict[str, WaitlistEntry] = {
    "waits": OFFERED,
    "left by their own word": OFFERED.left(THEIRS),
    "took what was offered": OFFERED.accepted("a-9", THEIRS),
    "booked by themselves": OFFERED.booked_otherwise("a-9", Change(KEPT, NOW)),
    "its last day is over": OFFERED.ended(STAFF),
    "back already": OFFERED.left(STAFF).put_back(STAFF),
}


@pytest.mark.parametrize("entry", NO_WAY_BACK.values(), ids=NO_WAY_BACK)
def test_only_whom_staff_took_off_is_put_back(entry: WaitlistEntry) -> None:
    with pytest.raises(EntryOver):
        entry.put_back(STAFF)


OPEN = {"its name": ("o1-1", 0, True), "another": ("o1-2", 0, False), "at its end": ("o1-1", 15, False)}


@pytest.mark.parametrize(("id", "minutes", "is_open"), OPEN.values(), ids=OPEN)
def test_an_offer_is_taken_by_its_name_and_before_its_end(id: str, minutes: int, *, is_open: bool) -> None:
    now = NOW + timedelta(minutes=minutes)
    if is_open:
        assert OFFERED.the_offer(id, now=now).id == id
    else:
        with pytest.raises(OfferOver):
            OFFERED.the_offer(id, now=now)
