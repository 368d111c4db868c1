"""How a client stands by their record: what counts, for how long, and what a person says instead."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kept.actor import CLIENT, KEPT, Actor, Change
from kept.booking.appointment import Appointment
from kept.booking.states import ReversalReason
from kept.business.change_rules import ChangeRules
from kept.business.standing_rules import StandingRules
from kept.clients.client import Tier
from kept.clients.merging import Merge, merged, parted
from kept.clients.refusals import StandingEnded
from kept.clients.standing import Standing, StandingSet, must_hold
from kept.policy.standing import ClientStanding, standing
from kept.reasons import Code
from tests.builders import a_catalog, a_client, an_appointment

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
GOOD, DEPOSIT, RESTRICTED, DISMISSED = Standing
MEI = Actor("staff", "mei")


def visit(days: float, how: str) -> Appointment:
    """One that started so many days ago."""
    it = an_appointment(f"a-{days}-{how}", starts=NOW - days * DAY)
    started, before = Change(KEPT, it.starts + timedelta(minutes=20)), it.starts - timedelta(hours=1)
    match how:
        case "came":
            return it.complete(Change(KEPT, it.ends))
        case "missed":
            return it.mark_no_show(started, evidence=())
        case "late":
            return it.cancel(Change(CLIENT, before), rules=ChangeRules())
        case "in time":
            return it.cancel(Change(CLIENT, it.starts - 3 * DAY), rules=ChangeRules())
        case "by us":
            return it.cancel(Change(MEI, before), rules=ChangeRules())
        case "reversed":
            missed = it.mark_no_show(started, evidence=())
            return missed.reverse_no_show(ReversalReason.OUR_FAULT, Change(MEI, started.at))
    return it


def stands(*visits: tuple[float, str], rules: StandingRules | None = None, now: datetime = NOW) -> ClientStanding:
    business = replace(a_catalog().business, standing=rules or StandingRules())
    return standing([visit(*one) for one in visits], business, None, now=now)


KEPT_THREE = ((30, "came"), (60, "came"), (90, "came"))


@pytest.mark.parametrize(
    ("visits", "is_so"),
    [
        pytest.param((), GOOD, id="no visit at all"),
        pytest.param(KEPT_THREE, GOOD, id="all kept"),
        pytest.param((*KEPT_THREE, (5, "missed")), GOOD, id="one missed"),
        pytest.param((*KEPT_THREE, (5, "missed"), (9, "missed")), DEPOSIT, id="two missed"),
        pytest.param((*KEPT_THREE, (5, "missed"), (9, "missed"), (12, "missed")), RESTRICTED, id="three missed"),
        pytest.param((*KEPT_THREE, (5, "late"), (9, "late")), GOOD, id="two cancelled late"),
        pytest.param((*KEPT_THREE, (5, "late"), (9, "late"), (11, "late")), DEPOSIT, id="three cancelled late"),
        pytest.param((*KEPT_THREE, *((n, "late") for n in range(1, 9))), DEPOSIT, id="late alone restricts nobody"),
        pytest.param((*KEPT_THREE, (5, "missed"), (9, "late"), (11, "late")), GOOD, id="one and two are neither"),
        pytest.param(((5, "missed"), (9, "missed")), GOOD, id="two visits are too few to say"),
        pytest.param(((5, "missed"), (9, "missed"), (12, "late")), DEPOSIT, id="three are enough"),
        pytest.param(((5, "missed"), (9, "missed"), (12, "in time")), GOOD, id="cancelled in time is no visit"),
        pytest.param(((5, "missed"), (9, "missed"), (-3, "to come")), GOOD, id="nor is one to come"),
        pytest.param((*KEPT_THREE, *((n, "in time") for n in range(1, 9))), GOOD, id="cancelling in time is free"),
        pytest.param((*KEPT_THREE, *((n, "by us") for n in range(1, 9))), GOOD, id="what we cancelled is ours"),
        pytest.param((*KEPT_THREE, (5, "missed"), (9, "reversed")), GOOD, id="what was taken back is not counted"),
        pytest.param((*KEPT_THREE, (5, "missed"), (181, "missed")), GOOD, id="half a year ago"),
        pytest.param((*KEPT_THREE, (5, "missed"), (179.9, "missed")), DEPOSIT, id="not quite half a year ago"),
        pytest.param(((400, "came"), (500, "came"), (5, "missed"), (9, "missed")), DEPOSIT, id="old visits are visits"),
    ],
)
def test_what_is_asked_is_by_what_counts_of_the_record(visits: tuple[tuple[float, str], ...], is_so: Standing) -> None:
    """Missed visits and late cancellations of half a year, once there are visits enough to say."""
    assert stands(*visits).standing is is_so


def test_it_decays_at_exactly_half_a_year_and_says_when() -> None:
    """The first of two missed visits is forgotten at its start plus 180 days, to the second."""
    visits = (*KEPT_THREE, (5, "missed"), (100, "missed"))
    told = stands(*visits)
    assert told.eases_at == NOW - 100 * DAY + 180 * DAY
    assert stands(*visits, now=told.eases_at - SECOND).standing is DEPOSIT
    assert stands(*visits, now=told.eases_at).standing is GOOD


def test_it_eases_one_step_at_a_time() -> None:
    """As each of the missed visits is forgotten."""
    visits = (*KEPT_THREE, (5, "missed"), (50, "missed"), (100, "missed"))
    first = stands(*visits)
    assert (first.standing, first.eases_at) == (RESTRICTED, NOW + 80 * DAY)
    assert first.eases_at
    then = stands(*visits, now=first.eases_at)
    assert (then.standing, then.eases_at) == (DEPOSIT, NOW + 130 * DAY)


@pytest.mark.parametrize(
    ("visits", "code", "count"),
    [
        ((*KEPT_THREE, (5, "missed"), (9, "missed")), Code.MISSED_LATELY, {"missed": "2"}),
        ((*KEPT_THREE, (5, "late"), (9, "late"), (11, "late")), Code.CANCELLED_LATE_LATELY, {"late": "3"}),
    ],
)
def test_why_is_told_with_the_day_of_the_first_that_counts(
    visits: tuple[tuple[float, str], ...], code: Code, count: dict[str, str]
) -> None:
    """By the business's clock, so that the day is the one on its calendar."""
    why = stands(*visits).why
    assert why
    first = (NOW - max(days for days, how in visits if how != "came") * DAY).astimezone(a_catalog().business.zone)
    assert (why.code, dict(why.facts)) == (code, count | {"since": first.isoformat(timespec="seconds")})


