"""A client disputes what is held against them, once; and one of the staff decides, with a reason or with words to them.

Each is one write: the visit and the follow-up that it opens or ends, and of an upheld one everything that hung on it.
"""

from dataclasses import replace

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.states import ReversalReason
from kept.business.catalog import Catalog
from kept.due_work.queues import hand_over
from kept.follow_up.assignment import whose
from kept.follow_up.follow_up import FollowUp, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.reasons import Code, because
from kept.reminders.timeline import next_due
from kept.storage import appointments, clients, follow_ups, messages
from kept.storage.transaction import together
from kept.use_cases.booking.dispute_settled import settled, told_of_it
from kept.use_cases.booking.marking import follow_up_id
from kept.use_cases.booking.taking_back import taken_back
from kept.use_cases.optimistic_retry import done_once


def dispute(catalog: Catalog, id: str, change: Change, *, version: int | None = None) -> Appointment:
    """By its client, with a few words in `why`: somebody has to decide, by a clock. What the missed visit itself had
    opened is over with it, for they have answered.

    Said again before it is decided it is the same. Raises MoveNotAllowed where nothing is held against them,
    AlreadyDisputed, DisputeTooLate, UnknownAppointment, Outdated.
    """

    def act(before: Appointment) -> Appointment:
        after = before.raise_dispute(change, within=catalog.business.attendance.dispute_within)
        if after is not before:
            with together() as transaction:
                appointments.put(after, next_due(after, catalog), transaction)
                for follow_up in filter(None, (_opened(after, catalog, change), _answered(before, change))):
                    follow_ups.put(follow_up, transaction)
        return after

    return done_once(catalog.business.id, id, act, change, version=version)


def uphold(
    catalog: Catalog, id: str, reason: ReversalReason, change: Change, *, version: int | None = None
) -> Appointment:
    """Nothing of it counts any more, and the client is told.

    Raises NotDisputed, MoveNotAllowed for a reason that cannot be, SlotTaken with who has the slot, UnknownAppointment,
    Outdated.
    """
    return taken_back(catalog, id, lambda before: before.uphold_dispute(reason, change), change, version)


def refuse(catalog: Catalog, id: str, change: Change, *, version: int | None = None) -> Appointment:
    """It stays as it is, and the client is told in the words of `why`. Raises NotDisputed, UnknownAppointment,
    Outdated."""

    def act(before: Appointment) -> Appointment:
        after = before.refuse_dispute(change)
        with together() as transaction:
            appointments.put(after, next_due(after, catalog), transaction)
            if follow_up := settled(before, after, change):
                follow_ups.put(follow_up, transaction)
            keys = messages.put_all(told_of_it(before, after, catalog, change), transaction, now=change.at)
        hand_over(keys)
        return after

    return done_once(catalog.business.id, id, act, change, version=version)


def _opened(after: Appointment, catalog: Catalog, change: Change) -> FollowUp:
    return open_for(
        clients.load(after.business, after.client),
        follow_up_id(after, OpenedBy.DISPUTE),
        cause=OpenedBy.DISPUTE,
        about=after.id,
        assignee=whose(after.slot.staff, catalog, now=change.at),
        policy=catalog.follow_up_policy,
        change=replace(change, key="", body=""),
    )


def _answered(before: Appointment, change: Change) -> FollowUp | None:
    """What asked whether they could be reached."""
    opened = follow_ups.find_open(before.business, follow_up_id(before, OpenedBy.NO_SHOW))
    return opened and opened.ended(change.by, change.at, str(because(Code.DISPUTED)))
