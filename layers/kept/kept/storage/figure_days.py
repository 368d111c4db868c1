"""Which days of a business are added up already, and which are to be: the next one each night, and those that a late
fact has changed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import ceil

from pynamodb.expressions.update import Action

from kept import ids
from kept.lanes import Lane, lane_key
from kept.storage.tables import EventItem
from kept.storage.transaction import alone, is_written

DUE = "figures#"
NIGHT = f"{DUE}night"
DIFFERS = "#differs"


@dataclass(frozen=True, slots=True)
class Night:
    """`until` is the last day that was added up, None before the first; `at` when the next one is due."""

    business: str
    until: date | None
    at: datetime


@dataclass(frozen=True, slots=True)
class AddedUp:
    """All days up to `until` are, but for those that were `changed` since: by a mark that is new with each change."""

    until: date | None
    changed: dict[date, str]

    def has(self, day: date) -> bool:
        return self.until is not None and day <= self.until and day not in self.changed


def added_up(business: str) -> AddedUp:
    """One query of a few small items."""
    until, changed = None, {}
    for item in EventItem.query(business, EventItem.id.startswith(DUE), consistent_read=True):
        if item.id == NIGHT:
            until = _until(item)
        elif not item.id.endswith(DIFFERS):
            changed[day_of(item.id)] = item.body
    return AddedUp(until, changed)


def night(business: str) -> Night | None:
    """None for a business for which nobody has arranged it."""
    try:
        item = EventItem.get(business, NIGHT, consistent_read=True)
    except EventItem.DoesNotExist:
        return None
    return Night(business, _until(item), datetime.fromtimestamp(int(item.due_at), UTC))


def put_night(it: Night, *, of: Night | None) -> None:
    """In the place of what was arranged before. Raises Lost."""
    as_read = EventItem.due_at == int(of.at.timestamp()) if of else EventItem.id.does_not_exist()
    with alone():
        _night(it).save(condition=as_read)


def begin(it: Night) -> None:
    """Over whatever was arranged."""
    _night(it).save()


def differs(business: str, day: date, *, at: datetime) -> str:
    """The id under which it is due that the facts of that day are written anew."""
    id = f"{DUE}{day}{DIFFERS}"
    EventItem(business, id, body="-", due_lane=lane_key(Lane.EVENT, id), due_at=int(at.timestamp())).save()
    return id


def agrees(business: str, id: str) -> None:
    """They were."""
    EventItem(business, id).delete()


def changed(business: str, day: date, *, at: datetime) -> None:
    """To be added up anew then, or when it is to be already: two units of writing, and one for each further change
    until that is done."""
    id = f"{DUE}{day}"
    actions: list[Action] = [
        EventItem.body.set(ids.new("mark")),
        EventItem.due_lane.set(EventItem.due_lane | lane_key(Lane.EVENT, id)),
        EventItem.due_at.set(EventItem.due_at | ceil(at.timestamp())),
    ]
    EventItem(business, id).update(actions)


def mark(business: str, day: date) -> str | None:
    """None for one that nothing has changed since it was added up."""
    try:
        item = EventItem.get(business, f"{DUE}{day}", consistent_read=True)
    except EventItem.DoesNotExist:
        return None
    return str(item.body)


def done(business: str, day: date, mark: str) -> None:
    """Added up with everything up to that mark; where there is a later one it stays due."""
    is_written(lambda: EventItem(business, f"{DUE}{day}").delete(condition=EventItem.body == mark))


def day_of(id: str) -> date:
    """Of a key of due work that is not the night's own."""
    return date.fromisoformat(id.removeprefix(DUE).removesuffix(DIFFERS))


def _night(it: Night) -> EventItem:
    item = EventItem(it.business, NIGHT, body=it.until.isoformat() if it.until else "-")
    item.due_lane, item.due_at = lane_key(Lane.EVENT, NIGHT), ceil(it.at.timestamp())
    return item


def _until(item: EventItem) -> date | None:
    return None if item.body == "-" else date.fromisoformat(item.body)
