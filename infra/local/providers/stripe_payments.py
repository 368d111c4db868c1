"""PaymentIntents, SetupIntents, refunds, customers and their cards: states, amounts, and what is refused in each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.providers.answers import Refused
from infra.local.providers.stripe_books import Books, Thing, invalid, refusal, shown
from infra.local.providers.stripe_cards import CARDS, DECLINED, NAMED, Card

LASTS, LASTS_OFF_SESSION = timedelta(days=7), timedelta(days=4, hours=18)
"""How long an authorisation holds; the shorter one for Visa where the business began it."""
OPEN = ("requires_payment_method", "requires_confirmation", "requires_action", "requires_capture", "processing")
REASONS = ("duplicate", "fraudulent", "requested_by_customer")
CANCEL_REASONS = ("duplicate", "fraudulent", "requested_by_customer", "abandoned")


@dataclass(frozen=True, slots=True)
class Payments:
    """One request's view: of which account, when, and what was said of its cards (by their last four digits)."""

    books: Books
    business: str
    now: datetime
    fates: Mapping[str, str]

    def customer(self, said: Mapping[str, Any]) -> Thing:
        only(said, "name", "email", "phone", "metadata", "description", "preferred_locales")
        fields = {"name": None, "email": None, "phone": None, "metadata": {}} | dict(said)
        return self.books.make("cus", "customer", self.business, self.now, **fields)

    def method(self, said: Mapping[str, Any]) -> Thing:
        only(said, "type", "card", "billing_details", "metadata")
        number = str(said.get("card", {}).get("number", "")).replace(" ", "")
        return self.saved(self._card(number), None)

    def attach(self, id: str, said: Mapping[str, Any]) -> Thing:
        method, customer = self._method(id), self.books.find(self.business, str(said.get("customer")), "customer")
        if (card := CARDS[method["_number"]]).declines and not card.on_charge:
            raise declined(card.declines)
        method["customer"] = customer["id"]
        return method

    def detach(self, id: str, _: Mapping[str, Any]) -> Thing:
        method = self._method(id)
        method["customer"] = None
        return method

    def saved(self, card: Card, customer: str | None) -> Thing:
        shows = {"brand": card.brand, "last4": card.last4, "exp_month": 12, "exp_year": 2034}
        return self.books.make(
            "pm", "payment_method", self.business, self.now,
            type="card", card=shows, customer=customer, metadata={}, _number=card.number,
        )  # fmt: skip

    def intend(self, said: Mapping[str, Any]) -> Thing:
        only(
            said, "amount", "currency", "capture_method", "customer", "payment_method", "confirm", "off_session",
            "setup_future_usage", "metadata", "description", "payment_method_types", "automatic_payment_methods",
            "receipt_email", "return_url", "statement_descriptor_suffix",
        )  # fmt: skip
        amount, capture = whole(said.get("amount"), "amount"), said.get("capture_method", "automatic_async")
        if amount < 50:
            raise invalid("Amount must be at least 50 cents", "amount_too_small", "amount")
        if capture not in ("automatic", "automatic_async", "manual"):
            raise invalid("Invalid capture_method", param="capture_method")
        if said.get("customer"):
            self.books.find(self.business, said["customer"], "customer")
        intent = self.books.make(
            "pi", "payment_intent", self.business, self.now,
            amount=amount, amount_capturable=0, amount_received=0, currency=str(said.get("currency", "")).lower(),
            capture_method=capture, customer=said.get("customer"), payment_method=said.get("payment_method"),
            status="requires_confirmation" if said.get("payment_method") else "requires_payment_method",
            setup_future_usage=said.get("setup_future_usage"), metadata=dict(said.get("metadata", {})),
            description=said.get("description"), payment_method_types=said.get("payment_method_types", ["card"]),
            canceled_at=None, cancellation_reason=None, last_payment_error=None, latest_charge=None, next_action=None,
        )  # fmt: skip
        self.books.tell("payment_intent.created", intent, self.now)
        if said.get("confirm") == "true":
            return self.confirm(intent["id"], {"off_session": said.get("off_session", "false")})
        return intent

    def confirm(self, id: str, said: Mapping[str, Any]) -> Thing:
        """Raises Refused with the intent in it where the card is declined."""
        only(said, "payment_method", "off_session", "return_url", "setup_future_usage", "capture_method")
        intent = self.intent(id)
        if intent["status"] not in ("requires_payment_method", "requires_confirmation", "requires_action"):
            raise wrong_state(intent, "confirm")
        intent["payment_method"] = said.get("payment_method") or intent["payment_method"]
        if not intent["payment_method"]:
            raise invalid("You cannot confirm this PaymentIntent without a payment method.", param="payment_method")
        method = self._method(intent["payment_method"])
        intent["payment_method"] = method["id"]
        return self.charge(intent, CARDS[method["_number"]], is_there=said.get("off_session", "false") != "true")

    def charge(self, intent: Thing, card: Card, *, is_there: bool, shown_to_bank: bool = False) -> Thing:
        if decline := self._declines(card, is_there=is_there):
            self._fail(intent, decline)
            raise declined(decline, intent)
        if card.asks and is_there and not shown_to_bank:
            intent |= {"status": "requires_action", "next_action": {"type": "use_stripe_sdk"}}
            self.books.tell("payment_intent.requires_action", intent, self.now)
            return intent
        lasts = LASTS if is_there or card.brand != "visa" else LASTS_OFF_SESSION
        is_held = intent["capture_method"] == "manual"
        before = int((self.now + lasts).timestamp()) if is_held else None
        shows = {"brand": card.brand, "last4": card.last4, "capture_before": before}
        charge = self.books.make(
            "ch", "charge", self.business, self.now,
            amount=intent["amount"], amount_captured=0 if is_held else intent["amount"], amount_refunded=0,
            captured=not is_held, currency=intent["currency"], customer=intent["customer"], disputed=False, paid=True,
            payment_intent=intent["id"], payment_method=intent["payment_method"], refunded=False, status="succeeded",
            payment_method_details={"type": "card", "card": shows}, metadata=dict(intent["metadata"]),
            _card=card.number,
        )  # fmt: skip
        intent |= {"latest_charge": charge["id"], "next_action": None, "last_payment_error": None}
        if is_held:
            intent |= {"status": "requires_capture", "amount_capturable": intent["amount"]}
            self.books.tell("payment_intent.amount_capturable_updated", intent, self.now)
        else:
            intent |= {"status": "succeeded", "amount_received": intent["amount"]}
            self.books.tell("payment_intent.succeeded", intent, self.now)
        self.books.tell("charge.succeeded", charge, self.now)
        if card.disputed and not is_held:
            self.dispute(charge)
        return intent

    def capture(self, id: str, said: Mapping[str, Any]) -> Thing:
        """Once, and no more than was held; the rest is free."""
        only(said, "amount_to_capture", "metadata")
        intent = self.intent(id)
        if intent["status"] != "requires_capture":
            raise wrong_state(intent, "capture")
        amount = whole(said.get("amount_to_capture", intent["amount_capturable"]), "amount_to_capture")
        if amount > intent["amount_capturable"]:
            raise invalid("The amount is greater than what can be captured.", "amount_too_large", "amount_to_capture")
        charge = self.books.things[intent["latest_charge"]]
        charge |= {"captured": True, "amount_captured": amount}
        intent |= {"status": "succeeded", "amount_received": amount, "amount_capturable": 0}
        self.books.tell("charge.captured", charge, self.now)
        self.books.tell("payment_intent.succeeded", intent, self.now)
        if CARDS[charge["_card"]].disputed:
            self.dispute(charge)
        return intent

    def cancel(self, id: str, said: Mapping[str, Any]) -> Thing:
        only(said, "cancellation_reason")
        if (reason := said.get("cancellation_reason")) not in (None, *CANCEL_REASONS):
            raise invalid("Invalid cancellation_reason", param="cancellation_reason")
        intent = self.intent(id)
        if intent["status"] not in OPEN:
            raise wrong_state(intent, "cancel")
        self._end(intent, reason)
        return intent

    def refund(self, said: Mapping[str, Any]) -> Thing:
        only(said, "payment_intent", "charge", "amount", "reason", "metadata")
        if said.get("reason") not in (None, *REASONS):
            raise invalid("Invalid reason", param="reason")
        charge = self._charged(said)
        left = charge["amount_captured"] - charge["amount_refunded"]
        if not charge["captured"]:
            raise invalid("This charge has not been captured; cancel its PaymentIntent.", "charge_not_captured")
        if left == 0:
            raise invalid(f"Charge {charge['id']} has already been refunded.", "charge_already_refunded")
        amount = whole(said.get("amount", left), "amount")
        if amount > left:
            raise invalid(f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})",
                          param="amount")  # fmt: skip
        becomes = CARDS[charge["_card"]].refunds
        refund = self.books.make(
            "re", "refund", self.business, self.now,
            amount=amount, charge=charge["id"], currency=charge["currency"], payment_intent=charge["payment_intent"],
            reason=said.get("reason"), status="pending" if becomes == "failed" else becomes, failure_reason=None,
            metadata=dict(said.get("metadata", {})),
        )  # fmt: skip
        charge["amount_refunded"] += amount
        charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
        self.books.tell("refund.created", refund, self.now)
        self.books.tell("charge.refunded", charge, self.now)
        answer = shown(refund)
        if becomes == "failed":
            self._refund_fails(refund, charge)
        return answer

    def save_card(self, said: Mapping[str, Any]) -> Thing:
        only(said, "customer", "payment_method", "confirm", "usage", "metadata", "payment_method_types", "description",
             "automatic_payment_methods", "return_url")  # fmt: skip
        setup = self.books.make(
            "seti", "setup_intent", self.business, self.now,
            customer=said.get("customer"), payment_method=said.get("payment_method"),
            usage=said.get("usage", "off_session"),
            status="requires_confirmation" if said.get("payment_method") else "requires_payment_method",
            metadata=dict(said.get("metadata", {})), last_setup_error=None, next_action=None,
        )  # fmt: skip
        self.books.tell("setup_intent.created", setup, self.now)
        return self.confirm_setup(setup["id"], {}) if said.get("confirm") == "true" else setup

    def confirm_setup(self, id: str, said: Mapping[str, Any]) -> Thing:
        only(said, "payment_method", "return_url")
        setup = self.books.find(self.business, id, "setup_intent")
        if setup["status"] not in ("requires_payment_method", "requires_confirmation", "requires_action"):
            raise wrong_state(setup, "confirm")
        method = self._method(said.get("payment_method") or setup["payment_method"] or "")
        setup["payment_method"] = method["id"]
        return self.set_up(setup, CARDS[method["_number"]])

    def set_up(self, setup: Thing, card: Card, *, shown_to_bank: bool = False) -> Thing:
        if card.declines and not card.on_charge:
            code, message = DECLINED[card.declines]
            failed = {"type": "card_error", "code": code, "decline_code": card.declines, "message": message}
            setup |= {"status": "requires_payment_method", "last_setup_error": failed}
            self.books.tell("setup_intent.setup_failed", setup, self.now)
            raise declined(card.declines)
        if card.asks and not shown_to_bank:
            setup |= {"status": "requires_action", "next_action": {"type": "use_stripe_sdk"}}
            self.books.tell("setup_intent.requires_action", setup, self.now)
            return setup
        self.books.things[setup["payment_method"]]["customer"] = setup["customer"]
        setup |= {"status": "succeeded", "next_action": None, "last_setup_error": None}
        self.books.tell("setup_intent.succeeded", setup, self.now)
        return setup

    def cancel_setup(self, id: str, _: Mapping[str, Any]) -> Thing:
        setup = self.books.find(self.business, id, "setup_intent")
        if setup["status"] not in OPEN:
            raise wrong_state(setup, "cancel")
        setup["status"] = "canceled"
        self.books.tell("setup_intent.canceled", setup, self.now)
        return setup

    def dispute(self, charge: Thing) -> None:
        charge["disputed"] = True
        dispute = self.books.make(
            "dp", "dispute", self.business, self.now,
            amount=charge["amount_captured"], charge=charge["id"], currency=charge["currency"], reason="fraudulent",
            payment_intent=charge["payment_intent"], status="needs_response", metadata={},
        )  # fmt: skip
        self.books.tell("charge.dispute.created", dispute, self.now)

    def lapse(self) -> None:
        """What was authorised and not captured in time is free again."""
        for intent in list(self.books.all("payment_intent", self.business)):
            if intent["status"] != "requires_capture":
                continue
            charge = self.books.things[intent["latest_charge"]]
            before = charge["payment_method_details"]["card"]["capture_before"]
            if self.now >= datetime.fromtimestamp(before, UTC):
                self._end(intent, "automatic")
                self.books.tell("charge.expired", charge, self.now)

    def intent(self, id: str) -> Thing:
        return self.books.find(self.business, id, "payment_intent")

    def _end(self, intent: Thing, reason: str | None) -> None:
        if charge := self.books.things.get(intent["latest_charge"] or ""):
            charge |= {"refunded": True, "amount_refunded": charge["amount"]}
        intent |= {
            "status": "canceled", "amount_capturable": 0,
            "canceled_at": int(self.now.timestamp()), "cancellation_reason": reason,
        }  # fmt: skip
        self.books.tell("payment_intent.canceled", intent, self.now)

    def _fail(self, intent: Thing, decline: str) -> None:
        code, message = DECLINED[decline]
        failed = {"type": "card_error", "code": code, "decline_code": decline, "message": message}
        intent |= {"status": "requires_payment_method", "payment_method": None, "last_payment_error": failed}
        self.books.tell("payment_intent.payment_failed", intent, self.now)

    def _refund_fails(self, refund: Thing, charge: Thing) -> None:
        refund |= {"status": "failed", "failure_reason": "expired_or_canceled_card"}
        charge["amount_refunded"] -= refund["amount"]
        charge["refunded"] = False
        self.books.tell("refund.failed", refund, self.now)

    def _declines(self, card: Card, *, is_there: bool) -> str:
        """Why it is declined; "" where it is not."""
        if (fate := self.fates.get(card.last4, "")) in DECLINED:
            return fate
        return card.declines or ("authentication_required" if card.off_session and not is_there else "")

    def _charged(self, said: Mapping[str, Any]) -> Thing:
        if said.get("charge"):
            return self.books.find(self.business, said["charge"], "charge")
        intent = self.intent(str(said.get("payment_intent")))
        if not intent["latest_charge"]:
            raise invalid("This PaymentIntent does not have a successful charge to refund.")
        return self.books.things[intent["latest_charge"]]

    def _method(self, id: str) -> Thing:
        if id in NAMED:
            return self.saved(CARDS[NAMED[id]], None)
        return self.books.find(self.business, id, "payment_method")

    def _card(self, number: str) -> Card:
        if number not in CARDS:
            raise refusal(402, "card_error", "Your card number is incorrect.", code="incorrect_number")
        return CARDS[number]


def only(said: Mapping[str, Any], *known: str) -> None:
    """Raises Refused."""
    if unknown := sorted(said.keys() - {*known, "expand"}):
        raise invalid(f"Received unknown parameter: {unknown[0]}", "parameter_unknown", unknown[0])


def whole(said: Any, name: str) -> int:
    """Raises Refused."""
    text = str(said)
    if not (text.isascii() and text.isdecimal() and 0 < int(text) <= 99_999_999):
        raise invalid(f"Invalid integer: {text}", "parameter_invalid_integer", name)
    return int(text)


def wrong_state(thing: Thing, act: str) -> Refused:
    kind = thing["object"]
    words = f"You cannot {act} this {kind} because it has a status of {thing['status']}."
    return refusal(400, "invalid_request_error", words, code=f"{kind}_unexpected_state", **{kind: shown(thing)})


def declined(decline: str, intent: Thing | None = None) -> Refused:
    code, message = DECLINED[decline]
    said = shown(intent) if intent else None
    return refusal(402, "card_error", message, code=code, decline_code=decline, payment_intent=said)
