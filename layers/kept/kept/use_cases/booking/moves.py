"""Moving a visit, or making it longer or shorter: what would become of it, and that in one write."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.availability import Unavailable
from kept.booking.day_page import DayPage
from kept.booking.hold import Hold
from kept.booking.refusals import InThePast, NotOffered, SlotTaken
from kept.business.catalog import Catalog
from kept.clients.client import Client
from kept.due_work.queues import hand_over
from kept.messaging.message import Message
from kept.storage import clients, follow_ups
from kept.storage.transaction import together
from kept.use_cases.booking.allocation import Allocation, find, find_again, find_by_hand, find_held, given_up
from kept.use_cases.booking.book import Also, nothing_else, put_with_pages, told
from kept.use_cases.booking.holders import naming_holders, taken
from kept.use_cases.booking.open_times import AvailabilityQuery, ask_to_move, ask_to_stay, for_staff, is_open
from kept.use_cases.booking.unheard import unheard
from kept.use_cases.clients.filing import keep_longer
from kept.use_cases.messaging import undelivered
from kept.use_cases.optimistic_retry import done_once
from kept.use_cases.policy.charging import charge
from kept.use_cases.policy.making_good import regarding

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Move:
    """Where an appointment goes; `staff` None keeps the person it is with, `minutes` None its length; `version` is the
    one the asker has seen; `hold` is what holds the time for it."""

    starts: datetime
    staff: str | None = None
    version: int | None = None
    by_hand: bool = False
    minutes: int | None = None
    hold: Hold | None = None

    def begins_elsewhere(self, visit: Appointment) -> bool:
        return visit.starts != self.starts or self.staff not in (None, visit.slot.staff)

    def is_done(self, visit: Appointment) -> bool:
        as_long = self.minutes is None or self.minutes * MINUTE == visit.ends - visit.starts
        return as_long and visit.stands_at(self.starts, self.staff)


@dataclass(frozen=True, slots=True)
class Plan:
    """The visit as it would be, the pages that are written for it, and what was asked of the book."""

    after: Appointment
    pages: tuple[DayPage, ...]
    question: AvailabilityQuery


def reschedule(
    catalog: Catalog,
    id: str,
    move: Move,
    change: Change,
    *,
    told_as: Callable[[Message, Client], Message] | None = None,
    also: Also = nothing_else,
) -> Appointment:
    """Slot, reminders and checks in one write; the old slot is kept until the new one is won.

    It stays with the person it is with, as long as they are here. To where it stands already there is nothing to do. Of
    another end alone nobody is told: they come when they were told to. `told_as` makes of what is said of it what is to
    go. Raises why it may not be moved, or not to there.
    """
    business = catalog.business.id

    def act(appointment: Appointment) -> Appointment:
        if move.is_done(appointment):
            return appointment
        plan = planned(catalog, appointment, move, change)
        client = clients.load(business, appointment.client)
        closed = undelivered.needless(appointment, plan.after, change)
        said = _said(appointment, plan, client, change)
        said = [told_as(message, client) for message in said] if told_as else said
        with together() as transaction:
            regard = regarding(catalog.business, appointment, plan.after, change)
            keep_longer(client, plan.after, transaction, now=change.at, also=regard)
            if closed:
                follow_ups.put(closed, transaction)
            charge(catalog.business, appointment, plan.after, transaction, change)
            keys = put_with_pages(plan.question, plan.after, plan.pages, said, transaction)
            also(plan.after, transaction)
        hand_over(keys)
        return plan.after

    return done_once(business, id, act, change, version=move.version)


def _said(before: Appointment, plan: Plan, client: Client, change: Change) -> list[Message]:
    if plan.after.version == before.version:
        return []
    taken_back = unheard(before, plan.after, change)
    if taken_back is not None:
        return taken_back
    return told(before, plan.after, "rescheduled", client, plan.question, change)


def planned(catalog: Catalog, visit: Appointment, move: Move, change: Change) -> Plan:
    """Nothing is written. Raises why it may not be moved, or not to there."""
    if move.minutes is not None and not move.begins_elsewhere(visit):
        return _resized(catalog, visit, move, move.minutes, change)
    longer = visit if move.minutes is None else replace(visit, minutes=move.minutes)
    # First with the slot it has: a move that is not allowed is refused as such, not for the slot it asks for.
    longer.reschedule(visit.slot, change, rules=catalog.business.changes)
    question = ask_to_move(catalog, longer, move.staff, zone=ZoneInfo(visit.tz), now=change.at)
    question = for_staff(question) if change.by.is_staff or visit.is_held_up else question
    with naming_holders(question, visit.id, move.starts, change):
        place = _place(question, visit, move)
    if place.slot.ends <= change.at:
        raise InThePast
    moved = longer.reschedule(place.slot, change, rules=catalog.business.changes)
    return _plan(catalog, visit, moved, place, question)


def _place(question: AvailabilityQuery, visit: Appointment, move: Move) -> Allocation:
    if move.hold:
        held = replace(question, held=move.hold.ref)
        return find_held(held, visit.id, move.hold.ref, move.hold.starts, move.starts)
    return (find_by_hand if move.by_hand else find)(question, visit.id, move.starts)


def _resized(catalog: Catalog, visit: Appointment, move: Move, minutes: int, change: Change) -> Plan:
    """Beyond the hours of person or room by hand alone. Raises MoveNotAllowed, NotOffered, SlotTaken."""
    slot = replace(visit.slot, ends=visit.starts + minutes * MINUTE)
    after = visit.resize(slot, change)
    question = ask_to_stay(catalog, after, now=change.at)
    if slot.ends > visit.ends and not move.by_hand and not is_open(question, slot):
        raise NotOffered(reason=Unavailable.CLOSED)
    try:
        place = find_again(question, visit.id, slot)
    except SlotTaken as error:
        raise taken(question, visit.id, slot) from error
    if slot.ends > visit.ends and not move.by_hand and place.is_busy:
        raise NotOffered(reason=Unavailable.AWAY)
    return _plan(catalog, visit, replace(after, slot=place.slot), place, question)


def _plan(
    catalog: Catalog, visit: Appointment, after: Appointment, place: Allocation, question: AvailabilityQuery
) -> Plan:
    left = given_up(catalog.business, visit.slot, visit.id, but=place.pages)
    return Plan(after, (*place.pages, *left), question)
