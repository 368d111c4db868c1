"""How long a client waited, and what that is made good by: instants to the second, at the edges of each rule."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from kept.actor import KEPT, Actor, Change
from kept.booking.appointment import Appointment, Slot
from kept.booking.states import ReversalReason
from kept.business.catalog import Business, Money
from kept.business.make_good_rules import MakeGoodRules, WaitStep, check_make_good
from kept.clients.wrongs import Wrong, made_up, of_both, open_again, righted, without_those, wronged
from kept.errors import InvalidSetting
from kept.policy.make_good import as_waited, is_our_fault, percent_for, share, waited, wronged_since
from tests.builders import STARTS, a_catalog, a_client, an_appointment

MEI = Actor("staff", "mei")
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
SALON = a_catalog().business


def begun(came: timedelta | None, began: timedelta, *, business: Business = SALON) -> Appointment:
    """An hour at STARTS: arrived and begun so long after its start (before it, where less than none)."""
    visit = an_appointment()
    if came is not None:
        visit = visit.check_in(Change(MEI, STARTS + came))
        return _step(visit, visit.begin(Change(MEI, STARTS + began)), STARTS + began, business)
    return visit.complete(Change(MEI, STARTS + began))


def _step(before: Appointment, after: Appointment, at: datetime, business: Business = SALON) -> Appointment:
    return as_waited(after, before, business, Change(MEI, at))


@pytest.mark.parametrize(
    ("came", "began", "expected"),
    [
        pytest.param(-10 * MINUTE, 20 * MINUTE, 20 * MINUTE, id="who is early waits from the agreed start"),
        pytest.param(0 * MINUTE, 20 * MINUTE, 20 * MINUTE, id="on the minute"),
        pytest.param(5 * MINUTE, 25 * MINUTE, 20 * MINUTE, id="five minutes after it is not late yet"),
        pytest.param(5 * MINUTE + SECOND, 60 * MINUTE, None, id="a second more is: the day had gone on"),
        pytest.param(-30 * MINUTE, -10 * MINUTE, 0 * MINUTE, id="taken before their time they waited for nothing"),
        pytest.param(None, 40 * MINUTE, None, id="completed in one move: nobody said when it began"),
    ],
)
def test_how_long(came: timedelta | None, began: timedelta, expected: timedelta | None) -> None:
    """From the later of arrival and agreed start."""
    assert waited(begun(came, began)) == expected


@pytest.mark.parametrize(
    ("began", "percent", "minutes"),
    [
        (14 * MINUTE + 59 * SECOND, 0, 0),
        (15 * MINUTE, 5, 15),
        (29 * MINUTE + 59 * SECOND, 5, 29),
        (30 * MINUTE, 10, 30),
        (59 * MINUTE + 59 * SECOND, 10, 59),
        (60 * MINUTE, 25, 60),
        (7 * 60 * MINUTE, 25, 420),
    ],
)
def test_by_how_far(began: timedelta, percent: int, minutes: int) -> None:
    """Of the price, by the last step that was reached, to the second."""
    visit = begun(0 * MINUTE, began)
    assert (visit.kept_waiting, percent_for(visit, SALON, now=STARTS + began)) == (minutes, percent)


@pytest.mark.parametrize(
    ("tz", "starts", "minutes"),
    [
        ("Europe/Berlin", datetime(2026, 3, 29, 0, 50, tzinfo=UTC), 20),
        ("Europe/Berlin", datetime(2026, 10, 25, 0, 50, tzinfo=UTC), 20),
        ("America/New_York", datetime(2026, 3, 8, 6, 50, tzinfo=UTC), 20),
        ("Asia/Shanghai", datetime(2026, 3, 2, 15, 50, tzinfo=UTC), 20),
    ],
    ids=["clocks go forward meanwhile", "clocks go back meanwhile", "forward in New York", "over midnight"],
)
def test_minutes_are_minutes(tz: str, starts: datetime, minutes: int) -> None:
    """Whatever the clock on the wall does in between."""
    business = replace(SALON, tz=tz)
    visit = an_appointment(starts=starts).check_in(Change(MEI, starts))
    at = starts + minutes * MINUTE
    after = _step(visit, visit.begin(Change(MEI, at)), at, business)
    assert (after.kept_waiting, percent_for(after, business, now=at)) == (minutes, 5)


@pytest.mark.parametrize(
    ("rules", "percent"),
    [
        (MakeGoodRules(), 10),
        (MakeGoodRules(on=False), 0),
        (MakeGoodRules(steps=(WaitStep(31, 50),)), 0),
        (MakeGoodRules(steps=(WaitStep(1, 1), WaitStep(30, 100))), 100),
        (MakeGoodRules(nobodys_fault=date(2026, 3, 2)), 0),
        (MakeGoodRules(nobodys_fault=date(2026, 3, 3)), 0),
        (MakeGoodRules(nobodys_fault=date(2026, 3, 1)), 10),
    ],
    ids=["as usual", "off", "another standard", "steps of their own", "a storm today", "until tomorrow", "yesterday's"],
)
def test_by_the_business_s_rules(rules: MakeGoodRules, percent: int) -> None:
    """A wait of half an hour."""
    business = replace(SALON, make_good=rules)
    visit = begun(0 * MINUTE, 30 * MINUTE, business=business)
    assert percent_for(visit, business, now=STARTS + 30 * MINUTE) == percent


@pytest.mark.parametrize(
    ("price", "percent", "minor"),
    [
        (Money(9_999, "CNY"), 5, 500),
        (Money(9_989, "CNY"), 5, 499),
        (Money(10, "CNY"), 5, 1),
        (Money(9, "CNY"), 5, 0),
        (Money(0, "CNY"), 25, 0),
        (None, 25, 0),
        (Money(9_999, "USD"), 25, 0),
    ],
)
def test_how_much(price: Money | None, percent: int, minor: int) -> None:
    """Half of the smallest coin is one; what has no price, or another currency's, is made good by the place alone."""
    assert share(price, percent, SALON) == minor


