"""What a change is to other systems: the events that it makes, in order. The same change makes the same events."""

from collections.abc import Iterator
from datetime import datetime

from kept.booking.appointment import Appointment
from kept.business.setting_change import SettingChange
from kept.clients.client import Client
from kept.events import of_appointments, of_clients, of_follow_ups, of_ledger, of_messages
from kept.events.catalogue import EventType, OutgoingEvent, SettingTold, an_event
from kept.events.change import AggregateChange, Kind
from kept.follow_up.clock_inputs import Policies
from kept.follow_up.follow_up import FollowUp
from kept.ledger.transaction import Transaction
from kept.messaging.message import Message
from kept.messaging.received import Received


def events_of(change: AggregateChange, policies: Policies | None = None) -> tuple[OutgoingEvent, ...]:
    """None for what the trade has no name for, as that a visit was looked at, or that a message's line is old.

    `policies` are those that a follow-up has gone by: without them nothing is told of its clocks.
    """
    return tuple(_events(change, policies or {}))


def _events(change: AggregateChange, policies: Policies) -> Iterator[OutgoingEvent]:
    match change.before, change.after:
        case (Appointment() | None as before, Appointment() as after):
            yield from of_appointments.events(before, after)
        case (FollowUp() | None as before, FollowUp() as after):
            yield from of_follow_ups.events(before, after, policies)
        case (Message() | None as before, Message() as after):
            yield from of_messages.events(before, after, at=change.at)
        case (Received() | None as before, Received() as after):
            yield from of_messages.received(before, after)
        case (Client() | None as before, Client() as after):
            yield from of_clients.events(before, after, at=change.at)
        case (Client() as before, None):
            yield of_clients.erased(before, at=change.at, expired=change.expired)
        case (None, Transaction() as after):
            yield of_ledger.event(after)
        case (None, SettingChange() as after):
            yield _setting(change.business, after)


def _setting(business: str, it: SettingChange) -> OutgoingEvent:
    """In order of time, for a line has no other number."""
    what = "changed" if it.was and it.now else "made" if it.now else "dropped"
    told = SettingTold(what, it.kind, it.id, of_appointments.by(f"staff:{it.by}") if it.by else "")
    thing, number = f"{it.kind}/{it.id}", _milliseconds(it.at)
    return an_event(
        EventType.SETTINGS_CHANGED,
        business,
        Kind.SETTING,
        thing,
        number=number,
        at=it.at,
        data=told,
        of=f"{number}",
    )


def _milliseconds(at: datetime) -> int:
    return int(at.timestamp() * 1000)
