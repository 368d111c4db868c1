"""Every line that can be written, each from what the client owes, has paid and holds before it.

All raise InvalidAmount, AnotherCurrency and, for more than there is, AboveBalance.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from kept.business.catalog import Money
from kept.business.money_rules import MOST
from kept.errors import ReasonRequired
from kept.ledger.accounts import ACCOUNT_OF, LedgerAccount, Means
from kept.ledger.balance import Balance, Statement
from kept.ledger.refusals import AboveBalance, AlreadyReversed, AnotherCurrency, InvalidAmount, UnknownReason
from kept.ledger.transaction import MoneyAct, Posting, Transaction
from kept.reasons import Code, Reason

POINTS = "points"
"""In place of a currency."""
KNOWN = frozenset(Code)


@dataclass(frozen=True, slots=True)
class Occasion:
    """Under which id a line is written, by whom, when (and on which local day), about which visit, why, and on whose
    request."""

    id: str
    by: str
    at: datetime
    day: date
    appointment: str | None = None
    why: Reason | None = None
    request: str = ""


def fee(before: Statement, how: Occasion, amount: Money) -> Transaction:
    """Raises ReasonRequired, UnknownReason as well."""
    _must_say_why(how)
    return _line(before, how, MoneyAct.FEE, amount, {LedgerAccount.RECEIVABLE: 1, LedgerAccount.FEES: -1})


def paid(before: Statement, how: Occasion, amount: Money, means: Means) -> Transaction:
    """What is owed. By credit no more than the client has."""
    most = min(before.owed, before.client.credit) if means is Means.CREDIT else before.owed
    _must_be_within(most, amount)
    return _line(before, how, MoneyAct.PAID, amount, {ACCOUNT_OF[means]: 1, LedgerAccount.RECEIVABLE: -1})


def waived(before: Statement, how: Occasion, amount: Money) -> Transaction:
    """Raises ReasonRequired, UnknownReason as well."""
    _must_say_why(how)
    _must_be_within(before.owed, amount)
    return _line(before, how, MoneyAct.WAIVER, amount, {LedgerAccount.WAIVED: 1, LedgerAccount.RECEIVABLE: -1})


def refunded(before: Statement, how: Occasion, amount: Money, means: Means) -> Transaction:
    """What was paid for nothing first; the rest is let go of. By the means by which it came, or as credit.

    Raises ReasonRequired, UnknownReason as well.
    """
    _must_say_why(how)
    _must_be_within(refundable(before, means), amount)
    minor = _money(before, amount)
    surplus = min(before.client.overpaid, minor)
    moved = {ACCOUNT_OF[means]: -minor, LedgerAccount.RECEIVABLE: surplus, LedgerAccount.WAIVED: minor - surplus}
    return _transaction(before, how, MoneyAct.REFUNDED, moved)


def refundable(before: Statement, means: Means) -> int:
    """Deposits apart, which are given back as such."""
    most = before.collected + before.client.overpaid
    return most if means is Means.CREDIT else min(most, before.client.of(ACCOUNT_OF[means]))


def credited(before: Statement, how: Occasion, amount: Money) -> Transaction:
    """Raises ReasonRequired, UnknownReason as well."""
    _must_say_why(how)
    return _line(before, how, MoneyAct.CREDIT, amount, {LedgerAccount.GIVEN: 1, LedgerAccount.CREDITS: -1})


def deposit_asked(before: Statement, how: Occasion, amount: Money) -> Transaction:
    return _line(
        before, how, MoneyAct.DEPOSIT_ASKED, amount, {LedgerAccount.DEPOSITS_DUE: 1, LedgerAccount.DEPOSITS_ASKED: -1}
    )


def deposit_paid(before: Statement, how: Occasion, amount: Money, means: Means) -> Transaction:
    due = _visit(before).deposit_due
    _must_be_within(min(due, before.client.credit) if means is Means.CREDIT else due, amount)
    held = {
        ACCOUNT_OF[means]: 1,
        LedgerAccount.DEPOSITS: -1,
        LedgerAccount.DEPOSITS_DUE: -1,
        LedgerAccount.DEPOSITS_ASKED: 1,
    }
    return _line(before, how, MoneyAct.PAID, amount, held)


def deposit_kept(before: Statement, how: Occasion, amount: Money) -> Transaction:
    """They came: it goes towards the price."""
    _must_be_within(_visit(before).deposit, amount)
    return _line(before, how, MoneyAct.KEPT, amount, {LedgerAccount.DEPOSITS: 1, LedgerAccount.APPLIED: -1})


def deposit_forfeited(before: Statement, how: Occasion, amount: Money) -> Transaction:
    """Raises ReasonRequired, UnknownReason as well."""
    _must_say_why(how)
    _must_be_within(_visit(before).deposit, amount)
    return _line(before, how, MoneyAct.FORFEITED, amount, {LedgerAccount.DEPOSITS: 1, LedgerAccount.FORFEITED: -1})


def deposit_held_again(before: Statement, it: Transaction, how: Occasion, minor: int) -> Transaction:
    """So much of one that was kept or lost, where the rest was given back since."""
    income = LedgerAccount.APPLIED if it.what is MoneyAct.KEPT else LedgerAccount.FORFEITED
    signs = {LedgerAccount.DEPOSITS: -1, income: 1}
    return replace(_line(before, how, it.what, Money(minor, before.client.currency), signs), reverses=it.id)


def deposit_returned(before: Statement, how: Occasion, amount: Money, *, as_credit: bool = False) -> Transaction:
    """It is the client's again: to be paid back, which is not assumed to have been done, or their credit at once."""
    _must_be_within(_visit(before).deposit, amount)
    to = LedgerAccount.CREDITS if as_credit else LedgerAccount.PAYABLE
    return _line(before, how, MoneyAct.RETURNED, amount, {LedgerAccount.DEPOSITS: 1, to: -1})


