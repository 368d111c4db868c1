"""Pages of the appointment book."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from kept.booking.day_page import DayPage, Entry
from kept.storage import busy_days
from kept.storage.codec import packed, unpacked
from kept.storage.tables import DayPageItem
from kept.storage.transaction import alone


def between(business: str, calendar: str, first: date, last: date) -> list[DayPage]:
    """The pages of one calendar, both days included; a day nobody wrote on has none, unless its person is busy by a
    calendar of their own. One query."""
    days = DayPageItem.day.between(first.isoformat(), last.isoformat() + busy_days.LAST)
    pages: dict[str, DayPage] = {}
    for item in DayPageItem.query(f"{business}#{calendar}", days, consistent_read=True):
        if not busy_days.is_busy(item):
            pages[item.day] = _page(calendar, item)
            continue
        day = item.day.removesuffix(busy_days.BUSY)
        pages[day] = replace(
            pages.get(day) or DayPage(calendar, date.fromisoformat(day)), busy=busy_days.spans_of(item)
        )
    return list(pages.values())


def load(business: str, calendar: str, days: Iterable[date]) -> list[DayPage]:
    """Every one of those days, an empty page where nobody wrote yet."""
    wanted = sorted(days)
    written = {page.day: page for page in between(business, calendar, wanted[0], wanted[-1])}
    return [written.get(day, DayPage(calendar, day)) for day in wanted]


def has(business: str, calendar: str, days: Iterable[date], ref: str) -> bool:
    """Whether this booking or hold stands on one of them."""
    return any(page.has(ref) for page in load(business, calendar, days))


def put(business: str, page: DayPage, transaction: TransactWrite) -> None:
    """On the condition that the page is still the one that was read."""
    transaction.save(as_item(business, page), condition=_unchanged(page))


def put_alone(business: str, page: DayPage) -> None:
    """A change to one page only. Raises Lost."""
    with alone():
        as_item(business, page).save(condition=_unchanged(page))


def _unchanged(page: DayPage) -> Condition:
    if page.revision == 0:
        return DayPageItem.calendar.does_not_exist()
    return DayPageItem.revision == page.revision


def as_item(business: str, page: DayPage) -> DayPageItem:
    entries = [[e.ref, e.start, e.end, e.before, e.after, e.hold_until] for e in page.entries]
    return DayPageItem(
        f"{business}#{page.calendar}",
        page.day.isoformat(),
        revision=page.revision + 1,
        entries=packed(json.dumps(entries, separators=(",", ":"))),
    )


def _page(calendar: str, item: DayPageItem) -> DayPage:
    entries = tuple(Entry(*fields) for fields in json.loads(unpacked(item.entries)))
    return DayPage(calendar, date.fromisoformat(item.day), int(item.revision), entries)
