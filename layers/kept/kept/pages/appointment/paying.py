"""To the page of the provider on which a deposit is paid, and back from it to the appointment's own."""

from datetime import timedelta

from aws_lambda_powertools.event_handler import Response

from kept.pages.appointment.appointment_page import AppointmentPage, opened
from kept.pages.page_request import PageRequest
from kept.pages.render import see_other
from kept.payments.payment import PaymentState
from kept.payments.provider import PayPage
from kept.payments.refusals import NothingToPay, NotPaidOnline
from kept.settings import setting
from kept.use_cases.payments import paying
from kept.use_cases.payments.provider_of import provider_of

LED = timedelta(minutes=5)
"""After booking: for as long a browser may be on its way."""
SAID = {
    PaymentState.CARD_SAVED: "paid",
    PaymentState.HELD: "paid",
    PaymentState.TAKEN: "paid",
    PaymentState.FREED: "paid_too_late",
    PaymentState.GIVEN_BACK: "paid_too_late",
}


def begin(visit: PageRequest, token: str) -> Response[str]:
    """Pressed twice it leads to the same page. Raises NothingToPay, NotPaidOnline."""
    mine = opened(visit, token)
    address = paying.begin(
        mine.catalog, mine.appointment.id, _page(mine, token), provider_of(mine.appointment.business), now=visit.now
    )
    mine.acted()
    return see_other(address)


def begin_once_booked(visit: PageRequest, token: str) -> Response[str]:
    """Led here by the form of booking, and by nothing else: later on opening it leads to their own page, whose button
    does it. There as well where it cannot be paid so now."""
    mine = opened(visit, token)
    own = see_other(mine.at(done="deposit_asked"))
    if visit.now >= mine.appointment.chosen_at + LED:
        return own
    try:
        return begin(visit, token)
    except (NothingToPay, NotPaidOnline):
        return own


def back(visit: PageRequest, token: str) -> Response[str]:
    """From there, paid or not: nothing is believed but what the provider says."""
    mine = opened(visit, token)
    payment = paying.come_back(mine.catalog, mine.appointment.id, provider_of, now=visit.now)
    if payment and payment.refused:
        return see_other(mine.at(done="paid_too_late"))
    done = SAID.get(payment.state) if payment else None
    return see_other(mine.at(done=done) if done else mine.at())


def _page(mine: AppointmentPage, token: str) -> PayPage:
    site = setting("PUBLIC_URL").rstrip("/")
    says = mine.reader.language.says
    return PayPage(
        title=says("pay.title", service=mine.letter.service),
        language=mine.reader.language.tag,
        paid_at=f"{site}{mine.reader.to(f'/pay/{token}/back')}",
        left_at=f"{site}{mine.reader.to(f'/pay/{token}/back')}",
        consent=says("pay.consent", business=mine.catalog.business.name),
    )
