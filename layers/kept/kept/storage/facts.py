"""Facts by the day they belong to: one item each, written over by a newer one alone.

A day is one query, a span of days another. A fact that moves to another day leaves its version where it stood, without
a body, so that an older one that comes again late finds a newer there and is not written; a few weeks later that goes.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from kept.insight.fact import KINDS, Fact, FactKind, Mark, Name, VisitFact, bare, kind_of
from kept.insight.sums import Hours
from kept.storage.codec import from_json, to_json
from kept.storage.tables import FactItem
from kept.storage.transaction import is_written

REMEMBERED = timedelta(days=30)
"""What was left is kept so long: streams forget after a day, and what was set aside is put back within weeks."""
HOURS = "hours"
LAST = "~"
"""Sorts behind every kind."""
ALL_DAYS = f"9{LAST}"
"""Sorts behind every day, and before whatever is no day's."""


@dataclass(frozen=True, slots=True)
class OfferedHours:
    """What each of the staff offered on a day, by their id."""

    staff: Mapping[str, Hours]


class DayFacts(NamedTuple):
    """What is known of one day; `offered` None until it was over and written down."""

    day: date
    facts: tuple[Fact, ...]
    offered: Mapping[str, Hours] | None


class FactPage(NamedTuple):
    """Some facts, and the key after which there are more."""

    facts: tuple[Fact, ...]
    more_after: str | None


def put(business: str, fact: Fact, *, anew: bool = False) -> bool:
    """One unit of writing; False where a newer one stands there, or the same, unless it is to be written `anew`."""
    body: list[Action] = [
        FactItem.version.set(fact.version),
        FactItem.body.set(to_json(bare(fact))),
        FactItem.expires.remove(),
    ]
    return _written(_item(business, fact.day, kind_of(fact), fact.id), body, _is_newer(fact.version + anew))


def leave(business: str, day: date, kind: FactKind, id: str, *, version: int, now: datetime) -> bool:
    """It stands on that day no more, since this version; False where that is known."""
    forget_at = int((now + REMEMBERED).timestamp())
    bare: list[Action] = [FactItem.version.set(version), FactItem.body.remove(), FactItem.expires.set(forget_at)]
    return _written(_item(business, day, kind, id), bare, _is_newer(version))


def knows(business: str, day: date, kind: FactKind, id: str, *, version: int) -> bool:
    """Whether as new a version stands there, or has left."""
    found = _stands(_item(business, day, kind, id))
    return found is not None and found.version is not None and found.version >= version


def knows_mark(business: str, day: date, id: str, mark: Mark, *, slot: int) -> bool:
    """Whether it is known to be so of that version of the slot."""
    found = _stands(_item(business, day, FactKind.VISIT, id))
    return found is not None and (getattr(found, mark) or 0) >= slot


def mark(business: str, day: date, id: str, mark: Mark, *, slot: int) -> bool:
    """It is so of that version of the visit's slot; which may be known before the visit's own fact is."""
    known = getattr(FactItem, mark)
    newer = known.does_not_exist() | (known < slot)
    return _written(_item(business, day, FactKind.VISIT, id), [known.set(slot)], newer)


def as_item(business: str, fact: Fact) -> FactItem:
    """With the marks of a visit: for whoever writes many at once where none stands yet."""
    item = _item(business, fact.day, kind_of(fact), fact.id)
    item.version, item.body = fact.version, to_json(bare(fact))
    for mark, slot in (fact.marks if isinstance(fact, VisitFact) else {}).items():
        setattr(item, mark, slot)
    return item


def drop(business: str, fact: Fact) -> bool:
    """A fact that should not be there; False where another version stands there by now."""
    item = _item(business, fact.day, kind_of(fact), fact.id)
    return is_written(lambda: item.delete(condition=FactItem.version == fact.version))


def days(business: str, first: date, last: date) -> Iterator[DayFacts]:
    """Those of them of which anything is known, in order: one query, a unit of reading for some thirty facts, and none
    is missing that was written before."""
    span = FactItem.id.between(f"{first}#", f"{last}#{LAST}")
    found = FactItem.query(business, span, consistent_read=True)
    for day, items in groupby(found, key=lambda item: item.id.partition("#")[0]):
        known = list(items)
        offered = next((from_json(OfferedHours, it.body) for it in known if _kind(it) == HOURS), None)
        facts = tuple(fact for item in known if (fact := _fact(item)))
        yield DayFacts(date.fromisoformat(day), facts, offered.staff if offered else None)


def several(business: str, some: Iterable[Fact]) -> dict[Name, Fact]:
    """What stands where these would, by their names; a request for every hundred."""
    keys = [(business, _id(it.day, kind_of(it), it.id)) for it in some]
    items = FactItem.batch_get(keys, consistent_read=True) if keys else ()
    return {(kind_of(fact), fact.id): fact for item in items if (fact := _fact(item))}


def some(business: str, *, after: str | None, limit: int) -> FactPage:
    """All of a business, by day, page by page."""
    found = list(
        FactItem.query(business, FactItem.id.between(after or "0", ALL_DAYS), limit=limit, consistent_read=True)
    )
    facts = tuple(fact for item in found if item.id != after and (fact := _fact(item)))
    return FactPage(facts, found[-1].id if len(found) == limit else None)


def first_day(business: str) -> date | None:
    """The earliest day of which anything is known; not one that was only left."""
    found = FactItem.query(business, FactItem.id.between("0", ALL_DAYS), page_size=10)
    return next((date.fromisoformat(item.id.partition("#")[0]) for item in found if item.body), None)


def put_hours(business: str, day: date, hours: Mapping[str, Hours]) -> None:
    """What was offered on a day that is over; what was written first stays."""
    item = FactItem(business, f"{day}#{HOURS}", body=to_json(OfferedHours(hours)))
    is_written(lambda: item.save(condition=FactItem.id.does_not_exist()))


def _stands(item: FactItem) -> FactItem | None:
    try:
        item.refresh(consistent_read=True)
    except FactItem.DoesNotExist:
        return None
    return item


def _fact(item: FactItem) -> Fact | None:
    """None of what was left, of what only has marks, and of what is no fact."""
    kind = _kind(item)
    if item.body is None or kind == HOURS:
        return None
    fact: Fact = from_json(KINDS[FactKind(kind)], item.body)
    return fact.marked({mark: int(getattr(item, mark) or 0) for mark in Mark}) if isinstance(fact, VisitFact) else fact


def _kind(item: FactItem) -> str:
    kind: str = item.id.split("#", 2)[1]
    return kind


def _written(item: FactItem, actions: list[Action], condition: Condition) -> bool:
    return is_written(lambda: item.update(actions, condition=condition))


def _is_newer(version: int) -> Condition:
    newer: Condition = FactItem.version.does_not_exist() | (FactItem.version < version)
    return newer


def _item(business: str, day: date, kind: FactKind, id: str) -> FactItem:
    return FactItem(business, _id(day, kind, id))


def _id(day: date, kind: FactKind, id: str) -> str:
    return f"{day}#{kind}#{id}"
