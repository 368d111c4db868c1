"""What a language calls things and how it writes times: texts/<language>/words.j2 and the locale's own customs."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel import Locale
from babel.dates import format_datetime, format_skeleton, format_time
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from kept.booking.whose_time import ToldTime
from kept.business.catalog import Mode, Money
from kept.language_tags import LANGUAGES as LANGUAGES
from kept.language_tags import meant
from kept.messaging.letter import Greeting, Letter
from kept.messaging.to_tell import ToTell
from kept.messaging.week_figures import FigureLine, Measure
from kept.timekeeping.cities import city
from kept.visible import one_line

STOPS = re.compile(r"\s*[,;，；、\n]\s*")
NAMES_A_STREET = 8
"""Letters; Flat 2 is none."""

FOLDER = Path(__file__).with_name("texts")


@dataclass(frozen=True, slots=True)
class Words:
    """What a language's words.j2 sets, and how it writes dates and numbers."""

    language: str
    locale: Locale
    labels: Mapping[str, str]
    colon: str
    between: str
    apart: str
    elsewhere: str
    beside: str
    places: Mapping[str, str]
    brief: Mapping[str, str]
    caller: str
    reader: str
    causes: Mapping[str, str]
    marks: Mapping[str, str]
    keys: Mapping[str, str]
    ways_out: Mapping[str, str]
    instead_of_link: Mapping[str, str]
    counts: Mapping[str, Mapping[str, str]]
    duties: Mapping[str, str]
    steps: Mapping[str, str]
    channels: Mapping[str, str]
    told: Mapping[str, str]
    barriers: Mapping[str, str]
    untold: str
    somebody: str
    held_by: str
    quoted: str
    answer: str
    figures: Mapping[str, str]
    compared: Mapping[str, str]
    absent: Mapping[str, str]

    def moment(self, at: datetime) -> str:
        """Day and time as the zone of `at` shows them: Sat, Mar 14, 2:00 PM; 3月14日周六 14:00."""
        return one_line(self.locale.datetime_formats["short"].format(self.clock(at), self.day(at)))

    def day(self, at: date) -> str:
        zone = at.tzinfo if isinstance(at, datetime) else None
        return one_line(format_skeleton("MMMEd", at, tzinfo=zone, locale=self.locale))

    def clock(self, at: datetime) -> str:
        return one_line(format_time(at, "short", tzinfo=at.tzinfo, locale=self.locale))

    def in_brief(self, at: datetime) -> str:
        """The same as a text message writes it: Sat Mar 14, 2 PM."""
        day = format_datetime(at, self.brief["day"], tzinfo=at.tzinfo, locale=self.locale)
        return one_line(self.locale.datetime_formats["short"].format(self.clock_in_brief(at), day))

    def clock_in_brief(self, at: datetime) -> str:
        pattern = self.brief["clock" if at.minute else "hour"]
        return one_line(format_datetime(at, pattern, tzinfo=at.tzinfo, locale=self.locale))

    def when(self, letter: Letter, *, brief: bool = False, beside: bool = True) -> str:
        """`beside`: with the client's own time next to the place's."""
        moment = self.in_brief if brief else self.moment
        return self._by_whose_clock(letter.starts, letter, moment, beside=beside)

    def until(self, letter: Letter, *, brief: bool = False) -> str:
        """How long they are waited for; nothing where they are not. In brief `when` alone says whose clock it is."""
        if not letter.waits_until:
            return ""
        if brief:
            return self.clock_in_brief(letter.waits_until)
        return self._by_whose_clock(letter.waits_until, letter, self.clock)

    def times(self, letter: Letter, *, brief: bool = False) -> str:
        """Those on offer; nothing where there are none."""
        if brief:
            return self.apart.join(map(self.in_brief, letter.offered))
        return self.apart.join(self._by_whose_clock(at, letter, self.moment) for at in letter.offered)

    def offered(self, at: datetime | None, greeting: Greeting) -> str:
        """A time that is held for them; nothing where none is."""
        if at is None or greeting.clocks is None:
            return ""
        told = greeting.clocks.told(at)
        return self._in_city(self.in_brief(told.at), told)

    def others(self, greeting: Greeting, *, at_most: int | None = None) -> str:
        """Times that are free; nothing where there are none."""
        return self.apart.join(self.offered(at, greeting) for at in greeting.others[:at_most])

    def open_until(self, greeting: Greeting) -> str:
        """The hour of its deadline, by the clock of `offered`."""
        if greeting.until is None or greeting.clocks is None:
            return ""
        return self.clock_in_brief(greeting.clocks.local(greeting.until))

    def _in_city(self, when: str, told: ToldTime) -> str:
        return self.elsewhere.format(when=when, city=city(told.at.tzinfo, self.locale)) if told.named else when

    def place(self, letter: Letter) -> str:
        place = self.places[letter.mode].format(where=letter.where)
        if not letter.where:
            place = place.rstrip(" :：")
        if letter.mode is Mode.PHONE and letter.phone:
            place = self.caller.format(place=place, phone=letter.phone)
        return self.between.join(filter(None, (place, letter.room)))

    def place_in_short(self, letter: Letter) -> str:
        """The street, or how one meets; their page tells the rest."""
        where = street(letter.where) if letter.mode is Mode.IN_PERSON else ""
        return self.places[letter.mode].format(where=where).rstrip(" :：")

    def money(self, it: Money | None) -> str:
        """As the language writes it; nothing for None."""
        if it is None:
            return ""
        return self._coins(it.minor, it.currency)

    def duty(self, client: str, clock: str, step: str) -> str:
        """What is to be done for this client; a step of the business's own by its name."""
        form = self.steps.get(step, self.duties["step"]) if step else self.duties.get(clock, self.duties["other"])
        return form.format(client=client, step=step)

    def to_tell(self, it: ToTell) -> str:
        """Fri, Mar 6, 2:00 PM was cancelled by Li Chen; they said STOP to text messages."""
        by = it.by or self.somebody
        before = self.moment(it.before) if it.before else ""
        act = self.told[it.act].format(at=self.moment(it.at), before=before, by=by, person=it.person or self.somebody)
        why = self.barriers[it.barrier].format(channel=self.channels.get(it.channel, it.channel))
        return self.untold.format(act=act, why=why)

    def figure(self, it: FigureLine, currency: str) -> str:
        """88 % (71 of 80), 3 points more than the week before; or that they are too few to say."""
        if it.measure in (Measure.COUNT, Measure.MONEY):
            now, before = (self._number(it, number, currency) for number in (it.part, it.before))
            return self.compared["before"].format(value=now, before=before)
        if not it.whole:
            return self.compared["nothing"]
        value = self.compared[it.measure].format(
            percent=format_percent(it.part / it.whole, locale=self.locale),
            part=format_decimal(it.part // (60 if it.measure is Measure.HOURS else 1), locale=self.locale),
            whole=format_decimal(it.whole // (60 if it.measure is Measure.HOURS else 1), locale=self.locale),
        )
        if it.points is None:
            return self.compared["few"].format(value=value, few=format_decimal(it.few, locale=self.locale))
        form = "same" if round(abs(it.points)) == 0 else "more" if it.points > 0 else "less"
        points = format_decimal(round(abs(it.points)), locale=self.locale)
        return self.compared[form].format(value=value, points=points)

    def _number(self, it: FigureLine, number: int, currency: str) -> str:
        if it.measure is Measure.COUNT:
            return str(format_decimal(number, locale=self.locale))
        return self._coins(number, currency)

    def _coins(self, minor: int, currency: str) -> str:
        amount = Decimal(minor).scaleb(-get_currency_precision(currency))
        return str(format_currency(amount, currency, locale=self.locale))

    def counted(self, number: int, what: str) -> str:
        """1 hour, 2 hours; 2小时: by the language's own plurals."""
        forms = self.counts[what]
        return forms.get(self.locale.plural_form(number), forms["other"]).format(number=number)

    def _by_whose_clock(
        self, at: datetime, letter: Letter, said: Callable[[datetime], str], *, beside: bool = True
    ) -> str:
        """With the city of the zone where the client's clock and the place's differ then; in person with both times."""
        told = letter.clocks.told(at)
        if not told.named:
            return said(told.at)
        here = city(told.at.tzinfo, self.locale)
        if not (told.beside and beside):
            return self.elsewhere.format(when=said(told.at), city=here)
        other = told.beside
        theirs = said(other) if other.date() != told.at.date() else self._clock_like(other, said)
        there = city(other.tzinfo, self.locale)
        return self.beside.format(when=said(told.at), city=here, theirs=theirs, their_city=there)

    def _clock_like(self, at: datetime, said: Callable[[datetime], str]) -> str:
        return self.clock_in_brief(at) if said == self.in_brief else self.clock(at)


def street(address: str) -> str:
    """What of an address finds the house for whoever knows the town: as much from its beginning as names a street."""
    parts = STOPS.split(address)
    enough = next((n for n in range(1, len(parts)) if len("".join(parts[:n])) >= NAMES_A_STREET), len(parts))
    return ", ".join(parts[:enough])


def words_in(locale: str) -> Words:
    """Of that language, however it is spelt (zh, zh_CN), or English."""
    return _words(meant(locale))


@cache
def _words(language: str) -> Words:
    module = templates().get_template(f"{language}/words.j2").module
    named = {f.name: getattr(module, f.name) for f in fields(Words) if f.name not in ("language", "locale")}
    return Words(language=language, locale=Locale.parse(language, sep="-"), **named)


@cache
def templates() -> Environment:
    """Only the HTML layout escapes: the blocks of a text are plain, and are put into it as such."""
    return Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=select_autoescape(["html"], default=False),
    )
