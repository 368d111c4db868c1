"""What whoever waits is told: that they are on the list, of a time, and that somebody else has it."""

from datetime import datetime

from kept.business.catalog import Business
from kept.business.text_names import TIME_GONE, TIME_OFFERED, WAITLIST_JOINED
from kept.channels import Purpose
from kept.clients.client import Client
from kept.messaging.message import Message
from kept.messaging.outgoing import about_no_visit, channel_for
from kept.waitlist.entry import Offer, WaitlistEntry


def joined(entry: WaitlistEntry, client: Client, business: Business, *, now: datetime) -> Message:
    return _told(WAITLIST_JOINED, entry, client, business, entry.id, (entry.wish.services[0], entry.id), now)


def offered(entry: WaitlistEntry, offer: Offer, client: Client, business: Business, *, now: datetime) -> Message:
    """Of no use once it is over."""
    return _told(TIME_OFFERED, entry, client, business, offer.id, _detail(entry, offer), now, until=offer.until)


def gone(entry: WaitlistEntry, offer: Offer, client: Client, business: Business, *, now: datetime) -> Message:
    """Of no use once its time has begun."""
    return _told(TIME_GONE, entry, client, business, offer.id, _detail(entry, offer), now, until=offer.starts)


def _detail(entry: WaitlistEntry, offer: Offer) -> tuple[str, ...]:
    return (offer.service, entry.id, offer.starts.isoformat(), offer.until.isoformat(), offer.staff)


def _told(
    stage: str,
    entry: WaitlistEntry,
    client: Client,
    business: Business,
    occasion: str,
    detail: tuple[str, ...],
    now: datetime,
    *,
    until: datetime | None = None,
) -> Message:
    channel = channel_for(client, business, Purpose.TRANSACTIONAL)
    return about_no_visit(
        client,
        stage,
        channel,
        now=now,
        useful_until=until or entry.wish.ends(business.zone),
        occasion=occasion,
        detail=detail,
    )
