"""Saving settings: read the whole catalog afresh, see that the new makes sense in it, write over what was read."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from kept.actor import Change
from kept.business.catalog import Business, Catalog, Resource, Service, StaffMember
from kept.business.change_rules import ChangeRules
from kept.business.change_validation import check_services_named
from kept.business.checks import must
from kept.business.own_text import OwnText
from kept.business.policy_version import next_number
from kept.business.refusals import UnknownBusiness, UnknownRoom, UnknownStaff
from kept.business.setting_change import FOLLOW_UP_POLICY, SettingChange
from kept.business.validation import check_business, check_room, check_service, check_staff
from kept.errors import Outdated
from kept.follow_up.policy import ServicePolicy
from kept.messaging.outgoing import LIST_IS_NEWS
from kept.storage import catalogs, follow_up_policies, setting_changes
from kept.storage.transaction import Lost, together
from kept.use_cases.booking.day_lists import arrange, next_list
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.outside.accounts import takes_cards

OLD_SETTINGS = timedelta(minutes=20)
"""Longer than a function runs that read the settings before it began to write, and a warm one trusts them."""

ANY = "*"
"""Seen in whatever revision, but there."""

S = TypeVar("S", bound=catalogs.Thing)
G = TypeVar("G", Service, StaffMember, Resource)


def read(business: str) -> Catalog:
    """As it is now, whatever a warm Lambda remembers. Raises UnknownBusiness."""
    catalogs.forget()
    return catalogs.load(business)


def save_business(
    business: Business, *, now: datetime, seen: str | None = None, change: Change | None = None
) -> Business:
    """The first save makes the business. The policy's version rises when the terms do that a client accepts.

    The lists of its staff come at another hour now, maybe. To take cards it needs an account. Raises InvalidSetting,
    Outdated.
    """
    check_business(business)

    def made(known: Catalog | None) -> Business:
        before = known.business if known else None
        if known:
            check_named(business.changes, known)
        is_new = business.payments.online and not (before and before.payments.online)
        if change and is_new:
            can = takes_cards(business.id)
            must(can, "payments.online", "No account with Stripe is entered for this business.")
        saved = replace(business, policy_version=next_number(business, before))
        return with_its_zones(saved, before, now)

    saved = _saved(business.id, catalogs.name(Business, business.id), made, seen, change)
    staff = read(business.id).staff
    catalogs.move_lists(business.id, staff, _list(saved, now))
    arrange(saved, staff.values(), now=now)
    _make_sure_of_the_first_policy(business.id)
    return saved


def save_service(business: str, service: Service, *, seen: str | None = None, change: Change | None = None) -> Service:
    """Raises UnknownBusiness, InvalidSetting, Outdated."""

    def made(known: Catalog | None) -> Service:
        check_service(service, _there(known))
        return service

    return _saved(business, catalogs.name(Service, service.id), made, seen, change)


def check_named(rules: ChangeRules, known: Catalog) -> None:
    """Raises InvalidSetting where they are for a service that nobody remembers."""
    check_services_named(rules, [*known.services, *known.gone.services])


def save_staff(
    business: str, member: StaffMember, *, now: datetime, seen: str | None = None, change: Change | None = None
) -> StaffMember:
    """Raises UnknownBusiness, InvalidSetting, Outdated."""
    check_staff(member)

    def made(known: Catalog | None) -> StaffMember:
        _there(known)
        return member

    def list_at(known: Catalog | None) -> datetime | None:
        return _list(_there(known).business, now)

    saved = _saved(business, catalogs.name(StaffMember, member.id), made, seen, change, list_at=list_at)
    known = read(business)
    catalogs.move_lists(business, [member.id], list_at(known))
    arrange(known.business, [saved], now=now)
    return saved


def save_room(business: str, room: Resource, *, seen: str | None = None, change: Change | None = None) -> Resource:
    """Raises UnknownBusiness, InvalidSetting, Outdated."""
    check_room(room)

    def made(known: Catalog | None) -> Resource:
        _there(known)
        return room

    return _saved(business, catalogs.name(Resource, room.id), made, seen, change)


def save_text(business: str, text: OwnText, *, seen: str | None = None, change: Change | None = None) -> OwnText:
    """Raises UnknownBusiness, InvalidSetting, Outdated. Imports here: of all settings these alone need templates."""
    from kept.messaging.trial import check_text

    def made(known: Catalog | None) -> OwnText:
        check_text(text, stages_of(_there(known)))
        return text

    return _saved(business, catalogs.name(OwnText, text.id), made, seen, change)


def stages_of(known: Catalog) -> list[str]:
    """The names of all stages of reminding that the business has, each service's own among them."""
    stages = (known.business.stages, *(service.stages or () for service in known.services.values()))
    return [stage.name for some in stages for stage in some]


