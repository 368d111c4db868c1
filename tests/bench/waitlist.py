"""Freed time in capacity units, with few and with many who wait: told, offered, passed on, taken; the sweep of offers;
and what telling of a delay and making good for a wait add."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from math import ceil
from time import perf_counter
from typing import TYPE_CHECKING

from kept.actor import CLIENT, Actor, Change
from kept.booking.appointment import Appointment
from kept.business.catalog import Catalog, Money
from kept.lanes import Key, Lane
from kept.waitlist.wish import Wish
from tests.bench.cloud import Cloud, Units
from tests.bench.figure import Figure
from tests.builders import STARTS, a_catalog, a_client, an_appointment

if TYPE_CHECKING:
    from kept.waitlist.entry import WaitlistEntry

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOON = datetime.fromisoformat("2026-02-28T12:00+08:00")
"""More than two days before the visit: one is asked after the other."""
FEW, MANY = 10, 10_000
ASKED = 8
"""Of those who wait, the first have a record: nobody else is asked."""
HOST = "h-1"
"""Whose visit it was; they do not wait."""
DUE = 50
PER_READ = 4096
"""Bytes that a consistent read unit buys; the stand-in counts a query as one item."""
BATCH = 25
EQUAL = "equal writes"


@dataclass(slots=True)
class Business:
    """One salon with so many who wait."""

    cloud: Cloud
    waiting: int

    @property
    def id(self) -> str:
        return f"wait-{self.waiting}"

    @property
    def catalog(self) -> Catalog:
        from kept.storage import catalogs

        return catalogs.load(self.id)

    def of(self, work: Callable[[], object]) -> Units:
        return self.cloud.meter.of(work)

    def open(self) -> None:
        from kept.storage import catalogs

        shop = a_catalog()
        catalogs.put(self.id, [replace(shop.business, id=self.id), *shop.services.values(), *shop.staff.values()])
        for n in range(ASKED):
            self._known(f"c-{n}")
        self._known(HOST)

    def _known(self, id: str) -> None:
        from tests import lotus

        lotus.known(replace(a_client(), business=self.id, id=id, email=f"{id}@{self.id}.example"))

    def visit(self, n: int, starts: datetime = STARTS) -> Appointment:
        """Of somebody who does not wait, in the book."""
        from tests import lotus

        it = an_appointment(f"a-{n}", starts=starts)
        return lotus.put(replace(it, business=self.id, client=HOST, price=Money(10_000, "CNY")))

    def all_wait(self) -> int:
        """And when each wait ends is among what is due; the bytes of all of them."""
        with ThreadPoolExecutor(4) as hands:
            return sum(hands.map(self._wait, range(0, self.waiting, BATCH)))

    def _wait(self, first: int) -> int:
        from kept.storage import waitlist
        from kept.storage.codec import to_json
        from kept.storage.transaction import together
        from kept.waitlist.entry import WaitlistEntry

        wish, size = Wish(("cut",), date(2026, 3, 2), date(2026, 3, 8)), 0
        with together() as transaction:
            for n in range(first, min(first + BATCH, self.waiting)):
                since = NOON - 9 * DAY + n * timedelta(seconds=1)
                entry = WaitlistEntry(self.id, f"c-{n}-w", f"c-{n}", wish, since)
                entry = entry.noted("joined", Change(CLIENT, since))
                waitlist.put(entry, transaction, ends=wish.ends(self.catalog.business.zone))
                size += len(to_json(entry)) + 60
        return size


def rows(cloud: Cloud) -> Iterator[Figure]:
    few = dict(_of(cloud, FEW))
    many = dict(_of(cloud, MANY))
    for what, (units, beside) in few.items():
        yield Figure(f"waitlist, {FEW} wait: {what}", str(units), beside)
        more, its = many[what]
        hold = EQUAL if units.writes == more.writes else f"NOT EQUAL: {units.writes:g} and {more.writes:g}"
        yield Figure(f"waitlist, {MANY:,} wait: {what}", str(more), its, hold)
    yield from _delays_and_credits(cloud)


def _of(cloud: Cloud, waiting: int) -> Iterator[tuple[str, tuple[Units, str]]]:
    """The life of one freed slot: it is called off, offered, passed on when nobody answers, and taken."""
    from kept.due_work.sweeping import due
    from kept.events.change import AggregateChange, Kind
    from kept.storage import waitlist
    from kept.use_cases.booking.change import apply_change
    from kept.use_cases.waitlist import freed, offering
    from kept.use_cases.waitlist.answering import accept
    from tests.bench import naive_booking

    it = Business(cloud, waiting)
    it.open()
    size = it.all_wait()
    before = it.visit(1)
    change = Change(CLIENT, NOON)
    rules = it.catalog.business.changes
    after = apply_change(it.catalog, before.id, lambda visit: visit.cancel(change, rules=rules), change)
    told = AggregateChange(it.id, Kind.APPOINTMENT, before.id, before, after, NOON, "1")
    to_each = f"{waiting * _a_message(it).writes:,.0f} write (a message to each, nothing held)"
    yield "freed time, found", (it.of(lambda: freed.watch(told)), "")
    (opening,) = waitlist.openings(it.id)
    began = perf_counter()
    offered = it.of(lambda: offering.look(it.id, opening.id, now=NOON))
    took = (perf_counter() - began) * 1000
    paper = size / PER_READ
    yield "offered to the first", (offered, to_each)
    entry = _with_an_offer(it)
    until = entry.offers[-1].until
    yield (
        "not answered, and offered to the next",
        (
            it.of(lambda: offering.look(it.id, opening.id, now=until)),
            f"the list: {paper:,.0f} read on paper, {took:.0f} ms (first offer)",
        ),
    )
    entry = _with_an_offer(it)
    offer = entry.offers[-1].id
    naive = cloud.meter.of(lambda: naive_booking.book(cloud.stack.client("dynamodb"), it.id, "c-1"))
    accepts = Change(CLIENT, until + MINUTE)
    yield (
        "an offer taken",
        (
            it.of(lambda: accept(it.catalog, entry.id, offer, accepts)),
            f"{naive} (check then write)",
        ),
    )
    _are_due(it)
    found: list[Key] = []
    swept = it.of(lambda: found.extend(key for key, _ in due(Lane.EVENT, until=NOON - DAY) if key.business == it.id))
    _must(len(found), DUE)
    whole = f"{max(1, ceil(size / PER_READ / 2)):,} read on paper (all who wait looked through)"
    yield f"the sweep of {DUE} that are due", (swept, whole)
    _are_done(it)


def _with_an_offer(it: Business) -> "WaitlistEntry":
    from kept.storage import waitlist

    (entry,) = [entry for entry in waitlist.waiting(it.id) if entry.offer]
    return entry


def _are_due(it: Business) -> None:
    from kept.storage import waitlist
    from kept.storage.transaction import together
    from kept.waitlist.opening import FreedBy, Opening

    for n in range(DUE):
        opening = Opening(it.id, f"o-{n}", "mei", STARTS + DAY, STARTS + DAY + HOUR, FreedBy.STAFF, NOON)
        with together() as transaction:
            waitlist.put_opening(opening, transaction, due_at=NOON - DAY)


def _are_done(it: Business) -> None:
    """The other business's sweep is not to find them."""
    from kept.storage import waitlist
    from kept.storage.transaction import together

    for opening in waitlist.openings(it.id):
        with together() as transaction:
            waitlist.put_opening(opening.over(), transaction, due_at=None)


