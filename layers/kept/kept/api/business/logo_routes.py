"""The picture beside a business's name: shown, set and dropped. It comes as text, for the API speaks JSON alone."""

from base64 import b64decode
from binascii import Error
from typing import Annotated

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import StringConstraints

from kept.api import identity
from kept.api.base import Answer, Body
from kept.business.logo import MOST, kind_of
from kept.business.refusals import NoPicture
from kept.storage import catalogs, logos

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
LARGEST = MOST * 4 // 3 + 1024
"""Letters of the body."""


class LogoPicture(Body):
    """A PNG, JPEG or WebP of 200 KB at most, in base64."""

    content: Annotated[str, StringConstraints(min_length=1)]

    def bytes(self) -> bytes:
        """Raises NoPicture."""
        try:
            return b64decode(self.content, validate=True)
        except (Error, ValueError) as error:
            raise NoPicture from error


class LogoAnswer(Answer):
    """Where it is shown; "" for none."""

    address: str


@router.get("/v1/desk/business/logo")
def show() -> LogoAnswer:
    business = identity.leading(router.current_event)
    return LogoAnswer(address=address(business, catalogs.load(business).logo))


@router.put("/v1/desk/business/logo")
def put(told: LogoPicture) -> LogoAnswer:
    """Known by its bytes; what could run is refused, whatever it is called."""
    business, content = identity.leading(router.current_event), told.bytes()
    kind = kind_of(content)
    catalogs.load(business)
    return LogoAnswer(address=address(business, logos.put(business, content, kind)))


@router.delete("/v1/desk/business/logo")
def drop() -> LogoAnswer:
    logos.drop(identity.leading(router.current_event))
    return LogoAnswer(address="")


def address(business: str, name: str) -> str:
    return f"/b/{business}/logo/{name}" if name else ""
