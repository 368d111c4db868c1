"""What an answer of staff does to the follow-up it answers: sent, it stops its clock; not sent, it says so there."""

from datetime import datetime

from kept import ids
from kept.actor import KEPT, Actor, Change
from kept.bounds import WORDS
from kept.business.text_names import STAFF_ANSWER
from kept.follow_up.events import FollowUpEvent, What
from kept.follow_up.follow_up import FollowUp, FollowUpStatus, line, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import Message, MessageStatus
from kept.storage import follow_ups
from kept.use_cases.messaging.client_message import ToClient


def answered_by(message: Message) -> FollowUp | None:
    """With its line that they were answered, when this was sent and by who wrote it; None where there is none to be
    written: it was not sent, it is written already, or the matter was closed meanwhile and the answer went all the
    same."""
    if message.stage != STAFF_ANSWER or message.status is not MessageStatus.SENT or message.sent_at is None:
        return None
    by = Actor("staff", message.by)
    return _with(message, What.ANSWERED, Change(by, message.sent_at, message.text[:WORDS]))


def left_open(over: Message, about: ToClient, *, now: datetime) -> FollowUp | None:
    """For an answer that reached nobody: an attempt in the matter that still waits for it, and its clock runs on. Where
    none waits, a matter of its own for who wrote it; None where nothing is to be written any more.
    """
    why = f"{over.stage} over {over.channel} {over.status}: {over.reason}"
    if tried := _with(over, What.TRIED, Change(KEPT, now, why), to=over.channel):
        return tried
    id = f"{about.record.id}-{over.occasion}-{OpenedBy.FAILED_MESSAGE}"
    if _waits(over) or follow_ups.find(over.business, id):
        return None
    return open_for(
        about.client,
        id,
        cause=OpenedBy.FAILED_MESSAGE,
        about=about.appointment.id if about.appointment else "",
        assignee=over.by if over.by in about.catalog.staff else "",
        policy=about.catalog.follow_up_policy,
        change=Change(KEPT, now, why),
    )


def _waits(message: Message) -> FollowUp | None:
    """What it answers, if that still waits for us."""
    found = follow_ups.find(message.business, message.follow_up) if message.follow_up else None
    return found if found and found.status is FollowUpStatus.OPEN and not found.is_over else None


def _with(message: Message, what: What, change: Change, *, to: str = "") -> FollowUp | None:
    """Each line once, under a key drawn from the message."""
    found = follow_ups.find(message.business, message.follow_up) if message.follow_up else None
    if found is None or found.is_over or (what is What.TRIED and found.status is not FollowUpStatus.OPEN):
        return None
    key = ids.digest(f"{what} {message.id}")
    if follow_ups.event_under(found, key):
        return None
    at = max(change.at, found.last.at)
    new: FollowUpEvent = line(what, Change(change.by, at, change.why, key), to=to)
    return found.record(new, {}, now=at)
