"""A time in which somebody is not to be booked: a break, an errand. It stands in the book as a booking does, and is
nobody's visit."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kept.booking.appointment import Slot
from kept.booking.day_page import BLOCK
from kept.booking.refusals import InThePast
from kept.errors import InvalidRequest

LONGEST = timedelta(hours=25)
"""The longest of local days. Whoever is away for longer has time off."""


@dataclass(frozen=True, slots=True)
class Block:
    """`by` is who put it there. It stays on its instant, whatever becomes of the business's zone."""

    business: str
    id: str
    slot: Slot
    why: str
    by: str
    revision: int = 0

    @property
    def service(self) -> str:
        """None; so that the catalog finds for it what it finds for a booking of what nobody remembers."""
        return ""

    @property
    def ref(self) -> str:
        return BLOCK + self.id

    @property
    def face(self) -> str:
        """As of a visit: another one once anything that is shown of it has changed."""
        slot = self.slot
        return repr((slot.starts.timestamp(), slot.ends.timestamp(), slot.staff, self.why, self.by))

    def is_within(self, slot: Slot) -> bool:
        """All of its time is taken by that one as well."""
        return self.slot.staff == slot.staff and slot.starts <= self.slot.starts and self.slot.ends <= slot.ends

    def changed(self, starts: datetime, ends: datetime, staff: str, why: str, *, now: datetime) -> "Block":
        """What is over cannot be blocked any more. Raises InvalidRequest, InThePast."""
        if starts.timestamp() % 60 or ends.timestamp() % 60:
            raise _wrong("start", "it has to be a whole minute, and so has the end")
        if ends <= starts:
            raise _wrong("end", "it has to be after the start")
        if ends - starts > LONGEST:
            raise _wrong("end", "a block lasts a day at most; longer absences are time off")
        if ends <= now:
            raise InThePast
        return replace(self, slot=Slot(starts, ends, staff), why=why)


def _wrong(field: str, reason: str) -> InvalidRequest:
    return InvalidRequest(fields=[{"field": field, "reason": reason}])
