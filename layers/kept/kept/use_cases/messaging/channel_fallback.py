"""What takes the place of a message that does not reach its reader: the next channel, or a person."""

from contextlib import suppress
from datetime import datetime

from kept.actor import KEPT, Change
from kept.booking.appointment import Appointment
from kept.booking.history import Event
from kept.business.text_names import STAFF_ANSWER
from kept.channels import Purpose
from kept.clients.booked_as import contacts
from kept.due_work.queues import hand_over
from kept.follow_up.assignment import whose
from kept.follow_up.follow_up import FollowUp, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.untold import is_ours, is_their_wish, nothing_is_open, to_be_told, told_by, untold
from kept.messaging.message import Message, MessageStatus
from kept.reasons import Code, because
from kept.storage import appointments, catalogs, clients, follow_ups, messages
from kept.storage.transaction import Lost, together
from kept.use_cases.clients.subscriptions import settled_with
from kept.use_cases.messaging import client_message
from kept.use_cases.messaging.answered import left_open
from kept.use_cases.messaging.client_message import ToClient
from kept.use_cases.messaging.staff_message import ToStaff
from kept.use_cases.messaging.undelivered import arrived, call

UNREACHED = frozenset({MessageStatus.FAILED, MessageStatus.SUPPRESSED})


def give_up(
    over: Message, about: ToClient | ToStaff | None, *, elsewhere: bool, now: datetime, none_left: bool = False
) -> bool:
    """Its end, and what follows from it, in one write; False when somebody else wrote first, who then has it.

    What the business did and no channel tells is for a person, whatever the reason and the state of the visit; so is
    any other message about a visit still to come that no channel carries. `none_left`: WeChat knows of no subscription.
    """
    another = about.matter.another(over, now=now) if elsewhere and isinstance(about, ToClient) else None
    opened = _for_a_person(over, about, now) if another is None and isinstance(about, ToClient) else None
    try:
        with together() as transaction:
            messages.put(over, transaction)
            if client := settled_with(over, none_left=none_left):
                clients.put(client, transaction)
            if another:
                messages.put(another, transaction)
            if opened:
                follow_ups.put(opened, transaction)
            if opened and isinstance(about, ToClient) and about.appointment:
                # Whoever did something about the visit since it was read may have shown that they know.
                appointments.unchanged(about.appointment, transaction)
    except Lost:
        return False
    if another:
        hand_over([messages.key(another)])
    return True


def left_to_a_person(business: str, id: str, *, now: datetime) -> None:
    """For a message that was set aside unsent: it may be put back, but nobody knows when. Raises Lost.

    Done again it finds itself done, and a crash before it costs nothing: the record of it comes again.
    """
    message = messages.find(business, id)
    about = client_message.to_client(message, catalogs.load(business), now=now) if message and message.is_owed else None
    if message is None or about is None:
        return
    ended = message.over(MessageStatus.FAILED, reason=because(Code.SET_ASIDE))
    if opened := _for_a_person(ended, about, now):
        with together() as transaction:
            follow_ups.put(opened, transaction)
            if about.appointment:
                appointments.unchanged(about.appointment, transaction)


def told_after_all(message: Message, about: ToClient | ToStaff | None, *, now: datetime) -> None:
    """It went out though it had been given up, and somebody may have been asked to call.

    A crash before it, or somebody at work on the call, leaves the call open: one too many and none too few.
    """
    if not isinstance(about, ToClient) or about.appointment is None:
        return
    if closed := arrived(message, about.appointment, now=now):
        with suppress(Lost):
            follow_ups.put_alone(closed)


def _for_a_person(over: Message, about: ToClient, now: datetime) -> FollowUp | None:
    visit = about.appointment
    if over.stage == STAFF_ANSWER:
        return left_open(over, about, now=now)
    if over.purpose is not Purpose.TRANSACTIONAL or visit is None:
        return None
    if act := to_be_told(over, visit):
        why = untold(act, over, about.client, about.catalog.business.channels)
        return call(visit, act, about.client, about.catalog, why, now=now)
    act = told_by(over, visit)
    return None if act and is_ours(act) else _unreached(over, visit, act, about, now)


def _unreached(over: Message, visit: Appointment, act: Event | None, about: ToClient, now: datetime) -> FollowUp | None:
    """About their own doing, or a reminder. That they want none is a wish and no failure, but for what they have just
    asked to be told."""
    failed = over.status in UNREACHED and (act is not None or not is_their_wish(over))
    unheard = act is not None and nothing_is_open(over)
    id = f"{visit.id}-v{visit.version}-{OpenedBy.FAILED_MESSAGE}"
    if (
        not contacts(about.client)
        or not (failed or unheard)
        or not visit.is_expected
        or now >= visit.ends
        or follow_ups.find(visit.business, id)
    ):
        return None
    return open_for(
        about.client,
        id,
        cause=OpenedBy.FAILED_MESSAGE,
        about=visit.id,
        assignee=whose(visit.slot.staff, about.catalog, now=now),
        policy=about.catalog.follow_up_policy,
        change=Change(KEPT, now, why=f"{over.stage} over {over.channel} {over.status}: {over.reason}"),
    )
