"""The calendar file: one UID for life, a sequence that only rises, and any text as it was written."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment, Slot
from kept.business.change_rules import ChangeRules
from kept.messaging.ical import Method, invitation
from kept.messaging.letter import Letter, Links, letter
from kept.visible import one_line
from tests.builders import BOOKED, STARTS, a_catalog, a_client, an_appointment

NOW = datetime(2026, 2, 28, 9, 0, tzinfo=UTC)
RULES = ChangeRules()


def a_letter(appointment: Appointment | None = None, **how: object) -> Letter:
    written = letter(
        appointment or an_appointment(),
        a_client(),
        a_catalog(),
        stage=None,
        links=Links("https://kept.example/a/t", "https://kept.example/b/lotus?service=cut", "https://kept.example/p/t"),
    )
    return replace(written, **how)  # type: ignore[arg-type]


def a_file(stage: str = "confirmation", appointment: Appointment | None = None, **how: object) -> Calendar:
    about = appointment or an_appointment()
    made = invitation(
        stage, about, a_letter(about, **how), organizer="desk@lotus.example", attendee="li@example.com", now=NOW
    )
    assert made
    return Calendar.from_ical(made.content)


def an_event(stage: str = "confirmation", appointment: Appointment | None = None, **how: object) -> Any:
    return a_file(stage, appointment, **how).walk("VEVENT")[0]


def moved(appointment: Appointment, *, by: timedelta) -> Appointment:
    slot = Slot(appointment.starts + by, appointment.ends + by, "mei")
    return appointment.reschedule(slot, Change(CLIENT, BOOKED), rules=RULES)


def test_a_booking_asks_the_calendar_to_put_it_in() -> None:
    """It stands there as certain, from the business and for the client, at the visit's own instants."""
    calendar, event = a_file(), an_event()
    assert calendar["method"] == "REQUEST"
    assert event["uid"] == "a-1@lotus.kept"
    assert event["status"] == "CONFIRMED"
    assert event["dtstart"].to_ical() == b"20260302T090000Z"
    assert event["dtend"].to_ical() == b"20260302T100000Z"
    assert event["dtstamp"].dt == NOW
    assert event["organizer"] == "mailto:desk@lotus.example"
    assert event["attendee"] == "mailto:li@example.com"


def test_the_calendar_asks_for_no_answer_of_its_own() -> None:
    """Clients answer on our page; an answer by calendar would reach nobody who acts on it."""
    attendee = an_event(client='李 "娜"')["attendee"]
    assert dict(attendee.params) == {"CN": '李 "娜"', "PARTSTAT": "ACCEPTED", "RSVP": "FALSE"}


def test_its_sequence_rises_with_every_move_and_once_more_when_it_is_cancelled() -> None:
    """The same UID all along, so that the calendar changes one entry and never adds a second."""
    booked = an_appointment()
    once = moved(booked, by=timedelta(hours=1))
    twice = moved(once, by=timedelta(hours=1))
    cancelled = twice.cancel(Change(CLIENT, BOOKED), rules=RULES)
    life = [("confirmation", booked), ("rescheduled", once), ("rescheduled", twice), ("cancelled", cancelled)]
    events = [an_event(stage, appointment) for stage, appointment in life]
    assert [int(event["sequence"]) for event in events] == [0, 1, 2, 3]
    assert {str(event["uid"]) for event in events} == {"a-1@lotus.kept"}
    assert events[1]["dtstart"].dt == STARTS + timedelta(hours=1)


def test_a_cancellation_takes_it_out() -> None:
    """A client's calendar does not go on reminding of what is off."""
    calendar = a_file("cancelled", an_appointment().cancel(Change(CLIENT, BOOKED), rules=RULES))
    assert calendar["method"] == Method.CANCEL
    assert calendar.walk("VEVENT")[0]["status"] == "CANCELLED"


@pytest.mark.parametrize("stage", ["two_days", "same_day", "on_my_way", "missed_you"])
def test_a_reminder_changes_nothing_in_a_calendar(stage: str) -> None:
    """Clients are not asked to accept the same visit again."""
    made = invitation(stage, an_appointment(), a_letter(), organizer="d@lotus.example", attendee="l@x.org", now=NOW)
    assert made is None


def test_it_says_where_with_whom_and_how_to_change_it() -> None:
    """Whoever looks only into the calendar finds the chair, how to prepare and the link."""
    event = an_event(where="静安区1号", room="2号椅", prepare="请早到")
    assert event["location"] == "静安区1号，2号椅"
    assert event["description"] == "Mei\n请早到\nhttps://kept.example/a/t"
    assert event["summary"] == "Cut – Lotus"


def test_its_lines_are_no_longer_than_the_format_allows() -> None:
    """Counted in bytes, of which a Chinese character takes several."""
    made = invitation(
        "confirmation",
        an_appointment(),
        a_letter(prepare="请提前十分钟到店。" * 40),
        organizer="desk@lotus.example",
        attendee="li@example.com",
        now=NOW,
    )
    assert made
    assert max(len(line) for line in made.content.split(b"\r\n")) <= 75


@settings(max_examples=80, deadline=None)
@given(text=st.text(min_size=1, max_size=120))
def test_any_text_comes_out_as_it_went_in(text: str) -> None:
    event = an_event(service=text, where=text, staff=text, prepare="", room="", client=text)
    assert str(event["summary"]) == one_line(f"{text} – Lotus")
    assert str(event["location"]) == one_line(text)
    assert str(event["description"]) == f"{one_line(text)}\nhttps://kept.example/a/t"
