"""Limits for strangers that make sense: none that keeps out everybody, none that holds nobody back."""

from kept.business.catalog import Business
from kept.business.checks import must, once
from kept.business.stranger_rules import StrangerRules

MOST = 10_000
"""Of whatever is limited; what counts them stays small."""


def check_strangers(business: Business) -> None:
    """Raises InvalidSetting."""
    rules = business.strangers
    for field in StrangerRules.__slots__:
        must(1 <= getattr(rules, field) <= MOST, f"strangers.{field}", f"It is from 1 to {MOST}.")
    must(rules.network_day >= rules.network_hour, "strangers.network_day", "It cannot be less than those of an hour.")
    must(rules.day_share <= 100, "strangers.day_share", "It is a share of the day, 100 at the most.")
    _check_countries("text_countries", business.text_countries)
    _check_countries("text_terms.promoted_in", business.text_terms.promoted_in)


def _check_countries(field: str, countries: tuple[str, ...]) -> None:
    import phonenumbers

    for country in countries:
        known = country in phonenumbers.SUPPORTED_REGIONS
        must(known, field, f"{country} is not a country's ISO 3166 code, such as US.")
    must(once(countries), field, "One is named twice.")