def drop_text(
    business: str, language: str, stage: str, *, seen: str | None = None, change: Change | None = None
) -> OwnText:
    """Ours is said again; whether it was before makes no difference. Raises UnknownBusiness, Outdated."""
    nothing = OwnText(language, stage)
    name, asked = catalogs.name(OwnText, nothing.id), _Asked(seen)

    def attempt() -> OwnText:
        if is_now := read(business).revision(name):
            asked.must_be(is_now)
            catalogs.drop_text(business, nothing, over=is_now, change=change)
        return nothing

    return retried(attempt)


def give_up_service(business: str, id: str, *, seen: str | None = None, change: Change | None = None) -> Service:
    """Nobody can book it any more, nor archive or offer it again; what is booked stands.

    Raises UnknownBusiness, UnknownService, Outdated.
    """

    def found(known: Catalog) -> tuple[Service, list[Service]]:
        archived = next((replace(it, archived=False) for it in known.archived() if it.id == id), None)
        return archived or known.service(id), []

    return _given_up(business, catalogs.name(Service, id), found, seen, change)


def give_up_staff(business: str, id: str, *, seen: str | None = None, change: Change | None = None) -> StaffMember:
    """They are taken off every service; what is booked with them stands.

    Raises UnknownBusiness, UnknownStaff, Outdated, and InvalidSetting where a service would be left with nobody.
    """

    def found(known: Catalog) -> tuple[StaffMember, list[Service]]:
        if (gone := known.staff.get(id)) is None:
            raise UnknownStaff("This business has no such staff member.")
        without = [replace(it, staff=_without(it.staff, id)) for it in known.services.values() if id in it.staff]
        for service in without:
            must(bool(service.staff), f"services.{service.id}.staff", "Somebody has to do it.")
        return gone, without

    return _given_up(business, catalogs.name(StaffMember, id), found, seen, change)


def give_up_room(business: str, id: str, *, seen: str | None = None, change: Change | None = None) -> Resource:
    """It is taken off every service; what is booked in it stands.

    Raises UnknownBusiness, UnknownRoom, Outdated, and InvalidSetting where a service that needs a room would be left
    with none.
    """

    def found(known: Catalog) -> tuple[Resource, list[Service]]:
        if (gone := known.rooms.get(id)) is None:
            raise UnknownRoom
        without = [replace(it, rooms=_without(it.rooms, id)) for it in known.services.values() if id in it.rooms]
        for service in without:
            reason = "It would need no room any more; say so there first."
            must(bool(service.rooms), f"services.{service.id}.rooms", reason)
        return gone, without

    return _given_up(business, catalogs.name(Resource, id), found, seen, change)


@dataclass(slots=True)
class _Asked:
    """The revision that the asker has seen, or else the one that stands there when they ask: of two who ask at once
    one is told that there is a newer one, and nothing of the other's is lost."""

    seen: str | None

    def must_be(self, is_now: str) -> None:
        """Raises Outdated with the newer one."""
        if self.seen is None or (self.seen == ANY and is_now):
            self.seen = is_now
        if self.seen != is_now:
            raise Outdated(revision=is_now)


