"""The clocks of one follow-up with a history of 200 lines, beside the same rules by a plain walk over every line.

The plain reference asks the calendar anew for every line, for the time spent on one clock alone; both must give one
answer, or there are no figures. The preview is of a policy re-applied to 10,000 open follow-ups.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from time import perf_counter
from typing import Any

from kept.clients.client import Tier
from kept.follow_up.append_event import opening
from kept.follow_up.clocks import clocks
from kept.follow_up.events import FollowUpEvent, History, What
from kept.follow_up.explanation import explained
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.policy import ClockKind, Row, ServicePolicy
from kept.follow_up.reapplying import preview
from kept.follow_up.timeline import timeline
from kept.timekeeping.business_calendar import BusinessCalendar
from tests.bench.figure import Figure

LINES, OPEN_ONES, TIMES = 200, 10_000, 51
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
START = datetime(2026, 3, 2, 9, tzinfo=UTC)
TALK = (What.ANSWERED, What.WAITING, What.CLIENT_WROTE)
OFFICE = BusinessCalendar.parse("Europe/Berlin", dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), ("09:00-17:00",)))


def a_policy(number: int, hours: int) -> ServicePolicy:
    rows = (Row(hours * HOUR, hours * HOUR, 100 * HOUR, calendar="office"),)
    return ServicePolicy(number=number, rows=rows, calendars={"office": OFFICE}, plans={})


POLICIES = {1: a_policy(1, 4), 2: a_policy(2, 2)}


def a_long_history() -> History:
    """Answered, waiting, asked again, every 97 minutes over two weeks."""
    lines = opening(OpenedBy.ENQUIRY, Tier.REGULAR, 1, at=START, by="client", assignee="mei")
    talk = (FollowUpEvent(TALK[n % 3], START + 97 * MINUTE * (n + 1)) for n in range(LINES - len(lines)))
    return (*lines, *talk)


def naive_spent(history: History, kind: ClockKind, now: datetime) -> timedelta:
    """The resolution: every span between two lines, counted unless the client has the turn at its beginning."""
    total, waits = timedelta(0), False
    for line, end in zip(history, [*(line.at for line in history[1:]), now], strict=True):
        waits = line.what is What.WAITING or (waits and line.what is not What.CLIENT_WROTE)
        if not (waits and kind is ClockKind.RESOLUTION):
            total += OFFICE.between(line.at, end)
    return total


def rows() -> Iterator[Figure]:
    history = a_long_history()
    now = history[-1].at + HOUR
    found = {clock.run.kind: clock for clock in clocks(history, POLICIES, now)}
    if found[ClockKind.RESOLUTION].spent != naive_spent(history, ClockKind.RESOLUTION, now):
        raise AssertionError("The plain walk over every line counts something else.")
    number = len(clocks(history, POLICIES, now))
    one = f"one of them by a plain walk {_median(naive_spent, history, ClockKind.RESOLUTION, now):.2f} ms"
    yield Figure(f"all {number} clocks of {LINES} lines", f"{_median(clocks, history, POLICIES, now):.2f} ms", one)
    yield Figure(f"all notices of {LINES} lines", f"{_median(timeline, history, POLICIES):.2f} ms")
    yield Figure("a deadline explained", f"{_median(explained, found[ClockKind.RESOLUTION], now):.2f} ms")
    yield from _open_ones()


def _open_ones() -> Iterator[Figure]:
    one = opening(OpenedBy.ENQUIRY, Tier.REGULAR, 1, at=START, by="client")
    yield Figure("all clocks of one just opened", f"{_median(clocks, one, POLICIES, START + HOUR):.3f} ms")
    yield Figure("all notices of one just opened", f"{_median(timeline, one, POLICIES):.3f} ms")
    items = {
        f"f{n}": opening(OpenedBy.ENQUIRY, Tier.REGULAR, 1, at=START + n * MINUTE / 50, by="client")
        for n in range(OPEN_ONES)
    }
    began = perf_counter()
    told = preview(items, POLICIES, 2, now=START + 4 * HOUR).words
    yield Figure(f"a policy re-applied to {OPEN_ONES:,}, preview", f"{perf_counter() - began:.2f} s", told)


def _median(work: Callable[..., Any], *ask: Any) -> float:
    return median(_milliseconds(work, *ask) for _ in range(TIMES))


def _milliseconds(work: Callable[..., Any], *ask: Any) -> float:
    began = perf_counter()
    work(*ask)
    return (perf_counter() - began) * 1000


if __name__ == "__main__":
    for figure in rows():
        print(f"{figure.what:60} {figure.ours:16} {figure.reference}")  # noqa: T201
