"""What a late cancellation or a missed visit costs, charged and taken back in the very write that causes it.

The caller retries what is Lost, so whatever is decided here is decided on the ledger as it then is.
"""

from collections.abc import Iterable

from pynamodb.transactions import TransactWrite

from kept import ids
from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.business.catalog import Business, Money
from kept.ledger import acts
from kept.ledger.acts import Occasion
from kept.ledger.taking_back import not_reversed, taken_back
from kept.ledger.transaction import MoneyAct, Transaction
from kept.ledger.visit_account import VisitAccount
from kept.reasons import Code, Reason, is_because
from kept.storage import ledger


def charge_fee(
    business: Business, visit: Appointment, minor: int, why: Reason, transaction: TransactWrite, change: Change
) -> Transaction | None:
    """None, and nothing is written, where one stands already for this version of the visit and this reason.

    Its id is drawn from the visit, its version and which of its fees it is, so that no repeat and no race charges
    twice. Raises InvalidAmount, UnknownReason.
    """
    account = opened(business, visit)
    line = add_fee(account, business, visit, minor, why, change)
    written(account, transaction)
    return line


def opened(business: Business, visit: Appointment) -> VisitAccount:
    """As it is now, for the lines that one write adds; in the currency of the visit."""
    return opened_in(currency_of(visit, business), business, visit)


def opened_in(currency: str, business: Business, visit: Appointment) -> VisitAccount:
    lines = ledger.of_visit(business.id, visit.client, visit.id, currency)
    return VisitAccount(ledger.balance(business.id, visit.client, currency), lines)


def currency_of(visit: Appointment, business: Business) -> str:
    """That of the terms that were accepted: the service's own, and the business's of then."""
    return visit.terms(business.changes).currency or business.currency


def written(account: VisitAccount, transaction: TransactWrite) -> None:
    """Nothing where nothing was added."""
    if account.made:
        ledger.put(account.client, account.made, transaction)


def add_fee(
    account: VisitAccount, business: Business, visit: Appointment, minor: int, why: Reason, change: Change
) -> Transaction | None:
    act = f"v{visit.version}-fee"
    if _standing(account.lines, act, why):
        return None
    id = ledger.line_id(visit.client, visit.id, account.free(act))
    line = acts.fee(account.now, occasion(business, id, change, visit.id, why), Money(minor, account.client.currency))
    account.add(line)
    return line


def add_taking_back(
    account: VisitAccount, business: Business, visit: Appointment, asked: Code, why: Reason, change: Change
) -> None:
    """The fee of the visit that was `asked` for this and stands, and before it what the client was let off of it; what
    they had paid, and did not get back, is then theirs. Raises UnknownReason."""

    def how(line: Transaction) -> Occasion:
        return occasion(business, reversal_id(line), change, visit.id, why)

    lines = [*account.lines, *account.made]
    account.add(*taken_back(account.now.client, lines, lambda line: is_because(line.why, asked), how))


def reversal_id(line: Transaction) -> str:
    """There is one for each line."""
    return f"{line.id}-back"


def occasion(
    business: Business, id: str, change: Change, appointment: str | None, why: Reason | None = None
) -> Occasion:
    day = change.at.astimezone(business.zone).date()
    request = ids.digest(f"{change.key}\n{change.body}") if change.key else ""
    return Occasion(id, str(change.by), change.at, day, appointment, why, request)


def _standing(lines: Iterable[Transaction], act: str, why: Reason) -> bool:
    fees = (it for it in not_reversed(lines) if it.what is MoneyAct.FEE and is_because(it.why, Code(why.code)))
    return any(line.id.rpartition("#")[2].startswith(act) for line in fees)
