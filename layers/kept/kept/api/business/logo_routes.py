"""The picture beside a business's name: shown, set and dropped. It comes as text, for the API speaks JSON alone."""

from base64 import b64decode
from binascii import Error
from typing import Annotated

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import StringConstraints

from kept import clock
from kept.actor import Change
from kept.api import identity
from kept.api.base import Answer, Body
from kept.business.logo import MOST, kind_of
from kept.business.refusals import NoPicture
from kept.storage import catalogs, logos
from kept.use_cases.optimistic_retry import retried

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


class EarlierLogo(Body):
    """Which of the pictures before."""

    name: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}\.(png|jpg|webp)$")]


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
    (business, change), content = _asked(), told.bytes()
    kind = kind_of(content)
    catalogs.load(business)
    return LogoAnswer(address=address(business, retried(lambda: logos.put(business, content, kind, change))))


@router.post("/v1/desk/business/logo/put-back")
def put_back(told: EarlierLogo) -> LogoAnswer:
    """One of the last five, by the name that the history of settings has for it."""
    business, change = _asked()
    retried(lambda: logos.put_back(business, told.name, change))
    return LogoAnswer(address=address(business, told.name))


@router.delete("/v1/desk/business/logo")
def drop() -> LogoAnswer:
    business, change = _asked()
    retried(lambda: logos.drop(business, change))
    return LogoAnswer(address="")


def _asked() -> tuple[str, Change]:
    business, person = identity.staff(router.current_event, at_least="manager")
    return business, Change(person, clock.now())


def address(business: str, name: str) -> str:
    return f"/b/{business}/logo/{name}" if name else ""
