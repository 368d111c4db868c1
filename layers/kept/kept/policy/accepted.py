"""Under which terms something is booked."""

from dataclasses import replace

from kept.business.catalog import Business, Money, Service
from kept.business.change_rules import AskedOf, ChangeRules, Terms
from kept.clients.client import Tier
from kept.clients.standing import Standing
from kept.policy.deposit import is_asked


def shown(business: Business, service: Service) -> Terms:
    """What somebody reads before the button of whom nothing is known yet: the terms of a prospect, with the deposit of
    who is new and has done nothing wrong."""
    rules = business.changes
    terms = under(rules, service.id, Tier.PROSPECT, service.price, business.currency, is_client=False)
    asked = is_asked(rules.deposits, is_new=True, standing=Standing.GOOD) and terms.currency == business.currency
    return terms if asked else replace(terms, deposit=0)


def by_standing(business: Business, service: Service) -> Money | None:
    """The deposit that is asked of those alone who have missed visits lately."""
    terms = under(business.changes, service.id, Tier.PROSPECT, service.price, business.currency, is_client=False)
    is_so = business.changes.deposits.of is AskedOf.STANDING and terms.currency == business.currency
    return Money(terms.deposit, terms.currency) if is_so and terms.deposit else None


def accepted(business: Business, service: Service, tier: Tier, *, is_client: bool) -> Terms:
    return under(business.changes, service.id, tier, service.price, business.currency, is_client=is_client)


def under(
    rules: ChangeRules, service: str, tier: Tier | None, price: Money | None, currency: str, *, is_client: bool
) -> Terms:
    """Those of their tier, in the currency of the price, or else in the business's. A client who books by themself is
    held to nothing harder than what they were shown."""
    minor, paid_in = (price.minor, price.currency) if price else (None, currency)
    own = rules.terms(service, tier or "", minor, paid_in)
    return own.milder(rules.terms(service, Tier.PROSPECT, minor, paid_in)) if is_client else own
