"""The demo's past: ten weeks that are over, so that figures tell of trends, targets and what stands behind them.

Whatever the product would have written stands in its tables: pages of the book, visits, messages, follow-ups, lines of
the ledger, and the fact of each. It is written in batches, and the streams, which tell of it as well, find every fact
there already; the days are added up by the stack's own nights.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict
from pynamodb.models import Model

from infra.local.past_money import PastLedger
from infra.local.playing import FRONT_DESK
from kept import clock, ids
from kept.actor import CLIENT, Actor, Change
from kept.attendance.no_show import Check
from kept.attendance.record import COUNTS, Counted
from kept.booking.appointment import Appointment, Slot, book
from kept.booking.day_page import DayPage, Entry
from kept.booking.kept_time import offset
from kept.booking.refusals import SlotTaken
from kept.booking.states import ReversalReason, Status
from kept.business.catalog import Catalog, Service
from kept.channels import Channel, Purpose
from kept.clients.booked_as import booked_as
from kept.clients.client import Client, Tier
from kept.clients.guest import Details, guest
from kept.follow_up.events import HowItEnded, What
from kept.follow_up.follow_up import FollowUp, line, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.insight.fact import Fact, Mark
from kept.insight.fact_of import (
    LineNow,
    fact_of_follow_up,
    fact_of_line,
    fact_of_message,
    fact_of_visit,
    local_day,
    marks,
)
from kept.messaging.message import Delivery, Message, MessageStatus
from kept.policy.accepted import accepted
from kept.policy.winning_back import came_back
from kept.reasons import Code, because
from kept.storage import appointments, catalogs, clients, day_pages, facts, figure_days, follow_ups, messages
from kept.storage.figure_days import Night
from kept.storage.transaction import Lost, together
from kept.timekeeping.local_time import midnight
from kept.timekeeping.weekly_hours import open_minutes
from kept.use_cases.booking.open_times import hours_of, room_key, staff_key

WEEKS = 10
DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
SATURDAY = 5
SPARE = 40
"""The first of the numbers that the demo's own clients leave."""
TRIES = 8
"""Places that are looked at for one visit; where none is free, the day is full."""
LATELY = 17
"""By the clock on the wall: from then on, and on Saturdays, people rather come."""
Stored = TypeVar("Stored", Appointment, Message, FollowUp)
WHYS = ("time", "illness", "cost", "", "convenience", "time", "need", "", "expectation", "illness", "other")
TIERS = (Tier.VIP, Tier.REGULAR, Tier.REGULAR, Tier.REGULAR, Tier.REGULAR, Tier.PROSPECT)


class Past(BaseModel):
    """Who came to a business before the demo's own clients did, how each second of them is called (`phone`, with two
    digits to fill in), and how many visits a day had in the beginning and has in the end."""

    model_config = ConfigDict(extra="forbid")

    people: list[str]
    phone: str
    a_day: tuple[float, float]


@dataclass
class Life:
    """What is made up, before any of it is written: nothing of it happened before `since`; `book` has the pages by
    their calendar and day."""

    catalog: Catalog
    people: list[Client]
    since: datetime
    now: datetime
    chance: Random
    book: dict[tuple[str, date], DayPage] = field(default_factory=dict)
    visits: list[Appointment] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    follow_ups: list[FollowUp] = field(default_factory=list)
    money: PastLedger = field(default_factory=PastLedger)
    cancelled: int = 0
    long_ahead: int = 0

    @property
    def business(self) -> str:
        return self.catalog.business.id


def plant(told: Mapping[str, Any]) -> None:
    """What is there already stays. One that was cut short is completed as long as it is the same day."""
    now = clock.now()
    for id, demo in told.items():
        catalog = catalogs.load(id)
        if appointments.find(id, _visit_id(id, 0)) is None:
            _write(live(catalog, Past.model_validate(demo["past"]), now))


def live(catalog: Catalog, past: Past, now: datetime) -> Life:
    """The same for everybody who asks on the same day. More come as the weeks go by, and fewer of them stay away."""
    today = local_day(now, catalog.business.zone)
    first = today - DAY * today.weekday() - WEEKS * 7 * DAY
    whole = (today - first).days
    since = midnight(catalog.business.zone, first)
    life = Life(catalog, _people(catalog, past, now), since, now, Random(catalog.business.id))  # noqa: S311 - a play
    for n in range(whole):
        began, ended = past.a_day
        wanted = began + (ended - began) * n / whole
        _a_day(life, first + DAY * n, wanted, sofar=n / whole)
    return life


