"""How a client stands: what a person says of it in the place of the record."""

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept.api import identity
from kept.api.clients import answers
from kept.api.clients.asked import ClientId, asked, shown
from kept.api.clients.requests import StandingRequest
from kept.use_cases.policy import standings

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


@router.put("/v1/desk/clients/<client>/standing")
def set_standing(client: ClientId, told: StandingRequest) -> answers.ClientAnswer:
    """It holds in the place of what the record says. Over a dismissal it is for who leads the business."""
    catalog, change = asked(router.current_event, "set a standing", client)
    leads = identity.leads(router.current_event)
    after = standings.set_standing(
        catalog.business.id, client, told.standing, told.why, told.until, change, leads=leads
    )
    return shown(after, catalog, router.current_event)


@router.delete("/v1/desk/clients/<client>/standing")
def end_standing(client: ClientId) -> answers.ClientAnswer:
    """The record counts again. A dismissal is taken back with a reason, by a route of its own."""
    catalog, _ = asked(router.current_event, "ended a standing", client)
    leads = identity.leads(router.current_event)
    return shown(standings.end_standing(catalog.business.id, client, leads=leads), catalog, router.current_event)
