"""Other rules tried on what happened: judged as it stands, by the terms of each, and by nothing that was taken back."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from kept.actor import CLIENT, KEPT, Actor, Change
from kept.booking.appointment import Appointment, Slot
from kept.booking.states import ReversalReason
from kept.business.catalog import Catalog, Money
from kept.business.change_rules import AskedOf, ChangeRow, ChangeRules, Charge, DepositRules, Terms
from kept.clients.client import Tier
from kept.errors import Refusal
from kept.policy.dry_run import Breach, TermsHit, dry_run, hit
from tests.builders import CUT, a_catalog, an_appointment

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
STARTS = datetime(2026, 3, 2, 9, tzinfo=UTC)
MEI = Actor("staff", "mei")
ACCEPTED = Terms(24 * HOUR, 15 * MINUTE, late_fee=1000, missed_fee=2000, currency="CNY")
STRICT = ChangeRules(
    free_until=72 * HOUR, late_fee=Charge(percent=50), move_fee=Charge(minor=700), missed_fee=Charge(percent=100)
)
CATALOG = a_catalog()
Act = Callable[[Appointment], Appointment]


def booked(**otherwise: Any) -> Appointment:
    """Ten days ahead by its client, a regular one, at 98 yuan."""
    it = an_appointment(starts=STARTS)
    line = replace(it.history[0], at=STARTS - timedelta(days=10))
    as_usual: dict[str, Any] = {"accepted": ACCEPTED, "tier": Tier.REGULAR, "price": Money(9800, "CNY")}
    return replace(it, booked_at=line.at, history=(line,), **{**as_usual, **otherwise})


def cancel(hours: float, by: Actor = CLIENT, *, for_client: bool = False) -> Act:
    """So many hours before it starts."""
    change = Change(by, STARTS - hours * HOUR, for_client=for_client)
    return lambda it: it.cancel(change, rules=CATALOG.business.changes)


def move(hours: float, to: timedelta = timedelta(days=7), by: Actor = CLIENT, *, for_client: bool = False) -> Act:
    """So many hours before the first start, that much later than it stands."""
    change = Change(by, STARTS - hours * HOUR, for_client=for_client)

    def act(it: Appointment) -> Appointment:
        slot = Slot(it.starts + to, it.ends + to, it.slot.staff)
        return it.reschedule(slot, change, rules=CATALOG.business.changes)

    return act


def undo(hours: float) -> Act:
    return lambda it: it.undo(Change(MEI, STARTS - hours * HOUR))


def missed(it: Appointment) -> Appointment:
    return it.mark_no_show(Change(KEPT, it.starts + HOUR / 2), evidence=())


def reversed_for(reason: ReversalReason) -> Act:
    return lambda it: it.reverse_no_show(reason, Change(MEI, it.starts + HOUR))


def cannot_come(it: Appointment) -> Appointment:
    return it.cannot_come(Change(CLIENT, it.starts + MINUTE))


def at_its_start(it: Appointment) -> Appointment:
    return it.cannot_come(Change(CLIENT, it.starts))


def kept_on_time(it: Appointment) -> Appointment:
    """The zone's rules changed, and their own clock shows another time: a version of its own, told to them."""
    return it.keep_local_time(it.slot, Change(KEPT, STARTS), told=True)


def came(it: Appointment) -> Appointment:
    return it.check_in(Change(MEI, it.starts))


def after(*acts: Act, **otherwise: Any) -> Appointment:
    it = booked(**otherwise)
    for act in acts:
        it = act(it)
    return it


def judged(it: Appointment, rules: ChangeRules = STRICT, catalog: Catalog = CATALOG) -> tuple[object, ...] | None:
    """What for, and by each whether it counts and what it costs."""
    found = hit(it, catalog, rules)
    return (found.breach, *_said(found)) if found else None


def _said(found: TermsHit) -> tuple[object, ...]:
    return tuple((it.counts, it.cost.minor if it.cost else 0) for it in (found.then, found.would))


FREE, KEEPS = (False, 0), None
LATE = Breach.LATE_CANCELLATION


