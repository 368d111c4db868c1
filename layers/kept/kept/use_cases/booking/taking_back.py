"""Taking back what was done at the desk: a step of a visit, a cancellation, a no-show.

Whoever is to sit in a chair again gets it in the same write, on the versions of its pages; where somebody else has it
by now that is refused with who they are, and staff decide. What was to tell of the act and has not gone out is not
sent; what was told already is told anew.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.day_page import DayPage
from kept.booking.history import NO_SHOW_REVERSED
from kept.booking.refusals import MoveNotAllowed, SlotTaken
from kept.booking.states import GONE, ReversalReason, Status
from kept.business.catalog import Catalog
from kept.channels import Purpose
from kept.clients.client import Client
from kept.due_work.queues import hand_over
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import Message, MessageStatus
from kept.messaging.outgoing import change_of_today, to_client, undoable
from kept.policy.make_good import as_waited
from kept.reasons import Code
from kept.reminders.timeline import next_due
from kept.storage import appointments, clients, day_pages, follow_ups, messages
from kept.storage.transaction import together
from kept.use_cases.booking.allocation import find_again, given_up
from kept.use_cases.booking.dispute_settled import decision, settled, told_of_it
from kept.use_cases.booking.holders import taken
from kept.use_cases.booking.marking import MISSED_YOU, closed_with_it, follow_up_id
from kept.use_cases.booking.open_times import ask_to_stay
from kept.use_cases.booking.unheard import TELL_OF_IT, UNSENT, withdrawn
from kept.use_cases.messaging import undelivered
from kept.use_cases.optimistic_retry import done_once
from kept.use_cases.policy.charging import charge
from kept.use_cases.policy.deposit_steps import as_secured
from kept.use_cases.policy.earning import earn
from kept.use_cases.policy.making_good import as_made_good, keep_longer_regarded, make_good, regard

TELLS_OF = {
    Status.CANCELLED: frozenset({"cancelled", "staff_cancelled"}),
    Status.NO_SHOW: frozenset({MISSED_YOU}),
}
"""What tells of it, to whomever."""
STILL_EXPECTED = timedelta(days=1)
"""After its end."""
TOLD = frozenset({MessageStatus.SENDING, MessageStatus.SENT})


def undo(catalog: Catalog, id: str, change: Change, *, version: int | None = None) -> Appointment:
    """As it was before the last step. Raises MoveNotAllowed where nothing leads back, SlotTaken with who has the slot,
    UnknownAppointment, Outdated."""
    return taken_back(catalog, id, lambda before: before.undo(change), change, version)


def take_back_no_show(
    catalog: Catalog, id: str, reason: ReversalReason, change: Change, *, version: int | None = None
) -> Appointment:
    """With the follow-up it opened, and with its slot, where they are to have it.

    Raises MoveNotAllowed for what is no no-show, SlotTaken with who has the slot, UnknownAppointment, Outdated.
    """
    return taken_back(catalog, id, lambda before: before.reverse_no_show(reason, change), change, version)


def taken_back(
    catalog: Catalog, id: str, step: Callable[[Appointment], Appointment], change: Change, version: int | None
) -> Appointment:
    """As `step` takes it back, waited for and seated anew; once under the request's key. With it goes a dispute."""

    def act(before: Appointment) -> Appointment:
        return _written(catalog, before, _waited_for(step(before), catalog, change), change)

    return done_once(catalog.business.id, id, act, change, version=version)


def _waited_for(after: Appointment, catalog: Catalog, change: Change) -> Appointment:
    """Whoever is expected again after their time has a grace from now, or the clock would miss them at once.

    Nobody is expected a day later: a clock would tell them then that they were missed. Raises MoveNotAllowed.
    """
    rules = catalog.business.attendance
    if not (after.is_expected and rules.checks_in and change.at > after.starts):
        return after
    if change.at > after.ends + STILL_EXPECTED:
        raise MoveNotAllowed(state=after.status)
    return replace(after, waits_until=max(change.at + rules.grace, after.waits_until or change.at))


