"""Who signs in, as leaders see it."""

from collections.abc import Iterable
from datetime import datetime

from kept.api.base import Answer
from kept.business.sign_in import TOKEN_LASTS, Role, SignIn


class SignInAnswer(Answer):
    """`invited` until they have chosen a password; `me` is whoever asks."""

    id: str
    email: str
    role: Role
    staff: str
    active: bool
    invited: bool
    me: bool
    changed_at: datetime


class SignInsAnswer(Answer):
    """Who is stopped or may do less may go on for up to `minutes_left` with what they have open; `may_change` is
    whether whoever asks is an owner."""

    sign_ins: list[SignInAnswer]
    minutes_left: int
    may_change: bool


def one(it: SignIn, me: str) -> SignInAnswer:
    return SignInAnswer(
        id=it.id,
        email=it.email,
        role=it.role,
        staff=it.staff,
        active=it.is_active,
        invited=it.is_invited,
        me=it.id == me,
        changed_at=it.at,
    )


def every(them: Iterable[SignIn], me: str, *, may_change: bool) -> SignInsAnswer:
    minutes = int(TOKEN_LASTS.total_seconds() // 60)
    return SignInsAnswer(sign_ins=[one(it, me) for it in them], minutes_left=minutes, may_change=may_change)
