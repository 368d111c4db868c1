"""The catalog as its owner sees it: every setting as it can be sent back, with the id it is sent to."""

from kept.api.business_settings import BusinessSettings
from kept.api.settings_requests import RoomSettings, ServiceSettings, StaffSettings
from kept.api.shapes import Answer
from kept.api.text_settings import SavedText, saved
from kept.booking.catalog import Business, Catalog, Resource, Service, StaffMember


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


class CatalogAnswer(Answer):
    """Everything of one business."""

    business: SavedBusiness
    services: list[SavedService]
    staff: list[SavedStaff]
    rooms: list[SavedRoom]
    texts: list[SavedText]


def catalog(whole: Catalog) -> CatalogAnswer:
    return CatalogAnswer(
        business=business(whole.business),
        services=[service(it) for it in whole.services.values()],
        staff=[member(it) for it in whole.staff.values()],
        rooms=[room(it) for it in whole.rooms.values()],
        texts=[saved(it) for it in whole.texts.values()],
    )


def business(it: Business) -> SavedBusiness:
    return SavedBusiness.model_validate(it, from_attributes=True)


def service(it: Service) -> SavedService:
    return SavedService.model_validate(it, from_attributes=True)


def member(it: StaffMember) -> SavedStaff:
    return SavedStaff.model_validate(it, from_attributes=True)


def room(it: Resource) -> SavedRoom:
    return SavedRoom.model_validate(it, from_attributes=True)