def paid_back(before: Statement, how: Occasion, amount: Money, means: Means) -> Transaction:
    """A deposit that was the client's again is handed to them, by the means by which it came or as credit."""
    _must_be_within(payable(before, means), amount)
    return _line(before, how, MoneyAct.REFUNDED, amount, {LedgerAccount.PAYABLE: 1, ACCOUNT_OF[means]: -1})


def payable(before: Statement, means: Means) -> int:
    most = _visit(before).to_pay_back
    return most if means is Means.CREDIT else min(most, before.client.of(ACCOUNT_OF[means]))


def deposit_unasked(before: Statement, it: Transaction, how: Occasion) -> Transaction:
    """What is still due of one that was asked, when nobody waits for it any more."""
    due = Money(_visit(before).deposit_due, before.client.currency)
    signs = {LedgerAccount.DEPOSITS_DUE: -1, LedgerAccount.DEPOSITS_ASKED: 1}
    return replace(_line(before, how, MoneyAct.DEPOSIT_ASKED, due, signs), reverses=it.id)


def points(before: Statement, how: Occasion, count: int) -> Transaction:
    """Earned by the client."""
    _must_be_whole(count)
    entries = Posting(LedgerAccount.POINTS_EARNED, count, POINTS), Posting(LedgerAccount.POINTS, -count, POINTS)
    return _written(before, how, MoneyAct.POINTS, entries)


def points_lost(before: Statement, how: Occasion, earned: Transaction, count: int) -> Transaction:
    """So many of those that a line brought are taken back with it. Raises ReasonRequired, UnknownReason."""
    _must_say_why(how)
    _must_be_within(before.client.points, Money(count, POINTS))
    entries = Posting(LedgerAccount.POINTS_EARNED, -count, POINTS), Posting(LedgerAccount.POINTS, count, POINTS)
    return _written(before, how, MoneyAct.POINTS, entries, reverses=earned.id)


