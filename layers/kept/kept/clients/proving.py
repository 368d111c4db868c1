"""What becomes known when somebody acts on a booking from one of its own addresses: whose that address is."""

from dataclasses import dataclass, replace
from datetime import datetime

from kept.channels import Channel, Purpose
from kept.clients.booked_as import BookedAs, contacts
from kept.clients.client import Client
from kept.clients.consent import ConsentWord
from kept.clients.filing import Ceded, Holders, Yielding, ceded, gives_way, is_same_name
from kept.clients.held import ContactKind, How
from kept.clients.holding import OPTED_OUT, contact, held, holding


@dataclass(frozen=True, slots=True)
class Acted:
    """From which of its addresses somebody acted on a booking, and when; `id` and `tz` are for a client to be made."""

    kind: ContactKind
    booked: BookedAs
    at: datetime
    id: str
    tz: str

    @property
    def proven(self) -> BookedAs:
        known = self.booked.proved
        return self.booked if self.kind in known else replace(self.booked, proved=(*known, self.kind))


@dataclass(frozen=True, slots=True)
class Proved:
    """`client` is whose booking it is now, `before` the same as they were (None if made by this), `booked` as it stands
    with the proof; `gave_way` lost a contact that they had not proved. `is_news`: something of it is to be written."""

    client: Client
    before: Client | None
    booked: BookedAs
    gave_way: tuple[Ceded, ...] = ()
    is_news: bool = True


def proved(client: Client, acted: Acted, holders: Holders) -> Proved:
    """`holders` are those who hold the booking's contacts, where somebody does.

    - What its client holds is proved theirs, and where it was only typed before they are who acted, under the name of
      this booking. If they have another contact that this booking does not name, nothing but typing ties the two
      together: then whoever acted is a client of their own.
    - What its client lacks joins them, under their own name, if another contact of theirs was proved by this booking as
      well, or if they came into being by it. Who held it without proof gives way; who proved it keeps it.
    - A booking whose every contact is another client's, and proved so, is theirs.
    """
    booked, is_held = acted.proven, contact(client, acted.kind) == acted.booked.contacts[acted.kind]
    if is_held and _is_somebody_else(client, acted):
        return _apart(client, acted)
    if not is_held and (owner := _owner(client, booked, holders)):
        return Proved(_agreeing(owner, booked, acted.at), owner, booked)
    after, others = _named(client, acted) if is_held else client, Yielding(holders, booked.contacts)
    for kind in booked.proved:
        if contact(after, kind) == booked.contacts[kind]:
            after = holding(after, kind, How.PROVED)
        elif _joins(after, kind, booked) and others.free(kind, after):
            after = _taking(after, kind, booked, others.give(kind, after), acted.at)
    after = _agreeing(after, booked, acted.at)
    strange = any(contact(after, kind) != said for kind, said in booked.contacts.items())
    is_news = after != client or (strange and booked != acted.booked)
    return Proved(after, client, booked, others.others, is_news)


def _is_somebody_else(client: Client, acted: Acted) -> bool:
    theirs, named = held(client, acted.kind), acted.booked.contacts
    unnamed = [
        kind for kind, said in contacts(client).items() if named.get(kind) != said and kind is not ContactKind.WECHAT
    ]
    return theirs is not None and theirs.how is How.TYPED and bool(unnamed)


def _named(client: Client, acted: Acted) -> Client:
    one = held(client, acted.kind)
    if one is None or one.how is not How.TYPED:
        return client
    return replace(client, name=acted.booked.name, locale=acted.booked.locale, tz=acted.tz)


def _apart(client: Client, acted: Acted) -> Proved:
    """Under the name of the booking; the client it was filed with loses the contact."""
    booked = acted.proven
    new = Client(client.business, acted.id, booked.name, booked.locale, acted.tz, preferred=booked.preferred)
    new = _agreeing(_taking(new, acted.kind, booked, client, acted.at), booked, acted.at)
    return Proved(new, None, booked, (ceded(client, acted.kind, booked.contacts[acted.kind]),))


def _owner(client: Client, booked: BookedAs, holders: Holders) -> Client | None:
    """Another client, who has proved each of its contacts theirs."""
    owners = {holders[kind].id: holders[kind] for kind in booked.contacts if kind in holders}
    said = booked.contacts.items()
    all_proved = all(kind in holders and not gives_way(holders[kind], kind, address) for kind, address in said)
    return next(iter(owners.values())) if all_proved and len(owners) == 1 and client.id not in owners else None


def _joins(client: Client, kind: ContactKind, booked: BookedAs) -> bool:
    if contact(client, kind) is not None or not is_same_name(client.name, booked.name):
        return False
    others = (other for other in booked.proved if other is not kind)
    return booked.is_first or any(contact(client, other) == booked.contacts[other] for other in others)


def _taking(client: Client, kind: ContactKind, booked: BookedAs, other: Client | None, at: datetime) -> Client:
    """With it, and with what was said from there while another held it."""
    address = booked.contacts[kind]
    client = holding(client, kind, How.PROVED, address=address)
    if other is None:
        return client
    for channel in (channel for channel in Channel if client.address(channel) == address):
        own = other.address(channel) == address
        withdrew = own and other.said(Purpose.TRANSACTIONAL, channel) is ConsentWord.WITHDRAWN
        if why := OPTED_OUT if withdrew else other.stopped_at(channel, address):
            client = client.stopping(channel, why=why, at=at)
    return client


def _agreeing(client: Client, booked: BookedAs, at: datetime) -> Client:
    """What was agreed to in typing what is proved theirs now is their own word."""
    proven = [booked.contacts[kind] for kind in booked.proved]
    for said in booked.consents(at=at):
        if client.address(said.channel) in proven and client.said(said.purpose, said.channel) is None:
            client = client.stating(said)
    return client
