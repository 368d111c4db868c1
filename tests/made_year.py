"""A made year in New York, seeded: 600 clients, 4 staff, visits over both clock changes and midnight, whatever can
become of them, what was said about them, follow-ups, and money. Beside each stands a plain row of what is true of it,
from which tests/recounted.py counts: nothing of the product is asked for those.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from kept.actor import CLIENT, Actor, Change
from kept.booking.appointment import Appointment, Slot, book
from kept.booking.states import ReversalReason
from kept.business.attendance_rules import AttendanceRules
from kept.business.catalog import Business, Catalog, Money, Service, StaffMember
from kept.business.change_rules import ChangeRules
from kept.channels import Channel, Purpose
from kept.clients.booked_as import BookedAs
from kept.clients.client import Client, Tier
from kept.events.change import AggregateChange, Kind
from kept.follow_up.events import HowItEnded, What
from kept.follow_up.follow_up import FollowUp, line, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.ledger.transaction import Transaction
from kept.messaging.message import Delivery, Message, MessageStatus
from kept.timekeeping.weekly_hours import Window, WorkingHours
from tests.made_money import MadeMoney
from tests.recounted import won_back

ZONE = ZoneInfo("America/New_York")
FIRST, LAST = date(2026, 2, 16), date(2026, 11, 15)
"""The clocks go forward on 8 March and back on 1 November."""
NOW = datetime(2026, 11, 20, 17, tzinfo=UTC)
STAFF = Actor("staff", "ann")
RULES = ChangeRules()
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
HOURS = {"ann": (9, 17), "ben": (9, 17), "cat": (12, 20), "dov": (0, 24)}
"""Of every day, by the clock on the wall."""
SERVICES = {
    "cut": (45, 6_500),
    "colour": (120, 18_000),
    "beard": (30, 2_500),
    "chat": (15, None),
    "long": (240, 40_000),
}
ODD_TIMES = (
    *("2026-03-08T01:30-05:00", "2026-03-08T03:00-04:00", "2026-03-07T23:45-05:00", "2026-03-09T00:00-04:00"),
    *("2026-11-01T00:30-04:00", "2026-11-01T01:30-04:00", "2026-11-01T01:30-05:00", "2026-11-01T02:00-05:00"),
    *("2026-10-31T23:59-04:00", "2026-11-02T00:00-05:00", "2026-05-31T23:30-04:00"),
)

FATES = ("sent", "sent", "sent", "failed", "undelivered", "skipped")
"""Of a message."""

WHYS = ("", "time", "cost", "cost: too dear", "illness", "need", "other", "convenience", "expectation")
"""Why they cancel, as it is kept; some do not say."""

Row = dict[str, Any]
Stored = Appointment | Message | FollowUp | Transaction


@dataclass
class MadeYear:
    """`lives` has every version of each thing in order; the rows say what is true of it in the end."""

    catalog: Catalog
    lives: list[list[Stored]] = field(default_factory=list)
    visits: list[Row] = field(default_factory=list)
    messages: list[Row] = field(default_factory=list)
    follow_ups: list[Row] = field(default_factory=list)
    money: list[Row] = field(default_factory=list)

    def changes(self) -> Iterator[AggregateChange]:
        """As the streams tell them, thing by thing."""
        for number, life in enumerate(self.lives):
            for before, after in zip([None, *life], life, strict=False):
                yield change_of(before, after, sequence=number)


def change_of(before: Stored | None, after: Stored, *, sequence: int = 0, at: datetime = NOW) -> AggregateChange:
    kinds = {
        Appointment: Kind.APPOINTMENT,
        Message: Kind.MESSAGE,
        FollowUp: Kind.FOLLOW_UP,
        Transaction: Kind.LEDGER,
    }
    return AggregateChange(after.business, kinds[type(after)], after.id, before, after, at, f"{sequence:021}")


def the_business() -> Catalog:
    everybody = tuple(HOURS)
    services = {
        id: Service(id, id.title(), minutes, everybody, price=None if price is None else Money(price, "USD"))
        for id, (minutes, price) in SERVICES.items()
    }
    staff = {id: StaffMember(id, id.title(), _hours(*span)) for id, span in HOURS.items()}
    business = Business(
        *("lotus", "Lotus", ZONE.key, "US", "USD", "en"),
        closes_on_holidays=False,
        attendance=AttendanceRules(checks_in=True),
    )
    return Catalog(business, services, staff)


def a_year(seed: int = 13, *, clients: int = 600) -> MadeYear:
    year, chance = MadeYear(the_business()), random.Random(seed)
    moments = [*map(datetime.fromisoformat, ODD_TIMES), *(_moment(chance) for _ in range(clients))]
    for number, starts in enumerate(moments):
        _visit(year, chance, number, starts.astimezone(UTC))
    for number in range(clients // 10):
        _follow_up(year, chance, number)
    for row in year.visits:
        row["won"] = won_back(row, year.visits)
    for number, row in enumerate(year.visits):
        if number % 3 == 0:
            MadeMoney(chance, row, ZONE).happens(year)
    return year


def _visit(
    year: MadeYear,
    chance: random.Random,
    number: int,
    starts: datetime,
    client: str = "",
    booked_at: datetime | None = None,
) -> None:
    service, staff = chance.choice([*SERVICES]), chance.choice([*HOURS])
    minutes, price = SERVICES[service]
    by = chance.choice([CLIENT, CLIENT, CLIENT, STAFF])
    walked_in = booked_at is None and by is STAFF and chance.random() < 0.3
    lead = timedelta(0) if walked_in else timedelta(minutes=chance.randint(60 * 24 * 5, 60 * 24 * 40))
    lead = starts - booked_at if booked_at else lead
    tier, channel = chance.choice([*Tier]), chance.choice([Channel.SMS, Channel.EMAIL, None])
    booked_at = starts - lead
    agreed = (channel,) if channel else ()
    visit = book(
        *("lotus", f"a-{number}"),
        service=service,
        client=client or f"c-{number % 600}",
        tz=ZONE.key,
        slot=_slot(starts, minutes, staff),
        policy_version=1,
        note="",
        change=Change(by, booked_at),
        booked_as=BookedAs("Somebody", "en", agreed=agreed),
        tier=tier,
        price=None if price is None else Money(price, "USD"),
    )
    row: Row = {
        "start": starts, "minutes": minutes, "service": service, "staff": staff, "channel": channel or "",
        "source": "walk_in" if walked_in else "desk" if by is STAFF else "online", "tier": str(tier), "price": price,
        "booked": booked_at, "outcome": "expected", "confirmed": False, "late": False, "cancelled_late": False,
        "slot": 1, "reminders": [], "name": visit.id, "moved_late": False, "nudges": [], "reason": "", "said": False,
        "cancelled_at": None, "called": False, "client": visit.client,
    }  # fmt: skip
    life: list[Appointment] = [replace(visit, revision=1)]
    step = _Steps(life, row)
    if walked_in:
        step.came()
    else:
        _lived(step, chance)
    year.lives.append([*life])
    year.visits.append(row)
    _said(year, chance, row, channel or Channel.EMAIL)
    if row["said"] and number < 10_000:
        _taken_up(year, chance, row, life[-1])


def _taken_up(year: MadeYear, chance: random.Random, row: Row, visit: Appointment) -> None:
    """Whoever was offered something asks to be called, or books anew, be it soon or not."""
    if chance.random() < 0.3:
        row["called"] = True
        client = Client("lotus", visit.client, "Somebody", "en", ZONE.key)
        cause = chance.choice([OpenedBy.CALL, OpenedBy.CALL_LATER])
        id, change = f"{visit.id}-v{visit.version}-{cause}", Change(CLIENT, row["cancelled_at"] + HOUR)
        asks = open_for(client, id, cause=cause, about=visit.id, assignee="ann", policy=1, change=change)
        year.lives.append([replace(asks, revision=1)])
        year.follow_ups.append(
            {
                "at": change.at,
                "staff": "ann",
                "tier": str(client.tier),
                "met": 0,
                "missed": 0,
                "asked": False,
                "stars": 0,
            }
        )
    elif chance.random() < 0.6:
        booked_at = row["cancelled_at"] + timedelta(days=chance.choice([0, 1, 9, 14, 15, 25]))
        number = 10_000 + len(year.visits)
        _visit(year, chance, number, booked_at + timedelta(days=6), row["client"], booked_at)


class _Steps:
    """What can become of a visit, and what is true of it then."""

    def __init__(self, life: list[Appointment], row: Row) -> None:
        self.life, self.row = life, row

    @property
    def starts(self) -> datetime:
        starts: datetime = self.row["start"]
        return starts

    def did(self, what: str, at: datetime, *, by: Actor = STAFF, **told: Any) -> None:
        after = getattr(self.life[-1], what)(*told.pop("first", ()), Change(by, at), **told)
        self.life.append(replace(after, revision=len(self.life) + 1))

    def looked(self) -> None:
        """A write that changes nothing of a fact."""
        after = self.life[-1].looked(self.starts - HOUR)
        self.life.append(replace(after, revision=len(self.life) + 1))

    def confirmed(self) -> None:
        self.did("confirm", self.starts - 50 * HOUR, by=CLIENT)
        self.row["confirmed"] = True

    def came(self, *, late: int = 0) -> None:
        self.did("check_in", self.starts + timedelta(minutes=late))
        self.did("begin", self.starts + timedelta(minutes=late + 1))
        self.did("complete", self.starts + timedelta(minutes=late + 40))
        self.row |= {"outcome": "came", "late": late > 5}

    def missed(self) -> None:
        self.did("mark_no_show", self.starts + HOUR, evidence=())
        self.row["outcome"] = "no_show"

    def taken_back(self, why: ReversalReason) -> None:
        """Two hours after its start: whoever came after all came late, where it was still going on."""
        self.did("reverse_no_show", self.starts + 2 * HOUR, first=(why,))
        if why is ReversalReason.MISTAKE:
            self.row |= {
                "outcome": "expected",
                "slot": self.row["slot"] + 1,
                "confirmed": self.life[-1].status == "confirmed",
            }
        else:
            came = why is ReversalReason.CAME_AFTER_ALL
            self.row["outcome"] = "came" if came else "cancelled"
            self.row["late"] = came and self.row["minutes"] > 120

    def cancelled(self, *, hours: int, by: Actor, why: str = "", for_client: bool = False) -> None:
        """Staff may do it for the client, who then says why, and is offered nothing by a page."""
        at, theirs = self.starts - hours * HOUR, by is CLIENT or for_client
        after = self.life[-1].cancel(Change(by, at, why, for_client=for_client), rules=RULES)
        self.life.append(replace(after, revision=len(self.life) + 1))
        self.row |= {"outcome": "cancelled", "cancelled_late": theirs and hours < 48, "cancelled_at": at}
        if theirs:
            self.row |= {"reason": why.partition(":")[0] or "not_said", "said": bool(why) and by is CLIENT}

    def on_again(self) -> None:
        self.did("undo", self.starts - HOUR)
        self.row |= {"outcome": "expected", "slot": self.row["slot"] + 1, "cancelled_late": False, "late": False}
        self.row |= {"reason": "", "said": False, "cancelled_at": None}
        self.row["confirmed"] = self.life[-1].status == "confirmed"

    def moved(self, days: int, staff: str, *, by: Actor = STAFF, hours: int = 60) -> None:
        at, starts = self.starts - hours * HOUR, self.starts + timedelta(days=days)
        self.did("reschedule", at, by=by, first=(_slot(starts, self.row["minutes"], staff),), rules=RULES)
        self.row |= {"start": starts, "staff": staff, "slot": self.row["slot"] + 1, "confirmed": False}
        self.row["moved_late"] = by is CLIENT and hours < 48


def _lived(step: _Steps, chance: random.Random) -> None:
    step.looked()
    if chance.random() < 0.2:
        step.moved(chance.choice([-3, -1, 1, 2, 7, 30]), chance.choice([*HOURS]))
    elif chance.random() < 0.15:
        step.moved(chance.choice([3, 7]), chance.choice([*HOURS]), by=CLIENT, hours=chance.choice([10, 48, 50]))
    if chance.random() < 0.4:
        step.confirmed()
    _ended(step, chance)


def _ended(step: _Steps, chance: random.Random) -> None:
    match chance.randrange(12):
        case 0 | 1 | 2 | 3:
            step.came()
        case 4:
            step.came(late=chance.choice([4, 6, 20]))
        case 5 | 6:
            step.missed()
        case 7:
            step.missed()
            step.taken_back(chance.choice([*ReversalReason]))
        case 8:
            step.cancelled(hours=chance.choice([2, 47, 49]), by=chance.choice([CLIENT, STAFF]), why=chance.choice(WHYS))
        case 9:
            step.cancelled(hours=3, by=CLIENT)
            step.on_again()
            if chance.random() < 0.5:
                step.came()
        case 10:
            by, for_client = chance.choice([(CLIENT, False), (CLIENT, False), (STAFF, True)])
            step.cancelled(hours=chance.choice([3, 48, 49]), by=by, why=chance.choice(WHYS), for_client=for_client)
        case _:
            step.looked()


def _said(year: MadeYear, chance: random.Random, row: Row, channel: Channel) -> None:
    """A confirmation, and of each version of the slot perhaps a reminder, and a question whether they come."""
    stages = [("confirmation", 1)]
    stages += [("two_days", slot) for slot in range(1, row["slot"] + 1) if chance.random() < 0.5]
    asks = [chance.choice(["on_my_way", "at_risk"]) for _ in range(row["slot"])]
    stages += [(ask, slot) for slot, ask in enumerate(asks, start=1) if chance.random() < 0.4]
    for stage, version in stages:
        at = (row["start"] - timedelta(hours=chance.randint(3, 60))).replace(microsecond=0)
        new = Message("lotus", row["name"], version, stage, channel, Purpose.TRANSACTIONAL, "c", at - HOUR, at)
        life, fate = (
            [replace(new, revision=1)],
            chance.choice(["sent", "sent", "sent", "failed", "undelivered", "skipped"]),
        )
        parts = chance.randint(1, 3) if channel is Channel.SMS else 0
        if fate in ("sent", "undelivered"):
            life.append(replace(new, revision=2, status=MessageStatus.SENT, sent_at=at, due_at=None, parts=parts))
            row["reminders"] += [version] if stage in ("two_days", "at_risk") else []
            row["nudges"] += [version] if stage in ("on_my_way", "at_risk") else []
        if fate == "undelivered":
            life.append(replace(life[-1], revision=3, delivery=Delivery.FAILED))
        if fate in ("failed", "skipped"):
            life.append(replace(new, revision=2, status=MessageStatus(fate), due_at=None))
        told = {"sent": "sent", "undelivered": "failed", "failed": "failed", "skipped": "not_sent"}[fate]
        was_sent = fate in ("sent", "undelivered")
        year.messages.append(
            {"at": at if was_sent else at - HOUR, "channel": channel, "sent": told, "parts": parts if was_sent else 0}
        )
        year.lives.append([*life])


def _follow_up(year: MadeYear, chance: random.Random, number: int) -> None:
    """By the usual policy a VIP's first answer is due within 24 hours, a regular's within 48, and the end later."""
    at = _moment(chance) if number else datetime.combine(FIRST, time(10), ZONE)
    opened, staff, tier = at.astimezone(UTC), chance.choice([*HOURS]), Tier.VIP
    row: Row = {"at": opened, "staff": staff, "tier": "vip", "met": 0, "missed": 0, "asked": False, "stars": 0}
    steps: list[tuple[What, int, str]] = []
    match chance.randrange(4):
        case 0:
            steps = [(What.ANSWERED, 2, ""), (What.RESOLVED, 10, HowItEnded.SETTLED), (What.SURVEYED, 11, "5")]
            row |= {"met": 2, "asked": True, "stars": 5}
        case 1:
            steps = [(What.ANSWERED, 30, ""), (What.RESOLVED, 40, HowItEnded.SETTLED)]
            row |= {"met": 1, "missed": 1, "asked": True}
        case 2:
            tier = Tier.REGULAR
            row |= {"tier": "regular", "missed": 1}
    client = Client("lotus", "c-1", "Somebody", "en", ZONE.key, tier=tier)
    it = open_for(
        client, f"f-{number}", cause=OpenedBy.MISSED_CALL, assignee=staff, policy=1, change=Change(STAFF, opened)
    )
    life = [replace(it, revision=1)]
    for what, hours, to in steps:
        it = replace(it, history=(*it.history, line(what, Change(STAFF, opened + hours * HOUR), to=to)))
        life.append(replace(it, revision=len(life) + 1))
    if tier is Tier.REGULAR:
        life.append(replace(it.looked(opened + 72 * HOUR), revision=2))
    year.lives.append([*life])
    year.follow_ups.append(row)


def _moment(chance: random.Random) -> datetime:
    """Any quarter of an hour, mostly by day."""
    day = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days + 1))
    hour = chance.choice([*range(9, 20)] * 8 + [*range(24)])
    return datetime.combine(day, time(hour, chance.choice([0, 15, 30, 45])), ZONE)


def _slot(starts: datetime, minutes: int, staff: str) -> Slot:
    offset = (starts.astimezone(ZONE).utcoffset() or timedelta()) // MINUTE
    return Slot(starts, starts + timedelta(minutes=minutes), staff, tz=ZONE.key, offset=offset)


def _hours(opens: int, closes: int) -> WorkingHours:
    return WorkingHours({weekday: (Window(opens * 60, closes * 60),) for weekday in range(7)})