@pytest.mark.parametrize(
    ("it", "said"),
    [
        pytest.param(booked(), KEEPS, id="booked, and that is all"),
        pytest.param(after(came), KEEPS, id="came"),
        pytest.param(after(cancel(73)), KEEPS, id="cancelled early by both"),
        pytest.param(after(cancel(48)), (LATE, FREE, (True, 4900)), id="late by the other rules alone"),
        pytest.param(after(cancel(72)), KEEPS, id="at the last second that is free by the other"),
        pytest.param(
            after(cancel(72 - 1 / 3600)), (LATE, FREE, (True, 4900)), id="and at the first that is not"
        ),
        pytest.param(after(cancel(3)), (LATE, (True, 1000), (True, 4900)), id="late by both"),
        pytest.param(after(cannot_come), (LATE, (True, 1000), (True, 4900)), id="said after the start"),
        pytest.param(after(cancel(-1, MEI, for_client=True)), (LATE, (True, 1000), (True, 4900)), id="telephoned then"),
        pytest.param(after(cancel(3, MEI)), KEEPS, id="cancelled by us"),
        pytest.param(
            after(cancel(3, MEI, for_client=True)), (LATE, (True, 1000), (True, 4900)), id="cancelled by telephone"
        ),
        pytest.param(after(cancel(3), undo(2)), KEEPS, id="cancelled late, taken back"),
        pytest.param(
            after(cancel(3), undo(2), cancel(1)), (LATE, (True, 1000), (True, 4900)), id="taken back, cancelled again"
        ),
        pytest.param(after(missed), (Breach.MISSED, (True, 2000), (True, 9800)), id="missed"),
        pytest.param(after(missed, undo(-1)), KEEPS, id="missed, taken back as a mistake"),
        *(
            pytest.param(after(missed, reversed_for(why)), KEEPS, id=f"missed, taken back: {why}")
            for why in ReversalReason
        ),
        pytest.param(
            after(cancel(3), undo(2), missed, reversed_for(ReversalReason.EMERGENCY)),
            KEEPS,
            id="cancelled, taken back, missed, an emergency",
        ),
        pytest.param(after(move(3)), (Breach.LATE_MOVE, (True, 0), (True, 700)), id="moved late"),
        pytest.param(after(move(48)), (Breach.LATE_MOVE, FREE, (True, 700)), id="moved late by the other rules alone"),
        pytest.param(after(move(3), came), (Breach.LATE_MOVE, (True, 0), (True, 700)), id="moved late, and came"),
        pytest.param(after(move(100)), KEEPS, id="moved early"),
        pytest.param(after(move(3), move(2)), KEEPS, id="moved twice: the second from a week ahead"),
        pytest.param(
            after(move(100), move(3, to=timedelta(0))), KEEPS, id="moved twice, both early for where it stood"
        ),
        pytest.param(
            after(move(100, timedelta(hours=2)), move(3)), (Breach.LATE_MOVE, (True, 0), (True, 700)), id="twice, late"
        ),
        pytest.param(after(move(3), move(2, by=MEI)), KEEPS, id="moved late, then moved by us"),
        pytest.param(after(move(3, by=MEI)), KEEPS, id="moved by us"),
        pytest.param(
            after(move(3, by=MEI, for_client=True)), (Breach.LATE_MOVE, (True, 0), (True, 700)), id="moved by telephone"
        ),
        pytest.param(
            after(move(3), kept_on_time), (Breach.LATE_MOVE, (True, 0), (True, 700)), id="moved late, then told anew"
        ),
        pytest.param(
            after(move(3), missed), (Breach.MISSED, (True, 2000), (True, 9800)), id="moved late and missed: one fee"
        ),
        pytest.param(
            after(move(3), missed, reversed_for(ReversalReason.OUR_FAULT)), KEEPS, id="moved late, missed by our fault"
        ),
        pytest.param(
            after(move(3), cancel(-160)), (LATE, (True, 1000), (True, 4900)), id="moved a week, cancelled 8 h before it"
        ),
        pytest.param(after(cancel(3), price=None), (LATE, (True, 1000), (True, 0)), id="no price: no share"),
        pytest.param(
            after(cancel(3), price=Money(500, "USD")), (LATE, (True, 1000), (True, 250)), id="paid in dollars then"
        ),
        pytest.param(after(cancel(3), accepted=None), (LATE, (True, 0), (True, 4900)), id="before terms were kept"),
        pytest.param(after(missed, accepted=None), (Breach.MISSED, (True, 0), (True, 9800)), id="missed before that"),
        pytest.param(after(missed, tier=None), (Breach.MISSED, (True, 2000), (True, 9800)), id="of no known tier"),
        pytest.param(
            replace(after(cancel(3)), history=()), (LATE, (True, 1000), (True, 4900)), id="late, and nobody knows when"
        ),
        pytest.param(replace(after(cancel(48)), history=()), KEEPS, id="in time then, and nobody knows when"),
    ],
)  # fmt: skip
def test_each_visit_is_judged_as_it_stands_by_both_terms(it: Appointment, said: object) -> None:
    """None: it counts by neither."""
    assert judged(it) == said


