"""What is done about a reply, one function per intent. Nothing is guessed: a doubt, or a refusal, is for a person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kept.actor import CLIENT, Change
from kept.attendance.no_show import wait_for
from kept.booking.addressee import addressee
from kept.booking.appointment import Appointment
from kept.booking.history import WROTE
from kept.booking.refusals import AlreadyStarted, MoveNotAllowed, UnknownAppointment
from kept.booking.states import Status
from kept.business.catalog import Catalog
from kept.business.text_names import SAID_STOP, WRONG_NUMBER
from kept.channels import Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord
from kept.clients.wrong_number import WRONG_NUMBER as WRONG
from kept.clients.wrong_number import not_theirs, theirs_after_all
from kept.due_work.queues import hand_over
from kept.errors import Refusal
from kept.follow_up.events import What
from kept.follow_up.follow_up import line
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.answers import Lately, as_allowed
from kept.messaging.message import Message
from kept.messaging.outgoing import channel_for, to_client
from kept.messaging.received import Received
from kept.messaging.refusals import StaleReply
from kept.messaging.replies.reading import SURE, Asked, Intent, RequestedTime
from kept.messaging.replies.was_there import says_they_came
from kept.messaging.topic import changed_since, is_stale
from kept.reasons import Code, Reason, because
from kept.storage import appointments, clients, follow_ups, messages
from kept.storage.transaction import Lost
from kept.use_cases.booking import delays
from kept.use_cases.booking.change import apply_change
from kept.use_cases.booking.disputing import dispute
from kept.use_cases.booking.marking import follow_up_id
from kept.use_cases.clients.clients import change_client
from kept.use_cases.clients.proving import proved_by_reply
from kept.use_cases.messaging.conversation import visits_to_come
from kept.use_cases.messaging.goodbyes import say_goodbye
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.replies.asking_a_person import ask_a_person, call_before_a_visit
from kept.use_cases.replies.requested_times import wished_times
from kept.use_cases.replies.to_offers import let_pass, take

LATE_FROM = timedelta(hours=3)
"""Before the start: whoever says they are late earlier than that means something else."""

USEFUL = timedelta(hours=12)
"""An answer that comes later than that is none."""


PROVE = frozenset({Intent.CONFIRM, Intent.MOVE, Intent.LATE})
"""Whoever says these of a booking has made it theirs; a no or a STOP may come from whoever was only written to."""

OF_NO_QUESTION = frozenset({Intent.STOP, Intent.START, Intent.WRONG_NUMBER, Intent.THANKS, Intent.AUTOMATIC})
"""What they mean whatever was asked. All else in answer to a person's own words only a person understands."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A reply, whose it is, when it is answered, how often they were answered lately, and from where it came, with who
    else has that address. `speaks_with`: it is them they speak with, where it concerns several.
    """

    received: Received
    client: Client
    catalog: Catalog
    now: datetime
    lately: Lately = field(default_factory=Lately)
    address: str = ""
    known: tuple[Client, ...] = ()
    speaks_with: bool = True

    @property
    def change(self) -> Change:
        """Under the reply's own key, so that an answer given twice is given once."""
        return Change(CLIENT, self.now, f"{WROTE}{self.received.text}", self.received.key, self.received.key)

    @property
    def is_stale(self) -> bool:
        return is_stale(self.received.at, now=self.now)

    @property
    def visit(self) -> Appointment:
        """Raises UnknownAppointment where none is known to be meant, Outdated where it was moved since they were told,
        StaleReply where something else has become of it since they wrote, or that is long ago.
        """
        if not self.received.about:
            raise UnknownAppointment
        visit = appointments.load(self.client.business, self.received.about)
        if appointments.answer_to(visit, self.received.key):
            return visit
        if self.is_stale:
            raise StaleReply
        visit.must_be_at(self.received.version)
        if changed_since(visit, self.received.at, _wrote(visit)):
            raise StaleReply
        return visit

    @property
    def others(self) -> list[Appointment]:
        """What else is still to come for whoever has that address, with whichever business."""
        to_come = visits_to_come(self.known, now=self.now)
        return [one for one in to_come if (one.business, one.id) != (self.client.business, self.received.about)]


