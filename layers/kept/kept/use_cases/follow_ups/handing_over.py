"""All that is somebody's given to others, because they are away: each follow-up with its own line of history."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kept.actor import Change
from kept.booking.refusals import BookBusy
from kept.business.catalog import Catalog
from kept.errors import InvalidRequest
from kept.follow_up.assignment import Absence, Colleague, handed_over, team
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.refusals import FollowUpClosed, FollowUpFull
from kept.storage import follow_ups
from kept.use_cases.follow_ups.acts import HappenedNow, done_before, member, record

AT_ONCE = 100
"""Under one idempotency key: as many writes as fit into a request."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """Who got each follow-up, and how many are still theirs; eventually consistent."""

    given: Mapping[str, str]
    left: int


def hand_over_all(catalog: Catalog, leaver: str, to: str | None, change: Change) -> HandOver:
    """To the one named, or their stand-in, or else each to the least loaded; what nobody can take stays with them.

    A repeat under the same key tells what it gave the first time and goes on where that was cut short. One that is
    closed or changed by others at that moment is left. Raises UnknownStaff, KeyReused, InvalidRequest.
    """
    business, leaver = catalog.business.id, member(catalog, leaver)
    if to is not None and member(catalog, to) == leaver:
        raise InvalidRequest(fields=[{"field": "to", "reason": "It is theirs already."}])
    waiting = follow_ups.load_of(business, leaver)
    before = dict(_given_before(catalog, leaver, to, change))
    items = _theirs(business, leaver, AT_ONCE - len(before))
    plan = dict.fromkeys(items, to) if to else _by_rule(catalog, leaver, items, change.at)
    given = {id: taker for id, taker in plan.items() if _give(business, id, taker, change)}
    return HandOver(before | given, max(waiting - len(given), 0))


def _theirs(business: str, leaver: str, limit: int) -> list[str]:
    """As read afresh: not what was given away or closed since the index was written."""
    if limit <= 0:
        return []
    found = follow_ups.queue(business, leaver, limit=limit).follow_ups
    return [one.id for one in found if one.assignee == leaver and not one.is_over]


def _given_before(catalog: Catalog, leaver: str, to: str | None, change: Change) -> Iterator[tuple[str, str]]:
    """Whoever could take something is asked what they got under this key, as far as they still have it open."""
    takers = [to] if to else [id for id in catalog.staff if id != leaver]
    for taker in takers:
        for one in _all_of(catalog.business.id, taker):
            if event := done_before(one, change):
                yield one.id, event.to


def _all_of(business: str, person: str) -> Iterator[FollowUp]:
    after = None
    while True:
        page = follow_ups.queue(business, person, after=after, limit=AT_ONCE)
        yield from page.follow_ups
        if (after := page.more_after) is None:
            return


def _give(business: str, id: str, taker: str, change: Change) -> bool:
    try:
        record(business, id, HappenedNow(What.ASSIGNED, taker), change)
    except (FollowUpClosed, FollowUpFull, BookBusy):
        return False
    return True


def _by_rule(catalog: Catalog, leaver: str, items: Sequence[str], now: datetime) -> Mapping[str, str]:
    """With them away from now on, whether it stands in their hours or not: whoever hands over knows it."""
    loads = {id: follow_ups.load_of(catalog.business.id, id) for id in catalog.staff}
    others = (one for one in team(catalog, loads, now=now) if one.id != leaver)
    away = Absence(now, now + timedelta(days=1), catalog.staff[leaver].stand_in)
    return handed_over(leaver, items, (*others, Colleague(leaver, absences=(away,))), now=now)
