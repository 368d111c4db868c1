"""The deployed whole in one process: functions called by their events, tables and queues in memory, a clock one sets.

Nothing here knows what a salon is. Time goes from one instant at which something is due to the next; what a queue holds
is worked on at once, and whatever fails there fails the run.
"""

import hashlib
import json
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from infra.local.http_event import http_event
from infra.local.quarter.environment import QUEUES
from infra.local.quarter.expressions import Item
from infra.local.quarter.memory import Memory
from infra.local.quarter.providers import Providers, Told
from kept import clock, ids
from kept.client_links import signing_keys
from kept.due_work import queues
from kept.lanes import Lane
from kept.storage import catalogs, follow_up_policies, policy_versions, stream_images, webhooks
from kept.use_cases.events.consumers import CONSUMERS
from kept.use_cases.insight import recording
from kept.use_cases.messaging import provider_clients, rate_limiter, sending
from kept.use_cases.outside import accounts

SWEEPS = {
    Lane.REMINDER: "reminder_fan_out",
    Lane.ATTENDANCE: "no_show_detector",
    Lane.FOLLOW_UP: "follow_up_sla",
}
"""Every other lane is swept by due_sweep."""
LINK_KEYS = {"current": "k1", "k1": "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE"}
MINUTE = timedelta(minutes=1)
STUCK = 60
"""Sweeps, one a minute."""


class WorkFailed(Exception):
    """A worker said that a record is to come again."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The status and the JSON body of a request."""

    status: int
    body: Any

    @property
    def code(self) -> str:
        """Of a problem document; "" for what went well."""
        return str(self.body.get("code", "")) if self.status >= 400 and isinstance(self.body, dict) else ""


