"""What a regular's record speaks for and warns of: early cancellations with their decay, who begins to fade, and whose
terms are to be looked at again; each at its edges."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kept.actor import CLIENT, KEPT, Actor, Change
from kept.booking.appointment import Appointment
from kept.booking.states import ReversalReason
from kept.business.catalog import Business
from kept.business.change_rules import ChangeRules, Terms
from kept.business.loyalty_rules import FadingRules, ReviewRules
from kept.policy.early_cancelling import early_cancelling
from kept.policy.fading import fading
from kept.policy.outcomes import months_later, outcomes
from kept.policy.terms_review import review
from kept.reasons import Code, because
from tests.builders import a_catalog, an_appointment

DAY, HOUR, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(seconds=1)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
MEI = Actor("staff", "mei")
SALON = a_catalog().business
RULES = ChangeRules()


def visit(days: float, how: str, *, cancelled: timedelta = 3 * DAY, starts: datetime | None = None) -> Appointment:
    """One that started so many days ago, booked ten days before that; `cancelled` so long before it began."""
    at = starts or NOW - days * DAY
    it = an_appointment(f"a-{days:g}-{how.replace(' ', '_')}", starts=at)
    booked = Change(CLIENT, at - 10 * DAY)
    it = replace(it, booked_at=booked.at, history=(replace(it.history[0], at=booked.at),))
    started, before = Change(KEPT, at + timedelta(minutes=20)), at - cancelled
    match how:
        case "came":
            return it.complete(Change(KEPT, it.ends))
        case "arrived":
            return it.check_in(Change(MEI, at))
        case "missed":
            return it.mark_no_show(started, evidence=())
        case "cancelled":
            return it.cancel(Change(CLIENT, before), rules=RULES)
        case "by telephone":
            return it.cancel(Change(MEI, before, for_client=True), rules=RULES)
        case "by us":
            return it.cancel(Change(MEI, before), rules=RULES)
        case "undone":
            return it.cancel(Change(CLIENT, before), rules=RULES).undo(Change(MEI, before + SECOND))
        case "our fault":
            return it.mark_no_show(started, evidence=()).reverse_no_show(
                ReversalReason.OUR_FAULT, Change(MEI, started.at)
            )
        case "came after all":
            return it.mark_no_show(started, evidence=()).reverse_no_show(
                ReversalReason.CAME_AFTER_ALL, Change(MEI, started.at)
            )
    return it


# Early cancellations.


@pytest.mark.parametrize(
    ("how", "cancelled", "counts"),
    [
        pytest.param("cancelled", 48 * HOUR, True, id="at the last free second"),
        pytest.param("cancelled", 48 * HOUR - SECOND, False, id="a second later"),
        pytest.param("cancelled", 9 * DAY, True, id="days before"),
        pytest.param("cancelled", 10 * DAY - timedelta(minutes=15), False, id="thought better of within the grace"),
        pytest.param("cancelled", 10 * DAY - timedelta(minutes=16), True, id="a minute after the grace"),
        pytest.param("by telephone", 72 * HOUR, True, id="said to staff"),
        pytest.param("by us", 72 * HOUR, False, id="cancelled by us"),
        pytest.param("undone", 72 * HOUR, False, id="taken back"),
        pytest.param("our fault", 72 * HOUR, False, id="missed, and our fault"),
        pytest.param("missed", 72 * HOUR, False, id="missed"),
        pytest.param("came", 72 * HOUR, False, id="kept"),
        pytest.param("to come", 72 * HOUR, False, id="to come"),
    ],
)
def test_early_is_what_left_somebody_else_the_time(how: str, cancelled: timedelta, counts: bool) -> None:
    """A client's own cancellation counts from the last free second on; a late one, ours, or a missed visit never."""
    told = early_cancelling([visit(5, how, cancelled=cancelled)], SALON, now=NOW)
    assert (told.count, told.chooses_first) == (int(counts), counts)


def test_a_business_without_notice_still_wants_a_day() -> None:
    """Whoever cancels an hour before has left the time to nobody, though it was free."""
    free = Terms(timedelta(0), timedelta(0))
    for cancelled, count in ((DAY, 1), (DAY - SECOND, 0)):
        it = replace(visit(5, "cancelled", cancelled=cancelled), accepted=free)
        assert early_cancelling([it], SALON, now=NOW).count == count


