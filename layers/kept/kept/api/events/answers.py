"""Events, endpoints and deliveries as JSON."""

from datetime import datetime
from typing import Any

from pydantic import Field

from kept.api.base import Answer
from kept.api.cursors import cursor
from kept.events.catalogue import EventType
from kept.events.change import Kind
from kept.events.delivery import Attempt, DeliveryStatus, EventDelivery
from kept.events.receivers import MOST, OffBecause
from kept.storage.event_log import LoggedEvent, LogPage
from kept.storage.webhooks import DeliveryPage
from kept.use_cases.events.endpoints import Replayed, Shown


class AboutAnswer(Answer):
    """What it happened to; `number` orders the events of one thing, with gaps."""

    kind: Kind
    id: str
    number: int


class EventLogAnswer(Answer):
    """As it is sent to webhooks too; what `data` holds stands with its type, under `webhooks` in this document."""

    id: str
    type: EventType
    version: int
    timestamp: datetime
    business: str
    about: AboutAnswer
    data: dict[str, Any]


class EventsAnswer(Answer):
    """The oldest first. Ask again with `next` as `after`: for what comes, too, so it is there though nothing follows
    yet. `more` is whether something does."""

    events: list[EventLogAnswer]
    next: str | None
    more: bool


class WebhookAnswer(Answer):
    """`types` it hears of, none for all; `off` is why nothing goes there, null where it does. `secret` is shown to
    whoever has just made it, and never again; until `former_until` everything is signed with the one before as well."""

    id: str
    url: str
    types: list[EventType]
    note: str
    off: OffBecause | None
    failing_since: datetime | None
    made_at: datetime
    made_by: str
    former_until: datetime | None
    secret: str | None = None


class WebhooksAnswer(Answer):
    """All of the business, at most `most`, and the types that there are."""

    webhooks: list[WebhookAnswer]
    most: int
    types: list[EventType]


class WebhookDropped(Answer):
    """Nothing goes there any more."""

    id: str


class AttemptAnswer(Answer):
    """`status` is 0 where there was no answer, and `said` then says why; else how the answer began."""

    at: datetime
    status: int
    milliseconds: int
    said: str


class DeliveryAnswer(Answer):
    """One event on its way to one address: `due_at` is when it is tried (again), null once it is over."""

    id: str
    event: str
    type: EventType
    about: AboutAnswer
    status: DeliveryStatus
    made_at: datetime
    due_at: datetime | None
    attempts: list[AttemptAnswer]


class DeliveriesAnswer(Answer):
    """What waits, the soonest first, or what is over, the latest first."""

    deliveries: list[DeliveryAnswer]
    next: str | None


class ReplayAnswer(Answer):
    """How many go out again; with `next` as `after` the rest of the span is asked for, null at its end."""

    count: int
    next: str | None = Field(default=None)


def logged(page: LogPage) -> EventsAnswer:
    return EventsAnswer(events=[_event(one) for one in page.events], next=cursor(page.read_to), more=not page.is_end)


def webhooks(known: list[Shown]) -> WebhooksAnswer:
    return WebhooksAnswer(webhooks=[webhook(one) for one in known], most=MOST, types=list(EventType))


def webhook(shown: Shown) -> WebhookAnswer:
    it = shown.endpoint
    return WebhookAnswer(
        id=it.id,
        url=it.url,
        types=list(it.types),
        note=it.note,
        off=it.off,
        failing_since=it.failing_since,
        made_at=it.made_at,
        made_by=it.made_by,
        former_until=it.until,
        secret=shown.secret,
    )


def deliveries(page: DeliveryPage) -> DeliveriesAnswer:
    return DeliveriesAnswer(deliveries=[delivery(one) for one in page.deliveries], next=cursor(page.more_after))


def delivery(it: EventDelivery) -> DeliveryAnswer:
    return DeliveryAnswer(
        id=it.id,
        event=it.event,
        type=it.type,
        about=AboutAnswer(kind=it.kind, id=it.thing, number=it.number),
        status=it.status,
        made_at=it.made_at,
        due_at=it.due_at,
        attempts=[_attempt(one) for one in it.attempts],
    )


def replayed(it: Replayed) -> ReplayAnswer:
    return ReplayAnswer(count=it.count, next=cursor(it.read_to))


def _event(it: LoggedEvent) -> EventLogAnswer:
    about = AboutAnswer(kind=it.about.kind, id=it.about.id, number=it.about.number)
    return EventLogAnswer(
        id=it.id,
        type=it.type,
        version=it.version,
        timestamp=it.timestamp,
        business=it.business,
        about=about,
        data=it.data,
    )


def _attempt(it: Attempt) -> AttemptAnswer:
    return AttemptAnswer(at=it.at, status=it.status, milliseconds=it.milliseconds, said=it.said)
