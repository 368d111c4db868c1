"""The stand-in for Stripe is held to the official library: it asks, reads the answers, and verifies what is told."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import stripe
from stripe import StripeClient

from infra.local.providers.answers import Request
from infra.local.providers.faults import Receipts
from infra.local.providers.stripe import decoded
from infra.local.providers.stripe_books import Books
from infra.local.providers.stripe_cards import CARDS
from tests.local.requests_to_providers import posted
from tests.local.stripe_wire import BUSINESS, NOW, OTHER, Wire, a_stripe

FINE, DECLINED, BANK = "4242424242424242", "4000000000000002", "4000002500003155"


@pytest.fixture
def wire() -> Iterator[Wire]:
    with a_stripe() as wire:
        yield wire


@pytest.fixture
def client(wire: Wire) -> StripeClient:
    return wire.client()


def held(client: StripeClient, amount: int = 2_000, method: str = "pm_card_visa", **more: Any) -> Any:
    said: Any = {
        "amount": amount,
        "currency": "usd",
        "capture_method": "manual",
        "payment_method": method,
        "confirm": True,
    }
    return client.v1.payment_intents.create(said | more)


def session(client: StripeClient, **more: Any) -> Any:
    price = {"currency": "usd", "unit_amount": 2_000, "product_data": {"name": "Deposit"}}
    said: Any = {
        "mode": "payment",
        "line_items": [{"price_data": price, "quantity": 1}],
        "payment_method_options": {"card": {"capture_method": "manual"}},
        "success_url": "http://127.0.0.1:1/back?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "http://127.0.0.1:1/left",
        "expires_at": int((NOW + timedelta(minutes=31)).timestamp()),
    }
    return client.v1.checkout.sessions.create(said | more)


def refused(call: Callable[[], Any]) -> tuple[str, int, str | None]:
    """The class that the library makes of it, the status and the code."""
    with pytest.raises(stripe.StripeError) as error:
        call()
    return type(error.value).__name__, int(error.value.http_status or 0), error.value.code


def test_what_is_authorised_is_held_captured_and_given_back(client: StripeClient, wire: Wire) -> None:
    """Less than was held may be taken, and of that a part given back; each is told of in its order."""
    intent = held(client)
    assert (intent.status, intent.amount_capturable, intent.amount_received) == ("requires_capture", 2_000, 0)
    assert isinstance(intent.latest_charge, str)
    charge = client.v1.charges.retrieve(intent.latest_charge)
    card = charge.payment_method_details.card  # type: ignore[union-attr]
    assert card.capture_before == int((NOW + timedelta(days=7)).timestamp())  # type: ignore[union-attr]
    taken = client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 1_500})
    assert (taken.status, taken.amount_capturable, taken.amount_received) == ("succeeded", 0, 1_500)
    given = client.v1.refunds.create({"payment_intent": intent.id, "amount": 500})
    assert (given.status, given.amount) == ("succeeded", 500)
    assert wire.kinds == [
        "payment_intent.created", "payment_intent.amount_capturable_updated", "charge.succeeded", "charge.captured",
        "payment_intent.succeeded", "refund.created", "charge.refunded",
    ]  # fmt: skip


def test_an_authorisation_that_is_cancelled_takes_nothing(client: StripeClient) -> None:
    """It is free at once."""
    intent = held(client)
    ended = client.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "requested_by_customer"})
    assert (ended.status, ended.amount_capturable, ended.amount_received) == ("canceled", 0, 0)
    assert ended.canceled_at == int(NOW.timestamp())


WRONG: dict[str, tuple[Callable[[StripeClient], Any], tuple[str, int, str | None]]] = {
    "more is captured than is held": (
        lambda c: c.v1.payment_intents.capture(held(c).id, {"amount_to_capture": 2_001}),
        ("InvalidRequestError", 400, "amount_too_large"),
    ),
    "captured twice": (
        lambda c: [c.v1.payment_intents.capture(id) for id in [held(c).id] * 2],
        ("InvalidRequestError", 400, "payment_intent_unexpected_state"),
    ),
    "captured after it was cancelled": (
        lambda c: c.v1.payment_intents.capture(c.v1.payment_intents.cancel(held(c).id).id),
        ("InvalidRequestError", 400, "payment_intent_unexpected_state"),
    ),
    "cancelled after it was captured": (
        lambda c: c.v1.payment_intents.cancel(c.v1.payment_intents.capture(held(c).id).id),
        ("InvalidRequestError", 400, "payment_intent_unexpected_state"),
    ),
    "given back before it was captured": (
        lambda c: c.v1.refunds.create({"payment_intent": held(c).id}),
        ("InvalidRequestError", 400, "charge_not_captured"),
    ),
    "more is given back than was taken": (
        lambda c: c.v1.refunds.create({"payment_intent": held(c, capture_method="automatic").id, "amount": 2_001}),
        ("InvalidRequestError", 400, None),
    ),
    "given back twice": (
        lambda c: [c.v1.refunds.create({"payment_intent": i}) for i in [held(c, capture_method="automatic").id] * 2],
        ("InvalidRequestError", 400, "charge_already_refunded"),
    ),
    "too little": (lambda c: held(c, amount=49), ("InvalidRequestError", 400, "amount_too_small")),
    "no whole number": (lambda c: held(c, amount=20.5), ("InvalidRequestError", 400, "parameter_invalid_integer")),  # type: ignore[arg-type]
    "nothing": (lambda c: held(c, amount=0), ("InvalidRequestError", 400, "parameter_invalid_integer")),
    "something that it does not know": (lambda c: held(c, tip=1), ("InvalidRequestError", 400, "parameter_unknown")),
    "declined": (lambda c: held(c, method="pm_card_chargeDeclined"), ("CardError", 402, "card_declined")),
    "expired": (lambda c: held(c, method="pm_card_chargeDeclinedExpiredCard"), ("CardError", 402, "expired_card")),
    "nobody is there to approve it": (
        lambda c: held(c, method="pm_card_authenticationRequired", off_session=True),
        ("CardError", 402, "authentication_required"),
    ),
    "unknown": (
        lambda c: c.v1.payment_intents.retrieve("pi_nothing"),
        ("InvalidRequestError", 404, "resource_missing"),
    ),
    "a session that lives too short": (
        lambda c: session(c, expires_at=int((NOW + timedelta(minutes=5)).timestamp())),
        ("InvalidRequestError", 400, None),
    ),
    "a session that is ended twice": (
        lambda c: [c.v1.checkout.sessions.expire(id) for id in [session(c).id] * 2],
        ("InvalidRequestError", 400, None),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_makes_no_sense_is_refused_as_stripe_refuses_it(client: StripeClient, case: str) -> None:
    """By the class that the library makes of it, its status and its code."""
    call, expected = WRONG[case]
    assert refused(lambda: call(client)) == expected


def test_an_account_sees_nothing_of_another_s(client: StripeClient, wire: Wire) -> None:
    """Each key opens one account, and a wrong one none."""
    intent, other = held(client), wire.client(OTHER)
    assert refused(lambda: other.v1.payment_intents.capture(intent.id))[1:] == (404, "resource_missing")
    assert other.v1.payment_intents.list().data == []
    nobody = StripeClient("rk_test_nobody", base_addresses={"api": f"{wire.url}/console/providers/stripe"})
    assert refused(lambda: nobody.v1.payment_intents.list())[:2] == ("AuthenticationError", 401)


def test_the_same_key_is_the_same_answer_for_a_day(client: StripeClient, wire: Wire) -> None:
    """Also where the first answer was lost, and where it was that the card is declined."""
    said: Any = {"amount": 2_000, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}
    create, key = client.v1.payment_intents.create, {"idempotency_key": "k-1"}
    wire.lost = 1
    with pytest.raises(stripe.APIConnectionError):
        create(said, key)  # type: ignore[arg-type]
    first = create(said, key)  # type: ignore[arg-type]
    assert create(said, key).id == first.id  # type: ignore[arg-type]
    assert len(client.v1.payment_intents.list().data) == 1
    assert wire.kinds.count("payment_intent.succeeded") == 1
    other = said | {"amount": 2_001}
    assert refused(lambda: create(other, key))[:2] == ("IdempotencyError", 400)  # type: ignore[arg-type]
    wire.pass_time(timedelta(hours=24))
    assert create(other, key).id != first.id  # type: ignore[arg-type]
    declined = said | {"payment_method": "pm_card_chargeDeclined"}
    for _ in range(2):
        assert refused(lambda: create(declined, {"idempotency_key": "k-2"}))[2] == "card_declined"
    assert wire.kinds.count("payment_intent.payment_failed") == 1


def test_a_request_whose_key_is_in_flight_is_told_so(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    account = wire.stripe.accounts()[BUSINESS]["stripe"]
    named = {"Authorization": f"Bearer {account['key']}", "Idempotency-Key": "k-1"}
    request = posted("/stripe/v1/customers", b"name=Ann", named=named)
    inside, goes_on = threading.Event(), threading.Event()

    def slowly(*_: object) -> list[Any]:
        inside.set()
        goes_on.wait(5)
        return []

    monkeypatch.setattr(Books, "told", slowly)
    answers: list[int] = []

    def ask(request: Request = request) -> None:
        answers.append(wire.stripe.take(request, {}, NOW).answer[0])

    first = threading.Thread(target=ask)
    first.start()
    assert inside.wait(5)
    monkeypatch.setattr(wire.stripe, "_lock", threading.RLock())
    with pytest.raises(Exception, match="in-progress"):
        ask()
    goes_on.set()
    first.join()
    assert answers == [200]


@pytest.mark.parametrize(
    ("method", "off_session", "lasts"),
    [
        ("pm_card_visa", False, timedelta(days=7)),
        ("pm_card_visa", True, timedelta(days=4, hours=18)),
        ("pm_card_mastercard", True, timedelta(days=7)),
    ],
)
def test_a_hold_lapses_by_the_product_s_clock(
    client: StripeClient, wire: Wire, method: str, off_session: bool, lasts: timedelta
) -> None:
    """To the second, by brand and by who began it."""
    intent = held(client, method=method, off_session=off_session)
    wire.pass_time(lasts - timedelta(seconds=1))
    assert client.v1.payment_intents.retrieve(intent.id).status == "requires_capture"
    wire.pass_time(timedelta(seconds=1))
    assert client.v1.payment_intents.retrieve(intent.id).status == "canceled"
    assert refused(lambda: client.v1.payment_intents.capture(intent.id))[2] == "payment_intent_unexpected_state"
    assert wire.kinds[-2:] == ["payment_intent.canceled", "charge.expired"]


def test_a_card_is_saved_and_charged_while_nobody_is_there(client: StripeClient, wire: Wire) -> None:
    """And declined from the moment at which somebody plays it so."""
    customer = client.v1.customers.create({"name": "Ann"})
    said: Any = {"customer": customer.id, "payment_method": "pm_card_visa", "confirm": True}
    setup = client.v1.setup_intents.create(said)
    assert setup.status == "succeeded"
    assert "setup_intent.succeeded" in wire.kinds
    method = str(setup.payment_method)
    assert client.v1.payment_methods.retrieve(method).customer == customer.id
    assert held(client, method=method, customer=customer.id, off_session=True).status == "requires_capture"
    wire.fates["4242"] = "insufficient_funds"
    failed = refused(lambda: held(client, method=method, customer=customer.id, off_session=True))
    assert failed == ("CardError", 402, "card_declined")


@pytest.mark.parametrize("number", CARDS)
def test_each_card_does_on_the_page_what_it_says(client: StripeClient, wire: Wire, number: str) -> None:
    """Whatever it does first, another card or the bank brings it to its end on the same page."""
    card, opened = CARDS[number], session(client)
    said = wire.pay(opened.id, number)
    if card.declines:
        assert "declined" in said or "funds" in said or "expired" in said
        assert wire.pay(opened.id, FINE) == ""
    elif card.asks:
        assert said == "bank"
        assert wire.pay(opened.id, number, bank=True) == ""
    after = client.v1.checkout.sessions.retrieve(opened.id)
    assert (after.status, after.payment_status) == ("complete", "paid")
    intent = client.v1.payment_intents.retrieve(str(after.payment_intent))
    expected = ("requires_capture", 2_000) if card.holds else ("succeeded", 0)
    assert (intent.status, intent.amount_capturable) == expected
    assert wire.kinds[-1] == "checkout.session.completed"
    assert len(client.v1.payment_intents.list().data) == 1


def test_a_card_is_saved_on_the_page_with_nothing_paid(client: StripeClient, wire: Wire) -> None:
    """What is declined later can be saved all the same."""
    opened = session(client, mode="setup", line_items=None, payment_method_options=None, currency="usd")
    assert wire.pay(opened.id, "4000000000000341") == ""
    after = client.v1.checkout.sessions.retrieve(opened.id)
    assert (after.status, after.payment_status, after.payment_intent) == ("complete", "no_payment_required", None)
    setup = client.v1.setup_intents.retrieve(str(after.setup_intent))
    assert (setup.status, setup.customer) == ("succeeded", after.customer)
    saved = str(setup.payment_method)
    assert refused(lambda: held(client, method=saved, off_session=True))[2] == "card_declined"


def test_nobody_pays_on_a_page_that_is_over(client: StripeClient, wire: Wire) -> None:
    """Ended by us, or by its own time."""
    ended, forgotten = session(client), session(client)
    client.v1.checkout.sessions.expire(ended.id)
    assert wire.pay(ended.id, FINE) == "This page has expired."
    wire.pass_time(timedelta(minutes=31))
    assert wire.pay(forgotten.id, FINE) == "This page has expired."
    assert wire.kinds.count("checkout.session.expired") == 2
    assert refused(lambda: client.v1.checkout.sessions.expire(forgotten.id))[1] == 400


def test_money_that_cannot_be_given_back_is_told_of_later(client: StripeClient, wire: Wire) -> None:
    opened = session(client, payment_method_options=None)
    wire.pay(opened.id, "4000000000005126")
    intent = str(client.v1.checkout.sessions.retrieve(opened.id).payment_intent)
    given = client.v1.refunds.create({"payment_intent": intent})
    assert given.status == "pending"
    assert client.v1.refunds.retrieve(given.id).status == "failed"
    assert wire.kinds[-1] == "refund.failed"


def test_a_dispute_is_told_of(client: StripeClient, wire: Wire) -> None:
    """As the bank begins it."""
    held(client, method="pm_card_createDispute", capture_method="automatic")
    assert wire.kinds[-1] == "charge.dispute.created"


def test_every_webhook_is_one_that_the_library_takes(client: StripeClient, wire: Wire) -> None:
    """Signed with the account's own secret, by the real clock."""
    client.v1.payment_intents.capture(held(client).id)
    secret = wire.stripe.accounts()[BUSINESS]["stripe"]["webhook_secret"]
    assert wire.told
    for post in wire.posts():
        _, headers = post.signed(post.body, NOW)
        event = stripe.Webhook.construct_event(post.body, headers["Stripe-Signature"], secret)
        assert event.type == post.kind
        assert post.path == f"/v1/inbound/stripe/{BUSINESS}"


