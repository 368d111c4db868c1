"""The smallest unit of each currency: the same for everybody who counts in it, and put to Stripe as Stripe counts."""

import re
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from babel.core import get_global
from babel.numbers import get_currency_precision, get_territory_currencies

from kept.business.catalog import Money
from kept.business.change_rules import THOUSANDTHS, ChangeRules, Charge, DepositRules
from kept.payments.payment import Payment, PaymentState, SecuredBy
from kept.payments.provider import PayPage
from kept.use_cases.payments import stripe_provider
from kept.use_cases.payments.stripe_provider import StripeAccount, StripePayments

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KNOWN = sorted({it for place in get_global("territory_currencies") for it in get_territory_currencies(place)})
ISO_WHOLE = {
    "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "VND", "VUV", "XAF", "XOF", "XPF"
}  # fmt: skip
STRIPE_WHOLE = {
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"
}  # fmt: skip
"""docs.stripe.com/currencies; UGX and ISK are whole, and put in hundredths."""


def test_the_desk_counts_each_currency_as_the_rest_does() -> None:
    """Browsers go by CLDR or by ISO 4217: what they differ in stands in a list."""
    script = Path("layers/kept/kept/pages/desk/app/amounts.js").read_text()
    (listed,) = re.findall(r'WHOLE = "([A-Z ]+)"', script)
    whole = {it for it in KNOWN if get_currency_precision(it) == 0}
    assert set(listed.split()) == whole - ISO_WHOLE
    assert {it for it in KNOWN if get_currency_precision(it) == 3} == THOUSANDTHS


class Calls:
    """Stripe's client, which writes down what it is asked for, and tells of a payment of so many of its units."""

    def __init__(self, received: int = 0, refunded: int = 0) -> None:
        self.said: list[dict[str, Any]] = []
        intent = SimpleNamespace(
            id="pi", status="succeeded", customer="cus", latest_charge="ch", amount_received=received, metadata={}
        )
        charge = SimpleNamespace(amount_refunded=refunded, captured=True, payment_method_details=None)
        self.checkout = SimpleNamespace(sessions=SimpleNamespace(create=self._create(SimpleNamespace(id="cs", url=""))))
        self.payment_intents = SimpleNamespace(create=self._create(intent), retrieve=lambda _: intent)
        self.charges = SimpleNamespace(retrieve=lambda _: charge)
        self.refunds = SimpleNamespace(create=self._create(SimpleNamespace(id="re")))

    @property
    def v1(self) -> "Calls":
        return self

    def _create(self, made: object) -> Any:
        def create(said: dict[str, Any], _named: object) -> object:
            self.said.append(said)
            return made

        return create


def a_payment(minor: int, currency: str) -> Payment:
    money = Money(minor, currency)
    return Payment("lotus", "a-1-1", "a-1", "c-1", money, SecuredBy.HOLD, NOW, NOW, PaymentState.TAKEN, intent="pi")


def stripe(calls: Calls, monkeypatch: pytest.MonkeyPatch) -> StripePayments:
    monkeypatch.setattr(stripe_provider, "_client", lambda _: calls)
    return StripePayments(StripeAccount("key", "secret"))


UNITS = {
    "ten dollars": (1_000, "USD", 1_000),
    "a hundred yuan": (10_000, "CNY", 10_000),
    "a thousand yen": (1_000, "JPY", 1_000),
    "a thousand won": (1_000, "KRW", 1_000),
    "a thousand ariary, whole for Stripe as well": (1_000, "MGA", 1_000),
    "a thousand krónur": (1_000, "ISK", 100_000),
    "a thousand Ugandan shillings": (1_000, "UGX", 100_000),
    "a thousand lekë": (1_000, "ALL", 100_000),
    "a thousand Serbian dinars": (1_000, "RSD", 100_000),
    "a thousand kip": (1_000, "LAK", 100_000),
    "ten forints, which have hundredths": (1_000, "HUF", 1_000),
    "ten new Taiwan dollars": (1_000, "TWD", 1_000),
    "a Kuwaiti dinar": (1_000, "KWD", 1_000),
}


@pytest.mark.parametrize("case", UNITS)
def test_what_is_asked_of_a_card_is_what_was_said(monkeypatch: pytest.MonkeyPatch, case: str) -> None:
    """On the page, by the saved card, and back; and what Stripe tells of it is read the same way."""
    minor, currency, units = UNITS[case]
    calls, payment = Calls(units, units), a_payment(minor, currency)
    provider = stripe(calls, monkeypatch)
    provider.open_page(payment, PayPage("Cut", "en", "https://kept.example", "https://kept.example"))
    seen = provider.authorise(payment)
    provider.give_back(payment, minor)
    page, authorised, back = calls.said
    assert page["line_items"][0]["price_data"]["unit_amount"] == units
    assert (authorised["amount"], back["amount"]) == (units, units)
    assert (seen.taken, seen.given_back, seen.state) == (minor, minor, PaymentState.GIVEN_BACK)


@pytest.mark.parametrize("currency", KNOWN)
def test_every_currency_has_its_unit_at_stripe(currency: str) -> None:
    """What is whole for us and not for Stripe is in hundredths there."""
    is_other = get_currency_precision(currency) == 0 and currency not in STRIPE_WHOLE
    assert stripe_provider.stripe_units(7, a_payment(7, currency)) == (700 if is_other else 7)


SHARES = {
    "a quarter of 12.345 dinars": (Charge(percent=25), 12_345, "KWD", 3_080),
    "a sum in fils": (Charge(minor=3_086), None, "KWD", 3_080),
    "a whole sum": (Charge(minor=3_080), None, "KWD", 3_080),
    "less than ten fils": (Charge(minor=9), None, "BHD", 0),
    "millimes": (Charge(percent=33), 10_001, "TND", 3_300),
    "baisa": (Charge(percent=100), 1_999, "OMR", 1_990),
    "cents as they are": (Charge(percent=25), 12_345, "USD", 3_086),
    "yen as they are": (Charge(percent=25), 12_345, "JPY", 3_086),
    "a third of a yen is none": (Charge(percent=33), 1, "JPY", 0),
}


@pytest.mark.parametrize("case", SHARES)
def test_a_deposit_is_one_that_a_card_can_pay(case: str) -> None:
    """Of thousandths no card pays less than ten."""
    charge, price, currency, asked = SHARES[case]
    rules = ChangeRules(deposits=DepositRules(charge=charge))
    assert rules.terms("cut", "regular", price, currency).deposit == asked
