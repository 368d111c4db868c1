"""The catalogue of events: their names, as noun.verb, and what each of them tells.

Nothing in it is about a person beyond ids, instants, states and channels: no name, number, address, no words of anybody
and no reason in words. Whoever needs more asks the API, which knows who asks. What is told is only ever added to; what
would change or go is another VERSION beside it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from kept.channels import Channel, Purpose
from kept.events.change import Kind

VERSION = 1


class EventType(StrEnum):
    """The value is what receivers filter by."""

    BOOKED = "appointment.booked"
    ASKED_FOR = "appointment.asked_for"
    AWAITING_DEPOSIT = "appointment.awaiting_deposit"
    APPROVED = "appointment.approved"
    DECLINED = "appointment.declined"
    WITHDRAWN = "appointment.withdrawn"
    LAPSED = "appointment.lapsed"
    CONFIRMED = "appointment.confirmed"
    MOVED = "appointment.moved"
    RESIZED = "appointment.resized"
    CANCELLED = "appointment.cancelled"
    ARRIVED = "appointment.arrived"
    STARTED = "appointment.started"
    COMPLETED = "appointment.completed"
    NO_SHOW = "appointment.no_show"
    NO_SHOW_REVERSED = "appointment.no_show_reversed"
    DISPUTED = "appointment.disputed"
    DISPUTE_SETTLED = "appointment.dispute_settled"
    UNDONE = "appointment.undone"
    REINSTATED = "appointment.reinstated"
    APPOINTMENT_CHANGED = "appointment.changed"
    CLIENT_CREATED = "client.created"
    CLIENT_CHANGED = "client.changed"
    CONSENT_CHANGED = "client.consent_changed"
    CLIENT_MERGED = "client.merged"
    CLIENT_PARTED = "client.parted"
    CLIENT_ERASED = "client.erased"
    SENT = "message.sent"
    DELIVERED = "message.delivered"
    READ = "message.read"
    FAILED = "message.failed"
    SKIPPED = "message.skipped"
    RECEIVED = "reply.received"
    OPENED = "follow_up.opened"
    ANSWERED = "follow_up.answered"
    ASSIGNED = "follow_up.assigned"
    BREACHED = "follow_up.breached"
    ESCALATED = "follow_up.escalated"
    RESOLVED = "follow_up.resolved"
    REOPENED = "follow_up.reopened"
    FOLLOW_UP_CHANGED = "follow_up.changed"
    FEE_CHARGED = "fee.charged"
    FEE_WAIVED = "fee.waived"
    PAYMENT_RECORDED = "payment.recorded"
    PAYMENT_REFUNDED = "payment.refunded"
    CREDIT_GIVEN = "credit.given"
    DEPOSIT_ASKED = "deposit.asked"
    DEPOSIT_PAID = "deposit.paid"
    DEPOSIT_KEPT = "deposit.kept"
    DEPOSIT_FORFEITED = "deposit.forfeited"
    DEPOSIT_REFUNDED = "deposit.refunded"
    POINTS_EARNED = "points.earned"
    POINTS_EXCHANGED = "points.exchanged"
    LINE_REVERSED = "ledger.reversed"
    SETTINGS_CHANGED = "settings.changed"
    TEST = "webhook.test"


@dataclass(frozen=True, slots=True)
class AppointmentTold:
    """As it was after this very step, whatever came since. `what` is the step's own name in the history; `by` is
    client, kept, or staff:id; `version` rises with every other time that a client is told of."""

    what: str
    by: str
    status: str
    service: str
    staff: str
    room: str | None
    client: str
    starts: datetime
    ends: datetime
    version: int
    late: bool


@dataclass(frozen=True, slots=True)
class ClientRecordTold:
    """`fields` are the names of what changed, never what it says now; `into` the record that this one was merged into.
    Of one who was erased `because` is retention or request."""

    fields: tuple[str, ...] = ()
    into: str | None = None
    because: str | None = None


@dataclass(frozen=True, slots=True)
class ConsentTold:
    """What was said about one purpose over one channel: given, asked_for, withdrawn; stopped or resumed is of the
    channel as such, whatever its purpose."""

    channel: Channel
    said: str
    purpose: Purpose | None = None


@dataclass(frozen=True, slots=True)
class MessageTold:
    """`about` is the appointment, follow-up or client it speaks of, `stage` the name of its text, `recipient` a client
    or one of the staff; `reason` the code of why not."""

    about: str
    stage: str
    channel: Channel
    purpose: Purpose
    recipient: str
    status: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class ReplyTold:
    """`about` is the appointment it was taken to speak of, `answers` the message; "" where that is not certain.
    `intent` is how it was read, and not what it says."""

    client: str
    channel: Channel
    about: str
    answers: str
    intent: str


@dataclass(frozen=True, slots=True)
class FollowUpTold:
    """As it was after this step. `what` is the step's own name in the history, `to` whom or what it names; of a breach
    `clock` is the one that was missed and `level` how high it goes."""

    what: str
    client: str
    about: str
    cause: str
    status: str
    tier: str
    priority: str
    assignee: str
    by: str = ""
    to: str = ""
    clock: str | None = None
    level: str | None = None


@dataclass(frozen=True, slots=True)
class MoneyTold:
    """A line of a client's ledger: `minor` units of `currency` (of points `points`), `means` by what they came or went,
    `reason` the code of why. One that takes another back (`reverses`) says what that one was in `what`."""

    what: str
    client: str
    appointment: str | None
    minor: int
    currency: str
    means: str | None
    by: str
    reason: str | None
    reverses: str | None = None


@dataclass(frozen=True, slots=True)
class SettingTold:
    """Which thing of the settings; `what` is made, changed or dropped."""

    what: str
    thing: str
    id: str
    by: str


@dataclass(frozen=True, slots=True)
class TrialTold:
    """That somebody tries whether they are heard; nothing has happened."""

    says: str = "This is a test."


EventData = (
    AppointmentTold
    | ClientRecordTold
    | ConsentTold
    | MessageTold
    | ReplyTold
    | FollowUpTold
    | MoneyTold
    | SettingTold
    | TrialTold
)

OF_THEIR_OWN: dict[EventType, type[EventData]] = {
    EventType.CONSENT_CHANGED: ConsentTold,
    EventType.RECEIVED: ReplyTold,
    EventType.SETTINGS_CHANGED: SettingTold,
    EventType.TEST: TrialTold,
}
BY_NOUN: dict[str, type[EventData]] = {
    "appointment": AppointmentTold,
    "client": ClientRecordTold,
    "message": MessageTold,
    "follow_up": FollowUpTold,
    **dict.fromkeys(("fee", "payment", "credit", "deposit", "points", "ledger"), MoneyTold),
}
TELLS = {type: OF_THEIR_OWN.get(type) or BY_NOUN[type.partition(".")[0]] for type in EventType}
"""What each carries as its data."""


@dataclass(frozen=True, slots=True)
class OutgoingEvent:
    """`number` rises from one event of a thing to its next, with gaps: whoever gets them in another order sorts by it.
    `at` is when it happened, which may be long before it was found."""

    id: str
    type: EventType
    business: str
    kind: Kind
    thing: str
    number: int
    at: datetime
    data: EventData


def an_event(
    type: EventType, business: str, kind: Kind, thing: str, *, number: int, at: datetime, data: EventData, of: str = ""
) -> OutgoingEvent:
    """Its id is drawn from what it is about and `of`, which tells apart those of one type: so a repeat is the same."""
    name = sha256("\n".join((business, kind, thing, type, of)).encode()).hexdigest()[:32]
    return OutgoingEvent(f"evt_{name}", type, business, kind, thing, number, at, data)
