"""The appointment for the client's own calendar (RFC 5545, 5546): one UID for life, a sequence that only rises."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from kept.booking.appointment import Appointment
from kept.clients.names import said_to_them
from kept.messaging.letter import Letter
from kept.messaging.words import words_in
from kept.visible import one_line

if TYPE_CHECKING:
    from icalendar import Event


class Method(StrEnum):
    """Put it in, or take it out."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A calendar file and what it asks the calendar to do."""

    method: Method
    content: bytes


People = Mapping[str, tuple[str | None, str]]
"""Address and name by role."""

ANSWERED = {"attendee": {"partstat": "ACCEPTED", "rsvp": "FALSE"}}
"""A calendar shows no yes and no of its own, whose answer nobody would read: clients answer by the link."""

STATUS = {Method.REQUEST: "CONFIRMED", Method.CANCEL: "CANCELLED"}
PRODUCT = "-//Kept//Appointments//EN"
METHODS = {"confirmation": Method.REQUEST, "rescheduled": Method.REQUEST, "cancelled": Method.CANCEL}
"""The stages whose message carries a calendar file; a reminder changes nothing in a calendar."""


def invitation(
    stage: str, appointment: Appointment, letter: Letter, *, organizer: str, attendee: str | None, now: datetime
) -> Invitation | None:
    """None for a stage that changes nothing, and for what was never booked. `organizer` and `attendee` are e-mail
    addresses."""
    if (method := METHODS.get(stage)) is None or not appointment.was_booked:
        return None
    people = {"organizer": (organizer, letter.business), "attendee": (attendee, said_to_them(letter.client))}
    return Invitation(method, _content(method, appointment, letter, people, now))


def _content(method: Method, appointment: Appointment, letter: Letter, people: People, now: datetime) -> bytes:
    """Imports here: it is the dearest import of the sender, and few messages carry a file."""
    from icalendar import Calendar, vCalAddress

    event = entry(appointment, method, at=now)
    event.add("summary", one_line(f"{letter.service} – {letter.business}"))
    event.add("location", one_line(words_in(letter.locale).place(letter)))
    event.add("description", "\n".join(one_line(line) for line in (letter.staff, letter.prepare, letter.link) if line))
    for role, (email, name) in people.items():
        if email:
            called = {"cn": one_line(name)} if name else {}
            event.add(role, vCalAddress(f"mailto:{email}"), called | ANSWERED.get(role, {}))
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content


def entry(appointment: Appointment, method: Method, *, at: datetime) -> "Event":
    """What of a visit is the same in every calendar: its name, when it is, and which word on it is the last."""
    from icalendar import Event

    event = Event()
    event.add("uid", f"{appointment.id}@{appointment.business}.kept")
    event.add("sequence", appointment.version - (method is Method.REQUEST))
    event.add("dtstamp", at.astimezone(UTC))
    event.add("dtstart", appointment.starts.astimezone(UTC))
    event.add("dtend", appointment.ends.astimezone(UTC))
    event.add("status", "TENTATIVE" if appointment.is_tentative else STATUS[method])
    return event
