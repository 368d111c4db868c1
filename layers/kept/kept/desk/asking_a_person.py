"""A reply that nobody but a person can answer: one follow-up for the matter, with every further word added to it."""

from datetime import datetime

from kept.booking.catalog import Catalog
from kept.booking.history import CLIENT, Cause
from kept.clients.client import Client
from kept.desk.settled import settled
from kept.follow_up.follow_up import Cause as OpenedBy
from kept.follow_up.follow_up import FollowUp, FollowUpStatus, open_for
from kept.messaging.received import Received
from kept.messaging.replies.reading import Intent
from kept.storage import appointments, follow_ups

WROTE = "client wrote"


def ask_a_person(
    received: Received, client: Client, book: Catalog, *, now: datetime, why: str = ""
) -> tuple[FollowUp, bool]:
    """The follow-up, and whether it was opened for this. `why` is the code of what stood in the way, if anything."""
    opened_by = _opened_by(received)
    id = f"{received.about or client.id}-v{received.version}-{opened_by}"
    change = Cause(CLIENT, now, ": ".join(filter(None, (why, received.text))), received.key, received.key)

    def attempt() -> tuple[FollowUp, bool]:
        first = follow_ups.find(client.business, id)
        if first and first.event_under(change.key):
            return first, first.history[0].key == change.key
        if first and first.status is not FollowUpStatus.RESOLVED:
            return follow_ups.put_alone(first.noted(WROTE, change)), False
        return _open(id if first is None else f"{id}-{received.key}")

    def _open(free_id: str) -> tuple[FollowUp, bool]:
        if again := follow_ups.find(client.business, free_id):
            return again, True
        opened = open_for(
            client,
            free_id,
            cause=opened_by,
            about=received.about,
            assignee=_assignee(received),
            policy=book.business.follow_ups,
            change=change,
        )
        return follow_ups.put_alone(opened), True

    return settled(attempt)


def _opened_by(received: Received) -> OpenedBy:
    if received.intent is Intent.COMPLAINT:
        return OpenedBy.COMPLAINT
    return OpenedBy.UNREAD_REPLY if received.about else OpenedBy.ENQUIRY


def _assignee(received: Received) -> str:
    """Whoever the visit is with."""
    visit = appointments.find(received.business, received.about) if received.about else None
    return visit.slot.staff if visit else ""
