"""A business's settings, services, staff, rooms and own texts: read whole, kept for a minute by a warm Lambda."""

import json
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import ceil
from time import monotonic

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from kept import ids
from kept.actor import Change
from kept.business.catalog import Business, Catalog, NoLongerOffered, Resource, Service, StaffMember, in_order
from kept.business.own_text import OwnText
from kept.business.refusals import UnknownBusiness
from kept.business.setting_change import SettingChange
from kept.lanes import Lane, lane_key
from kept.storage import policy_versions, setting_changes
from kept.storage.codec import from_json, whole_json
from kept.storage.shelves import body_of, says_still
from kept.storage.tables import CatalogItem
from kept.storage.transaction import Lost, alone, together

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


def name(kind: type[Thing], id: str) -> str:
    return f"{KINDS[kind]}#{id}"


def revision(thing: Thing) -> str:
    """Of this thing once it is stored: a digest of all that it says, so it needs no counter, and whoever saves what
    stands there already changes nothing."""
    return ids.digest(_body(thing))


def put(business: str, things: Iterable[Thing], *, day_list_at: datetime | None = None) -> None:
    """Over whatever stands there, as whoever sets a business up does. `day_list_at`: see `save`."""
    with CatalogItem.batch_write() as batch:
        for thing in things:
            batch.save(_item(business, thing, day_list_at))
    _read.pop(business, None)


def save(
    business: str, thing: Thing, *, over: str, day_list_at: datetime | None = None, change: Change | None = None
) -> None:
    """Over the revision that it was decided by ("" for none), with a line of the history where it is somebody's
    `change`. Raises Lost.

    With all its values, those that are our defaults as well: a later default of ours changes nothing that an owner has
    saved. `day_list_at` is when a member of staff is to get the list of their day.
    """
    item = CatalogItem(business, name(type(thing), thing.id))
    due = _list_comes(item, day_list_at) if isinstance(thing, StaffMember) else []
    body, was = _body(thing), _stands(business, thing, over)
    with together() as transaction:
        transaction.update(item, actions=[CatalogItem.body.set(body), *due], condition=says_still(was))
        if isinstance(thing, Business):
            policy_versions.put(thing, transaction, before=from_json(Business, was) if was else None)
        _note(business, thing, was, body, change, transaction)
    _read.pop(business, None)


def give_up(business: str, thing: Service | StaffMember | Resource, *, over: str, change: Change | None = None) -> None:
    """It is offered no more, but can be named. Raises Lost."""
    gone = CatalogItem(business, GONE + name(type(thing), thing.id), body=_body(thing))
    was = _stands(business, thing, over)
    with together() as transaction:
        transaction.delete(CatalogItem(business, name(type(thing), thing.id)), condition=says_still(was))
        transaction.save(gone)
        _note(business, thing, was, "", change, transaction)
    _read.pop(business, None)


def drop_text(business: str, text: OwnText, *, over: str, change: Change | None = None) -> None:
    """Dropping what is not there changes nothing. Raises Lost."""
    was = _stands(business, text, over)
    with together() as transaction:
        transaction.delete(CatalogItem(business, name(OwnText, text.id)), condition=says_still(was))
        _note(business, text, was, "", change, transaction)
    _read.pop(business, None)


def move_lists(business: str, staff: Iterable[str], at: datetime | None) -> None:
    """Their lists of the day come then, or no more; one request for each. Who was given up meanwhile stays so."""
    for id in staff:
        item = CatalogItem(business, name(StaffMember, id))
        with suppress(Lost), alone():
            item.update(_list_comes(item, at), condition=CatalogItem.body.exists())
    _read.pop(business, None)


def _stands(business: str, thing: Thing, over: str) -> str:
    """What it says, in that revision; "" for nothing. Raises Lost where it says something else by now."""
    body = body_of(business, name(type(thing), thing.id))
    if (ids.digest(body) if body else "") != over:
        raise Lost
    return body


def _note(business: str, thing: Thing, was: str, now: str, change: Change | None, transaction: TransactWrite) -> None:
    if change:
        line = SettingChange(KINDS[type(thing)], thing.id, change.by.id, change.at, was, now)
        setting_changes.put(business, line, transaction)


def _body(thing: Thing) -> str:
    """Written in one way, in whatever order its days were named."""
    return json.dumps(json.loads(whole_json(thing)), sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _list_comes(item: CatalogItem, at: datetime | None) -> list[Action]:
    if at is None:
        return [CatalogItem.due_at.remove(), CatalogItem.due_lane.remove()]
    return [CatalogItem.due_at.set(ceil(at.timestamp())), CatalogItem.due_lane.set(lane_key(Lane.DAY_LIST, item.id))]


def _item(business: str, thing: Thing, day_list_at: datetime | None = None) -> CatalogItem:
    item = CatalogItem(business, name(type(thing), thing.id), body=_body(thing))
    if day_list_at and isinstance(thing, StaffMember):
        item.due_lane, item.due_at = lane_key(Lane.DAY_LIST, item.id), ceil(day_list_at.timestamp())
    return item


def put_off_list(
    business: str, staff: str, *, of: datetime, until: datetime | None, transaction: TransactWrite
) -> None:
    """From the list due at `of` to the next one, on the condition that nobody did so before."""
    item = CatalogItem(business, name(StaffMember, staff))
    done: list[Action] = [CatalogItem.due_at.remove(), CatalogItem.due_lane.remove()]
    put_off: list[Action] = [CatalogItem.due_at.set(ceil(until.timestamp()))] if until else done
    transaction.update(item, actions=put_off, condition=CatalogItem.due_at == int(of.timestamp()))


def list_due(business: str, staff: str) -> datetime | None:
    """When their next list is due; None for nobody we know, and for a business that sends none."""
    try:
        item = CatalogItem.get(business, name(StaffMember, staff), consistent_read=True)
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
    revisions: dict[str, str] = {}
    for item in CatalogItem.query(business, consistent_read=True):
        bodies[item.id.partition("#")[0]].append(item.body)
        revisions[item.id] = ids.digest(item.body)
    if not bodies["business"]:
        raise UnknownBusiness
    offered, archived = in_order(from_json(Service, body) for body in bodies["service"])
    staff = [from_json(StaffMember, body) for body in bodies["staff"]]
    rooms = [from_json(Resource, body) for body in bodies["room"]]
    texts = [from_json(OwnText, body) for body in bodies["text"]]
    return Catalog(
        from_json(Business, bodies["business"][0]),
        offered,
        {member.id: member for member in staff},
        {room.id: room for room in rooms},
        {text.id: text for text in texts},
        int((bodies["policy"] or ["1"])[0]),
        NoLongerOffered(
            {it.id: it for it in (from_json(Service, body) for body in bodies[f"{GONE}service"])} | archived,
            {it.id: it for it in (from_json(StaffMember, body) for body in bodies[f"{GONE}staff"])},
            {it.id: it for it in (from_json(Resource, body) for body in bodies[f"{GONE}room"])},
        ),
        next(iter(bodies["logo"]), ""),
        revisions,
    )
