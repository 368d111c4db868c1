"""What keeping appointments is worth, when a reliable client who fades is brought to notice, and when terms are looked
at again."""

from dataclasses import dataclass

from kept.business.checks import must
from kept.business.money_rules import MOST

MOST_POINTS, MOST_VISITS, MOST_MONTHS = 1_000_000, 100, 60


@dataclass(frozen=True, slots=True)
class PointsRules:
    """`per_visit` for each kept visit, 0 for none; `price` of them buy a credit of so many minor units of the
    business's currency, 0 for nothing."""

    per_visit: int = 0
    price: int = 100
    credit: int = 0

    @property
    def buy(self) -> bool:
        return self.credit > 0


@dataclass(frozen=True, slots=True)
class FadingRules:
    """Who kept so many (`kept`) visits within twelve months, and of the last so many (`last`) missed or cancelled
    `lapses`, is brought to the owner's notice; where it is not `watched`, nobody is."""

    watched: bool = True
    kept: int = 6
    lapses: int = 2
    last: int = 3


@dataclass(frozen=True, slots=True)
class ReviewRules:
    """Every so many `months`, None for never, the terms of whoever kept so many (`often`) visits within twelve months
    are looked at again."""

    months: int | None = 6
    often: int = 6


def check_points(rules: PointsRules) -> None:
    """Raises InvalidSetting."""
    must(0 <= rules.per_visit <= MOST_POINTS, "points.per_visit", f"It is from 0 to {MOST_POINTS}.")
    must(1 <= rules.price <= MOST_POINTS, "points.price", f"It is from 1 to {MOST_POINTS}.")
    must(0 <= rules.credit <= MOST, "points.credit", f"It is from 0 to {MOST}.")
    must(rules.buy or not rules.per_visit, "points.credit", "Points that are earned have to buy something.")


def check_fading(rules: FadingRules) -> None:
    """Raises InvalidSetting."""
    for name in ("kept", "last"):
        must(1 <= getattr(rules, name) <= MOST_VISITS, f"fading.{name}", f"It is from 1 to {MOST_VISITS}.")
    must(1 <= rules.lapses <= rules.last, "fading.lapses", "It is from 1 to as many as are looked at.")


def check_review(rules: ReviewRules) -> None:
    """Raises InvalidSetting."""
    must(rules.months is None or 1 <= rules.months <= MOST_MONTHS, "review.months", f"It is from 1 to {MOST_MONTHS}.")
    must(1 <= rules.often <= MOST_VISITS, "review.often", f"It is from 1 to {MOST_VISITS}.")
