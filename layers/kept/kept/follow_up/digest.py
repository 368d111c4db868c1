"""After a sleep nobody is flooded: what each person would have been told one by one, they are told in one message."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from kept.follow_up.timeline import Notice

OVERSLEPT = timedelta(minutes=30)
"""Later than that after its instant a notice is old news, and goes into the digest."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A notice that is still to be told, of which follow-up, and to whom: a staff id, or "" for the business."""

    follow_up: str
    notice: Notice
    recipient: str


@dataclass(frozen=True, slots=True)
class Telling:
    """`promptly` each for itself, `digests` one for each person, the most pressing first."""

    promptly: tuple[Owed, ...]
    digests: Mapping[str, tuple[Owed, ...]]


def told_how(owed: Iterable[Owed], *, now: datetime) -> Telling:
    """One old notice alone is told as itself; two or more of a person are one digest."""
    everything = sorted(owed, key=lambda one: (one.notice.at, one.follow_up, one.notice.stage))
    old: dict[str, list[Owed]] = {}
    for one in everything:
        if now - one.notice.at > OVERSLEPT:
            old.setdefault(one.recipient, []).append(one)
    digests = {recipient: tuple(found) for recipient, found in old.items() if len(found) > 1}
    bundled = {one for found in digests.values() for one in found}
    return Telling(tuple(one for one in everything if one not in bundled), digests)