def exchanged(before: Statement, how: Occasion, count: int, amount: Money | None) -> Transaction:
    """Points for a credit; none of the one or the other where another record of the same client has to do with it."""
    if count:
        _must_be_within(before.client.points, Money(count, POINTS))
    spent = Posting(LedgerAccount.POINTS, count, POINTS), Posting(LedgerAccount.POINTS_SPENT, -count, POINTS)
    minor = _money(before, amount) if amount else 0
    coin = before.client.currency
    given = Posting(LedgerAccount.GIVEN, minor, coin), Posting(LedgerAccount.CREDITS, -minor, coin)
    return _written(before, how, MoneyAct.EXCHANGED, tuple(it for it in (*given, *spent) if it.minor))


def reverse(before: Statement, it: Transaction, how: Occasion, *, is_reversed: bool) -> Transaction:
    """The opposite of each entry. What hangs on it (a refund on what was paid) is taken back before it.

    Raises ReasonRequired, UnknownReason, AlreadyReversed.
    """
    _must_say_why(how)
    if is_reversed or it.reverses:
        raise AlreadyReversed
    entries = tuple(Posting(entry.account, -entry.minor, entry.currency) for entry in it.entries)
    back = _written(before, how, it.what, entries, reverses=it.id)
    visit = before.visit or before.client
    if not (before.client.after(back).is_sound and visit.after(back).is_sound_for_a_visit):
        raise AboveBalance(most=0)
    return back


def claimed_again(before: Statement, it: Transaction, how: Occasion, minor: int) -> Transaction:
    """So much of what a line let go of, be it by giving money back, when what it was let go of is itself taken back.

    Raises ReasonRequired, UnknownReason.
    """
    _must_say_why(how)
    amount = Money(minor, before.client.currency)
    signs = {LedgerAccount.RECEIVABLE: 1, LedgerAccount.WAIVED: -1}
    return replace(_line(before, how, MoneyAct.WAIVER, amount, signs), reverses=it.id)


def _line(
    before: Statement, how: Occasion, what: MoneyAct, amount: Money, signs: dict[LedgerAccount, int]
) -> Transaction:
    minor = _money(before, amount)
    return _transaction(before, how, what, {account: sign * minor for account, sign in signs.items()})


def _transaction(before: Statement, how: Occasion, what: MoneyAct, moved: dict[LedgerAccount, int]) -> Transaction:
    currency = before.client.currency
    return _written(
        before, how, what, tuple(Posting(account, minor, currency) for account, minor in moved.items() if minor)
    )


def _written(
    before: Statement, how: Occasion, what: MoneyAct, entries: tuple[Posting, ...], reverses: str = ""
) -> Transaction:
    client = before.client
    return Transaction(
        client.business,
        how.id,
        client.client,
        what,
        how.at,
        how.day,
        how.by,
        entries,
        how.appointment,
        how.why,
        reverses,
        how.request,
    )


def _money(before: Statement, amount: Money) -> int:
    must_be_money(amount, before.client.currency)
    return amount.minor


def must_be_money(amount: Money, currency: str) -> None:
    """Raises InvalidAmount, AnotherCurrency."""
    _must_be_whole(amount.minor)
    if amount.currency != currency:
        raise AnotherCurrency(currency=currency)


def _must_be_whole(number: int) -> None:
    """Also of what no type checker has seen: true is no number, and half a cent none of ours."""
    if type(number) is not int or not 0 < number <= MOST:
        raise InvalidAmount(most=MOST)


def _must_be_within(most: int, amount: Money) -> None:
    _must_be_whole(amount.minor)
    if amount.minor > most:
        raise AboveBalance(most=max(most, 0))


def _must_say_why(how: Occasion) -> None:
    if how.why is None:
        raise ReasonRequired
    if how.why.code not in KNOWN:
        raise UnknownReason


def _visit(before: Statement) -> Balance:
    """A deposit is always one visit's."""
    if before.visit is None:
        raise ValueError("no visit")
    return before.visit
