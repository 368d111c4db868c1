"""Saving settings: read the whole catalog afresh, see that the new thing makes sense in it, write."""

from dataclasses import replace

from kept.booking.catalog import Business, Catalog, Resource, Service, StaffMember
from kept.booking.sense import check_business, check_room, check_service, check_staff
from kept.errors import UnknownBusiness
from kept.storage import catalog


def read(business: str) -> Catalog:
    """As it is now, whatever a warm Lambda remembers. Raises UnknownBusiness."""
    catalog.forget()
    return catalog.load(business)


def save_business(business: Business) -> Business:
    """The first save makes the business. The policy's version rises when the terms do that a client accepts."""
    check_business(business)
    saved = replace(business, policy_version=_policy_version(business))
    catalog.put(business.id, [saved])
    return saved


def save_service(business: str, service: Service) -> Service:
    """Raises UnknownBusiness, InvalidSetting."""
    check_service(service, read(business))
    catalog.put(business, [service])
    return service


def save_staff(business: str, member: StaffMember) -> StaffMember:
    """Raises UnknownBusiness, InvalidSetting."""
    check_staff(member)
    catalog.put(read(business).business.id, [member])
    return member


def save_room(business: str, room: Resource) -> Resource:
    """Raises UnknownBusiness, InvalidSetting."""
    check_room(room)
    catalog.put(read(business).business.id, [room])
    return room


def _policy_version(business: Business) -> int:
    try:
        before = read(business.id).business
    except UnknownBusiness:
        return business.policy_version
    terms = (business.changes, business.policy_text)
    return before.policy_version + (terms != (before.changes, before.policy_text))
