"""A payment by its states: what may follow what, which plan secures a visit, and which step is owed when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.business.catalog import Money
from kept.business.payment_rules import PaymentPlan
from kept.payments.payment import MOVES, OVER, Payment, PaymentSeen, PaymentState, SecuredBy, payment_id
from kept.payments.plan import DONE, WantedOfPayment, owed, plan
from kept.payments.plan import NextStep as Next
from kept.payments.plan import PaymentStep as Do

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
STARTS, ENDS = NOW + timedelta(days=5), NOW + timedelta(days=5, hours=1)
SECOND = timedelta(seconds=1)
S, W = PaymentState, WantedOfPayment


def a_payment(state: PaymentState = S.OPEN, **more: object) -> Payment:
    payment = Payment(
        "hudson", payment_id("a-1", 1), "a-1", "c-1", Money(2_000, "USD"), SecuredBy.HOLD,
        asked_at=NOW, pay_until=NOW + timedelta(minutes=15), state=state,
    )  # fmt: skip
    return replace(payment, **more)  # type: ignore[arg-type]


HELD = {
    "nothing yet": (a_payment(S.OPEN), 0),
    "a hold": (a_payment(S.HELD), 2_000),
    "taken": (a_payment(S.TAKEN, taken=2_000), 2_000),
    "taken in part": (a_payment(S.TAKEN, taken=500), 500),
    "given back in part": (a_payment(S.TAKEN, taken=2_000, given_back=1_500), 500),
}


@pytest.mark.parametrize("case", HELD)
def test_what_is_the_business_s_is_what_it_may_take_or_took_and_did_not_give_back(case: str) -> None:
    """So much and no more can be given back."""
    payment, held = HELD[case]
    assert payment.held == held


PLANS = {
    "within six days to the second": (PaymentPlan.HOLD, timedelta(days=6), SecuredBy.HOLD),
    "a second later": (PaymentPlan.HOLD, timedelta(days=6) + SECOND, SecuredBy.SAVE_CARD),
    "in a minute": (PaymentPlan.HOLD, timedelta(minutes=1), SecuredBy.HOLD),
    "in a year": (PaymentPlan.HOLD, timedelta(days=365), SecuredBy.SAVE_CARD),
    "taken at once, soon": (PaymentPlan.AT_ONCE, timedelta(hours=1), SecuredBy.AT_ONCE),
    "taken at once, late": (PaymentPlan.AT_ONCE, timedelta(days=60), SecuredBy.AT_ONCE),
}


@pytest.mark.parametrize("case", PLANS)
def test_how_long_a_hold_lasts_decides_the_plan(case: str) -> None:
    """No card is held for longer than its bank allows: a visit further off has its card saved, or is paid at once."""
    rule, ahead, expected = PLANS[case]
    assert plan(rule, NOW + ahead, now=NOW) is expected


def test_a_saved_card_is_held_for_long_enough_to_reach_the_end_of_its_visit() -> None:
    """A Visa that we charge holds for four days and eighteen hours (Stripe)."""
    (step,) = [owed(a_payment(S.CARD_SAVED), W.STAYS, starts=STARTS, ends=ENDS, now=NOW)]
    assert step == Next(Do.AUTHORISE, STARTS - timedelta(days=3))
    assert step.at is not None
    assert step.at + timedelta(days=4, hours=18) - timedelta(hours=6) > ENDS + timedelta(days=1)


LAPSES = NOW + timedelta(days=7)
OWED = {
    "a page nobody paid on is closed when the slot is given back": (
        a_payment(), W.STAYS, NOW, Next(Do.CLOSE, NOW + timedelta(minutes=15))),
    "and at once where the visit is given up": (a_payment(), W.CLIENTS, NOW, Next(Do.CLOSE, NOW)),
    "a card is charged three days before": (
        a_payment(S.CARD_SAVED), W.STAYS, NOW, Next(Do.AUTHORISE, STARTS - timedelta(days=3))),
    "at once where it is nearer": (
        a_payment(S.CARD_SAVED), W.STAYS, STARTS - SECOND, Next(Do.AUTHORISE, STARTS - SECOND)),
    "never once the visit is over": (a_payment(S.CARD_SAVED), W.STAYS, ENDS, Next(Do.CLOSE, ENDS)),
    "charged where it was given up too late": (
        a_payment(S.CARD_SAVED), W.TAKEN, NOW, Next(Do.AUTHORISE, NOW)),
    "nor where it was given up in time": (a_payment(S.CARD_SAVED), W.CLIENTS, NOW, Next(Do.CLOSE, NOW)),
    "what is held is taken before it lapses": (
        a_payment(S.HELD, lapses_at=LAPSES), W.STAYS, NOW, Next(Do.TAKE, LAPSES - timedelta(hours=6))),
    "at once where it is kept or lost": (a_payment(S.HELD, lapses_at=LAPSES), W.TAKEN, NOW, Next(Do.TAKE, NOW)),
    "and freed where it is the client's": (a_payment(S.HELD, lapses_at=LAPSES), W.CLIENTS, NOW, Next(Do.FREE, NOW)),
    "what was taken is given back": (a_payment(S.TAKEN, taken=2_000), W.CLIENTS, NOW, Next(Do.GIVE_BACK, NOW)),
    "or kept for good": (a_payment(S.TAKEN, taken=2_000), W.TAKEN, NOW, DONE),
    "or looked at again when the visit is over": (
        a_payment(S.TAKEN, taken=2_000), W.STAYS, NOW, Next(None, ENDS + timedelta(days=1))),
}  # fmt: skip


@pytest.mark.parametrize("case", OWED)
def test_the_step_that_is_owed_follows_from_the_state_and_the_ledger(case: str) -> None:
    """Nothing is taken, freed or given back that the ledger does not want so, and not before it is time."""
    payment, wanted, now, expected = OWED[case]
    assert owed(payment, wanted, starts=STARTS, ends=ENDS, now=now) == expected


def test_nothing_is_owed_of_what_is_over() -> None:
    """A payment that has ended is never touched again, whatever the ledger wants."""
    for state, wanted in product(OVER, WantedOfPayment):
        assert owed(a_payment(state), wanted, starts=STARTS, ends=ENDS, now=NOW) == DONE


def test_every_path_through_the_states_ends() -> None:
    """No state leads back to itself."""

    def longest(state: PaymentState, before: frozenset[PaymentState]) -> int:
        assert state not in before
        return 1 + max((longest(it, before | {state}) for it in MOVES[state]), default=0)

    assert longest(S.OPEN, frozenset()) == 5
    assert set(MOVES) == set(PaymentState)
    assert {S.CLOSED, S.FREED, S.GIVEN_BACK} == OVER


SEEN = st.builds(
    PaymentSeen,
    state=st.sampled_from(PaymentState),
    intent=st.sampled_from(["", "pi_1"]),
    taken=st.sampled_from([0, 2_000]),
    given_back=st.sampled_from([0, 500, 2_000]),
)


@given(st.lists(SEEN, max_size=12))
def test_whatever_is_seen_in_any_order_however_often_takes_nothing_back(seen: list[PaymentSeen]) -> None:
    """A payment goes forward or stays; what it took and gave back never shrinks; the same again changes nothing."""
    payment = a_payment()
    for one in seen:
        after = payment.after(one)
        assert after.state is payment.state or after.state in MOVES[payment.state]
        assert after.taken >= payment.taken
        assert after.given_back >= payment.given_back
        assert after.after(one) == after
        payment = after


def test_what_is_old_is_not_believed() -> None:
    """News that comes late takes back nothing that was known since."""
    taken = a_payment(S.TAKEN, taken=2_000)
    assert taken.after(PaymentSeen(S.HELD, taken=0)) is taken
    assert a_payment(S.CLOSED).after(PaymentSeen(S.HELD)) == a_payment(S.CLOSED)
