"""Sums of closed days: an item a month and group, so that a year of one group is twelve items."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from kept.insight.sums import GroupBy, OfGroup
from kept.storage.codec import from_json, packed, to_json
from kept.storage.tables import FactItem
from kept.storage.transaction import alone


@dataclass(frozen=True, slots=True)
class MonthSums:
    """By day of the month; `revision` is the lock."""

    days: Mapping[int, OfGroup] = field(default_factory=dict, hash=False)
    revision: int = 0


def load(business: str, group: GroupBy, month: date) -> MonthSums:
    """As it was written last; of a month of which nothing is known an empty one."""
    try:
        item = FactItem.get(business, _id(group, month), consistent_read=True)
    except FactItem.DoesNotExist:
        return MonthSums()
    return _month(item)


def put(business: str, group: GroupBy, month: date, found: MonthSums) -> None:
    """In the place of that revision. Raises Lost."""
    item = FactItem(
        business, _id(group, month), version=found.revision + 1, body=packed(to_json(MonthSums(found.days)))
    )
    free = FactItem.id.does_not_exist()
    with alone():
        item.save(condition=FactItem.version == found.revision if found.revision else free)


def days(business: str, group: GroupBy, first: date, last: date) -> Iterator[tuple[date, OfGroup]]:
    """Of the days that were added up, in order: one query, half a unit of reading for four kilobytes."""
    span = FactItem.id.between(_id(group, first), _id(group, last))
    for item in FactItem.query(business, span):
        year, month = map(int, item.id.rpartition("#")[2].split("-"))
        for number, of in sorted(_month(item).days.items()):
            if first <= (day := date(year, month, number)) <= last:
                yield day, of


def drop_all(business: str) -> None:
    """Nothing is added up any more."""
    with FactItem.batch_write() as batch:
        for item in FactItem.query(business, FactItem.id.startswith("sum#"), attributes_to_get=["business", "id"]):
            batch.delete(item)


def _month(item: FactItem) -> MonthSums:
    return MonthSums(from_json(MonthSums, item.body).days, int(item.version))


def _id(group: GroupBy, month: date) -> str:
    return f"sum#{group}#{month:%Y-%m}"
