"""What providers tell the product: by the stack's SNS, or by a POST to its own address; now, later, twice or never."""

import heapq
import itertools
import threading
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from infra.local.place import PATIENCE, STACK_NAME, Place
from infra.local.product_clock import ProductClock
from infra.local.stack import client

AFTER_THE_ANSWER = timedelta(milliseconds=50)
_TRIES, _BETWEEN_TRIES = 3, 0.2
_BATCH = 10
_LOOK = 0.2
"""Seconds between two looks at the product's clock, which may be put forward at any time."""


@dataclass(frozen=True, slots=True)
class Notice:
    """For an SNS topic, or where it names none, for the one that all of the product's providers are told of."""

    kind: str
    of: str
    text: str
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """For a path of the product; the query and headers that sign it are made when it leaves."""

    kind: str
    of: str
    path: str
    body: bytes
    signed: Callable[[bytes, datetime], tuple[Mapping[str, str], Mapping[str, str]]]


Event = Notice | Post
"""`kind` is the provider's own word for it, `of` the message in the inbox, "" for what a reader began."""


class Undelivered(Exception):
    """It did not get through; the words say why."""


class Events:
    """One thread delivers, in order of time, as many at once as SNS takes."""

    def __init__(self, place: Place, clock: ProductClock) -> None:
        self.undelivered: deque[tuple[Event, str]] = deque(maxlen=200)
        self._place, self._clock = place, clock
        self._sns, self._topic = client(place, "sns"), ""
        self._told: dict[str, list[str]] = {}
        self._heap: list[tuple[datetime, int, Event]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._busy = self._was_busy = False
        threading.Thread(target=self._run, daemon=True).start()

    def schedule(self, events: Iterable[Event], at: datetime) -> None:
        """`at` is on the product's clock; what lies in the past goes out at once."""
        with self._changed:
            for event in events:
                heapq.heappush(self._heap, (at, next(self._numbers), event))
            self._changed.notify_all()

    def deliver(self, events: Iterable[Event]) -> None:
        """Now, before this returns. What does not get through is kept to be seen."""
        waiting = list(events)
        by_topic: dict[str, list[Notice]] = {}
        for event in waiting:
            if isinstance(event, Notice):
                by_topic.setdefault(event.topic, []).append(event)
            else:
                self._try([event], lambda event=event: self._post(event))  # type: ignore[misc]
        for topic, notices in by_topic.items():
            self._try(notices, lambda topic=topic, notices=notices: self._publish(topic, notices))  # type: ignore[misc]

    def told(self, message: str) -> list[str]:
        """The kinds of what was told of a message, in order."""
        return list(self._told.get(message, []))

    def pending(self) -> list[tuple[datetime, Event]]:
        with self._changed:
            return [(at, event) for at, _, event in sorted(self._heap)]

    def settle(self, within: float = PATIENCE) -> bool:
        """Wait until nothing is on its way, and whether something was since this was last asked.

        What is to come later on the product's clock is not waited for.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._busy and not self._soon(), within)
            was_busy, self._was_busy = self._was_busy, False
            return was_busy

    def _soon(self) -> bool:
        return bool(self._heap) and self._heap[0][0] <= self._clock.now() + 2 * AFTER_THE_ANSWER

    def _run(self) -> None:
        while True:
            self.deliver(self._next())
            with self._changed:
                self._busy = False
                self._changed.notify_all()

    def _next(self) -> list[Event]:
        with self._changed:
            while not self._heap or (ahead := (self._heap[0][0] - self._clock.now()).total_seconds()) > 0:
                self._changed.wait(min(ahead, _LOOK) if self._heap else None)
            self._busy = self._was_busy = True
            now = self._clock.now()
            due: list[Event] = []
            while self._heap and self._heap[0][0] <= now and len(due) < _BATCH:
                due.append(heapq.heappop(self._heap)[2])
            return due

    def _try(self, events: list[Any], deliver: Callable[[], None]) -> None:
        """Whatever goes wrong is shown: the thread has to live, or nothing would be told any more."""
        try:
            deliver()
        except Exception as error:
            self.undelivered.extend((event, str(error)) for event in events)
        else:
            for event in events:
                self._told.setdefault(event.of, []).append(event.kind)

    def _publish(self, topic: str, notices: list[Notice]) -> None:
        entries = [{"Id": str(number), "Message": notice.text} for number, notice in enumerate(notices)]
        answer = self._sns.publish_batch(TopicArn=topic or self._inbound(), PublishBatchRequestEntries=entries)
        if answer["Failed"]:
            raise Undelivered(answer["Failed"][0].get("Message", "SNS did not take it."))

    def _inbound(self) -> str:
        """Looked for until it is found."""
        if not self._topic:
            pages = self._sns.get_paginator("list_topics").paginate()
            found = (topic["TopicArn"] for page in pages for topic in page["Topics"])
            self._topic = next((topic for topic in found if topic.endswith(f":{STACK_NAME}-inbound")), "")
        if not self._topic:
            raise Undelivered(f"There is no topic {STACK_NAME}-inbound.")
        return self._topic

    def _post(self, event: Post) -> None:
        """Three tries, as WeChat makes them; a route that is not there is not tried again."""
        for _ in range(_TRIES):
            query, headers = event.signed(event.body, self._clock.now())
            address = f"{self._place.url}{event.path}?{urlencode(query)}" if query else self._place.url + event.path
            request = urllib.request.Request(address, event.body, dict(headers))
            try:
                urllib.request.urlopen(request, timeout=PATIENCE).close()
            except urllib.error.HTTPError as refused:
                with refused:
                    failure = f"{event.path} answered {refused.code}"
                if refused.code < 500:
                    break
            except (urllib.error.URLError, TimeoutError) as error:
                failure = f"{event.path}: {error}"
            else:
                return
            time.sleep(_BETWEEN_TRIES)
        raise Undelivered(failure)
