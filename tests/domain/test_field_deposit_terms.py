"""What is asked as a deposit, of whom, until when: a table of rules, prices and records."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from kept.business.catalog import Money
from kept.business.change_rules import AskedOf, ChangeRow, ChangeRules, Charge, DepositRules, Terms
from kept.business.change_validation import check_changes
from kept.clients.standing import Standing
from kept.errors import InvalidSetting
from kept.ledger import acts, deposits
from kept.ledger.accounts import LedgerAccount, Means
from kept.ledger.acts import Occasion
from kept.ledger.balance import Balance
from kept.ledger.transaction import MoneyAct
from kept.ledger.visit_account import Fate, VisitAccount
from kept.policy.deposit import is_asked
from kept.policy.deposit_step import as_held
from kept.reasons import Code, because
from tests.builders import an_appointment

HOUR, MINUTE, SECOND, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1), timedelta(days=1)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def rules(*rows: ChangeRow, **deposits: object) -> ChangeRules:
    return ChangeRules(deposits=DepositRules(**deposits), rows=rows)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("its", "price", "asked"),
    [
        pytest.param(rules(), 9800, 0, id="nothing by default"),
        pytest.param(rules(charge=Charge(minor=10_000)), 9800, 10_000, id="a sum, also above the price"),
        pytest.param(rules(charge=Charge(minor=10_000)), None, 10_000, id="a sum without a price"),
        pytest.param(rules(charge=Charge(percent=30)), 9999, 2999, id="a share, rounded down"),
        pytest.param(rules(charge=Charge(percent=30)), None, 0, id="a share of no price"),
        pytest.param(rules(charge=Charge(percent=1)), 99, 0, id="a share of less than the smallest unit"),
        pytest.param(rules(charge=Charge(minor=500), above=9800), 9800, 0, id="exactly the price above which"),
        pytest.param(rules(charge=Charge(minor=500), above=9799), 9800, 500, id="above it"),
        pytest.param(rules(charge=Charge(minor=500), above=0), None, 0, id="above nothing, without a price"),
        pytest.param(
            rules(ChangeRow(service="cut", deposit=Charge(minor=700)), charge=Charge(minor=500)), 1, 700, id="a row"
        ),
        pytest.param(
            rules(ChangeRow(tier="vip", deposit=Charge()), charge=Charge(minor=500)), 1, 0, id="none for a tier"
        ),
        pytest.param(
            rules(ChangeRow(tier="vip", late_fee=Charge(minor=1)), charge=Charge(minor=500)), 1, 500, id="a row of fees"
        ),
        pytest.param(rules(ChangeRow(service="perm", deposit=Charge(minor=700))), 1, 0, id="a row for another service"),
    ],
)
def test_how_much_is_asked(its: ChangeRules, price: int | None, asked: int) -> None:
    """In whole minor units, of a cut for a VIP."""
    assert its.terms("cut", "vip", price, "CNY").deposit == asked


@pytest.mark.parametrize(
    ("of", "is_new", "standing", "asked"),
    [
        ("everybody", False, "good", True),
        ("new", True, "good", True),
        ("new", False, "good", False),
        ("new", False, "deposit_required", True),
        ("standing", True, "good", False),
        ("standing", False, "deposit_required", True),
        ("standing", False, "restricted", True),
    ],
)
def test_of_whom_it_is_asked(of: str, is_new: bool, standing: str, asked: bool) -> None:
    """Whoever stands so that it is required is asked in any case."""
    assert is_asked(DepositRules(of=AskedOf(of)), is_new=is_new, standing=Standing(standing)) is asked


@pytest.mark.parametrize(
    ("starts", "until"),
    [
        pytest.param(NOW + 30 * DAY, NOW + DAY, id="far ahead, a day"),
        pytest.param(NOW + 26 * HOUR, NOW + DAY, id="so that both are the same"),
        pytest.param(NOW + 26 * HOUR - SECOND, NOW + DAY - SECOND, id="a second sooner, two hours before the start"),
        pytest.param(NOW + 3 * HOUR, NOW + HOUR, id="today, two hours before the start"),
        pytest.param(NOW + 2 * HOUR, NOW + 15 * MINUTE, id="within the two hours, a quarter of an hour"),
        pytest.param(NOW + 10 * MINUTE, NOW + 10 * MINUTE, id="never after the start"),
        pytest.param(NOW, NOW, id="at the start, no time at all"),
        pytest.param(NOW - HOUR, NOW, id="nor after it"),
    ],
)
def test_until_when_it_is_to_be_paid(starts: datetime, until: datetime) -> None:
    """Within a day, and no later than two hours before the start."""
    assert DepositRules().pay_until(starts, now=NOW) == until


@pytest.mark.parametrize(
    ("its", "field"),
    [
        (rules(charge=Charge(minor=-1)), "changes.deposits.charge.minor"),
        (rules(charge=Charge(percent=101)), "changes.deposits.charge.percent"),
        (rules(charge=Charge(1, 1)), "changes.deposits.charge"),
        (rules(above=-1), "changes.deposits.above"),
        (rules(within=14 * MINUTE), "changes.deposits.within"),
        (rules(within=15 * DAY), "changes.deposits.within"),
        (rules(before=-MINUTE), "changes.deposits.before"),
        (rules(moves=-DAY), "changes.deposits.moves"),
        (rules(moves=36 * HOUR), "changes.deposits.moves"),
        (rules(moves=91 * DAY), "changes.deposits.moves"),
        (rules(ChangeRow(service="cut", deposit=Charge(percent=200))), "changes.rows.0.deposit.percent"),
    ],
)
def test_rules_that_make_no_sense_are_refused(its: ChangeRules, field: str) -> None:
    """With the field."""
    with pytest.raises(InvalidSetting) as refused:
        check_changes(its)
    assert refused.value.facts["field"] == field


@pytest.mark.parametrize(
    ("fate", "owed", "left"),
    [
        pytest.param(Fate.FORFEITED, 60, MoneyAct.FORFEITED, id="lost: the part that never came is owed"),
        pytest.param(Fate.KEPT, 0, MoneyAct.KEPT, id="they came: nothing is owed, and the rest pays for the visit"),
    ],
)
def test_of_a_deposit_paid_in_two_ways_what_was_paid_stays_what_it_had_become(
    fate: Fate, owed: int, left: MoneyAct
) -> None:
    """40 in cash, 60 by a card that is declined after all."""
    account = VisitAccount(Balance("lotus", "c-1", "CNY"), [])
    names = count()

    def how(name: str) -> Occasion:
        id = f"c-1#a-1#{name}-{next(names)}"
        return Occasion(id, "staff:mei", NOW, NOW.date(), "a-1", because(Code.MONEY_GOODWILL))

    deposits.ask(account, 100, how)
    account.add(acts.deposit_paid(account.now, how("cash"), Money(40, "CNY"), Means.CASH))
    card = acts.deposit_paid(account.now, how("card"), Money(60, "CNY"), Means.STRIPE)
    account.add(card)
    deposits.settle(account, fate, how)
    assert deposits.uncollected(account, card, how) == owed
    assert (account.visit.deposit, account.visit.deposit_due, account.visit.of(LedgerAccount.STRIPE)) == (0, 0, 0)
    assert [(it.what, it.of(LedgerAccount.DEPOSITS)) for it in account.standing if it.what is left] == [(left, 40)]
    assert sum(account.visit.totals.values()) == 0


def test_a_visit_of_before_terms_were_kept_stands_as_it_is() -> None:
    """There is nothing on it to say how much is held."""
    account = VisitAccount(Balance("lotus", "c-1", "CNY"), [])
    visit = an_appointment()
    assert visit.accepted is None
    assert as_held(account, visit) is visit
    with_terms = replace(visit, accepted=Terms(DAY, MINUTE, currency="CNY", deposit=100))
    held = as_held(account, with_terms).accepted
    assert held
    assert held.deposit == 0
