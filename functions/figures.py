"""How it goes: figures of any days with what they were before, the list behind each number, and a file of them; and how
it would have gone by other terms (api/policy/dry_run_routes.py)."""

from typing import Annotated

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.openapi.params import Query

from kept import clock
from kept.api import identity
from kept.api.app import entrance, http_app
from kept.api.booking.requests import Date
from kept.api.guards import staff_only
from kept.api.insight import figure_answers as answers
from kept.api.insight import figure_file
from kept.api.insight.list_answers import BehindAnswer, line
from kept.api.policy import dry_run_routes
from kept.api.spreadsheet import as_file
from kept.business.catalog import Catalog
from kept.insight.behind import Behind
from kept.insight.sums import GroupBy
from kept.storage import catalogs, tickets
from kept.use_cases.follow_ups.figures import Days
from kept.use_cases.insight import reading
from kept.use_cases.insight.listing import named
from kept.use_cases.insight.reading import Period, PeriodSums

app = http_app(staff_only("manager"))
app.include_router(dry_run_routes.router)
handler = entrance(app)
From = Annotated[Date, Query(alias="from")]
To = Annotated[Date, Query(alias="to")]
Every = Annotated[Period, Query(alias="by")]
Group = Annotated[GroupBy, Query()]
MOST_LINES = 500


@app.get("/v1/desk/figures")
def show(first: From, last: To, by: Every = Period.WEEK, group: Group = GroupBy.ALL) -> answers.BusinessFiguresAnswer:
    """Of a year at the most."""
    catalog, now = _catalog(), clock.now()
    Days(first, last)
    found = reading.read(catalog, first, last, by, group)
    since, until = reading.before(first, last)
    earlier = PeriodSums(since, until, reading.whole(catalog, since, until))
    waited = tickets.between(catalog.business.id, first, last)
    return answers.figures(catalog, found, earlier, (first, last), by, group, waited, now=now)


@app.get("/v1/desk/figures/list")
def behind(
    first: From,
    last: To,
    figure: Annotated[Behind, Query()],
    group: Group = GroupBy.ALL,
    member: Annotated[str | None, Query(max_length=100)] = None,
) -> BehindAnswer:
    """What a number counts, by day; of one `member` of the group, or of all."""
    catalog = _catalog()
    Days(first, last)
    found = reading.behind(catalog.business, first, last, figure, group, member)
    known = named(catalog.business.id, found[:MOST_LINES])
    lines = [line(fact, catalog, known) for fact in found[:MOST_LINES]]
    return BehindAnswer(figure=figure, count=len(found), most=MOST_LINES, lines=lines)


@app.get(
    "/v1/desk/figures.csv",
    responses={200: {"description": "A line for each period", "content": {"text/csv": {"schema": {"type": "string"}}}}},
)
def file(first: From, last: To, by: Every = Period.WEEK, group: Group = GroupBy.ALL) -> Response[str]:
    catalog = _catalog()
    Days(first, last)
    found = reading.read(catalog, first, last, by, group)
    names = ((id, answers.member_name(catalog, group, id) or "") for id in found.members)
    return as_file(f"figures_{first}_{last}.csv", figure_file.file(found, group, names, catalog.business.currency))


def _catalog() -> Catalog:
    """Of whoever asks, who has to lead it. Raises SignInRequired, RoleRequired, UnknownBusiness."""
    return catalogs.load(identity.leading(app.current_event))
