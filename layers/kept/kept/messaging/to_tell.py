"""What somebody is to tell a client on the telephone: what was done, by whom, why no message told it, where to call."""

from dataclasses import dataclass
from datetime import datetime

from kept.booking.history import (
    APPROVED,
    ASKED_FOR,
    AWAITING_DEPOSIT,
    BOOKED,
    DECLINED,
    DEPOSIT_LET_OFF,
    DEPOSIT_PAID,
    DEPOSIT_UNPAID,
    DISPUTE_REFUSED,
    DISPUTE_UPHELD,
    LAPSED,
    REINSTATED,
    RESCHEDULED,
    WITHDRAWN,
)
from kept.reasons import Code

TOLD_BY = {
    BOOKED: "confirmation",
    RESCHEDULED: "rescheduled",
    "cancelled": "cancelled",
    ASKED_FOR: "asked_for",
    APPROVED: "confirmation",
    AWAITING_DEPOSIT: "deposit_asked",
    DEPOSIT_PAID: "confirmation",
    DEPOSIT_LET_OFF: "confirmation",
    DEPOSIT_UNPAID: "deposit_asked",
    DECLINED: "declined",
    LAPSED: "declined",
    WITHDRAWN: "cancelled",
    REINSTATED: "confirmation",
    DISPUTE_UPHELD: "dispute_upheld",
    DISPUTE_REFUSED: "dispute_refused",
}
"""Each act that a message of its own tells, as the history calls it, and the name of its text."""

TAKEN_BACK = "no_show_reversed"
"""No text tells of it."""

CANCELLED, REASSIGNED = "cancelled", "reassigned"
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