def test_it_goes_by_the_terms_that_were_accepted() -> None:
    """Terms that were changed since make nobody's cancellation early."""
    it = replace(visit(5, "cancelled", cancelled=3 * DAY), accepted=Terms(4 * DAY, timedelta(0)))
    assert early_cancelling([it], SALON, now=NOW).count == 0


def test_it_is_remembered_for_as_long_as_a_lapse_and_says_since_when() -> None:
    """From when it was said, to the second; and is not known before."""
    visits = [visit(n, "cancelled") for n in (5, 100, 177, 178)]
    told, first = early_cancelling(visits, SALON, now=NOW), NOW - 103 * DAY
    assert (told.count, told.since, told.last, told.until) == (2, first, NOW - 8 * DAY, NOW + 172 * DAY)
    assert told.why == because(Code.CANCELLED_EARLY_LATELY, early=2, since=first.astimezone(SALON.zone))
    alone = [visit(100, "cancelled")]
    ends = early_cancelling(alone, SALON, now=NOW).until
    assert ends == first + 180 * DAY
    assert early_cancelling(alone, SALON, now=ends - SECOND).count == 1
    assert early_cancelling(alone, SALON, now=ends).count == 0
    assert early_cancelling(alone, SALON, now=first - SECOND).count == 0


def test_decay_is_counted_by_the_wall_clock_over_daylight_saving() -> None:
    """Said at 9:00 in New York in winter it is forgotten at 9:00 there in summer, an hour earlier in the world."""
    garage = Business("garage", "Garage", "America/New_York", "US", "USD", "en")
    zone = ZoneInfo("America/New_York")
    starts = datetime(2026, 1, 10, 9, tzinfo=zone).astimezone(UTC)
    told = early_cancelling([visit(0, "cancelled", starts=starts)], garage, now=starts)
    assert told.until == datetime(2026, 7, 6, 9, tzinfo=zone)


# Fading.

RELIABLE = tuple((30.0 * n, "came") for n in range(2, 8))
"""Six visits kept, a month apart, the last two months ago."""


def fades(*visits: tuple[float, str], rules: FadingRules | None = None, raised: float | None = None) -> bool:
    business = replace(SALON, fading=rules or FadingRules())
    since = None if raised is None else NOW - raised * DAY
    return fading([visit(*one) for one in visits], business, raised=since) is not None


@pytest.mark.parametrize(
    ("visits", "so"),
    [
        pytest.param((), False, id="nobody"),
        pytest.param(RELIABLE, False, id="all kept"),
        pytest.param((*RELIABLE, (5, "missed")), False, id="one missed"),
        pytest.param((*RELIABLE, (9, "missed"), (5, "missed")), True, id="two missed"),
        pytest.param((*RELIABLE, (9, "cancelled"), (5, "cancelled")), True, id="two cancelled in good time"),
        pytest.param((*RELIABLE, (9, "missed"), (5, "by telephone")), True, id="one of them by telephone"),
        pytest.param((*RELIABLE, (9, "by us"), (5, "by us")), False, id="what we cancelled"),
        pytest.param((*RELIABLE, (9, "missed"), (5, "by us")), False, id="one of theirs, one of ours"),
        pytest.param((*RELIABLE, (9, "our fault"), (5, "missed")), False, id="one was our fault"),
        pytest.param((*RELIABLE, (9, "came after all"), (5, "missed")), False, id="one came after all"),
        pytest.param((*RELIABLE, (9, "missed"), (7, "came"), (5, "missed")), True, id="one kept between"),
        pytest.param((*RELIABLE, (9, "missed"), (8, "came"), (7, "came"), (5, "missed")), False, id="two kept between"),
        pytest.param((*RELIABLE, (9, "missed"), (7, "missed"), (5, "came")), False, id="they came since"),
        pytest.param((*RELIABLE, (9, "missed"), (7, "missed"), (5, "missed")), True, id="three missed"),
        pytest.param((*RELIABLE, (9, "missed"), (-9, "cancelled")), True, id="cancelled ahead"),
        pytest.param((*RELIABLE, (9, "missed"), (-9, "to come")), False, id="booked ahead"),
        pytest.param((*RELIABLE[1:], (9, "missed"), (5, "missed")), False, id="five kept"),
        pytest.param((*RELIABLE[1:], (9, "missed"), (7, "came"), (5, "missed")), False, id="the sixth came too late"),
        pytest.param((*RELIABLE[1:], (374.0, "came"), (9, "missed"), (5, "missed")), False, id="twelve months before"),
        pytest.param((*RELIABLE[1:], (373.9, "came"), (9, "missed"), (5, "missed")), True, id="not quite that"),
        pytest.param((*RELIABLE, (600, "missed"), (9, "missed")), False, id="an old lapse is none of the last"),
        pytest.param(((9, "missed"), (5, "missed"), (1, "missed")), False, id="never reliable"),
        pytest.param((*RELIABLE[1:], (12, "arrived"), (9, "missed"), (5, "missed")), True, id="who arrived kept it"),
    ],
)
def test_who_was_reliable_and_lapses_twice_of_three_begins_to_fade(
    visits: tuple[tuple[float, str], ...], so: bool
) -> None:
    """Six kept in the twelve months before the first lapse; whatever way they do not come, but never by our doing."""
    assert fades(*visits) is so
    assert fades(*reversed(visits)) is so, "in whatever order they are read"


