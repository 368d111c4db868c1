"""Somebody who books without being known yet: their details made into a client, with what they agreed to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from kept.business.catalog import Business
from kept.channels import TYPED, Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent
from kept.clients.contact import kind, normal_email, normal_phone, reaches
from kept.clients.names import as_named
from kept.clients.refusals import ConsentRequired, NoContact, NotTextable, SmsNotServed
from kept.clients.texting import texts
from kept.language_tags import meant


@dataclass(frozen=True, slots=True)
class Details:
    """As they were typed."""

    name: str
    phone: str = ""
    email: str = ""
    agrees_to: tuple[Channel, ...] = ()
    locale: str = ""
    tz: str = ""


def agreeable(business: Business) -> tuple[Channel, ...]:
    """Over which channels somebody who types a number or an address can agree to be told, in the business's order."""
    return tuple(channel for channel in business.channels if channel in TYPED)


def must_be_reached(phone: str | None, agreed: Iterable[Channel]) -> None:
    """What is agreed to is a promise: no text message to a landline. Raises NotTextable."""
    for channel in agreed:
        if phone and not reaches(channel, phone):
            raise NotTextable(channel=channel, kind=kind(phone))


def guest(
    details: Details, business: Business, id: str, *, source: str, words: str, now: datetime, by_staff: bool = False
) -> Client:
    """Raises InvalidPhone, InvalidEmail, NoContact, ConsentRequired when no channel given was agreed to, and
    NotTextable or SmsNotServed when one was that does not reach a number of its kind, or of its country.

    Staff, who have them before them, may book somebody who leaves no contact or wants no messages.
    """
    new = Client(
        business=business.id,
        id=id,
        name=as_named(details.name),
        locale=meant(details.locale) if details.locale else business.locale,
        tz=details.tz or business.tz,
        phone=normal_phone(details.phone, business.country) if details.phone else None,
        email=normal_email(details.email) if details.email else None,
    )
    agreed = tuple(channel for channel in details.agrees_to if new.address(channel))
    if not (new.phone or new.email or by_staff):
        raise NoContact
    if not agreed and (details.agrees_to or not by_staff):
        raise ConsentRequired
    must_be_reached(new.phone, agreed)
    if Channel.SMS in agreed and not texts(business, new.phone):
        raise SmsNotServed
    given = tuple(Consent(Purpose.TRANSACTIONAL, channel, now, source, words) for channel in agreed)
    return replace(new, preferred=next(iter(agreed), None), consents=given)
