"""A salon with people who wait: a visit that is called off, the change as the stream tells it, and time that passes."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from kept.actor import CLIENT, Actor, Change
from kept.booking.appointment import Appointment
from kept.business.catalog import Catalog
from kept.business.waitlist_rules import WaitlistRules
from kept.channels import Channel, Purpose
from kept.clients.client import Client, Tier
from kept.clients.consent import Consent
from kept.due_work.sweeping import due
from kept.events.change import AggregateChange, Kind
from kept.lanes import Lane
from kept.messaging.message import Message
from kept.storage import appointments, catalogs, messages, waitlist
from kept.storage.waitlist import WAITLIST
from kept.use_cases.booking.change import apply_change
from kept.use_cases.waitlist import freed, waiting
from kept.use_cases.waitlist.joining import join
from kept.waitlist.entry import Offer, WaitlistEntry
from kept.waitlist.wish import Wish
from tests import lotus
from tests.builders import a_client, an_appointment

NOON = datetime.fromisoformat("2026-02-28T12:00+08:00")
"""Two days and five hours before the visit, a Saturday; the salon is open until 20:00."""
ANY = Wish(("cut",), date(2026, 2, 28), date(2026, 3, 8))
STAFF = Actor("staff", "jun")


def opened(rules: WaitlistRules | None = None) -> Catalog:
    """The salon, with Li Na's visit on Monday from 17:00 to 18:00 with Mei, who is booked all else of that day."""
    lotus.open_both()
    if rules:
        catalog = lotus.the_salon()
        lotus.store(replace(catalog, business=replace(catalog.business, waitlist=rules)))
    lotus.known()
    lotus.put(an_appointment())
    return catalogs.load("lotus")


def person(id: str, tier: Tier = Tier.REGULAR) -> Client:
    agreed = Consent(Purpose.TRANSACTIONAL, Channel.EMAIL, lotus.NOW - timedelta(days=9), "booking page", "yes")
    return replace(a_client(tier), id=id, name=f"Client {id}", email=f"{id}@example.com", consents=(agreed,))


def somebody(id: str, tier: Tier = Tier.REGULAR) -> Client:
    client = person(id, tier)
    lotus.known(client)
    return client


def waits(
    id: str,
    *,
    wish: Wish = ANY,
    since: datetime = NOON - timedelta(days=1),
    tier: Tier = Tier.REGULAR,
    book_for_me: bool = False,
    quiet_allowed: bool = False,
) -> WaitlistEntry:
    """Somebody new who waits."""
    return join(
        catalogs.load("lotus"),
        somebody(id, tier),
        wish,
        Change(CLIENT, since),
        book_for_me=book_for_me,
        quiet_allowed=quiet_allowed,
    )


def called_off(at: datetime = NOON, id: str = "a-1", *, tell: bool = True) -> Appointment:
    """By its client; as the stream tells of it, if it is to `tell`."""
    before = appointments.load("lotus", id)
    change = Change(CLIENT, at)
    after = apply_change(
        catalogs.load("lotus"), id, lambda it: it.cancel(change, rules=catalogs.load("lotus").business.changes), change
    )
    if tell:
        streamed(before, after, at)
    return after


def streamed(before: Appointment | None, after: Appointment, at: datetime) -> None:
    freed.watch(AggregateChange("lotus", Kind.APPOINTMENT, after.id, before, after, at, "1"))


def pass_until(now: datetime, *, asleep: bool = False) -> None:
    """Whatever of the waitlist is due by then is done, each at its instant (after a sleep: all of it then), until
    nothing is."""
    for _ in range(200):
        keys = [(at, key) for key, at in due(Lane.EVENT, until=now) if key.id.startswith(WAITLIST)]
        if not keys:
            return
        at, key = min(keys, key=lambda it: (it[0], it[1].id))
        waiting.look(key.business, key.id, now=now if asleep else at)
    raise AssertionError(keys)


def offer_of(entry: WaitlistEntry | str) -> Offer | None:
    return waitlist.load("lotus", entry if isinstance(entry, str) else entry.id).offer


def told(client: str) -> list[str]:
    """The stages of what they were told about waiting."""
    return sorted(it.stage for it in said(client))


def said(client: str) -> list[Message]:
    return [it for it in messages.about("lotus", client) if it.recipient == client]
