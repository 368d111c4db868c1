"""What search engines read of a booking page that may be found (schema.org): who it is, what can be had, and where."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_precision

from kept.business.catalog import Business, Catalog, Service

CONTEXT = "https://schema.org"


def structured(catalog: Catalog, *, page: str) -> Mapping[str, Any]:
    """`page` is its whole address. Hours are left out: those of the business are those of whoever works that day."""
    business = catalog.business
    facts = {
        "@context": CONTEXT,
        "@type": "LocalBusiness",
        "@id": page,
        "name": business.name,
        "url": page,
        "telephone": business.phone,
        "address": business.address,
        "currenciesAccepted": business.currency,
        "makesOffer": [_offer(it) for it in catalog.services.values()],
        "potentialAction": _booking(business, page),
    }
    return {name: told for name, told in facts.items() if told}


def _offer(service: Service) -> Mapping[str, Any]:
    offer: dict[str, Any] = {"@type": "Offer", "itemOffered": {"@type": "Service", "name": service.name}}
    if service.price:
        amount = Decimal(service.price.minor).scaleb(-get_currency_precision(service.price.currency))
        offer |= {"price": str(amount), "priceCurrency": service.price.currency}
    return offer


def _booking(business: Business, page: str) -> Mapping[str, Any]:
    target = {"@type": "EntryPoint", "urlTemplate": page, "inLanguage": business.locale}
    return {"@type": "ReserveAction", "target": target, "result": {"@type": "Reservation", "name": business.name}}
