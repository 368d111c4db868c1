"""Two businesses as they stand in the tables: the Lotus salon, and a garage that has nothing to do with it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pynamodb.models import Model

from kept.booking.appointment import Appointment
from kept.booking.day_page import DayPage, Entry, days_touched
from kept.business.catalog import Business, Catalog, Resource, Service
from kept.client_links import short_tokens, signing_keys
from kept.client_links.short_links import ShortLink
from kept.clients.client import Client
from kept.follow_up.follow_up import FollowUp
from kept.lanes import Key
from kept.messaging.message import Message
from kept.messaging.received import Received
from kept.reminders.timeline import next_due
from kept.runtime import aws
from kept.settings import setting
from kept.storage import appointments, catalogs, clients, day_pages, follow_ups, messages, short_links, tables
from kept.storage.transaction import together
from kept.timekeeping.weekly_hours import TimeOff
from kept.use_cases.booking.open_times import room_key, staff_key
from tests.builders import BOOKED, CUT, a_catalog, a_client, a_member

NOW = BOOKED
"""Saturday 28 February 2026, 17:00 in Shanghai, where the salon is open from 9:00 to 20:00 every day."""
OFF = TimeOff(datetime(2026, 3, 3, 1, tzinfo=UTC), datetime(2026, 3, 3, 4, tzinfo=UTC), "at the dentist's")
"""Mei's Tuesday morning, 9:00 to 12:00."""
COLOUR = Service("colour", "Colour", 60, staff=("mei",), rooms=("basin",), before=5, after=10, notice=120)


def the_salon() -> Catalog:
    """Mei and Jun cut; Mei colours at the one basin; Bo sweeps the floor and is never booked."""
    mei = a_member("mei")
    off = replace(mei, hours=replace(mei.hours, time_off=(OFF,)))
    catalog = a_catalog(off, a_member("jun", "owner"), a_member("bo"))
    return replace(catalog, services={"cut": CUT, "colour": COLOUR}, rooms={"basin": Resource("basin", "Basin")})


def the_garage() -> Catalog:
    """In New York; Sam repairs brakes."""
    business = Business("garage", "Garage", "America/New_York", "US", "USD", "en")
    brakes = Service("brakes", "Brakes", 60, staff=("sam",))
    return Catalog(business, {"brakes": brakes}, {"sam": a_member("sam")})


def open_both() -> None:
    for catalog in (the_salon(), the_garage()):
        store(catalog)


def store(catalog: Catalog, *, day_list_at: datetime | None = None) -> None:
    things: list[catalogs.Thing] = [
        catalog.business,
        *catalog.services.values(),
        *catalog.staff.values(),
        *catalog.rooms.values(),
    ]
    catalogs.put(catalog.business.id, things, day_list_at=day_list_at)


def known(client: Client | None = None) -> None:
    """Li Na, or somebody else, is a client from now on."""
    with together() as transaction:
        clients.put_new(client or a_client(), transaction)


def put(appointment: Appointment) -> Appointment:
    """With its place in the book and what is due for it."""
    catalog = catalogs.load(appointment.business)
    pages = [page.with_entry(_entry(appointment), now=NOW) for page in _pages(appointment, catalog)]
    with together() as transaction:
        appointments.put(appointment, next_due(appointment, catalog), transaction)
        for page in pages:
            day_pages.put(appointment.business, page, transaction)
    return appointments.load(appointment.business, appointment.id)


def say(message: Message) -> Key:
    with together() as transaction:
        return messages.put(message, transaction)


def written(client: str, business: str = "lotus") -> list[Received]:
    """Everything this client wrote, oldest first."""
    found = messages.received(business, client, since=datetime.fromtimestamp(0, UTC))
    return sorted(found, key=lambda one: (one.at, one.id))


def short(link: ShortLink) -> str:
    """Its path, as if a message had said it."""
    keys = signing_keys.current()
    letters = short_tokens.made(keys, link.said)
    short_links.put_new(short_tokens.stored_names(keys, letters)[0], link)
    return f"/k/{letters}"


def open_follow_up(follow_up: FollowUp) -> FollowUp:
    return follow_ups.put_alone(follow_up)


def on_page(staff: str = "mei", day: date = date(2026, 3, 2), business: str = "lotus") -> list[Entry]:
    """What stands there, bookings and holds."""
    (page,) = day_pages.load(business, staff_key(staff), [day])
    return list(page.entries)


def everything() -> dict[str, Any]:
    """All that is stored, and how much waits to be sent or read; to be compared."""
    stored: dict[str, Any] = {model.Meta.table_name: _items(model) for model in tables.TABLES}
    return stored | {queue: _waiting(setting(queue)) for queue in ("MESSAGES_QUEUE", "INBOUND_QUEUE")}


def _waiting(url: str) -> str:
    answer = aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    count: str = answer["Attributes"]["ApproximateNumberOfMessages"]
    return count


def _items(model: type[Model]) -> list[str]:
    return sorted(repr(sorted(item.to_simple_dict().items())) for item in model.scan(consistent_read=True))


def _entry(appointment: Appointment) -> Entry:
    slot, zero = appointment.slot, datetime.fromtimestamp(0, UTC)
    start, end = ((at - zero) // timedelta(minutes=1) for at in (slot.starts, slot.ends))
    return Entry(appointment.id, start, end, slot.before, slot.after)


def _pages(appointment: Appointment, catalog: Catalog) -> Iterable[DayPage]:
    slot, days = appointment.slot, days_touched(_entry(appointment), catalog.business.zone)
    keys = [staff_key(slot.staff), *([room_key(slot.room)] if slot.room else [])]
    return [page for key in keys for page in day_pages.load(appointment.business, key, days)]
