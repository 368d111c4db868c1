"""The rules of a business for invitations: how often one person gets any, and the hours that suit each person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time, timedelta

from kept.business.contact_window import Hours, QuietHours


@dataclass(frozen=True, slots=True)
class ContactRules:
    """Promotional windows in the client's local time, half-open; `unread_after`: then the next channel takes over.

    `holiday_days` on both sides of a public holiday are left alone, or (`on_holidays`, for catering and travel) are
    the only days. The caps count one person over all channels.
    """

    opens: time = time(9)
    closes: time = time(21)
    never: tuple[Hours, ...] = ((time(12), time(14)), (time(18), time(20)))
    best: tuple[Hours, ...] = ((time(10), time(11, 30)), (time(14, 30), time(17)))
    holiday_days: int = 2
    on_holidays: bool = False
    week_cap: int = 2
    month_cap: int = 4
    unread_after: timedelta = timedelta(minutes=60)

    @property
    def caps(self) -> tuple[tuple[int, int], ...]:
        """So many invitations within so many days."""
        return (self.week_cap, 7), (self.month_cap, 30)

    def left_of(self, wanted: Iterable[Hours], quiet: QuietHours) -> tuple[Hours, ...]:
        """These hours without those in which nobody is invited, in order."""
        left = [(max(begins, self.opens), min(ends, self.closes)) for begins, ends in wanted]
        for from_, until in (*self.never, *quiet.of_a_day):
            pieces = (((begins, min(ends, from_)), (max(begins, until), ends)) for begins, ends in left)
            left = [(begins, ends) for piece in pieces for begins, ends in piece if begins < ends]
        return tuple(sorted(left))
