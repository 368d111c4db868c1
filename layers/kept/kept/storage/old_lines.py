"""The lines of a history that stand no more in its own item: one item each, in the order in which they were written.

Beside a line that came with an idempotency key stands a second item that finds it by that key, so that a repeat is
answered by two small reads however old it is. All are written with the item they leave, or not at all.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from kept.storage.codec import from_json, to_json
from kept.storage.tables import AppointmentItem, ClientItem, FollowUpItem, RequestTimeouts

T = TypeVar("T")


class OldLine(Model):
    """Beside what it belongs to, in the same table; in no index."""

    business = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    body = UnicodeAttribute()


class OfAppointment(OldLine):
    """`a-1#h#00000017`, or `a-1#k#` and the key."""

    class Meta(RequestTimeouts):
        table_name = AppointmentItem.Meta.table_name


class OfFollowUp(OldLine):
    """The same of a follow-up."""

    class Meta(RequestTimeouts):
        table_name = FollowUpItem.Meta.table_name


class OldLineOfClient(OldLine):
    """What a client once agreed to."""

    class Meta(RequestTimeouts):
        table_name = ClientItem.Meta.table_name


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where the old lines of one aggregate stand."""

    model: type[OldLine]
    business: str
    id: str

    def put(self, lines: Iterable[tuple[object, str]], *, first: int, transaction: TransactWrite) -> None:
        """Each with its key or "", the first of them under that number."""
        for number, (line, key) in enumerate(lines, start=first):
            transaction.save(self._item(_numbered(number), to_json(line)))
            if key:
                transaction.save(self._item(f"k#{key}", _numbered(number)))

    def under(self, kind: type[T], key: str) -> T | None:
        """The line that came with this key."""
        try:
            pointer = self.model.get(self.business, f"{self.id}#k#{key}", consistent_read=True)
            line = self.model.get(self.business, f"{self.id}#{pointer.body}", consistent_read=True)
        except self.model.DoesNotExist:
            return None
        return from_json(kind, line.body)

    def all(self, kind: type[T]) -> Iterator[T]:
        """In order."""
        found = self.model.query(self.business, self.model.id.startswith(f"{self.id}#h#"), consistent_read=True)
        return (from_json(kind, item.body) for item in found)

    def before(self, kind: type[T], number: int, *, limit: int) -> list[T]:
        """The last of those under that number, in order."""
        span = self.model.id.between(
            f"{self.id}#{_numbered(max(number - limit, 0))}", f"{self.id}#{_numbered(number - 1)}"
        )
        return [from_json(kind, item.body) for item in self.model.query(self.business, span)] if number > 0 else []

    def _item(self, name: str, body: str) -> OldLine:
        return self.model(self.business, f"{self.id}#{name}", body=body)


def _numbered(number: int) -> str:
    """As text it sorts as the number does."""
    return f"h#{number:08}"
