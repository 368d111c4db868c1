"""Whom to speak to about a matter: as its visit was booked, where it is about one."""

from kept.clients.client import Client
from kept.follow_up.follow_up import FollowUp
from kept.storage import appointments, clients, follow_ups
from kept.use_cases.messaging.addressees import as_shown, of_matter


def matter_as_shown(follow_up: FollowUp) -> tuple[Client, Client | None]:
    """For staff to see, with the client as they stand. Raises UnknownClient."""
    visit = appointments.find(follow_up.business, follow_up.about) if follow_up.about else None
    if visit:
        return as_shown(visit)
    record = clients.load(follow_up.business, follow_up.client)
    return record, record


def of_follow_up(business: str, id: str, client: Client) -> Client:
    follow_up = follow_ups.find(business, id)
    return of_matter(business, follow_up.about, client) if follow_up else client
