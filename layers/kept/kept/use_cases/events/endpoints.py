"""What an owner does with the endpoints of their business: makes, changes and tries them, and sends again."""

from dataclasses import dataclass, replace
from datetime import datetime

from kept.actor import Change
from kept.errors import InvalidSetting
from kept.events.catalogue import EventType, TrialTold, an_event
from kept.events.change import Kind
from kept.events.delivery import EventDelivery
from kept.events.envelope import envelope
from kept.events.receivers import MOST, Endpoint, SigningSecret
from kept.events.refusals import EndpointOff, UnknownDelivery, UnknownEndpoint
from kept.storage import event_log, webhooks
from kept.storage.codec import whole_json
from kept.storage.event_log import LoggedEvent
from kept.storage.parts import Cursor
from kept.use_cases.events.fanning_out import call_soon, of_event, of_logged
from kept.use_cases.events.webhook_secrets import current_key, secret
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.outside.https_call import must_be_callable

PART = 200
"""Events that one request of a replay reads."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an owner says of an endpoint; `on` None is as it is."""

    url: str
    types: tuple[EventType, ...]
    note: str
    on: bool | None


@dataclass(frozen=True, slots=True)
class Shown:
    """The secret is there only for whoever has just made it: nobody is shown it again."""

    endpoint: Endpoint
    secret: str | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many go out again, and where the next request reads on; None at the end."""

    count: int
    read_to: Cursor | None


def find(business: str, id: str) -> Endpoint:
    """Raises UnknownEndpoint."""
    if (found := webhooks.endpoint(business, id)) is None:
        raise UnknownEndpoint
    return found


def save(business: str, id: str, wanted: Wanted, change: Change) -> Shown:
    """Made with a secret, or changed without another one. Raises InvalidSetting."""

    def attempt() -> Shown:
        before = webhooks.endpoint(business, id)
        if before is None or before.url != wanted.url:
            must_be_callable(wanted.url)
        after = _made(business, id, wanted, change) if before is None else before
        after = replace(after, url=wanted.url, types=_in_order(wanted.types), note=wanted.note)
        if wanted.on is not None:
            after = after.switched(on=wanted.on)
        if after != before:
            webhooks.put_endpoint(after, over=before)
        if before and before.off and after.off is None:
            call_soon(business, id, now=change.at)
        is_theirs = before is None or (bool(change.key) and before.made_under == change.key)
        return Shown(after, secret(after, after.secret) if is_theirs else None)

    return retried(attempt)


def rotate(business: str, id: str, change: Change) -> Shown:
    """Once for each Idempotency-Key. Raises UnknownEndpoint."""

    def attempt() -> Shown:
        before = find(business, id)
        if before.rotated_under == change.key:
            return Shown(before, secret(before, before.secret))
        after = before.rotated(current_key(), now=change.at, under=change.key)
        webhooks.put_endpoint(after, over=before)
        return Shown(after, secret(after, after.secret))

    return retried(attempt)


def drop(business: str, id: str) -> None:
    """Dropping what is not there changes nothing."""

    def attempt() -> None:
        if before := webhooks.endpoint(business, id):
            webhooks.drop_endpoint(before)

    retried(attempt)


def send_test(business: str, id: str, change: Change) -> EventDelivery:
    """One event that says of itself that it is a test, through everything the real ones go through. Raises
    UnknownEndpoint, EndpointOff."""
    endpoint = _on(business, id)
    thing = f"webhook/{id}"
    event = an_event(
        EventType.TEST, business, Kind.SETTING, thing, number=1, at=change.at, data=TrialTold(), of=change.key
    )
    it = of_event(event, endpoint, now=change.at, body=whole_json(envelope(event)))
    if webhooks.put_new(it):
        call_soon(business, id, now=change.at)
    return it


def redeliver(business: str, id: str, delivery: str, *, now: datetime) -> EventDelivery:
    """That one again, from its first attempt on. Raises UnknownEndpoint, UnknownDelivery, EndpointOff."""
    endpoint = _on(business, id)
    found = webhooks.delivery(business, delivery)
    if found is None or found.endpoint != endpoint.id:
        raise UnknownDelivery
    again = found.again(now=now)
    webhooks.put(again)
    call_soon(business, id, now=now)
    return again


def replay(
    business: str, id: str, *, since: datetime, until: datetime, after: Cursor | None, now: datetime
) -> Replayed:
    """All of the log that were written down in [since, until) and that it hears of, again, with their own ids: a part
    of them with each request. Raises UnknownEndpoint, EndpointOff."""
    endpoint = _on(business, id)
    types = frozenset(endpoint.types)
    page = event_log.page(business, after=after, types=types, limit=PART, now=now, span=(since, until))
    for event in page.events:
        _again(endpoint, event, now)
    if page.events:
        call_soon(business, id, now=now)
    return Replayed(len(page.events), None if page.is_end else page.read_to)


def _again(endpoint: Endpoint, event: LoggedEvent, now: datetime) -> None:
    made = of_logged(event, endpoint, now=now)
    before = webhooks.delivery(made.business, made.id)
    webhooks.put(before.again(now=now) if before else made)


def _on(business: str, id: str) -> Endpoint:
    """Raises UnknownEndpoint, EndpointOff."""
    endpoint = find(business, id)
    if endpoint.off:
        raise EndpointOff(off=endpoint.off)
    return endpoint


def _made(business: str, id: str, wanted: Wanted, change: Change) -> Endpoint:
    """Raises InvalidSetting where there are enough."""
    if len(webhooks.endpoints(business)) >= MOST:
        raise InvalidSetting(field="webhook", reason=f"At most {MOST} addresses of events.")
    secret = SigningSecret(current_key(), 1)
    return Endpoint(business, id, wanted.url, secret, change.at, change.by.id, made_under=change.key)


def _in_order(types: tuple[EventType, ...]) -> tuple[EventType, ...]:
    return tuple(type for type in EventType if type in types)
