"""The appointment for the client's own calendar (RFC 5545, 5546): one UID for life, a sequence that only rises."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from icalendar import Calendar, Event, vCalAddress

from kept.booking.appointment import Appointment
from kept.messaging.letter import Letter
from kept.messaging.words import visible, words_in


class Method(StrEnum):
    """Put it in, or take it out."""

    REQUEST = "REQUEST"
    CANCEL = "CANCEL"


@dataclass(frozen=True, slots=True)
class Invitation:
    """A calendar file and what it asks the calendar to do."""

    method: Method
    content: bytes


STATUS = {Method.REQUEST: "CONFIRMED", Method.CANCEL: "CANCELLED"}
METHODS = {"confirmation": Method.REQUEST, "rescheduled": Method.REQUEST, "cancelled": Method.CANCEL}
"""The stages whose message carries a calendar file; a reminder changes nothing in a calendar."""


def invitation(
    stage: str, appointment: Appointment, letter: Letter, *, organizer: str, attendee: str, now: datetime
) -> Invitation | None:
    """None for a stage that changes nothing. `organizer` and `attendee` are e-mail addresses."""
    if (method := METHODS.get(stage)) is None:
        return None
    calendar = Calendar()
    calendar.add("prodid", "-//Kept//Appointments//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    calendar.add_component(_event(method, appointment, letter, organizer, attendee, now))
    return Invitation(method, calendar.to_ical())


def _event(
    method: Method, appointment: Appointment, letter: Letter, organizer: str, attendee: str, now: datetime
) -> Event:
    event = Event()
    event.add("uid", f"{appointment.id}@{appointment.business}.kept")
    event.add("sequence", appointment.version - (method is Method.REQUEST))
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", appointment.starts.astimezone(UTC))
    event.add("dtend", appointment.ends.astimezone(UTC))
    event.add("status", STATUS[method])
    event.add("summary", visible(f"{letter.service} – {letter.business}"))
    event.add("location", visible(words_in(letter.locale).place(letter)))
    event.add("description", "\n".join(visible(line) for line in (letter.staff, letter.prepare, letter.link) if line))
    event.add("organizer", _address(organizer, letter.business))
    event.add("attendee", _address(attendee, letter.client, partstat="ACCEPTED"))
    return event


def _address(email: str, name: str, **parameters: str) -> vCalAddress:
    address = vCalAddress(f"mailto:{email}")
    address.params["cn"] = visible(name)
    for parameter, value in parameters.items():
        address.params[parameter] = value
    return address
