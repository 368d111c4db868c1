"""The messages that a follow-up's clock causes: to whom each goes, and what became of those found too late."""

from datetime import datetime

from kept.booking.catalog import Catalog
from kept.follow_up.clock import ASSIGNEE, Notice, is_pointless, overtaken_at, reached
from kept.follow_up.follow_up import FollowUp
from kept.messaging.message import Message, MessageStatus
from kept.messaging.purpose import Channel, Purpose


def messages(follow_up: FollowUp, catalog: Catalog, *, now: datetime) -> tuple[Message, ...]:
    """One for every notice reached since the last look: queued, or recorded as missed with its reason."""
    return tuple(_message(notice, follow_up, catalog, now) for notice in reached(follow_up, now=now))


def recipient(notice: Notice, follow_up: FollowUp, catalog: Catalog) -> str:
    """The staff id of one person, for a thing told to many is done by none; "" is the business's own address.

    A level is the first in the catalog who has its role and an e-mail address, other than the assignee.
    """
    if notice.to == ASSIGNEE:
        reachable = [s for s in catalog.staff.values() if s.id == follow_up.assignee and s.email]
    else:
        others = (s for s in catalog.staff.values() if s.id != follow_up.assignee)
        reachable = [s for s in others if s.role == notice.to and s.email]
    return reachable[0].id if reachable else ""


def _message(notice: Notice, follow_up: FollowUp, catalog: Catalog, now: datetime) -> Message:
    message = Message(
        business=follow_up.business,
        about=follow_up.id,
        version=1,
        stage=notice.stage,
        channel=Channel.EMAIL,
        purpose=Purpose.STAFF,
        recipient=recipient(notice, follow_up, catalog),
        created_at=now,
        due_at=now,
        useful_until=overtaken_at(notice, follow_up),
    )
    if not is_pointless(notice, follow_up, now=now):
        return message
    return message.over(MessageStatus.MISSED, reason=_why_missed(follow_up))


def _why_missed(follow_up: FollowUp) -> str:
    return "missed: a later notice is due" if follow_up.stopped_at is None else "missed: answered in the meantime"
