"""The fact of an aggregate as it is now: worked out from it alone, so that whoever works it out again finds it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kept.attendance.lasting import minutes_in_service
from kept.attendance.no_show import Check
from kept.attendance.record import COUNTS, Counted
from kept.booking.appointment import Appointment
from kept.booking.history import RESCHEDULED
from kept.booking.states import CAME, Status
from kept.business.catalog import Catalog
from kept.business.text_names import OWN_STAGES, STAFF_ANSWER, TEXTS
from kept.channels import Purpose
from kept.follow_up.clock_inputs import Policies
from kept.follow_up.clock_metrics import measured
from kept.follow_up.clocks import State
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.merging import merged_into
from kept.follow_up.survey import stars, was_asked
from kept.insight.fact import NOT_SAID, FollowUpFact, Mark, MessageFact, MoneyFact, Outcome, Sent, Source, VisitFact
from kept.insight.money_of import told
from kept.ledger.transaction import Transaction
from kept.messaging.message import OWED as STILL_OWED
from kept.messaging.message import Delivery, Message, MessageStatus
from kept.policy.winning_back import cancelling, said_why, why_cancelled

MINUTE = timedelta(minutes=1)
AT_ONCE = timedelta(minutes=5)
"""What staff book to begin within that is for somebody who stands there."""
REMINDERS = frozenset({"two_days", "at_risk", "same_day", OWN_STAGES})
NUDGES = frozenset({Check.ASK, "at_risk"})
NO_REMINDERS = (frozenset(TEXTS) | frozenset(Check) | {STAFF_ANSWER}) - REMINDERS
OUTCOMES = {Status.NO_SHOW: Outcome.NO_SHOW, Status.CANCELLED: Outcome.CANCELLED, **dict.fromkeys(CAME, Outcome.CAME)}


def fact_of_visit(visit: Appointment, catalog: Catalog) -> VisitFact:
    """By the local time it was written down with, whatever became of the zone since."""
    local = _local(visit, catalog.business.zone)
    return VisitFact(
        id=visit.id,
        day=local.date(),
        version=visit.revision,
        outcome=OUTCOMES.get(visit.status, Outcome.EXPECTED),
        service=visit.service,
        staff=visit.slot.staff,
        channel=_channel(visit),
        source=_source(visit),
        tier=visit.tier or "",
        minute=local.hour * 60 + local.minute,
        minutes=(visit.ends - visit.starts) // MINUTE,
        lead=max((visit.starts - visit.booked_at) // MINUTE, 0),
        slot=visit.version,
        price=_price(visit, catalog),
        confirmed=any((it.version, it.status) == (visit.version, Status.CONFIRMED) for it in visit.history),
        late=COUNTS[Counted.LATE](visit),
        cancelled_late=COUNTS[Counted.CANCELLED_LATE](visit),
        moved_late=_was_moved_late(visit),
        reason=_reason(visit),
        offered_back=why_cancelled(visit) is not None,
        took=minutes_in_service(visit),
    )


def fact_of_message(message: Message, zone: ZoneInfo) -> MessageFact | None:
    """None of what is still owed, to be called, or for the staff themselves."""
    if message.purpose is Purpose.STAFF or message.status in (*STILL_OWED, MessageStatus.TO_CALL):
        return None
    return MessageFact(
        id=message.id,
        day=(message.sent_at or message.created_at).astimezone(zone).date(),
        version=message.revision,
        sent=_sent(message),
        channel=message.channel,
        parts=message.parts if message.sent_at else 0,
    )


def fact_of_follow_up(follow_up: FollowUp, policies: Policies, zone: ZoneInfo) -> FollowUpFact | None:
    """As of the last that was done with it or told of it; None of one that another took in."""
    if merged_into(follow_up.history):
        return None
    as_of = max(follow_up.last.at, follow_up.processed_until)
    rows = [row for row in measured(follow_up.id, follow_up.history, policies, now=as_of, zone=zone) if row.counts]
    return FollowUpFact(
        id=follow_up.id,
        day=follow_up.opened_at.astimezone(zone).date(),
        version=follow_up.revision,
        staff=follow_up.assignee,
        tier=follow_up.tier,
        met=sum(row.clock.state is State.MET for row in rows),
        missed=sum(row.clock.state is State.MISSED for row in rows),
        asked=was_asked(follow_up.history),
        stars=stars(follow_up.history) or 0,
    )


@dataclass(frozen=True, slots=True)
class LineNow:
    """A line of the ledger, and what took it back or some of it, if something did: there is one such line at most."""

    line: Transaction
    back: Transaction | None = None

    @property
    def id(self) -> str:
        return self.line.id

    @property
    def revision(self) -> int:
        return 1 if self.back is None else 2


def fact_of_line(it: LineNow) -> MoneyFact | None:
    """None of what takes another back, of what was taken back whole, and of what is no money."""
    line = it.line
    found = told(line, it.back)
    if line.reverses or found is None or found.minor <= 0:
        return None
    return MoneyFact(line.id, line.day, it.revision, found.what, found.cause, found.minor, line.currency)


def marks_of(message: Message) -> tuple[Mark, ...]:
    """What it makes known of its visit once it was sent; whether it arrived, most channels do not tell.

    Of its stages a business has as many as it likes, by names of its own: whatever is none of ours reminds.
    """
    if message.sent_at is None:
        return ()
    is_so = {Mark.REMINDED: message.stage not in NO_REMINDERS, Mark.NUDGED: message.stage in NUDGES}
    return tuple(mark for mark, so in is_so.items() if so)


def marks(said: Iterable[Message]) -> dict[Mark, int]:
    """All that these make known of their visit."""
    found: dict[Mark, int] = {}
    for message in said:
        for mark in marks_of(message):
            found[mark] = max(found.get(mark, 0), message.version)
    return found


def local_day(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


def _local(visit: Appointment, zone: ZoneInfo) -> datetime:
    return visit.slot.local if visit.slot.tz else visit.starts.astimezone(zone)


def _was_moved_late(visit: Appointment) -> bool:
    """As the last move was; of a long history that line is kept."""
    moves = [line for line in visit.history if line.what == RESCHEDULED]
    return bool(moves) and moves[-1].late and moves[-1].is_asked_by_client


def _reason(visit: Appointment) -> str:
    line = cancelling(visit)
    if line is None or not line.is_asked_by_client:
        return ""
    return said_why(line) or NOT_SAID


def _channel(visit: Appointment) -> str:
    """The one they named first for it; "" where they named none."""
    return (visit.booked_as.preferred if visit.booked_as else None) or ""


def _source(visit: Appointment) -> Source:
    by = visit.history[0].by
    if by.startswith("staff"):
        booked_for = visit.history[0].starts
        return Source.WALK_IN if booked_for - visit.booked_at < AT_ONCE else Source.DESK
    return Source.ONLINE if by.startswith("client") else Source.KEPT


def _price(visit: Appointment, catalog: Catalog) -> int | None:
    """As it was planned when it was booked; of what was booked before that was kept, as it is now."""
    price = visit.price or catalog.service_of(visit).price
    return price.minor if price and price.currency == catalog.business.currency else None


def _sent(message: Message) -> Sent:
    if message.status is MessageStatus.FAILED or message.delivery is Delivery.FAILED:
        return Sent.FAILED
    return Sent.SENT if message.status is MessageStatus.SENT else Sent.NOT_SENT
