"""Whom a booking's messages speak to, and where: the client as that booking was made, and nobody and nowhere else."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from kept.booking.appointment import Appointment
from kept.channels import TYPED, Channel, Purpose
from kept.clients.booked_as import BookedAs
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord, Stopped
from kept.clients.holding import OPTED_OUT
from kept.reasons import Code, Reason, because

UNDISTURBED = because(Code.DO_NOT_DISTURB)

NEVER_WRITTEN = -1
"""The revision of an addressee: it is no client as they stand, so writing it as one is refused."""


def addressee(client: Client, visit: Appointment) -> Client:
    """With the name, language, zone, addresses and consents of the booking; of one that kept none, the client.

    Where an address is the client's own, their own last word on it counts, so that a booking never takes up again what
    they withdrew. The addressee of an addressee is itself.
    """
    if (booked := visit.booked_as) is None:
        return client
    reached = replace(
        client,
        name=booked.name,
        locale=booked.locale,
        tz=visit.tz,
        phone=booked.phone,
        email=booked.email,
        wechat=booked.wechat,
        revision=NEVER_WRITTEN,
    )
    own = own_channels(client, reached)
    return _disturbed_where_it_is_not_theirs(
        replace(
            reached,
            preferred=_preferred(client, booked, own),
            consents=_consents(client, booked, own, at=visit.booked_at),
            wrote=tuple(wrote for wrote in client.wrote if wrote.channel in own),
        ),
        frozenset(c for c in Channel if client.holds(reached.address(c))),
        at=visit.booked_at,
    )


def other_name(shown: Client, record: Client | None) -> str | None:
    """The client's own name where they are `shown` under another; None for one who was forgotten."""
    return record.name if record and record.name != shown.name else None


def own_channels(client: Client, reached: Client) -> frozenset[Channel]:
    """Those over which an addressee is reached where the client is reached as well."""
    return frozenset(c for c in Channel if reached.address(c) and reached.address(c) == client.address(c))


def respecting(reached: Client, channel: Channel, others: Iterable[Client], *, at: datetime) -> Client:
    """Stopped over this channel where one of the others, whose it is too, wants nothing there or is not reached."""
    address = reached.address(channel)
    asked = (other for other in others if other.id != reached.id)
    why = next((found for other in asked if (found := _why_not(other, channel, address))), None)
    return reached.stopping(channel, why=why, at=at) if why else reached


def _preferred(client: Client, booked: BookedAs, own: frozenset[Channel]) -> Channel | None:
    """What they prefer for all, if they agreed to it here too or nobody could, else what they named first here."""
    is_for_this = client.preferred in own and (client.preferred in booked.agreed or client.preferred not in TYPED)
    return client.preferred if is_for_this else booked.preferred


def _consents(client: Client, booked: BookedAs, own: frozenset[Channel], *, at: datetime) -> tuple[Consent, ...]:
    """Their own on their own addresses, and the booking's where there is none.

    An address that was only typed may have been answered from since: then the no is later than the booking's yes.
    """
    theirs = tuple(said for said in client.consents if said.channel in own)
    typed = (
        said
        for said in booked.consents(at=at)
        if not (_said_there(client, said.channel) if said.channel in own else _took_back(client, said))
    )
    return (*theirs, *typed)


def _said_there(client: Client, channel: Channel) -> bool:
    return client.said(Purpose.TRANSACTIONAL, channel) is not None


def _took_back(client: Client, typed: Consent) -> bool:
    said = (c for c in client.consents if (c.purpose, c.channel) == (typed.purpose, typed.channel) and c.at > typed.at)
    return any(c.said is ConsentWord.WITHDRAWN for c in said)


def _disturbed_where_it_is_not_theirs(reached: Client, own: frozenset[Channel], *, at: datetime) -> Client:
    """Whoever wants no disturbance has it at their own addresses; what else was typed is not theirs to say."""
    if not reached.do_not_disturb or own >= {c for c in Channel if reached.address(c)}:
        return reached
    quiet = tuple(Stopped(c, reached.address(c) or "", at, UNDISTURBED) for c in sorted(own))
    return replace(reached, do_not_disturb=False, stopped=(*reached.stopped, *quiet))


def _why_not(other: Client, channel: Channel, address: str | None) -> Reason | None:
    """An address that is not theirs, or not any more, may have stopped for them all the same.

    A no to a channel over which they have no address of their own was said of one that they typed.
    """
    theirs = other.address(channel)
    if other.holds(address) and other.do_not_disturb:
        return UNDISTURBED
    if theirs in (address, None) and other.said(Purpose.TRANSACTIONAL, channel) is ConsentWord.WITHDRAWN:
        return OPTED_OUT
    return next((s.why for s in reversed(other.stopped) if (s.channel, s.address) == (channel, address)), None)
