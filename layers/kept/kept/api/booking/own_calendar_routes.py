"""Somebody's own calendar, by which they are busy: one's own, for who leads the business anybody's."""

from datetime import datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field, StringConstraints

from kept import clock
from kept.actor import Change
from kept.api import identity
from kept.api.base import Answer, Body
from kept.api.booking.calendar_link_routes import OF_STAFF, PathId
from kept.booking.own_calendar import OwnCalendar, Trouble
from kept.business.catalog import Catalog
from kept.business.refusals import UnknownStaff
from kept.outside_address import LONGEST
from kept.runtime import log
from kept.storage import catalogs
from kept.use_cases.booking import own_calendars

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
BUSY = f"{OF_STAFF}/busy"


class OwnCalendarRequest(Body):
    """The private iCalendar address that their calendar gives: https, or webcal, which is the same."""

    url: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST)]


class CollisionAnswer(Answer):
    """A visit at a time at which they are busy; it stays as it is."""

    id: str
    service_name: str
    client_name: str
    start: datetime
    end: datetime


class OwnCalendarAnswer(Answer):
    """Nothing where they have none. The address is not told again: `host` is its server.

    `read_at` is when it was found as we have it, `is_stale` that this is longer ago than it should be; `trouble` why
    the last try failed, and `status` what the server answered then. `unread` events could not be understood. Of the
    visits at times at which they are busy those that come first, of `collides` in all.
    """

    host: str | None = None
    set_at: datetime | None = None
    set_by: str | None = None
    read_at: datetime | None = None
    tried_at: datetime | None = None
    is_stale: bool = False
    trouble: Trouble | None = None
    status: int | None = None
    unread: int = 0
    collides: int = 0
    collisions: list[CollisionAnswer] = Field(default_factory=list)


@router.get(BUSY)
def show(member: PathId) -> OwnCalendarAnswer:
    """Of a colleague only for who leads the business, as in what follows."""
    catalog, _ = _of("looked at the calendar of", member)
    return _shown(own_calendars.find(catalog.business.id, member), catalog, member)


@router.put(BUSY)
def use(member: PathId, wanted: OwnCalendarRequest) -> OwnCalendarAnswer:
    """In the place of the one before. It is read at once, and then every quarter of an hour: when they are busy there,
    nobody is offered their time. Nothing else of it is kept."""
    catalog, change = _of("set the calendar of", member)
    return _shown(own_calendars.use(catalog.business.id, member, wanted.url, change), catalog, member)


@router.post(BUSY)
def read_again(member: PathId) -> OwnCalendarAnswer:
    """Soon, and not only when it is due; in vain within a minute after the last time."""
    catalog, change = _of("had read again the calendar of", member)
    return _shown(own_calendars.read_again(catalog.business.id, member, now=change.at), catalog, member)


@router.delete(BUSY)
def give_up(member: PathId) -> OwnCalendarAnswer:
    """What it took is free again. Whether there was one makes no difference."""
    catalog, change = _of("gave up the calendar of", member)
    own_calendars.give_up(catalog.business.id, member, now=change.at)
    return OwnCalendarAnswer()


def _of(what: str, member: str) -> tuple[Catalog, Change]:
    """Raises SignInRequired, RoleRequired, UnknownStaff."""
    business, by = identity.own_or_leading(router.current_event, member)
    log.info(f"{what} a person", extra={"business": business, "staff": member, "by": str(by)})
    catalog = catalogs.load(business)
    if member not in catalog.staff:
        raise UnknownStaff
    return catalog, identity.change_by(router.current_event, by, clock.now())


def _shown(it: OwnCalendar | None, catalog: Catalog, member: str) -> OwnCalendarAnswer:
    if it is None:
        return OwnCalendarAnswer()
    now, zone = clock.now(), catalog.business.zone
    found = own_calendars.collisions(catalog, member, now=now)
    return OwnCalendarAnswer(
        host=it.host,
        set_at=it.set_at,
        set_by=it.set_by,
        read_at=it.read_at,
        tried_at=it.tried_at,
        is_stale=it.is_stale(now=now),
        trouble=it.trouble,
        status=it.status or None,
        unread=it.unread,
        collides=found.total,
        collisions=[
            CollisionAnswer(
                id=one.visit.id,
                service_name=catalog.service_of(one.visit).name,
                client_name=one.client_name,
                start=one.visit.starts.astimezone(zone),
                end=one.visit.ends.astimezone(zone),
            )
            for one in found.listed
        ],
    )
