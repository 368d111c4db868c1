"""What staff write down about a client; what they pin is a warning, shown wherever the client appears.

A client's own item holds the pinned notes and the newest of the others (`bounds.py`); older ones stand in items of
their own, by their id, which sorts by time.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from kept.actor import Actor
from kept.bounds import moving
from kept.clients.refusals import TooManyPinned, UnknownNote

if TYPE_CHECKING:
    from kept.clients.client import Client

MOST_PINNED = 10
"""Who reads more warnings than that reads none; and all of them stay in the client's own item."""
ALERT = 120
"""Characters of a warning where it is shown beside a name; the whole of it stands on the client's page."""
MOST_ALERTS = 5

BROUGHT_BACK_WITHIN = timedelta(days=1)
"""Of being taken away."""


@dataclass(frozen=True, slots=True)
class Note:
    """`by` is the staff member who wrote it, `at` when; a change of its words keeps both."""

    id: str
    text: str
    by: str
    at: datetime
    pinned: bool = False
    is_old: bool = False


Notes = tuple[Note, ...]
"""In order of time."""


def alerts(client: "Client") -> tuple[str, ...]:
    """The warnings to show beside their name, the newest first, each on one line."""
    pinned = [note.text for note in reversed(client.notes) if note.pinned]
    return tuple(_on_one_line(text) for text in pinned[:MOST_ALERTS])


def written(text: str, request: str, by: Actor, at: datetime, *, pinned: bool) -> Note:
    """Its id sorts by time and ends in the `request`, 16 letters or so, so that a repeat finds it."""
    return Note(f"n-{int(at.timestamp() * 1000):011x}-{request}", text, by.id, at, pinned)


def with_note(notes: Notes, note: Note) -> Notes:
    """In its place by time; there already, by the same request, it stays as it is. Raises TooManyPinned."""
    ends = note.id.rpartition("-")[2]
    if any(one.id.rpartition("-")[2] == ends for one in notes):
        return notes
    return _pinnable((*notes, note), notes)


def rewritten(notes: Notes, id: str, *, text: str | None, pinned: bool | None) -> Notes:
    """With other words, pinned or not; None leaves it as it is. Raises UnknownNote, TooManyPinned."""
    must_have(notes, id)
    after = tuple(_as_told(note, text=text, pinned=pinned) if note.id == id else note for note in notes)
    return _pinnable(after, notes)


def without_note(notes: Notes, id: str) -> Notes:
    """Raises UnknownNote."""
    must_have(notes, id)
    return tuple(note for note in notes if note.id != id)


def must_have(notes: Notes, id: str) -> None:
    """Raises UnknownNote."""
    if all(note.id != id for note in notes):
        raise UnknownNote


def shortened(notes: Notes) -> tuple[Notes, Notes]:
    """What the client keeps, and the oldest that move out now, if there are too many; a pinned one never does."""
    _, moved = moving(tuple(note for note in notes if not note.pinned), lambda note: note.text)
    gone = {note.id for note in moved}
    return tuple(note for note in notes if note.id not in gone), moved


def _as_told(note: Note, *, text: str | None, pinned: bool | None) -> Note:
    return replace(
        note,
        text=note.text if text is None else text,
        pinned=note.pinned if pinned is None else pinned,
    )


def _pinnable(notes: Notes, before: Notes) -> Notes:
    """Of two records that were made one there may be more already, each of which may be changed."""
    pinned, was_pinned = (sum(note.pinned for note in some) for some in (notes, before))
    if pinned > max(MOST_PINNED, was_pinned):
        raise TooManyPinned(most=MOST_PINNED)
    return tuple(sorted(notes, key=lambda note: note.id))


def _on_one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= ALERT else f"{line[: ALERT - 1].rstrip()}…"
