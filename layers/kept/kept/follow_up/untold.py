"""What the business did with a booking and the client has not heard of: who calls them, and about what.

Whatever anybody but the client did is told by a message of its own; where that one ends without having reached them, a
person calls, whatever the reason and whatever has become of the visit. Their own doing they know, and so does whoever
has done something about the visit since, came, or is told of a later change that overtook it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from kept.actor import CLIENT
from kept.booking.appointment import Appointment
from kept.booking.history import BOOKED, Event
from kept.channels import Channel
from kept.clients.client import Client
from kept.clients.consent import ConsentWord
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import Message, MessageStatus
from kept.messaging.to_tell import TAKEN_BACK, TOLD_BY
from kept.reasons import Code, Reason, because, is_because

SHOWS_THEY_KNOW = frozenset({"confirmed", "arrived", "in_service", "completed"})
"""Whoever wrote it down, it is so because the client said it or stands there."""

UNSENT = frozenset({MessageStatus.FAILED, MessageStatus.SUPPRESSED, MessageStatus.SKIPPED, MessageStatus.MISSED})
THEIR_WISH = frozenset(
    {
        Code.OPTED_OUT,
        Code.UNSUBSCRIBED,
        Code.MARKED_SPAM,
        Code.MARKED_SPAM_BEFORE,
        Code.REFUSES_THESE,
        Code.BLOCKS_ACCOUNT,
        Code.NOT_A_FOLLOWER,
    }
)
"""Of the ledger's reasons those by which a reader wants no more: nothing has failed."""


@dataclass(frozen=True, slots=True)
class Untold:
    """Which act, and why no message told it: a channel and the ledger's reason. As text it is the first line's why."""

    act: str
    version: int
    channel: str
    reason: Reason

    def __str__(self) -> str:
        return f"{self.act} v{self.version} over {self.channel or '-'}: {self.reason}"

    @classmethod
    def read(cls, text: str) -> "Untold | None":
        """From that text; None for any other."""
        head, colon, reason = text.partition(": ")
        match head.split(" "):
            case [act, version, "over", channel] if colon and version[1:].isdecimal():
                return cls(act, int(version[1:]), channel.strip("-"), Reason.read(reason))
        return None


def id_of(visit: Appointment, act: Event) -> str:
    """One for each change of a visit, however often it turns out untold."""
    return f"{visit.id}-v{act.version}-{OpenedBy.NOT_TOLD}-{act.what}"


def told_by(message: Message, visit: Appointment) -> Event | None:
    """The act that this message tells, whoever did it; None for what tells of none, a reminder for one."""
    acts = (e for e in reversed(visit.history) if TOLD_BY.get(e.what) == message.stage)
    return next((act for act in acts if act.version == message.version), None)


def is_ours(act: Event) -> bool:
    """By anybody but the client."""
    return not act.by.startswith(CLIENT.kind)


def to_be_told(message: Message, visit: Appointment) -> Event | None:
    """The act of ours that ends untold with this message, if it does."""
    act = told_by(message, visit)
    if act is None or message.status not in UNSENT or not is_ours(act) or has_heard(visit, act):
        return None
    return None if wanted_no_word(visit, act) and nothing_is_open(message) else act


def wanted_no_word(visit: Appointment, act: Event) -> bool:
    """Staff booked it for somebody who stood before them and agreed to no messages: they know."""
    return act.what == BOOKED and visit.booked_as is not None and not visit.booked_as.agreed


def has_heard(visit: Appointment, act: Event) -> bool:
    """By another way than its message."""
    return any(shows_they_know(event) for event in visit.history[visit.history.index(act) + 1 :])


def shows_they_know(event: Event) -> bool:
    """It comes from the client, or a message of its own tells of it, with what was done before."""
    return not is_ours(event) or event.what in SHOWS_THEY_KNOW or event.what in TOLD_BY


def last_of_ours(visit: Appointment) -> Event | None:
    """What somebody may have been asked to call about: the last act of ours, unless something since shows they know."""
    for event in reversed(visit.history):
        if is_ours(event) and (event.what in TOLD_BY or event.what == TAKEN_BACK):
            return event
        if shows_they_know(event):
            return None
    return None


def untold(act: Event, message: Message, client: Client, offered: Iterable[Channel]) -> Untold:
    """The ledger's reason; where nothing was open, the channel that they closed themselves."""
    if nothing_is_open(message):
        reached = [channel for channel in offered if client.address(channel)]
        for channel in reached:
            if client.said(message.purpose, channel) is ConsentWord.WITHDRAWN:
                return Untold(act.what, act.version, channel, because(Code.SAID_STOP))
        for channel in reached:
            if why := client.stopped_because(channel):
                return Untold(act.what, act.version, channel, why)
    return Untold(act.what, act.version, message.channel, message.reason or because(Code.NOT_DELIVERED))


def is_their_wish(message: Message) -> bool:
    return is_because(message.reason, *THEIR_WISH)


def nothing_is_open(message: Message) -> bool:
    """There is no channel to them: none that they have agreed to, or none with an address."""
    return is_because(message.reason, Code.NO_CONSENT, Code.NO_ADDRESS)
