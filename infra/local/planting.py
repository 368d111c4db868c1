"""Planting the demo: through the doors of the product, so that what it holds is what the product would let in."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict

from infra.local import own_calendar
from infra.local.owing import Fee, owe
from infra.local.past import Past
from infra.local.playing import FRONT_DESK, Today, play
from kept import clock, ids
from kept.actor import CLIENT, Actor, Change
from kept.api.booking.requests import ClientDetails
from kept.api.business.business_settings import BusinessSettings
from kept.api.business.requests import RoomSettings, ServiceSettings, StaffSettings
from kept.api.follow_ups.requests import OpenRequest
from kept.api.messaging.saved_replies import SavedReplyRequest
from kept.booking.own_calendar import OwnCalendar
from kept.booking.states import Status
from kept.business.catalog import Catalog, Money
from kept.business.refusals import UnknownBusiness
from kept.channels import Channel, Purpose
from kept.clients.client import Client, Tier
from kept.clients.consent import Consent
from kept.clients.guest import Details, guest
from kept.clients.notes import Notes, written
from kept.clients.subscriptions import Subscription, TapKind
from kept.errors import Refusal
from kept.ledger.accounts import Means
from kept.messaging.inbound import Reply
from kept.settings import setting
from kept.storage import appointments, clients, messages, own_calendars, saved_replies, waitlist
from kept.storage.transaction import together
from kept.use_cases.booking import open_times
from kept.use_cases.booking.book import BookingRequest, book
from kept.use_cases.booking.change import apply_change
from kept.use_cases.booking.open_times import AvailabilityQuery
from kept.use_cases.business import settings
from kept.use_cases.clients import indexing
from kept.use_cases.follow_ups import acts
from kept.use_cases.messaging.staff_answers import StaffAnswer, send
from kept.use_cases.policy.deposits import deposit_received
from kept.use_cases.replies.reading import take
from kept.use_cases.waitlist.at_desk import offer_by_hand
from kept.use_cases.waitlist.joining import join
from kept.waitlist.entry import OnTheList, SameDay
from kept.waitlist.wish import Wish

WITHIN = timedelta(days=14)
"""How far after the day it is meant for a booking may slip, where the day is closed or full."""


class KnownClient(ClientDetails):
    """A client whom the business knows already; `wechat` is their OpenID at its account, `taps` what they tapped. What
    they are warned of is a note that is pinned."""

    tier: Tier
    wechat: str | None = None
    taps: tuple[TapKind, ...] = ()
    tags: tuple[str, ...] = ()
    warning: str = ""
    note: str = ""


class Booking(BaseModel):
    """A booking on the first free time from then on; `at` is the business's local time. With `answers` its client made
    it. A deposit that is asked was paid by `deposit`, or waits."""

    model_config = ConfigDict(extra="forbid")

    client: str
    service: str
    in_days: int
    at: time
    staff: str | None = None
    note: str = ""
    confirmed: bool = False
    deposit: Means | None = Means.TRANSFER
    answers: dict[str, str] = {}


class Waiting(BaseModel):
    """Somebody on the waitlist since `hours_ago`, for days from the first to the last of `days`, counted from today;
    with `offered` the first free time from then on of the last day, with the first of `staff`, is on offer to them."""

    model_config = ConfigDict(extra="forbid")

    client: str
    services: tuple[str, ...]
    days: tuple[int, int]
    hours_ago: float
    staff: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    opens: time | None = None
    closes: time | None = None
    book_for_me: bool = False
    quiet_allowed: bool = False
    same_day: SameDay = SameDay.NO
    note: str = ""
    offered: time | None = None


class Words(BaseModel):
    """What a client wrote lately, and what one of the staff answered, if they have."""

    model_config = ConfigDict(extra="forbid")

    client: str
    over: Channel
    text: str
    hours_ago: float
    answered: str = ""
    by: str = ""


class Demo(BaseModel):
    """Everything of one business, by id; `agreed` are the words its clients agreed to, `busy` who of the staff has a
    calendar of their own."""

    model_config = ConfigDict(extra="forbid")

    business: BusinessSettings
    rooms: dict[str, RoomSettings]
    staff: dict[str, StaffSettings]
    services: dict[str, ServiceSettings]
    agreed: str
    clients: dict[str, KnownClient]
    bookings: list[Booking]
    waiting: list[Waiting]
    past: Past
    today: Today
    fees: list[Fee]
    follow_ups: list[OpenRequest]
    busy: list[str]
    replies: dict[str, SavedReplyRequest]
    wrote: list[Words]


def plant(told: Mapping[str, Any]) -> None:
    """What is there already stays as it is, so doing it again changes nothing, and half a planting is completed."""
    now = clock.now()
    for id, demo in told.items():
        _plant(id, Demo.model_validate(demo), now)


def _plant(business: str, demo: Demo, now: datetime) -> None:
    catalog = _catalog(business, demo, now)
    known = {id: _client(catalog, client, demo.agreed, now) for id, client in demo.clients.items()}
    play(catalog, demo.today, known, now)
    for fee in demo.fees:
        owe(catalog, fee)
    for number, booking in enumerate(demo.bookings):
        _book(catalog, booking, known[booking.client], _cause(f"booking {number}", now))
    for number, wait in enumerate(demo.waiting):
        _wait(catalog, wait, known[wait.client], _cause(f"wait {number}", now))
    for number, asked in enumerate(demo.follow_ups):
        matter = acts.NewFollowUp(known[asked.client].id, asked.cause, assignee=asked.assignee)
        acts.open_by_hand(catalog, matter, replace(_cause(f"follow-up {number}", now), why=asked.note))
    for staff in demo.busy:
        _has_own_calendar(business, staff, now)
    for id, reply in demo.replies.items():
        if saved_replies.find(business, id) is None:
            saved_replies.save(business, reply.reply(id), over=None)
    for number, words in enumerate(demo.wrote):
        _write(catalog, words, known[words.client], number, now)


def _catalog(business: str, demo: Demo, now: datetime) -> Catalog:
    try:
        settings.read(business)
    except UnknownBusiness:
        settings.save_business(replace(demo.business.business(business), embed_origins=(_own_site(),)), now=now)
    there = settings.read(business)
    for id in demo.rooms.keys() - there.rooms:
        settings.save_room(business, demo.rooms[id].room(id))
    for id in demo.staff.keys() - there.staff:
        settings.save_staff(business, demo.staff[id].member(id), now=now)
    for id in demo.services.keys() - there.services:
        settings.save_service(business, demo.services[id].service(id))
    return settings.read(business)


def _has_own_calendar(business: str, staff: str, now: datetime) -> None:
    """The console's: it is read by what is due."""
    if own_calendars.find(business, staff) is None:
        it = OwnCalendar(business, staff, setting("PUBLIC_URL") + own_calendar.ADDRESS, now, staff)
        own_calendars.put(it, over=None, due_at=now)


