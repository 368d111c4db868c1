"""The languages of the pages: which one to speak, its words, and how it writes days, times and prices."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_interval, format_time, get_timezone_gmt
from babel.numbers import format_currency, get_currency_name, get_currency_precision, get_territory_currencies
from babel.units import format_unit

from kept.booking.whose_time import ToldTime
from kept.business.catalog import Money
from kept.language_tags import meant
from kept.timekeeping.cities import city

FOLDER = Path(__file__).with_name("words")
ONE_LENGTH = {"zh"}
"""Units are written in one length there, which Babel knows as the short one alone: long it says "48 duration-hour"."""
ENDS_WIDE = re.compile(r"[。？！；：，](?:</\w+>)*$")
LANGUAGES = tuple(sorted(file.stem for file in FOLDER.glob("*.json")))


@dataclass(frozen=True, slots=True)
class Language:
    """`tag` is its BCP 47 name. Texts that come from people are put into its words, which hold no markup."""

    tag: str
    locale: Locale
    words: Mapping[str, str]

    def says(self, key: str, **facts: object) -> str:
        return self.words[key].format(**facts)

    def sentences(self, *said: str) -> str:
        """Beside each other, with a space between where the language has one: a full stop of Chinese takes its own
        room. What is empty is left out; markup stays markup."""
        whole = ""
        for one in (it.strip() for it in said if it):
            whole = whole + ("" if ENDS_WIDE.search(whole) else " ") + one if whole else one
        return whole

    def day(self, day: date) -> str:
        """Saturday, November 21, 2026; 2026年11月21日星期六."""
        return format_date(day, "full", locale=self.locale)

    def weekday(self, day: date) -> str:
        return format_date(day, "EEE", locale=self.locale)

    def months(self, first: date, last: date) -> str:
        """Nov – Dec 2026; 2026年11月至12月."""
        return format_interval(first, last, "yMMM", locale=self.locale)

    def clock(self, at: datetime) -> str:
        """As the zone of `at` shows it."""
        return format_time(at, "short", tzinfo=at.tzinfo, locale=self.locale)

    def moment(self, at: datetime) -> str:
        return self.says("moment", day=self.day(at.date()), clock=self.clock(at))

    def moment_there(self, told: ToldTime) -> str:
        """In a sentence: with whose time it is, where that has to be said."""
        said = self.moment(told.at)
        return self.says("moment.there", moment=said, city=self.city(told.at.tzinfo)) if told.named else said

    def whose(self, told: ToldTime) -> str:
        """Whose clock that is, and what the reader's own shows beside it; nothing where all show the same."""
        if not told.named:
            return ""
        named = self.says("zone.short", city=self.city(told.at.tzinfo))
        if not told.beside:
            return named
        other = told.beside
        theirs = self.moment(other) if other.date() != told.at.date() else self.clock(other)
        return self.says("zone.beside", here=named, theirs=theirs, city=self.city(other.tzinfo))

    def beside(self, told: ToldTime) -> str:
        """The reader's own clock alone, with its weekday where that is another; nothing where all show the same."""
        if not told.beside:
            return ""
        clock = self.clock(told.beside)
        return clock if told.beside.date() == told.at.date() else f"{self.weekday(told.beside.date())} {clock}"

    def offset(self, at: datetime) -> str:
        """What tells apart a time that the clock shows twice: GMT-04:00."""
        return get_timezone_gmt(at, "long", locale=self.locale)

    def city(self, zone: tzinfo | None) -> str:
        return city(zone, self.locale)

    def zones(self) -> Mapping[str, list[tuple[str, str]]]:
        """The time zones of the world by continent, each with its city, in the order of their names."""
        continents: dict[str, list[tuple[str, str]]] = {}
        for zone in sorted(get_global("zone_territories")):
            continent, _, rest = zone.partition("/")
            if rest and continent != "Etc":
                continents.setdefault(continent, []).append((zone, self.city(ZoneInfo(zone))))
        return continents

    def currencies(self) -> list[tuple[str, str]]:
        """Those that something is paid with somewhere today, by name, each with its code."""
        known = {code for country in get_global("territory_currencies") for code in get_territory_currencies(country)}
        named = [(code, f"{get_currency_name(code, locale=self.locale)} ({code})") for code in known]
        return sorted(named, key=lambda it: it[1])

    def price(self, money: Money) -> str:
        """Without decimals where they are nought: ¥128, $49.90."""
        amount = Decimal(money.minor).scaleb(-get_currency_precision(money.currency))
        if amount != amount.to_integral():
            return format_currency(amount, money.currency, locale=self.locale)
        pattern = self.locale.currency_formats["standard"].pattern.replace(".00", "")
        return format_currency(amount, money.currency, pattern, locale=self.locale, currency_digits=False)

    def duration(self, minutes: int) -> str:
        """45 min; 1 hr 30 min; 2 hr."""
        hours, rest = divmod(minutes, 60) if minutes > 90 else (0, minutes)
        parts = [(hours, "duration-hour"), (rest, "duration-minute")]
        written = [format_unit(n, unit, "short", locale=self.locale) for n, unit in parts if n]
        return self.words["duration.between"].join(written)

    def span(self, span: timedelta) -> str:
        """In whole words: 48 hours; 15 minutes; 90 minutes; 48小时."""
        minutes = int(span.total_seconds()) // 60
        number, unit = (minutes, "duration-minute") if minutes % 60 or not minutes else (minutes // 60, "duration-hour")
        length: Literal["short", "long"] = "short" if self.locale.language in ONE_LENGTH else "long"
        return format_unit(number, unit, length, locale=self.locale)


def language(*wishes: str | None) -> Language:
    """The first of these that is spoken, however it is spelt; English else."""
    return _language(meant(*wishes))


def languages() -> list[Language]:
    return [_language(tag) for tag in LANGUAGES]


@cache
def _language(tag: str) -> Language:
    words = json.loads((FOLDER / f"{tag}.json").read_text(encoding="utf-8"))
    return Language(tag, Locale.parse(tag, sep="-"), words)
