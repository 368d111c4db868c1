"""Whose a follow-up becomes: by rule when it is opened, and by hand-over when its owner is away."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kept.business.absence import is_away
from kept.business.catalog import Catalog, StaffMember
from kept.errors import InvalidSetting

MOMENT = timedelta(microseconds=1)


class Rule(StrEnum):
    """OWNER is the client's own person, and where they have none or nobody stands in for them, the least loaded."""

    OWNER = "owner"
    LEAST_LOADED = "least_loaded"
    ROUND_ROBIN = "round_robin"


@dataclass(frozen=True, slots=True)
class Absence:
    """[starts, ends); `stand_in` takes over, or whoever the rule gives it to. Raises InvalidSetting."""

    starts: datetime
    ends: datetime
    stand_in: str = ""

    def __post_init__(self) -> None:
        if self.ends <= self.starts:
            raise InvalidSetting(field="absence.ends", reason="An absence ends after it starts.")


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who takes follow-ups, with how many are theirs and open."""

    id: str
    load: int = 0
    absences: tuple[Absence, ...] = ()

    def absence(self, now: datetime) -> Absence | None:
        return next((away for away in self.absences if away.starts <= now < away.ends), None)


def team(catalog: Catalog, loads: Mapping[str, int] | None = None, *, now: datetime) -> tuple[Colleague, ...]:
    """Those of the staff who can be written to; of one who is away now their stand-in has what is theirs."""
    return tuple(
        Colleague(one.id, (loads or {}).get(one.id, 0), _absences(one, catalog, now))
        for one in catalog.staff.values()
        if one.email
    )


def assignee(rule: Rule, team: Sequence[Colleague], *, owner: str = "", last: str = "", now: datetime) -> str:
    """The id of one who is there, or "" where nobody is: then it is whoever opens it.

    `owner` is the client's own person, `last` whoever got the one before. Among equals the team's order decides.
    """
    here = [colleague for colleague in team if colleague.absence(now) is None]
    if rule is Rule.OWNER and (found := standing_in(owner, team, now=now)):
        return found
    if rule is Rule.ROUND_ROBIN:
        return _next_after(last, team, here)
    return min(here, key=lambda colleague: colleague.load).id if here else ""


def whose(id: str, catalog: Catalog, *, now: datetime) -> str:
    """Of one who is away it is their stand-in's; where nobody stands in, it stays theirs."""
    return standing_in(id, team(catalog, now=now), now=now) or id


def standing_in(id: str, team: Iterable[Colleague], *, now: datetime) -> str:
    """They themselves, or who stands in for them, or for that one in turn; "" where it ends with one who is away."""
    by_id = {colleague.id: colleague for colleague in team}
    asked: set[str] = set()
    while id in by_id and id not in asked:
        if (away := by_id[id].absence(now)) is None:
            return id
        asked.add(id)
        id = away.stand_in
    return ""


def handed_over(id: str, items: Sequence[str], team: Sequence[Colleague], *, now: datetime) -> Mapping[str, str]:
    """Who gets each open follow-up of one who is away: the one who stands in, else each in turn the least loaded.

    Nothing is handed over while they are there; what nobody can take stays with them.
    """
    if standing_in(id, team, now=now) == id:
        return {}
    found: dict[str, str] = {}
    for item in items:
        to = assignee(Rule.OWNER, team, owner=id, now=now)
        team = [replace(one, load=one.load + 1) if one.id == to else one for one in team]
        if to:
            found[item] = to
    return found


def _absences(one: StaffMember, catalog: Catalog, now: datetime) -> tuple[Absence, ...]:
    return (Absence(now, now + MOMENT, one.stand_in),) if is_away(one, now, catalog.business.zone) else ()


def _next_after(last: str, team: Sequence[Colleague], here: Sequence[Colleague]) -> str:
    ids = [colleague.id for colleague in team]
    after = ids.index(last) + 1 if last in ids else 0
    present = {colleague.id for colleague in here}
    return next((id for id in (*ids[after:], *ids[:after]) if id in present), "")