def _own_site() -> str:
    """As `Place.own_site` calls it, which shows how a site shows its booking page."""
    return setting("PUBLIC_URL").replace("127.0.0.1", "localhost")


def _client(catalog: Catalog, told: KnownClient, agreed: str, now: datetime) -> Client:
    business = catalog.business
    typed = Details(told.name, told.phone or "", told.email or "", told.agrees_to, told.locale or "", told.zone or "")
    person = guest(typed, business, ids.new("c"), source="front desk", words=agreed, now=now)
    if known := clients.by_contact(business.id, person.phone, person.email):
        return known
    with together() as transaction:
        person = replace(person, tier=told.tier, tags=told.tags, notes=_notes(catalog, told, now))
        clients.put_new(_on_wechat(person, told, agreed, now), transaction)
    indexing.index(business.id, person.id)  # nobody has to wait for the sweep to find them
    return clients.load(business.id, person.id)


def _notes(catalog: Catalog, told: KnownClient, now: datetime) -> Notes:
    """By whoever of the staff comes first."""
    by = Actor("staff", min(catalog.staff))
    said = [(text, is_warning) for text, is_warning in ((told.warning, True), (told.note, False)) if text]
    return tuple(written(text, ids.digest(text), by, now, pinned=is_warning) for text, is_warning in said)


