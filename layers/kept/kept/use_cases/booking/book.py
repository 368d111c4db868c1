"""Holding, booking and moving a slot: the writes in which double booking must not happen."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pynamodb.transactions import TransactWrite

from kept import ids
from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.appointment import book as booked
from kept.booking.day_page import DayPage
from kept.booking.hold import HOLD, HeldSlot, Hold
from kept.booking.states import Status
from kept.business.catalog import Catalog
from kept.business.change_rules import Terms
from kept.business.questions import BookingVerdict
from kept.clients.booked_as import booked_as
from kept.clients.client import Client
from kept.clients.filing import Filed
from kept.due_work.queues import hand_over
from kept.errors import KeyReused
from kept.lanes import Key
from kept.messaging.message import Message
from kept.messaging.outgoing import change_of_today, to_client, undoable
from kept.policy.accepted import accepted
from kept.reasons import Code, Reason
from kept.reminders.timeline import next_due
from kept.storage import appointments, clients, day_pages, idempotency, messages
from kept.storage.codec import from_json, to_json
from kept.storage.idempotency import Known
from kept.storage.transaction import together
from kept.use_cases.booking.allocation import Allocation, find, find_by_hand, find_held, find_now
from kept.use_cases.booking.held_days import leave_some_of_the_day
from kept.use_cases.booking.holders import naming_holders
from kept.use_cases.booking.open_times import AvailabilityQuery, ask, for_staff
from kept.use_cases.booking.screening import BOOKED, answered, screened
from kept.use_cases.clients.filing import Booker, filed_for, here, write
from kept.use_cases.clients.visits import Records
from kept.use_cases.limits.counting import FREE, Admission
from kept.use_cases.optimistic_retry import first_answer, retried
from kept.use_cases.policy.deposit_asking import BY_THE_RULES, WITHOUT, DepositChoice, ask_deposit, with_deposit


@dataclass(frozen=True, slots=True)
class BookingRequest:
    """What is to be booked, for whom, and how: from a hold, or by staff regardless of the rules for clients.

    `known`: the client is on record, and was not typed. `walk_in`: they stand
    at the desk, so it begins now, whatever `starts` says, and they are checked in with it, without a deposit.
    `staff` None is anybody who does the service, `zone` the one from which it is asked for. `client` is as typed; what
    staff left `open` of it (locale, tz) is as their client has it. `own` is a hold that is given up for it, where it is
    not booked from that `hold`. `answers` are those to the service's questions, by their ids.
    """

    service: str
    starts: datetime
    client: Client
    zone: ZoneInfo
    staff: str | None = None
    note: str = ""
    hold: Hold | None = None
    own: str | None = None
    by_hand: bool = False
    open: frozenset[str] = frozenset()
    known: bool = False
    walk_in: bool = False
    deposit: DepositChoice = BY_THE_RULES
    answers: Mapping[str, str] = field(default_factory=dict)


def hold(
    question: AvailabilityQuery, starts: datetime, admission: Admission = FREE, *, change: Change | None = None
) -> HeldSlot:
    """Raises why the slot cannot be had, and TooManyRequests where holds keep too much of the day.

    It takes the place of the `own` hold of whoever asks, which then is not counted; one that lies days away, or with
    somebody else, runs out by itself. With the `change` of a request that has an idempotency key a repeat is answered
    by the same hold, and is not counted, for as long as it lives. A crash after the write costs the slot for five
    minutes.
    """
    business, now = question.business.id, question.now
    ref, until = question.own or ids.new("h"), now + HOLD
    mine = replace(question, own=ref)

    def done() -> HeldSlot | None:
        if first := _held_before(business, change, now=now):
            admission.give_back()
        return first

    def attempt() -> HeldSlot:
        if first := done():
            return first
        place = find(mine, ref, starts, hold_until=until)
        leave_some_of_the_day(mine, place.pages, ref)
        if not place.gave_up:
            admission.take()
        held = HeldSlot(Hold(ref, place.slot.starts, now), place.slot, until)
        with together() as transaction:
            for page in place.pages:
                day_pages.put(business, page, transaction)
            if change:
                known = Known(change.body, to_json(held))
                idempotency.put(business, _hold_key(change), known, transaction, until=until, now=now)
        return held

    with admission:
        return retried(attempt, done=done)


def _held_before(business: str, change: Change | None, *, now: datetime) -> HeldSlot | None:
    """Raises KeyReused."""
    known = idempotency.find(business, _hold_key(change), now=now) if change else None
    if known is None or change is None or known.answer is None:
        return None
    if known.request != change.body:
        raise KeyReused
    return from_json(HeldSlot, known.answer)


def _hold_key(change: Change) -> str:
    """Apart from what staff do under their keys."""
    return f"hold#{change.key}"


Also = Callable[[Appointment, TransactWrite], None]
"""What else is written with an appointment, or not at all; it may refuse. Asked anew with each try."""


def nothing_else(_: Appointment, __: TransactWrite) -> None:
    pass


def book(
    catalog: Catalog,
    request: BookingRequest,
    change: Change,
    admission: Admission = FREE,
    *,
    also: Also = nothing_else,
) -> Appointment:
    """The booking, its pages, its client if new, and its confirmation, in one write; or that it is asked for, with the
    follow-up by which staff decide. Raises why it cannot be had, and UnknownService, UnknownStaff, WrongAnswers,
    DeclinedByAnswers.

    It keeps who it was made for as they were typed, whoever it is filed with. The id is drawn from the idempotency key,
    so a repeat finds the first booking and answers as it was then; it is not counted, and no limit stands in its way.
    Whom the `admission` does not let in is refused by TooManyRequests.
    """
    business, own = catalog.business.id, request.hold.ref if request.hold else request.own
    question = ask(catalog, request.service, request.staff, zone=request.zone, now=change.at, own=own)
    question = for_staff(question) if change.by.is_staff else question
    id = _id(business, change) if change.key else ids.new("a")
    by_client = change.by.is_client

    def done() -> Appointment | None:
        if first := first_answer(business, id, change):
            admission.give_back()
        return first

    def attempt() -> Appointment:
        if first := done():
            return first
        answers = answered(question, request.answers, by_client=by_client, offered=request.known)
        with naming_holders(question, id, change.at if request.walk_in else request.starts, change):
            place = _place(question, request, id)
        filing = filed_for(Booker(request.client, request.open, request.known), change, ends=place.slot.ends)
        records = Records()
        screening = screened(question, filing, request.answers, records, now=change.at) if by_client else BOOKED
        is_asked_for = screening.verdict is BookingVerdict.ASK
        terms = _terms(question, request, filing, records, change)
        waits = bool(terms.deposit) and not is_asked_for
        appointment = booked(
            business,
            id,
            service=question.service.id,
            client=filing.client.id,
            tz=filing.typed.tz,
            slot=place.slot,
            policy_version=question.business.policy_version,
            note=request.note,
            change=replace(change, key="", body="") if request.walk_in else change,
            booked_as=booked_as(filing.typed, is_first=filing.before is None),
            tier=filing.client.tier,
            price=question.service.price,
            accepted=terms,
            status=_status(is_asked_for=is_asked_for, waits=waits),
            held_until=_held_until(question, place.slot.starts, change, is_asked_for=is_asked_for, waits=waits),
            answers=answers,
        )
        if request.walk_in:
            appointment, filing = appointment.check_in(change), here(filing)
        admission.take()
        with together() as transaction:
            write(filing, transaction, ends=place.slot.ends, now=change.at)
            stage = "asked_for" if is_asked_for else "deposit_asked" if waits else "confirmation"
            said = [] if request.walk_in else told(None, appointment, stage, filing.client, question, change)
            if waits:
                ask_deposit(question.business, appointment, transaction, change)
            if Code.ASKS_DISMISSED in {it.code for it in screening.why}:
                said += _letters_again(catalog, filing, change)
            if is_asked_for:
                _ask_staff(appointment, filing.client, catalog, screening.why, change, transaction)
            keys = put_with_pages(question, appointment, place.pages, said, transaction)
            also(appointment, transaction)
        hand_over([*keys, *clients.to_index(filing.client)])
        return appointment

    with admission:
        return retried(attempt, done=done)


def _letters_again(catalog: Catalog, filing: Filed, change: Change) -> list[Message]:
    from kept.use_cases.policy.dismissing import letters_again  # at first use

    return letters_again(catalog, filing, change)


def _ask_staff(
    appointment: Appointment,
    client: Client,
    catalog: Catalog,
    why: Iterable[Reason],
    change: Change,
    transaction: TransactWrite,
) -> None:
    from kept.storage import follow_ups  # at first use
    from kept.use_cases.follow_ups.request_answered import request_to_answer

    follow_ups.put(request_to_answer(appointment, client, catalog, why, change), transaction)


def _status(*, is_asked_for: bool, waits: bool) -> Status:
    """First for staff's yes, then for the deposit."""
    return Status.ASKED_FOR if is_asked_for else Status.AWAITING_DEPOSIT if waits else Status.BOOKED


