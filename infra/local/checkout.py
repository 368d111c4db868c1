"""Stripe's pages as they are played here: where somebody pays by card, and what the account holds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from infra.local import pages
from infra.local.providers.stand_in import StandIn
from infra.local.providers.stripe_books import Thing
from infra.local.providers.stripe_cards import CARDS

Answer = tuple[int, list[tuple[str, str]], bytes]
_LONGEST_LIST = 100


def show(stand_in: StandIn, id: str, now: datetime, said: str = "", card: str = "") -> Answer:
    """A page without scripts; whoever walks away goes back to the site, or closes it. Raises ValueError."""
    if (session := stand_in.stripe.session(id, now)) is None:
        raise ValueError("There is no such page to pay on.")
    content = pages.checkout(session=session, cards=CARDS.values(), said=said, card=card)
    return 200, [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")], content.encode()


def pay(stand_in: StandIn, id: str, typed: Mapping[str, str], now: datetime) -> Answer:
    """Raises ValueError."""
    if (session := stand_in.stripe.session(id, now)) is None:
        raise ValueError("There is no such page to pay on.")
    number = typed.get("card", "")
    if typed.get("bank") == "refuse":
        return show(stand_in, id, now, "Your bank did not approve it.")
    fates = stand_in.faults.of("stripe").addresses
    said, events = stand_in.stripe.pay(id, number, fates, now, shown_to_bank=typed.get("bank") == "approve")
    stand_in.tell_account(events, now)
    if said:
        return show(stand_in, id, now, "" if said == "bank" else said, number if said == "bank" else "")
    back = session["success_url"].replace("{CHECKOUT_SESSION_ID}", id)
    return 303, [("Location", back)], b""


def listed(stand_in: StandIn) -> list[Thing]:
    """What has been paid or is to be, the newest first, with its charge and what was told of it."""
    books = stand_in.stripe.books
    found = list(books.all("payment_intent"))[:_LONGEST_LIST]
    return [_row(stand_in, intent, books.things.get(intent["latest_charge"] or "")) for intent in found]


def play(stand_in: StandIn, form: Mapping[str, str], now: datetime) -> None:
    """What happens at the bank, or is pressed in the dashboard. Raises ValueError."""
    act, of = form.get("act", ""), form.get("of", "")
    acts = {"dispute": lambda: stand_in.stripe.dispute(of, now), "repeat": lambda: stand_in.stripe.repeat(of)}
    if act not in acts:
        raise ValueError("That cannot be played.")
    stand_in.tell_account(acts[act](), now)


def _row(stand_in: StandIn, intent: Thing, charge: Thing | None) -> Thing:
    told = [it for it in stand_in.stripe.books.all("event") if _is_about(it, intent["id"])]
    names = ("id", "amount", "amount_capturable", "amount_received", "currency", "status", "metadata", "created")
    row: dict[str, Any] = {name: intent[name] for name in names}
    shows = charge["payment_method_details"]["card"] if charge else {}
    return row | {
        "business": intent["_business"],
        "charge": charge["id"] if charge else "",
        "refunded": charge["amount_refunded"] if charge and charge["captured"] else 0,
        "disputed": bool(charge and charge["disputed"]),
        "card": f"{shows['brand']} {shows['last4']}" if shows else "",
        "capture_before": shows.get("capture_before"),
        "events": [{"id": it["id"], "type": it["type"]} for it in told],
    }


def _is_about(event: Thing, intent: str) -> bool:
    about = event["data"]["object"]
    return intent in (about["id"], about.get("payment_intent"))
