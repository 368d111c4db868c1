"""The rules of a business for invitations: how often one person gets any, and the hours that suit each person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from kept.business.contact_window import Hours, QuietHours
from kept.clients.client import Client, Occupation
from kept.timekeeping.holidays import is_working_day

WHOLE_DAY: Hours = (time.min, time.max)
MORNING: Hours = (time.min, time(12))
AFTERNOON: Hours = (time(12), time(18))
EVENING: Hours = (time(18), time.max)


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


@dataclass(frozen=True, slots=True)
class Suits:
    """The hours in which somebody is invited, and whose idea these are: on the working days of a country, and on its
    days off, whichever these are."""

    whose: str
    weekdays: tuple[Hours, ...]
    weekends: tuple[Hours, ...]

    def on(self, day: date, country: str) -> tuple[Hours, ...]:
        return self.weekdays if is_working_day(day, country) else self.weekends


PROFILES = {
    Occupation.OFFICE: Suits("the office profile's hours", (AFTERNOON,), (WHOLE_DAY,)),
    Occupation.HOME: Suits("the home profile's hours", (MORNING,), ()),
    Occupation.STUDENT: Suits("the student profile's hours", (EVENING,), (WHOLE_DAY,)),
}


def hours_for(client: Client, rules: ContactRules, quiet: QuietHours) -> Suits:
    """Their own, else their occupation's, else the best, else any: the first of which the business leaves something.

    So whoever would like to be invited at noon, when nobody is, is invited as others of their occupation are.
    """
    own = tuple(_own(client))
    ideas = [Suits("their own hours", own, own), Suits("the best hours", rules.best, rules.best)]
    if client.occupation:
        ideas.insert(1, PROFILES[client.occupation])
    left = (Suits(it.whose, rules.left_of(it.weekdays, quiet), rules.left_of(it.weekends, quiet)) for it in ideas)
    any_hour = rules.left_of([WHOLE_DAY], quiet)
    return next(
        (it for it in left if it.weekdays or it.weekends), Suits("the hours for invitations", any_hour, any_hour)
    )


def _own(client: Client) -> Iterable[Hours]:
    """Open on the side that is not said."""
    if client.best_from is None and client.best_until is None:
        return ()
    return [(client.best_from or time.min, client.best_until or time.max)]