@pytest.mark.parametrize(
    ("rules", "so"),
    [
        pytest.param(FadingRules(watched=False), False, id="not watched"),
        pytest.param(FadingRules(kept=7), False, id="seven wanted"),
        pytest.param(FadingRules(kept=6), True, id="six wanted"),
        pytest.param(FadingRules(lapses=3), False, id="three lapses"),
        pytest.param(FadingRules(lapses=1, last=1), True, id="one lapse"),
        pytest.param(FadingRules(lapses=2, last=9), False, id="of more visits than there are"),
        pytest.param(FadingRules(lapses=2, last=8), True, id="of all there are"),
    ],
)
def test_a_business_says_how_many(rules: FadingRules, so: bool) -> None:
    """How many visits make somebody reliable, and how many lapses fading, is each business's own to say."""
    assert fades(*RELIABLE, (9, "missed"), (5, "missed"), rules=rules) is so


def test_it_is_raised_again_only_of_who_was_reliable_anew() -> None:
    """Nobody is called about the same lapses twice."""
    lapsed = (*RELIABLE, (9, "missed"), (5, "missed"))
    assert not fades(*lapsed, raised=5)
    assert not fades(*lapsed, (4, "missed"), (3, "missed"), (2, "missed"), raised=5)
    anew = tuple((n / 10, "came") for n in range(35, 45))
    assert not fades(*lapsed, *anew[:5], (2, "missed"), (1, "missed"), raised=5)
    assert fades(*lapsed, *anew[:6], (2, "missed"), (1, "missed"), raised=5)


def test_it_says_what_it_saw_and_which_visit_showed_it() -> None:
    """Whoever calls reads how often they came, how often they did not, and leads with the visit in question."""
    found = fading([visit(*it) for it in (*RELIABLE, (9, "missed"), (5, "missed"))], SALON, raised=None)
    assert found
    assert found.why == because(Code.BEGINS_TO_FADE, kept=6, lapses=2, last=3)
    assert (found.visit.id, found.at) == ("a-5-missed", NOW - 5 * DAY)


def test_a_cancelled_visit_turned_out_so_when_it_was_cancelled() -> None:
    """And not when it would have been: it comes before what is missed after that."""
    ahead, missed = visit(-9, "cancelled", cancelled=10 * DAY - HOUR), visit(0.5, "missed")
    assert [it.visit.id for it in outcomes([missed, ahead], UTC)] == [ahead.id, missed.id]
    assert [it.at for it in outcomes([ahead], UTC)] == [NOW - DAY + HOUR]


# Terms looked at again.


def due(
    *visits: tuple[float, str], reviewed: datetime | None = None, now: datetime = NOW, rules: ReviewRules | None = None
) -> bool:
    business = replace(SALON, review=rules or ReviewRules())
    return review([visit(*one) for one in visits], business, reviewed=reviewed, now=now) is not None


