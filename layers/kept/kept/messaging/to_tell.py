"""What somebody is to tell a client on the telephone: what was done, by whom, why no message told it, where to call."""

from dataclasses import dataclass
from datetime import datetime

from kept.booking.history import REINSTATED
from kept.clients.client import SAID_STOP
from kept.messaging.decision import ANSWERS

TOLD_BY = {act: stage for stage, act in ANSWERS.items()} | {REINSTATED: "confirmation"}
"""Each act that a message of its own tells, and the name of its text."""

TAKEN_BACK = "no_show_reversed"
"""No text tells of it."""

CANCELLED, RESCHEDULED, REASSIGNED = "cancelled", "rescheduled", "reassigned"
ACTS = frozenset({*TOLD_BY, REASSIGNED, TAKEN_BACK})
"""What words.j2 has a sentence for."""

BARRIERS = {
    SAID_STOP: "stop",
    "opted out": "stop",
    "they refused these messages": "stop",
    "unsubscribed": "stop",
    "do not disturb": "undisturbed",
    "the address does not exist": "dead",
    "there is no such number": "dead",
    "it bounced before": "dead",
    "too late to be of use": "late",
    "in doubt whether it was sent": "doubt",
    "no text tells of it": "textless",
}
BEGIN_WITH = {"no consent for": "unasked", "no address for": "unknown", "quiet hours": "late"}
OTHER = "other"
KINDS = frozenset({*BARRIERS.values(), *BEGIN_WITH.values(), OTHER})


@dataclass(frozen=True, slots=True)
class ToTell:
    """`at` and `before` (where it was until then) in the business's zone; `by` "" is the business as such.

    `barrier` is the kind of reason, `channel` the last one tried, `reach` the number to call, or else an address.
    """

    act: str
    by: str
    at: datetime
    before: datetime | None
    person: str
    barrier: str
    channel: str
    reach: str


def barrier(reason: str) -> str:
    begins = (kind for words, kind in BEGIN_WITH.items() if reason.startswith(words))
    return BARRIERS.get(reason) or next(begins, OTHER)
