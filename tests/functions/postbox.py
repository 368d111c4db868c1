"""Everything that leaves the house, by the address it goes to: who books what, by which door, and what each is sent."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest

import booking
import client_pages
import front_desk
import my_appointment
import reminder_worker
from kept import clock
from kept.booking.appointment import Appointment
from kept.business.country_rules import ELSEWHERE
from kept.channels import Channel
from kept.client_links import signing_keys
from kept.messaging import text_forms
from kept.messaging.channels import Parcel, Sending
from kept.messaging.message import Message
from kept.messaging.outgoing import UNDO, to_client
from kept.storage import appointments, catalogs, clients, messages
from kept.storage.codec import PACKED, from_json
from kept.storage.tables import AppointmentItem, MessageItem
from kept.use_cases.messaging import sending, short_links
from kept.use_cases.messaging.call_list import ask_for_call
from kept.use_cases.messaging.client_message import ToClient
from kept.use_cases.messaging.staff_message import ToStaff
from tests import lotus
from tests.asking import Answer, ask
from tests.functions.plain_browser import Browser

FIRST = datetime(2026, 3, 5, 1, tzinfo=UTC)
"""A Thursday, 9:00 in Shanghai; visits are an hour each from then on, with Mei."""
MINE = "/v1/appointment"


@dataclass(frozen=True, slots=True)
class Sent:
    """One message as it left."""

    to: str
    channel: Channel
    about: str
    stage: str
    text: str

    @property
    def link(self) -> str:
        """The token of the link to the booking in it, or that its short one leads to; "" where there is none, for it is
        cancelled."""
        text = re.sub(r"/k/\w+", lambda found: led_to(found[0]), self.text)
        return next(iter(re.findall(r"/a/([\w.-]+)", text)), "")


def led_to(short: str) -> str:
    """The path that it stands for, whether or not it has ended."""
    link = short_links.opened(short.rpartition("/")[2], "", now=lotus.NOW)
    return link.path(signing_keys.current())


@dataclass
class Postbox:
    """The salon with a clock of its own; every provider takes everything, unless a test says what else is to happen."""

    patch: pytest.MonkeyPatch
    now: datetime = lotus.NOW
    sent: list[Sent] = field(default_factory=list)
    fails: Callable[[Parcel], None] = lambda _: None
    booked: int = 0

    def at(self, now: datetime) -> None:
        self.now = now
        self.patch.setattr(clock, "now", lambda: now)

    def deliver(self) -> None:
        """Whatever is owed by now."""
        while due := [m for m in every(Message, MessageItem) if m.due_at and m.due_at <= self.now and m.is_owed]:
            for message in due:
                sending.deliver(message, now=self.now)

    def remind(self, id: str, before: timedelta) -> None:
        """The stage that is due so long before the start, from the worker to the provider."""
        self.at(appointments.load("lotus", id).starts - before)
        reminder_worker.remind("lotus", id, now=self.now)
        self.deliver()

    def owe(self, id: str, stage: str, over: Channel | None = None) -> Message:
        """One more message about it, now."""
        visit = appointments.load("lotus", id)
        client, business = clients.load("lotus", visit.client), catalogs.load("lotus").business
        message = messages.put_alone(to_client(visit, client, business, stage, now=self.now, over=over))
        self.deliver()
        return message

    def next_slot(self) -> str:
        start = FIRST + timedelta(days=self.booked // 9, hours=self.booked % 9)
        self.booked += 1
        return start.isoformat()

    def books(self, by: str = "api", start: str = "", key: str = "", **client: Any) -> Answer:
        """By the API, or staff, who can undo it no more then; what it agrees to is what it gives, unless it says."""
        agrees = [c for c, there in (("sms", client.get("phone")), ("email", client.get("email"))) if there]
        wanted = {"service": "cut", "staff": "mei", "start": start or self.next_slot()}
        body = wanted | {"client": {"agrees_to": agrees} | client}
        if by == "staff":
            answer = ask(front_desk.handler, "POST /v1/desk/appointments", body, role="staff", staff="jun", key=key)
            self.at(self.now + UNDO)
        else:
            answer = ask(booking.handler, "POST /v1/businesses/lotus/appointments", body, key=key)
        self.deliver()
        return answer

    def books_on_the_page(self, language: str = "en", **said: Any) -> str:
        """The id of what was booked."""
        browser = Browser(client_pages.handler, language)
        known = {one.id for one in every(Appointment, AppointmentItem)}
        start = self.next_slot()
        agrees = [c for c, there in (("sms", said.get("phone")), ("email", said.get("email"))) if there]
        page = browser.get(f"/b/lotus/book?service=cut&staff=mei&start={quote(start)}")
        page = browser.press(page.form("/book"), **{"agrees_to": agrees, "note": ""} | said)
        assert page.status == 200, page.text
        self.deliver()
        (made,) = {str(one.id) for one in every(Appointment, AppointmentItem)} - known
        return made

    def id_of(self, by: str, **client: Any) -> str:
        """Books, by whichever door, and tells the id."""
        if by == "page":
            return self.books_on_the_page(**client)
        answer = self.books(by, **client)
        assert answer.status == 201, answer.body
        return str(answer.body["id"])

    def acts(self, token: str, act: str = "confirm", **body: Any) -> Answer:
        answer = ask(my_appointment.handler, f"POST {MINE}/{act}", body, bearer=token)
        self.deliver()
        return answer

    def about(self, id: str) -> list[Sent]:
        return [one for one in self.sent if one.about == id]

    def reached(self, id: str) -> set[str]:
        """Every address to which anything about it went."""
        return {one.to for one in self.about(id)}

    def got(self, address: str) -> list[Sent]:
        return [one for one in self.sent if one.to == address]

    def send(self, about: ToClient | ToStaff, parcel: Parcel) -> str:
        self.fails(parcel)
        message, rendered = about.message, parcel.rendered
        if message.channel is Channel.CALL and isinstance(about, ToClient):
            return ask_for_call(about, rendered.text, now=self.now)
        text = "\n".join((rendered.subject, rendered.text))
        self.sent.append(Sent(parcel.to, message.channel, message.about, message.stage, text))
        return f"p-{len(self.sent)}"


@dataclass(frozen=True, slots=True)
class _Carrier:
    box: Postbox
    about: ToClient | ToStaff

    def compose(self, parcel: Parcel) -> Sending:
        return lambda: self.box.send(self.about, parcel)


def opened(patch: pytest.MonkeyPatch, *channels: Channel, **settings: Any) -> Postbox:
    """The salon and the garage, with e-mail and text messages unless others are named; no country forbids links."""
    patch.setattr(text_forms, "rules_for", lambda _: ELSEWHERE)
    lotus.open_both()
    catalog = lotus.the_salon()
    using = channels or (Channel.EMAIL, Channel.SMS)
    lotus.store(replace(catalog, business=replace(catalog.business, channels=using, **settings)))
    box = Postbox(patch)
    box.at(lotus.NOW)
    patch.setattr(sending, "carrier", lambda about: _Carrier(box, about))
    return box


def every(kind: type[Any], table: Any) -> list[Any]:
    """All that stand in that table, but for what clients wrote and what providers call a message."""
    there = (item for item in table.scan(consistent_read=True) if "#in#" not in item.id)
    found = [item for item in there if item.body.startswith(("{", PACKED))]
    return [replace(from_json(kind, item.body), revision=int(item.revision)) for item in found]


def as_typed(said: Mapping[str, Any]) -> set[str]:
    """The addresses in it, as they are stored."""
    return {value for name, value in said.items() if name in ("phone", "email") and value}
