"""Figures of the follow-ups that were opened within some days: found, measured, and split by what is asked for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from kept.business.catalog import Catalog
from kept.errors import InvalidRequest
from kept.follow_up.attainment import By, Figures, Outcomes, figures, outcomes, split
from kept.follow_up.clock_metrics import Measured, measured
from kept.follow_up.events import FollowUpEvent, History, What, in_force, own
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.merging import merged_into
from kept.follow_up.ownership import owner_at
from kept.storage import follow_ups
from kept.timekeeping.local_time import midnight

LONGEST = 366
"""Days."""
MOST = 5_000
"""Follow-ups for one request. Of more there are no figures: a median cannot be added up from parts."""
PAGE = 500
SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a business's calendar from the first to the last. Raises InvalidRequest for none and for more than
    `most`."""

    first: date
    last: date
    most: int = LONGEST

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise InvalidRequest(fields=[{"field": "to", "reason": "The last day is before the first."}])
        if (self.last - self.first).days >= self.most:
            raise InvalidRequest(fields=[{"field": "to", "reason": f"These are more than {self.most} days."}])

    def within(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From the midnight before to the midnight after, as instants."""
        after = self.last + timedelta(days=1)
        return midnight(zone, self.first), midnight(zone, after)


@dataclass(frozen=True, slots=True)
class FoundFollowUps:
    """As of `now`. Of two that were merged the one that is left, from the earlier opening on."""

    histories: tuple[History, ...]
    rows: tuple[Measured, ...]
    zone: ZoneInfo
    now: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """The clocks of some, and how their matters ended."""

    figures: Figures
    outcomes: Outcomes


def found(catalog: Catalog, days: Days, *, now: datetime) -> FoundFollowUps:
    """Raises InvalidRequest where there are more than MOST."""
    zone = catalog.business.zone
    kept = [one for one in _opened(catalog.business.id, *days.within(zone)) if not merged_into(one.history)]
    policies = follow_ups.policies(*kept)
    rows = (row for one in kept for row in measured(one.id, one.history, policies, now=now, zone=zone))
    return FoundFollowUps(tuple(one.history for one in kept), tuple(rows), zone, now)


def total(found: FoundFollowUps) -> Group:
    return Group(figures(found.rows), outcomes(found.histories, now=found.now))


def groups(found: FoundFollowUps, by: By) -> Mapping[str, Group]:
    """A clock belongs to whom and when it was decided, an outcome to whom and when the matter was closed last."""
    clocks = split(found.rows, by)
    closed = _closed(found, by)
    return {
        name: Group(clocks.get(name) or figures(()), outcomes(closed.get(name, ()), now=found.now))
        for name in sorted(clocks.keys() | closed.keys())
    }


def _opened(business: str, since: datetime, until: datetime) -> list[FollowUp]:
    """The index knows whole seconds, rounded up."""
    some: list[FollowUp] = []
    after = None
    while True:
        page = follow_ups.opened(business, since, until + SECOND, after=after, limit=PAGE)
        some += (one for one in page.follow_ups if since <= one.opened_at < until)
        if len(some) > MOST:
            reason = f"More than {MOST} follow-ups were opened then; ask for fewer days."
            raise InvalidRequest(fields=[{"field": "to", "reason": reason}])
        if (after := page.more_after) is None:
            return some


def _closed(found: FoundFollowUps, by: By) -> Mapping[str, list[History]]:
    some: dict[str, list[History]] = {}
    for history in found.histories:
        if lines := own(history, What.RESOLVED):
            some.setdefault(_whose(by, found.zone)(history, lines[-1]), []).append(history)
    return some


def _whose(by: By, zone: ZoneInfo) -> Callable[[History, FollowUpEvent], str]:
    return {
        By.TIER: lambda history, close: in_force(own(history, What.TIER), close.at),
        By.CAUSE: lambda history, _: own(history, What.OPENED)[0].to,
        By.PERSON: lambda history, close: owner_at(history, close.at),
        By.WEEK: lambda _, close: "{}-W{:02}".format(*close.at.astimezone(zone).isocalendar()),
    }[by]
