"""The messages that a follow-up's clocks cause: to whom each goes, and what became of those found too late."""

from collections.abc import Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kept.booking.absence import there
from kept.booking.catalog import Catalog
from kept.follow_up.agenda import in_force
from kept.follow_up.clocks import clocks
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.matter import Policies
from kept.follow_up.policy import ASSIGNEE
from kept.follow_up.timeline import Notice, Tells, Timeline, overtaken_at, reached, timeline, why_pointless
from kept.messaging.message import Message, MessageStatus
from kept.messaging.outgoing import NOTICE_DIGEST
from kept.messaging.purpose import Channel, Purpose

OVERSLEPT = timedelta(minutes=30)
"""Later than that after its instant a notice is old news: whoever it was for is told of all such in one list."""
IN_A_LIST = "missed: told in one list with the others"
TOLD_ALREADY = "skipped: the same reader is told of it at another level"


@dataclass(frozen=True, slots=True)
class Told:
    """A notice and its line in the ledger: queued, or recorded as missed with its reason."""

    notice: Notice
    message: Message

    @property
    def is_listed(self) -> bool:
        """Its recipient is owed the list of what became late while nobody looked."""
        return self.message.reason == IN_A_LIST


def told(follow_up: FollowUp, policies: Policies, catalog: Catalog, *, now: datetime) -> tuple[Told, ...]:
    """One for every notice reached since the last look."""
    whole = timeline(follow_up.history, policies)
    due = reached(whole, looked_until=follow_up.looked_until, now=now)
    standing = clocks(follow_up.history, policies, now) if due else ()
    found: list[Told] = []
    for notice in due:
        message = _message(notice, follow_up, policies, catalog, now)
        message = replace(message, useful_until=overtaken_at(notice, whole))
        if any(_is_same(notice, message, one) for one in found):
            message = message.over(MessageStatus.SKIPPED, reason=TOLD_ALREADY)
        elif why := why_pointless(notice, whole, standing, now=now):
            message = message.over(MessageStatus.MISSED, reason=f"missed: {why}")
        elif now - notice.at > OVERSLEPT:
            message = message.over(MessageStatus.MISSED, reason=IN_A_LIST)
        found.append(Told(notice, message))
    return tuple(found)


def standing_for(reader: str, follow_up: FollowUp, policies: Policies, catalog: Catalog, *, now: datetime) -> Timeline:
    """What this person was to be told of it until now and still is: a line of their list."""
    whole = timeline(follow_up.history, policies)
    past = reached(whole, looked_until=follow_up.opened_at, now=now)
    standing = clocks(follow_up.history, policies, now) if past else ()
    still = (notice for notice in past if not why_pointless(notice, whole, standing, now=now))
    return tuple(notice for notice in still if recipient(notice, follow_up, policies, catalog, now=now) == reader)


def digest(business: str, recipient: str, number: int, *, now: datetime) -> Message:
    """The list itself, the `number`-th of this person; what stands in it is found when it is sent."""
    return Message(
        business=business,
        about=f"{NOTICE_DIGEST}#{recipient}",
        version=number,
        stage=NOTICE_DIGEST,
        channel=Channel.EMAIL,
        purpose=Purpose.STAFF,
        recipient=recipient,
        created_at=now,
        due_at=now,
    )


def recipient(notice: Notice, follow_up: FollowUp, policies: Policies, catalog: Catalog, *, now: datetime) -> str:
    """The staff id of one person, for a thing told to many is done by none; "" is the business's own address.

    Whoever is away is stood in for at every level. A level is the first in the catalog who has its role and has not
    heard of the miss at a level of another role, nor is the assignee; where nobody is left, the business hears of it.
    """
    told = {ASSIGNEE: there(follow_up.assignee, catalog, now=now)}
    for role in (role for role in _roles(notice, follow_up, policies) if role not in told):
        told[role] = _of_level(role, {follow_up.assignee, *told.values()}, catalog, now)
    return told[notice.to]


def _roles(notice: Notice, follow_up: FollowUp, policies: Policies) -> tuple[str, ...]:
    """That of the notice last, after those of the levels below it."""
    if notice.tells is not Tells.ESCALATION:
        return ()
    levels = in_force(follow_up.history, policies).levels
    return (*(level.role for level in levels[: int(notice.step) - 1]), notice.to)


def _of_level(role: str, told: Set[str], catalog: Catalog, now: datetime) -> str:
    holders = (one.id for one in catalog.staff.values() if one.role == role and one.id not in told)
    return next((id for holder in holders if (id := there(holder, catalog, now=now)) and id not in told), "")


def _is_same(notice: Notice, message: Message, told: Told) -> bool:
    """Two levels that come down to one reader are told once."""
    is_one_miss = (told.notice.clock, told.notice.at) == (notice.clock, notice.at) and notice.tells is Tells.ESCALATION
    return is_one_miss and told.message.recipient == message.recipient


def _message(notice: Notice, follow_up: FollowUp, policies: Policies, catalog: Catalog, now: datetime) -> Message:
    """Told apart by its clock and its threshold or level, so that one found twice is one message."""
    return Message(
        business=follow_up.business,
        about=follow_up.id,
        version=1,
        stage=notice.tells,
        channel=Channel.EMAIL,
        purpose=Purpose.STAFF,
        recipient=recipient(notice, follow_up, policies, catalog, now=now),
        created_at=now,
        due_at=now,
        occasion=f"{notice.clock}_{notice.step}",
        detail=(notice.clock, notice.step),
    )
