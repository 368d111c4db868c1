"""A new business on one page: its name, where it is, what it does, who owns it, and the code that lets them make it.

Nobody is signed in yet, so the code is all that a form hangs on; a wrong one is counted against its network.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from http import HTTPStatus
from zoneinfo import ZoneInfo

from aws_lambda_powertools.event_handler import Response
from babel.core import get_global
from babel.numbers import get_territory_currencies

from kept.api.network import network
from kept.business.new_business import NewBusiness
from kept.business.refusals import BusinessTaken, CodeExpired, CodeUsed, CodeWrong, EmailInUse
from kept.business.trades import TRADES, trade
from kept.clients.contact import normal_email
from kept.clients.refusals import InvalidEmail
from kept.errors import InvalidSetting
from kept.language_tags import LANGUAGES
from kept.pages.language import Language
from kept.pages.page_request import PageForm, PageRequest
from kept.pages.reader import Reader
from kept.pages.render import page
from kept.use_cases.limits import guessing
from kept.use_cases.starting.beginning import begin, right

UTC = ZoneInfo("UTC")
ADDRESS = re.compile("[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
LONGEST = {"code": 128, "name": 100, "id": 40, "owner": 100, "email": 128}
SAME_ZONE = {"CN": "Asia/Shanghai"}
"""Countries with several zones of which one is everybody's."""
FIELD_OF = {CodeWrong: "code", CodeUsed: "code", BusinessTaken: "id", EmailInUse: "email"}


@dataclass(frozen=True, slots=True)
class TypedStart:
    """The form as it was filled in; a zone or a currency left out is the country's."""

    code: str = ""
    name: str = ""
    id: str = ""
    trade: str = ""
    country: str = ""
    tz: str = ""
    currency: str = ""
    locale: str = ""
    owner: str = ""
    email: str = ""

    def __getitem__(self, field: str) -> str:
        told: str = asdict(self)[field]
        return told

    @property
    def is_somewhere(self) -> bool:
        return self.country in get_global("territory_currencies")

    def waits(self, its: str) -> bool:
        """For the country, by which it will be known."""
        return not its and not self.is_somewhere

    @property
    def zone(self) -> str:
        """ "" where the country has several and none was chosen."""
        if self.tz:
            return self.tz
        theirs = [zone for zone, country in get_global("zone_territories").items() if country == self.country]
        return SAME_ZONE.get(self.country, theirs[0] if len(theirs) == 1 else "")

    @property
    def money(self) -> str:
        """ "" where nobody knows what is paid with there."""
        return self.currency or next(iter(get_territory_currencies(self.country) if self.is_somewhere else []), "")

    def wish(self) -> NewBusiness:
        """Raises InvalidEmail."""
        return NewBusiness(
            self.id,
            self.name,
            self.country,
            self.zone,
            self.money,
            self.locale,
            self.trade,
            self.owner,
            normal_email(self.email),
        )


def ask(visit: PageRequest) -> Response[str]:
    language = visit.language()
    return _form(visit, TypedStart(locale=language.tag))


def make(visit: PageRequest) -> Response[str]:
    """The code comes first: who has none is told nothing of what else is there. Raises TooManyLinks."""
    typed, whence = _typed(visit.typed()), network(visit.event)
    guessing.must_not_guess(whence, now=visit.now)
    try:
        right(typed.code, now=visit.now)
    except CodeWrong as refusal:
        guessing.guessed(whence, now=visit.now)
        return _form(visit, typed, {"code": refusal.code})
    except CodeExpired as refusal:
        return _form(visit, typed, {"code": refusal.code})
    if wrong := problems(typed):
        return _form(visit, typed, wrong)
    try:
        begin(typed.code, typed.wish(), now=visit.now)
    except (CodeUsed, BusinessTaken, EmailInUse) as refusal:
        return _form(visit, typed, {FIELD_OF[type(refusal)]: refusal.code})
    except InvalidSetting as refusal:
        return _form(visit, typed, {_FIELDS.get(str(refusal.facts["field"]), "name"): "not_known"})
    return page(_reader(visit), "started", HTTPStatus.CREATED, typed=typed)


_FIELDS = {"country": "country", "currency": "currency", "locale": "locale"}


def problems(typed: TypedStart) -> dict[str, str]:
    """By field, what is the matter with it, in the order of the form."""
    return {field: code for field, has in CHECKS.items() if (code := has(typed))}


CHECKS: Mapping[str, Callable[[TypedStart], str]] = {
    "name": lambda it: _named(it.name, LONGEST["name"], "business_unnamed"),
    "id": lambda it: "" if ADDRESS.fullmatch(it.id) else "address_unusable",
    "trade": lambda it: "" if it.trade in TRADES else "not_chosen",
    "country": lambda it: "" if it.is_somewhere else "not_chosen",
    "tz": lambda it: "" if it.zone in get_global("zone_territories") or it.waits(it.tz) else "zone_not_chosen",
    "currency": lambda it: "" if re.fullmatch("[A-Z]{3}", it.money) or it.waits(it.currency) else "not_known",
    "locale": lambda it: "" if it.locale in LANGUAGES else "not_chosen",
    "owner": lambda it: _named(it.owner, LONGEST["owner"], "name_missing"),
    "email": lambda it: _no_email(it.email),
}


def _named(text: str, most: int, missing: str) -> str:
    return missing if not text else "too_long" if len(text) > most else ""


def _no_email(text: str) -> str:
    if len(text) > LONGEST["email"]:
        return "too_long"
    try:
        normal_email(text)
    except InvalidEmail as refusal:
        return refusal.code
    return ""


def _typed(form: PageForm) -> TypedStart:
    told = {field.name: form.one(field.name) for field in fields(TypedStart)}
    return TypedStart(**told | {"id": told["id"].lower(), "country": told["country"].upper()})


def _form(visit: PageRequest, typed: TypedStart, wrong: Mapping[str, str] = {}) -> Response[str]:
    reader = _reader(visit)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK
    return page(
        reader,
        "start",
        status,
        typed=typed,
        wrong=wrong,
        too_many=False,
        longest=LONGEST,
        trades=[(id, trade(id).name(reader.language.tag)) for id in TRADES],
        countries=_countries(reader.language),
    )


def _countries(language: Language) -> list[tuple[str, str]]:
    """Those that anything is paid with, by name."""
    known = get_global("territory_currencies")
    named = [(code, name) for code, name in language.locale.territories.items() if len(code) == 2 and code in known]
    return sorted(named, key=lambda it: it[1])


def _reader(visit: PageRequest) -> Reader:
    return Reader(visit, visit.language(), UTC)
