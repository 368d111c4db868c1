"""With whom a booking is filed: whoever holds what was typed, unless it contradicts what they are known by.

Anybody can type anybody's number, so nothing that was typed changes who a client is, or joins them.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kept.clients.booked_as import contacts
from kept.clients.client import Client
from kept.clients.held import ContactKind, How
from kept.clients.holding import KEPT, RENEWED, contact, holding, kept_for, not_also, without
from kept.clients.refusals import ContactTaken, NoContact

TYPED = (ContactKind.PHONE, ContactKind.EMAIL)

STILL_TYPED = timedelta(days=180)
"""As far ahead as anybody has a booking."""

Holders = Mapping[ContactKind, Client]
"""Who holds each of the contacts that were typed, where somebody does."""


@dataclass(frozen=True, slots=True)
class Ceded:
    """A client as they are without what somebody else has shown to be theirs; their bookings keep it."""

    client: Client
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filed:
    """`client` as they are with it, `before` as they were (None for a client of its own), `typed` as it was made for.

    `strange` are the contacts that were typed and are not the client's: they stay with the booking. `gave_way` lost one
    of theirs to staff's word. `holders` is whoever holds any of it.
    """

    client: Client
    before: Client | None
    typed: Client
    strange: tuple[str, ...] = ()
    gave_way: tuple[Ceded, ...] = ()
    holders: tuple[Client, ...] = ()


def filed(typed: Client, holders: Holders, *, alike: Iterable[Client] = (), ends: datetime) -> Filed:
    """By somebody who typed it, for a visit until then. `alike` are those who typed the same before and hold nothing.

    With the holder of the number, else of the address: the first of them whom nothing typed contradicts. Else it is a
    client of its own, who holds what nobody else does.
    """
    known = next((one for one in _candidates(holders) if not contradicts(one, typed)), None)
    known = known or next((one for one in alike if not contacts(one)), None)
    if known:
        own = {kind for kind in TYPED if contact(typed, kind) == contact(known, kind)}
        return Filed(kept_for(known, own, ends=ends), known, typed, _strange(typed, known))
    new = typed
    for kind in contacts(typed):
        new = without(new, kind) if kind in holders else holding(new, kind, How.TYPED, until=ends + RENEWED)
    if not contacts(new):
        new = replace(new, unheld_until=ends + RENEWED)
    return Filed(new, None, typed, _strange(typed, new))


def filed_by_staff(typed: Client, holders: Holders, *, open: frozenset[str] = frozenset()) -> Filed:
    """Staff's word is proof: what their client lacked joins them, unless somebody else proved that it is theirs, or it
    was typed under another name, for one of the family.

    What staff left `open`, language and zone, is as the client has it; so is their WeChat.
    """
    known = next((one for one in _candidates(holders) if not contradicts(one, typed)), None)
    if known is None:
        new = typed
        for kind in contacts(typed):
            new = without(new, kind) if kind in holders else holding(new, kind, How.PROVED)
        return Filed(new, None, typed, _strange(typed, new))
    typed = replace(typed, wechat=known.wechat, **{name: getattr(known, name) for name in open})
    client, gave_way = known, Yielding(holders, contacts(typed))
    for kind in contacts(typed):
        address = contact(typed, kind)
        theirs = contact(known, kind) is not None or is_same_name(known.name, typed.name)
        if kind is ContactKind.WECHAT or address in known.also or not theirs or not gave_way.free(kind, known):
            continue
        client = holding(client, kind, How.PROVED, address=address)
        gave_way.give(kind, known)
    return Filed(client.agreeing(typed), known, typed, _strange(typed, client), gave_way.others)


def noted(client: Client, said: Mapping[ContactKind, str | None], holders: Holders) -> tuple[Client, tuple[Ceded, ...]]:
    """With what staff note to be theirs (None: not any more), and those who gave way to it.

    Where it takes the place of another, what was said from there was said of that one.
    Raises ContactTaken for what another has proved, NoContact where nothing would be left.
    """
    others = Yielding(holders, {kind: address for kind, address in said.items() if address})
    for kind, address in said.items():
        if address == contact(client, kind) is not None:
            client = holding(client, kind, How.PROVED)
            continue
        client = without(client, kind)
        if address is None:
            continue
        if not others.free(kind, client):
            raise ContactTaken(contact=str(kind), holder=named(holders[kind]))
        others.give(kind, client)
        client = replace(holding(client, kind, How.PROVED, address=address), unheld_until=None)
    if not contacts(client):
        raise NoContact
    return client, others.others


class Yielding:
    """Those who hold one of the `wanted` contacts without proof, as they are once it was taken from them."""

    def __init__(self, holders: Holders, wanted: Mapping[ContactKind, str]) -> None:
        self._holders, self._wanted = holders, wanted
        self._now: dict[str, Ceded] = {}

    @property
    def others(self) -> tuple[Ceded, ...]:
        return tuple(self._now.values())

    def free(self, kind: ContactKind, client: Client) -> bool:
        """Nobody else holds it, or somebody who has not proved it."""
        holder = self._holders.get(kind)
        return holder is None or holder.id == client.id or gives_way(holder, kind, self._wanted[kind])

    def give(self, kind: ContactKind, client: Client) -> Client | None:
        """From whom."""
        holder = self._holders.get(kind)
        if holder is None or holder.id == client.id:
            return None
        before = self._now.get(holder.id, Ceded(holder, ()))
        self._now[holder.id] = ceded(before.client, kind, self._wanted[kind], before.lost)
        return holder


def ceded(client: Client, kind: ContactKind, lost: str, before: tuple[str, ...] = ()) -> Ceded:
    """Be it the one they are written to at, or one they are known by besides."""
    if lost in client.also:
        return Ceded(not_also(client, lost), (*before, lost))
    own = contact(client, kind)
    return Ceded(without(client, kind), (*before, own) if own else before)


def named(holder: Client) -> dict[str, str]:
    """Who has it, as a refusal tells staff: they may both be one."""
    return {"id": holder.id, "name": holder.name}


def contradicts(known: Client, typed: Client) -> bool:
    """They have another number, or another address, than was typed, and are not known by that one as well."""
    pairs = ((contact(known, kind), contact(typed, kind)) for kind in TYPED)
    return any(theirs and said and not known.holds(said) for theirs, said in pairs)


def typed_until(now: datetime) -> datetime:
    """The same for one who lost it, whose bookings are not looked through for it."""
    return now + STILL_TYPED


def is_same_name(one: str, other: str) -> bool:
    """But for how it is written."""
    return "".join(one.casefold().split()) == "".join(other.casefold().split())


def strange_until(ends: datetime) -> datetime:
    """Until when a contact that is not the client's is remembered for the booking it was typed for."""
    return ends + KEPT


def gives_way(holder: Client, kind: ContactKind, address: str) -> bool:
    """Not proved, so not theirs against somebody who proves it."""
    if address in holder.also:
        known = (one for other in holder.merged for one in other.contacts if one.contact == address)
        return not any(one.held.how is How.PROVED for one in known)
    return not any(one.kind is kind and one.how is How.PROVED for one in holder.held)


def _candidates(holders: Holders) -> list[Client]:
    found = {holders[kind].id: holders[kind] for kind in TYPED if kind in holders}
    return list(found.values())


def _strange(typed: Client, client: Client) -> tuple[str, ...]:
    return tuple(said for kind, said in contacts(typed).items() if said != contact(client, kind))