def _a_day(life: Life, day: date, wanted: float, *, sofar: float) -> None:
    busier = 1.5 if day.weekday() == SATURDAY else 0.9
    for _ in range(round(wanted * busier + life.chance.uniform(-1.5, 1.5))):
        _visit(life, day, sofar)
    if life.chance.random() < 0.3:
        cause = life.chance.choice([OpenedBy.MISSED_CALL, OpenedBy.ENQUIRY, OpenedBy.COMPLAINT])
        at = datetime.combine(day, datetime.min.time(), life.catalog.business.zone) + life.chance.randint(10, 16) * HOUR
        _follow_up(life, life.chance.choice(life.people), cause, at.astimezone(UTC), sofar)


def _visit(life: Life, day: date, sofar: float) -> None:
    chance, id = life.chance, _visit_id(life.business, len(life.visits))
    if (found := _place(life, day, id)) is None:
        return
    service, slot, pages = found
    client, way = chance.choice(life.people), chance.random()
    walked_in = way > 0.92
    by = CLIENT if way < 0.65 else FRONT_DESK
    lead = timedelta(0) if walked_in else round(chance.expovariate(1 / 5) * 24 + 4) * HOUR
    lead = min(lead, slot.starts - life.since)
    visit = book(
        life.business,
        id,
        service=service.id,
        client=client.id,
        tz=client.tz,
        slot=slot,
        policy_version=life.catalog.business.policy_version,
        note="",
        change=Change(by, slot.starts - lead),
        booked_as=booked_as(client, is_first=False),
        tier=client.tier,
        price=service.price,
        accepted=accepted(life.catalog.business, service, client.tier, is_client=by is CLIENT),
    )
    told = [] if walked_in else _told(life, visit, client, sofar)
    visit = _moved_late(life, visit)
    visit = _lived(life, visit, is_reminded=Mark.REMINDED in marks(told), walked_in=walked_in, sofar=sofar)
    life.visits.append(visit)
    life.messages += [*told, *_nudged(life, visit, client)]
    life.money.charge(life.catalog.business, visit, life.now)
    if visit.status is not Status.CANCELLED:
        life.book.update({(page.calendar, page.day): page for page in pages})
    if visit.status is Status.NO_SHOW:
        _follow_up(life, client, OpenedBy.NO_SHOW, visit.history[-1].at, sofar, visit)


def _place(life: Life, day: date, ref: str) -> tuple[Service, Slot, list[DayPage]] | None:
    """Somewhere within the hours of whoever does it, where nobody is in the way."""
    business = life.catalog.business
    for _ in range(TRIES):
        service = life.chance.choice(list(life.catalog.services.values()))
        staff = life.chance.choice(service.staff)
        hours = hours_of(business, life.catalog.staff[staff], day, day)
        starts = [
            minute
            for opens, closes in open_minutes(hours, business.zone, day, day)
            for minute in range(opens, closes - service.duration + 1, service.step)
            if day.weekday() == SATURDAY or _is_late(life, minute) or life.chance.random() < 0.5
        ]
        for room in service.rooms or (None,) if starts else ():
            start = life.chance.choice(starts)
            entry = Entry(ref, start, start + service.duration, service.before, service.after)
            calendars = [staff_key(staff), *([room_key(room)] if room else [])]
            with suppress(SlotTaken):
                pages = [life.book.get((it, day), DayPage(it, day)).with_entry(entry, now=life.now) for it in calendars]
                return service, _slot(life.catalog, entry, staff, room, day), pages
    return None


def _is_late(life: Life, minute: int) -> bool:
    return datetime.fromtimestamp(minute * 60, life.catalog.business.zone).hour >= LATELY


def _slot(catalog: Catalog, entry: Entry, staff: str, room: str | None, day: date) -> Slot:
    starts, ends = (datetime.fromtimestamp(minute * 60, UTC) for minute in (entry.start, entry.end))
    place = catalog.business
    around = (entry.before, entry.after)
    return Slot(starts, ends, staff, room, *around, days=(day,), tz=place.tz, offset=offset(starts, place.zone))


