"""The list of what fell due while its reader was not at work, or nobody looked: what it tells, before any language."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Owed:
    """One line: what is to be done for a client, and by when (in the business's zone) it was, or is, to be done.

    `clock` and `step` are those of a notice; `assignee` has it, where that is somebody else than the reader. `words` is
    what the client wrote last of it, `reach` their number or else another address, `link` opens it at the desk.
    """

    client: str
    clock: str
    step: str
    due: datetime
    assignee: str
    words: str = ""
    reach: str = ""
    link: str = ""


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
