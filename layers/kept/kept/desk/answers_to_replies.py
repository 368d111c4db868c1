"""What is done about a reply, one function per intent. Nothing is guessed: a doubt, or a refusal, is for a person."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kept.attendance.no_show import wait_for
from kept.booking.appointment import Appointment
from kept.booking.catalog import Catalog
from kept.booking.history import CLIENT, Cause
from kept.booking.states import Status
from kept.clients.client import Client
from kept.clients.consent import Consent, Said
from kept.desk.asking_a_person import ask_a_person
from kept.desk.change import change
from kept.desk.clients import change_client
from kept.desk.wished_times import wished_times
from kept.errors import MoveNotAllowed, Refusal, UnknownAppointment
from kept.messaging.outgoing import channel_for, to_client
from kept.messaging.purpose import Purpose
from kept.messaging.received import Received
from kept.messaging.replies.reading import SURE, Asked, Intent
from kept.queues import hand_over
from kept.storage import appointments, messages
from kept.storage.transaction import Lost

LATE_FROM = timedelta(hours=3)
"""Before the start: whoever says they are late earlier than that means something else."""

USEFUL = timedelta(hours=12)
"""An answer that comes later than that is none."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A reply, whose it is, and when it is answered."""

    received: Received
    client: Client
    book: Catalog
    now: datetime

    @property
    def cause(self) -> Cause:
        """Under the reply's own key, so that an answer given twice is given once."""
        return Cause(CLIENT, self.now, f"wrote: {self.received.text}", self.received.key, self.received.key)

    @property
    def visit(self) -> Appointment:
        """Raises UnknownAppointment, Outdated where it was moved since they wrote."""
        if not self.received.about:
            raise UnknownAppointment
        visit = appointments.load(self.client.business, self.received.about)
        visit.must_be_at(None if visit.answer_to(self.received.key) else self.received.version)
        return visit


def act(heard: Heard) -> str:
    """What was done, in words for the front desk."""
    received = heard.received
    if received.confidence >= SURE and received.intent in ANSWERS:
        try:
            return ANSWERS[received.intent](heard)
        except Refusal as refusal:
            return _for_a_person(heard, refusal.code)
    return _for_a_person(heard)


def _for_a_person(heard: Heard, why: str = "") -> str:
    opened, is_new = ask_a_person(heard.received, heard.client, heard.book, now=heard.now, why=why)
    if is_new and heard.received.about:
        _say(heard, appointments.load(heard.client.business, heard.received.about), "received")
    return f"left to a person: {opened.id}"


def _confirm(heard: Heard) -> str:
    visit = heard.visit
    confirmed = change(heard.book, visit.id, lambda it: it.confirm(heard.cause), heard.cause)
    _say(heard, confirmed, "confirmed")
    return "confirmed"


def _cancel(heard: Heard) -> str:
    """After the start, asked whether they are on their way, their no is a late cancellation.

    Whoever cancels is told over the channel they prefer, with the file for their calendar, and here as well.
    """
    visit, cause, rules = heard.visit, heard.cause, heard.book.business.changes
    if visit.status is Status.CANCELLED and not visit.answer_to(cause.key):
        _say(heard, visit, "cancelled")
        return "was cancelled before"

    def cancelled(it: Appointment) -> Appointment:
        on_the_day = heard.received.asked is Asked.ON_THE_DAY
        return it.cannot_come(cause) if on_the_day else it.cancel(cause, rules=rules)

    visit = change(heard.book, visit.id, cancelled, cause)
    if channel_for(heard.client, heard.book.business, Purpose.TRANSACTIONAL) is not heard.received.channel:
        _say(heard, visit, "cancelled")
    return "cancelled"


def _move(heard: Heard) -> str:
    """Times are offered; which of them it is to be, only they can say. Raises what moving it would."""
    visit, cause = heard.visit, heard.cause
    visit.reschedule(visit.slot, cause, rules=heard.book.business.changes)
    times = wished_times(visit, heard.client, heard.book, heard.received.wish, now=heard.now)
    _say(heard, visit, "move_options", tuple(at.isoformat() for at in times))
    return f"other times offered ({len(times)})"


def _late(heard: Heard) -> str:
    """Minutes said before the start count from the start: whoever says they are late has it in mind."""
    visit, rules, minutes = heard.visit, heard.book.business.attendance, heard.received.minutes
    if heard.now < visit.starts - LATE_FROM or heard.now >= visit.ends:
        raise MoveNotAllowed(state=visit.status)
    ahead = max(timedelta(0), visit.starts - heard.now)
    needs = ahead + (rules.extension if minutes is None else timedelta(minutes=minutes))

    def wait(it: Appointment) -> Appointment:
        return it.wait_for_client(wait_for(it, rules, now=heard.now, needs=needs), heard.cause)

    waiting = change(heard.book, visit.id, wait, heard.cause)
    _say(heard, waiting, "waits")
    return "waits for them"


def _stop(heard: Heard) -> str:
    """Nothing more over this channel, for whatever purpose; no answer, for that would be one more."""

    def withdrawn(client: Client) -> Client:
        for purpose in (Purpose.TRANSACTIONAL, Purpose.PROMOTIONAL):
            client = client.stating(_statement(heard, purpose, Said.WITHDRAWN))
        return client

    change_client(heard.client.business, heard.client.id, withdrawn)
    return f"no more messages over {heard.received.channel}"


def _start(heard: Heard) -> str:
    """What concerns their bookings again; invitations need a consent of their own."""

    def given(client: Client) -> Client:
        return client.starting(heard.received.channel).stating(_statement(heard, Purpose.TRANSACTIONAL, Said.GIVEN))

    change_client(heard.client.business, heard.client.id, given)
    return f"messages over {heard.received.channel} again"


def _nothing(_: Heard) -> str:
    return "nothing to do"


ANSWERS: dict[Intent, Callable[[Heard], str]] = {
    Intent.CONFIRM: _confirm,
    Intent.CANCEL: _cancel,
    Intent.MOVE: _move,
    Intent.LATE: _late,
    Intent.STOP: _stop,
    Intent.START: _start,
    Intent.THANKS: _nothing,
    Intent.AUTOMATIC: _nothing,
}


def _statement(heard: Heard, purpose: Purpose, said: Said) -> Consent:
    received = heard.received
    return Consent(purpose, received.channel, received.at, f"{received.channel} reply", received.text, said)


def _say(heard: Heard, visit: Appointment, stage: str, detail: tuple[str, ...] = ()) -> None:
    """In answer to this reply and over the channel it came by; said once."""
    answer = to_client(
        visit,
        heard.client,
        heard.book.business,
        stage,
        now=heard.now,
        useful_until=heard.now + USEFUL,
        over=heard.received.channel,
        occasion=heard.received.key,
    )
    try:
        messages.put_alone(replace(answer, detail=detail))
    except Lost:
        return
    hand_over([messages.key(answer)])
