"""Whoever reads a page: their language and zone, the business they look at, and addresses that keep all three."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from kept.booking.whose_time import Clocks, ToldTime
from kept.business.catalog import Business, Catalog, Mode
from kept.business.names import in_language
from kept.business.refusals import UnknownBusiness
from kept.clients.written_number import as_written
from kept.pages.language import Language
from kept.pages.page_request import SITE, PageRequest
from kept.storage import catalogs

BOOKING = "/b/"
"""What the paths of the public pages begin with."""
ID = re.compile("[A-Za-z0-9_-]{1,64}")
"""Of a business; a longer name is no key that could be looked for."""


@dataclass(frozen=True, slots=True)
class Reader:
    """`catalog` is None where no business could be told."""

    visit: PageRequest
    language: Language
    zone: ZoneInfo
    catalog: Catalog | None = None

    @property
    def business(self) -> Business | None:
        return self.catalog.business if self.catalog else None

    @property
    def site(self) -> str:
        """The site of the business in whose frame they are, as it says itself; "" for none."""
        asked = self.visit.asked.get(SITE, "")
        framed = self.business is not None and self.visit.path.startswith(BOOKING)
        return asked if framed and asked in self.business.embed_origins else ""  # type: ignore[union-attr]

    @property
    def elsewhere(self) -> bool:
        """Their clock shows another time than the business's, now or after the next change of clocks."""
        return bool(self.business) and self.zone != self.business.zone  # type: ignore[union-attr]

    @property
    def phone(self) -> str:
        """The business's, as it is written where they are."""
        if not self.business:
            return ""
        return as_written(self.business.phone, "" if self.elsewhere else self.business.country)

    def told(self, at: datetime, mode: Mode) -> ToldTime:
        """By whose clock it is told; without a business by theirs."""
        place = self.business.zone if self.business else self.zone
        return Clocks(mode, place, self.zone).told(at)

    def zone_of(self, mode: Mode) -> ZoneInfo:
        """By which days and times of such a visit are told."""
        return self.business.zone if self.business and mode is Mode.IN_PERSON else self.zone

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def to(self, path: str, **query: object) -> str:
        """An address on this site, with what they chose for good."""
        framed = {SITE: self.site} if self.site and path.startswith(BOOKING) else {}
        return address_of(path, {**self.visit.chosen, **framed, **query})

    def again(self, **changes: object) -> str:
        """The page they look at, asked differently; None takes a question back."""
        return address_of(self.visit.path, {**self.visit.asked, **changes})


def guest(visit: PageRequest, business: str) -> Reader:
    """Somebody at a business's public pages. Raises UnknownBusiness, UnknownZone."""
    if not ID.fullmatch(business):
        raise UnknownBusiness
    theirs = catalogs.load(business)
    language = visit.language(otherwise=theirs.business.locale)
    return Reader(visit, language, visit.zone(theirs.business.tz), in_language(theirs, language.tag))


def address_of(path: str, query: Mapping[str, object]) -> str:
    """`path` may ask for something already."""
    text = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{path}{'&' if '?' in path else '?'}{text}" if text else path