def act(heard: Heard) -> Reason:
    """What was done."""
    received = heard.received
    answers = ANSWERS if received.intent in OF_NO_QUESTION else BY_ASKED.get(received.asked, ANSWERS)
    if received.confidence >= SURE and received.intent in answers:
        try:
            done = answers[received.intent](heard)
        except Refusal as refusal:
            return _for_a_person(heard, refusal.code)
        if received.about and received.intent in PROVE:
            proved_by_reply(heard.catalog, received.about, heard.address, now=heard.now)
        return done
    return _for_a_person(heard)


def _take(heard: Heard) -> Reason:
    """The confirmation of the booking is the answer."""
    if heard.is_stale:
        raise StaleReply
    return take(heard.catalog, heard.client, heard.received.answers, heard.change)


def _let_pass(heard: Heard) -> Reason:
    return let_pass(heard.catalog, heard.received.answers, heard.change)


def _cannot_take(heard: Heard) -> Reason:
    """Who has nothing booked can only mean the offer. Raises MoveNotAllowed where they may want to cancel a visit."""
    if heard.others:
        raise MoveNotAllowed(state=Status.BOOKED)
    return _let_pass(heard)


def _for_a_person(heard: Heard, why: str = "") -> Reason:
    """They are told that somebody will answer, once for each matter; not of what came a day late, nor where it is a
    person that they speak with."""
    received, client = heard.received, heard.client
    if (disputed := _disputed(heard)) is not None:
        return disputed
    opened, is_new = ask_a_person(
        received, client, heard.catalog, now=heard.now, why=why, could_be=_could_be(heard, why)
    )
    if is_new and heard.received.about and not heard.is_stale and heard.received.asked is not Asked.BY_STAFF:
        _say(heard, appointments.load(heard.client.business, heard.received.about), "received")
    return because(Code.LEFT_TO_A_PERSON, follow_up=opened.id)


def _disputed(heard: Heard) -> Reason | None:
    """Told that they were missed they say that they came: somebody decides, and what they write until then goes to the
    same. None where it is about no such visit."""
    received = heard.received
    visit = appointments.find(heard.client.business, received.about) if received.about else None
    if visit is None or received.version != visit.version or received.asked is Asked.BY_STAFF:
        return None
    if not (visit.is_disputed or (visit.status is Status.NO_SHOW and says_they_came(received.text))):
        return None
    id = follow_up_id(visit, OpenedBy.DISPUTE)
    if appointments.answer_to(visit, received.key):
        return because(Code.LEFT_TO_A_PERSON, follow_up=id)
    if visit.is_disputed:
        return _added(heard, id)
    try:
        dispute(heard.catalog, visit.id, heard.change, version=visit.version)
    except Refusal:
        return None
    _say(heard, visit, "received")
    return because(Code.LEFT_TO_A_PERSON, follow_up=id)


def _added(heard: Heard, id: str) -> Reason | None:
    """None where somebody closed it, or it is full."""

    def attempt() -> Reason | None:
        found, change = follow_ups.find(heard.client.business, id), heard.change
        if found is None or found.is_over or found.is_full:
            return None
        if not follow_ups.event_under(found, change.key):
            wrote = line(What.CLIENT_WROTE, replace(change, at=max(change.at, found.last.at)))
            follow_ups.put_alone(found.record(wrote, {}, now=wrote.at))
        return because(Code.LEFT_TO_A_PERSON, follow_up=id)

    return retried(attempt)


def _could_be(heard: Heard, why: str) -> list[Appointment]:
    """The visits among which a person has to choose, of that business: where none is certain, or nothing was done."""
    received, business = heard.received, heard.client.business
    if not received.about:
        return sorted(appointments.several(business, received.could_be), key=lambda one: one.starts)
    if not why:
        return []
    about = appointments.find(business, received.about)
    return [*([about] if about else []), *(one for one in heard.others if one.business == business)]


def _confirm(heard: Heard) -> Reason:
    visit = heard.visit
    confirmed = apply_change(heard.catalog, visit.id, lambda it: it.confirm(heard.change), heard.change)
    _say(heard, confirmed, "confirmed")
    return because(Code.CONFIRMED)


