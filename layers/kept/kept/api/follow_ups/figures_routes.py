"""How well promises about follow-ups were kept: figures, the misses one by one, and a file for a spreadsheet."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept import clock
from kept.api import identity
from kept.api.booking.requests import Date
from kept.api.follow_ups import figures_answers as answers
from kept.api.spreadsheet import as_file
from kept.business.catalog import Catalog
from kept.follow_up.attainment import By
from kept.storage import catalogs
from kept.use_cases.follow_ups.figures import Days, FoundFollowUps, found

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
From = Annotated[Date, Query(alias="from")]
To = Annotated[Date, Query(alias="to")]


@router.get("/v1/desk/follow-up-figures")
def figures(first: From, last: To, by: Annotated[By | None, Query()] = None) -> answers.FiguresAnswer:
    catalog, days = _catalog(), Days(first, last)
    return answers.figures(_found(catalog, days), days, by)


@router.get("/v1/desk/follow-up-figures/misses")
def misses(first: From, last: To) -> answers.MissesAnswer:
    catalog = _catalog()
    return answers.missed(_found(catalog, Days(first, last)), catalog.business.locale)


@router.get(
    "/v1/desk/follow-up-figures.csv",
    responses={200: {"description": "A line for each clock", "content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def file(first: From, last: To) -> Response[str]:
    return as_file(f"follow-ups_{first}_{last}.csv", answers.file(_found(_catalog(), Days(first, last))))


def _found(catalog: Catalog, days: Days) -> FoundFollowUps:
    return found(catalog, days, now=clock.now())


def _catalog() -> Catalog:
    """Of whoever asks, who has to lead it. Raises SignInRequired, RoleRequired, UnknownBusiness."""
    business = identity.leading(router.current_event)
    return catalogs.load(business)
