"""Under which terms something is booked."""

from kept.business.catalog import Business, Service
from kept.business.change_rules import Terms
from kept.clients.client import Tier


def shown(business: Business, service: Service) -> Terms:
    """What somebody reads before the button of whom nothing is known yet: the terms of a prospect."""
    return terms(business, service, Tier.PROSPECT)


def accepted(business: Business, service: Service, tier: Tier, *, is_client: bool) -> Terms:
    """Those of their tier. A client who books by themself is held to nothing harder than what they were shown."""
    own = terms(business, service, tier)
    return own.milder(shown(business, service)) if is_client else own


def terms(business: Business, service: Service, tier: Tier) -> Terms:
    minor, currency = (service.price.minor, service.price.currency) if service.price else (None, business.currency)
    return business.changes.terms(service.id, tier, minor, currency)
