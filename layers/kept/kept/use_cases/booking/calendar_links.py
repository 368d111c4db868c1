"""Making, seeing and taking back the private link of somebody's calendar: one for each, and the last one counts."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from kept import ids
from kept.client_links.calendar_links import CalendarLink, CalendarOf, Whose, calendar_address, digest, new_token
from kept.clients.client import Client
from kept.settings import setting
from kept.storage import calendar_links
from kept.storage.calendar_links import StoredLink
from kept.use_cases.optimistic_retry import retried


@dataclass(frozen=True, slots=True)
class MadeLink:
    """The only time that the address is known."""

    link: CalendarLink
    address: str


def of_staff(business: str, member: str) -> tuple[CalendarOf, ...]:
    return (CalendarOf(business, Whose.STAFF, member),)


def of_client(client: Client) -> tuple[CalendarOf, ...]:
    """Their own first, then those of the records that were taken into theirs."""
    return tuple(CalendarOf(client.business, Whose.CLIENT, id) for id in dict.fromkeys((client.id, *client.ids)))


def current(theirs: Collection[CalendarOf], *, now: datetime) -> CalendarLink | None:
    """The good one that was made last."""
    good = [one.link for one in _found(theirs) if one.link.is_good(now=now)]
    return max(good, key=lambda link: link.made_at, default=None)


def make(theirs: Collection[CalendarOf], *, now: datetime, names: bool = False, sent_to: str | None = None) -> MadeLink:
    """In the place of the one before, which opens nothing from then on. Asked for twice it is made twice, and the
    second counts: the address of the first cannot be told again. `sent_to` is the contact by which they asked."""
    token = new_token()
    first, *_ = theirs
    link = CalendarLink(first, made_at=now, asked_at=now, names=names, mark=ids.digest(sent_to) if sent_to else "")

    def attempt() -> None:
        found = _found(theirs)
        last = next((one for one in found if one.link.of == first), None)
        calendar_links.put_new(digest(token), link, over=[one for one in found if not one.link.ended], last=last)

    retried(attempt)
    return MadeLink(link, calendar_address(setting("PUBLIC_URL"), token))


def take_back(theirs: Collection[CalendarOf]) -> None:
    """Whoever has the address sees nothing by it any more; taken back again nothing changes."""

    def attempt() -> None:
        for one in _found(theirs):
            if not one.link.ended:
                calendar_links.put(one, replace(one.link, ended=True))

    retried(attempt)


def _found(theirs: Collection[CalendarOf]) -> list[StoredLink]:
    return [found for of in theirs if (found := calendar_links.current(of))]