def test_a_person_s_word_stays() -> None:
    """That they were not kept waiting is no wait any more, and is not noted again; beginning anew is measured anew."""
    visit = begun(0 * MINUTE, 40 * MINUTE)
    not_so = visit.keep_waiting(0, Change(MEI, STARTS + 41 * MINUTE))
    assert percent_for(not_so, SALON, now=STARTS + 41 * MINUTE) == 0
    done = not_so.complete(Change(MEI, STARTS + 90 * MINUTE))
    assert _step(not_so, done, STARTS + 90 * MINUTE).kept_waiting == 0


def test_what_a_person_says_brings_no_money() -> None:
    """Of a wait that nobody measured staff may give a credit by hand, within their limit."""
    visit = begun(None, 70 * MINUTE).keep_waiting(40, Change(MEI, STARTS + 71 * MINUTE))
    assert percent_for(visit, SALON, now=STARTS + 71 * MINUTE) == 0


def test_begun_by_mistake() -> None:
    """Taken back it was no wait; begun again it is measured until then, from the same arrival."""
    visit = begun(0 * MINUTE, 20 * MINUTE)
    back = _step(visit, visit.undo(Change(MEI, STARTS + 21 * MINUTE)), STARTS + 21 * MINUTE)
    assert back.kept_waiting == 0
    again = _step(back, back.begin(Change(MEI, STARTS + 35 * MINUTE)), STARTS + 35 * MINUTE)
    assert (again.kept_waiting, waited(again)) == (35, 35 * MINUTE)


def test_said_by_staff_before_it_began() -> None:
    """What they said of it while the client waited is not written over, nor taken back with the beginning."""
    here = an_appointment().check_in(Change(MEI, STARTS)).keep_waiting(45, Change(MEI, STARTS + 40 * MINUTE))
    after = _step(here, here.begin(Change(MEI, STARTS + 50 * MINUTE)), STARTS + 50 * MINUTE)
    assert (after.kept_waiting, percent_for(after, SALON, now=STARTS + 50 * MINUTE)) == (45, 10)
    back = _step(after, after.undo(Change(MEI, STARTS + 51 * MINUTE)), STARTS + 51 * MINUTE)
    assert back.kept_waiting == 45


def test_moved_by_agreement() -> None:
    """Whoever chose a later time waits from that."""
    slot = Slot(STARTS + 30 * MINUTE, STARTS + 90 * MINUTE, staff="mei")
    moved = an_appointment().reschedule(slot, Change(KEPT, STARTS - 60 * MINUTE), rules=SALON.changes)
    here = moved.check_in(Change(MEI, STARTS))
    assert waited(here.begin(Change(MEI, STARTS + 40 * MINUTE))) == 10 * MINUTE


NOTICE = SALON.changes.before_any.free_until
THERE = Slot(STARTS + 60 * MINUTE, STARTS + 120 * MINUTE, staff="mei")
SAME_TIME = Slot(STARTS, STARTS + 60 * MINUTE, staff="jun")


def booked_long_ago() -> Appointment:
    return replace(an_appointment(), booked_at=STARTS - timedelta(days=30))


def cancelled(by_client: bool, before: timedelta) -> Appointment:
    change = Change(MEI, STARTS - before, for_client=by_client)
    return booked_long_ago().cancel(change, rules=SALON.changes)


def moved(by_client: bool, before: timedelta, to: Slot = THERE) -> Appointment:
    change = Change(MEI, STARTS - before, for_client=by_client)
    return booked_long_ago().reschedule(to, change, rules=SALON.changes)


def moved_on() -> Appointment:
    there = Slot(STARTS + 180 * MINUTE, STARTS + 240 * MINUTE, staff="mei")
    theirs = Change(MEI, STARTS - SECOND, for_client=True)
    return moved(False, MINUTE).reschedule(there, theirs, rules=SALON.changes)


def missed_and(reason: ReversalReason) -> Appointment:
    gone = an_appointment().mark_no_show(Change(KEPT, STARTS + 15 * MINUTE), evidence=())
    return gone.reverse_no_show(reason, Change(MEI, STARTS + 20 * MINUTE))