OFTEN = tuple((40.0 * n, "came") for n in range(1, 7))
"""Six visits kept, the first eight months ago."""
SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("visits", "so"),
    [
        pytest.param((), False, id="nobody"),
        pytest.param(OFTEN, True, id="six within a year"),
        pytest.param(OFTEN[1:], False, id="five"),
        pytest.param((*OFTEN[1:], (365.0, "came")), False, id="the sixth exactly a year ago"),
        pytest.param((*OFTEN[1:], (364.9, "came")), True, id="not quite a year ago"),
        pytest.param((*OFTEN[1:], (3, "missed")), False, id="a missed one is none"),
        pytest.param(tuple((n, "came") for n in range(1, 9)), False, id="often, but new"),
        pytest.param((*OFTEN, (-3, "to come")), True, id="what is to come changes nothing"),
    ],
)
def test_terms_are_due_of_who_has_come_often_for_half_a_year(visits: tuple[tuple[float, str], ...], so: bool) -> None:
    """Terms are looked at again for regulars alone, and not before their period is over."""
    assert due(*visits) is so


@pytest.mark.parametrize(
    ("reviewed", "now", "so"),
    [
        pytest.param("2025-09-02T15:00", "2026-03-01T23:59", False, id="the day before"),
        pytest.param("2025-09-02T15:00", "2026-03-02T00:00", True, id="from midnight of that day"),
        pytest.param("2025-08-31T09:00", "2026-02-27T23:59", False, id="a month that is shorter: the day before"),
        pytest.param("2025-08-31T09:00", "2026-02-28T00:00", True, id="and its last day"),
    ],
)
def test_a_period_ends_on_its_day_by_the_wall_clock(reviewed: str, now: str, so: bool) -> None:
    """It is due from midnight of that day, and of a shorter month's last day, in the business's zone."""
    at, looked = (datetime.fromisoformat(it).replace(tzinfo=SHANGHAI) for it in (reviewed, now))
    assert due(*OFTEN, reviewed=at, now=looked) is so


def test_a_business_says_how_often_or_never() -> None:
    """A business that wants no review has none; another may have it monthly."""
    assert not due(*OFTEN, rules=ReviewRules(months=None))
    assert not due(*OFTEN, rules=ReviewRules(often=7))
    assert not due(*OFTEN, rules=ReviewRules(months=12))
    assert due(*OFTEN[:2], rules=ReviewRules(months=1, often=2))


def test_it_says_what_stands_about_them_and_with_whom_they_have_been_most() -> None:
    """Whoever looks reads what was kept, missed and cancelled late of late, and it goes to whom they know."""
    visits = [visit(*it) for it in (*OFTEN, (9, "missed"), (500, "missed"))]
    late = visit(7, "cancelled", cancelled=HOUR)
    with_jun = [replace(it, slot=replace(it.slot, staff="jun")) for it in visits[:3]]
    found = review([*with_jun, *visits[3:], late], SALON, reviewed=None, now=NOW)
    assert found
    assert found.why == because(Code.COMES_OFTEN, kept=6, missed=1, late=1)
    assert found.with_whom == "jun", "as often as with Mei, and the latest"


@pytest.mark.parametrize(
    ("at", "months", "then"),
    [
        ("2026-01-31T10:00", 1, "2026-02-28T10:00"),
        ("2024-02-29T10:00", 12, "2025-02-28T10:00"),
        ("2025-12-15T10:00", 6, "2026-06-15T10:00"),
        ("2026-06-15T10:00", 12, "2027-06-15T10:00"),
        ("2025-11-30T10:00", 3, "2026-02-28T10:00"),
    ],
)
def test_months_are_those_of_the_calendar(at: str, months: int, then: str) -> None:
    """A month that is too short ends on its last day."""
    assert months_later(datetime.fromisoformat(at), months) == datetime.fromisoformat(then)


def test_twelve_months_are_counted_by_the_wall_clock_over_daylight_saving() -> None:
    """At 9:00 a year ago, whatever the zone did since."""
    zone = ZoneInfo("America/New_York")
    garage = Business("garage", "Garage", "America/New_York", "US", "USD", "en")
    now = datetime(2026, 3, 29, 9, tzinfo=zone)
    edge = visit(1, "came", starts=datetime(2025, 3, 29, 9, tzinfo=zone).astimezone(UTC))
    rest = [visit(n, "came", starts=(now - n * 30 * DAY).astimezone(UTC)) for n in range(2, 7)]
    assert review([edge, *rest], garage, reviewed=None, now=now) is None
    assert review([edge, *rest], garage, reviewed=None, now=now - SECOND)
