"""Of which setting is asked, and which revision of it the asker has seen."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from kept.api import identity
from kept.api.base import Revised
from kept.api.booking.requests import Id

Named = Annotated[Id, Path()]


def seen(event: APIGatewayProxyEventV2, told: Revised | None = None) -> str | None:
    """The revision that the asker has seen, by If-Match or in the body; None where they do not say."""
    return identity.seen(event) or (told and told.revision) or None
