"""How holds and bookings of strangers are counted, who are known by what they typed and where they ask from alone."""

from datetime import datetime, timedelta

from kept.business.catalog import Business
from kept.business.rate_limits import Bound, Counts
from kept.clients.client import Client
from kept.storage import appointments, clients
from kept.use_cases.limits.counting import WHOLE_BUSINESS, CountedAdmission, CounterKind, contact_name, named

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
DAY = 24
"""Hours."""
LIVE = 6
"""Minutes of the clock in which a hold that is still live may have been made."""
HOLDS = CounterKind("holds", MINUTE, LIVE)
BOOKINGS = CounterKind("bookings", HOUR, DAY)
NUMBERS = CounterKind("numbers", HOUR, 1)
ALL = "all"


def holding(business: Business, network: str, *, now: datetime) -> CountedAdmission:
    """Few at one time from one network."""
    bounds = [Bound(named("network", network), business.strangers.network_holds, LIVE, "network")] if network else []
    return CountedAdmission(business, HOLDS, lambda _: bounds, now)


def booking(business: Business, client: Client, network: str, *, now: datetime) -> CountedAdmission:
    """So many from one network, for one number and one address, and at all."""
    return CountedAdmission(business, BOOKINGS, lambda counts: _bounds(business, client, network, counts, now), now)


def queueing(business: Business, network: str, *, now: datetime) -> CountedAdmission:
    """Numbers of the queue, by the code at the door; all who stand there may ask from one network."""
    rules = business.strangers
    bounds = [Bound(ALL, rules.business_hour, of=WHOLE_BUSINESS)]
    if network:
        bounds.append(Bound(named("network", network), rules.network_hour, 1, "network"))
    return CountedAdmission(business, NUMBERS, lambda _: bounds, now)


def _bounds(business: Business, client: Client, network: str, counts: Counts, now: datetime) -> list[Bound]:
    rules = business.strangers
    found = [Bound(ALL, rules.business_hour, of=WHOLE_BUSINESS)]
    if network:
        name = named("network", network)
        found += [Bound(name, rules.network_hour, 1, "network"), Bound(name, rules.network_day, DAY, "network")]
    booked = counts.get(BOOKINGS.number(now), {})
    for contact in filter(None, (client.phone, client.email)):
        name = contact_name(contact)
        ahead = max(0, _ahead(business.id, contact, now) - booked.get(name, 0))
        found += [
            Bound(name, rules.contact_day, DAY, "contact"),
            Bound(name, rules.contact_open, 1, "contact", taken=ahead),
        ]
    return found


def _ahead(business: str, contact: str, now: datetime) -> int:
    """Visits still to come of whoever holds this contact or typed it; one that was cancelled counts until its hour."""
    theirs = clients.of_contact(business, contact, now=now)
    return sum(1 for client in theirs for _ in appointments.of_client(business, client.ids, since=now))