def _cancel(heard: Heard) -> Reason:
    """After the start, asked whether they are on their way, their no is a late cancellation.

    Whoever cancels is told over the channel they prefer, with the file for their calendar, and here as well. What is
    cancelled already is said again, unless they have another visit: then that may be the one they mean.
    """
    visit, change, rules = heard.visit, heard.change, heard.catalog.business.changes
    if visit.status is Status.CANCELLED and not appointments.answer_to(visit, change.key):
        if heard.others:
            raise MoveNotAllowed(state=visit.status)
        _say(heard, visit, "cancelled")
        return because(Code.CANCELLED_BEFORE)
    if heard.now >= visit.ends:
        raise AlreadyStarted

    def cancelled(it: Appointment) -> Appointment:
        on_the_day = heard.received.asked is Asked.ON_THE_DAY
        return it.cannot_come(change) if on_the_day else it.cancel(change, rules=rules)

    def told_here(message: Message) -> Message:
        if message.channel is not heard.received.channel:
            return message
        return as_allowed(message, heard.lately)

    visit = apply_change(heard.catalog, visit.id, cancelled, change, telling=told_here)
    preferred = channel_for(addressee(heard.client, visit), heard.catalog.business, Purpose.TRANSACTIONAL)
    if preferred is not heard.received.channel:
        _say(heard, visit, "cancelled")
    elif heard.lately.is_enough:
        _held_back(heard)
    return because(Code.CANCELLED)


def _move(heard: Heard) -> Reason:
    """Times are offered; which of them it is to be, only they can say. Raises what moving it would."""
    visit = _movable(heard)
    return _offered(heard, visit, wished_times(visit, heard.client, heard.catalog, heard.received.wish, now=heard.now))


def _movable(heard: Heard) -> Appointment:
    visit = heard.visit
    visit.reschedule(visit.slot, heard.change, rules=heard.catalog.business.changes)
    return visit


def _offered(heard: Heard, visit: Appointment, times: Sequence[datetime]) -> Reason:
    _say(heard, visit, "move_options", tuple(at.isoformat() for at in times))
    return because(Code.TIMES_OFFERED, count=len(times))


def _late(heard: Heard) -> Reason:
    """Minutes said before the start count from the start: whoever says they are late has it in mind."""
    visit, rules, minutes = heard.visit, heard.catalog.business.attendance, heard.received.minutes
    if heard.now < visit.starts - LATE_FROM or heard.now >= visit.ends:
        raise MoveNotAllowed(state=visit.status)
    ahead = max(timedelta(0), visit.starts - heard.now)
    needs = ahead + (rules.extension if minutes is None else timedelta(minutes=minutes))

    def wait(it: Appointment) -> Appointment:
        return it.wait_for_client(wait_for(it, rules, now=heard.now, needs=needs), heard.change)

    waiting = apply_change(heard.catalog, visit.id, wait, heard.change)
    _say(heard, waiting, "waits")
    return because(Code.WAITS_FOR_THEM)


def _wait_for_us(heard: Heard) -> Reason:
    """They keep their place; once we are back on time a yes is to the visit."""
    visit = heard.visit
    if not visit.is_held_up:
        return _confirm(heard)
    _say(heard, delays.wait(heard.catalog, visit.id, heard.change), "confirmed")
    return because(Code.WAITS_FOR_US)


def _come_later(heard: Heard) -> Reason:
    """Where they name no time, the later ones of that day first."""
    visit = _movable(heard)
    names_none = heard.received.wish == RequestedTime()
    times = delays.later_times(heard.catalog, visit, now=heard.now) if names_none else []
    return _offered(heard, visit, times) if times else _move(heard)


def _late_for_us(heard: Heard) -> Reason:
    """Late of themselves by so many minutes; without a number they come later because we are."""
    return _come_later(heard) if heard.received.minutes is None and heard.visit.is_held_up else _late(heard)


def _stop(heard: Heard) -> Reason:
    """Nothing more over this channel, for whatever purpose, however old it is. It is confirmed once, where nobody else
    does.

    What else they said, a person reads; of a visit that is near, a person calls.
    """

    def withdrawn(client: Client) -> Client:
        for purpose in (Purpose.TRANSACTIONAL, Purpose.PROMOTIONAL):
            client = client.stating(_statement(heard, purpose, ConsentWord.WITHDRAWN))
        return client

    change_client(heard.client.business, heard.client.id, withdrawn)
    if heard.speaks_with:
        say_goodbye(SAID_STOP, heard.received, heard.client, heard.address, now=heard.now)
    if heard.received.says_more:
        ask_a_person(heard.received, heard.client, heard.catalog, now=heard.now)
    call_before_a_visit(heard.client, heard.catalog, heard.change)
    return because(Code.NO_MORE_MESSAGES, channel=heard.received.channel)