@dataclass
class World:
    """`now` is what every clock shows; `told` hears what providers do with a message."""

    now: datetime
    business: str
    memory: Memory
    providers: Providers = field(init=False)
    calls: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def __post_init__(self) -> None:
        self.providers = Providers(lambda: self.now)
        self._waiting: deque[tuple[str, str]] = deque()
        self._put_off: list[tuple[datetime, str, str]] = []
        self._named = self._written = 0
        self._readers: list[Callable[[Told], None]] = []
        self._swept = self.now - MINUTE
        self._tried: Counter[object] = Counter()
        self._streamed: deque[dict[str, Any]] = deque()

    @contextmanager
    def in_place(self) -> Iterator["World"]:
        """Instead of AWS, of the real clock and of random names; the same run has the same ones."""
        with ExitStack() as stack:
            for at, name, instead in (
                (clock, "now", lambda: self.now),
                (ids, "token_bytes", self._bytes),
                (sending, "time", SimpleNamespace(sleep=lambda _: None)),
                *((module, "aws", self._aws) for module in (queues, provider_clients, accounts, signing_keys)),
                (signing_keys, "_read", None),
            ):
                stack.enter_context(patch.object(at, name, instead))
            stack.enter_context(self.memory.in_place())
            _forget()
            yield self
            _forget()

    def ask(
        self,
        route: str,
        body: object = None,
        *,
        function: str,
        role: str = "",
        staff: str = "",
        bearer: str = "",
        key: str = "",
        query: Mapping[str, str] | None = None,
        network: str = "203.0.113.7",
    ) -> Answer:
        """As API Gateway asks: `route` is "POST /v1/appointment/cancel"."""
        event = http_event(route, body, at=self.now, network=network, query=query, key=key, bearer=bearer)
        if role:
            claims = {"custom:business": self.business, "custom:staff": staff, "cognito:groups": f"[{role}]"}
            event["requestContext"]["authorizer"] = {"jwt": {"claims": claims | {"sub": "u"}, "scopes": None}}
        said = self._call(function, event)
        answer = Answer(said["statusCode"], json.loads(said.get("body") or "null"))
        self.settle()
        return answer

    def next_due(self) -> datetime | None:
        """When something happens by itself: a sweep finds what is due at the full minute after."""
        times = [self._put_off[0][0]] if self._put_off else []
        times += [at for at in (self.providers.next_event,) if at]
        if due := self.memory.next_due():
            times.append(max(_full_minute(due[0]), self._swept + MINUTE))
        return max(min(times), self.now) if times else None

    def pass_until(self, instant: datetime) -> None:
        """Everything that is due on the way, in its order."""
        while (at := self.next_due()) is not None and at <= instant:
            self.now = at
            self._do_what_is_due()
        self.now = max(self.now, instant)

    def settle(self) -> None:
        """Nothing waits any more that could be done now."""
        while self._waiting or self._streamed:
            while self._streamed:
                self._freed(self._streamed.popleft())
            if not self._waiting:
                break
            queue, body = self._waiting.popleft()
            record = {"messageId": "1", "receiptHandle": "1", "body": body, "attributes": {}, "eventSource": "aws:sqs"}
            said = self._call(QUEUES[queue], {"Records": [record]})
            if said["batchItemFailures"]:
                raise WorkFailed(f"{QUEUES[queue]} at {self.now}: {body}")

    def press(self, path: str, form: str) -> None:
        """A button on a client's page."""
        event = http_event(f"POST {path}", form, at=self.now, network="203.0.113.8")
        self._call("client_pages", event)
        self.settle()

    def streams(self, table: str, before: Item | None, after: Item | None) -> None:
        """A write, told to the waitlist once what is being done is over. Of the streams' readers it is the only one
        that is played: figures are rebuilt at the end."""
        if not table.endswith("-appointments") or after is None:
            return
        self._written += 1
        told = {
            "ApproximateCreationDateTime": self.now.timestamp(),
            "Keys": {key: after[key] for key in ("business", "id")},
            "NewImage": after,
            "SequenceNumber": str(self._written),
            **({"OldImage": before} if before else {}),
        }
        arn = f"arn:aws:dynamodb:us-east-1:123456789012:table/{table}/stream/2026-02-01T00:00:00.000"
        self._streamed.append({"eventID": str(self._written), "dynamodb": told, "eventSourceARN": arn})

    def _freed(self, record: Mapping[str, Any]) -> None:
        it = stream_images.written(record)
        if kind := stream_images.kind_of(it):
            CONSUMERS["waitlist"](stream_images.change_of(it, kind, record))

    def bring(self, body: str) -> None:
        """A provider tells us something."""
        self._waiting.append(("INBOUND_QUEUE", body))
        self.settle()

    def _do_what_is_due(self) -> None:
        while self._put_off and self._put_off[0][0] <= self.now:
            _, queue, body = self._put_off.pop(0)
            self._waiting.append((queue, body))
        self.settle()
        for told in self.providers.events_by(self.now):
            self.bring(told.body)
            for hear in self._readers:
                hear(told)
        swept: set[Lane] = set()
        while (due := self.memory.next_due()) and due[0] <= int(self.now.timestamp()):
            self._swept, lane = self.now, Lane(due[1].partition("#")[0])
            if lane in swept:
                break
            swept.add(lane)
            self._sweep(lane, due)

    def _sweep(self, lane: Lane, first: object) -> None:
        """As its schedule does in this minute. Raises WorkFailed where the `first` stays due after an hour of it."""
        self._tried[first] += 1
        if self._tried[first] > STUCK:
            raise WorkFailed(f"{lane} stays due: {first}")
        event = {"time": self.now.astimezone(UTC).isoformat(), "lane": str(lane)}
        self._call(SWEEPS.get(lane, "due_sweep"), event)
        self.settle()

    def _call(self, function: str, event: Mapping[str, Any]) -> Any:
        self.calls[function] += 1
        return _handler(function)(event, None)

    def hears(self, hear: Callable[[Told], None]) -> None:
        """Whoever wants to know what became of a message."""
        self._readers.append(hear)

    def _bytes(self, count: int) -> bytes:
        self._named += 1
        return hashlib.sha256(str(self._named).encode()).digest()[:count]

    def _aws(self, service: str, **_: object) -> Any:
        match service:
            case "sqs":
                return self
            case "secretsmanager":
                return SimpleNamespace(get_secret_value=lambda **_: {"SecretString": json.dumps(LINK_KEYS)})
        return self.providers

    def send_message(self, *, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803 - as SQS has it; so below
        self._waiting.append((QueueUrl.rpartition("/")[2], MessageBody))

    def send_message_batch(self, *, QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        queue = QueueUrl.rpartition("/")[2]
        for entry in Entries:
            if seconds := entry.get("DelaySeconds"):
                self._put_off.append((self.now + timedelta(seconds=seconds), queue, entry["MessageBody"]))
                self._put_off.sort(key=lambda one: one[0])
            else:
                self._waiting.append((queue, entry["MessageBody"]))
        return {}

    def get_queue_attributes(self, **_: object) -> dict[str, Any]:
        return {"Attributes": {"ApproximateNumberOfMessages": str(len(self._waiting))}}


@cache
def _handler(function: str) -> Callable[[Mapping[str, Any], None], Any]:
    found: Callable[[Mapping[str, Any], None], Any] = import_module(function).handler
    return found


def _full_minute(seconds: int) -> datetime:
    return datetime.fromtimestamp(-(-seconds // 60) * 60, UTC)


def _forget() -> None:
    """What a warm process keeps."""
    for module in (accounts, catalogs, follow_up_policies, rate_limiter, webhooks, recording):
        module.forget()
    policy_versions._read.cache_clear()
