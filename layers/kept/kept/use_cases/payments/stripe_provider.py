"""Stripe, by its official library: it is in the layer of the functions that pay alone, and imported where it is used.

Every writing call is made under a key that is drawn from the payment's id, so that one whose answer was lost is found
again. Nothing is expanded; nothing of a card is ever seen here. No client of the library retries by itself: whoever
asks knows better when.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeVar

from kept.payments.payment import Payment, PaymentSeen, PaymentState, SecuredBy
from kept.payments.provider import OpenedPage, PaymentRefused, PaymentsUnavailable, PayPage, session_ends

STRIPE_API = "https://api.stripe.com"
TOLERANCE = 300
"""Seconds, by the machine's real clock: so old a webhook may be."""
WAITS = (3.0, 10.0)
"""Seconds until there is a connection, and for an answer."""
HUNDREDTHS = frozenset(
    ["AFN", "ALL", "IQD", "IRR", "ISK", "KPW", "LAK", "LBP", "MMK", "RSD", "SOS", "SYP", "UGX", "YER"]
)
"""Nothing costs a fraction of these, so ours are whole; Stripe counts them in hundredths all the same
(docs.stripe.com/currencies, "Zero-decimal currencies" and "Special cases")."""
LANGUAGES = {"en": "en", "zh-Hans": "zh"}
"""Ours, as the page to pay on calls them."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class StripeAccount:
    """A restricted key, and what webhooks are signed with; `base_url` is another address of the API."""

    key: str = field(repr=False)
    webhook_secret: str = field(repr=False)
    base_url: str = STRIPE_API


@dataclass(frozen=True, slots=True)
class ToldByStripe:
    """A webhook: what kind, and which payment of which business it is about, as far as it says so itself; else the
    intent that knows."""

    kind: str
    business: str = ""
    payment: str = ""
    intent: str = ""


class NotGenuine(Exception):
    """Not signed with the account's secret, or too old."""


class StripePayments:
    """The PaymentProvider of one account."""

    def __init__(self, account: StripeAccount) -> None:
        self._client = _client(account)

    def open_page(self, payment: Payment, page: PayPage) -> OpenedPage:
        named = {"business": payment.business, "payment": payment.id}
        currency = payment.amount.currency.lower()
        said: dict[str, Any] = {
            "success_url": page.paid_at,
            "cancel_url": page.left_at,
            "expires_at": int(session_ends(payment).timestamp()),
            "client_reference_id": payment.id,
            "customer_creation": "always",
            "locale": LANGUAGES.get(page.language, "auto"),
            "metadata": named,
        }
        if page.consent:
            said["custom_text"] = {"submit": {"message": page.consent}}
        if payment.plan is SecuredBy.SAVE_CARD:
            said |= {"mode": "setup", "currency": currency, "setup_intent_data": {"metadata": named}}
        else:
            amount = stripe_units(payment.amount.minor, payment)
            price = {"currency": currency, "unit_amount": amount, "product_data": {"name": page.title}}
            said |= {
                "mode": "payment",
                "line_items": [{"price_data": price, "quantity": 1}],
                "payment_intent_data": {"metadata": named},
            }
        if payment.plan is SecuredBy.HOLD:  # what cannot hold is taken at once
            said["payment_method_options"] = {"card": {"capture_method": "manual"}}
        made = _asked(lambda: self._client.v1.checkout.sessions.create(said, _named(payment, "page")))
        return OpenedPage(made.id, made.url or "")

    def close_page(self, payment: Payment) -> None:
        """One that is over already is as good."""
        with suppress(PaymentRefused):
            _asked(lambda: self._client.v1.checkout.sessions.expire(payment.session, {}, _named(payment, "close")))

    def look(self, payment: Payment) -> PaymentSeen:
        if payment.intent:
            return self._intent(payment.intent, payment)
        if not payment.session:
            return PaymentSeen(PaymentState.OPEN)
        session = _asked(lambda: self._client.v1.checkout.sessions.retrieve(payment.session))
        if session.status == "expired":
            return PaymentSeen(PaymentState.CLOSED)
        if session.status != "complete":
            return PaymentSeen(PaymentState.OPEN)
        if session.mode == "setup":
            setup = _asked(lambda: self._client.v1.setup_intents.retrieve(str(session.setup_intent)))
            return PaymentSeen(PaymentState.CARD_SAVED, customer=str(setup.customer), method=str(setup.payment_method))
        return self._intent(str(session.payment_intent), payment)

    def authorise(self, payment: Payment) -> PaymentSeen:
        named = {"business": payment.business, "payment": payment.id}
        said: dict[str, Any] = {
            "amount": stripe_units(payment.amount.minor, payment),
            "currency": payment.amount.currency.lower(),
            "customer": payment.customer,
            "payment_method": payment.method,
            "payment_method_types": ["card"],
            "capture_method": "manual",
            "off_session": True,
            "confirm": True,
            "metadata": named,
        }
        try:
            made = _asked(lambda: self._client.v1.payment_intents.create(said, _named(payment, "authorise")))
        except CardDeclined as declined:
            return PaymentSeen(PaymentState.DECLINED, failure=str(declined))
        return self._intent(made.id, payment)

    def take(self, payment: Payment) -> None:
        _asked(lambda: self._client.v1.payment_intents.capture(payment.intent, {}, _named(payment, "take")))

    def free(self, payment: Payment) -> None:
        reason: Any = {"cancellation_reason": "requested_by_customer"}
        _asked(lambda: self._client.v1.payment_intents.cancel(payment.intent, reason, _named(payment, "free")))

    def give_back(self, payment: Payment, minor: int) -> None:
        said: Any = {
            "payment_intent": payment.intent,
            "amount": stripe_units(minor, payment),
            "metadata": {"business": payment.business, "payment": payment.id},
        }
        _asked(lambda: self._client.v1.refunds.create(said, _named(payment, f"give-back-{payment.given_back}")))

    def payment_of(self, intent: str) -> Mapping[str, str]:
        """What it was named after, for a webhook that does not say so itself."""
        return dict(_asked(lambda: self._client.v1.payment_intents.retrieve(intent)).metadata.to_dict())

    def _intent(self, id: str, payment: Payment) -> PaymentSeen:
        intent = _asked(lambda: self._client.v1.payment_intents.retrieve(id))
        seen = PaymentSeen(_STATES.get(intent.status, payment.state), intent=id, customer=str(intent.customer or ""))
        if not intent.latest_charge or seen.state not in (PaymentState.HELD, PaymentState.TAKEN):
            return seen
        charge = _asked(lambda: self._client.v1.charges.retrieve(str(intent.latest_charge)))
        given = charge.amount_refunded if charge.captured else 0
        details: Any = charge.payment_method_details
        before = getattr(getattr(details, "card", None), "capture_before", None)
        is_back = seen.state is PaymentState.TAKEN and given >= intent.amount_received > 0
        return PaymentSeen(
            PaymentState.GIVEN_BACK if is_back else seen.state,
            intent=id,
            customer=seen.customer,
            taken=our_units(intent.amount_received, payment),
            given_back=our_units(given, payment),
            lapses_at=datetime.fromtimestamp(before, UTC) if before and not charge.captured else None,
        )


