"""Who signs in at a business, as its owners say: one change at a time, by somebody who is an owner at that moment.

Of two owners who take each other's role at once the second is none any more when it is their turn, and is refused.
What remains is Cognito's own: where its list is late by a moment, the change before is not seen yet.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

from kept.actor import Change
from kept.business.catalog import Catalog
from kept.business.refusals import SignedInAlready, UnknownStaff
from kept.business.setting_change import SIGN_IN, SettingChange
from kept.business.sign_in import Role, SignIn, must_be_an_owner, must_be_another
from kept.errors import Refusal
from kept.storage import catalogs, setting_changes, sign_ins
from kept.storage.codec import whole_json
from kept.storage.leases import alone_at

AT = "sign-ins"


def all_of(business: str) -> list[SignIn]:
    """Who may do most first, then by address."""
    ranks = list(Role)
    return sorted(sign_ins.load(business).values(), key=lambda it: (-ranks.index(it.role), it.email))


def invite(business: str, email: str, role: Role, staff: str, *, me: str, change: Change) -> SignIn:
    """Raises RoleRequired, UnknownStaff, EmailInUse, InProgress."""
    _must_work_here(catalogs.load(business), staff)
    with _by_an_owner(business, me, change):
        sign_ins.must_be_free(business, email)
        made = SignIn(sign_ins.id_of(email), email, role, staff, is_active=True, is_invited=True, at=change.at)
        with _noted(business, None, made, change):
            sign_ins.invite(business, email, role, staff)
    return sign_ins.afresh(email, role)


def change(business: str, id: str, *, role: Role | None, staff: str | None, me: str, change: Change) -> SignIn:
    """What is None stays. Who may do less from now on is signed out. Raises RoleRequired, UnknownSignIn, UnknownStaff,
    OwnSignIn, InProgress."""
    if staff is not None:
        _must_work_here(catalogs.load(business), staff)
    with _by_an_owner(business, me, change) as known:
        found = sign_ins.find(known, id)
        wanted = replace(found, role=role or found.role, staff=found.staff if staff is None else staff)
        if wanted.role != found.role:
            must_be_another(me, found)
        with _noted(business, found, wanted, change):
            if wanted.staff != found.staff:
                sign_ins.set_staff(found, wanted.staff)
            if role:
                sign_ins.set_role(found, role)
            if wanted != found:
                sign_ins.sign_out(found)
    return sign_ins.afresh(found.email, wanted.role)


def stop(business: str, id: str, *, me: str, change: Change) -> SignIn:
    """Raises RoleRequired, UnknownSignIn, OwnSignIn, InProgress."""
    with _by_an_owner(business, me, change) as known:
        found = sign_ins.find(known, id)
        must_be_another(me, found)
        with _noted(business, found, replace(found, is_active=False), change):
            sign_ins.stop(found)
    return sign_ins.afresh(found.email, found.role)


def start(business: str, id: str, *, me: str, change: Change) -> SignIn:
    """Raises RoleRequired, UnknownSignIn, InProgress."""
    with _by_an_owner(business, me, change) as known:
        found = sign_ins.find(known, id)
        with _noted(business, found, replace(found, is_active=True), change):
            sign_ins.start(found)
    return sign_ins.afresh(found.email, found.role)


def invite_again(business: str, id: str, *, me: str, change: Change) -> SignIn:
    """Raises RoleRequired, UnknownSignIn, SignedInAlready, InProgress."""
    with _by_an_owner(business, me, change) as known:
        found = sign_ins.find(known, id)
        if not found.is_invited:
            raise SignedInAlready
        sign_ins.write_again(found.email)
    return sign_ins.afresh(found.email, found.role)


@contextmanager
def _by_an_owner(business: str, me: str, change: Change) -> Iterator[Mapping[str, SignIn]]:
    """Everybody as they are now, while nobody else changes them."""
    with alone_at(AT, business, now=change.at):
        known = sign_ins.load(business)
        must_be_an_owner(me, known.values())
        yield known


@contextmanager
def _noted(business: str, was: SignIn | None, now: SignIn, change: Change) -> Iterator[None]:
    """Its line of the history is written first, for Cognito knows no common write: what is cut short leaves a line of
    what may not have been done, never an act without one. What is refused, or was so before, leaves none."""
    if was == now:
        yield
        return
    before, after = (whole_json(it) if it else "" for it in (was, now))
    line = SettingChange(SIGN_IN, now.id, change.by.id, change.at, before, after)
    key = setting_changes.put_alone(business, line)
    try:
        yield
    except Refusal:
        setting_changes.drop(business, key)
        raise


def _must_work_here(catalog: Catalog, staff: str) -> None:
    if staff and staff not in catalog.staff:
        raise UnknownStaff("This business has no such staff member.")