@pytest.mark.parametrize(
    ("visit", "expected"),
    [
        pytest.param(an_appointment(), False, id="booked"),
        pytest.param(cancelled(False, MINUTE), True, id="we cancelled a minute before"),
        pytest.param(cancelled(False, NOTICE), False, id="in time, as we ask of them"),
        pytest.param(cancelled(False, NOTICE - SECOND), True, id="a second too late"),
        pytest.param(cancelled(True, MINUTE), False, id="staff for the client"),
        pytest.param(moved(False, MINUTE), True, id="we moved it"),
        pytest.param(moved(True, MINUTE), False, id="they asked to move it"),
        pytest.param(moved(False, MINUTE, SAME_TIME), False, id="to another person at the same time"),
        pytest.param(moved(False, NOTICE), False, id="moved in time"),
        pytest.param(moved_on(), True, id="moved by us, and then by them"),
        pytest.param(cancelled(False, MINUTE).undo(Change(MEI, STARTS - SECOND)), False, id="on again"),
        pytest.param(missed_and(ReversalReason.OUR_FAULT), True, id="missed, and our fault"),
        pytest.param(missed_and(ReversalReason.GOODWILL), False, id="missed, and let off"),
        pytest.param(begun(0 * MINUTE, 15 * MINUTE), True, id="kept waiting"),
        pytest.param(begun(0 * MINUTE, 14 * MINUTE), False, id="within the standard"),
        pytest.param(begun(10 * MINUTE, 60 * MINUTE), False, id="they came late"),
    ],
)
def test_whose_fault(visit: Appointment, expected: bool) -> None:
    """What makes a client come first: inside the notice that we ask of them ourselves."""
    assert is_our_fault(visit, SALON) is expected


def test_moved_and_moved_back() -> None:
    """At the time that they knew all along nothing was done to them."""
    there = moved(False, 10 * MINUTE)
    back = there.reschedule(an_appointment().slot, Change(MEI, STARTS - 9 * MINUTE), rules=SALON.changes)
    assert not is_our_fault(back, SALON)


def test_first_until_they_were_served_well() -> None:
    """The oldest wrong that stands says since when; one good visit makes up for all, and counts no more if it was
    none."""
    wrongs = wronged(wronged((), "a-1", at=STARTS), "a-2", at=STARTS + MINUTE)
    client = replace(a_client(), wrongs=wrongs)
    assert wronged_since(client) == STARTS
    assert wronged(wrongs, "a-1", at=STARTS + 5 * MINUTE) == wrongs
    assert wronged_since(replace(client, wrongs=righted(wrongs, "a-1"))) == STARTS + MINUTE
    well = made_up(wrongs, "a-3")
    assert wronged_since(replace(client, wrongs=well)) is None
    assert wronged_since(replace(client, wrongs=wronged(well, "a-4", at=STARTS + 2 * MINUTE))) == STARTS + 2 * MINUTE
    assert open_again(well, "a-3") == wrongs
    assert wronged_since(a_client()) is None


def test_of_two_records() -> None:
    """As one person they were wronged as either was; once for each visit, in order of time, the latest twenty."""
    one, other = (Wrong("a-2", STARTS + MINUTE),), (Wrong("a-1", STARTS), Wrong("a-2", STARTS + MINUTE))
    assert of_both(one, other) == (Wrong("a-1", STARTS), Wrong("a-2", STARTS + MINUTE))
    assert without_those(of_both(one, other), one) == (Wrong("a-1", STARTS),)
    many = tuple(Wrong(f"b-{n}", STARTS + n * MINUTE) for n in range(30))
    assert of_both(many, ()) == many[-20:]


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        (MakeGoodRules(steps=()), "make_good.steps"),
        (MakeGoodRules(steps=(WaitStep(0, 5),)), "make_good.steps"),
        (MakeGoodRules(steps=(WaitStep(15, 101),)), "make_good.steps"),
        (MakeGoodRules(steps=(WaitStep(15, -1),)), "make_good.steps"),
        (MakeGoodRules(steps=(WaitStep(15, 5), WaitStep(15, 10))), "make_good.steps"),
        (MakeGoodRules(steps=(WaitStep(15, 10), WaitStep(30, 5))), "make_good.steps"),
        (MakeGoodRules(steps=(WaitStep(24 * 60 + 1, 5),)), "make_good.steps"),
        (MakeGoodRules(steps=tuple(WaitStep(n, n) for n in range(1, 8))), "make_good.steps"),
        (MakeGoodRules(day_cap=-1), "make_good.day_cap"),
        (MakeGoodRules(day_cap=10**12 + 1), "make_good.day_cap"),
    ],
)
def test_what_makes_no_sense(rules: MakeGoodRules, field: str) -> None:
    """Refused with its field."""
    with pytest.raises(InvalidSetting) as refused:
        check_make_good(rules)
    assert refused.value.facts["field"] == field
