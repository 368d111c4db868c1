"""Time that came free and is offered to those who wait: who has had it on offer, and when it is looked at next."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kept.booking.appointment import Slot


class OpeningState(StrEnum):
    """OPEN while somebody may be offered some of it; OVER once nobody is left who could have it, or it has begun."""

    OPEN = "open"
    OVER = "over"


class FreedBy(StrEnum):
    """What freed it."""

    CANCELLED = "cancelled"
    MOVED = "moved"
    SHORTENED = "shortened"
    MISSED = "missed"
    LAPSED = "lapsed"
    HOURS = "hours"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class LiveOffer:
    """Of which entry, under which name, on which slot, until when, and the name of its hold on the day page: one for
    all who are offered a shared slot."""

    entry: str
    offer: str
    slot: Slot
    until: datetime
    hold: str


@dataclass(frozen=True, slots=True)
class Opening:
    """From `starts` to `ends` with `staff`. `made`: how many offers there were of it, which name the next. `live`:
    those that nobody has answered. `by_hand`: staff choose whom it is offered to. `pause_until`: no offer before.
    `looks_at`: when it was to be looked at next as it was written."""

    business: str
    id: str
    staff: str
    starts: datetime
    ends: datetime
    freed_by: FreedBy
    at: datetime
    state: OpeningState = OpeningState.OPEN
    by_hand: bool = False
    made: int = 0
    live: tuple[LiveOffer, ...] = ()
    pause_until: datetime | None = None
    looks_at: datetime | None = None
    revision: int = 0

    @property
    def is_open(self) -> bool:
        return self.state is OpeningState.OPEN

    def with_offers(self, *offers: LiveOffer) -> "Opening":
        return replace(self, made=self.made + len(offers), live=(*self.live, *offers))

    def due_by(self, now: datetime) -> datetime | None:
        """When the first of its offers ends, or sooner where it was to be looked at sooner."""
        looks_at = [self.looks_at] if self.looks_at and now < self.looks_at else []
        return min([*looks_at, *(live.until for live in self.live)], default=None)

    def next_names(self, count: int) -> tuple[str, ...]:
        return tuple(f"{self.id}-{n}" for n in range(self.made + 1, self.made + count + 1))

    def holds(self, slot: Slot) -> bool:
        """It is some of this."""
        return slot.staff == self.staff and self.starts <= slot.starts and slot.ends <= self.ends

    def open_again(self) -> "Opening":
        """For an offer by hand, though nobody was left to be asked by itself."""
        return self if self.is_open else replace(self, state=OpeningState.OPEN)

    def over(self) -> "Opening":
        return replace(self, state=OpeningState.OVER)
