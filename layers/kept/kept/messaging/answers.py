"""How often somebody was answered by itself lately: two robots that answer each other have to come to an end."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from kept.booking.history import WROTE
from kept.business.text_names import STAFF_ANSWER
from kept.channels import Channel
from kept.messaging.message import Message, MessageStatus
from kept.messaging.topic import MessageOfOurs
from kept.reasons import Code, because, is_because

MOST = 3
WITHIN = timedelta(hours=1)

UNSENT = frozenset({MessageStatus.SKIPPED, MessageStatus.SUPPRESSED, MessageStatus.MISSED})


@dataclass(frozen=True, slots=True)
class Lately:
    """Within the hour, to one address over one channel: how many answers, and whether one was held back already.

    Counted from the ledger before each answer: of two replies read at the same moment both may be answered, so it errs
    by as many as there are hands, and never holds back the first three.
    """

    answers: int = 0
    held_back: bool = False

    @property
    def is_enough(self) -> bool:
        return self.answers >= MOST


def lately(said: Iterable[MessageOfOurs], channel: Channel, key: str, *, now: datetime) -> Lately:
    """Without what answers the reply of this key itself, which may come a second time."""
    over = (one for one in said if one.message.channel is channel)
    recent = [one for one in over if now - one.message.created_at < WITHIN and _answers(one, key)]
    sent = [one for one in recent if one.message.status not in UNSENT]
    return Lately(len(sent), any(is_because(one.message.reason, Code.ANSWERED_ENOUGH) for one in recent))


def as_allowed(message: Message, lately: Lately) -> Message:
    """As it is or, after enough of them, not to be sent."""
    if not lately.is_enough:
        return message
    return message.over(MessageStatus.SKIPPED, reason=because(Code.ANSWERED_ENOUGH, most=MOST))


def _answers(one: MessageOfOurs, key: str) -> bool:
    """A reply's own answer, or the note of what it cancelled."""
    message = one.message
    if one.visit is None or message.stage == STAFF_ANSWER:
        return False
    if message.occasion:
        return message.occasion != key
    if message.stage != "cancelled":
        return False
    by_word = (line for line in one.visit.history if line.what == "cancelled" and line.why.startswith(WROTE))
    return any(line.key != key for line in by_word)
