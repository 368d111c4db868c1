"""Short links: other names for signed ones, of the same page, address and end, for where letters are paid for."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

from kept.client_links.links import PAGES, LinkKeys, LinkPurpose, booking_page, sign

PATH = "k"
BOOKING_LASTS = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class ShortLink:
    """What it stands for; `subject` is what a signed link names, of a booking page the service ("": any)."""

    purpose: LinkPurpose
    business: str
    subject: str
    until: datetime

    @property
    def said(self) -> str:
        """All of it in one line, as its letters are drawn from it."""
        return f"{self.purpose}.{self.business}.{self.subject}.{int(self.until.timestamp()):x}"

    def path(self, keys: LinkKeys) -> str:
        """The page it leads to on this site: the signed link that it is a name for, signed anew."""
        if self.purpose is LinkPurpose.BOOK:
            return booking_page("", self.business, self.subject)
        token = sign(keys, self.purpose, business=self.business, subject=self.subject, expires=self.until)
        return f"/{PAGES[self.purpose]}/{token}"


def stands_for(address: str, *, now: datetime) -> ShortLink:
    """Of an address that links.py made. A booking page ends never, and its short link with a month in a year's time:
    all clients of a business share it.
    """
    parts = urlsplit(address)
    page, _, name = parts.path.rpartition("/")
    if page.endswith(f"/{PAGES[LinkPurpose.BOOK]}"):
        service = parse_qs(parts.query).get("service", [""])[0]
        return ShortLink(LinkPurpose.BOOK, name, service, _first_of_the_month(now + BOOKING_LASTS))
    purpose, _, business, subject, expires, _ = name.split(".")
    return ShortLink(LinkPurpose(purpose), business, subject, datetime.fromtimestamp(int(expires, 16), UTC))


def short_page(public_url: str, letters: str) -> str:
    return f"{public_url.rstrip('/')}/{PATH}/{letters}"


def _first_of_the_month(at: datetime) -> datetime:
    return datetime(at.year, at.month, 1, tzinfo=UTC)