def _wrong_number(heard: Heard) -> Reason:
    """Nothing more goes to that number for them, however old it is; a person finds out the right one."""
    at, number = heard.received.at, heard.address

    def left(client: Client) -> Client:
        return not_theirs(client.stopping(heard.received.channel, why=WRONG, at=at, address=number), number, at=at)

    change_client(heard.client.business, heard.client.id, left)
    say_goodbye(WRONG_NUMBER, heard.received, heard.client, number, now=heard.now)
    ask_a_person(heard.received, heard.client, heard.catalog, now=heard.now)
    return because(Code.NUMBER_LEFT)


def _start(heard: Heard) -> Reason:
    """What concerns their bookings again, where that was agreed to before; invitations need a consent of their own."""
    if heard.is_stale:
        raise StaleReply
    if not heard.received.answers and heard.client.said(Purpose.TRANSACTIONAL, heard.received.channel) is None:
        return because(Code.NOTHING_TO_START)

    def given(client: Client) -> Client:
        client = theirs_after_all(client, heard.address)
        return client.starting(heard.received.channel).stating(
            _statement(heard, Purpose.TRANSACTIONAL, ConsentWord.GIVEN)
        )

    change_client(heard.client.business, heard.client.id, given)
    return because(Code.MESSAGES_AGAIN, channel=heard.received.channel)


def _nothing(_: Heard) -> Reason:
    return because(Code.NOTHING_TO_DO)


ANSWERS: dict[Intent, Callable[[Heard], Reason]] = {
    Intent.CONFIRM: _confirm,
    Intent.CANCEL: _cancel,
    Intent.MOVE: _move,
    Intent.LATE: _late,
    Intent.STOP: _stop,
    Intent.START: _start,
    Intent.WRONG_NUMBER: _wrong_number,
    Intent.THANKS: _nothing,
    Intent.AUTOMATIC: _nothing,
}


TO_OFFERS: dict[Intent, Callable[[Heard], Reason]] = {
    Intent.CONFIRM: _take,
    Intent.DECLINE: _let_pass,
    Intent.CANCEL: _cannot_take,
}
"""What can be said to a time that is held for them; all else is for a person, and the offer runs on."""

TO_DELAYS = ANSWERS | {Intent.CONFIRM: _wait_for_us, Intent.MOVE: _come_later, Intent.LATE: _late_for_us}

BY_ASKED: dict[Asked, Mapping[Intent, Callable[[Heard], Reason]]] = {
    Asked.OFFERED: TO_OFFERS,
    Asked.DELAYED: TO_DELAYS,
    Asked.BY_STAFF: {},
}
"""Where what was asked gives their words another meaning; what answers one of the staff a person reads."""


def _statement(heard: Heard, purpose: Purpose, said: ConsentWord) -> Consent:
    received = heard.received
    return Consent(purpose, received.channel, received.at, f"{received.channel} reply", received.text, said)


def _say(heard: Heard, visit: Appointment, stage: str, detail: tuple[str, ...] = ()) -> None:
    """In answer to this reply and over the channel it came by; said once, and not after enough of them."""
    answer = to_client(
        visit,
        heard.client,
        heard.catalog.business,
        stage,
        now=heard.now,
        useful_until=heard.now + USEFUL,
        over=heard.received.channel,
        occasion=heard.received.key,
    )
    try:
        messages.put_alone(as_allowed(replace(answer, detail=detail), heard.lately))
    except Lost:
        return
    if heard.lately.is_enough:
        _held_back(heard)
    else:
        hand_over([messages.key(answer)])


def _held_back(heard: Heard) -> None:
    """The first time within the hour a person is asked to look; a crash before that costs the asking, not the end."""
    if not heard.lately.held_back:
        ask_a_person(heard.received, heard.client, heard.catalog, now=heard.now, why="answered_enough")


def _wrote(visit: Appointment) -> dict[str, datetime]:
    """When each of the client's replies that did something to it was written, by its key."""
    keys = (line.key for line in visit.history if line.key and line.is_clients)
    whose = clients.ids(visit.business, visit.client)
    return {one.key: one.at for one in messages.received_under(visit.business, whose, keys)}
