"""A business's settings, services, staff and rooms: read whole, kept for a minute by a warm Lambda."""

from collections.abc import Iterable
from time import monotonic

from kept.booking.catalog import Business, Catalog, Resource, Service, StaffMember
from kept.errors import UnknownBusiness
from kept.storage.codec import from_json, to_json
from kept.storage.tables import CatalogItem

FRESH = 60.0
"""Seconds that a warm Lambda trusts what it read; a change of settings takes as long to be seen everywhere."""

Thing = Business | Service | StaffMember | Resource
KINDS: dict[type[Thing], str] = {Business: "business", Service: "service", StaffMember: "staff", Resource: "room"}

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


def put(business: str, things: Iterable[Thing]) -> None:
    with CatalogItem.batch_write() as batch:
        for thing in things:
            batch.save(CatalogItem(business, f"{KINDS[type(thing)]}#{thing.id}", body=to_json(thing)))
    _read.pop(business, None)


def _whole(business: str) -> Catalog:
    bodies: dict[str, list[str]] = {kind: [] for kind in KINDS.values()}
    for item in CatalogItem.query(business, consistent_read=True):
        bodies[item.id.partition("#")[0]].append(item.body)
    if not bodies["business"]:
        raise UnknownBusiness
    services = [from_json(Service, body) for body in bodies["service"]]
    staff = [from_json(StaffMember, body) for body in bodies["staff"]]
    rooms = [from_json(Resource, body) for body in bodies["room"]]
    return Catalog(
        from_json(Business, bodies["business"][0]),
        {service.id: service for service in services},
        {member.id: member for member in staff},
        {room.id: room for room in rooms},
    )
