"""A client's record: entered, edited, and their visits."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept.api.clients import answers, visit_answers
from kept.api.clients.asked import ClientId, asked, shown
from kept.api.clients.requests import EditRequest, NewClientRequest
from kept.api.cursors import place
from kept.attendance.record import Counted
from kept.bounds import PART
from kept.storage import client_visits, clients
from kept.use_cases.clients import editing
from kept.use_cases.clients.visits import counted as counted_visits

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.post("/v1/desk/clients", status_code=201)
def enter(told: NewClientRequest) -> answers.ClientAnswer:
    """What is typed is theirs from now on, unless another client holds it: then it is refused, with who that is."""
    catalog, change = asked(router.current_event, "entered a client")
    new = told.of(editing.new_id(catalog.business.id, change), catalog.business)
    return shown(editing.enter(new, told.note or "", change), catalog, router.current_event)


@router.patch("/v1/desk/clients/<client>")
def edit(client: ClientId, told: EditRequest) -> answers.ClientAnswer:
    """Refused where somebody else has edited them since, with what they are now."""
    catalog, _ = asked(router.current_event, "edited a client", client)
    event = router.current_event
    after = editing.edit(
        catalog.business.id,
        client,
        told.revision,
        lambda it: told.of(it, catalog.business),
        lambda it: shown(it, catalog, event).model_dump(mode="json"),
    )
    return shown(after, catalog, event)


@router.get("/v1/desk/clients/<client>/visits")
def visits(
    client: ClientId,
    after: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=PART)] = 20,
    counted: Annotated[Counted | None, Query()] = None,
) -> visit_answers.VisitsAnswer:
    """With `after` what came before, and nothing of what is coming. With `counted` the list behind that figure of the
    record, the latest first: all of it stands in `past`."""
    catalog, change = asked(router.current_event, "looked at visits", client)
    business, it = catalog.business.id, clients.load(catalog.business.id, client)
    if counted:
        behind = counted_visits(it, counted, after=place(after), limit=limit)
        return visit_answers.visits((), behind, it.name, catalog)
    past = client_visits.past(business, it.ids, before=change.at, after=place(after), limit=limit)
    coming = () if after else client_visits.coming(business, it.ids, since=change.at, limit=PART).visits
    return visit_answers.visits(coming, past, it.name, catalog)
