"""Figures as a file for a spreadsheet: a line for each period and each member, in whole numbers."""

from collections.abc import Iterable, Iterator, Mapping

from kept.api.spreadsheet import BOM, as_csv
from kept.booking.states import CancelReason
from kept.business.money_rules import WaiverReason
from kept.insight.fact import NOT_SAID, MoneyKind
from kept.insight.figures import BusinessFigures, MoneyFigure
from kept.insight.sums import Sums
from kept.ledger.accounts import MONEY, LedgerAccount
from kept.reasons import Code
from kept.use_cases.insight.reading import FiguresOfDays

NUMBERS = (
    "booked", "confirmed", "came", "no_show", "late", "cancelled", "cancelled_late", "revenue", "expected", "lost",
    "unpriced", "reminded", "reminded_came", "others", "others_came", "sent", "failed", "not_sent", "parts",
    "follow_ups", "met", "missed", "asked", "rated", "stars", "moved_late", "nudged", "rescued", "offered_back",
    "won_back",
)  # fmt: skip
REASONS = (*CancelReason, NOT_SAID)
CAUSES: Mapping[MoneyKind, tuple[str, ...]] = {
    MoneyKind.FEE: (Code.FEE_LATE_CANCELLATION, Code.FEE_LATE_MOVE, Code.FEE_NO_SHOW, Code.DEPOSIT_UNCOLLECTED),
    MoneyKind.WAIVED: tuple(f"money_{it}" for it in WaiverReason),
    MoneyKind.PAID: (*MONEY, LedgerAccount.CREDITS),
}
"""Those that have a column of their own."""
MONEY_OF = tuple((what, cause) for what in MoneyKind for cause in ("", *CAUSES.get(what, ())))
"""A kind of money with a cause; without one all of the kind. In the business's currency."""
COLUMNS = (
    *("first_day", "last_day", "group", "id", "name", *NUMBERS, "minutes_offered", "minutes_filled"),
    *(f"reason_{it}" for it in REASONS),
    *(f"{what}{f'_{cause}' if cause else ''}{of}" for what, cause in MONEY_OF for of in ("_count", "_minor")),
    "other_currencies",
)


def file(found: FiguresOfDays, group: str, names: Iterable[tuple[str, str]], currency: str) -> str:
    return BOM + as_csv([COLUMNS, *_rows(found, group, dict(names), currency)])


def _rows(found: FiguresOfDays, group: str, names: dict[str, str], currency: str) -> Iterator[tuple[str, ...]]:
    for it in found.spans:
        yield (str(it.first), str(it.last), "all", "", "", *_cells(it.sums, currency))
    first, last = found.spans[0].first, found.spans[-1].last
    for id, sums in found.members.items():
        yield (str(first), str(last), group, id, names.get(id, ""), *_cells(sums, currency))


def _cells(sums: Sums, currency: str) -> Iterator[str]:
    yield from (str(getattr(sums, name)) for name in NUMBERS)
    yield from (str(sum(hours.values())) for hours in (sums.offered, sums.filled))
    yield from (str(sums.reasons.get(it, 0)) for it in REASONS)
    figures = BusinessFigures(sums, currency)
    for what, cause in MONEY_OF:
        it = figures.causes(what).get(cause, MoneyFigure()) if cause else figures.money(what)
        yield from (str(it.count), str(it.minor))
    yield str(figures.in_other_currencies)
