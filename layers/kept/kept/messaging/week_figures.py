"""The letter of a week to the business's own address: five numbers and how they changed, before any language."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Measure(StrEnum):
    """What a number is of."""

    COUNT = "count"
    SHARE = "share"
    HOURS = "hours"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class FigureLine:
    """`part` of `whole` of what is a share; else the number alone, money in minor units. `before` is the number of the
    week before, `points` how a share has changed since (in hundredths), None where either is of too few to say:
    then `few` is of how many."""

    name: str
    measure: Measure
    part: int
    whole: int
    before: int = 0
    points: float | None = None
    few: int = 0


@dataclass(frozen=True, slots=True)
class WeekFigures:
    """`link` opens these days at the desk."""

    locale: str
    business: str
    reader: str
    currency: str
    first: date
    last: date
    lines: tuple[FigureLine, ...]
    link: str
