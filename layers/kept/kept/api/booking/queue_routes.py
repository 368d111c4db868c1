"""The queue of today at the desk: who waits and for how long, a number for who comes in, and one click a stage."""

from datetime import date, datetime
from typing import Annotated, Literal, TypeVar

from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field, StringConstraints

from kept.api import identity
from kept.api.base import Answer, Body
from kept.api.booking.day_routes import identify
from kept.api.booking.requests import Id, Name
from kept.business.catalog import Catalog
from kept.business.visit_stages import MOST_VISIT_STAGES
from kept.client_links.links import door_page, join_page, queue_page, wall_page
from kept.client_links.tokens import join_token, queue_token, wall_token
from kept.errors import InvalidRequest
from kept.settings import setting
from kept.use_cases.waiting import arrivals
from kept.use_cases.waiting.line import InLine, QueueStage, line

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
REMEMBERED = "POST /v1/desk/queue.*"
"""A number has no history that would know a repeat."""
ACTS = {"call": arrivals.call, "complete": arrivals.complete, "leave": arrivals.leave}
Act = Annotated[Literal["call", "begin", "stage", "complete", "leave", "back"], Path()]
T = TypeVar("T")
NumberId = Annotated[Id, Path()]


class ArrivalRequest(Body):
    """Somebody has come in: with an `appointment` of today, or for a `service`, with anybody or one of the `staff`, by
    their `name`, their `phone`, both or neither."""

    appointment: Id | None = None
    service: Id | None = None
    staff: Id | None = None
    name: Name | None = None
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None


class QueueActRequest(Body):
    """`staff`: with whom a walk-in is begun; otherwise with whoever is free. `stage` is the service's own, counted from
    0, for the act `stage` alone; `to` is where they are again after `back`."""

    staff: Id | None = None
    stage: Annotated[int, Field(ge=0, lt=MOST_VISIT_STAGES)] | None = None
    to: Literal["waiting", "in_service"] | None = None


class WaitAnswer(Answer):
    """Minutes from now, in steps; in four cases of five it is no shorter and no longer. `back_at`: when they should be
    here again. `is_next`: whoever is before them is in the chair, or nobody is."""

    place: int
    lower: int
    upper: int
    back_at: datetime
    is_next: bool


class VisitStageAnswer(Answer):
    """In the asker's language; `minutes` are what it usually takes."""

    name: str
    minutes: int


class QueueNumberAnswer(Answer):
    """`wait` is null where it is not their turn any more, or hardly comes today; `page` is theirs. In the chair they
    are at `at_stage` of the service's own `visit_stages`, counted from 0, since `stage_at`; `called_at` is of who
    waits, `starts_at` of an appointment."""

    id: str
    number: int
    stage: QueueStage
    is_booked: bool
    name: str
    phone: str
    service: str
    staff: str | None
    appointment: str | None
    came_at: datetime
    starts_at: datetime | None
    called_at: datetime | None
    visit_stages: list[VisitStageAnswer]
    at_stage: int | None
    stage_at: datetime | None
    wait: WaitAnswer | None
    page: str


class WaitingLineAnswer(Answer):
    """First who waits, the likeliest to be next first; then all others of the day by number. `wall` is the page for a
    screen that everybody sees: numbers without names; by `join`, as a code at the door, whoever walks in takes a
    number. `code` is the page with that code, to be printed."""

    day: date
    numbers: list[QueueNumberAnswer]
    wall: str
    join: str
    code: str


@router.get("/v1/desk/queue", compress=True)
def queue() -> WaitingLineAnswer:
    """Today's."""
    catalog, change = identify(router.current_event)
    found = line(catalog, now=change.at)
    url, business = setting("PUBLIC_URL"), catalog.business.id
    door = join_token(business, now=change.at)
    return WaitingLineAnswer(
        day=found.day,
        numbers=[_number(it, catalog) for it in found.places],
        wall=wall_page(url, wall_token(business, now=change.at)),
        join=join_page(url, door),
        code=door_page(url, door),
    )


@router.post("/v1/desk/queue", status_code=201)
def come_in(wanted: ArrivalRequest) -> QueueNumberAnswer:
    """Whoever has an appointment is checked in with it; asked again for the same one, their number is the same."""
    catalog, change = identify(router.current_event)
    if wanted.appointment and not (wanted.service or wanted.staff or wanted.name or wanted.phone):
        ticket = arrivals.arrived(catalog, wanted.appointment, change)
    elif wanted.service and not wanted.appointment:
        name, phone = wanted.name or "", wanted.phone or ""
        ticket = arrivals.walk_in(catalog, wanted.service, wanted.staff, name, change, phone=phone)
    else:
        raise InvalidRequest(fields=[{"field": "appointment", "reason": "Either an appointment, or a service"}])
    return _number(line(catalog, now=change.at).of(ticket), catalog)


@router.post("/v1/desk/queue/<number>/<act>")
def move_on(number: NumberId, act: Act, wanted: QueueActRequest) -> QueueNumberAnswer:
    """Called, to the chair (a walk-in is booked for that, now), to a stage of the service's own, done, gone, or back to
    where they were. A number of another day: 410 `queue_number_over`."""
    catalog, change = identify(router.current_event)
    match act:
        case "begin":
            ticket = arrivals.begin(catalog, number, wanted.staff, change)
        case "stage":
            ticket = arrivals.at_stage(catalog, number, _told(wanted.stage, "stage"), change)
        case "back":
            ticket = arrivals.back(catalog, number, _told(wanted.to, "to"), change)
        case _:
            ticket = ACTS[act](catalog, number, change)
    return _number(line(catalog, now=change.at).of(ticket), catalog)


def _told(value: T | None, field: str) -> T:
    """What that act cannot do without."""
    if value is None:
        raise InvalidRequest(fields=[{"field": field, "reason": "This act needs it"}])
    return value


def _number(it: InLine, catalog: Catalog) -> QueueNumberAnswer:
    zone = catalog.business.zone
    ticket, said = it.ticket, it.told if it.is_waiting else None
    wait = said and WaitAnswer(
        place=said.place,
        lower=said.lower,
        upper=said.upper,
        back_at=it.back_at.astimezone(zone) if it.back_at else ticket.came_at,
        is_next=said.is_next,
    )
    service, language = catalog.services.get(ticket.service), identity.language(router.current_event)
    stages = [one.in_language(language) for one in service.visit_stages] if service else []
    page = queue_page(setting("PUBLIC_URL"), queue_token(ticket.business, ticket.id, now=ticket.came_at))
    return QueueNumberAnswer(
        id=ticket.id,
        number=ticket.number,
        stage=it.stage,
        is_booked=ticket.is_booked,
        name=it.shown.client.name if it.shown and (ticket.is_booked or ticket.name) else ticket.name,
        phone=ticket.phone,
        service=ticket.service,
        staff=it.visit.slot.staff if it.visit else ticket.staff,
        appointment=ticket.appointment,
        came_at=ticket.came_at.astimezone(zone),
        starts_at=it.visit.starts.astimezone(zone) if it.visit and ticket.is_booked else None,
        called_at=ticket.called_at.astimezone(zone) if ticket.called_at and it.is_called else None,
        visit_stages=[VisitStageAnswer(name=one.name, minutes=one.minutes) for one in stages],
        at_stage=it.at_stage(len(stages)),
        stage_at=it.stage_at.astimezone(zone) if it.stage_at else None,
        wait=wait,
        page=page,
    )
