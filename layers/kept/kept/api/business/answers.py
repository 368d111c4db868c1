"""The catalog as its owner sees it: every setting as it can be sent back, with the id it is sent to."""

from datetime import datetime
from zoneinfo import ZoneInfo

from kept.api.base import Answer
from kept.api.booking.local_times import LocalTimesAnswer
from kept.api.business.business_settings import BusinessSettings
from kept.api.business.defaults import DefaultsAnswer, defaults
from kept.api.business.requests import RoomSettings, ServiceSettings, StaffSettings
from kept.api.business.text_settings import SavedText, saved
from kept.booking.breaks import Why
from kept.business.catalog import Business, Catalog, Resource, Service, StaffMember
from kept.storage.catalogs import Thing, name
from kept.use_cases.booking.breaks import Breaks
from kept.use_cases.business.moved_places import MovedPlaces


class SavedBusiness(BusinessSettings):
    """`policy_version` rises by itself when what a client accepts has changed."""

    id: str
    policy_version: int


class SavedService(ServiceSettings):
    """A service and its id."""

    id: str


class SavedStaff(StaffSettings):
    """A staff member and their id."""

    id: str


class SavedRoom(RoomSettings):
    """A room, a chair, a lift and its id."""

    id: str


class BrokenVisit(Answer):
    """A visit that stands in the book and could not be booked so any more; `why` is the first thing in its way."""

    id: str
    why: Why
    start: datetime
    end: datetime
    service: str
    staff: str
    room: str | None
    client_name: str


class BreaksAnswer(Answer):
    """The soonest fifty of `total`; `complete` is false where there were more visits than one change looks at."""

    total: int
    complete: bool
    visits: list[BrokenVisit]


class MovedPlaceAnswer(Answer):
    """A visit that is at another `place` than its client was told (`was`)."""

    id: str
    was: str
    place: str
    start: datetime
    end: datetime
    service: str
    staff: str
    client_name: str


class MovedPlacesAnswer(Answer):
    """The soonest 50 of them; nobody is told by this. Not `complete` where more than 1000 had to be looked at."""

    total: int
    complete: bool
    visits: list[MovedPlaceAnswer]


class EffectsAnswer(Answer):
    """What a change would do, were it saved: as the answers of the change itself say it."""

    breaks: BreaksAnswer
    places: MovedPlacesAnswer
    local_times: LocalTimesAnswer


class ChangedBusiness(SavedBusiness):
    """As saved, with the visits that the change breaks; they stand as they are until somebody moves them.

    `places` are those that are at another place now. After a corrected zone, `local_times` is what keeping their time
    would do (`POST /v1/desk/local-times`); until that is asked for, visits keep their instant.
    """

    breaks: BreaksAnswer
    places: MovedPlacesAnswer
    local_times: LocalTimesAnswer


class ChangedService(SavedService):
    """The same of a service."""

    breaks: BreaksAnswer
    places: MovedPlacesAnswer


class ChangedStaff(SavedStaff):
    """The same of a staff member: their hours and their time off."""

    breaks: BreaksAnswer


class ChangedRoom(SavedRoom):
    """The same of a room."""

    breaks: BreaksAnswer


class GivenUp(Answer):
    """What is offered no more."""

    id: str
    breaks: BreaksAnswer


class CatalogAnswer(Answer):
    """Everything of one business, and what each setting is by default."""

    business: SavedBusiness
    services: list[SavedService]
    staff: list[SavedStaff]
    rooms: list[SavedRoom]
    texts: list[SavedText]
    defaults: DefaultsAnswer


def catalog(whole: Catalog) -> CatalogAnswer:
    def of(it: Thing) -> str:
        return whole.revision(name(type(it), it.id))

    return CatalogAnswer(
        business=business(whole.business, of(whole.business)),
        services=[service(it, of(it)) for it in (*whole.services.values(), *whole.archived())],
        staff=[member(it, of(it)) for it in whole.staff.values()],
        rooms=[room(it, of(it)) for it in whole.rooms.values()],
        texts=[saved(it, of(it)) for it in whole.texts.values()],
        defaults=defaults(whole.business),
    )


def business(it: Business, revision: str) -> SavedBusiness:
    told = dict(BusinessSettings.model_validate(it, from_attributes=True))
    return SavedBusiness(**told | {"id": it.id, "policy_version": it.policy_version, "revision": revision})


def service(it: Service, revision: str) -> SavedService:
    told = dict(ServiceSettings.model_validate(it, from_attributes=True))
    return SavedService(**told | {"id": it.id, "revision": revision})


def member(it: StaffMember, revision: str) -> SavedStaff:
    told = dict(StaffSettings.model_validate(it, from_attributes=True))
    return SavedStaff(**told | {"id": it.id, "revision": revision})


def breaks(found: Breaks, zone: ZoneInfo) -> BreaksAnswer:
    """Times by the business's clock."""
    visits = [
        BrokenVisit(
            id=one.visit.id,
            why=one.why,
            start=one.visit.starts.astimezone(zone),
            end=one.visit.ends.astimezone(zone),
            service=one.visit.service,
            staff=one.visit.slot.staff,
            room=one.visit.slot.room,
            client_name=one.client_name,
        )
        for one in found.listed
    ]
    return BreaksAnswer(total=found.total, complete=found.complete, visits=visits)


def places(found: MovedPlaces, zone: ZoneInfo) -> MovedPlacesAnswer:
    """The same."""
    visits = [
        MovedPlaceAnswer(
            id=one.visit.id,
            was=one.was,
            place=one.place,
            start=one.visit.starts.astimezone(zone),
            end=one.visit.ends.astimezone(zone),
            service=one.visit.service,
            staff=one.visit.slot.staff,
            client_name=one.client_name,
        )
        for one in found.listed
    ]
    return MovedPlacesAnswer(total=found.total, complete=found.complete, visits=visits)


def room(it: Resource, revision: str) -> SavedRoom:
    told = dict(RoomSettings.model_validate(it, from_attributes=True))
    return SavedRoom(**told | {"id": it.id, "revision": revision})
