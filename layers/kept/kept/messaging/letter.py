"""What a message can tell its reader, gathered from the catalog and the booking before any language comes in."""

from dataclasses import dataclass
from datetime import datetime

from kept.booking.appointment import Appointment
from kept.booking.catalog import Catalog, Mode
from kept.booking.states import Status
from kept.clients.client import Client
from kept.follow_up.follow_up import FollowUp
from kept.messaging.message import Message
from kept.reminders.stages import Stage


@dataclass(frozen=True, slots=True)
class Letter:
    """To a client, about their booking. `starts` and `ends` are in the client's zone.

    `elsewhere` when their clock shows another time than the business's, so that the zone has to be named;
    `asks` when they are to confirm; `free_hours` is the notice for a free change; empty strings are left out.
    """

    locale: str
    client: str
    business: str
    address: str
    phone: str
    service: str
    staff: str
    starts: datetime
    ends: datetime
    elsewhere: bool
    mode: Mode
    where: str
    room: str
    prepare: str
    asks: bool
    policy: str
    free_hours: int
    link: str
    rebook: str


@dataclass(frozen=True, slots=True)
class Notice:
    """To the business's own people, about a client. `due` and `visit` are in the business's zone."""

    locale: str
    business: str
    reader: str
    client: str
    cause: str
    service: str
    visit: datetime | None
    due: datetime | None
    percent: int | None


def letter(
    appointment: Appointment, client: Client, catalog: Catalog, *, stage: Stage | None, link: str, rebook: str
) -> Letter:
    """Raises UnknownService for one that the business has given up."""
    business, service = catalog.business, catalog.service(appointment.service)
    starts = appointment.starts.astimezone(client.zone)
    return Letter(
        locale=client.locale,
        client=client.name,
        business=business.name,
        address=business.address,
        phone=business.phone,
        service=service.name,
        staff=_staff_name(appointment.slot.staff, catalog),
        starts=starts,
        ends=appointment.ends.astimezone(client.zone),
        elsewhere=starts.utcoffset() != appointment.starts.astimezone(business.zone).utcoffset(),
        mode=service.mode,
        where=service.where or (business.address if service.mode is Mode.IN_PERSON else ""),
        room=_room_name(appointment.slot.room, catalog),
        prepare=service.prepare,
        asks=appointment.status is Status.BOOKED and (stage is None or stage.asks),
        policy=business.policy_text,
        free_hours=int(business.changes.free_until.total_seconds()) // 3600,
        link=link,
        rebook=rebook,
    )


def notice(
    message: Message, catalog: Catalog, *, client: Client, follow_up: FollowUp | None, visit: Appointment | None
) -> Notice:
    """Of a follow-up, of an appointment, or of both; a number at the end of the stage's name is a percentage."""
    business = catalog.business
    ending = message.stage.rpartition("_")[2]
    return Notice(
        locale=business.locale,
        business=business.name,
        reader=_staff_name(message.recipient, catalog) or business.name,
        client=client.name,
        cause=follow_up.cause if follow_up else "",
        service=catalog.service(visit.service).name if visit else "",
        visit=visit.starts.astimezone(business.zone) if visit else None,
        due=follow_up.due.astimezone(business.zone) if follow_up else None,
        percent=int(ending) if ending.isdecimal() else None,
    )


def _staff_name(staff: str, catalog: Catalog) -> str:
    """Nothing for one who has left, and for the business's own address."""
    member = catalog.staff.get(staff)
    return member.name if member else ""


def _room_name(room: str | None, catalog: Catalog) -> str:
    resource = catalog.rooms.get(room) if room else None
    return resource.name if resource else ""
