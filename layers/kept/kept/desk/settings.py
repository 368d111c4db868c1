"""Saving settings: read the whole catalog afresh, see that the new thing makes sense in it, write."""

from dataclasses import replace
from datetime import datetime, timedelta

from kept.booking.catalog import Business, Catalog, Resource, Service, StaffMember
from kept.booking.must import must
from kept.booking.sense import check_business, check_room, check_service, check_staff
from kept.desk.day_lists import arrange, next_list
from kept.desk.settled import settled
from kept.errors import UnknownBusiness, UnknownRoom, UnknownStaff
from kept.follow_up.policy import ServicePolicy
from kept.messaging.outgoing import LIST_IS_NEWS
from kept.messaging.own_text import OwnText
from kept.storage import catalog, follow_up_policies
from kept.storage.transaction import together

OLD_SETTINGS = timedelta(minutes=20)
"""Longer than a function runs that read the settings before it began to write, and a warm one trusts them."""


def read(business: str) -> Catalog:
    """As it is now, whatever a warm Lambda remembers. Raises UnknownBusiness."""
    catalog.forget()
    return catalog.load(business)


def save_business(business: Business, *, now: datetime) -> Business:
    """The first save makes the business. The policy's version rises when the terms do that a client accepts.

    Its staff are saved with it, for their lists of the day may come at another hour now.
    """
    check_business(business)
    try:
        before: Catalog | None = read(business.id)
    except UnknownBusiness:
        before = None
    saved = replace(business, policy_version=_policy_version(business, before.business if before else None))
    saved = _with_its_zones(saved, before.business if before else None, now)
    catalog.put(business.id, [saved, *(before.staff.values() if before else ())], day_list_at=_list(saved, now))
    arrange(saved, before.staff.values() if before else (), now=now)
    _make_sure_of_the_first_policy(business.id)
    return saved


def save_follow_up_policy(business: str, policy: ServicePolicy) -> ServicePolicy:
    """The next version, by which follow-ups are opened from now on; those that are open keep theirs.

    What is in force already is not saved again. Raises UnknownBusiness, and InvalidSetting where a miss would be told
    to nobody.
    """
    known = read(business)
    policy.check_roles(frozenset(member.role for member in known.staff.values() if member.email))
    _make_sure_of_the_first_policy(business)
    in_force = follow_up_policies.load(business, [known.follow_up_policy])[known.follow_up_policy]
    return in_force if replace(policy, number=in_force.number) == in_force else _next_policy(business, policy)


def _make_sure_of_the_first_policy(business: str) -> None:
    """What was opened by the product's own before one was saved goes on by that one."""
    if not follow_up_policies.numbers(business):
        _next_policy(business, ServicePolicy())


def _next_policy(business: str, policy: ServicePolicy) -> ServicePolicy:
    """Two that are saved at once are two versions, and the later number is in force."""

    def attempt() -> ServicePolicy:
        numbered = replace(policy, number=max(follow_up_policies.numbers(business), default=0) + 1)
        with together() as transaction:
            follow_up_policies.put(business, numbered, transaction)
        return numbered

    saved = settled(attempt)
    catalog.forget()
    return saved


def save_service(business: str, service: Service) -> Service:
    """Raises UnknownBusiness, InvalidSetting."""
    check_service(service, read(business))
    catalog.put(business, [service])
    return service


def save_staff(business: str, member: StaffMember, *, now: datetime) -> StaffMember:
    """Raises UnknownBusiness, InvalidSetting."""
    check_staff(member)
    theirs = read(business).business
    catalog.put(theirs.id, [member], day_list_at=_list(theirs, now))
    arrange(theirs, [member], now=now)
    return member


def save_room(business: str, room: Resource) -> Resource:
    """Raises UnknownBusiness, InvalidSetting."""
    check_room(room)
    catalog.put(read(business).business.id, [room])
    return room


def give_up_service(business: str, id: str) -> Service:
    """Nobody can book it any more; what is booked stands. Raises UnknownBusiness, UnknownService."""
    gone = read(business).service(id)
    catalog.give_up(business, gone, ())
    return gone


def give_up_staff(business: str, id: str) -> StaffMember:
    """They are taken off every service; what is booked with them stands.

    Raises UnknownBusiness, UnknownStaff, and InvalidSetting where a service would be left with nobody.
    """
    known = read(business)
    if (gone := known.staff.get(id)) is None:
        raise UnknownStaff("This business has no such staff member.")
    without = [replace(it, staff=_without(it.staff, id)) for it in known.services.values() if id in it.staff]
    for service in without:
        must(bool(service.staff), f"services.{service.id}.staff", "Somebody has to do it.")
    catalog.give_up(business, gone, without)
    return gone


def give_up_room(business: str, id: str) -> Resource:
    """It is taken off every service; what is booked in it stands.

    Raises UnknownBusiness, UnknownRoom, and InvalidSetting where a service that needs a room would be left with none.
    """
    known = read(business)
    if (gone := known.rooms.get(id)) is None:
        raise UnknownRoom
    without = [replace(it, rooms=_without(it.rooms, id)) for it in known.services.values() if id in it.rooms]
    for service in without:
        must(bool(service.rooms), f"services.{service.id}.rooms", "It would need no room any more; say so there first.")
    catalog.give_up(business, gone, without)
    return gone


def _without(ids: tuple[str, ...], id: str) -> tuple[str, ...]:
    return tuple(one for one in ids if one != id)


def save_text(business: str, text: OwnText) -> OwnText:
    """Raises UnknownBusiness, InvalidSetting. Imports here: of all settings this one alone needs templates."""
    from kept.messaging.trial import check_text

    known = read(business)
    stages = (known.business.stages, *(service.stages or () for service in known.services.values()))
    check_text(text, [stage.name for some in stages for stage in some])
    catalog.put(business, [text])
    return text


def drop_text(business: str, language: str, stage: str) -> OwnText:
    """Ours is said again; whether it was before makes no difference. Raises UnknownBusiness."""
    nothing = OwnText(language, stage)
    catalog.drop_text(read(business).business.id, nothing.id)
    return nothing


def _policy_version(business: Business, before: Business | None) -> int:
    if before is None:
        return business.policy_version
    terms = (business.changes, business.policy_text)
    return before.policy_version + (terms != (before.changes, before.policy_text))


def _with_its_zones(business: Business, before: Business | None, now: datetime) -> Business:
    """And the one it was in until now, for as long as a function may have the settings from before."""
    if before is None:
        return business
    if before.tz != business.tz:
        return replace(business, tz_before=before.tz, tz_before_until=now + OLD_SETTINGS)
    return replace(business, tz_before=before.tz_before, tz_before_until=before.tz_before_until)


def _list(business: Business, now: datetime) -> datetime | None:
    """Today's still, where its new hour has just passed; who had it already does not get it again."""
    return next_list(business, after=now - LIST_IS_NEWS)
