"""Cancelling an appointment: what it means, why in one tap, and the button that does it."""

from functools import partial

from aws_lambda_powertools.event_handler import Response

from kept import ids
from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment
from kept.booking.states import CancelReason
from kept.errors import InvalidRequest
from kept.pages.appointment.appointment_page import opened
from kept.pages.appointment.offers import offers
from kept.pages.page_request import PageForm, PageRequest
from kept.pages.render import page, see_other
from kept.use_cases.booking.change import apply_change


def ask(visit: PageRequest, token: str) -> Response[str]:
    """Raises what cancelling would."""
    mine = opened(visit, token)
    business = mine.catalog.business
    mine.appointment.cancel(Change(CLIENT, visit.now), rules=business.changes)
    may = offers(mine.appointment, mine.catalog, now=visit.now)
    template = "withdraw" if mine.appointment.is_tentative else "cancel"
    return page(mine.reader, template, mine=mine, may=may, reasons=CancelReason, key=ids.new("k"))


def cancel(visit: PageRequest, token: str) -> Response[str]:
    mine, form = opened(visit, token), visit.typed()
    change = visit.change_by(form, why=_reason(form))
    act = partial(Appointment.cancel, change=change, rules=mine.catalog.business.changes)
    gone = apply_change(mine.catalog, mine.appointment.id, act, change, version=form.version())
    return see_other(mine.at(done="cancelled" if gone.was_booked else "withdrawn"))


def _reason(form: PageForm) -> CancelReason:
    """They need not say."""
    try:
        return CancelReason(form.one("reason") or CancelReason.OTHER)
    except ValueError as error:
        raise InvalidRequest(fields=[{"field": "reason", "reason": "one of those on the page"}]) from error
