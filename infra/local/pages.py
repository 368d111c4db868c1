"""The console's pages: what they show, ready for their templates in pages/."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader

from infra.local import seed
from infra.local.due import Due
from infra.local.inbox import CONVERSATIONS, Inbox, Sent
from infra.local.place import HERE
from infra.local.quarter import view
from infra.local.schedules import Way

_LONGEST_LIST = 200
_templates = Environment(loader=FileSystemLoader(HERE / "pages"), autoescape=True, trim_blocks=True, lstrip_blocks=True)


@dataclass(frozen=True, slots=True)
class Now:
    """The product's now, how far it is ahead of the real one and, while time is let pass, on what way."""

    instant: datetime
    ahead: timedelta
    way: Way | None = None

    @property
    def percent(self) -> int:
        return round(100 * self.way.passed(self.instant)) if self.way else 100

    def in_zones(self) -> list[tuple[str, str]]:
        """For each demo business its zone and the local time there."""
        zones = dict.fromkeys(business.zone for business in seed.BUSINESSES)
        return [(zone, local(self.instant, zone)) for zone in zones]


def local(instant: datetime, zone: str) -> str:
    return instant.astimezone(ZoneInfo(zone)).strftime("%a %-d %b %Y, %H:%M")


def home(url: str, own_site: str) -> str:
    return _templates.get_template("home.html").render(
        businesses=seed.BUSINESSES, staff=seed.STAFF, password=seed.PASSWORD, url=url, own_site=own_site
    )


def site(business: str, url: str) -> str:
    """A demo business's own, which shows its booking page. Raises ValueError for another."""
    name = next((it.name for it in seed.BUSINESSES if it.id == business), None)
    if name is None:
        raise ValueError("The demo has no such business.")
    return _templates.get_template("site.html").render(id=business, name=name, url=url)


def messages(now: Now, inbox: Inbox, told: Callable[[str], list[str]], to: str) -> str:
    """`told` gives what the providers told the product of a message."""
    sent = inbox.newest_first(to)
    return _templates.get_template("messages.html").render(
        now=now,
        messages=sent[:_LONGEST_LIST],
        total=len(sent),
        readers=inbox.readers(),
        to=to,
        told=told,
        answers=inbox.answers(),
        conversations=CONVERSATIONS,
    )


def providers(now: Now, state: Mapping[str, Any]) -> str:
    return _templates.get_template("providers.html").render(now=now, **state)


def payments(now: Now, listed: list[dict[str, Any]]) -> str:
    return _templates.get_template("payments.html").render(now=now, payments=listed)


def checkout(**shown: object) -> str:
    return _templates.get_template("checkout.html").render(shown)


def texts(said: Mapping[str, Any]) -> str:
    return _templates.get_template("texts.html").render(said)


def due(now: Now, items: list[Due]) -> str:
    return _templates.get_template("due.html").render(now=now, items=items[:_LONGEST_LIST], total=len(items))


def quarter(told: Mapping[str, Any], *, is_last: bool, alone: bool = False) -> str:
    """A quarter that was played; `alone` as a file that stands by itself, without the way to the other pages."""
    return _templates.get_template("quarter.html").render(is_last=is_last, alone=alone, **view.shown(told))


def message_body(sent: Sent) -> str:
    """The HTML part, its links opening beside the console."""
    return f'<base target="_blank">{sent.html}'
