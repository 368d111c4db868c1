"""What figures add to a booking in write units, what a year's page reads, and what a rebuild reads and writes."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from math import ceil
from time import perf_counter
from typing import TYPE_CHECKING, Any

from kept.channels import Channel, Purpose
from kept.messaging.message import Message, MessageStatus
from tests.bench.capacity import REMINDERS, WRITE
from tests.bench.cloud import Cloud, Units
from tests.bench.figure import Figure
from tests.builders import BOOKED, STARTS, a_catalog, an_appointment

if TYPE_CHECKING:
    from kept.booking.appointment import Appointment

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
LAST = date(2026, 2, 28)
A_DAY = 32
"""Visits of a day: four people, eight each."""
HALF_UNIT = 4096
"""Bytes for half a unit of reading, eventually consistent; the stand-in counts a query as one item."""
MANY = 1_000
"""Visits that are made anew; how fast, and how flat over many more: rebuild.py."""


def rows(cloud: Cloud) -> Iterator[Figure]:
    from kept.storage import catalogs

    shop = a_catalog()
    catalogs.put("lotus", [shop.business, *shop.services.values(), *shop.staff.values()])
    from kept import clock

    real, clock.now = clock.now, lambda: BOOKED
    yield from _of_a_booking(cloud)
    yield from _of_money(cloud)
    clock.now = real
    yield from _a_year(cloud)
    yield from _rebuilt(cloud)


def _of_a_booking(cloud: Cloud) -> Iterator[Figure]:
    """Changes as a stream tells them, each recorded once; that of a reminder reads whose it is."""
    from kept.actor import CLIENT, Actor, Change
    from kept.storage import appointments
    from kept.use_cases.insight import recording

    booked = replace(an_appointment(), revision=1)
    confirmed = replace(booked.confirm(Change(CLIENT, BOOKED + HOUR)), revision=2)
    came = replace(confirmed.check_in(Change(Actor("staff", "mei"), STARTS)), revision=3)
    appointments.as_item(replace(came, revision=2), None).save()
    recording.record(_change(None, replace(booked, id="a-0")))
    found: dict[str, Units] = {}

    def of(what: str, *life: Any) -> None:
        before, after = life
        found[what] = cloud.meter.of(lambda: recording.record(_change(before, after)))

    of("a visit booked", None, booked)
    of("a visit confirmed", booked, confirmed)
    of("a visit that came", confirmed, came)
    of("a reminder decided, which changes no fact of the visit", came, replace(came, revision=4))
    of("a confirmation sent", *_sent("confirmation"))
    of("a reminder sent", *_sent("two_days"))
    of("the same change once more", confirmed, came)
    for what, units in found.items():
        yield Figure(f"figures, units: {what}", str(units))
    once = [found[f"a visit {what}"].writes for what in ("booked", "confirmed", "that came")]
    all_of_it = sum(once) + found["a confirmation sent"].writes + REMINDERS * found["a reminder sent"].writes
    money = f"$ {all_of_it * WRITE * 1_000:.4f} for 1,000"
    yield Figure(f"figures, write units: a booking with {REMINDERS} reminders", f"{all_of_it:g}", money)


def _of_money(cloud: Cloud) -> Iterator[Figure]:
    """A cancellation that is late, with its fee in the same write; and what is taken back weeks later."""
    from kept.actor import CLIENT, Change
    from kept.business.change_rules import ChangeRules
    from kept.storage import ledger
    from kept.use_cases.insight import recording
    from tests.made_money import line

    booked = replace(an_appointment("a-5", starts=STARTS + DAY), revision=1)
    late = Change(CLIENT, STARTS + DAY - HOUR, "cost")
    cancelled = replace(booked.cancel(late, rules=ChangeRules()), revision=2)
    fee, back = line("fee", at=BOOKED), line("fee", at=BOOKED, back=True)
    recording.record(_change(None, booked))
    visit = cloud.meter.of(lambda: recording.record(_change(booked, cancelled)))
    money = cloud.meter.of(lambda: recording.record(_change(None, fee)))
    for it in (fee, back):
        ledger.as_item(it).save()
    taken_back = cloud.meter.of(lambda: recording.record(_change(None, back)))
    both = visit.writes + money.writes
    yield Figure("figures, write units: a late cancellation with its fee", f"{both:g}", f"{visit}; {money}", "2")
    yield Figure("figures, units: a fee taken back", str(taken_back))


def _sent(stage: str) -> tuple[Message, Message]:
    at = STARTS - 48 * HOUR
    new = Message("lotus", "a-1", 1, stage, Channel.EMAIL, Purpose.TRANSACTIONAL, "c-1", at, at, revision=1)
    return new, replace(new, status=MessageStatus.SENT, sent_at=at, due_at=None, revision=2)


def _a_year(cloud: Cloud) -> Iterator[Figure]:
    """Four people and six services, added up as the nights do it; by week and a group of them."""
    from kept.booking.states import CancelReason
    from kept.insight.fact import NOT_SAID, MoneyFact, MoneyKind, Outcome, Source, VisitFact
    from kept.insight.sums import GroupBy, sums
    from kept.storage import catalogs, figure_days, figure_sums
    from kept.storage.figure_days import Night
    from kept.storage.figure_sums import MonthSums
    from kept.use_cases.insight import reading
    from kept.use_cases.insight.reading import Period

    chance, months = random.Random(13), dict[date, dict[GroupBy, dict[int, Any]]]()
    for n in range(366):
        day = LAST - DAY * n
        facts = [
            VisitFact(
                *(f"a-{i}", day, 1, chance.choice([*Outcome]), f"s-{i % 6}", f"p-{i % 4}"),
                channel=chance.choice(["sms", "email", ""]),
                source=chance.choice([*Source]),
                tier=chance.choice(["vip", "regular", "prospect"]),
                minute=chance.randrange(540, 1140, 15),
                minutes=60,
                lead=chance.randrange(60_000),
                price=9_900,
            )
            for i in range(A_DAY)
        ]
        reasons = ["", "", "", "", "", NOT_SAID, *CancelReason]
        facts = [replace(it, reason=chance.choice(reasons), slot=1, nudged=chance.choice([0, 0, 1])) for it in facts]
        causes = ["", "cash", "fee_no_show"]
        money = [
            MoneyFact(f"m-{i}", day, 1, chance.choice([*MoneyKind]), chance.choice(causes), 900, "CNY")
            for i in range(A_DAY // 4)
        ]
        found = sums([*facts, *money], {f"p-{i}": dict.fromkeys(range(9, 20), 60) for i in range(4)})
        for group, of in found.items():
            months.setdefault(day.replace(day=1), {}).setdefault(group, {})[day.day] = of
    for month, groups in months.items():
        for group, days in groups.items():
            figure_sums.put("year", group, month, MonthSums(days))
    business = a_catalog().business
    catalogs.put("year", [replace(business, id="year")])
    figure_days.begin(Night("year", LAST, STARTS))
    catalog = catalogs.load("year")
    for group in (GroupBy.STAFF, GroupBy.SERVICE, GroupBy.TIER):
        packed = sum(len(item.body) for it in (GroupBy.ALL, group) for item in _sums_of("year", it))
        began = perf_counter()
        units = cloud.meter.of(partial(reading.read, catalog, LAST - DAY * 364, LAST, Period.WEEK, group))
        paper = ceil(packed / HALF_UNIT) / 2
        took = f"{paper:g} on paper: {packed:,} bytes; {perf_counter() - began:.2f} s"
        yield Figure(f"figures: a year of {A_DAY * 365:,} visits by week and {group}", str(units), took, "a few read")


def _sums_of(business: str, group: str) -> Iterator[Any]:
    from kept.storage.tables import FactItem

    return FactItem.query(business, FactItem.id.startswith(f"sum#{group}#"))


def _rebuilt(cloud: Cloud) -> Iterator[Figure]:
    _plant("rebuilt", MANY)
    first, again = (cloud.meter.of(partial(_rebuild, "rebuilt")) for _ in range(2))
    yield Figure(f"figures, units: {MANY:,} visits made anew", str(first), f"{again} once more")


def _rebuild(business: str) -> None:
    from kept.use_cases.insight import rebuilding

    rebuilding.rebuild(business, now=STARTS)


def _plant(business: str, many: int) -> None:
    from kept.storage import appointments, catalogs
    from kept.storage.tables import AppointmentItem

    catalogs.put(business, [replace(a_catalog().business, id=business)])
    with AppointmentItem.batch_write() as batch:
        for n in range(many):
            visit: Appointment = an_appointment(f"a-{n:06}", starts=STARTS - timedelta(minutes=31 * n))
            batch.save(appointments.as_item(replace(visit, business=business), None))


def _change(before: Any, after: Any) -> Any:
    from tests.made_year import change_of

    return change_of(before, after, at=BOOKED)
