"""Checkout: its sessions, and the page on which somebody pays, is declined, is shown to the bank, or walks away."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.providers.answers import Refused
from infra.local.providers.stripe_books import Thing, invalid
from infra.local.providers.stripe_cards import CARDS
from infra.local.providers.stripe_payments import Payments, only, whole

SHORTEST, LONGEST = timedelta(minutes=30), timedelta(hours=24)
PAGE = "/console/checkout"


def opened(payments: Payments, said: Mapping[str, Any], url: str) -> Thing:
    """A new session; `url` is where the pages of this provider stand. Raises Refused."""
    only(
        said, "mode", "line_items", "success_url", "cancel_url", "expires_at", "client_reference_id", "customer",
        "customer_email", "customer_creation", "metadata", "locale", "payment_method_types", "payment_intent_data",
        "setup_intent_data", "payment_method_options", "currency", "custom_text", "consent_collection", "submit_type",
    )  # fmt: skip
    mode, now = said.get("mode"), payments.now
    if mode not in ("payment", "setup"):
        raise invalid("Invalid mode: must be one of payment or setup", param="mode")
    if not said.get("success_url"):
        raise invalid("Missing required param: success_url.", "parameter_missing", "success_url")
    amount, currency, name = _ordered(said) if mode == "payment" else (None, said.get("currency"), "")
    ends = datetime.fromtimestamp(int(said.get("expires_at", (now + LONGEST).timestamp())), UTC)
    if not now + SHORTEST <= ends + timedelta(seconds=5) <= now + LONGEST + timedelta(seconds=10):
        raise invalid(
            "The `expires_at` timestamp must be between 30 minutes and 24 hours from now.", param="expires_at"
        )
    customer = said.get("customer")
    if not customer and (mode == "setup" or said.get("customer_creation") == "always"):
        customer = payments.customer({"email": said["customer_email"]} if said.get("customer_email") else {})["id"]
    session = payments.books.make(
        "cs_test", "checkout.session", payments.business, now,
        mode=mode, status="open", payment_status="unpaid" if mode == "payment" else "no_payment_required",
        amount_total=amount, currency=currency, expires_at=int(ends.timestamp()), customer=customer,
        client_reference_id=said.get("client_reference_id"), metadata=dict(said.get("metadata", {})),
        success_url=said["success_url"], cancel_url=said.get("cancel_url"), payment_intent=None, setup_intent=None,
        customer_email=said.get("customer_email"), locale=said.get("locale"), _name=name,
        _holds=said.get("payment_method_options", {}).get("card", {}).get("capture_method") == "manual",
        _intent=dict(said.get("payment_intent_data", {})), _setup=dict(said.get("setup_intent_data", {})),
        _says=said.get("custom_text", {}).get("submit", {}).get("message", ""),
    )  # fmt: skip
    session["url"] = f"{url}{PAGE}/{session['id']}"
    return session


def expire(payments: Payments, id: str, _: Mapping[str, Any]) -> Thing:
    session = payments.books.find(payments.business, id, "checkout.session")
    if session["status"] != "open":
        raise invalid(f"Only Checkout Sessions with a status in [\"open\"] can be expired. This Checkout Session has a "
                      f"status of {session['status']}.")  # fmt: skip
    _end(payments, session)
    return session


def run_out(payments: Payments) -> None:
    """The sessions whose time is over."""
    for session in list(payments.books.all("checkout.session", payments.business)):
        if session["status"] == "open" and payments.now >= datetime.fromtimestamp(session["expires_at"], UTC):
            _end(payments, session)


def pay(payments: Payments, session: Thing, number: str, *, shown_to_bank: bool) -> str:
    """ "" where it is done, "bank" where the bank asks first, else what is told to whoever pays."""
    if session["status"] != "open":
        return "This page has expired."
    if (card := CARDS.get(number.replace(" ", ""))) is None:
        return "Your card number is incorrect."
    try:
        is_done = (_set_up if session["mode"] == "setup" else _charge)(payments, session, number, shown_to_bank)
    except Refused as refused:
        return str(refused).partition(": ")[2]
    if not is_done:
        return "bank" if card.asks else "Your card was declined."
    session |= {"status": "complete", "url": None}
    if session["mode"] == "payment":
        session["payment_status"] = "paid"
    payments.books.tell("checkout.session.completed", session, payments.now)
    return ""


def _charge(payments: Payments, session: Thing, number: str, shown_to_bank: bool) -> bool:  # noqa: FBT001
    """One intent for all tries of a session."""
    card, method = CARDS[number], payments.saved(CARDS[number], session["customer"])
    if session["payment_intent"] is None:
        told = {
            "amount": str(session["amount_total"]),
            "currency": session["currency"],
            "customer": session["customer"],
        }
        made = payments.intend({name: value for name, value in (told | session["_intent"]).items() if value})
        session["payment_intent"] = made["id"]
    intent = payments.intent(session["payment_intent"])
    intent["payment_method"] = method["id"]
    if session["_holds"]:
        intent["capture_method"] = "manual" if card.holds else "automatic"
    charged = payments.charge(intent, card, is_there=True, shown_to_bank=shown_to_bank)
    return charged["status"] in ("requires_capture", "succeeded")


def _set_up(payments: Payments, session: Thing, number: str, shown_to_bank: bool) -> bool:  # noqa: FBT001
    card = CARDS[number]
    if session["setup_intent"] is None:
        session["setup_intent"] = payments.save_card({"customer": session["customer"], **session["_setup"]})["id"]
    setup = payments.books.things[session["setup_intent"]]
    setup["payment_method"] = payments.saved(card, None)["id"]
    return bool(payments.set_up(setup, card, shown_to_bank=shown_to_bank)["status"] == "succeeded")


def _ordered(said: Mapping[str, Any]) -> tuple[int, str, str]:
    try:
        lines = [(line["price_data"], whole(line.get("quantity", 1), "quantity")) for line in said["line_items"]]
        amount = sum(whole(price["unit_amount"], "unit_amount") * count for price, count in lines)
        return amount, str(lines[0][0]["currency"]).lower(), str(lines[0][0]["product_data"]["name"])
    except (KeyError, IndexError, TypeError) as error:
        raise invalid(
            "line_items need price_data with currency, unit_amount and product_data.", param="line_items"
        ) from error


def _end(payments: Payments, session: Thing) -> None:
    session |= {"status": "expired", "url": None}
    intent = payments.books.things.get(session["payment_intent"] or "")
    if intent and intent["status"] in ("requires_payment_method", "requires_action"):
        payments.cancel(intent["id"], {})
    payments.books.tell("checkout.session.expired", session, payments.now)
