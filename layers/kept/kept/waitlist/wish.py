"""What somebody waits for: services, staff, days and hours, by the place's clock."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from kept.business.contact_window import allowed_from
from kept.errors import InvalidRequest

LONGEST = timedelta(days=366)
WEEK = range(7)


@dataclass(frozen=True, slots=True)
class Wish:
    """Any of `services`, with any of `staff` (none named: anybody), on local days from `first` to `last`, both
    included; on `weekdays` (0 is Monday; none named: all), not before `opens` nor beyond `closes` (None: any hour).

    `sooner_than` is an appointment of theirs that they would have earlier, `before` its start, and `minutes` how long
    staff have made it for them; None is as long as the service takes.
    """

    services: tuple[str, ...]
    first: date
    last: date
    staff: tuple[str, ...] = ()
    weekdays: tuple[int, ...] = ()
    opens: time | None = None
    closes: time | None = None
    sooner_than: str = ""
    before: datetime | None = None
    minutes: int | None = None

    def lasts(self, usual: int) -> timedelta:
        """What they wait for, where the service takes `usual` minutes."""
        return timedelta(minutes=usual if self.minutes is None else self.minutes)

    def fits(self, service: str, starts: datetime, ends: datetime, staff: str, *, zone: ZoneInfo) -> bool:
        """Which of the place's days it is counts by its start; what crosses midnight fits only where no hour is named
        by which it has to be over."""
        if service not in self.services or (self.staff and staff not in self.staff):
            return False
        if self.before is not None and starts >= self.before:
            return False
        begin, end = starts.astimezone(zone), ends.astimezone(zone)
        if not self.first <= begin.date() <= self.last or (self.weekdays and begin.weekday() not in self.weekdays):
            return False
        if self.opens is not None and begin.time() < self.opens:
            return False
        return self.closes is None or (end.date() == begin.date() and end.time() <= self.closes)

    def ends(self, zone: ZoneInfo) -> datetime:
        """The end of its last day at the place, or the start of the appointment that it is to be sooner than."""
        midnight = allowed_from(self.last + timedelta(days=1), time.min, zone)
        return midnight if self.before is None else min(midnight, self.before)


def check_wish(wish: Wish, services: Mapping[str, int], staff: Iterable[str], *, zone: ZoneInfo, today: date) -> None:
    """`services`, with how many minutes each takes, and `staff` are those that are offered. Raises InvalidRequest."""
    _must(wish.services and set(wish.services) <= set(services), "services", "nothing that is offered")
    _must(set(wish.staff) <= set(staff), "staff", "nobody who does it")
    _must(wish.first <= wish.last, "last", "it has to be on the first day or after it")
    _must(wish.last >= today, "last", "it is over")
    _must(wish.last - today <= LONGEST, "last", "it has to be within a year")
    _must(set(wish.weekdays) <= set(WEEK), "weekdays", "from 0 for Monday to 6 for Sunday")
    days = (wish.first + timedelta(days=n) for n in range(min((wish.last - wish.first).days, 6) + 1))
    is_any = not wish.weekdays or any(day.weekday() in wish.weekdays for day in days)
    _must(is_any, "weekdays", "none of these days is one of them")
    if wish.closes is not None:
        shortest = wish.lasts(min(services[it] for it in wish.services))
        is_room = _since_midnight(wish.opens or time.min) + shortest <= _since_midnight(wish.closes)
        _must(is_room, "closes", "it has to be as long after the hour from which on as the visit takes")
    if wish.before is not None:
        is_before = wish.first <= wish.before.astimezone(zone).date()
        _must(is_before, "first", "it is after the appointment that it is to be sooner than")


def _since_midnight(at: time) -> timedelta:
    return timedelta(hours=at.hour, minutes=at.minute)


def _must(ok: object, field: str, reason: str) -> None:
    if not ok:
        raise InvalidRequest(fields=[{"field": field, "reason": reason}])
