"""What a change of settings would do to visits to come, told before anybody saves it; nothing is written."""

from dataclasses import replace
from datetime import datetime

from kept.business.catalog import Business, Catalog, Resource, Service, StaffMember
from kept.business.validation import check_business, check_room, check_service, check_staff
from kept.errors import Outdated
from kept.storage import catalogs
from kept.use_cases.business.effects import Effects, effects
from kept.use_cases.business.settings import check_named, read, with_its_zones

Tried = Business | Service | StaffMember | Resource


def would(business: str, thing: Tried, *, now: datetime, seen: str | None = None) -> Effects:
    """Of the whole thing as it would be saved. Refused as saving it would be refused.

    Raises UnknownBusiness, InvalidSetting, Outdated where another revision than the one `seen` stands there by now.
    """
    before = read(business)
    after = _with(before, thing, now)
    is_now = before.revision(catalogs.name(type(thing), thing.id))
    if seen and seen != is_now:
        raise Outdated(revision=is_now)
    return effects(before, after, now=now)


def _with(before: Catalog, thing: Tried, now: datetime) -> Catalog:
    """The catalog as it would be. Raises InvalidSetting."""
    match thing:
        case Business():
            check_business(thing)
            check_named(thing.changes, before)
            return replace(before, business=with_its_zones(thing, before.business, now))
        case Service():
            check_service(thing, before)
            return before.with_service(thing)
        case StaffMember():
            check_staff(thing)
            return replace(before, staff={**before.staff, thing.id: thing})
        case Resource():
            check_room(thing)
            return replace(before, rooms={**before.rooms, thing.id: thing})
