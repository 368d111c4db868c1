"""Figures as a file for a spreadsheet: a line for each period and each member, in whole numbers."""

import csv
import io
from collections.abc import Iterable, Iterator

from kept.api.follow_ups.figures_answers import FORMULA
from kept.insight.sums import Sums
from kept.use_cases.insight.reading import FiguresOfDays

BOM = "\ufeff"
"""By this Excel knows that it is UTF-8."""
NUMBERS = (
    "booked", "confirmed", "came", "no_show", "late", "cancelled", "cancelled_late", "revenue", "expected", "lost",
    "unpriced", "reminded", "reminded_came", "others", "others_came", "sent", "failed", "not_sent", "parts",
    "follow_ups", "met", "missed", "asked", "rated", "stars",
)  # fmt: skip
COLUMNS = ("first_day", "last_day", "group", "id", "name", *NUMBERS, "minutes_offered", "minutes_filled")


def file(found: FiguresOfDays, group: str, names: Iterable[tuple[str, str]]) -> str:
    """As RFC 4180 has it. What a spreadsheet would reckon with begins with an apostrophe."""
    text = io.StringIO()
    rows = [COLUMNS, *_rows(found, group, dict(names))]
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return BOM + text.getvalue()


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip().startswith(FORMULA) or cell.startswith(FORMULA) else cell


def _rows(found: FiguresOfDays, group: str, names: dict[str, str]) -> Iterator[tuple[str, ...]]:
    for it in found.spans:
        yield (str(it.first), str(it.last), "all", "", "", *_cells(it.sums))
    first, last = found.spans[0].first, found.spans[-1].last
    for id, sums in found.members.items():
        yield (str(first), str(last), group, id, names.get(id, ""), *_cells(sums))


def _cells(sums: Sums) -> Iterator[str]:
    yield from (str(getattr(sums, name)) for name in NUMBERS)
    yield from (str(sum(hours.values())) for hours in (sums.offered, sums.filled))