GRACE = ChangeRules(free_until=72 * HOUR, grace=HOUR, late_fee=Charge(minor=500))


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        pytest.param(15, KEEPS, id="within both graces"),
        pytest.param(16, (LATE, (True, 1000), FREE), id="within the other's: it would have been let off"),
        pytest.param(60, (LATE, (True, 1000), FREE), id="its last second"),
        pytest.param(61, (LATE, (True, 1000), (True, 500)), id="after both"),
    ],
)
def test_what_was_booked_within_the_notice_has_its_grace(minutes: int, said: object) -> None:
    """That of each: longer under the other rules it would have let some off."""
    it = booked()
    it = replace(it, booked_at=STARTS - 5 * HOUR, history=(replace(it.history[0], at=STARTS - 5 * HOUR),))
    assert judged(cancel(5 - minutes / 60)(it), GRACE) == said


NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    ("starts", "at", "is_late"),
    [
        pytest.param("2026-03-09T09:00", "2026-03-06T08:00:00", False, id="spring: 72 hours before it was eight"),
        pytest.param("2026-03-09T09:00", "2026-03-06T08:00:01", True, id="spring, a second later"),
        pytest.param("2026-11-02T09:00", "2026-10-30T10:00:00", False, id="autumn: it was ten"),
        pytest.param("2026-11-02T09:00", "2026-10-30T10:00:01", True, id="autumn, a second later"),
    ],
)
def test_hours_are_hours_over_both_clock_changes(starts: str, at: str, is_late: bool) -> None:
    """What the clocks on the wall do changes nothing."""
    begins, then = (datetime.fromisoformat(it).replace(tzinfo=NEW_YORK).astimezone(UTC) for it in (starts, at))
    it = replace(an_appointment(starts=begins), booked_at=begins - timedelta(days=10), accepted=ACCEPTED)
    gone = it.cancel(Change(CLIENT, then), rules=ChangeRules())
    assert (judged(gone) is not None) is is_late


def test_at_the_very_start_without_a_notice_it_is_late_by_both() -> None:
    """Said on the page or by telephone."""
    no_notice = replace(ACCEPTED, free_until=timedelta(0))
    rules = ChangeRules(free_until=timedelta(0), late_fee=Charge(minor=1))
    assert judged(after(at_its_start, accepted=no_notice), rules) == (LATE, (True, 1000), (True, 1))
    telephoned = after(cancel(0, MEI, for_client=True), accepted=no_notice)
    assert judged(telephoned, rules) == (LATE, (True, 1000), (True, 1))


BY_TIER = ChangeRules(
    late_fee=Charge(minor=900),
    rows=(
        ChangeRow(tier="vip", late_fee=Charge()),
        ChangeRow(service="cut", tier="regular", late_fee=Charge(minor=1900)),
    ),
)


@pytest.mark.parametrize(
    ("tier", "by", "costs"),
    [
        pytest.param(Tier.VIP, CLIENT, 0, id="a VIP then, whatever they are now"),
        pytest.param(Tier.PROSPECT, CLIENT, 900, id="a prospect"),
        pytest.param(Tier.REGULAR, CLIENT, 900, id="a regular one by themself: no harder than what was shown"),
        pytest.param(Tier.REGULAR, MEI, 1900, id="a regular one, booked at the desk"),
    ],
)
def test_the_tier_is_that_of_the_day_it_was_booked(tier: Tier, by: Actor, costs: int) -> None:
    """And a client who booked by themself is held to nothing harder than what they were shown."""
    it = booked(tier=tier)
    it = replace(it, history=(replace(it.history[0], by=str(by)),))
    found = hit(cancel(3)(it), CATALOG, BY_TIER)
    assert found
    assert (found.would.cost.minor if found.would.cost else 0) == costs


def test_of_a_service_that_is_gone_the_price_is_that_of_then() -> None:
    """It stands with the booking."""
    nothing_left = replace(CATALOG, services={})
    assert judged(after(cancel(3)), catalog=nothing_left) == (LATE, (True, 1000), (True, 4900))


