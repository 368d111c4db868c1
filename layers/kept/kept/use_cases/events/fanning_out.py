"""From an event to everybody who hears of it: a delivery for each endpoint, which is woken for it."""

from datetime import datetime

from kept.due_work import queues
from kept.events.catalogue import OutgoingEvent
from kept.events.delivery import EventDelivery
from kept.events.receivers import Endpoint
from kept.storage import webhooks
from kept.storage.event_log import LoggedEvent


def fan_out(event: OutgoingEvent, *, now: datetime) -> tuple[Endpoint, ...]:
    """Those that have it to be told now, once it stands in the log, where its words are.

    They are woken first: a crash after that has the sweep look in vain, one before it has the change come again. A
    delivery that was made before stays as it is.
    """
    made = []
    for endpoint in webhooks.endpoints(event.business, afresh=False):
        if endpoint.hears_of(event.type):
            webhooks.wake(endpoint.business, endpoint.id, at=now)
            if webhooks.put_new(of_event(event, endpoint, now=now)):
                made.append(endpoint)
    return tuple(made)


def call_soon(business: str, id: str, *, now: datetime) -> None:
    """Where it cannot be handed over the sweep finds it within a minute."""
    webhooks.wake(business, id, at=now)
    hand_over(business, id)


def hand_over(business: str, id: str) -> None:
    queues.hand_over([webhooks.key(business, id)])


def of_event(event: OutgoingEvent, endpoint: Endpoint, *, now: datetime, body: str = "") -> EventDelivery:
    return EventDelivery(
        event.business, endpoint.id, event.id, event.type, event.kind, event.thing, event.number, now, now, body=body
    )


def of_logged(event: LoggedEvent, endpoint: Endpoint, *, now: datetime) -> EventDelivery:
    about = event.about
    return EventDelivery(
        event.business, endpoint.id, event.id, event.type, about.kind, about.id, about.number, now, now
    )
