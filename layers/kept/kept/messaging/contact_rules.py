"""When an invitation may reach somebody: never at meals or late, best when it suits them, and never too often."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from kept.clients.client import Client

Hours = tuple[time, time]


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


def next_invitation(client: Client, rules: ContactRules, country: str, *, now: datetime) -> tuple[datetime, str]:
    """The first instant, from now on, at which they may be invited, with the reason of the wait ("" for now)."""
    raise NotImplementedError
