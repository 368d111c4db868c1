"""Staff note down how a client is reached: their word is proof."""

from collections.abc import Mapping
from datetime import datetime

from kept.clients.booked_as import contacts
from kept.clients.client import Client
from kept.clients.filing import noted, typed_until
from kept.clients.held import ContactKind
from kept.due_work.queues import hand_over
from kept.storage import clients
from kept.storage.transaction import together
from kept.use_cases.clients.filing import give_way
from kept.use_cases.optimistic_retry import retried


def note_contacts(business: str, id: str, said: Mapping[ContactKind, str | None], *, now: datetime) -> Client:
    """Bookings keep what they were made with. Raises UnknownClient, ContactTaken, NoContact."""

    def attempt() -> Client:
        before = clients.load(business, id)
        wanted = {kind: address for kind, address in said.items() if address}
        after, gave_way = noted(before, said, clients.holders(business, wanted, now=now))
        if after == before:
            return before
        with together() as transaction:
            others = [id for other in gave_way for id in other.client.ids]
            clients.put_changed(before, after, transaction, now=now, from_others=others)
            give_way(gave_way, transaction, now=now)
            for left in set(contacts(before).values()) - set(contacts(after).values()):
                clients.put_typed(after, left, until=typed_until(now), transaction=transaction)
        hand_over([key for it in (after, *(other.client for other in gave_way)) for key in clients.to_index(it)])
        return after

    return retried(attempt)
