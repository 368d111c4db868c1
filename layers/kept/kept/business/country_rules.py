"""What the country of the reader's number asks of a message: the rows of country_rules.toml, each with its sources.

A number's country is the one its numbering plan says: Hong Kong, Macao and Taiwan have codes of their own, and those
who share +1, +7 or +44 are told apart by their area. What is in no row has the rules of ELSEWHERE.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, ConfigDict, TypeAdapter

from kept.business.contact_window import Hours
from kept.channels import Channel

FILE = Path(__file__).with_name("country_rules.toml")
USUAL_CHANNELS = (Channel.EMAIL, Channel.SMS)


class Sender(StrEnum):
    """From whom a text message may come: any name, only a registered one, or no name at all."""

    ANY = "any"
    REGISTERED = "registered"
    NUMBER = "number"


def _span(told: object) -> object:
    if not isinstance(told, str):
        return told
    begins, ends = (time.fromisoformat(clock) for clock in told.split("-"))
    if begins >= ends:
        raise ValueError(f"{told} ends before it begins")
    return begins, ends


Span = Annotated[Hours, BeforeValidator(_span)]


@dataclass(frozen=True, slots=True)
class Promoted:
    """When advertisements may come, half-open, at the reader's place; None is never on such a day.

    A public holiday has its own hours, whatever day of the week it is.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    days: Span | None = None
    saturdays: Span | None = None
    sundays: Span | None = None
    holidays: Span | None = None

    def on(self, weekday: int, *, is_holiday: bool) -> Hours | None:
        """Monday is 0."""
        if is_holiday:
            return self.holidays
        return {5: self.saturdays, 6: self.sundays}.get(weekday, self.days)


@dataclass(frozen=True, slots=True)
class CountryRules:
    """One row, for each of its `countries`; what each rule means stands at the head of the file.

    `read` is the day on which the sources were.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    countries: tuple[str, ...]
    sources: tuple[str, ...]
    read: date | None
    links: bool = True
    signature: bool = False
    template: bool = False
    opt_out: str = ""
    stop: tuple[str, ...] = ()
    help: tuple[str, ...] = ()
    hours: Span | None = None
    promotional: bool = True
    promoted: Promoted | None = None
    sender: Sender = Sender.ANY
    channels: tuple[Channel, ...] = USUAL_CHANNELS


ELSEWHERE = CountryRules((), (), None)
"""Where no row is: the product's own quiet hours and windows, opt-in, and a way out in every advertisement."""


@cache
def country_rules() -> Mapping[str, CountryRules]:
    """By country. Read once by a process; raises ValueError for a country in two rows, and for what is no rule."""
    rows: list[CountryRules] = TypeAdapter(list[CountryRules]).validate_python(_rows())
    found: dict[str, CountryRules] = {}
    for row in rows:
        for country in row.countries:
            if country in found:
                raise ValueError(f"{country} has two rows")
            found[country] = row
    return MappingProxyType(found)


def rules_of(country: str) -> CountryRules:
    """Of an ISO 3166 code, with a subdivision or without (US, US-NY)."""
    return country_rules().get(country.partition("-")[0].upper(), ELSEWHERE)


def rules_for(number: str | None) -> CountryRules:
    """Of the country of an E.164 number; of none, or of one that is nowhere, ELSEWHERE."""
    return rules_of(country_of(number)) if number else ELSEWHERE


def country_of(number: str) -> str:
    """ "" where the number is of no country: a satellite's, or no number.

    One that is too new to be known is of the first country of its code, whose rules are the ones most likely in force.
    """
    import phonenumbers

    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    code = parsed.country_code or 0
    region = phonenumbers.region_code_for_number(parsed) or phonenumbers.region_code_for_country_code(code)
    return region if len(region) == 2 and region.isalpha() and region != "ZZ" else ""


def usual_channels(country: str) -> tuple[Channel, ...]:
    """Those of a business that names none, in the order in which they are tried."""
    return rules_of(country).channels


def _rows() -> list[Any]:
    rows: list[Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))["rule"]
    return rows
