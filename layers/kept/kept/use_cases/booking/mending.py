"""The details of a booking are mended: its name, number, address and note, with a line of history."""

from dataclasses import replace
from datetime import datetime

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.history import MENDED
from kept.business.catalog import Catalog
from kept.clients.booked_as import BookedAs, booked_as, contacts
from kept.clients.client import Client
from kept.clients.filing import strange_until
from kept.clients.mending import Mending, mended
from kept.due_work.queues import hand_over
from kept.messaging.message import Message
from kept.messaging.outgoing import to_client
from kept.reminders.timeline import next_due
from kept.storage import appointments, clients, messages
from kept.storage.transaction import together
from kept.use_cases.limits import strangers
from kept.use_cases.limits.counting import FREE
from kept.use_cases.optimistic_retry import done_once


def mend(
    catalog: Catalog,
    id: str,
    said: Mending,
    change: Change,
    *,
    words: str,
    source: str,
    version: int | None = None,
    network: str | None = None,
) -> Appointment:
    """Its client's record stays as it is. What comes from then on goes to the new address, at once the confirmation.

    From a `network` by somebody who is not signed in: a new contact is counted as a booking on it is. Raises what a
    guest is refused for, MoveNotAllowed for a client whose visit is over, Outdated, TooManyRequests.
    """
    business, by_staff = catalog.business, not change.by.is_client

    def act(before: Appointment) -> Appointment:
        record = clients.load(business.id, before.client)
        was = before.booked_as or booked_as(record, is_first=False)
        now_as, typed = mended(was, said, business, source=source, words=words, now=change.at, by_staff=by_staff)
        after = before.mend(now_as if now_as != was else before.booked_as, said.note, change)
        if after is before:
            return before
        is_new = _new_contacts(was, now_as)
        is_counted = bool(is_new) and network is not None
        admission = strangers.booking(business, typed, network or "", now=change.at) if is_counted else FREE
        tell = after.is_to_come and now_as.agreed and (is_new or set(now_as.agreed) - set(was.agreed))
        with admission:
            admission.take()
            with together() as transaction:
                appointments.put(after, next_due(after, catalog), transaction)
                for contact in is_new - set(contacts(record).values()):
                    clients.put_typed(record, contact, until=strange_until(after.ends), transaction=transaction)
                told = [_confirmation(after, record, catalog, now=change.at)] if tell else []
                keys = [messages.put(message, transaction) for message in told]
        hand_over(keys)
        return after

    return done_once(business.id, id, act, change, version=version)


def _new_contacts(was: BookedAs, now_as: BookedAs) -> set[str]:
    return set(now_as.contacts.values()) - set(was.contacts.values())


def _confirmation(after: Appointment, record: Client, catalog: Catalog, *, now: datetime) -> Message:
    """Once more, for whoever is reached there now; each mending has one of its own."""
    times = sum(event.what == MENDED for event in after.history)
    stage = "asked_for" if after.is_tentative else "confirmation"
    said = to_client(after, record, catalog.business, stage, now=now, useful_until=after.starts)
    return replace(said, occasion=f"{MENDED}-{times}")
