"""A client's own wishes in the hands of whoever holds their link, which may have been forwarded."""

from dataclasses import dataclass

from kept.business.catalog import Business, Money
from kept.business.names import in_language
from kept.channels import Channel, Purpose
from kept.client_links.links import LinkPurpose
from kept.client_links.refusals import LinkExpired
from kept.client_links.tokens import preferences_token, read_client
from kept.clients.client import Client
from kept.clients.consent import ConsentWord
from kept.clients.held import How
from kept.clients.holding import contact, remembered
from kept.clients.masked import masked
from kept.clients.preferences import CONFIRMED_BY_LINK
from kept.clients.refusals import UnknownClient
from kept.clients.texting import texts
from kept.ledger.balance import Balance
from kept.pages.language import language as ours
from kept.pages.page_request import PageRequest
from kept.pages.reader import Reader
from kept.storage import catalogs, clients
from kept.use_cases.money.reading import balance


@dataclass(frozen=True, slots=True)
class Points:
    """What a client has by their kept visits, and what so many points (`price`) buy, None where that is nothing."""

    count: int
    price: int
    buy: Money | None
    credit: Money

    @property
    def are_enough(self) -> bool:
        return self.buy is not None and self.count >= self.price

    @property
    def are_shown(self) -> bool:
        return self.buy is not None or self.count > 0


UNBROKEN = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Theirs:
    """Nothing of the record is shown, no name, and no whole address.

    `sent_to` is which of their contacts has the link. What was only typed beside it may be somebody else's, so it is
    not spoken of.
    """

    reader: Reader
    business: Business
    client: Client
    sent_to: str | None = None

    def at(self, **query: object) -> str:
        return self.reader.to(self.reader.visit.path, **query)

    @property
    def preferences(self) -> str:
        """The page of all their wishes."""
        return self.reader.to(f"/p/{preferences_token(self.client, now=self.reader.visit.now, sent_to=self.sent_to)}")

    @property
    def email(self) -> str:
        return masked(self.client, Channel.EMAIL)

    @property
    def points(self) -> Points:
        it, rules = self.business, self.business.points
        found: Balance = balance(it, self.client)
        buy = Money(rules.credit, it.currency) if rules.buy else None
        return Points(found.points, rules.price, buy, Money(found.credit, it.currency))

    @property
    def waits(self) -> bool:
        """They asked for invitations by e-mail, and their yes from there is still to come."""
        return self.client.said(*CONFIRMED_BY_LINK) is ConsentWord.ASKED_FOR

    @property
    def open(self) -> tuple[Channel, ...]:
        return tuple(c for c in self._known if not self.client.stopped_because(c))

    @property
    def stopped(self) -> tuple[Channel, ...]:
        return tuple(c for c in self._known if self.client.stopped_because(c))

    def choices(self, purpose: Purpose) -> tuple[Channel, ...]:
        """A call about a booking needs no consent of its own, so there is none to give or to take back."""
        asked = purpose is Purpose.PROMOTIONAL
        return tuple(c for c in self.open if asked or c is not Channel.CALL)

    def speaks(self, locale: str) -> str:
        """Which language of ours that is."""
        return ours(locale).tag

    def asks(self, purpose: Purpose) -> str:
        """The words that are agreed to."""
        says, name = self.reader.language.says, self.business.name
        if purpose is Purpose.PROMOTIONAL:
            return says("wishes.promotional", business=name)
        return says("wishes.transactional", business=name)

    def way(self, channel: Channel) -> str:
        """With as much of its address as its owner needs to know it."""
        says, address = self.reader.language.says, masked(self.client, channel).replace(" ", UNBROKEN)
        name = says("channel." + channel)
        return says("wishes.way", channel=name, address=address) if address else name

    @property
    def _known(self) -> tuple[Channel, ...]:
        known = (c for c in self.business.channels if self.client.address(c))
        return tuple(c for c in known if self._is_theirs(c) and self._is_served(c))

    def _is_served(self, channel: Channel) -> bool:
        return channel is not Channel.SMS or texts(self.business, self.client.phone)

    def _is_theirs(self, channel: Channel) -> bool:
        only_typed = {contact(self.client, one.kind) for one in self.client.held if one.how is How.TYPED}
        return self.sent_to in (None, self.client.address(channel)) or self.client.address(channel) not in only_typed


def opened(visit: PageRequest, token: str, purpose: LinkPurpose) -> Theirs:
    """Raises LinkInvalid, and LinkExpired as well for the link of a client who is gone."""
    link = read_client(token, purpose, now=visit.now)
    catalog = catalogs.load(link.business)
    try:
        client = remembered(clients.load(link.business, link.subject), now=visit.now)
    except UnknownClient as error:
        raise LinkExpired from error
    language = visit.language(client.locale)
    catalog = in_language(catalog, language.tag)
    reader = Reader(visit, language, client.zone, catalog)
    return Theirs(reader, catalog.business, client, link.sent_to(client))
