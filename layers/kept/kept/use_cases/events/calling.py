"""Everything that is due for one endpoint, one call after another: whoever has its lease is the only one who calls it.

An event waits for the earlier ones of the same thing, until these are taken or given up. A receiver that takes its time
costs this one run and nobody else's; what there is no time for is called in the next.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from kept import clock
from kept.due_work import queues
from kept.due_work.queues import QueueRefused
from kept.events.delivery import GONE, Attempt, DeliveryStatus, EventDelivery
from kept.events.receivers import Endpoint
from kept.lanes import Lane
from kept.storage import event_log, webhooks
from kept.storage.codec import whole_json
from kept.use_cases.events import receiver
from kept.use_cases.events.switched_off import tell_of
from kept.use_cases.events.webhook_secrets import KeyRemoved, headers
from kept.use_cases.optimistic_retry import retried

LEASE = timedelta(seconds=90)
"""Longer than a run: a crash in it costs as long."""
AT_ONCE = 50
"""Deliveries that are read together."""
ONE_MORE_LOOK = timedelta(seconds=30)
"""After it was woken last: longer than an index may be behind what was written."""
SWEPT_WITHIN = timedelta(seconds=60)
FORGOTTEN = "the event is older than the log"
NO_KEY = "the secret's key was removed; give it another secret"


@dataclass(frozen=True, slots=True)
class Called:
    """How many calls were made, and how many of them were taken."""

    calls: int = 0
    taken: int = 0

    def and_(self, attempt: Attempt) -> "Called":
        return Called(self.calls + 1, self.taken + attempt.is_taken)


def call_all(business: str, id: str, *, has_time: Callable[[], bool]) -> Called:
    """Nothing where somebody is at it already, or there is no such endpoint."""
    woken = webhooks.woken_at(business, id)
    if webhooks.endpoint(business, id) is None:
        return Called()
    with webhooks.lease(business, id, now=clock.now(), lasts=LEASE) as is_ours:
        if not is_ours:
            return Called()
        done = _called(business, id, has_time)
        until = _until(business, id, woken)
        put_off = webhooks.put_off(business, id, woken=woken, until=until)
    _hand_over(business, id, until if put_off else clock.now())
    return done


def _called(business: str, id: str, has_time: Callable[[], bool]) -> Called:
    done = Called()
    while due := webhooks.due(business, id, now=clock.now(), limit=AT_ONCE):
        for it in sorted(due, key=lambda it: it.id):
            endpoint = webhooks.endpoint(business, id)
            if not has_time() or endpoint is None:
                return done
            if endpoint.off:
                webhooks.put(it.over(DeliveryStatus.STOPPED))
            elif earlier := webhooks.earlier(it):
                webhooks.put(it.behind(earlier))
            else:
                done = done.and_(_call(endpoint, it))
    return done


def _call(endpoint: Endpoint, it: EventDelivery) -> Attempt:
    """A crash between the call and its record has it called again: with the same id, which tells the receiver."""
    attempt = _attempt(endpoint, it)
    webhooks.put(it.answered(attempt))
    _judge(endpoint, attempt)
    return attempt


def _attempt(endpoint: Endpoint, it: EventDelivery) -> Attempt:
    now = clock.now()
    body = it.body or _logged(it)
    if not body:
        return Attempt(now, 0, 0, FORGOTTEN)
    try:
        signed = headers(endpoint, body.encode(), id=it.event, now=now)
    except KeyRemoved:
        return Attempt(now, 0, 0, NO_KEY)
    return receiver.call(endpoint.url, body.encode(), signed, clock=clock.now)


def _logged(it: EventDelivery) -> str:
    found = event_log.find(it.business, it.event)
    return whole_json(found) if found else ""


def _judge(endpoint: Endpoint, attempt: Attempt) -> None:
    """What an answer says of the endpoint, written where it is another one by that; its owner may be at it too."""

    def attempt_to_write() -> tuple[Endpoint, Endpoint] | None:
        before = webhooks.endpoint(endpoint.business, endpoint.id)
        if before is None or before.url != endpoint.url:
            return None
        after = _after(before, attempt)
        if after != before:
            webhooks.put_endpoint(after, over=before)
        return before, after

    if (written := retried(attempt_to_write)) and written[1].off and not written[0].off:
        tell_of(written[1], now=clock.now())


def _after(endpoint: Endpoint, attempt: Attempt) -> Endpoint:
    if attempt.is_taken:
        return endpoint.succeeded()
    return endpoint.gone() if attempt.status == GONE else endpoint.failed(now=attempt.at)


def _until(business: str, id: str, woken: int | None) -> datetime | None:
    """When it is looked at next: for what waits, and once more soon after it was woken, for an index may be behind."""
    now, waits = clock.now(), webhooks.next_due(business, id)
    if waits is not None:
        return max(waits, now)
    is_fresh = woken is not None and event_log.milliseconds(now - ONE_MORE_LOOK) < woken
    return now + ONE_MORE_LOOK if is_fresh else None


def _hand_over(business: str, id: str, at: datetime | None) -> None:
    """What is due before the next sweep is queued for its very second; failing costs a minute."""
    wait = at - clock.now() if at else SWEPT_WITHIN
    if wait < SWEPT_WITHIN:
        delay = max(0, int(wait.total_seconds()) + (wait > timedelta(0)))
        with suppress(BotoCoreError, ClientError, QueueRefused):
            queues.send_in(Lane.EVENT, [(webhooks.key(business, id), delay)])