def _lived(life: Life, visit: Appointment, *, is_reminded: bool, walked_in: bool, sofar: float) -> Appointment:
    """What became of it, each step a write of its own."""
    chance, starts, rules = life.chance, visit.starts, life.catalog.business.changes
    lead = starts - visit.booked_at
    if walked_in:
        return _came(life, visit, late=0)
    if lead > 30 * HOUR and chance.random() < (0.75 if is_reminded else 0.2):
        visit = visit.confirm(Change(CLIENT, starts - 26 * HOUR))
    away = (0.16 - 0.08 * sofar) * (0.5 if is_reminded else 1.2)
    match chance.random():
        case fate if fate < away:
            visit = visit.mark_no_show(Change(FRONT_DESK, starts + 25 * MINUTE), evidence=())
            if chance.random() < 0.1:
                back = Change(FRONT_DESK, starts + HOUR)
                visit = visit.reverse_no_show(ReversalReason.CAME_AFTER_ALL, back)
        case fate if fate < away + 0.1:
            before = min(chance.choice([5, 20, 50, 72]) * HOUR, lead - HOUR)
            by = CLIENT if chance.random() < 0.8 else FRONT_DESK
            visit = visit.cancel(Change(by, starts - before, _why(life) if by is CLIENT else ""), rules=rules)
        case _:
            visit = _came(life, visit, late=chance.randint(7, 20) if chance.random() < 0.09 else 0)
    return _stored(visit.looked(visit.ends), len(visit.history))


def _why(life: Life) -> str:
    """They say so one after the other, and some do not."""
    life.cancelled += 1
    return WHYS[life.cancelled % len(WHYS)]


def _moved_late(life: Life, visit: Appointment) -> Appointment:
    """Now and then one that was booked long ahead was to be an hour earlier, or later, until shortly before."""
    if visit.starts - visit.booked_at < 3 * DAY:
        return visit
    life.long_ahead += 1
    if life.long_ahead % 20:
        return visit
    zone, slot = life.catalog.business.zone, visit.slot
    before = HOUR if local_day(slot.starts - HOUR, zone) == local_day(slot.starts, zone) else -HOUR
    first = replace(slot, starts=slot.starts - before, ends=slot.ends - before)
    was = replace(visit, slot=first, history=(replace(visit.history[0], starts=first.starts, ends=first.ends),))
    return was.reschedule(slot, Change(CLIENT, first.starts - 30 * HOUR), rules=life.catalog.business.changes)


def _nudged(life: Life, visit: Appointment, client: Client) -> list[Message]:
    """Who had not come five minutes after the start was asked, where clients check in."""
    late = life.catalog.business.attendance.checks_in and (
        visit.status is Status.NO_SHOW or COUNTS[Counted.LATE](visit)
    )
    if not late or client.preferred is None:
        return []
    at, stage = visit.starts + 5 * MINUTE, str(Check.ASK)
    about = (life.business, visit.id, visit.version, stage, client.preferred, Purpose.TRANSACTIONAL, client.id)
    said = Message(*about, at, None)
    return [_stored(replace(said.sent(at=at, provider_id=f"demo-{said.id}"), attempts=1), 4)]


def _came(life: Life, visit: Appointment, *, late: int) -> Appointment:
    """Whoever checks nobody in says at the end alone that they came."""
    here, over = visit.starts + late * MINUTE, visit.ends + late * MINUTE
    if life.catalog.business.attendance.checks_in or late:
        visit = visit.check_in(Change(FRONT_DESK, here))
    return _stored(visit.complete(Change(FRONT_DESK, over)).looked(visit.ends), len(visit.history) + 1)


def _told(life: Life, visit: Appointment, client: Client, sofar: float) -> list[Message]:
    """A confirmation, and a reminder of most: of more than in the beginning."""
    if client.preferred is None:
        return []
    lead, chance = visit.starts - visit.booked_at, life.chance
    said = [_message(life, visit, client, "confirmation", visit.booked_at)] if chance.random() < 0.5 else []
    if chance.random() < 0.45 + 0.35 * sofar:
        stage, before = ("two_days", 48 * HOUR) if lead > 48 * HOUR else ("same_day", 3 * HOUR)
        said.append(_message(life, visit, client, stage, visit.starts - before))
    return said


def _message(life: Life, visit: Appointment, client: Client, stage: str, at: datetime) -> Message:
    channel, fate = client.preferred or Channel.EMAIL, life.chance.random()
    said = Message(life.business, visit.id, visit.version, stage, channel, Purpose.TRANSACTIONAL, client.id, at, None)
    if fate < 0.03:
        return _stored(said.over(MessageStatus.SKIPPED, reason=because(Code.ALREADY_CONFIRMED)), 2)
    said = replace(said.sent(at=at, provider_id=f"demo-{said.id}"), attempts=1)
    if channel is Channel.SMS:
        said = replace(said, parts=life.chance.choice([1, 1, 2]))
    if fate < 0.07:
        return _stored(replace(said, delivery=Delivery.FAILED), 4)
    return _stored(replace(said, delivery=Delivery.DELIVERED, delivered_at=at + MINUTE), 4)


