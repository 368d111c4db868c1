"""Whether a deposit is asked of who books now, and asking for it in the write that books."""

from dataclasses import dataclass, replace

from pynamodb.transactions import TransactWrite

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.business.catalog import Business
from kept.business.change_rules import AskedOf, Terms
from kept.business.money_rules import WaiverReason
from kept.clients.client import Client
from kept.clients.standing import Standing
from kept.errors import ReasonRequired
from kept.ledger import deposits
from kept.ledger.visit_account import VisitAccount
from kept.policy.deposit import is_asked
from kept.policy.standing import standing
from kept.storage import ledger
from kept.use_cases.clients.visits import Records
from kept.use_cases.money.fees import written
from kept.use_cases.policy.deposit_steps import named


@dataclass(frozen=True, slots=True)
class DepositChoice:
    """What staff say: with a deposit or without one, whatever the rules; None is by the rules. To go without one that
    the rules ask for takes a reason."""

    asked: bool | None = None
    why_not: WaiverReason | None = None


BY_THE_RULES, WITHOUT = DepositChoice(), DepositChoice(asked=False, why_not=WaiverReason.GOODWILL)


def with_deposit(
    terms: Terms,
    business: Business,
    client: Client,
    choice: DepositChoice,
    change: Change,
    records: Records,
    *,
    is_on_record: bool,
) -> Terms:
    """The terms as they are accepted: without a deposit where none is asked. Only where it hangs on their record is
    that read. Raises ReasonRequired."""
    if not terms.deposit or terms.currency != business.currency:
        return replace(terms, deposit=0)
    by_rules = _by_rules(business, client, change, records if is_on_record else None)
    if choice.asked is False and by_rules and choice.why_not is None:
        raise ReasonRequired
    return terms if (by_rules if choice.asked is None else choice.asked) else replace(terms, deposit=0)


def ask_deposit(business: Business, visit: Appointment, transaction: TransactWrite, change: Change) -> None:
    """Of a visit that is booked by the same write: nothing was ever written about it."""
    account = VisitAccount(ledger.balance(business.id, visit.client, business.currency), [])
    minor = visit.accepted.deposit if visit.accepted else 0
    deposits.ask(account, minor, named(account, business, visit, change))
    written(account, transaction)


def _by_rules(business: Business, client: Client, change: Change, records: Records | None) -> bool:
    """None of somebody new, who has none."""
    rules = business.changes.deposits
    if rules.of is AskedOf.EVERYBODY or records is None:
        return is_asked(rules, is_new=True, standing=Standing.GOOD)
    visits = records.of(client)
    how = standing(visits, business, client.standing_set, now=change.at)
    return is_asked(rules, is_new=not any(it.has_come for it in visits), standing=how.standing)
