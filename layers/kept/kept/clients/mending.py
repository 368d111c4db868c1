"""Mending who a booking was made for: a name, a number or an address that was typed wrong, or has become another."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from kept.business.catalog import Business
from kept.channels import TYPED, Channel
from kept.clients.booked_as import BookedAs, booked_as, contacts
from kept.clients.client import Client
from kept.clients.guest import Details, guest
from kept.clients.held import ContactKind


@dataclass(frozen=True, slots=True)
class Mending:
    """What is to be another; None, and a contact left out, stays as it is. A contact of "" is taken away."""

    name: str | None = None
    contacts: Mapping[ContactKind, str] = field(default_factory=dict)
    agreed: tuple[Channel, ...] | None = None
    note: str | None = None


def mended(
    booked: BookedAs, said: Mending, business: Business, *, source: str, words: str, now: datetime, by_staff: bool
) -> tuple[BookedAs, Client]:
    """As it stands then, and the same as somebody who typed it. Raises what a guest is refused for.

    What was only typed is nobody's: the new contact is not proved, and a link that was sent to the one before it proves
    nothing about it. Whoever left no way to be told need not leave one now.
    """
    kept = tuple(channel for channel in booked.agreed if channel in TYPED)
    told = {
        kind: said.contacts.get(kind, booked.contacts.get(kind, "")) for kind in (ContactKind.PHONE, ContactKind.EMAIL)
    }
    there = {Channel.EMAIL: told[ContactKind.EMAIL]}
    agreed = tuple(c for c in kept if there.get(c, told[ContactKind.PHONE])) if said.agreed is None else said.agreed
    name = booked.name if said.name is None else said.name
    typed = Details(name, told[ContactKind.PHONE], told[ContactKind.EMAIL], agreed, booked.locale)
    made = guest(
        typed, business, "", source=source, words=words, now=now, by_staff=by_staff or not (kept or said.agreed)
    )
    new = booked_as(made, is_first=booked.is_first)
    others = tuple(channel for channel in booked.agreed if channel not in TYPED)
    new = replace(new, wechat=booked.wechat, locale=booked.locale, agreed=(*new.agreed, *others))
    if set(new.agreed) == set(booked.agreed):
        new = replace(new, agreed=booked.agreed, source=booked.source, words=booked.words)
    another = tuple(kind for kind, contact in contacts(new).items() if booked.contacts.get(kind) != contact)
    proved = tuple(kind for kind in booked.proved if kind in new.contacts and kind not in another)
    retyped = tuple(sorted({*booked.retyped, *another}))
    return replace(new, proved=proved, retyped=retyped), made
