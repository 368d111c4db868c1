"""Paying a deposit online: a client is led to the provider's page and comes back, and the provider tells what became.

Stripe calls an address of its own business, with the secret that this business and Stripe share.
"""

from typing import Any

from aws_lambda_powertools.event_handler import Response

from kept import clock
from kept.api.app import entrance, refused
from kept.errors import InvalidRequest, Refusal
from kept.messaging.refusals import NotSigned
from kept.pages.app import PageApp
from kept.pages.appointment import paying
from kept.payments.provider import PaymentsUnavailable
from kept.payments.refusals import NotPaidOnline
from kept.use_cases.payments.hearing import hear
from kept.use_cases.payments.provider_of import account_of, provider_of
from kept.use_cases.payments.stripe_provider import NotGenuine, genuine

LARGEST = 64 * 1024
"""Letters; an event has a few thousand."""

app = PageApp(LARGEST)
handler = entrance(app)


@app.post("/pay/<token>")
def pay(token: str) -> Response[Any]:
    return paying.begin(app.visit, token)


@app.get("/pay/<token>")
def pay_once_booked(token: str) -> Response[Any]:
    return paying.begin_once_booked(app.visit, token)


@app.get("/pay/<token>/back")
def back(token: str) -> Response[Any]:
    return paying.back(app.visit, token)


@app.post("/v1/inbound/stripe/<business>")
def from_stripe(business: str) -> Response[str]:
    """Signed as Stripe signs; what is older than five minutes by the real clock is refused. What cannot be looked at
    now is told again."""
    try:
        _heard(business)
    except Refusal as refusal:
        return refused(refusal)
    except PaymentsUnavailable:
        return refused(NotPaidOnline(later=True))
    return Response(200, "application/json", "{}")


def _heard(business: str) -> None:
    try:
        account = account_of(business)
        told = genuine(account, _body(), app.current_event.headers.get("stripe-signature", ""))
    except (NotPaidOnline, NotGenuine) as error:
        raise NotSigned from error
    hear(business, told, provider_of(business), now=clock.now())


def _body() -> str:
    try:
        return app.current_event.decoded_body or ""
    except ValueError as error:
        raise InvalidRequest(fields=[{"field": "body", "reason": "not text"}]) from error
