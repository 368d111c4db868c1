"""Who signs in at a business, as its owners say: one change at a time, by somebody who is an owner at that moment.

Of two owners who take each other's role at once the second is none any more when it is their turn, and is refused.
What remains is Cognito's own: where its list is late by a moment, the change before is not seen yet.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from kept.business.catalog import Catalog
from kept.business.refusals import SignedInAlready, UnknownStaff
from kept.business.sign_in import Role, SignIn, must_be_an_owner, must_be_another
from kept.storage import catalogs, sign_ins
from kept.storage.leases import alone_at

AT = "sign-ins"


def all_of(business: str) -> list[SignIn]:
    """Who may do most first, then by address."""
    ranks = list(Role)
    return sorted(sign_ins.load(business).values(), key=lambda it: (-ranks.index(it.role), it.email))


def invite(business: str, email: str, role: Role, staff: str, *, me: str, now: datetime) -> SignIn:
    """Raises RoleRequired, UnknownStaff, EmailInUse, InProgress."""
    _must_work_here(catalogs.load(business), staff)
    with _by_an_owner(business, me, now):
        sign_ins.invite(business, email, role, staff)
    return sign_ins.afresh(email, role)


def change(business: str, id: str, *, role: Role | None, staff: str | None, me: str, now: datetime) -> SignIn:
    """What is None stays. Who may do less from now on is signed out. Raises RoleRequired, UnknownSignIn, UnknownStaff,
    OwnSignIn, InProgress."""
    if staff is not None:
        _must_work_here(catalogs.load(business), staff)
    with _by_an_owner(business, me, now) as known:
        found = sign_ins.find(known, id)
        if role not in (None, found.role):
            must_be_another(me, found)
        if staff not in (None, found.staff):
            sign_ins.set_staff(found, staff or "")
        if role:
            sign_ins.set_role(found, role)
        if role not in (None, found.role) or staff not in (None, found.staff):
            sign_ins.sign_out(found)
    return sign_ins.afresh(found.email, role or found.role)


def stop(business: str, id: str, *, me: str, now: datetime) -> SignIn:
    """Raises RoleRequired, UnknownSignIn, OwnSignIn, InProgress."""
    with _by_an_owner(business, me, now) as known:
        found = sign_ins.find(known, id)
        must_be_another(me, found)
        sign_ins.stop(found)
    return sign_ins.afresh(found.email, found.role)


def start(business: str, id: str, *, me: str, now: datetime) -> SignIn:
    """Raises RoleRequired, UnknownSignIn, InProgress."""
    with _by_an_owner(business, me, now) as known:
        found = sign_ins.find(known, id)
        sign_ins.start(found)
    return sign_ins.afresh(found.email, found.role)


def invite_again(business: str, id: str, *, me: str, now: datetime) -> SignIn:
    """Raises RoleRequired, UnknownSignIn, SignedInAlready, InProgress."""
    with _by_an_owner(business, me, now) as known:
        found = sign_ins.find(known, id)
        if not found.is_invited:
            raise SignedInAlready
        sign_ins.write_again(found.email)
    return sign_ins.afresh(found.email, found.role)


@contextmanager
def _by_an_owner(business: str, me: str, now: datetime) -> Iterator[Mapping[str, SignIn]]:
    """Everybody as they are now, while nobody else changes them."""
    with alone_at(AT, business, now=now):
        known = sign_ins.load(business)
        must_be_an_owner(me, known.values())
        yield known


def _must_work_here(catalog: Catalog, staff: str) -> None:
    if staff and staff not in catalog.staff:
        raise UnknownStaff("This business has no such staff member.")
