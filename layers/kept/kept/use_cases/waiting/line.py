"""The queue of today: who waits, in the order in which they are likely to begin, and what each is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from kept.attendance.lasting import began_at
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Catalog
from kept.storage import tickets
from kept.use_cases.booking.desk_day import DeskDay, ShownVisit, desk_day
from kept.use_cases.waiting.house import house, minute
from kept.use_cases.waiting.record import record
from kept.waiting_room.estimate import Estimate, Told, estimates, told
from kept.waiting_room.ticket import Ticket, TicketState

LAST = 10_000
"""Behind everybody who waits."""


class QueueStage(StrEnum):
    """How far they have come; the value is what the API says."""

    WAITING = "waiting"
    IN_SERVICE = "in_service"
    DONE = "done"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class InLine:
    """A number, the visit that it is for if there is one, and, of who waits, the estimate and what is said of it: None
    where their turn hardly comes today."""

    ticket: Ticket
    shown: ShownVisit | None = None
    estimate: Estimate | None = None
    told: Told | None = None

    @property
    def visit(self) -> Appointment | None:
        return self.shown.visit if self.shown else None

    @property
    def is_waiting(self) -> bool:
        """By their visit, where they have one: it may have been begun, or given up, elsewhere at the desk."""
        if self.visit is not None:
            return self.ticket.state is not TicketState.LEFT and self.visit.status is Status.ARRIVED
        return self.ticket.is_waiting

    @property
    def is_called(self) -> bool:
        return self.is_waiting and self.ticket.called_at is not None

    @property
    def stage(self) -> QueueStage:
        if self.is_waiting:
            return QueueStage.WAITING
        if self.visit is None or self.ticket.state is TicketState.LEFT:
            return QueueStage.LEFT
        return STAGES.get(self.visit.status, QueueStage.LEFT)

    @property
    def stage_at(self) -> datetime | None:
        """Since when they are at the service's stage; they may have been begun elsewhere at the desk."""
        if self.stage is not QueueStage.IN_SERVICE or self.visit is None:
            return None
        return max(self.ticket.stage_at or self.ticket.came_at, began_at(self.visit))

    def at_stage(self, stages: int) -> int | None:
        """Of so many that the service has of its own, counted from 0; it may have had more when they were moved."""
        return min(self.ticket.stage, stages - 1) if stages and self.stage is QueueStage.IN_SERVICE else None

    @property
    def back_at(self) -> datetime | None:
        """When they should be here again."""
        return datetime.fromtimestamp(self.told.back_at * 60, UTC) if self.told else None


STAGES = {
    Status.ARRIVED: QueueStage.WAITING,
    Status.IN_SERVICE: QueueStage.IN_SERVICE,
    Status.COMPLETED: QueueStage.DONE,
}


@dataclass(frozen=True, slots=True)
class Line:
    """Of one day: first who waits, the likeliest to be next first; then all others by number."""

    day: date
    places: tuple[InLine, ...]

    def of(self, ticket: Ticket) -> InLine:
        return next((it for it in self.places if it.ticket.id == ticket.id), InLine(ticket))


def today_of(catalog: Catalog, now: datetime) -> date:
    return now.astimezone(catalog.business.zone).date()


def line(catalog: Catalog, *, now: datetime) -> Line:
    today = today_of(catalog, now)
    return line_of(catalog, desk_day(catalog, today, now=now), tickets.of_day(catalog.business.id, today), now=now)


def line_of(catalog: Catalog, day: DeskDay, numbers: Iterable[Ticket], *, now: datetime) -> Line:
    numbers = list(numbers)
    known = record(catalog.business, now=now)
    found = estimates(
        house(catalog, day, numbers, now=now),
        known.durations,
        now=minute(now),
        seed=f"{catalog.business.id}/{day.on}",
    )
    visits = {it.visit.id: it for it in day.visits}
    places = []
    for ticket in numbers:
        shown = visits.get(ticket.appointment or "")
        estimate = found.get(shown.visit.id if shown else ticket.id)
        said = told(estimate, known.misses, at=minute(now), before=ticket.told) if estimate else None
        places.append(InLine(ticket, shown, estimate, said))
    places.sort(key=lambda it: (it.estimate.place if it.is_waiting and it.estimate else LAST, it.ticket.number))
    return Line(day.on, tuple(places))