BAD = [visit(*one) for one in (*KEPT_THREE, (5, "missed"), (9, "missed"), (12, "missed"))]


@pytest.mark.parametrize(
    ("word", "is_so", "eases_at"),
    [
        pytest.param(StandingSet(GOOD, "ill", "mei", NOW), GOOD, None, id="until it is ended"),
        pytest.param(StandingSet(GOOD, "ill", "mei", NOW, NOW + DAY), GOOD, NOW + DAY, id="until tomorrow"),
        pytest.param(StandingSet(GOOD, "ill", "mei", NOW - DAY, NOW + SECOND), GOOD, NOW + SECOND, id="at its last"),
        pytest.param(StandingSet(GOOD, "ill", "mei", NOW - DAY, NOW), RESTRICTED, NOW + 168 * DAY, id="at its end"),
        pytest.param(StandingSet(DISMISSED, "threats", "jun", NOW), DISMISSED, None, id="graver than the record"),
    ],
)
def test_a_persons_word_holds_over_the_record_until_it_ends(
    word: StandingSet, is_so: Standing, eases_at: datetime | None
) -> None:
    """At its end, to the second, the record counts again."""
    told = standing(BAD, a_catalog().business, word, now=NOW)
    assert (told.standing, told.eases_at, told.by_record) == (is_so, eases_at, RESTRICTED)


def test_a_word_that_ends_before_it_begins_is_refused() -> None:
    """It would hold for nobody."""
    must_hold(StandingSet(GOOD, "ill", "mei", NOW, NOW + SECOND))
    with pytest.raises(StandingEnded):
        must_hold(StandingSet(GOOD, "ill", "mei", NOW, NOW))


def test_where_two_are_one_the_graver_word_counts_and_goes_with_who_brought_it() -> None:
    """Taken apart again each has their own."""
    lenient, grave = StandingSet(GOOD, "ill", "mei", NOW), StandingSet(DISMISSED, "threats", "jun", NOW)
    stays = replace(a_client(Tier.REGULAR), standing_set=lenient, phone="+8613800001111")
    goes = replace(a_client(), id="c-2", standing_set=grave, phone="+8613800002222", email=None)
    one, gone = merged(stays, goes, Merge("jun", NOW))
    assert one.standing_set == grave
    assert parted(one, replace(gone, merged_into="c-1")).standing_set == lenient


def word(to: Standing, until: datetime | None = None) -> StandingSet:
    return StandingSet(to, "said so", "mei", NOW - 30 * DAY, until)


WORDS: dict[str, tuple[StandingSet | None, StandingSet | None, Standing | None]] = {
    "the graver of the one who stays": (word(DISMISSED), word(GOOD), DISMISSED),
    "the graver of the one who goes": (word(GOOD), word(DISMISSED), DISMISSED),
    "a graver one that has ended": (word(DEPOSIT), word(DISMISSED, until=NOW - SECOND), DEPOSIT),
    "a graver one that ends now": (word(DEPOSIT), word(RESTRICTED, until=NOW), DEPOSIT),
    "a graver one that ends in a second": (word(DEPOSIT), word(RESTRICTED, until=NOW + SECOND), RESTRICTED),
    "their own that has ended": (word(DISMISSED, until=NOW), word(DEPOSIT), DEPOSIT),
    "their own that has ended, the other milder": (word(RESTRICTED, until=NOW), word(GOOD), GOOD),
    "both have ended": (word(RESTRICTED, until=NOW), word(DISMISSED, until=NOW), None),
    "one has ended, the other has none": (None, word(DISMISSED, until=NOW), None),
    "none": (None, None, None),
}


@pytest.mark.parametrize("case", WORDS)
def test_a_word_that_has_ended_is_in_no_other_s_way(case: str) -> None:
    """Of those that hold where two are one the graver counts."""
    own, other, counts = WORDS[case]
    stays = replace(a_client(), standing_set=own)
    one, _ = merged(stays, replace(a_client(), id="c-2", standing_set=other, email=None), Merge("jun", NOW))
    assert (one.standing_set.standing if one.standing_set else None) == counts


def test_of_two_words_alike_the_one_that_holds_for_longer_counts() -> None:
    """Whoever of the two brought it."""
    short, long, ever = (word(RESTRICTED, until=it) for it in (NOW + SECOND, NOW + 2 * SECOND, None))
    for own, other, counts in ((short, long, long), (long, short, long), (ever, long, ever), (long, ever, ever)):
        stays = replace(a_client(), standing_set=own)
        one, _ = merged(stays, replace(a_client(), id="c-2", standing_set=other, email=None), Merge("jun", NOW))
        assert one.standing_set == counts
