"""In which hours one person is invited: their own, their occupation's, or the best that the business names."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

from kept.business.contact_rules import ContactRules
from kept.business.contact_window import WHOLE_DAY, Hours, QuietHours
from kept.clients.client import Client, Occupation
from kept.reasons import Code
from kept.timekeeping.holidays import is_working_day

MORNING: Hours = (time.min, time(12))
AFTERNOON: Hours = (time(12), time(18))
EVENING: Hours = (time(18), time.max)


@dataclass(frozen=True, slots=True)
class Suits:
    """The hours in which somebody is invited, on the working days of a country and on its days off, whichever these
    are; and what is said where it is `outside` of them."""

    outside: Code
    weekdays: tuple[Hours, ...]
    weekends: tuple[Hours, ...]

    def on(self, day: date, country: str) -> tuple[Hours, ...]:
        return self.weekdays if is_working_day(day, country) else self.weekends


PROFILES = {
    Occupation.OFFICE: Suits(Code.OUTSIDE_OFFICE_HOURS, (AFTERNOON,), (WHOLE_DAY,)),
    Occupation.HOME: Suits(Code.OUTSIDE_HOME_HOURS, (MORNING,), ()),
    Occupation.STUDENT: Suits(Code.OUTSIDE_STUDENT_HOURS, (EVENING,), (WHOLE_DAY,)),
}


def hours_for(client: Client, rules: ContactRules, quiet: QuietHours) -> Suits:
    """Their own, else their occupation's, else the best, else any: the first of which the business leaves something.

    So whoever would like to be invited at noon, when nobody is, is invited as others of their occupation are.
    """
    own = tuple(_own(client))
    ideas = [Suits(Code.OUTSIDE_THEIR_HOURS, own, own), Suits(Code.OUTSIDE_BEST_HOURS, rules.best, rules.best)]
    if client.occupation:
        ideas.insert(1, PROFILES[client.occupation])
    left = (Suits(it.outside, rules.left_of(it.weekdays, quiet), rules.left_of(it.weekends, quiet)) for it in ideas)
    any_hour = rules.left_of([WHOLE_DAY], quiet)
    return next(
        (it for it in left if it.weekdays or it.weekends), Suits(Code.OUTSIDE_INVITING_HOURS, any_hour, any_hour)
    )


def _own(client: Client) -> Iterable[Hours]:
    """Open on the side that is not said."""
    if client.best_from is None and client.best_until is None:
        return ()
    return [(client.best_from or time.min, client.best_until or time.max)]