def _on_wechat(person: Client, told: KnownClient, agreed: str, now: datetime) -> Client:
    """Who wrote to the account once is known there, and is told of bookings there first."""
    if told.wechat is None:
        return person
    taps = tuple(Subscription(kind, now, "booking page", agreed, f"demo {kind}") for kind in told.taps)
    yes = Consent(Purpose.TRANSACTIONAL, Channel.WECHAT, now, "front desk", agreed)
    reached = replace(person, wechat=told.wechat, preferred=Channel.WECHAT, subscriptions=taps)
    return reached.stating(yes)


def _book(catalog: Catalog, booking: Booking, client: Client, change: Change) -> None:
    business = catalog.business.id
    if appointments.find(business, ids.from_key("a", business, change.key)):
        return
    question = open_times.ask(catalog, booking.service, booking.staff, zone=client.zone, now=change.at)
    starts, zone = _first_free(question, booking.in_days, booking.at), question.zone
    answers = booking.answers
    request = BookingRequest(booking.service, starts, client, zone, booking.staff, booking.note, answers=answers)
    made = book(catalog, request, replace(change, by=CLIENT) if answers else change)
    if made.status is Status.AWAITING_DEPOSIT and booking.deposit and made.accepted:
        sum = Money(made.accepted.deposit, made.accepted.currency)
        deposit_received(catalog, made.id, change.key, sum, booking.deposit, change)
    if booking.confirmed:
        by_client = Change(CLIENT, change.at)
        apply_change(catalog, made.id, lambda appointment: appointment.confirm(by_client), by_client)


def _wait(catalog: Catalog, wait: Waiting, client: Client, change: Change) -> None:
    """The offer is made once, with the entry; where nothing is free then they only wait."""
    business, since = catalog.business, replace(change, at=change.at - timedelta(hours=wait.hours_ago))
    first, last = (change.at.astimezone(business.zone).date() + timedelta(days=n) for n in wait.days)
    wish = Wish(wait.services, first, last, wait.staff, wait.weekdays, wait.opens, wait.closes)
    before = {it.id for it in waitlist.waiting(business.id, of=client.id)}
    how: OnTheList = {
        "book_for_me": wait.book_for_me,
        "quiet_allowed": wait.quiet_allowed,
        "same_day": wait.same_day,
        "note": wait.note,
    }
    entry = join(catalog, client, wish, since, **how)
    if wait.offered is None or entry.offers or entry.id in before:
        return
    question = open_times.ask(catalog, wait.services[0], wait.staff[0], zone=business.zone, now=change.at)
    with suppress(Refusal):
        starts = _first_free(question, wait.days[1], wait.offered)
        offer_by_hand(catalog, entry.id, wait.services[0], wait.staff[0], starts, "", change)


def _first_free(question: AvailabilityQuery, in_days: int, at: time) -> datetime:
    zone = question.business.zone
    day = question.now.astimezone(zone).date() + timedelta(days=in_days)
    wanted = datetime.combine(day, at, zone).timestamp()
    slots = open_times.free(question, day, day + WITHIN)
    return datetime.fromtimestamp(min(slot.start * 60 for slot in slots if slot.start * 60 >= wanted), UTC)


def _write(catalog: Catalog, words: Words, client: Client, number: int, now: datetime) -> None:
    """As their provider brings it. The answer is one to nothing they have booked, so that a repeat finds it."""
    business, id = catalog.business.id, f"demo words {number}"
    address = client.address(words.over)
    if address is None or messages.was_received(business, client.id, ids.digest(f"{words.over}\n{id}")):
        return
    at = now - timedelta(hours=words.hours_ago)
    take(Reply(words.over, address, words.text, id, at, business), now=now)
    if words.answered:
        answer = StaffAnswer(words.answered, Channel.EMAIL, about="")
        send(catalog, client.id, answer, replace(_cause(f"answer {number}", now), by=Actor("staff", words.by)))


def _cause(what: str, now: datetime) -> Change:
    """The same key each time."""
    return Change(FRONT_DESK, now, key=ids.digest(f"demo {what}"), body="demo")
