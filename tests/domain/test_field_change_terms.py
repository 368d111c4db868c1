"""What a change costs: by the terms that were accepted, at the second, and never more than was shown."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kept.actor import CLIENT, KEPT, Actor, Change
from kept.booking.appointment import Appointment
from kept.booking.states import ReversalReason
from kept.business.catalog import Money
from kept.business.change_rules import ChangeRow, ChangeRules, Charge, Terms
from kept.business.change_validation import MOST_ROWS, check_changes, check_services_named
from kept.clients.client import Tier
from kept.errors import InvalidSetting
from kept.policy.accepted import accepted, shown
from kept.policy.cost import explain, incurred
from tests.builders import CUT, a_catalog, an_appointment

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
FEES = Terms(48 * HOUR, 15 * MINUTE, late_fee=2000, move_fee=500, missed_fee=3000, currency="CNY")
STRICT = ChangeRules(free_until=72 * HOUR, late_fee=Charge(minor=9900), missed_fee=Charge(percent=100))
MEI = Actor("staff", "mei")


def booked(starts: datetime, terms: Terms | None = FEES, *, ahead: timedelta = timedelta(days=10)) -> Appointment:
    """Made so long before it starts."""
    it = an_appointment(starts=starts)
    return replace(it, booked_at=starts - ahead, accepted=terms)


@pytest.mark.parametrize(
    ("charge", "price", "costs"),
    [
        pytest.param(Charge(), 9900, 0, id="nothing"),
        pytest.param(Charge(minor=2000), 9900, 2000, id="a sum"),
        pytest.param(Charge(minor=2000), None, 2000, id="a sum, of what has no price"),
        pytest.param(Charge(percent=50), 9900, 4950, id="half of it"),
        pytest.param(Charge(percent=33), 100, 33, id="a third"),
        pytest.param(Charge(percent=50), 9999, 4999, id="half a fen is nobody's"),
        pytest.param(Charge(percent=1), 99, 0, id="less than a fen is nothing"),
        pytest.param(Charge(percent=100), 10**9, 10**9, id="all of a lot"),
        pytest.param(Charge(percent=50), None, 0, id="a share of no price"),
        pytest.param(Charge(percent=50), 0, 0, id="a share of what is free"),
    ],
)
def test_a_charge_is_a_sum_or_a_share_rounded_in_favour_of_who_pays(
    charge: Charge, price: int | None, costs: int
) -> None:
    """Nobody pays a fraction more than was said."""
    assert charge.of(price) == costs


ROWS = (
    ChangeRow(service="colour", tier="vip", free_until=12 * HOUR, late_fee=Charge()),
    ChangeRow(service="colour", free_until=72 * HOUR, late_fee=Charge(percent=50)),
    ChangeRow(tier="prospect", missed_fee=Charge(minor=5000)),
)
BY_ROWS = ChangeRules(late_fee=Charge(minor=1000), rows=ROWS)


@pytest.mark.parametrize(
    ("service", "tier", "free_until", "late_fee", "missed_fee"),
    [
        pytest.param("cut", Tier.REGULAR, 48, 1000, 0, id="no row"),
        pytest.param("colour", Tier.VIP, 12, 0, 0, id="service and tier, and a fee of nothing is one"),
        pytest.param("colour", Tier.REGULAR, 72, 4000, 0, id="its service"),
        pytest.param("colour", Tier.PROSPECT, 72, 4000, 0, id="the first of two that match"),
        pytest.param("cut", Tier.PROSPECT, 48, 1000, 5000, id="their tier; what it leaves is as for everybody"),
    ],
)
def test_the_first_row_that_matches_decides_for_what_it_names(
    service: str, tier: Tier, free_until: int, late_fee: int, missed_fee: int
) -> None:
    """What it leaves out is as for everybody."""
    terms = BY_ROWS.terms(service, tier, 8000, "CNY")
    assert (terms.free_until, terms.late_fee, terms.missed_fee) == (free_until * HOUR, late_fee, missed_fee)


NEW_YORK = ZoneInfo("America/New_York")
SUNDAY = datetime(2026, 3, 9, 9, 0, tzinfo=NEW_YORK)
"""The Monday after the clocks went forward in New York, at nine: 48 hours before it was eight on Saturday."""
AUTUMN = datetime(2026, 11, 2, 9, 0, tzinfo=NEW_YORK)
"""The Monday after they went back: 48 hours before it was ten on Saturday."""


@pytest.mark.parametrize(
    ("starts", "at", "is_free"),
    [
        pytest.param(SUNDAY, datetime(2026, 3, 7, 8, 0, tzinfo=NEW_YORK), True, id="spring, 48 h 0 min 0 s"),
        pytest.param(SUNDAY, datetime(2026, 3, 7, 8, 0, 1, tzinfo=NEW_YORK), False, id="spring, a second later"),
        pytest.param(AUTUMN, datetime(2026, 10, 31, 10, 0, tzinfo=NEW_YORK), True, id="autumn, 48 h 0 min 0 s"),
        pytest.param(AUTUMN, datetime(2026, 10, 31, 10, 0, 1, tzinfo=NEW_YORK), False, id="autumn, a second later"),
    ],
)
def test_a_change_is_free_to_the_second_and_costs_after_it_over_both_clock_changes(
    starts: datetime, at: datetime, is_free: bool
) -> None:
    """Hours are hours: what the clocks on the wall do changes nothing."""
    it, now = booked(starts.astimezone(UTC)), at.astimezone(UTC)
    cost = explain(it, a_catalog().business, now=now)
    assert (cost.cancelling, cost.moving) == ((None, None) if is_free else (Money(2000, "CNY"), Money(500, "CNY")))
    gone = it.cancel(Change(CLIENT, now), rules=ChangeRules())
    assert incurred(gone, FEES) == cost.cancelling


def test_what_is_booked_late_costs_nothing_within_its_grace() -> None:
    """To the second at which the grace ends."""
    it = booked(datetime(2026, 3, 2, 9, tzinfo=UTC), ahead=2 * HOUR)
    business = a_catalog().business
    in_grace = explain(it, business, now=it.booked_at + 15 * MINUTE)
    assert (in_grace.by_grace, in_grace.late, in_grace.cancelling) == (True, False, None)
    assert explain(it, business, now=it.booked_at + 15 * MINUTE + SECOND).cancelling == Money(2000, "CNY")


@pytest.mark.parametrize(
    ("hours", "late"),
    [
        pytest.param(49, False, id="in time"),
        pytest.param(48, False, id="at the last second"),
        pytest.param(47, True, id="late"),
        pytest.param(0, True, id="as it begins"),
        pytest.param(-1, True, id="when it is over"),
    ],
)
@pytest.mark.parametrize("act", ["cancel", "move"])
def test_what_staff_do_for_a_client_is_as_late_as_if_they_had_done_it(act: str, hours: int, late: bool) -> None:
    """By telephone as on the page; the history keeps who did it, and for whom. No limit of moves binds staff; what
    the client asks for is counted."""
    it = booked(datetime(2026, 3, 2, 9, tzinfo=UTC))
    for_client, change = (Change(MEI, it.starts - hours * HOUR, for_client=asked) for asked in (True, False))
    none_left = ChangeRules(reschedules=0)

    def does(cause: Change) -> Appointment:
        return it.cancel(cause, rules=none_left) if act == "cancel" else it.reschedule(it.slot, cause, rules=none_left)

    assert (does(for_client).late, does(change).late) == (late, False)
    line = does(for_client).history[-1]
    assert (line.by, line.for_client, line.is_clients, line.is_asked_by_client) == ("staff:mei", True, False, True)
    assert (does(for_client).reschedules, does(change).reschedules) == (act == "move", 0)
    assert not does(change).history[-1].is_asked_by_client


@pytest.mark.parametrize("rules", [ChangeRules(), STRICT, ChangeRules(free_until=0 * HOUR, grace=0 * HOUR)])
def test_what_was_accepted_holds_whatever_the_business_changes_later(rules: ChangeRules) -> None:
    """A policy that changed between booking and cancelling does not touch what was booked before."""
    it = booked(datetime(2026, 3, 2, 9, tzinfo=UTC))
    business = replace(a_catalog().business, changes=rules)
    for hours, late in ((49, False), (47, True)):
        now = it.starts - hours * HOUR
        assert it.cancel(Change(CLIENT, now), rules=rules).late is late
        assert (explain(it, business, now=now).cancelling is not None) is late


def test_what_was_booked_before_terms_were_kept_costs_nothing() -> None:
    """Nobody was told of a fee then; the notice is that of the rules as they are."""
    it = booked(datetime(2026, 3, 2, 9, tzinfo=UTC), None)
    gone = it.cancel(Change(CLIENT, it.starts - HOUR), rules=STRICT)
    assert gone.late
    assert incurred(gone, gone.terms(STRICT)) is None


NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
LATE, BY_US = Change(CLIENT, NOW), Change(MEI, NOW)
FOR_THEM = replace(BY_US, for_client=True)
MISSED = Change(KEPT, NOW + 2 * HOUR)


@pytest.mark.parametrize(
    ("act", "costs"),
    [
        pytest.param(lambda it: it, None, id="as booked"),
        pytest.param(lambda it: it.confirm(LATE), None, id="confirmed"),
        pytest.param(lambda it: it.cancel(LATE, rules=STRICT), 2000, id="cancelled late"),
        pytest.param(lambda it: it.cancel(BY_US, rules=STRICT), None, id="cancelled by us"),
        pytest.param(lambda it: it.reschedule(it.slot, LATE, rules=STRICT), 500, id="moved late"),
        pytest.param(lambda it: it.reschedule(it.slot, BY_US, rules=STRICT), None, id="moved by us"),
        pytest.param(
            lambda it: it.reschedule(it.slot, LATE, rules=STRICT).cancel(LATE, rules=STRICT), 2000, id="both, one fee"
        ),
        pytest.param(lambda it: it.mark_no_show(MISSED, evidence=()), 3000, id="missed"),
        pytest.param(lambda it: it.cannot_come(MISSED), 2000, id="said after the start that they cannot come"),
        pytest.param(
            lambda it: it.mark_no_show(MISSED, evidence=()).undo(BY_US), None, id="missed, taken back as a mistake"
        ),
        pytest.param(lambda it: it.cancel(LATE, rules=STRICT).undo(BY_US), None, id="cancelled late, taken back"),
        pytest.param(lambda it: it.check_in(BY_US), None, id="came"),
        pytest.param(lambda it: it.cancel(FOR_THEM, rules=STRICT), 2000, id="cancelled late by us, who were asked to"),
        pytest.param(lambda it: it.check_in(BY_US).cancel(FOR_THEM, rules=STRICT), 2000, id="left from the door"),
        pytest.param(
            lambda it: it.reschedule(it.slot, FOR_THEM, rules=STRICT), 500, id="moved late by us, who were asked to"
        ),
        pytest.param(
            lambda it: it.reschedule(it.slot, FOR_THEM, rules=STRICT).reschedule(it.slot, BY_US, rules=STRICT),
            None,
            id="moved back by us",
        ),
        pytest.param(lambda it: it.reschedule(it.slot, LATE, rules=STRICT).check_in(BY_US), 500, id="moved late, came"),
        pytest.param(
            lambda it: (
                it.reschedule(it.slot, LATE, rules=STRICT)
                .mark_no_show(MISSED, evidence=())
                .reverse_no_show(ReversalReason.OUR_FAULT, BY_US)
            ),
            None,
            id="moved late, then our fault",
        ),
    ],
)
def test_what_it_costs_is_said_by_how_it_stands(act: object, costs: int | None) -> None:
    """And by who did it: what we cancel or move costs them nothing, nor what is taken back."""
    assert callable(act)
    it = act(booked(datetime(2026, 3, 2, 9, tzinfo=UTC)))
    assert incurred(it, FEES) == (Money(costs, "CNY") if costs else None)


def test_a_client_is_held_to_nothing_harder_than_what_they_were_shown() -> None:
    """Before the button nobody knows who they are: what stands there is for a prospect."""
    hard_on_regulars = ChangeRules(
        late_fee=Charge(minor=100), rows=(ChangeRow(tier="regular", free_until=96 * HOUR, late_fee=Charge(minor=900)),)
    )
    business = replace(a_catalog().business, changes=hard_on_regulars)
    assert accepted(business, CUT, Tier.REGULAR, is_client=True) == shown(business, CUT)
    by_staff = accepted(business, CUT, Tier.REGULAR, is_client=False)
    assert (by_staff.late_fee, by_staff.free_until) == (900, 96 * HOUR)


def test_a_tier_that_pays_less_pays_less_though_more_was_shown() -> None:
    """The milder of the two holds, for each figure by itself."""
    kind = ChangeRules(late_fee=Charge(minor=900), rows=(ChangeRow(tier="vip", late_fee=Charge()),))
    business = replace(a_catalog().business, changes=kind)
    assert shown(business, CUT).late_fee == 900
    assert accepted(business, CUT, Tier.VIP, is_client=True).late_fee == 0


ONE = ChangeRow(service="cut", late_fee=Charge(minor=1))


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        pytest.param(ChangeRules(free_until=-HOUR), "changes.free_until", id="a notice below nothing"),
        pytest.param(ChangeRules(grace=25 * HOUR), "changes.grace", id="a grace of more than a day"),
        pytest.param(ChangeRules(reschedules=-1), "changes.reschedules", id="fewer than no moves"),
        pytest.param(ChangeRules(late_fee=Charge(minor=-1)), "changes.late_fee.minor", id="negative money"),
        pytest.param(ChangeRules(move_fee=Charge(minor=10**10)), "changes.move_fee.minor", id="ages of money"),
        pytest.param(ChangeRules(missed_fee=Charge(percent=101)), "changes.missed_fee.percent", id="more than all"),
        pytest.param(ChangeRules(missed_fee=Charge(percent=-5)), "changes.missed_fee.percent", id="less than none"),
        pytest.param(ChangeRules(late_fee=Charge(1, 1)), "changes.late_fee", id="a sum and a share"),
        pytest.param(ChangeRules(rows=(ChangeRow(late_fee=Charge(1)),)), "changes.rows.0", id="a row for everybody"),
        pytest.param(ChangeRules(rows=(ChangeRow(service="cut"),)), "changes.rows.0", id="a row that changes nothing"),
        pytest.param(ChangeRules(rows=(ONE, ONE)), "changes.rows.1", id="a row twice"),
        pytest.param(
            ChangeRules(rows=(ONE, replace(ONE, tier="vip"))), "changes.rows.1", id="a row behind one for all tiers"
        ),
        pytest.param(
            ChangeRules(rows=(replace(ONE, late_fee=Charge(minor=-1)),)),
            "changes.rows.0.late_fee.minor",
            id="negative money in a row",
        ),
        pytest.param(
            ChangeRules(rows=(replace(ONE, free_until=-HOUR),)), "changes.rows.0.free_until", id="a row below nothing"
        ),
        pytest.param(
            ChangeRules(rows=tuple(ChangeRow(service=f"s{n}", late_fee=Charge(1)) for n in range(MOST_ROWS + 1))),
            "changes.rows",
            id="too many rows",
        ),
    ],
)
def test_rules_that_make_no_sense_are_refused_with_their_field(rules: ChangeRules, field: str) -> None:
    """As it is sent, so that the page shows it beside its input."""
    with pytest.raises(InvalidSetting) as refused:
        check_changes(rules)
    assert refused.value.facts["field"] == field


def test_a_row_names_a_service_that_there_is() -> None:
    """Or was: what is booked of it is still."""
    rules = ChangeRules(rows=(ONE, ChangeRow(service="perm", late_fee=Charge(1))))
    check_services_named(rules, ["cut", "perm"])
    with pytest.raises(InvalidSetting) as refused:
        check_services_named(rules, ["cut"])
    assert refused.value.facts["field"] == "changes.rows.1.service"
