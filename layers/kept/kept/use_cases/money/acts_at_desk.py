"""What staff write into a client's ledger: paid by hand, let go of, given back, given as credit, and taken back.

A repeat of a request finds the line that it wrote, however long ago; a race is decided again on what the other left.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pynamodb.transactions import TransactWrite

from kept import ids
from kept.actor import Change
from kept.booking.refusals import UnknownAppointment
from kept.business.catalog import Business, Money
from kept.business.money_rules import CorrectionReason, WaiverReason
from kept.clients.client import Client
from kept.due_work.queues import hand_over
from kept.errors import KeyReused, RoleRequired
from kept.ledger import acts
from kept.ledger.accounts import LedgerAccount, Means
from kept.ledger.acts import Occasion
from kept.ledger.balance import Balance, Statement, statement, summed
from kept.ledger.refusals import AboveBalance, AlreadyReversed, NotByHand, UnknownEntry, WaiverAboveLimit
from kept.ledger.taking_back import taken_back
from kept.ledger.transaction import MoneyAct, Transaction
from kept.ledger.visit_account import ENDS, VisitAccount
from kept.reasons import Code, Reason, because
from kept.storage import appointments, catalogs, clients, ledger
from kept.storage.transaction import together
from kept.use_cases.follow_ups.deposit_back import follow_up_paying_back
from kept.use_cases.money.fees import currency_of, occasion, reversal_id
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.policy.deposit_steps import unpaid
from kept.use_cases.policy.making_good import give_room

OF_THE_VISIT = frozenset({MoneyAct.DEPOSIT_ASKED, *ENDS})
"""What becomes of a deposit: by hand it is let off."""
Lines = tuple[Transaction, ...]
Make = Callable[[Statement, Occasion, Money], Transaction]


@dataclass(frozen=True, slots=True)
class DeskAct:
    """Of which client, by whom in which role, and about which visit, where it is about one."""

    business: Business
    client: str
    role: str
    change: Change
    appointment: str | None = None


def record_payment(it: DeskAct, amount: Money, means: Means) -> Lines:
    """Of what is owed: a line for each record of the client that owes some of it. By credit what that record has.

    Raises UnknownClient, UnknownAppointment, InvalidAmount, AnotherCurrency, AboveBalance, KeyReused.
    """

    def room(before: Statement) -> int:
        return min(before.owed, before.client.credit) if means is Means.CREDIT else before.owed

    return _written(it, "paid", amount, lambda before, how, part: acts.paid(before, how, part, means), room)


def waive(it: DeskAct, amount: Money, reason: WaiverReason) -> Lines:
    """What a visit cost. Raises WaiverAboveLimit as well."""

    def make(before: Statement, how: Occasion, part: Money) -> Transaction:
        must_be_allowed(it, before.let_off + part.minor)
        return acts.waived(before, how, part)

    return _written(it, "waived", amount, make, lambda before: before.owed, _because(reason))


def refund(it: DeskAct, amount: Money, means: Means, reason: WaiverReason) -> Lines:
    """What was paid for a visit, by the means by which it came or as credit. Raises WaiverAboveLimit as well."""

    def make(before: Statement, how: Occasion, part: Money) -> Transaction:
        must_be_allowed(it, before.let_off + part.minor)
        return acts.refunded(before, how, part, means)

    return _written(it, "refunded", amount, make, lambda before: acts.refundable(before, means), _because(reason))


def hand_back(it: DeskAct, amount: Money, means: Means) -> Lines:
    """Of a deposit that is the client's again, by the means by which it came or as credit. Nobody's limit holds: it is
    theirs. Raises what recording a payment does."""

    def make(before: Statement, how: Occasion, part: Money) -> Transaction:
        return acts.paid_back(before, how, part, means)

    return _written(it, "handed-back", amount, make, lambda before: acts.payable(before, means))


def give_credit(it: DeskAct, amount: Money, reason: WaiverReason) -> Lines:
    """For a later visit. Raises WaiverAboveLimit as well."""

    def make(before: Statement, how: Occasion, part: Money) -> Transaction:
        must_be_allowed(it, before.client.credit + part.minor)
        return acts.credited(before, how, part)

    return _written(it, "credit", amount, make, None, _because(reason))


def reverse(it: DeskAct, entry: str, reason: CorrectionReason) -> Lines:
    """With a fee goes what the client was let off of it. Staff take back alone what they recorded as paid themselves on
    the same day; whoever leads the business all else.

    Raises UnknownClient, UnknownEntry, AlreadyReversed, NotByHand, RoleRequired, and AboveBalance where something
    written later hangs on it.
    """
    business, change = it.business, it.change

    def how(line: Transaction) -> Occasion:
        return occasion(business, reversal_id(line), change, line.appointment, _because(reason))

    def attempt() -> Lines:
        line = _line(it, entry)
        coin = business.currency if line.currency == acts.POINTS else line.currency
        before = ledger.balance(business.id, line.client, coin)
        back = ledger.find(business.id, reversal_id(line))
        if back and back.request == how(line).request:
            return (back,)
        if back or line.reverses:
            raise AlreadyReversed
        _must_be_theirs(it, line, how(line))
        if line.what in OF_THE_VISIT or line.of(LedgerAccount.STRIPE):
            raise NotByHand
        lines = _taking_back(before, line, how)
        is_deposit = line.what is MoneyAct.PAID and line.of(LedgerAccount.DEPOSITS)
        with together() as transaction:
            keys = unpaid(catalogs.load(business.id), line, transaction, change) if is_deposit else []
            for back in lines:
                _see_to_deposit(it, before, back, transaction)
            ledger.put(before, lines, transaction)
            give_room(business, line, transaction, now=change.at)
        hand_over(keys)
        return lines

    return retried(attempt)


def _taking_back(before: Balance, line: Transaction, how: Callable[[Transaction], Occasion]) -> Lines:
    if line.appointment is None:
        return (acts.reverse(Statement(before), line, how(line), is_reversed=False),)
    of_visit = ledger.of_visit(before.business, line.client, line.appointment, line.currency)
    if line.what is MoneyAct.FEE:
        return taken_back(before, of_visit, lambda it: it.id == line.id, how)
    return (acts.reverse(statement(before, of_visit), line, how(line), is_reversed=False),)


def _written(
    it: DeskAct,
    act: str,
    amount: Money,
    make: Make,
    room: Callable[[Statement], int] | None,
    why: Reason | None = None,
) -> Lines:
    """`room` is how much of it each record has; None is any amount, of the client's own record, decided on what all
    of theirs come to."""
    business, change = it.business, it.change

    def attempt() -> Lines:
        records, currency = _records(it)
        acts.must_be_money(amount, currency)
        own, name = records[0], f"{act}-{ids.digest(change.key)}"
        lines = {one: ledger.line_id(one, it.appointment, name) for one in records}
        balances = ledger.balances(business.id, records, currency)
        hows = {one: occasion(business, id, change, it.appointment, why) for one, id in lines.items()}
        if first := tuple(ledger.several(business.id, lines.values()).values()):
            return _first(first, hows[own])
        before = {one: _statement(it, balances[one]) for one in records}
        if room:
            parts = _parts({one: room(before[one]) for one in records}, amount)
        else:
            before, parts = {own: Statement(summed(balances.values(), balances[own]))}, {own: amount}
        made = tuple(make(before[one], hows[one], part) for one, part in parts.items())
        with together() as transaction:
            for line in made:
                ledger.put(balances[line.client], (line,), transaction)
                _see_to_deposit(it, balances[line.client], line, transaction)
        return made

    return retried(attempt)


def _see_to_deposit(it: DeskAct, before: Balance, line: Transaction, transaction: TransactWrite) -> None:
    """Whoever was to hand it back has, or has to again."""
    if line.appointment and line.of(LedgerAccount.PAYABLE):
        of_visit = ledger.of_visit(it.business.id, line.client, line.appointment, line.currency)
        visit = appointments.load(it.business.id, line.appointment)
        follow_up_paying_back(VisitAccount(before, of_visit, [line]), visit, transaction, it.change)


def _first(lines: Lines, how: Occasion) -> Lines:
    """What this very request wrote before. Raises KeyReused."""
    if any(line.request != how.request for line in lines):
        raise KeyReused
    return lines


def _records(it: DeskAct) -> tuple[tuple[str, ...], str]:
    """Whose ledger it is, and in which currency: of a visit that of the record it was booked under, in the visit's
    own; else all that the client has become one of, in the business's. Raises UnknownClient, UnknownAppointment."""
    client: Client = clients.load(it.business.id, it.client)
    if it.appointment is None:
        return tuple(client.ids), it.business.currency
    visit = appointments.load(it.business.id, it.appointment)
    if visit.client not in client.ids:
        raise UnknownAppointment
    return (visit.client,), currency_of(visit, it.business)


