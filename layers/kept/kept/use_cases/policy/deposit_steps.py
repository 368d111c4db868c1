"""What becomes of a visit's deposit by a step of the visit: added to what is written with that step."""

from pynamodb.transactions import TransactWrite

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.states import CAME, GONE
from kept.business.catalog import Business, Catalog
from kept.lanes import Key
from kept.ledger.acts import Occasion
from kept.ledger.deposits import Name
from kept.ledger.transaction import Transaction
from kept.ledger.visit_account import Fate, VisitAccount
from kept.messaging.outgoing import to_client, undoable
from kept.policy.deposit import fate
from kept.policy.deposit_step import secured, step
from kept.reasons import Reason
from kept.reminders.timeline import next_due
from kept.storage import appointments, clients, ledger, messages
from kept.use_cases.money.fees import occasion, opened

OVER = GONE | CAME


def add_deposit_step(
    account: VisitAccount, business: Business, before: Appointment, after: Appointment, why: Reason, change: Change
) -> None:
    """`why` is said of what is lost; that they came, or changed it in time, is reason enough."""
    is_lost = fate(after) is Fate.FORFEITED or (after.is_expected and after.late)
    step(account, before, after, change, named(account, business, after, change, why if is_lost else None))


def as_secured(catalog: Catalog, before: Appointment, after: Appointment, change: Change) -> Appointment:
    """On again: where its deposit was handed back since, or spent as credit, it stands with what is left, for nobody is
    told of one that is not there."""
    if not (before.status in OVER and after.is_expected and after.accepted and after.accepted.deposit):
        return after
    business = catalog.business
    account = opened(business, after)
    return secured(account, after, named(account, business, after, change))


def unpaid(catalog: Catalog, line: Transaction, transaction: TransactWrite, change: Change) -> list[Key]:
    """Its visit waits for the deposit again, that was recorded as paid and was not; the client is told until when. The
    keys of what is to go out. Raises MoveNotAllowed once it has begun."""
    business = catalog.business
    visit = appointments.load(business.id, str(line.appointment))
    if not visit.is_expected:
        appointments.unchanged(visit, transaction)
        return []
    after = visit.await_deposit(business.changes.deposits.pay_until(visit.starts, now=change.at), change)
    appointments.put(after, next_due(after, catalog), transaction)
    client = clients.load(business.id, after.client)
    told = to_client(after, client, business, "deposit_asked", now=change.at, useful_until=after.held_until)
    return messages.put_all([undoable(told, change)], transaction, now=change.at)


def named(
    account: VisitAccount, business: Business, visit: Appointment, change: Change, why: Reason | None = None
) -> Name:
    """Lines of this version of the visit; one that has been taken back is followed by another of the same name."""

    def how(name: str) -> Occasion:
        id = ledger.line_id(visit.client, visit.id, account.free(f"v{visit.version}-{name}"))
        return occasion(business, id, change, visit.id, why)

    return how
