"""A request that is repeated under its Idempotency-Key gets its first answer, where no history remembers it.

Bookings and follow-ups find their first answer in their own history. What has none (settings, clients' wishes, what is
put back) is claimed by its key before it is done, and its answer is kept for a day. A refusal is not: nothing was done,
and the same request may succeed later. A crash in between leaves the claim for TAKES, and then it is done again.
"""

import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from kept import clock, ids
from kept.api import identity
from kept.errors import InProgress, KeyReused
from kept.storage import idempotency
from kept.storage.idempotency import Known
from kept.storage.transaction import Lost

KEPT_FOR = timedelta(days=1)
TAKES = timedelta(seconds=40)
"""Longer than any request runs."""
LOOKS = 40
PAUSE = 0.1
"""Seconds between two looks at whether the first of several at once has its answer."""

Answer = dict[str, Any]
"""As a Lambda answers API Gateway."""


def once(event: APIGatewayProxyEventV2, work: Callable[[], Answer]) -> Answer:
    """Raises KeyReused for another request under the same key, and InProgress where the first takes too long."""
    key = identity.key(event)
    if not key:
        return work()
    request = ids.digest(f"{event.request_context.http.method} {identity.request(event)} {identity.seen(event)}")
    business, _ = identity.staff(event)
    for _ in range(LOOKS):
        if known := idempotency.find(business, key, now=clock.now()):
            if known.request != request:
                raise KeyReused
            if known.answer is not None:
                first: Answer = json.loads(known.answer)
                return first
        elif _claimed(business, key, request):
            return _done(business, key, request, work)
        time.sleep(PAUSE)
    raise InProgress


def _claimed(business: str, key: str, request: str) -> bool:
    now = clock.now()
    try:
        idempotency.claim(business, key, request, until=now + TAKES, now=now)
    except Lost:
        return False
    return True


def _done(business: str, key: str, request: str, work: Callable[[], Answer]) -> Answer:
    try:
        answer = work()
    except Exception:
        idempotency.forget(business, key)
        raise
    if answer["statusCode"] >= 300:
        idempotency.forget(business, key)
    else:
        known = Known(request, json.dumps(answer))
        idempotency.remember(business, key, known, until=clock.now() + KEPT_FOR)
    return answer
