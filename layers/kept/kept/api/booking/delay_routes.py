"""The day runs late: said at the desk, and who was told of it, and chose what."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept.actor import Change
from kept.api.booking import delay_answers
from kept.api.booking.day_routes import identify
from kept.api.booking.delay_answers import DelayRequest, DelaysAnswer
from kept.api.booking.requests import Date
from kept.business.catalog import Catalog
from kept.storage import announced_delays
from kept.use_cases.booking.delays import announce, told_on
from kept.use_cases.messaging.addressees import all_as_shown

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.get("/v1/desk/delays")
def show(on: Annotated[Date | None, Query()] = None) -> DelaysAnswer:
    """Of one day, today's if none is named."""
    catalog, change = identify(router.current_event)
    return _shown(catalog, change, on)


@router.post("/v1/desk/delays")
def say(wanted: DelayRequest) -> DelaysAnswer:
    """Somebody, or everybody, runs late: whoever it reaches is told at once. 0 takes it back.

    Another number of minutes than 5 to 240: 422 `invalid_delay`.
    """
    catalog, change = identify(router.current_event)
    announce(catalog, wanted.staff, wanted.minutes, change)
    return _shown(catalog, change, None)


def _shown(catalog: Catalog, change: Change, on: Date | None) -> DelaysAnswer:
    zone = catalog.business.zone
    day = on or change.at.astimezone(zone).date()
    told = told_on(catalog, day)
    said = announced_delays.of_business(catalog.business.id).values()
    of_day = [it for it in said if it.minutes and it.at.astimezone(zone).date() == day]
    names = [client.name for client, _ in all_as_shown([it.visit for it in told])]
    return delay_answers.delays(of_day, zip(told, names, strict=True), zone)