def stripe_units(minor: int, payment: Payment) -> int:
    return minor * _times(payment)


def our_units(units: int, payment: Payment) -> int:
    return units // _times(payment)


def _times(payment: Payment) -> int:
    return 100 if payment.amount.currency in HUNDREDTHS else 1


_STATES = {
    "requires_capture": PaymentState.HELD,
    "succeeded": PaymentState.TAKEN,
    "canceled": PaymentState.FREED,
}
"""What else an intent can be is still on its way."""


class CardDeclined(PaymentRefused):
    """The card; the text says why."""


def genuine(account: StripeAccount, body: str, signature: str) -> ToldByStripe:
    """Raises NotGenuine."""
    import stripe

    try:
        event = stripe.Webhook.construct_event(body, signature, account.webhook_secret, tolerance=TOLERANCE)
    except (stripe.SignatureVerificationError, ValueError) as error:
        raise NotGenuine(type(error).__name__) from error
    about = event.data.object.to_dict()
    named, intent = about.get("metadata") or {}, about.get("payment_intent") or ""
    if about.get("object") == "payment_intent":
        intent = about["id"]
    return ToldByStripe(event.type, str(named.get("business", "")), str(named.get("payment", "")), str(intent))


@cache
def _client(account: StripeAccount) -> Any:
    import stripe

    http = stripe.RequestsClient(timeout=WAITS)
    addresses: Any = {"api": account.base_url}
    return stripe.StripeClient(account.key, base_addresses=addresses, http_client=http, max_network_retries=0)


def _named(payment: Payment, act: str) -> Any:
    return {"idempotency_key": f"kept-{payment.business}-{payment.id}-{payment.tries}-{act}"}


def _asked(call: Callable[[], T]) -> T:
    """Raises PaymentsUnavailable, CardDeclined, PaymentRefused; a key in flight is asked for again as well."""
    import stripe

    try:
        return call()
    except stripe.CardError as error:
        raise CardDeclined(error.code or "declined") from error
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise PaymentsUnavailable(type(error).__name__) from error
    except stripe.StripeError as error:
        if error.http_status is None or error.http_status >= 500 or error.http_status == 409:
            raise PaymentsUnavailable(type(error).__name__) from error
        raise PaymentRefused(error.code or type(error).__name__) from error
