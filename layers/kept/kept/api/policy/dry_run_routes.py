"""Other terms tried on the past, before anybody saves them: asked with what would be saved, changes nothing."""

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from kept import clock
from kept.api import identity
from kept.api.base import Body
from kept.api.booking.requests import Date
from kept.api.business.business_settings import ChangeSettings
from kept.api.policy import dry_run_answers as answers
from kept.api.spreadsheet import as_file
from kept.business.catalog import Catalog
from kept.storage import catalogs
from kept.use_cases.policy.dry_run import TriedRules, last_days, named, tried

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
MOST_LINES = 500


class DryRunRequest(Body):
    """The terms as they would be saved, on the days `from` and `to` of the business's calendar: left out, the last 90
    up to today; 400 at most."""

    changes: ChangeSettings
    first: Date | None = Field(default=None, alias="from")
    last: Date | None = Field(default=None, alias="to")


@router.post("/v1/desk/terms/dry-run")
def dry_run(told: DryRunRequest) -> answers.DryRunAnswer:
    """Whom they would have cost what, next to what really happened under the terms that each accepted."""
    catalog = _catalog()
    it = _tried(catalog, told)
    return answers.answer(it, named(list(it.run.hits[:MOST_LINES])), catalog, most=MOST_LINES)


@router.post(
    "/v1/desk/terms/dry-run.csv",
    responses={200: {"description": "A line for each visit", "content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def file(told: DryRunRequest) -> Response[str]:
    catalog = _catalog()
    it = _tried(catalog, told)
    return as_file(f"dry-run_{it.days.first}_{it.days.last}.csv", answers.file(named(list(it.run.hits)), catalog))


def _tried(catalog: Catalog, told: DryRunRequest) -> TriedRules:
    return tried(catalog, told.changes.rules(), last_days(catalog, told.first, told.last, now=clock.now()))


def _catalog() -> Catalog:
    """Of whoever asks, who has to lead it. Raises SignInRequired, RoleRequired, UnknownBusiness."""
    return catalogs.load(identity.leading(router.current_event))
