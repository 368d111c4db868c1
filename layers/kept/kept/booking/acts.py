"""What staff can do with a visit as it stands, the likeliest first: one answer for every screen."""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum

from kept.booking.appointment import Appointment
from kept.booking.states import MOVES, Status


class Act(StrEnum):
    """Each is a route of the desk, by this name; REVERSE asks for its reason."""

    APPROVE = "approve"
    DECLINE = "decline"
    CHECK_IN = "check-in"
    BEGIN = "begin"
    COMPLETE = "complete"
    REVERSE = "reverse-no-show"
    RELEASE = "release"
    CONFIRM = "confirm"
    NO_SHOW = "no-show"
    CANCEL = "cancel"
    UNDO = "undo"


LEADS_TO = {
    Act.CHECK_IN: Status.ARRIVED,
    Act.BEGIN: Status.IN_SERVICE,
    Act.COMPLETE: Status.COMPLETED,
    Act.CONFIRM: Status.CONFIRMED,
    Act.NO_SHOW: Status.NO_SHOW,
    Act.CANCEL: Status.CANCELLED,
}
NOT_BEFORE_IT_BEGINS = frozenset({Act.COMPLETE, Act.NO_SHOW})
"""Of one who is only expected."""


def acts(visit: Appointment, *, checks_in: bool, now: datetime) -> tuple[Act, ...]:
    """Without checking in nobody need arrive before they have been there."""
    offered = set(_offered(visit, now))
    usual = offered if checks_in or not visit.is_expected else offered - {Act.CHECK_IN}
    return tuple(act for act in Act if act in usual)


def _offered(visit: Appointment, now: datetime) -> Iterator[Act]:
    early = visit.is_expected and now < visit.starts
    if visit.status is Status.NO_SHOW:
        yield Act.REVERSE
        if not visit.released and now < visit.ends:
            yield Act.RELEASE
    elif visit.status is Status.ASKED_FOR:
        if visit.held_until is None or now < visit.held_until:
            yield from (Act.APPROVE, Act.DECLINE)
    else:
        leads = (act for act, to in LEADS_TO.items() if to in MOVES[visit.status])
        yield from (act for act in leads if not (early and act in NOT_BEFORE_IT_BEGINS))
    if visit.before is not None:
        yield Act.UNDO
