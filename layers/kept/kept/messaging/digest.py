"""The list of what became late while nobody looked: what it tells its reader, before any language comes in."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Owed:
    """One line: what is to be done for a client, and since when (in the business's zone) it is, or will be, late.

    `clock` and `step` are those of a notice; `assignee` has it, where that is somebody else than the reader.
    """

    client: str
    clock: str
    step: str
    due: datetime
    assignee: str


@dataclass(frozen=True, slots=True)
class Digest:
    """To one of the business's own people, the longest overdue first; `more` are those that found no room in it."""

    locale: str
    business: str
    reader: str
    lines: tuple[Owed, ...]
    more: int

    @property
    def count(self) -> int:
        return len(self.lines) + self.more
