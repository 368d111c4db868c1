"""Figures as people read them: shares with denominators, the middle of the leads, and where too few say nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import accumulate

from kept.booking.states import CancelReason
from kept.follow_up.attainment import Share
from kept.insight.fact import NOT_SAID, MoneyKind
from kept.insight.sums import Sums

TOO_FEW = 50
"""Of fewer no share is compared with another: of 50 the true share may lie 14 in a hundred to either side (95 %), and
what a week changes is less than that."""


@dataclass(frozen=True, slots=True)
class ReminderEffect:
    """How many came, of those who were reminded and of the others. `difference` in shares; None where either are too
    few to say."""

    reminded: Share
    others: Share

    @property
    def difference(self) -> float | None:
        return change(self.others, self.reminded)


@dataclass(frozen=True, slots=True)
class MoneyFigure:
    """`count` lines of the ledger, which come to `minor`."""

    count: int = 0
    minor: int = 0


@dataclass(frozen=True, slots=True)
class BusinessFigures:
    """Everything that is told of some sums, money in that currency; a share of nothing has no ratio."""

    sums: Sums
    currency: str

    @property
    def shares(self) -> Mapping[str, Share]:
        """Confirmed and cancelled of all that were booked; those who came or did not, of both together."""
        it = self.sums
        closed = it.came + it.no_show
        return {
            "confirmed": Share(it.confirmed, it.booked),
            "came": Share(it.came, closed),
            "no_show": Share(it.no_show, closed),
            "late": Share(it.late, it.came),
            "cancelled": Share(it.cancelled, it.booked),
            "cancelled_late": Share(it.cancelled_late, it.booked),
            "fill": Share(sum(it.filled.values()), sum(it.offered.values())),
            "attainment": Share(it.met, it.met + it.missed),
            "rated": Share(it.rated, it.asked),
            "moved_late": Share(it.moved_late, it.booked),
            "rescued": Share(it.rescued, it.nudged),
            "won_back": Share(it.won_back, it.offered_back),
            "fees_waived": self._of_lines(MoneyKind.WAIVED, MoneyKind.FEE),
            "fees_paid": self._of_lines(MoneyKind.PAID, MoneyKind.FEE),
            "deposits_paid": self._of_lines(MoneyKind.DEPOSIT_PAID, MoneyKind.DEPOSIT_ASKED),
            "deposits_kept": self._of_lines(MoneyKind.DEPOSIT_KEPT, MoneyKind.DEPOSIT_PAID),
            "deposits_forfeited": self._of_lines(MoneyKind.DEPOSIT_FORFEITED, MoneyKind.DEPOSIT_PAID),
            "deposits_refunded": self._of_lines(MoneyKind.DEPOSIT_REFUNDED, MoneyKind.DEPOSIT_PAID),
            "said_why": Share(sum(it.reasons.values()) - it.reasons.get(NOT_SAID, 0), sum(it.reasons.values())),
        }

    def _of_lines(self, what: MoneyKind, of: MoneyKind) -> Share:
        """By how many. Both by their own days: what is paid in a week may be of the fees of one before."""
        return Share(self.money(what).count, self.money(of).count)

    @property
    def reasons(self) -> Mapping[str, Share]:
        """Of all visits that their clients cancelled; whoever did not say why stands by themself."""
        told = self.sums.reasons
        return {it: Share(told.get(it, 0), sum(told.values())) for it in (*CancelReason, NOT_SAID)}

    def money(self, what: MoneyKind) -> MoneyFigure:
        return _together(self.causes(what).values())

    def causes(self, what: MoneyKind) -> Mapping[str, MoneyFigure]:
        """Why or by what, in the order of their names; "" where nothing is said."""
        begins = f"{self.currency} {what} "
        return {
            key.removeprefix(begins): MoneyFigure(count, self.sums.money.get(key, 0))
            for key, count in sorted(self.sums.lines.items())
            if key.startswith(begins)
        }

    @property
    def in_other_currencies(self) -> int:
        """Lines of the ledger that are in none of these sums."""
        return sum(count for key, count in self.sums.lines.items() if not key.startswith(f"{self.currency} "))

    @property
    def lead(self) -> int | None:
        """The median in minutes, of leads as they are rounded down; of two in the middle the mean."""
        return median(self.sums.leads)

    @property
    def satisfaction(self) -> float | None:
        return self.sums.stars / self.sums.rated if self.sums.rated else None

    @property
    def reminders(self) -> ReminderEffect:
        it = self.sums
        return ReminderEffect(Share(it.reminded_came, it.reminded), Share(it.others_came, it.others))


def _together(some: Iterable[MoneyFigure]) -> MoneyFigure:
    known = list(some)
    return MoneyFigure(sum(it.count for it in known), sum(it.minor for it in known))


def change(before: Share, now: Share) -> float | None:
    """Between two shares; None where either is of too few to say."""
    if min(before.whole, now.whole) < TOO_FEW or before.ratio is None or now.ratio is None:
        return None
    return now.ratio - before.ratio


def median(counts: Mapping[int, int]) -> int | None:
    count = sum(counts.values())
    if not count:
        return None
    return (_nth(counts, (count - 1) // 2) + _nth(counts, count // 2)) // 2


def _nth(counts: Mapping[int, int], n: int) -> int:
    """Counted from 0, of fewer than there are."""
    values = sorted(counts)
    reached = accumulate(counts[value] for value in values)
    return next(value for value, until in zip(values, reached, strict=True) if n < until)