def test_what_was_booked_before_prices_were_kept_has_today_s() -> None:
    """As figures have it."""
    dear = replace(CATALOG, services={"cut": replace(CUT, price=Money(20000, "CNY"))})
    assert judged(after(missed, price=None, tier=None), catalog=dear) == (Breach.MISSED, (True, 2000), (True, 20000))


def test_sums_stand_by_currency_and_a_client_counts_once() -> None:
    """No sum is of two currencies; the latest visits come first."""
    dollars = after(cancel(3), price=Money(5000, "USD"), accepted=replace(ACCEPTED, currency="USD"))
    visits = [after(cancel(3)), replace(dollars, id="a-2"), replace(after(cancel(3)), id="a-3"), booked(), after(came)]
    run = dry_run(visits, CATALOG, STRICT)
    assert (run.visits, run.clients, [it.visit.id for it in run.hits]) == (5, 1, ["a-3", "a-2", "a-1"])
    assert (run.then(LATE).sums, run.would(LATE).sums) == ({"CNY": 2000, "USD": 1000}, {"CNY": 9800, "USD": 2500})
    assert (run.would(LATE).count, run.would(LATE).charged, run.would(Breach.MISSED).count) == (3, 3, 0)


@pytest.mark.parametrize(
    ("of", "before", "lost"),
    [
        pytest.param(AskedOf.EVERYBODY, [], 3000, id="of everyone"),
        pytest.param(AskedOf.NEW, [], 3000, id="of a new client"),
        pytest.param(AskedOf.NEW, [came], 0, id="of new clients alone: they had come before"),
        pytest.param(AskedOf.NEW, [missed], 3000, id="they had booked before, and not come"),
        pytest.param(AskedOf.STANDING, [], 0, id="by standing alone, and theirs was good"),
        pytest.param(AskedOf.STANDING, [missed, missed, came], 3000, id="they had missed two of three"),
    ],
)
def test_a_deposit_would_have_been_lost_by_whom_it_would_have_been_asked_of(
    of: AskedOf, before: list[Act], lost: int
) -> None:
    """As they stood when they booked, by what they had done until then; what they did later counts for nothing."""
    rules = replace(STRICT, deposits=DepositRules(charge=Charge(minor=3000), of=of))
    earlier = [
        replace(act(booked()), id=f"b-{n}", slot=replace(booked().slot, starts=at, ends=at + HOUR))
        for n, act in enumerate(before)
        for at in [STARTS - timedelta(days=20 + n)]
    ]
    later = replace(after(came), id="z-1")
    (found,) = [it for it in dry_run([*earlier, after(cancel(3)), later], CATALOG, rules).hits if it.visit.id == "a-1"]
    assert (found.would.deposit.minor if found.would.deposit else 0) == lost


def test_of_no_visits_there_is_nothing() -> None:
    """And no error."""
    run = dry_run([], CATALOG, STRICT)
    assert (run.visits, run.clients, run.hits, run.would(LATE).sums) == (0, 0, (), {})


ACTS: list[Act] = [
    *(cancel(hours, by) for hours in (100, 50, 10, 1) for by in (CLIENT, MEI)),
    *(cancel(hours, MEI, for_client=True) for hours in (50, 1, -1)),
    *(move(hours, by=by) for hours in (100, 50, 10) for by in (CLIENT, MEI)),
    *(move(hours, by=MEI, for_client=True) for hours in (50, 1)),
    *(undo(hours) for hours in (40, -1)),
    *(missed, cannot_come, came, kept_on_time),
    *(reversed_for(why) for why in ReversalReason),
]


@pytest.mark.parametrize("seed", range(200))
def test_the_rules_that_were_accepted_say_what_really_happened(seed: int) -> None:
    """Whatever was done in whatever order: tried on what was booked under them, they change nothing."""
    chance = random.Random(seed)
    rules = ChangeRules(
        free_until=24 * HOUR, late_fee=Charge(minor=1000), move_fee=Charge(minor=300), missed_fee=Charge(minor=2000)
    )
    it = booked(accepted=rules.terms("cut", "regular", 9800, "CNY"))
    for act in chance.choices(ACTS, k=6):
        try:
            it = act(it)
        except Refusal:
            continue
    found = hit(it, CATALOG, rules)
    assert found is None or found.then == found.would
