"""What strangers did in the present hour or minute, counted in one item for a business and a window of time.

One write counts everything that one request is limited by, on the condition that none of it is full, so that no number
of callers at once passes a limit. An item grows with what was done in its window, not with the business: a kilobyte
for every twenty-five bookings. It is forgotten once nothing looks back at it. The day's credits for waiting are counted
here as well, and who was told that it runs late, with the writes that they belong to.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import reduce
from operator import and_
from typing import Any

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from kept.storage.tables import CounterItem
from kept.storage.transaction import Lost, alone

DIGITS = 12
KEYS = frozenset({"business", "id", "expires"})


def counts(business: str, kind: str, windows: Sequence[int]) -> dict[int, dict[str, int]]:
    """Of these windows, those in which anything was counted. One query."""
    between = CounterItem.id.between(_id(kind, windows[0]), _id(kind, windows[-1]))
    found = CounterItem._get_connection().query(business, between, consistent_read=True)["Items"]
    return {int(item["id"]["S"].rpartition("#")[2]): _counted(item) for item in found}


def count(business: str, kind: str, window: int, room: Mapping[str, int], *, until: datetime) -> dict[str, int]:
    """One more for each counter, if that leaves all of them within their `room`; what they count then. Raises Lost."""
    free = _all((Path([name]).does_not_exist() | (Path([name]) < most)) for name, most in room.items())
    more: list[Action] = [Path([name]).add(1) for name in room]
    keep = CounterItem.expires.set(CounterItem.expires | int(until.timestamp()))
    with alone():
        written = CounterItem(business, _id(kind, window)).update([*more, keep], condition=free)
    return {name: value for name, value in _counted(written["Attributes"]).items() if name in room}


def give_back(business: str, kind: str, window: int, counted: Mapping[str, int]) -> None:
    """What `count` answered to a request that came to nothing. Raises Lost where the window is forgotten.

    What nobody else was counted under goes for good: an item must not fill with those who were refused.
    """
    item, less = CounterItem(business, _id(kind, window)), {name: Path([name]).add(-1) for name in counted}
    sole = [name for name, value in counted.items() if value == 1]
    gone: dict[str, Action] = {name: Path([name]).remove() for name in sole}
    try:
        with alone():
            item.update(list((less | gone).values()), condition=_all([_kept(), *(Path([n]) == 1 for n in sole)]))
    except Lost:
        with alone():
            item.update(list(less.values()), condition=_kept())


def add(
    business: str,
    kind: str,
    window: int,
    counter: tuple[str, int],
    transaction: TransactWrite,
    *,
    most: int,
    until: datetime,
) -> None:
    """So many more of one, with the other writes, on the condition that it then stands at no more than `most`; less
    than none always."""
    name, many = counter
    free = Path([name]).does_not_exist() | (Path([name]) <= most - many) if many > 0 else None
    keep = CounterItem.expires.set(CounterItem.expires | int(until.timestamp()))
    transaction.update(CounterItem(business, _id(kind, window)), [Path([name]).add(many), keep], condition=free)


def _kept() -> Condition:
    return CounterItem.expires.exists()


def _all(conditions: Iterable[Condition]) -> Condition:
    return reduce(and_, conditions)


def _id(kind: str, window: int) -> str:
    return f"{kind}#{window:0{DIGITS}d}"


def _counted(item: Mapping[str, Any]) -> dict[str, int]:
    return {name: int(value["N"]) for name, value in item.items() if name not in KEYS}
