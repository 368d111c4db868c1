"""What an owed check brings about; a no-show with its evidence, and what ends with it when it is taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from kept.actor import KEPT, Change
from kept.attendance.in_house import held_up
from kept.attendance.no_show import Check, no_show_at, owed_check, reached
from kept.booking.appointment import Appointment
from kept.booking.refusals import MoveNotAllowed
from kept.booking.states import ReversalReason
from kept.business.catalog import Catalog
from kept.clients.client import Client
from kept.follow_up.assignment import whose
from kept.follow_up.follow_up import FollowUp, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import Message, MessageStatus
from kept.messaging.outgoing import to_client, undoable
from kept.reasons import Code, because

MISSED_YOU = "missed_you"
MOST_TOLD = 60
TELLING = frozenset({"confirmed", "on_my_way"})
"""What of an appointment's history bears on whether the client knew of it."""


@dataclass(frozen=True, slots=True)
class CheckOutcome:
    """Everything to be written in one transaction."""

    appointment: Appointment
    messages: tuple[Message, ...]
    follow_up: FollowUp | None = None
    frees_slot: bool = False


def outcome(
    appointment: Appointment,
    client: Client,
    catalog: Catalog,
    ledger: Iterable[Message],
    *,
    now: datetime,
    others: Iterable[Appointment] = (),
) -> CheckOutcome | None:
    """What is to happen now; None when somebody was first, or the client came, moved or cancelled.

    `others` are the client's visits of these hours: whoever is in the house for one of them is waited for.
    """
    check, rules = owed_check(appointment, catalog.business.attendance, now=now), catalog.business.attendance
    if check in (Check.ASK, Check.NO_SHOW):
        waiting = held_up(appointment, others, rules, Change(KEPT, now, why=str(because(Code.HERE_FOR_ANOTHER_VISIT))))
        if waiting is not appointment and owed_check(waiting, rules, now=now) is None:
            return CheckOutcome(waiting, ())
        appointment = waiting
    if check is Check.ASK:
        return CheckOutcome(appointment.looked(now), (_question(appointment, client, catalog, now),))
    if check is Check.NO_SHOW:
        return _no_show_found(appointment, client, catalog, ledger, now)
    return None


def no_show(
    appointment: Appointment, client: Client, catalog: Catalog, ledger: Iterable[Message], change: Change
) -> CheckOutcome:
    """Marked, told and followed up; the chair stays theirs until staff, or a setting, release what is left of it.

    Raises MoveNotAllowed, also before the start.
    """
    if change.at < appointment.starts:
        raise MoveNotAllowed(state=appointment.status)
    marked = appointment.mark_no_show(change, evidence=evidence(appointment, ledger)).looked(change.at)
    frees = catalog.business.attendance.release_missed and change.at < appointment.ends
    return CheckOutcome(
        appointment=marked.release(Change(KEPT, change.at)) if frees else marked,
        messages=(undoable(to_client(marked, client, catalog.business, MISSED_YOU, now=change.at), change),),
        follow_up=_follow_up(marked, client, catalog, OpenedBy.NO_SHOW, change),
        frees_slot=frees,
    )


def closed_with_it(follow_up: FollowUp, reason: ReversalReason, change: Change) -> FollowUp:
    """What a no-show had opened, when the no-show is taken back; as it is where somebody closed it before."""
    if follow_up.is_over:
        return follow_up
    return follow_up.ended(change.by, change.at, str(because(Code(f"taken_back_{reason}"))))


def follow_up_id(appointment: Appointment, cause: OpenedBy) -> str:
    """One for each cause and version of an appointment, so that a check done twice opens one."""
    return f"{appointment.id}-v{appointment.version}-{cause}"


def evidence(appointment: Appointment, ledger: Iterable[Message]) -> tuple[str, ...]:
    """What was sent for this version, and what came back, in order of time; for a person to read.

    Of more than MOST_TOLD lines the latest: the ledger and the history have them all.
    """
    about = [m for m in ledger if m.version == appointment.version]
    said = [(m.sent_at or m.created_at, _line(m)) for m in about]
    came = [(at, f"{m.stage} {m.channel} {how} {_utc(at)}") for m in about for how, at in _arrivals(m)]
    done = [
        (event.at, f"{event.what} by {event.by} {_utc(event.at)}")
        for event in appointment.history
        if event.version == appointment.version and event.what in TELLING
    ]
    return tuple(line for _, line in sorted([*said, *came, *done]))[-MOST_TOLD:]


def _arrivals(message: Message) -> list[tuple[str, datetime]]:
    """As the provider told."""
    return [(how, at) for how, at in (("delivered", message.delivered_at), ("read", message.read_at)) if at]


def _line(message: Message) -> str:
    what = f"{message.stage} {message.channel}"
    if message.status is MessageStatus.SENT and message.sent_at:
        return f"{what} sent {_utc(message.sent_at)}"
    return f"{what} {message.status}: {message.reason}" if message.reason else f"{what} {message.status}"


def _utc(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"


def _question(appointment: Appointment, client: Client, catalog: Catalog, now: datetime) -> Message:
    until = no_show_at(appointment, catalog.business.attendance)
    return to_client(appointment, client, catalog.business, Check.ASK, now=now, useful_until=until)


def _no_show_found(
    appointment: Appointment, client: Client, catalog: Catalog, ledger: Iterable[Message], now: datetime
) -> CheckOutcome:
    """Dated when it is found, with the instant until which they were waited for as its reason."""
    rules = catalog.business.attendance
    until = no_show_at(appointment, rules).astimezone(catalog.business.zone)
    change = Change(by=KEPT, at=now, why=str(because(Code.WAITED_UNTIL, until=until)))
    found = no_show(appointment, client, catalog, ledger, change)
    missed = [
        _question(appointment, client, catalog, now).over(MessageStatus.MISSED, reason=because(Code.WAIT_OVER))
        for _, check in reached(appointment, rules, now=now)
        if check is Check.ASK
    ]
    return CheckOutcome(found.appointment, (*missed, *found.messages), found.follow_up, found.frees_slot)


def _follow_up(appointment: Appointment, client: Client, catalog: Catalog, cause: OpenedBy, change: Change) -> FollowUp:
    return open_for(
        client,
        follow_up_id(appointment, cause),
        cause=cause,
        about=appointment.id,
        assignee=whose(appointment.slot.staff, catalog, now=change.at),
        policy=catalog.follow_up_policy,
        change=change,
    )