def test_webhooks_come_out_of_order_or_stale_where_it_is_said(client: StripeClient, wire: Wire) -> None:
    held(client)
    assert [it.kind for it in wire.stripe.as_told(wire.told, Receipts.REVERSED)] == wire.kinds[::-1]
    (post, *_) = wire.stripe.as_told(wire.told, Receipts.STALE)
    secret = wire.stripe.accounts()[BUSINESS]["stripe"]["webhook_secret"]
    with pytest.raises(stripe.SignatureVerificationError, match="tolerance"):
        stripe.Webhook.construct_event(post.body, post.signed(post.body, NOW)[1]["Stripe-Signature"], secret)  # type: ignore[union-attr]


def test_what_it_holds_is_there_after_it_was_started_again(client: StripeClient, wire: Wire, tmp_path: Any) -> None:
    """It is kept in a file."""
    file = tmp_path / "payments.json"
    wire.stripe.books._file = file
    intent = held(client)
    assert Books(file).things[intent.id]["status"] == "requires_capture"


def test_a_form_stands_for_what_was_meant() -> None:
    said = "a=1&b[c]=2&b[d][0][e]=3&b[d][1][e]=4&f[0]=x"
    assert decoded(said) == {"a": "1", "b": {"c": "2", "d": [{"e": "3"}, {"e": "4"}]}, "f": ["x"]}
