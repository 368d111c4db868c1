"""The queue of today at the desk: who waits and for how long, a number for who comes in, and one click a stage."""

from datetime import date, datetime
from typing import Annotated, Literal

from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept.api.base import Answer, Body
from kept.api.booking.day_routes import identify
from kept.api.booking.requests import Id, Name
from kept.business.catalog import Catalog
from kept.client_links.links import join_page, queue_page, wall_page
from kept.client_links.tokens import join_token, queue_token, wall_token
from kept.errors import InvalidRequest
from kept.settings import setting
from kept.use_cases.waiting import arrivals
from kept.use_cases.waiting.line import InLine, QueueStage, line

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
REMEMBERED = "POST /v1/desk/queue.*"
"""A number has no history that would know a repeat."""
NumberId = Annotated[Id, Path()]


class ArrivalRequest(Body):
    """Somebody has come in: with an `appointment` of today, or for a `service`, with anybody or one of the `staff`."""

    appointment: Id | None = None
    service: Id | None = None
    staff: Id | None = None
    name: Name | None = None


class QueueActRequest(Body):
    """`staff`: with whom a walk-in is begun; otherwise with whoever is free."""

    staff: Id | None = None


class WaitAnswer(Answer):
    """Minutes from now, in steps; in four cases of five it is no shorter and no longer. `back_at`: when they should be
    here again. `is_next`: whoever is before them is in the chair, or nobody is."""

    place: int
    lower: int
    upper: int
    back_at: datetime
    is_next: bool


class QueueNumberAnswer(Answer):
    """`wait` is null where it is not their turn any more, or hardly comes today; `page` is
    theirs."""

    id: str
    number: int
    stage: QueueStage
    is_booked: bool
    name: str
    service: str
    staff: str | None
    appointment: str | None
    came_at: datetime
    wait: WaitAnswer | None
    page: str


class WaitingLineAnswer(Answer):
    """First who waits, the likeliest to be next first; then all others of the day by number. `wall` is the page for a
    screen that everybody sees: numbers without names; by `join`, as a code at the door, whoever walks in takes a
    number."""

    day: date
    numbers: list[QueueNumberAnswer]
    wall: str
    join: str


@router.get("/v1/desk/queue", compress=True)
def queue() -> WaitingLineAnswer:
    """Today's."""
    catalog, change = identify(router.current_event)
    found = line(catalog, now=change.at)
    url, business = setting("PUBLIC_URL"), catalog.business.id
    return WaitingLineAnswer(
        day=found.day,
        numbers=[_number(it, catalog) for it in found.places],
        wall=wall_page(url, wall_token(business, now=change.at)),
        join=join_page(url, join_token(business, now=change.at)),
    )


@router.post("/v1/desk/queue", status_code=201)
def come_in(wanted: ArrivalRequest) -> QueueNumberAnswer:
    """Whoever has an appointment is checked in with it; asked again for the same one, their number is the same."""
    catalog, change = identify(router.current_event)
    if wanted.appointment and not (wanted.service or wanted.staff or wanted.name):
        ticket = arrivals.arrived(catalog, wanted.appointment, change)
    elif wanted.service and not wanted.appointment:
        ticket = arrivals.walk_in(catalog, wanted.service, wanted.staff, wanted.name or "", change)
    else:
        raise InvalidRequest(fields=[{"field": "appointment", "reason": "Either an appointment, or a service"}])
    return _number(line(catalog, now=change.at).of(ticket), catalog)


@router.post("/v1/desk/queue/<number>/<act>")
def move_on(
    number: NumberId, act: Annotated[Literal["begin", "complete", "leave"], Path()], wanted: QueueActRequest
) -> QueueNumberAnswer:
    """To the chair (a walk-in is booked for that, now), done, or gone. A number of another day: 410
    `queue_number_over`."""
    catalog, change = identify(router.current_event)
    if act == "begin":
        ticket = arrivals.begin(catalog, number, wanted.staff, change)
    else:
        ticket = (arrivals.complete if act == "complete" else arrivals.leave)(catalog, number, change)
    return _number(line(catalog, now=change.at).of(ticket), catalog)


def _number(it: InLine, catalog: Catalog) -> QueueNumberAnswer:
    ticket, said = it.ticket, it.told if it.is_waiting else None
    wait = said and WaitAnswer(
        place=said.place,
        lower=said.lower,
        upper=said.upper,
        back_at=it.back_at.astimezone(catalog.business.zone) if it.back_at else ticket.came_at,
        is_next=said.is_next,
    )
    page = queue_page(setting("PUBLIC_URL"), queue_token(ticket.business, ticket.id, now=ticket.came_at))
    return QueueNumberAnswer(
        id=ticket.id,
        number=ticket.number,
        stage=it.stage,
        is_booked=ticket.is_booked,
        name=it.shown.client.name if it.shown else ticket.name,
        service=ticket.service,
        staff=it.visit.slot.staff if it.visit else ticket.staff,
        appointment=ticket.appointment,
        came_at=ticket.came_at.astimezone(catalog.business.zone),
        wait=wait,
        page=page,
    )