def _saved(
    business: str,
    name: str,
    made: Callable[[Catalog | None], S],
    seen: str | None,
    change: Change | None,
    *,
    list_at: Callable[[Catalog | None], datetime | None] = lambda _: None,
) -> S:
    """What is `made` of the settings as they are. Saving what stands there already changes nothing, and is refused to
    nobody. Raises Outdated."""
    asked = _Asked(seen)

    def attempt() -> S:
        known = _read_if_any(business)
        thing, is_now = made(known), known.revision(name) if known else ""
        if catalogs.revision(thing) != is_now:
            asked.must_be(is_now)
            catalogs.save(business, thing, over=is_now, day_list_at=list_at(known), change=change)
        return thing

    return retried(attempt)


def _given_up(
    business: str,
    name: str,
    found: Callable[[Catalog], tuple[G, list[Service]]],
    seen: str | None,
    change: Change | None,
) -> G:
    """With the services as they are without it, each in a write of its own: a crash between two leaves it there, off
    some of its services, until it is given up again."""
    asked = _Asked(seen)

    def attempt() -> G:
        known = read(business)
        if is_now := known.revision(name):
            asked.must_be(is_now)
        gone, without = found(known)
        for service in without:
            catalogs.save(business, service, over=known.revision(catalogs.name(Service, service.id)), change=change)
        catalogs.give_up(business, gone, over=is_now, change=change)
        return gone

    return retried(attempt)


def _there(known: Catalog | None) -> Catalog:
    """Raises UnknownBusiness."""
    if known is None:
        raise UnknownBusiness
    return known


def _read_if_any(business: str) -> Catalog | None:
    try:
        return read(business)
    except UnknownBusiness:
        return None


def save_follow_up_policy(
    business: str, policy: ServicePolicy, *, seen: str | None = None, change: Change | None = None
) -> ServicePolicy:
    """The next version, by which follow-ups are opened from now on; those that are open keep theirs.

    What is in force already is not saved again. Of two that are saved at once one is refused. Raises UnknownBusiness,
    Outdated, and InvalidSetting where a miss would be told to nobody.
    """
    asked = _Asked(seen)

    def attempt() -> ServicePolicy:
        known = read(business)
        check_told(known, policy)
        _make_sure_of_the_first_policy(business)
        number = known.follow_up_policy
        in_force = follow_up_policies.load(business, [number])[number]
        if replace(policy, number=number) == in_force:
            return in_force
        asked.must_be(str(number))
        return _next_policy(business, policy, after=number, change=change)

    return retried(attempt)


def check_told(known: Catalog, policy: ServicePolicy) -> None:
    """Raises InvalidSetting where a miss would be told to nobody."""
    policy.check_roles(frozenset(member.role for member in known.staff.values() if member.email))


def _make_sure_of_the_first_policy(business: str) -> None:
    """What was opened by the product's own before one was saved goes on by that one."""
    if not follow_up_policies.numbers(business):
        with suppress(Lost):
            _next_policy(business, ServicePolicy(), after=0)


def _next_policy(business: str, policy: ServicePolicy, *, after: int, change: Change | None = None) -> ServicePolicy:
    """With a line of the history where it is somebody's `change`. Raises Lost."""
    numbered = replace(policy, number=max(follow_up_policies.numbers(business), default=0) + 1)
    with together() as transaction:
        follow_up_policies.put(business, numbered, transaction, after=after)
        if change:
            number = str(numbered.number)
            line = SettingChange(FOLLOW_UP_POLICY, number, change.by.id, change.at, str(after), number)
            setting_changes.put(business, line, transaction)
    catalogs.forget()
    return numbered


def _without(ids: tuple[str, ...], id: str) -> tuple[str, ...]:
    return tuple(one for one in ids if one != id)


def with_its_zones(business: Business, before: Business | None, now: datetime) -> Business:
    """And the one it was in until now, for as long as a function may have the settings from before."""
    if before is None:
        return business
    if before.tz != business.tz:
        return replace(business, tz_before=before.tz, tz_before_until=now + OLD_SETTINGS)
    return replace(business, tz_before=before.tz_before, tz_before_until=before.tz_before_until)


def _list(business: Business, now: datetime) -> datetime | None:
    """Today's still, where its new hour has just passed; who had it already does not get it again."""
    return next_list(business, after=now - LIST_IS_NEWS)
