"""The tokens that Kept hands to clients: for the pages of their appointment, of their wishes, of how it went, and for a
slot held while they type."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from kept import ids
from kept.booking.appointment import Appointment
from kept.booking.hold import HOLD, HeldSlot, Hold
from kept.booking.refusals import HoldExpired
from kept.client_links import signing_keys
from kept.client_links.links import Link, LinkPurpose, read, sign
from kept.client_links.refusals import LinkExpired, LinkInvalid
from kept.clients.booked_as import contacts
from kept.clients.client import Client
from kept.clients.held import ContactKind

LASTS = timedelta(days=30)
"""After the appointment, so that it can still be looked at; a signing key has to outlive the horizon and this."""

PREFERENCES_LAST = timedelta(days=90)
"""An unsubscribe link has to work for 30 days at least; the mail it stands in may be read late."""

SUBSCRIBE_LASTS = timedelta(days=7)

SURVEY_LASTS = timedelta(days=30)

WAIT_LASTS = timedelta(days=90)
"""Each message brings a new one."""

QUEUE_LASTS = timedelta(days=2)
"""Longer than any day: from the next one on the page says that the number is over."""

HOUSE_LASTS = timedelta(days=366)
"""What hangs on the wall and at the door."""

SENT_TO = {
    None: LinkPurpose.MANAGE,
    ContactKind.PHONE: LinkPurpose.MANAGE_BY_PHONE,
    ContactKind.EMAIL: LinkPurpose.MANAGE_BY_EMAIL,
    ContactKind.WECHAT: LinkPurpose.MANAGE_BY_WECHAT,
}

AT = {
    LinkPurpose.PREFERENCES: LinkPurpose.PREFERENCES_AT,
    LinkPurpose.UNSUBSCRIBE: LinkPurpose.UNSUBSCRIBE_AT,
    LinkPurpose.SUBSCRIBE: LinkPurpose.SUBSCRIBE_AT,
}

MARK = 6
"""Letters."""

HOLD_KNOWN = timedelta(days=1)
"""A hold that ran out is told as *expired* for as long as its page remembers it."""


@dataclass(frozen=True, slots=True)
class Managed:
    """The appointment that a link is for, and to which of its contacts it was sent: whoever acts by it is there.

    None for one that was only shown, and for those of the time before links told.
    """

    business: str
    subject: str
    sent_to: ContactKind | None = None


def manage_token(appointment: Appointment, *, sent_to: ContactKind | None = None) -> str:
    """Opens the appointment's page and whatever the client may do there."""
    return sign(
        signing_keys.current(),
        SENT_TO[sent_to],
        business=appointment.business,
        subject=appointment.id,
        expires=appointment.ends + LASTS,
    )


def read_manage(token: str, *, now: datetime) -> Managed:
    """Raises LinkInvalid, LinkExpired."""
    sent_to = next((kind for kind, purpose in SENT_TO.items() if token.startswith(f"{purpose}.")), None)
    link = read(signing_keys.current(), token, purpose=SENT_TO[sent_to], now=now)
    return Managed(link.business, link.subject, sent_to)


@dataclass(frozen=True, slots=True)
class Wished:
    """Whose wishes a link opens, with the mark of their contact it was sent to: "" in those of the time before that."""

    business: str
    subject: str
    mark: str = ""

    def sent_to(self, client: Client) -> str | None:
        """Raises LinkExpired where that is none of theirs any more: whoever has it now may be somebody else."""
        theirs = (*contacts(client).values(), *client.also)
        found = next((contact for contact in theirs if _mark(contact) == self.mark), None)
        if self.mark and found is None:
            raise LinkExpired
        return found


def preferences_token(client: Client, *, now: datetime, sent_to: str | None = None) -> str:
    """Opens what they want to hear; a new one comes with every message."""
    return _for_client(LinkPurpose.PREFERENCES, client, sent_to, until=now + PREFERENCES_LAST)


def unsubscribe_token(client: Client, *, now: datetime, sent_to: str | None = None) -> str:
    return _for_client(LinkPurpose.UNSUBSCRIBE, client, sent_to, until=now + PREFERENCES_LAST)


def subscribe_token(client: Client, *, now: datetime, sent_to: str | None = None) -> str:
    """Only the address it is sent to can say yes, and only for so long."""
    return _for_client(LinkPurpose.SUBSCRIBE, client, sent_to, until=now + SUBSCRIBE_LASTS)


