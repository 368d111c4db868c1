"""What staff note down about a client, in the client's name."""

from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from kept.actor import Change
from kept.api import identity
from kept.api.base import Body
from kept.api.booking.requests import Id, Moment, Name
from kept.api.business.setting_types import Clock
from kept.api.follow_ups.requests import Words
from kept.bounds import WORDS
from kept.business.catalog import Business
from kept.channels import Channel, Purpose
from kept.clients.client import Client, Occupation, Tier
from kept.clients.consent import Consent
from kept.clients.contact import normal_email, normal_phone
from kept.clients.details import tags
from kept.clients.held import ContactKind
from kept.clients.preferences import agreeing_to, declining, hours_make_sense
from kept.clients.refusals import SmsNotServed
from kept.clients.standing import Standing
from kept.clients.texting import texts
from kept.errors import InvalidRequest
from kept.language_tags import spoken
from kept.visible import lines

NoteText = Annotated[
    str,
    BeforeValidator(lambda given: lines(given) if isinstance(given, str) else given),
    StringConstraints(min_length=1, max_length=2000),
]
"""What can be seen of it, line by line."""
FOR_ALL = frozenset({"name", "tier", "do_not_disturb"})
HOW = {"in_person": "in person", "phone": "by phone"}


class PreferencesRequest(Body):
    """What is named is changed, the rest stays; null takes a preference back, but the last three always have one.

    `best_from` and `best_until` are local times of the client.
    """

    preferred: Channel | None = None
    occupation: Occupation | None = None
    best_from: Clock | None = None
    best_until: Clock | None = None
    do_not_disturb: bool = False
    tier: Tier = Tier.PROSPECT
    locale: Annotated[str, Field(max_length=20)] = "en"

    def of(self, client: Client, business: Business) -> Client:
        """Raises InvalidRequest, InvalidSetting."""
        named: dict[str, Any] = {name: getattr(self, name) for name in self.model_fields_set}
        if self.preferred and self.preferred not in business.channels:
            raise _wrong("preferred", "This business does not use it")
        if "locale" in named:
            named["locale"] = _spoken(self.locale)
        after = replace(client, **named)
        hours_make_sense(after.best_from, after.best_until)
        return after


class ContactsRequest(Body):
    """What is named is noted, the rest stays; null says that it is not theirs any more.

    Of a new number or address nothing is agreed to yet.
    """

    phone: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)] | None = None
    email: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=254)] | None = None

    def said(self, business: Business) -> dict[ContactKind, str | None]:
        """As they are stored. Raises InvalidPhone, InvalidEmail."""
        phone, email = self.phone, self.email
        read = {
            ContactKind.PHONE: normal_phone(phone, business.country) if phone else None,
            ContactKind.EMAIL: normal_email(email) if email else None,
        }
        return {kind: address for kind, address in read.items() if kind in self.model_fields_set}


class ConsentRequest(Body):
    """A yes or a no that the client said to somebody of the business, and the words it was about.

    A yes to invitations by e-mail counts once the client has confirmed it by the link that they are sent.
    """

    purpose: Literal[Purpose.TRANSACTIONAL, Purpose.PROMOTIONAL]
    channel: Channel
    said: Literal["given", "withdrawn"]
    how: Literal["in_person", "phone"]
    words: Words

    def of(self, client: Client, business: Business, change: Change) -> Client:
        """Raises InvalidRequest for a yes to what cannot reach them, SmsNotServed."""
        source = f"{HOW[self.how]}, noted by {change.by}"
        statement = Consent(self.purpose, self.channel, change.at, source, self.words)
        if self.said == "withdrawn":
            return declining(client, statement)
        if self.channel not in business.channels or not client.address(self.channel):
            raise _wrong("channel", "This business does not use it, or it does not reach this client")
        if self.channel is Channel.SMS and not texts(business, client.phone):
            raise SmsNotServed
        return agreeing_to(client, statement)


class StandingRequest(Body):
    """What holds instead of the record, why, and until when; null is until it is ended. To dismiss somebody is a
    decision of its own."""

    standing: Literal[Standing.GOOD, Standing.DEPOSIT_REQUIRED, Standing.RESTRICTED]
    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=WORDS)]
    until: Moment | None = None


Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=WORDS)]


class DismissalRequest(Body):
    """Why, for staff alone; whether the letter is sent, and whether what the client has booked is cancelled with it,
    which costs them nothing."""

    why: Why
    letter: bool = True
    cancel: bool = True


class DismissalEndRequest(Body):
    """Why it is taken back."""

    why: Why


class NewClientRequest(Body):
    """Somebody whom nobody has entered yet. What is left out is the business's own; nothing is agreed to by it."""

    name: Name
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] | None = None
    locale: Annotated[str, Field(max_length=20)] | None = None
    tier: Tier = Tier.PROSPECT
    note: NoteText | None = None

    def of(self, id: str, business: Business) -> Client:
        """Raises InvalidPhone, InvalidEmail, InvalidRequest."""
        return Client(
            business.id,
            id,
            self.name,
            business.locale if self.locale is None else _spoken(self.locale),
            business.tz,
            phone=normal_phone(self.phone, business.country) if self.phone else None,
            email=normal_email(self.email) if self.email else None,
            tier=self.tier,
        )


class EditRequest(Body):
    """What is named is changed, the rest stays; `revision` is the one that was read. Null takes `preferred` back, and
    is as good as left out for all others, which everybody has."""

    revision: Annotated[str, Field(min_length=1, max_length=40)]
    name: Name | None = None
    locale: Annotated[str, Field(max_length=20)] | None = None
    zone: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    tier: Tier | None = None
    preferred: Channel | None = None
    do_not_disturb: bool | None = None
    tags: Annotated[tuple[Annotated[str, Field(max_length=200)], ...], Field(max_length=100)] | None = None

    def of(self, client: Client, business: Business) -> Client:
        """Raises InvalidRequest, UnknownZone."""
        named: dict[str, Any] = {name: value for name, value in self if value is not None and name in FOR_ALL}
        if "preferred" in self.model_fields_set:
            named["preferred"] = self.preferred
        if self.preferred and self.preferred not in business.channels:
            raise _wrong("preferred", "This business does not use it")
        if self.locale is not None:
            named["locale"] = _spoken(self.locale)
        if self.zone is not None:
            named["tz"] = identity.zone(self.zone, business.tz).key
        if self.tags is not None:
            named["tags"] = tags(self.tags)
        return replace(client, **named)


class ClientNoteRequest(Body):
    """`pinned`: a warning that is shown wherever the client appears."""

    text: NoteText
    pinned: bool = False


class RewriteNoteRequest(Body):
    """What is left out stays."""

    text: NoteText | None = None
    pinned: bool | None = None


class InviteRequest(Body):
    """To which service."""

    service: Id


def _spoken(locale: str) -> str:
    if (ours := spoken(locale)) is None:
        raise _wrong("locale", "No texts are in this language")
    return ours


def _wrong(field: str, reason: str) -> InvalidRequest:
    return InvalidRequest(fields=[{"field": field, "reason": reason}])
