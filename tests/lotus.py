"""Two businesses as they stand in the tables: the Lotus salon, and a garage that has nothing to do with it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from moto.backends import get_backend
from moto.core.models import DEFAULT_ACCOUNT_ID
from pynamodb.models import Model

from kept.booking.appointment import Appointment, Slot
from kept.booking.block import Block
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
from kept.storage import appointments, blocks, catalogs, clients, day_pages, follow_ups, messages, short_links, tables
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
    pages = [
        page.with_entry(_entry(appointment.id, appointment.slot), now=NOW) for page in _pages(appointment, catalog)
    ]
    with together() as transaction:
        appointments.put(appointment, next_due(appointment, catalog), transaction)
        for page in pages:
            day_pages.put(appointment.business, page, transaction)
    return appointments.load(appointment.business, appointment.id)


def block(it: Block) -> Block:
    """Somebody's time that nobody is to book, in the book."""
    entry = _entry(it.ref, it.slot)
    days = days_touched(entry, catalogs.load(it.business).business.zone)
    pages = day_pages.load(it.business, staff_key(it.slot.staff), days)
    with together() as transaction:
        blocks.put(replace(it, slot=replace(it.slot, days=days)), transaction)
        for page in pages:
            day_pages.put(it.business, page.with_entry(entry, now=NOW), transaction)
    return replace(it, revision=1)


def say(message: Message) -> Key:
    with together() as transaction:
        return messages.put(message, transaction)


def written(client: str, business: str = "lotus") -> list[Received]:
    """Everything this client wrote, oldest first."""
    found = messages.received(business, (client,), since=datetime.fromtimestamp(0, UTC))
    return sorted(found, key=lambda one: (one.at, one.id))


def let_in(email: str, role: str = "staff", *, business: str = "lotus", staff: str = "", password: str = "") -> None:
    """They sign in there; without a password they are invited and have not come yet."""
    pool = {"UserPoolId": setting("STAFF_POOL"), "Username": email}
    said = {"email": email, "email_verified": "true", "custom:business": business, "custom:staff": staff}
    aws("cognito-idp").admin_create_user(
        **pool, UserAttributes=[{"Name": name, "Value": value} for name, value in said.items()]
    )
    if password:
        aws("cognito-idp").admin_set_user_password(**pool, Password=password, Permanent=True)
    if role:
        aws("cognito-idp").admin_add_user_to_group(**pool, GroupName=role)


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
    """All that is stored, who signs in, and how much waits to be sent or read; to be compared."""
    stored: dict[str, Any] = {model.Meta.table_name: _items(model) for model in tables.TABLES}
    stored["sign_ins"] = _sign_ins()
    return stored | {queue: _waiting(setting(queue)) for queue in ("MESSAGES_QUEUE", "INBOUND_QUEUE")}


def _sign_ins() -> list[str]:
    """As moto has them: asked through the API it would take longer than all the rest."""
    pool = get_backend("cognito-idp")[DEFAULT_ACCOUNT_ID]["us-east-1"].user_pools[setting("STAFF_POOL")]
    return sorted(
        f"{user.username} {sorted(user.attribute_lookup.items())} {user.enabled} {user.status} "
        f"{sorted(group.group_name for group in user.groups)}"
        for user in pool.users.values()
    )


def _waiting(url: str) -> str:
    answer = aws("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    count: str = answer["Attributes"]["ApproximateNumberOfMessages"]
    return count


def _items(model: type[Model]) -> list[str]:
    return sorted(repr(sorted(item.to_simple_dict().items())) for item in model.scan(consistent_read=True))


def _entry(ref: str, slot: Slot) -> Entry:
    zero = datetime.fromtimestamp(0, UTC)
    start, end = ((at - zero) // timedelta(minutes=1) for at in (slot.starts, slot.ends))
    return Entry(ref, start, end, slot.before, slot.after)


def _pages(appointment: Appointment, catalog: Catalog) -> Iterable[DayPage]:
    slot, days = appointment.slot, days_touched(_entry(appointment.id, appointment.slot), catalog.business.zone)
    keys = [staff_key(slot.staff), *([room_key(slot.room)] if slot.room else [])]
    return [page for key in keys for page in day_pages.load(appointment.business, key, days)]
