"""What somebody is to tell a client on the telephone: what was done, by whom, why no message told it, where to call."""

from dataclasses import dataclass
from datetime import datetime

from kept.messaging.decision import TOLD_BY
from kept.reasons import Code

TAKEN_BACK = "no_show_reversed"
"""No text tells of it."""

CANCELLED, RESCHEDULED, REASSIGNED = "cancelled", "rescheduled", "reassigned"
ACTS = frozenset({*TOLD_BY, REASSIGNED, TAKEN_BACK})
"""What words.j2 has a sentence for."""

BARRIERS: dict[str, str] = {
    Code.SAID_STOP: "stop",
    Code.OPTED_OUT: "stop",
    Code.REFUSES_THESE: "stop",
    Code.UNSUBSCRIBED: "stop",
    Code.DO_NOT_DISTURB: "undisturbed",
    Code.NO_CONSENT: "unasked",
    Code.NO_ADDRESS: "unknown",
    Code.NO_SUCH_ADDRESS: "dead",
    Code.NO_SUCH_NUMBER: "dead",
    Code.BOUNCED_BEFORE: "dead",
    Code.OF_NO_USE: "late",
    Code.QUIET_HOURS: "late",
    Code.IN_DOUBT: "doubt",
    Code.NO_TEXT_TELLS: "textless",
}
OTHER = "other"
KINDS = frozenset({*BARRIERS.values(), OTHER})


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