def _must(found: int, expected: int) -> None:
    if found != expected:
        raise AssertionError(f"{found} are due, not {expected}")


def _a_message(it: Business) -> Units:
    from kept.storage import messages
    from kept.storage.transaction import together
    from kept.use_cases.waitlist import telling
    from kept.waitlist.entry import WaitlistEntry

    client = replace(a_client(), business=it.id)
    wish = Wish(("cut",), date(2026, 3, 2), date(2026, 3, 8))
    said = telling.joined(WaitlistEntry(it.id, "c-1-w0", "c-1", wish, NOON), client, it.catalog.business, now=NOON)

    def write() -> None:
        with together() as transaction:
            messages.put(said, transaction)

    return it.of(write)


def _delays_and_credits(cloud: Cloud) -> Iterator[Figure]:
    """Each beside the same step where there was nothing to say or to make good."""
    from kept.storage import appointments, ledger
    from kept.use_cases.booking import delays
    from kept.use_cases.booking.change import apply_change

    it = Business(cloud, 0)
    it.open()
    staff = Actor("staff", "mei")
    begins: dict[bool, Units] = {}
    for n, waits in ((1, False), (2, True)):
        visit = it.visit(n, STARTS + n * DAY)
        comes = Change(staff, visit.starts)
        apply_change(it.catalog, visit.id, partial(Appointment.check_in, change=comes), comes)
        now = Change(staff, visit.starts + (35 * MINUTE if waits else MINUTE))
        begins[waits] = it.of(partial(apply_change, it.catalog, visit.id, partial(Appointment.begin, change=now), now))
        _must(appointments.load(it.id, visit.id).made_good > 0, waits)
    _must(ledger.balance(it.id, HOST, "CNY").credit, 1000)
    what = "a visit begun after 35 minutes, credited"
    yield Figure(what, str(begins[True]), f"{begins[False]} (begun in time)")
    visit = it.visit(9, STARTS + 5 * DAY)
    said = Change(staff, visit.starts - 40 * MINUTE)
    nobody = it.of(lambda: delays.announce(it.catalog, "jun", 20, said))
    told = it.of(lambda: delays.announce(it.catalog, "mei", 20, said))
    _must(appointments.load(it.id, visit.id).told_delay is not None, True)
    yield Figure("a delay said, and one client told", str(told), f"{nobody} (nobody to tell)")
