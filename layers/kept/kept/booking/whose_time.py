"""By whose clock an instant is told: a visit in person by the place's, one by video or telephone by the client's."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from kept.business.catalog import Mode


@dataclass(frozen=True, slots=True)
class ToldTime:
    """`at` is in the zone by which it is told; `named` where that has to be said, since the other clock differs then.

    `beside` is the client's own time, next to the place's, where it differs.
    """

    at: datetime
    named: bool
    beside: datetime | None


@dataclass(frozen=True, slots=True)
class Clocks:
    """The place's zone and the client's. Two zones that show the same time at an instant are one clock then."""

    mode: Mode
    place: ZoneInfo
    client: ZoneInfo

    def told(self, at: datetime) -> ToldTime:
        here, theirs = at.astimezone(self.place), at.astimezone(self.client)
        differs = here.utcoffset() != theirs.utcoffset()
        if self.mode is Mode.IN_PERSON:
            return ToldTime(here, differs, theirs if differs else None)
        return ToldTime(theirs, differs, None)

    def local(self, at: datetime) -> datetime:
        return self.told(at).at
