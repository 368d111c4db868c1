"""What a client owes and has, what was written of it, and what all clients of a day paid."""

from dataclasses import dataclass

from kept.booking.refusals import UnknownAppointment
from kept.business.catalog import Business
from kept.clients.client import Client
from kept.ledger.balance import Balance, Statement, statement, summed
from kept.ledger.transaction import Transaction
from kept.storage import appointments, ledger


@dataclass(frozen=True, slots=True)
class OfVisit:
    """What is owed for one visit, and its lines in order of time."""

    statement: Statement
    lines: tuple[Transaction, ...]


def balance(business: Business, client: Client) -> Balance:
    """Of all their records together, in one read."""
    found = ledger.balances(business.id, client.ids, business.currency)
    return summed(found.values(), found[client.id])


def of_visit(business: Business, client: Client, appointment: str) -> OfVisit:
    """Raises UnknownAppointment."""
    visit = appointments.load(business.id, appointment)
    if visit.client not in client.ids:
        raise UnknownAppointment
    lines = ledger.of_visit(business.id, visit.client, appointment, business.currency)
    return OfVisit(statement(ledger.balance(business.id, visit.client, business.currency), lines), tuple(lines))
