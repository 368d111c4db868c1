"""The numbers of a day's queue, each an item of its own, named by day and number: who takes a number writes it on the
condition that nobody has it, so none is given twice. Beside the log of events, where what is over is dropped."""

import re
from datetime import date, datetime, timedelta
from math import ceil

from pynamodb.transactions import TransactWrite

from kept.lanes import Key, Lane, lane_key
from kept.storage.codec import from_json, whole_json
from kept.storage.tables import EventItem
from kept.storage.transaction import alone
from kept.waiting_room.refusals import UnknownNumber
from kept.waiting_room.ticket import Ticket

TICKET = "ticket#"
KEPT = timedelta(days=60)
"""Its name is forgotten with it."""
ID = re.compile(r"\d{4}-\d\d-\d\d-\d{3}", re.ASCII)
BEHIND = "~"
"""Sorts behind every day."""


def of_day(business: str, day: date) -> list[Ticket]:
    """By number; none is missing that was given before."""
    found = EventItem.query(business, EventItem.id.startswith(f"{TICKET}{day.isoformat()}"), consistent_read=True)
    return [_ticket(item) for item in found]


def load(business: str, id: str) -> Ticket:
    """Raises UnknownNumber."""
    if not ID.fullmatch(id):
        raise UnknownNumber
    try:
        return _ticket(EventItem.get(business, TICKET + id, consistent_read=True))
    except EventItem.DoesNotExist as error:
        raise UnknownNumber from error


def find(business: str, id: str) -> Ticket | None:
    """None also where it was dropped by now."""
    try:
        return load(business, id)
    except UnknownNumber:
        return None


def latest(business: str, *, since: date, limit: int) -> list[Ticket]:
    """Of the last days, the newest first; eventually consistent."""
    span = EventItem.id.between(f"{TICKET}{since.isoformat()}", f"{TICKET}{BEHIND}")
    return [_ticket(item) for item in EventItem.query(business, span, scan_index_forward=False, limit=limit)]


def between(business: str, first: date, last: date) -> list[Ticket]:
    """Of these days, as far as they are kept; eventually consistent."""
    span = EventItem.id.between(f"{TICKET}{first.isoformat()}", f"{TICKET}{last.isoformat()}{BEHIND}")
    return [_ticket(item) for item in EventItem.query(business, span)]


def put(ticket: Ticket, transaction: TransactWrite | None = None, *, over: Ticket | None) -> None:
    """As it was read, or, new, a number that nobody has; with other writes, or alone. Raises Lost, on commit where it
    is with others."""
    item = EventItem(ticket.business, TICKET + ticket.id, body=whole_json(ticket), expires=_expires(ticket.came_at))
    if ticket.due_at:
        item.due_lane, item.due_at = lane_key(Lane.EVENT, item.id), ceil(ticket.due_at.timestamp())
    as_read = EventItem.body == whole_json(over) if over else EventItem.id.does_not_exist()
    if transaction is not None:
        transaction.save(item, condition=as_read)
        return
    with alone():
        item.save(condition=as_read)


def due_key(ticket: Ticket) -> Key:
    return Key(Lane.EVENT, ticket.business, TICKET + ticket.id)


def _expires(came_at: datetime) -> int:
    return int((came_at + KEPT).timestamp())


def _ticket(item: EventItem) -> Ticket:
    return from_json(Ticket, item.body)
