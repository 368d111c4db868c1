"""A deposit paid on the deployed whole, as a client does it: on the pages, at Stripe's, and back; and what follows."""

import json
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser

from infra.local.place import PATIENCE
from infra.local.providers.accounts import Accounts
from kept.pages.language import language
from tests.local.api_client import Api
from tests.local.businesses import a_studio, next_monday, on, opened
from tests.local.stack import Stack
from tests.local.visitors import Visitor, a_visitor

pytestmark = pytest.mark.stack

DEPOSITS = {"charge": {"minor": 2_000}, "of": "everybody"}


@pytest.fixture
def visitor(stack: Stack, chromium_if_any: Browser | None) -> Iterator[Visitor]:
    with a_visitor(chromium_if_any, stack.base_url) as visitor:
        yield visitor


@pytest.fixture
def monday(stack: Stack) -> Iterator[datetime]:
    yield next_monday(stack)
    stack.console.back_to_real()


def at_stripe(stack: Stack, business: str) -> list[dict[str, Any]]:
    """What the account holds, the newest first."""
    with urllib.request.urlopen(f"{stack.base_url}/console/api/payments", timeout=PATIENCE) as answer:
        return [it for it in json.load(answer)["payments"] if it["business"] == business]


def link_of(stack: Stack, to: str) -> str:
    """Of the newest letter: where its reader sees, moves or cancels."""
    return next(str(a) for it in stack.console.messages(to) for a in it["links"] if "/a/" in a)


def books(visitor: Visitor, stack: Stack, business: str, at: datetime, email: str) -> None:
    english = language("en")
    visitor.go(f"{stack.base_url}/b/{business}")
    visitor.tap("Cut")
    visitor.tap(english.day(at.date()))
    visitor.tap(english.clock(at))
    visitor.fill_in(name="Ada Lim", email=email, agrees_to="email")
    visitor.tap("Book this appointment")
    assert visitor.sees("20.00")


def test_a_deposit_is_paid_and_kept_refused_and_given_back(stack: Stack, monday: datetime, visitor: Visitor) -> None:
    """Paid by a card that works, after one that does not; held until it is lost; of another it is free in time."""
    studio = a_studio("Birch")
    studio["business"] |= {"changes": {"deposits": DEPOSITS}, "payments": {"online": True}}
    Accounts(stack.place).open(["birch"])
    opened(stack, "birch", studio)
    console = stack.console
    friday = on(monday, "15:00", days=4)
    console.advance_to(on(monday, "10:00"))

    # The first card is declined; nothing is booked. The second pays, and the booking stands.
    books(visitor, stack, "birch", friday, "ada@birch.example")
    visitor.fill_in(card="4000000000000002")
    visitor.tap("Pay")
    assert visitor.sees("declined")
    visitor.fill_in(card="4242424242424242")
    visitor.tap("Pay")
    assert visitor.sees("your deposit is secured")
    console.settle()
    assert [it["status"] for it in at_stripe(stack, "birch")] == ["requires_capture"]
    link = link_of(stack, "ada@birch.example")

    # Cancelled three days before, what was held is free: nothing was ever taken.
    assert Api(stack.base_url, link.rpartition("/")[2]).cancel("time").body["status"] == "cancelled"
    console.settle()
    console.advance(timedelta(minutes=2))
    assert [it["status"] for it in at_stripe(stack, "birch")] == ["canceled"]

    # Another, who cancels on the day itself, loses it: it is taken.
    books(visitor, stack, "birch", on(monday, "16:00", days=4), "bea@birch.example")
    visitor.tap("Pay")
    assert visitor.sees("your deposit is secured")
    console.settle()
    console.advance_to(friday - timedelta(hours=3))
    link = link_of(stack, "bea@birch.example")
    assert Api(stack.base_url, link.rpartition("/")[2]).cancel("time").body["status"] == "cancelled"
    console.settle()
    console.advance(timedelta(minutes=2))
    newest = at_stripe(stack, "birch")[0]
    assert (newest["status"], newest["amount_received"], newest["refunded"]) == ("succeeded", 2_000, 0)
