"""Who asks about a client, logged by ids alone; and the client as they are answered."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from kept import clock
from kept.actor import Change
from kept.api import identity
from kept.api.booking.requests import Id
from kept.api.clients import answers
from kept.business.catalog import Catalog
from kept.clients.client import Client
from kept.runtime import log
from kept.storage import catalogs
from kept.use_cases.policy.standings import record

ClientId = Annotated[Id, Path()]


def asked(
    event: APIGatewayProxyEventV2, what: str, client: str = "", *, at_least: str = "staff"
) -> tuple[Catalog, Change]:
    """Logged also where it is refused afterwards. Raises SignInRequired, RoleRequired."""
    business, by = identity.staff(event, at_least=at_least)
    log.info(what, extra={"business": business, "client": client, "by": str(by)})
    return catalogs.load(business), identity.change_by(event, by, clock.now())


def shown(it: Client, catalog: Catalog, event: APIGatewayProxyEventV2) -> answers.ClientAnswer:
    found = record(it, catalog.business, now=clock.now())
    return answers.client(it, catalog.business, found, identity.language(event))
