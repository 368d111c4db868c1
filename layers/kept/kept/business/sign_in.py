"""A sign-in: the address by which one person enters the desk of their business, and what they may do there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kept.business.refusals import OwnSignIn
from kept.errors import RoleRequired


class Role(StrEnum):
    """From the least to the most: each may do what stands before it."""

    STAFF = "staff"
    MANAGER = "manager"
    OWNER = "owner"


TOKEN_LASTS = timedelta(minutes=15)
"""What somebody was let do before they were stopped they may do for so long still: API Gateway goes by the token."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """`id` is a digest of the address; `staff` is who of the business's staff they are, "" for none of them.

    `is_invited` until they have chosen a password of their own; `at` is when it was last changed.
    """

    id: str
    email: str
    role: Role
    staff: str
    is_active: bool
    is_invited: bool
    at: datetime


def must_be_an_owner(me: str, known: Iterable[SignIn]) -> None:
    """As it is now, for a token says what they were when it was given to them. Raises RoleRequired."""
    if not any(it.id == me and it.is_active and it.role == Role.OWNER for it in known):
        raise RoleRequired(needed=Role.OWNER.value)


def must_be_another(me: str, changed: SignIn) -> None:
    """Whose role or access is taken: as whoever does it is an owner, and nobody does it to themself, the last owner
    there is can never be shut out. Raises OwnSignIn."""
    if changed.id == me:
        raise OwnSignIn