def read_client(token: str, purpose: LinkPurpose, *, now: datetime) -> Wished:
    """Raises LinkInvalid, LinkExpired."""
    if not token.startswith(f"{AT[purpose]}."):
        link = read(signing_keys.current(), token, purpose=purpose, now=now)
        return Wished(link.business, link.subject)
    link = read(signing_keys.current(), token, purpose=AT[purpose], now=now)
    subject, _, mark = link.subject.rpartition("-")
    return Wished(link.business, subject, mark)


def _for_client(purpose: LinkPurpose, client: Client, sent_to: str | None, *, until: datetime) -> str:
    return sign(
        signing_keys.current(),
        AT[purpose] if sent_to else purpose,
        business=client.business,
        subject=f"{client.id}-{_mark(sent_to)}" if sent_to else client.id,
        expires=_on_the_hour(until),
    )


def _mark(contact: str) -> str:
    """Enough to tell the few of one client apart."""
    return ids.digest(contact)[:MARK]


def survey_token(business: str, follow_up: str, *, now: datetime) -> str:
    """Opens the question how it went with that follow-up, and nothing else of it."""
    expires = _on_the_hour(now + SURVEY_LASTS)
    return sign(signing_keys.current(), LinkPurpose.SURVEY, business=business, subject=follow_up, expires=expires)


def read_survey(token: str, *, now: datetime) -> Link:
    """Raises LinkInvalid, LinkExpired."""
    return read(signing_keys.current(), token, purpose=LinkPurpose.SURVEY, now=now)


def wait_token(business: str, entry: str, *, now: datetime) -> str:
    """Opens one client's place in the waitlist, and what they may do there."""
    expires = _on_the_hour(now + WAIT_LASTS)
    return sign(signing_keys.current(), LinkPurpose.WAIT, business=business, subject=entry, expires=expires)


def read_wait(token: str, *, now: datetime) -> Link:
    """Raises LinkInvalid, LinkExpired."""
    return read(signing_keys.current(), token, purpose=LinkPurpose.WAIT, now=now)


def queue_token(business: str, number: str, *, now: datetime) -> str:
    """Opens that number's place in the queue, and nothing of whoever has it."""
    expires = _on_the_hour(now + QUEUE_LASTS)
    return sign(signing_keys.current(), LinkPurpose.QUEUE, business=business, subject=number, expires=expires)


def wall_token(business: str, *, now: datetime) -> str:
    """Opens the queue in numbers."""
    return _for_the_house(LinkPurpose.WALL, business, now)


def join_token(business: str, *, now: datetime) -> str:
    """Takes a number: for a code at the door."""
    return _for_the_house(LinkPurpose.JOIN, business, now)


def _for_the_house(purpose: LinkPurpose, business: str, now: datetime) -> str:
    """On one day it is the same."""
    expires = now.replace(hour=0, minute=0, second=0, microsecond=0) + HOUSE_LASTS
    return sign(signing_keys.current(), purpose, business=business, subject="house", expires=expires)


def read_queue(token: str, *, now: datetime, purpose: LinkPurpose = LinkPurpose.QUEUE) -> Link:
    """Raises LinkInvalid, LinkExpired."""
    return read(signing_keys.current(), token, purpose=purpose, now=now)


def _on_the_hour(at: datetime) -> datetime:
    """Messages sent together, and one that is sent again, carry the same link."""
    return at.replace(minute=0, second=0, microsecond=0)


def hold_token(business: str, held: HeldSlot) -> str:
    since = held.until - HOLD
    subject = f"{held.hold.ref}-{int(held.hold.starts.timestamp()):x}-{int(since.timestamp()):x}"
    return sign(
        signing_keys.current(), LinkPurpose.HOLD, business=business, subject=subject, expires=held.until + HOLD_KNOWN
    )


def read_hold(token: str, business: str, *, now: datetime) -> Hold:
    """Raises LinkInvalid, also for a hold of another business, and HoldExpired."""
    try:
        link = read(signing_keys.current(), token, purpose=LinkPurpose.HOLD, now=now)
    except LinkExpired as error:
        raise HoldExpired from error
    ref, starts, *since = link.subject.split("-")
    if link.business != business:
        raise LinkInvalid
    return Hold(ref, _instant(starts), _instant(since[0]) if since else None)


def _instant(seconds: str) -> datetime:
    return datetime.fromtimestamp(int(seconds, 16), UTC)
