"""What a client's place in the waitlist is made of, from their record."""

from collections.abc import Iterable
from datetime import datetime

from kept.booking.appointment import Appointment
from kept.business.catalog import Business
from kept.clients.client import Client
from kept.policy.early_cancelling import early_cancelling
from kept.policy.make_good import wronged_since
from kept.policy.rhythm import due_from
from kept.waitlist.entry import Claim


def claim(client: Client, visits: Iterable[Appointment], business: Business, *, now: datetime) -> Claim:
    visits = list(visits)
    early = early_cancelling(visits, business, now=now)
    comes = min((it.starts for it in visits if it.is_to_come and it.starts > now), default=None)
    return Claim(client.tier, wronged_since(client), early.until, due_from(visits, business.zone), comes)
