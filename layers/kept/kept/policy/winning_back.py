"""Why a client cancelled, and what is offered to them in answer: a way that suits them better, or a call."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from kept.actor import CLIENT
from kept.booking.appointment import Appointment
from kept.booking.history import NO_SHOW_REVERSED, Event
from kept.booking.states import CancelReason, Status
from kept.business.catalog import Catalog, Mode, Service

MOST = 3
"""Services that are offered."""
SOON = timedelta(days=14)
"""Whoever books anew so long after they cancelled was won back."""


class WayBack(StrEnum):
    """What is offered: services to book instead, the same at another time, or a call."""

    WITHOUT_COMING = "without_coming"
    CHEAPER = "cheaper"
    OTHER_TIME = "other_time"
    TALK = "talk"
    LATER = "later"
    URGENT = "urgent"
    """It should not wait: by video or telephone, or a call about it."""


CALLS = frozenset({WayBack.TALK, WayBack.LATER, WayBack.URGENT})
BY_REASON = {
    CancelReason.CONVENIENCE: WayBack.WITHOUT_COMING,
    CancelReason.TIME: WayBack.OTHER_TIME,
    CancelReason.EXPECTATION: WayBack.TALK,
    CancelReason.COST: WayBack.CHEAPER,
    CancelReason.NEED: WayBack.LATER,
    CancelReason.ILLNESS: WayBack.LATER,
    CancelReason.OTHER: WayBack.OTHER_TIME,
}


@dataclass(frozen=True, slots=True)
class WinningBack:
    """`services` are those to book instead, the dearest of the cheaper ones first."""

    answer: WayBack
    services: tuple[Service, ...] = ()


def why_cancelled(appointment: Appointment) -> CancelReason | None:
    """What its client chose in one tap; None where they did not cancel it, or not by a tap."""
    line = cancelling(appointment)
    return said_why(line) if line and line.by == CLIENT.kind else None


def cancelling(appointment: Appointment) -> Event | None:
    """The line by which it was cancelled; None where it is not, or was missed and taken back since."""
    if appointment.status is not Status.CANCELLED:
        return None
    last = next((it for it in reversed(appointment.history) if it.what in ("cancelled", NO_SHOW_REVERSED)), None)
    return last if last and last.what == "cancelled" else None


def said_why(line: Event) -> CancelReason | None:
    said = line.why.partition(":")[0]
    return CancelReason(said) if said in set(CancelReason) else None


def came_back(cancelled: Appointment, other: Appointment) -> bool:
    """Whether that is a visit which its client booked after they had cancelled this one, and soon."""
    line = cancelling(cancelled)
    if line is None or why_cancelled(cancelled) is None or other.id == cancelled.id:
        return False
    return other.client == cancelled.client and line.at <= other.booked_at <= line.at + SOON


def should_not_wait(appointment: Appointment, service: Service) -> bool:
    """Urgent work in person that was cancelled too late: whether it could be done otherwise is asked."""
    is_cancelled = appointment.status is Status.CANCELLED and appointment.late
    return service.urgent and service.mode is Mode.IN_PERSON and is_cancelled


def winning_back(appointment: Appointment, catalog: Catalog) -> WinningBack | None:
    """Where there is nothing to offer of the kind, it is the same at another time. What should not wait comes before
    the reason."""
    if should_not_wait(appointment, service := catalog.service_of(appointment)):
        return WinningBack(WayBack.URGENT, _without_coming(service, catalog))
    if (reason := why_cancelled(appointment)) is None:
        return None
    answer = BY_REASON[reason]
    if answer not in (WayBack.WITHOUT_COMING, WayBack.CHEAPER):
        return WinningBack(answer)
    find = _without_coming if answer is WayBack.WITHOUT_COMING else _cheaper
    services = find(service, catalog)
    return WinningBack(answer, services) if services else WinningBack(WayBack.OTHER_TIME)


def _without_coming(given_up: Service, catalog: Catalog) -> tuple[Service, ...]:
    """By video or telephone; with the same people first."""
    found = [it for it in catalog.services.values() if it.mode is not Mode.IN_PERSON and it.id != given_up.id]
    return tuple(sorted(found, key=lambda it: not set(it.staff) & set(given_up.staff)))[:MOST]


def _cheaper(given_up: Service, catalog: Catalog) -> tuple[Service, ...]:
    """Of the same category, in the same currency."""
    price = given_up.price
    if price is None:
        return ()
    found = [
        (it.price.minor, it)
        for it in catalog.services.values()
        if it.category == given_up.category
        and it.price is not None
        and it.price.currency == price.currency
        and it.price.minor < price.minor
    ]
    return tuple(it for _, it in sorted(found, key=lambda one: -one[0]))[:MOST]
