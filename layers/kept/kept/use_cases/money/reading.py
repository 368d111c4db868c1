"""What a client owes and has, what was written of it, and what all clients of a day paid."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from kept.booking.refusals import UnknownAppointment
from kept.bounds import PART
from kept.business.catalog import Business
from kept.clients.client import Client
from kept.ledger.balance import Balance, Statement, statement, summed
from kept.ledger.transaction import Transaction
from kept.storage import appointments, clients, ledger
from kept.use_cases.money.fees import opened


@dataclass(frozen=True, slots=True)
class OfVisit:
    """What is owed for one visit, in the currency of its terms, and its lines in order of time."""

    statement: Statement
    lines: tuple[Transaction, ...]
    currency: str


def lines_of_day(business: Business, day: date) -> Iterator[Transaction]:
    """All of them, the newest first: two requests for every hundred."""
    after = None
    while True:
        page = ledger.of_day(business.id, day, after=after, limit=PART)
        yield from page.lines
        if (after := page.next) is None:
            return


def names(business: Business, ids: Iterable[str]) -> Mapping[str, str]:
    """How the clients are called by now, by the ids that the ledger knows them by; who was forgotten has none."""
    wanted = set(ids)
    return {id: it.name for id, it in clients.several(business.id, wanted).items()} if wanted else {}


def balance(business: Business, client: Client, currency: str = "") -> Balance:
    """Of all their records together, in one read; in the business's currency unless another is named."""
    found = ledger.balances(business.id, client.ids, currency or business.currency)
    return summed(found.values(), found[client.id])


def of_visit(business: Business, client: Client, appointment: str) -> OfVisit:
    """Raises UnknownAppointment."""
    visit = appointments.load(business.id, appointment)
    if visit.client not in client.ids:
        raise UnknownAppointment
    account = opened(business, visit)
    lines, currency = tuple(account.lines), account.client.currency
    return OfVisit(statement(account.client, lines), lines, currency)
