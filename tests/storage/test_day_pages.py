"""Pages of the book as they are stored: whoever read an older one writes nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from kept import ids
from kept.booking.day_page import DayPage, Entry
from kept.storage import day_pages
from kept.storage.tables import DayPageItem
from kept.storage.transaction import Lost, together

if TYPE_CHECKING:
    from pynamodb.transactions import TransactWrite

MONDAY, TUESDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6)
MEI = "staff:mei"
A_VISIT = Entry("a-1", 29540700, 29540760, before=5, after=10)
A_HOLD = Entry("h-1", 29540800, 29540860, hold_until=1772442300)


def alone(page: DayPage) -> None:
    day_pages.put_alone("lotus", page)


def with_others(page: DayPage) -> None:
    with together() as transaction:
        day_pages.put("lotus", page, transaction)


Put = Callable[[DayPage], None]
both_ways = pytest.mark.parametrize("put", [alone, with_others])


@both_ways
def test_it_is_read_as_it_was_written(put: Put) -> None:
    put(DayPage(MEI, MONDAY, entries=(A_VISIT, A_HOLD)))
    assert day_pages.load("lotus", MEI, [MONDAY]) == [DayPage(MEI, MONDAY, 1, (A_VISIT, A_HOLD))]


@both_ways
def test_whoever_read_an_older_page_loses(put: Put) -> None:
    put(DayPage(MEI, MONDAY, entries=(A_VISIT,)))
    (read,) = day_pages.load("lotus", MEI, [MONDAY])
    put(read.without("a-1"))
    with pytest.raises(Lost):
        put(read)
    assert day_pages.load("lotus", MEI, [MONDAY]) == [DayPage(MEI, MONDAY, 2)]


@both_ways
def test_two_who_find_it_empty_do_not_both_write_on_it(put: Put) -> None:
    put(DayPage(MEI, MONDAY, entries=(A_VISIT,)))
    with pytest.raises(Lost):
        put(DayPage(MEI, MONDAY, entries=(A_HOLD,)))


def test_of_several_pages_all_are_written_or_none() -> None:
    alone(DayPage(MEI, TUESDAY))

    def both(transaction: "TransactWrite") -> None:
        for day in (MONDAY, TUESDAY):
            day_pages.put("lotus", DayPage(MEI, day, entries=(A_VISIT,)), transaction)

    with pytest.raises(Lost), together() as transaction:
        both(transaction)
    assert day_pages.between("lotus", MEI, MONDAY, MONDAY) == []


def test_days_nobody_wrote_on_are_empty_pages_where_days_are_asked_for() -> None:
    alone(DayPage(MEI, TUESDAY, entries=(A_VISIT,)))
    assert [page.day for page in day_pages.between("lotus", MEI, MONDAY, FRIDAY)] == [TUESDAY]
    assert day_pages.load("lotus", MEI, [FRIDAY, MONDAY]) == [DayPage(MEI, MONDAY), DayPage(MEI, FRIDAY)]


@pytest.mark.parametrize(("business", "calendar"), [("garage", MEI), ("lotus", "staff:me"), ("lotus", "room:mei")])
def test_a_calendar_is_one_business_s_and_one_person_s(business: str, calendar: str) -> None:
    alone(DayPage(MEI, MONDAY, entries=(A_VISIT,)))
    assert day_pages.between(business, calendar, MONDAY, MONDAY) == []


@pytest.mark.parametrize("many", [1, 12, 30, 38])
def test_a_full_day_s_page_is_within_a_kilobyte_and_reads_as_it_was_written(many: int) -> None:
    """One unit of writing, two in a booking's transaction, however often somebody is booked on a day."""
    entries = tuple(
        Entry(ids.new("a"), A_VISIT.start + 15 * n, A_VISIT.start + 15 * n + 15, after=10) for n in range(many)
    )
    page = DayPage(MEI, MONDAY, entries=entries)
    day_pages.put_alone("lotus", page)
    assert day_pages.load("lotus", MEI, [MONDAY]) == [replace(page, revision=1)]
    item = DayPageItem.get(f"lotus#{MEI}", MONDAY.isoformat())
    stored = {"calendar": item.calendar, "day": item.day, "entries": item.entries, "revision": "1"}
    assert sum(len(name) + len(value) for name, value in stored.items()) <= 1024


def test_a_page_that_was_written_before_pages_were_packed_is_read() -> None:
    entries = [[f"a-{n}", n, n + 1, 0, 0, None] for n in range(60)]
    DayPageItem(f"lotus#{MEI}", MONDAY.isoformat(), revision=1, entries=json.dumps(entries)).save()
    assert len(day_pages.load("lotus", MEI, [MONDAY])[0].entries) == 60