def _statement(it: DeskAct, balance: Balance) -> Statement:
    if it.appointment is None:
        return statement(balance)
    return statement(balance, ledger.of_visit(it.business.id, balance.client, it.appointment, balance.currency))


def _parts(rooms: Mapping[str, int], amount: Money) -> dict[str, Money]:
    """From the first record on, what each has room for. Raises AboveBalance."""
    left, parts = amount.minor, dict[str, Money]()
    for record, room in rooms.items():
        if (minor := min(room, left)) > 0:
            parts[record] = Money(minor, amount.currency)
            left -= minor
    if left:
        raise AboveBalance(most=sum(max(room, 0) for room in rooms.values()))
    return parts


def _line(it: DeskAct, entry: str) -> Transaction:
    """Raises UnknownClient, UnknownEntry."""
    client, line = clients.load(it.business.id, it.client), ledger.find(it.business.id, entry)
    if line is None or line.client not in client.ids:
        raise UnknownEntry
    return line


def must_be_allowed(it: DeskAct, minor: int) -> None:
    """Raises WaiverAboveLimit."""
    rules = it.business.money
    if not rules.may_waive(it.role, minor):
        needed = "manager" if rules.may_waive("manager", minor) else "owner"
        raise WaiverAboveLimit(limit=rules.limit(it.role), needed=needed)


def _must_be_theirs(it: DeskAct, line: Transaction, how: Occasion) -> None:
    """Raises RoleRequired."""
    own = line.what is MoneyAct.PAID and (line.by, line.day) == (how.by, how.day)
    if it.role == "staff" and not own:
        raise RoleRequired(needed="manager")


def _because(reason: WaiverReason | CorrectionReason) -> Reason:
    return because(Code(f"money_{reason}"))