def _written(catalog: Catalog, before: Appointment, after: Appointment, change: Change) -> Appointment:
    """One write: the visit, its pages, what was and what is to be said, and what a no-show had opened."""
    after, pages = _seated(catalog, before, as_secured(catalog, before, after, change), change)
    after = as_made_good(catalog, before, as_waited(after, before, catalog.business, change), change)
    whole = [message for message in messages.about(before.business, before.id) if message.version == before.version]
    is_other = after.status is not before.status
    ledger = [message for message in whole if is_other and message.stage in TELLS_OF.get(before.status, ())]
    unsent = [withdrawn(message) for message in ledger if message.status in UNSENT]
    said = [*_said_anew(catalog, before, after, whole, change), *told_of_it(before, after, catalog, change)]
    closed = _closed(before, after, catalog, ledger, change)
    with together() as transaction:
        appointments.put(after, next_due(after, catalog), transaction)
        for page in pages:
            day_pages.put(before.business, page, transaction)
        for follow_up in closed:
            follow_ups.put(follow_up, transaction)
        if before.status is Status.CANCELLED and not after.has_come:
            keep_longer_regarded(catalog.business, before, after, transaction, change)
        else:
            regard(catalog.business, before, after, transaction, change)
        charge(catalog.business, before, after, transaction, change)
        earn(catalog.business, before, after, transaction, change)
        said += make_good(catalog, before, after, transaction, change)
        keys = messages.put_all([*unsent, *said], transaction, now=change.at)
    hand_over(keys)
    return after


def _seated(
    catalog: Catalog, before: Appointment, after: Appointment, change: Change
) -> tuple[Appointment, list[DayPage]]:
    """In the book, whatever had become of their place in it; or out of it, where they are not to come any more, nor
    sit there any more because it is over and somebody else had the rest of it."""
    if before.status not in GONE:
        return after, []
    if after.status in GONE:
        return after, given_up(catalog.business, before.slot, before.id)
    question = ask_to_stay(catalog, before, now=change.at)
    try:
        place = find_again(question, before.id, before.slot)
    except SlotTaken as error:
        if after.status is Status.COMPLETED:
            return after, []
        raise taken(question, before.id, before.slot) from error
    left = given_up(catalog.business, before.slot, before.id, but=place.pages)
    return replace(after, slot=place.slot), [*place.pages, *left]


def _said_anew(
    catalog: Catalog, before: Appointment, after: Appointment, ledger: Iterable[Message], change: Change
) -> list[Message]:
    """That they are booked, to each who heard that they are not, or never heard that they are; a no-show is talked over
    on the telephone."""
    if before.status is not Status.CANCELLED or after.status in GONE:
        return []
    wrong = {message.purpose for message in ledger if _is_wrong_now(message)}
    said: list[Message] = []
    if Purpose.TRANSACTIONAL in wrong:
        client = clients.load(before.business, before.client)
        said.append(
            to_client(after, client, catalog.business, "confirmation", now=change.at, useful_until=after.starts)
        )
    if Purpose.STAFF in wrong:
        said.extend(change_of_today(after, after, catalog.business, change))
    return [undoable(message, change) for message in said]


def _is_wrong_now(message: Message) -> bool:
    """What its reader knows, of one that is on again."""
    if message.stage in TELLS_OF[Status.CANCELLED]:
        return message.status in TOLD
    was_withdrawn = message.reason is not None and message.reason.code == Code.TAKEN_BACK
    return message.stage in TELL_OF_IT and (message.status in UNSENT or was_withdrawn)


def _closed(
    before: Appointment, after: Appointment, catalog: Catalog, ledger: Iterable[Message], change: Change
) -> list[FollowUp]:
    """What the act had opened is over; whoever was told that they were missed, and did not come, is called."""
    found = [undelivered.needless(before, after, change), settled(before, after, change)]
    if before.status is Status.NO_SHOW:
        found.append(_missed(before, after, change))
        if not decision(before, after):
            found.append(_call(after, catalog, ledger, change))
    return [follow_up for follow_up in found if follow_up]


def _missed(before: Appointment, after: Appointment, change: Change) -> FollowUp | None:
    opened = follow_ups.find(before.business, follow_up_id(before, OpenedBy.NO_SHOW))
    if opened is None:
        return None
    line = next(line for line in reversed(after.history) if line.what == NO_SHOW_REVERSED)
    closed = closed_with_it(opened, ReversalReason(line.why.partition(":")[0]), change)
    return None if closed is opened else closed


def _call(after: Appointment, catalog: Catalog, ledger: Iterable[Message], change: Change) -> FollowUp | None:
    if after.has_come or not any(it.sent_at or it.status in TOLD for it in ledger):
        return None
    client: Client = clients.load(after.business, after.client)
    return undelivered.taken_back(after, client, catalog, now=change.at)
