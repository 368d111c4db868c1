"""What was set aside, with what it is about: whose it is, which visit, which message, so that a person can judge it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kept.booking.addressee import addressee
from kept.booking.appointment import Appointment
from kept.business.catalog import Catalog, StaffMember
from kept.clients.client import Client
from kept.events.change import Kind
from kept.follow_up.follow_up import FollowUp
from kept.lanes import Lane
from kept.messaging.message import MessageName
from kept.messaging.received import writer_of
from kept.storage import appointments, aside, changes_aside, clients, follow_ups, zone_updates
from kept.storage.aside import SetAside


@dataclass(frozen=True, slots=True)
class ThingAside:
    """What of it is known: of the index of all clients, or of what was forgotten since, nothing more than its lane.

    `client` is who is meant, by the name they booked with, and `staff` whose list of the day it is.
    """

    it: SetAside
    message: MessageName | None
    visit: Appointment | None
    follow_up: FollowUp | None
    client: Client | None
    staff: StaffMember | None


def things_aside(catalog: Catalog) -> list[ThingAside]:
    """By lane, the oldest of each first. A request for every hundred visits, follow-ups and clients that they name."""
    business = catalog.business.id
    waiting = list(aside.waiting(business))
    named = {it.id: _name(it) for it in waiting}
    visits = {one.id: one for one in _visits(business, named.values())}
    others = [id for id in dict.fromkeys(named.values()) if id and id not in visits]
    found = follow_ups.several(business, others) if others else {}
    visits |= {one.id: one for one in _visits(business, {it.about for it in found.values()} - visits.keys())}
    whose = [visit.client for visit in visits.values()] + [it.client for it in found.values()]
    known = clients.several(business, [*whose, *others])
    return [_thing(it, named[it.id], visits, found, known, catalog) for it in waiting]


def _thing(
    it: SetAside,
    name: str,
    visits: Mapping[str, Appointment],
    found: Mapping[str, FollowUp],
    known: Mapping[str, Client],
    catalog: Catalog,
) -> ThingAside:
    follow_up = found.get(name)
    visit = visits.get(follow_up.about if follow_up else name)
    record = known.get(visit.client if visit else follow_up.client if follow_up else name)
    return ThingAside(
        it,
        MessageName.read(it.id) if it.lane is Lane.MESSAGE else None,
        visit,
        follow_up,
        addressee(record, visit) if record and visit else record,
        catalog.staff.get(name.removeprefix("day-")),
    )


def _name(it: SetAside) -> str:
    """Of what it is about: a visit, a follow-up, a client, or one of the staff; "" for what is none of these."""
    match it.lane:
        case Lane.MESSAGE:
            name = MessageName.read(it.id)
            return name.about if name else ""
        case Lane.EVENT:
            return _of_change(it.id)
        case Lane.DAY_LIST if not it.id.startswith(zone_updates.LOCAL_TIMES):
            return it.id.rpartition("#")[2]
    return "" if "#" in it.id else it.id


def _of_change(id: str) -> str:
    """What was changed, or for whom, as far as that has a name here."""
    match changes_aside.about(id):
        case (Kind.MESSAGE, name):
            message = MessageName.read(name)
            return message.about if message else ""
        case (Kind.REPLY, name):
            return writer_of(name)
        case (Kind.APPOINTMENT | Kind.CLIENT | Kind.FOLLOW_UP, name):
            return name
    return ""


def _visits(business: str, ids: Iterable[str]) -> Iterator[Appointment]:
    wanted: Sequence[str] = list(dict.fromkeys(filter(None, ids)))
    return appointments.several(business, wanted) if wanted else iter(())
