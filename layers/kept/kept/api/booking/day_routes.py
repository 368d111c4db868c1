"""What the desk draws: the whole of a day in one request, and cheaply that nothing of it has changed."""

from datetime import timedelta
from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from kept import clock
from kept.actor import Change
from kept.api import identity
from kept.api.bodies import JSON
from kept.api.booking import day_answers
from kept.api.booking.answers import SlotAnswer
from kept.api.booking.requests import Date, Id, Moment
from kept.api.messaging import message_answers
from kept.booking.availability import encode
from kept.business.catalog import Catalog
from kept.errors import InvalidRequest
from kept.storage import catalogs
from kept.use_cases.booking import desk_day, open_times
from kept.use_cases.booking.failed_messages import failed_messages
from kept.use_cases.messaging.addressees import all_as_shown
from kept.use_cases.waitlist.gaps import waiters

USUAL_REACH, LONGEST_REACH = timedelta(days=31), timedelta(days=62)

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


def identify(event: APIGatewayProxyEventV2, why: str = "") -> tuple[Catalog, Change]:
    business, person = identity.staff(event)
    return catalogs.load(business), identity.change_by(event, person, clock.now(), why=why)


@router.get("/v1/desk/day", compress=True, responses=day_answers.RESPONSES)
def day(on: Annotated[Date | None, Query()] = None) -> Response[day_answers.DayAnswer | None]:
    """All that is drawn of one day. With the `If-None-Match` of the last answer 304, where nothing of it is shown
    otherwise by now: at the cost of one query."""
    catalog, change = identify(router.current_event)
    wanted = on or change.at.astimezone(catalog.business.zone).date()
    mark = f'"{desk_day.mark(catalog, wanted, now=change.at)}"'
    headers: dict[str, str | list[str]] = {"ETag": mark, "Vary": "Accept-Encoding"}
    if mark in identity.known(router.current_event):
        return Response(304, "", None, headers)
    found = desk_day.desk_day(catalog, wanted, now=change.at)
    waiting = waiters(catalog, found, now=change.at)
    told = day_answers.day(found, catalog, waiting, now=change.at)
    return Response(200, JSON, told, headers)


@router.get("/v1/desk/day/failed-messages")
def failed(on: Annotated[Date | None, Query()] = None) -> list[message_answers.FailedMessageAnswer]:
    """What was to be said about the visits of that day as they are now and did not arrive, over whatever channel."""
    catalog, change = identify(router.current_event)
    found = failed_messages(catalog, on or change.at.astimezone(catalog.business.zone).date())
    names = [client.name for client, _ in all_as_shown([one.visit for one in found])]
    return message_answers.failed(zip(found, names, strict=True), catalog, identity.language(router.current_event))


@router.get("/v1/desk/week", compress=True)
def week(staff: Annotated[Id, Query()], first: Annotated[Date, Query(alias="from")]) -> day_answers.WeekAnswer:
    """One person's seven days, gone and cancelled visits too."""
    catalog, change = identify(router.current_event)
    return day_answers.week(staff, desk_day.desk_week(catalog, staff, first), catalog, now=change.at)


@router.get("/v1/desk/openings")
def openings(
    service: Annotated[Id, Query()],
    since: Annotated[Moment | None, Query(alias="from")] = None,
    before: Annotated[Moment | None, Query(alias="to")] = None,
    staff: Annotated[Id | None, Query()] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 12,
) -> day_answers.OpeningsAnswer:
    """Starts that staff may book, by hours and step, whatever notice and horizon ask of clients: those from now, or
    `from`, on that lie before `to` (a month later, and 62 days at most), told in the business's zone."""
    catalog, change = identify(router.current_event)
    start = max(since or change.at, change.at)
    stop = before or start + USUAL_REACH
    if stop - start > LONGEST_REACH:
        raise InvalidRequest(fields=[{"field": "to", "reason": "62 days after from at most"}])
    zone = catalog.business.zone
    question = open_times.for_staff(open_times.ask(catalog, service, staff, zone=zone, now=change.at))
    slots = encode(list(open_times.openings(question, start, stop, at_most=limit)), zone)
    return day_answers.OpeningsAnswer(slots=[SlotAnswer(**slot) for slot in slots])
