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
from kept.business.catalog import Money
from kept.pages.language import Language, language
from tests.local.api_client import Api
from tests.local.businesses import a_studio, next_monday, on, opened
from tests.local.stack import Stack
from tests.local.visitors import Visitor, a_visitor

pytestmark = pytest.mark.stack

TWENTY = Money(2_000, "SGD")
DEPOSITS = {"charge": {"minor": TWENTY.minor}, "of": "everybody"}


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


def books(visitor: Visitor, stack: Stack, business: str, at: datetime, email: str, words: Language) -> None:
    visitor.go(f"{stack.base_url}/b/{business}")
    visitor.tap("Cut")
    visitor.tap(words.day(at.date()))
    visitor.tap(words.clock(at))
    visitor.fill_in(name="Ada Lim", email=email, agrees_to="email")
    visitor.tap(words.says("details.button"))
    assert visitor.sees("20.00")


@pytest.mark.parametrize(("business", "locale", "width"), [("birch", "en", 390), ("elm", "zh-Hans", 1440)])
def test_a_deposit_is_paid_and_kept_refused_and_given_back(
    stack: Stack, monday: datetime, chromium_if_any: Browser | None, business: str, locale: str, width: int
) -> None:
    """Paid by a card that works, after one that does not; held until it is lost; of another it is free in time. The
    page on which it is paid is the provider's, in English."""
    studio, words = a_studio(business.title()), language(locale)
    studio["business"] |= {"changes": {"deposits": DEPOSITS}, "payments": {"online": True}}
    Accounts(stack.place).open([business])
    opened(stack, business, studio)
    console = stack.console
    friday = on(monday, "15:00", days=4)
    console.advance_to(on(monday, "10:00"))

    with a_visitor(chromium_if_any, stack.base_url, locale=locale, width=width) as visitor:
        # The first card is declined; nothing is booked. The second pays, and the booking stands.
        books(visitor, stack, business, friday, f"ada@{business}.example", words)
        visitor.fill_in(card="4000000000000002")
        visitor.tap("Pay")
        assert visitor.sees("declined")
        visitor.fill_in(card="4242424242424242")
        visitor.tap("Pay")
        assert visitor.sees(words.says("done.paid"))
        console.settle()
        assert [it["status"] for it in at_stripe(stack, business)] == ["requires_capture"]
        link = link_of(stack, f"ada@{business}.example")

        # Cancelled three days before, what was held is free: nothing was ever taken.
        assert Api(stack.base_url, link.rpartition("/")[2]).cancel("time").body["status"] == "cancelled"
        console.settle()
        console.advance(timedelta(minutes=2))
        assert [it["status"] for it in at_stripe(stack, business)] == ["canceled"]
        visitor.go(link)
        assert visitor.sees(words.says("deposit.now.back", sum=words.price(TWENTY)))

        # Another, who cancels on the day itself, loses it: it is taken.
        books(visitor, stack, business, on(monday, "16:00", days=4), f"bea@{business}.example", words)
        visitor.tap("Pay")
        assert visitor.sees(words.says("done.paid"))
        console.settle()
        console.advance_to(friday - timedelta(hours=3))
        link = link_of(stack, f"bea@{business}.example")
        assert Api(stack.base_url, link.rpartition("/")[2]).cancel("time").body["status"] == "cancelled"
        console.settle()
        console.advance(timedelta(minutes=2))
        newest = at_stripe(stack, business)[0]
        assert (newest["status"], newest["amount_received"], newest["refunded"]) == ("succeeded", 2_000, 0)
        visitor.go(link)
        assert visitor.sees(words.says("deposit.now.lost", sum=words.price(TWENTY)))