def _held_until(
    question: AvailabilityQuery, starts: datetime, change: Change, *, is_asked_for: bool, waits: bool
) -> datetime | None:
    business = question.business
    if is_asked_for:
        return business.requests.held_until(starts, now=change.at)
    return business.changes.deposits.pay_until(starts, now=change.at) if waits else None


def _terms(
    question: AvailabilityQuery, request: BookingRequest, filing: Filed, records: Records, change: Change
) -> Terms:
    """As they are accepted, with the deposit that is asked of whoever this is."""
    business, client = question.business, filing.client
    terms = accepted(business, question.service, client.tier, is_client=change.by.is_client)
    choice = WITHOUT if request.walk_in else request.deposit
    return with_deposit(terms, business, client, choice, change, records, is_on_record=filing.before is not None)


def booked_before(business: str, change: Change) -> Appointment | None:
    """What this very request booked, if it came before; whatever has become of its hold or its service since. Raises
    KeyReused."""
    return first_answer(business, _id(business, change), change) if change.key else None


def _id(business: str, change: Change) -> str:
    return ids.from_key("a", business, change.key)


def _place(question: AvailabilityQuery, request: BookingRequest, id: str) -> Allocation:
    if request.hold:
        return find_held(question, id, request.hold.ref, request.hold.starts, request.starts)
    if request.walk_in:
        return find_now(question, id, by_hand=request.by_hand)
    return (find_by_hand if request.by_hand else find)(question, id, request.starts)


def told(
    before: Appointment | None,
    after: Appointment,
    stage: str,
    client: Client,
    question: AvailabilityQuery,
    change: Change,
) -> list[Message]:
    """What the client hears of it, and staff where it is about today; what staff did can be undone before."""
    business = question.business
    said = to_client(after, client, business, stage, now=change.at, useful_until=after.starts)
    return [undoable(message, change) for message in (said, *change_of_today(before, after, business, change))]


def put_with_pages(
    question: AvailabilityQuery,
    appointment: Appointment,
    pages: Iterable[DayPage],
    said: Iterable[Message],
    transaction: TransactWrite,
) -> list[Key]:
    """The keys of the messages that are to go now."""
    for page in pages:
        day_pages.put(question.business.id, page, transaction)
    appointments.put(appointment, next_due(appointment, question.catalog), transaction)
    return messages.put_all(said, transaction, now=question.now)
