"""One request to the pages: what was asked in the address, what was typed into the form, and when.

What a form may do hangs on the token in its path alone, which another site cannot know, so there is nothing that a
forged form could borrow. The one cookie there is knows a hold again (pages/holder.py) and allows nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from kept import ids
from kept.actor import CLIENT, Change
from kept.api.identity import zone
from kept.errors import InvalidRequest
from kept.language_tags import accepted
from kept.pages.language import Language, language
from kept.visible import lines, one_line

MOST_FIELDS = 40
CENTURY = range(2000, 2100)
CHOSEN = ("lang", "zone")
"""What a reader has chosen for good: it goes along from page to page."""
SITE = "site"
"""In which site's frame a booking page says it is shown; it goes along from one of them to the next."""


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`asked` is the query. Whatever is read from it or from the form and makes no sense raises InvalidRequest."""

    event: APIGatewayProxyEventV2
    asked: Mapping[str, str]
    now: datetime

    @property
    def path(self) -> str:
        return self.event.raw_path

    @property
    def chosen(self) -> dict[str, str]:
        return {name: self.asked[name] for name in CHOSEN if self.asked.get(name)}

    def language(self, theirs: str = "", *, otherwise: str = "") -> Language:
        """What they chose; what is known to be theirs; what their browser asks for; what the business speaks."""
        wishes = accepted(self.event.headers.get("accept-language", ""))
        return language(self.asked.get("lang"), theirs, *wishes, otherwise)

    def zone(self, theirs: str) -> ZoneInfo:
        """Raises UnknownZone."""
        return zone(self.asked.get("zone"), theirs)

    def cookie(self, name: str) -> str:
        """As API Gateway hands it on, or as it came; "" for none."""
        jar = self.event.cookies or self.event.headers.get("cookie", "").split(";")
        pairs = (pair.strip().partition("=") for pair in jar)
        return next((value for its, _, value in pairs if its == name), "")

    def day(self, name: str) -> date | None:
        try:
            return date.fromisoformat(self.asked[name]) if self.asked.get(name) else None
        except ValueError as error:
            raise InvalidRequest(fields=[{"field": name, "reason": "not a date"}]) from error

    def typed(self) -> "PageForm":
        try:
            body = self.event.decoded_body or ""
            fields = parse_qs(body, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
        except ValueError as error:
            raise InvalidRequest(fields=[{"field": "body", "reason": "not a form"}]) from error
        return PageForm(fields)

    def change_by(self, form: "PageForm", *, why: str = "") -> Change:
        """By the client; a form that is sent twice has the same key and the same body."""
        key = form.one("key")
        body = ids.digest(f"{self.path}\n{self.event.decoded_body}")
        return Change(CLIENT, self.now, why, form_key(key), body if key else "")


@dataclass(frozen=True, slots=True)
class PageForm:
    """What was typed, without what no page or message can show."""

    fields: Mapping[str, Sequence[str]]

    def one(self, name: str) -> str:
        return one_line(next(iter(self.fields.get(name, ())), ""))

    def lines(self, name: str) -> str:
        return lines(next(iter(self.fields.get(name, ())), ""))

    def every(self, name: str) -> Sequence[str]:
        return self.fields.get(name, ())

    def start(self) -> datetime:
        return instant(self.one("start"))

    def version(self) -> int | None:
        """The version of the appointment that the page spoke of."""
        text = self.one("version")
        return int(text) if text.isdecimal() and len(text) < 9 else None


def form_key(key: str) -> str:
    """A form's keys are a kind of their own; "" for none."""
    return ids.digest(f"form\n{key}") if key else ""


def instant(text: str) -> datetime:
    """Raises InvalidRequest for what is no time, or one without its offset."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidRequest(fields=[{"field": "start", "reason": "not a time"}]) from error
    if moment.tzinfo is None or moment.year not in CENTURY:
        raise InvalidRequest(fields=[{"field": "start", "reason": "needs an offset from UTC, and this century"}])
    return moment