def _follow_up(
    life: Life, client: Client, cause: OpenedBy, at: datetime, sofar: float, about: Appointment | None = None
) -> None:
    """Answered, mostly in time, and settled; half of those who are asked how it was say so."""
    chance, whose = life.chance, about.slot.staff if about else life.chance.choice(list(life.catalog.staff))
    matter = open_for(
        client,
        ids.from_key("f", life.business, f"past {len(life.follow_ups)}"),
        cause=cause,
        about=about.id if about else "",
        assignee=whose,
        policy=life.catalog.follow_up_policy,
        change=Change(FRONT_DESK, at),
    )
    took = chance.choice([1, 2, 4, 8]) if chance.random() < 0.7 + 0.25 * sofar else chance.choice([30, 55])
    answered, settled = at + took * HOUR, at + (took + chance.choice([2, 5])) * HOUR
    lines = [
        line(What.ANSWERED, Change(Actor("staff", whose), min(answered, life.now - 3 * MINUTE))),
        line(What.RESOLVED, Change(Actor("staff", whose), min(settled, life.now - 2 * MINUTE)), to=HowItEnded.SETTLED),
    ]
    if cause is not OpenedBy.NO_SHOW and chance.random() < 0.7:
        stars = chance.choice([5, 5, 5, 5, 4, 4, 3] if sofar > 0.5 else [5, 5, 4, 4, 4, 3, 2])
        lines.append(line(What.SURVEYED, Change(CLIENT, min(settled + HOUR, life.now - MINUTE)), to=str(stars)))
    matter = replace(matter, history=(*matter.history, *lines))
    life.follow_ups.append(_stored(matter.looked(life.now), len(lines) + 1))


def _people(catalog: Catalog, past: Past, now: datetime) -> list[Client]:
    """Every second is reached by telephone, the others by e-mail."""
    business, found = catalog.business, []
    since = now - (WEEKS + 12) * 7 * DAY
    for n, name in enumerate(past.people):
        phone = past.phone.format(SPARE + n) if n % 2 else ""
        email, agrees = ("", Channel.SMS) if phone else (f"{business.id}-{n}@mail.example", Channel.EMAIL)
        typed = Details(name, phone, email, (agrees,), business.locale, business.tz)
        id = ids.from_key("c", business.id, f"past {n}")
        person = guest(typed, business, id, source="front desk", words="", now=since)
        found.append(replace(person, tier=TIERS[n % len(TIERS)]))
    return found


def _stored(it: Stored, writes: int) -> Stored:
    """With the revision that so many writes leave."""
    return replace(it, revision=writes)


def _visit_id(business: str, number: int) -> str:
    return ids.from_key("a", business, f"past {number}")


def _write(life: Life) -> None:
    """The first visit last: by it the whole is known to be there."""
    with suppress(Lost), together() as transaction:
        for client in life.people:
            clients.put_new(client, transaction)
    _save(facts.as_item(life.business, it) for it in facts_of(life))
    _save(day_pages.as_item(life.business, page) for page in life.book.values())
    _save(messages.as_item(_as_read(it)) for it in life.messages)
    _save(follow_ups.as_item(_as_read(it)) for it in life.follow_ups)
    _save(life.money.items())
    _save(appointments.as_item(_as_read(it), None) for it in reversed(life.visits))
    figure_days.begin(Night(life.business, None, life.now))


def facts_of(life: Life) -> Iterable[Fact]:
    """As the streams would leave them."""
    zone = life.catalog.business.zone
    said: dict[str, list[Message]] = {}
    for message in life.messages:
        said.setdefault(message.about, []).append(message)
        if sent := fact_of_message(message, zone):
            yield sent
    for visit in life.visits:
        won = {Mark.WON_BACK: visit.version} if any(came_back(visit, other) for other in life.visits) else {}
        yield fact_of_visit(visit, life.catalog).marked(marks(said.get(visit.id, [])) | won)
    yield from filter(None, (fact_of_line(LineNow(line)) for line in life.money.lines))
    for matter in life.follow_ups:
        if kept := fact_of_follow_up(matter, follow_ups.policies(matter), zone):
            yield kept


def _as_read(it: Stored) -> Stored:
    """Storing counts one on."""
    return replace(it, revision=it.revision - 1)


def _save(items: Iterable[Model]) -> None:
    """Twenty-five a request."""
    some = list(items)
    if some:
        with type(some[0]).batch_write() as batch:
            for item in some:
                batch.save(item)
