"""The private address of somebody's calendar: one's own, for who leads the business anybody's, and a client's."""

from datetime import datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import StrictBool

from kept import clock
from kept.api import identity
from kept.api.base import Answer, Body
from kept.api.booking.requests import Id
from kept.business.refusals import UnknownStaff
from kept.client_links.calendar_links import AHEAD, BACK, CalendarLink, CalendarOf, webcal
from kept.runtime import log
from kept.storage import catalogs, clients
from kept.use_cases.booking.calendar_links import MadeLink, current, make, of_client, of_staff, take_back

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
OF_STAFF, OF_CLIENT = "/v1/desk/calendars/staff/<member>", "/v1/desk/calendars/clients/<client>"
PathId = Annotated[Id, Path()]
Theirs = tuple[CalendarOf, ...]


class CalendarLinkRequest(Body):
    """`names`: clients are named in it, with their notes; otherwise an initial and the service."""

    names: StrictBool = False


class CalendarAnswer(Answer):
    """When their link was made, what it tells, and until when it is good if no calendar asks for it; nothing where
    they have none. It holds so many days `back` and `ahead`."""

    made_at: datetime | None = None
    names: bool = False
    until: datetime | None = None
    back: int = BACK.days
    ahead: int = AHEAD.days


class MadeCalendarAnswer(CalendarAnswer):
    """With the address, which is told this once; `subscribe` is the same for a tap that opens their calendar."""

    address: str
    subscribe: str


@router.get(OF_STAFF)
def of_member(member: PathId) -> CalendarAnswer:
    """Of a colleague only for who leads the business, as in what follows."""
    return _shown(current(_member("looked at the link of a calendar", member), now=clock.now()))


@router.post(OF_STAFF, status_code=201)
def make_for_member(member: PathId, wanted: CalendarLinkRequest) -> MadeCalendarAnswer:
    """In the place of the one before, whose address opens nothing from then on. Asked for again it is made again: no
    answer with an address is kept."""
    theirs = _member("made the link of a calendar", member)
    return _made(make(theirs, now=clock.now(), names=wanted.names))


@router.delete(OF_STAFF)
def take_from_member(member: PathId) -> CalendarAnswer:
    """Whether there was one makes no difference."""
    take_back(_member("took back the link of a calendar", member))
    return CalendarAnswer()


@router.get(OF_CLIENT)
def of_a_client(client: PathId) -> CalendarAnswer:
    return _shown(current(_client("looked at the link of a calendar", client), now=clock.now()))


@router.post(OF_CLIENT, status_code=201)
def make_for_client(client: PathId) -> MadeCalendarAnswer:
    """To be given to them; they can make it themselves on the page of their appointment."""
    return _made(make(_client("made the link of a calendar", client), now=clock.now()))


@router.delete(OF_CLIENT)
def take_from_client(client: PathId) -> CalendarAnswer:
    take_back(_client("took back the link of a calendar", client))
    return CalendarAnswer()


def _member(what: str, member: str) -> Theirs:
    """Raises SignInRequired, RoleRequired, UnknownStaff."""
    business, by = identity.own_or_leading(router.current_event, member)
    log.info(what, extra={"business": business, "staff": member, "by": str(by)})
    if member not in catalogs.load(business).staff:
        raise UnknownStaff
    return of_staff(business, member)


def _client(what: str, client: str) -> Theirs:
    """Raises SignInRequired, RoleRequired, UnknownClient."""
    business, by = identity.staff(router.current_event)
    log.info(what, extra={"business": business, "client": client, "by": str(by)})
    return of_client(clients.load(business, client))


def _shown(link: CalendarLink | None) -> CalendarAnswer:
    return CalendarAnswer(made_at=link.made_at, names=link.names, until=link.until) if link else CalendarAnswer()


def _made(made: MadeLink) -> MadeCalendarAnswer:
    told = _shown(made.link).model_dump()
    return MadeCalendarAnswer(**told, address=made.address, subscribe=webcal(made.address))
