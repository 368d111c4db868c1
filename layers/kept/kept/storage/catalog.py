"""A business's settings, services, staff, rooms and own texts: read whole, kept for a minute by a warm Lambda."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import ceil
from time import monotonic

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from kept.booking.catalog import Business, Catalog, Gone, Resource, Service, StaffMember
from kept.errors import UnknownBusiness
from kept.lanes import Lane, lane_key
from kept.messaging.own_text import OwnText
from kept.storage.codec import from_json, to_json
from kept.storage.tables import CatalogItem

FRESH = 60.0
"""Seconds that a warm Lambda trusts what it read; a change of settings takes as long to be seen everywhere."""

Thing = Business | Service | StaffMember | Resource | OwnText
POLICY = "policy#follow_ups"
"""Which number follow-ups are opened by; the policies themselves stand apart, for they are many and seldom read."""
KINDS: dict[type[Thing], str] = {
    Business: "business",
    Service: "service",
    StaffMember: "staff",
    Resource: "room",
    OwnText: "text",
}

DAY_END = "day_end"
GONE = "gone_"
"""Before the kind of what was given up: it is kept under that to be named by what was booked."""


@dataclass(frozen=True, slots=True)
class DayEnd:
    """Which day of theirs somebody is asked about next, and when; None is never."""

    business: str
    staff: str
    day: date
    at: datetime | None


_read: dict[str, tuple[float, Catalog]] = {}


def load(business: str) -> Catalog:
    """Raises UnknownBusiness."""
    read_at, catalog = _read.get(business, (0.0, None))
    if catalog is None or monotonic() - read_at > FRESH:
        catalog = _whole(business)
        _read[business] = (monotonic(), catalog)
    return catalog


def forget() -> None:
    """Read again on the next use."""
    _read.clear()


def put(business: str, things: Iterable[Thing], *, day_list_at: datetime | None = None) -> None:
    """`day_list_at` is when the staff among them are to get the list of their day."""
    with CatalogItem.batch_write() as batch:
        for thing in things:
            item = CatalogItem(business, f"{KINDS[type(thing)]}#{thing.id}", body=to_json(thing))
            if day_list_at and isinstance(thing, StaffMember):
                item.due_lane, item.due_at = lane_key(Lane.DAY_LIST, item.id), ceil(day_list_at.timestamp())
            batch.save(item)
    _read.pop(business, None)


def give_up(business: str, thing: Service | StaffMember | Resource, also: Iterable[Thing]) -> None:
    """It is offered no more, but can be named, and the others are as they are without it.

    A crash half-way leaves it among the names of the others, where nobody looks for one that is not there.
    """
    kind = KINDS[type(thing)]
    with CatalogItem.batch_write() as batch:
        batch.delete(CatalogItem(business, f"{kind}#{thing.id}"))
        batch.save(CatalogItem(business, f"{GONE}{kind}#{thing.id}", body=to_json(thing)))
        for other in also:
            batch.save(CatalogItem(business, f"{KINDS[type(other)]}#{other.id}", body=to_json(other)))
    _read.pop(business, None)


def drop_text(business: str, id: str) -> None:
    """Dropping what is not there changes nothing."""
    with CatalogItem.batch_write() as batch:
        batch.delete(CatalogItem(business, f"{KINDS[OwnText]}#{id}"))
    _read.pop(business, None)


def put_off_list(
    business: str, staff: str, *, of: datetime, until: datetime | None, transaction: TransactWrite
) -> None:
    """From the list due at `of` to the next one, on the condition that nobody did so before."""
    item = CatalogItem(business, f"{KINDS[StaffMember]}#{staff}")
    done: list[Action] = [CatalogItem.due_at.remove(), CatalogItem.due_lane.remove()]
    put_off: list[Action] = [CatalogItem.due_at.set(ceil(until.timestamp()))] if until else done
    transaction.update(item, actions=put_off, condition=CatalogItem.due_at == int(of.timestamp()))


def list_due(business: str, staff: str) -> datetime | None:
    """When their next list is due; None for nobody we know, and for a business that sends none."""
    try:
        item = CatalogItem.get(business, f"{KINDS[StaffMember]}#{staff}", consistent_read=True)
    except CatalogItem.DoesNotExist:
        return None
    return datetime.fromtimestamp(int(item.due_at), UTC) if item.due_at else None


def day_end(business: str, staff: str) -> DayEnd | None:
    """What they are next asked about; None for whom nobody has arranged it."""
    try:
        item = CatalogItem.get(business, f"{DAY_END}#{staff}", consistent_read=True)
    except CatalogItem.DoesNotExist:
        return None
    at = datetime.fromtimestamp(int(item.due_at), UTC) if item.due_at else None
    return DayEnd(business, staff, date.fromisoformat(item.body), at)


def put_day_end(asked: DayEnd, *, of: DayEnd | None, transaction: TransactWrite) -> None:
    """In the place of what was arranged before, on the condition that nobody did so meanwhile."""
    item = CatalogItem(asked.business, f"{DAY_END}#{asked.staff}", body=asked.day.isoformat())
    if asked.at:
        item.due_lane, item.due_at = lane_key(Lane.DAY_LIST, item.id), ceil(asked.at.timestamp())
    transaction.save(item, condition=_arranged(of))


def _arranged(as_read: DayEnd | None) -> Condition:
    if as_read is None:
        return CatalogItem.id.does_not_exist()
    if as_read.at is None:
        return CatalogItem.due_at.does_not_exist()
    return CatalogItem.due_at == int(as_read.at.timestamp())


def _whole(business: str) -> Catalog:
    bodies: dict[str, list[str]] = defaultdict(list)
    for item in CatalogItem.query(business, consistent_read=True):
        bodies[item.id.partition("#")[0]].append(item.body)
    if not bodies["business"]:
        raise UnknownBusiness
    services = [from_json(Service, body) for body in bodies["service"]]
    staff = [from_json(StaffMember, body) for body in bodies["staff"]]
    rooms = [from_json(Resource, body) for body in bodies["room"]]
    texts = [from_json(OwnText, body) for body in bodies["text"]]
    return Catalog(
        from_json(Business, bodies["business"][0]),
        {service.id: service for service in services},
        {member.id: member for member in staff},
        {room.id: room for room in rooms},
        {text.id: text for text in texts},
        int((bodies["policy"] or ["1"])[0]),
        Gone(
            {it.id: it for it in (from_json(Service, body) for body in bodies[f"{GONE}service"])},
            {it.id: it for it in (from_json(StaffMember, body) for body in bodies[f"{GONE}staff"])},
            {it.id: it for it in (from_json(Resource, body) for body in bodies[f"{GONE}room"])},
        ),
    )
