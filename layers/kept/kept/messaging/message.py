"""One text to one person over one channel, and what became of it, with the reason."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kept.channels import Channel, Purpose
from kept.reasons import Code, Reason, because


class MessageStatus(StrEnum):
    """Queued and delayed are still owed, sending is claimed; to call stands on the staff's list until somebody says
    what came of it; the others are over.
    """

    QUEUED = "queued"
    DELAYED = "delayed"
    SENDING = "sending"
    TO_CALL = "to_call"
    SENT = "sent"
    SKIPPED = "skipped"
    SUPPRESSED = "suppressed"
    FAILED = "failed"
    MISSED = "missed"


class CallOutcome(StrEnum):
    """What came of a call that one of the staff made."""

    REACHED = "reached"
    NO_ANSWER = "no_answer"
    VOICEMAIL = "voicemail"
    WRONG_NUMBER = "wrong_number"


WHAT_CAME = {
    CallOutcome.NO_ANSWER: Code.NO_ANSWER,
    CallOutcome.VOICEMAIL: Code.VOICEMAIL,
    CallOutcome.WRONG_NUMBER: Code.CALLED_WRONG_NUMBER,
}
"""Of a call that has to be made again."""


class Delivery(StrEnum):
    """What the provider told of a message it had taken, in the order in which it can come true."""

    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


TELL_OF_READING = frozenset({Channel.WHATSAPP})
"""An e-mail could only tell of being read by spying on its reader."""

OWED = frozenset({MessageStatus.QUEUED, MessageStatus.DELAYED, MessageStatus.SENDING})


@dataclass(frozen=True, slots=True)
class MessageName:
    """What the id of a message says of it."""

    about: str
    stage: str
    channel: Channel

    @classmethod
    def read(cls, id: str) -> "MessageName | None":
        """None for what is no such id."""
        match id.split("#"):
            case [about, _, stage, channel, *_] if channel in tuple(Channel):
                return cls(about, stage, Channel(channel))
        return None


@dataclass(frozen=True, slots=True)
class Message:
    """The ledger's line and the outbox's item in one.

    `about` is the aggregate it speaks of, `version` that aggregate's slot version, `stage` the name of its text.
    `due_at` is when it is to be tried (again), None once it is over; `useful_until` when it stops making sense.
    `occasion` tells apart messages of one stage about one version: the reply that each of them answers.
    `detail` is what its text needs beside the booking: the times on offer, as ISO instants.
    `slot_at` is its turn in the channel's sending rate. `down_since`: its provider has taken nothing since then.
    `tried`: the channels over which it failed or stayed unread before this one.
    `claimed_until`: one worker is sending it. It stays due meanwhile, for moving it in the index would cost two writes.
    `text` is what one of the staff wrote, `by` their id, and `follow_up` what is answered by it once it is sent.
    `parts`: of a text message, as it was composed when it was sent.
    `in_doubt`: an earlier attempt was claimed and never recorded, so the reader may get it twice.
    """

    business: str
    about: str
    version: int
    stage: str
    channel: Channel
    purpose: Purpose
    recipient: str
    created_at: datetime
    due_at: datetime | None
    useful_until: datetime | None = None
    status: MessageStatus = MessageStatus.QUEUED
    reason: Reason | None = None
    claimed_until: datetime | None = None
    attempts: int = 0
    in_doubt: bool = False
    provider_id: str = ""
    sent_at: datetime | None = None
    occasion: str = ""
    detail: tuple[str, ...] = ()
    slot_at: datetime | None = None
    down_since: datetime | None = None
    tried: tuple[Channel, ...] = ()
    delivery: Delivery | None = None
    delivered_at: datetime | None = None
    read_at: datetime | None = None
    text: str = ""
    by: str = ""
    follow_up: str = ""
    parts: int = 0
    revision: int = 0

    @property
    def id(self) -> str:
        """Deterministic, so that work done twice writes one message."""
        id = f"{self.about}#v{self.version}#{self.stage}#{self.channel}"
        return f"{id}#{self.occasion}" if self.occasion else id

    @property
    def is_owed(self) -> bool:
        return self.status in OWED

    @property
    def has_arrived(self) -> bool:
        """As far as its channel can tell: one that reports reading is waited for until it is read."""
        enough = Delivery.READ if self.channel in TELL_OF_READING else Delivery.DELIVERED
        return self.delivery in (enough, Delivery.READ)

    def waits(self, *, now: datetime) -> bool:
        """Nothing is to be done for it yet, or any more: it is over, not due, or in somebody's hands."""
        if self.due_at is None or self.due_at > now:
            return True
        return self.claimed_until is not None and now < self.claimed_until

    def claimed(self, *, until: datetime) -> "Message":
        """Being sent by one worker until then; a second claim after that marks it in doubt.

        A crash between the claim and `sent` costs one repeat for a transactional message, none for a promotional one.
        """
        return replace(
            self,
            status=MessageStatus.SENDING,
            claimed_until=until,
            attempts=self.attempts + 1,
            in_doubt=self.in_doubt or self.status is MessageStatus.SENDING,
        )

    def sent(self, *, at: datetime, provider_id: str, look_at: datetime | None = None) -> "Message":
        """`look_at`: whether it has arrived is looked at again then, where another channel could take over."""
        reason = because(Code.SENT_AGAIN) if self.in_doubt else None
        return replace(
            self._free(),
            status=MessageStatus.SENT,
            reason=reason,
            sent_at=at,
            provider_id=provider_id,
            due_at=None if self.has_arrived else look_at,
        )

    def listed(self, follow_up: str) -> "Message":
        """On the staff's call list under that id: nobody has called yet."""
        return replace(self._free(), status=MessageStatus.TO_CALL, reason=None, provider_id=follow_up)

    def called(self, outcome: CallOutcome, *, at: datetime) -> "Message":
        """Sent once they were reached; until then it is still to call, with what came of the last attempt."""
        if outcome is CallOutcome.REACHED:
            return replace(self, status=MessageStatus.SENT, reason=None, sent_at=at)
        return replace(self, reason=because(WHAT_CAME[outcome]))

    def delayed(self, *, until: datetime, reason: Reason, down_since: datetime | None = None) -> "Message":
        """Whatever else it waits for, that its provider was down before says nothing about then."""
        return replace(self._free(), status=MessageStatus.DELAYED, due_at=until, reason=reason, down_since=down_since)

    def over(self, status: MessageStatus, *, reason: Reason) -> "Message":
        """Not sent, and never to be: skipped, suppressed, failed or missed."""
        return replace(self._free(), status=status, reason=reason)

    def looked(self, *, reason: Reason | None = None) -> "Message":
        """Sent, and nobody waits for its arrival any more."""
        return replace(self._free(), reason=reason or self.reason)

    def instead(self, channels: Iterable[Channel], *, now: datetime) -> "Message | None":
        """The same over the first of these channels that was not tried yet; None where none is left."""
        tried = (*self.tried, self.channel)
        left = next((channel for channel in channels if channel not in tried), None)
        if left is None:
            return None
        return Message(
            business=self.business,
            about=self.about,
            version=self.version,
            stage=self.stage,
            channel=left,
            purpose=self.purpose,
            recipient=self.recipient,
            created_at=now,
            due_at=now,
            useful_until=self.useful_until,
            occasion=self.occasion,
            detail=self.detail,
            tried=tried,
        )

    def _free(self) -> "Message":
        return replace(self, due_at=None, claimed_until=None, slot_at=None)


CLAIM = timedelta(minutes=2)
"""Longer than the sender's time-out (30 s), so that only a crashed claim is taken over."""
