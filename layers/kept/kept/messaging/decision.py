"""Whether a message is sent now, later or never, asked at the last moment; the reason is what the ledger shows."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from kept.booking.appointment import Appointment
from kept.booking.history import CLIENT
from kept.booking.states import EXPECTED, Status
from kept.clients.client import Client
from kept.messaging.contact_window import QuietHours, next_allowed
from kept.messaging.message import Message, MessageStatus
from kept.messaging.purpose import Purpose
from kept.reminders.stages import Stage

JUST_NOW = timedelta(minutes=10)
"""Whoever booked, moved or cancelled so recently is awake and waits for the answer."""

MOST_ATTEMPTS = 6
"""With the sender's growing pauses, about an hour of a provider that takes nothing."""

ANSWERS = {"confirmation": "booked", "rescheduled": "rescheduled", "cancelled": "cancelled"}
"""The texts that answer what somebody did, and how the history calls it."""

SPEAK_OF = {"cancelled": frozenset({Status.CANCELLED}), "missed_you": frozenset({Status.NO_SHOW})}
"""The states in which these texts are true; every other one needs a client who is still to come."""

UNTRUE = {
    Status.BOOKED: "still expected",
    Status.CONFIRMED: "still expected",
    Status.ARRIVED: "already here",
    Status.IN_SERVICE: "already here",
    Status.COMPLETED: "already over",
    Status.NO_SHOW: "marked as a no-show",
    Status.CANCELLED: "cancelled",
}

AT_THE_HOUR = frozenset({"on_my_way"})
"""Asked at the hour for which the client made the appointment, so it is not too late in the evening for it."""


@dataclass(frozen=True, slots=True)
class Matter:
    """The client and the booking as just read; `stage` is the business's setting of that text, if any."""

    client: Client
    appointment: Appointment
    quiet: QuietHours
    stage: Stage | None = None


@dataclass(frozen=True, slots=True)
class StaffMatter:
    """Something the business's own people are told: no consent is needed, and no hour is too late."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """It is over, claimed by another sender, or not yet due."""


@dataclass(frozen=True, slots=True)
class Send:
    """Now."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now; to be decided again then."""

    until: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Never:
    """Not now and not later."""

    status: MessageStatus
    why: str

    @property
    def reason(self) -> str:
        return f"{self.status}: {self.why}"


Decision = Nothing | Send | Wait | Never


def decide(message: Message, matter: Matter | StaffMatter | None, *, address: str | None, now: datetime) -> Decision:
    """Of what it is about, None says that it is gone: an erased client, for one."""
    if message.waits(now=now):
        return Nothing()
    if matter is None:
        return Never(MessageStatus.SKIPPED, "the client or the appointment is gone")
    if isinstance(matter, StaffMatter):
        return _can_it_be_sent(message, address, now) or Send()
    return (
        _is_it_untrue(message, matter)
        or _can_it_be_sent(message, address, now)
        or _may_we_write(message, matter.client)
        or _is_it_quiet(message, matter, now)
        or Send()
    )


def _is_it_untrue(message: Message, matter: Matter) -> Never | None:
    status, stage = matter.appointment.status, matter.stage
    if status not in SPEAK_OF.get(message.stage, EXPECTED):
        return Never(MessageStatus.SKIPPED, UNTRUE[status])
    if message.version != matter.appointment.version:
        return Never(MessageStatus.SKIPPED, "moved to another time")
    if status is Status.CONFIRMED and stage and stage.unless_confirmed:
        return Never(MessageStatus.SKIPPED, "already confirmed")
    return None


def _can_it_be_sent(message: Message, address: str | None, now: datetime) -> Never | None:
    if message.useful_until and now >= message.useful_until:
        return Never(MessageStatus.MISSED, "too late to be of use")
    if message.status is MessageStatus.SENDING and not _may_be_repeated(message):
        return Never(MessageStatus.FAILED, "in doubt whether it was sent")
    if message.attempts >= MOST_ATTEMPTS:
        return Never(MessageStatus.FAILED, f"given up after {message.attempts} attempts")
    if not address:
        return Never(MessageStatus.SKIPPED, f"no address for {message.channel}")
    return None


def _may_be_repeated(message: Message) -> bool:
    """A claim ran out unrecorded: once more for what somebody waits for, never for an advertisement."""
    return message.purpose is not Purpose.PROMOTIONAL and not message.in_doubt


def _may_we_write(message: Message, client: Client) -> Never | None:
    if client.do_not_disturb:
        return Never(MessageStatus.SKIPPED, "do not disturb")
    if not client.agreed(message.purpose, message.channel):
        return Never(MessageStatus.SKIPPED, f"no consent for {message.channel}")
    return None


def _is_it_quiet(message: Message, matter: Matter, now: datetime) -> Wait | Never | None:
    """Waits for the end of the client's quiet hours, unless they are plainly awake or it would be of no use by then."""
    zone = matter.client.zone
    until = next_allowed(now, zone, matter.quiet)
    if until == now or message.stage in AT_THE_HOUR or _answers_the_client(message, matter.appointment, now):
        return None
    why = f"quiet hours until {until.astimezone(zone):%H:%M}"
    if message.useful_until and until >= message.useful_until:
        return Never(MessageStatus.MISSED, why)
    return Wait(until, f"{MessageStatus.DELAYED}: {why}")


def _answers_the_client(message: Message, appointment: Appointment, now: datetime) -> bool:
    done = ANSWERS.get(message.stage)
    acts = (e for e in appointment.history if e.what == done and e.version == message.version)
    return any(act.by.startswith(CLIENT.kind) and now - act.at <= JUST_NOW for act in acts)
