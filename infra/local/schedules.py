"""The schedules of the deployed stack, fired for the product's clock; and time let pass with everything it brings."""

import json
import threading
import time
import uuid
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from infra.local.due import Due, everything_due
from infra.local.place import PATIENCE, REGION, STACK_NAME, Place
from infra.local.product_clock import ProductClock
from infra.local.stack import ask, client

_LOOKS, _BETWEEN_LOOKS = 3, 0.03
"""Nothing in hand in so many looks running: between a queue and its worker a message is for a moment in neither."""

_GATES, _SENDER = f"{STACK_NAME}-gates", f"{STACK_NAME}-message_sender"
_A_MOMENT = timedelta(seconds=1)
"""What may pass between asking for an instant and getting there."""

_SOON = timedelta(seconds=59)
"""A sweep may hand over what is due before the next one."""

Settled = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Way:
    """Time that is being let pass: from where, to where."""

    began: datetime
    until: datetime

    def passed(self, now: datetime) -> float:
        """The share of it, from 0 to 1."""
        if self.until <= self.began:
            return 1.0
        return min(1.0, max(0.0, (now - self.began) / (self.until - self.began)))


@dataclass(frozen=True, slots=True)
class Rule:
    """A schedule, the Lambda it calls, and what it makes of its event (EventBridge's own form), if anything."""

    name: str
    arn: str
    function: str
    input: dict[str, Any]

    def told(self, event: dict[str, Any]) -> str:
        """Each <variable> is a field at the top of the event, in the manner of `$.time`."""
        if not self.input:
            return json.dumps(event)
        said: str = self.input["InputTemplate"]
        for variable, path in self.input.get("InputPathsMap", {}).items():
            said = said.replace(f"<{variable}>", json.dumps(event[path.removeprefix("$.")]))
        return said


class Schedules:
    """One thing at a time: two that let time pass wait for each other."""

    def __init__(self, place: Place, clock: ProductClock) -> None:
        self._place, self._clock = place, clock
        self._lambda = client(place, "lambda")
        self._rules = _rules(place)
        self._lanes: dict[str, str] = {}
        self._one_at_a_time = threading.RLock()
        self.way: Way | None = None

    def fire(self, lanes: Collection[str] | None = None) -> dict[str, Any]:
        """Invoke every scheduled Lambda as its rule would now; what each answered, by rule.

        With `lanes` only those that sweep one of them, as far as is known: each says in its answer which it swept.
        """
        rules = [rule for rule in self._rules if lanes is None or self._lanes.get(rule.name, "") in {"", *lanes}]
        with self._one_at_a_time, ThreadPoolExecutor(len(rules) or 1) as pool:
            answers = pool.map(self._invoke, rules)
            fired = {rule.name: answer for rule, answer in zip(rules, answers, strict=True)}
        self._lanes |= {name: answer["lane"] for name, answer in fired.items() if answer and "lane" in answer}
        return fired

    def settle(self, within: float = PATIENCE) -> Settled:
        """Wait until no worker runs and no message is ready. Messages put off (a retry) are told, not waited for."""
        give_up, quiet = time.monotonic() + within, 0
        while True:
            busy = ask(self._place, "/_kept/busy")
            quiet = quiet + 1 if not busy["running"] and not any(busy["ready"].values()) else 0
            if quiet == _LOOKS or time.monotonic() > give_up:
                later = {queue: count for queue, count in busy["later"].items() if count}
                return {"settled": quiet == _LOOKS, "later": later}
            time.sleep(_BETWEEN_LOOKS)

    def advance(self, until: datetime) -> Settled:
        """Let time pass to an instant: from one minute in which something is due to the next, and to the end.

        On the way only the schedules fire whose lane has something due, for all others would find nothing; at the end
        all. Tells what each answered at the end, and every error on the way. Raises ValueError for an instant that has
        passed: time goes forward only.
        """
        with self._one_at_a_time:
            self._must_be_ahead(until)
            self.way = Way(self._clock.now(), until)
            try:
                return self._go(until)
            finally:
                self.way = None

    def _go(self, until: datetime) -> Settled:
        errors: list[dict[str, str]] = []
        while (stop := self._next_stop()) and stop[0] < until:
            errors += self._arrive_at(*stop)["errors"]
        arrived = self._arrive_at(until)
        return arrived | {"errors": errors + arrived["errors"]}

    def sleep(self, until: datetime) -> Settled:
        """Let time pass and fire nothing, as in an outage. Raises ValueError as `advance` does."""
        with self._one_at_a_time:
            self._must_be_ahead(until)
            self._clock.set(max(until, self._clock.now()))
            return {}

    def _must_be_ahead(self, instant: datetime) -> None:
        if instant < self._clock.now() - _A_MOMENT:
            raise ValueError("That instant has passed; the clock goes forward only.")

    def forget_turns(self) -> None:
        """After the clock was put back, senders would wait for turns of a later day, and for gates shut on it."""
        dynamodb = client(self._place, "dynamodb")
        for gate in dynamodb.scan(TableName=_GATES)["Items"]:
            dynamodb.delete_item(TableName=_GATES, Key={"name": gate["name"]})
        settings = self._lambda.get_function_configuration(FunctionName=_SENDER)["Environment"]["Variables"]
        anew = {"Variables": settings | {"STARTED_ANEW": str(uuid.uuid4())}}  # a changed setting ends warm processes
        self._lambda.update_function_configuration(FunctionName=_SENDER, Environment=anew)

    def next_due(self) -> datetime | None:
        """The next instant after now at which something is due."""
        return _first_after(self._clock.now(), everything_due(self._place))

    def _next_stop(self) -> tuple[datetime, set[str]] | None:
        """The minute whose rule finds what is due next, and the lanes in which something is due by then or soon."""
        everything = everything_due(self._place)
        at = _first_after(self._clock.now(), everything)
        if at is None:
            return None
        minute = (at + timedelta(seconds=59)).replace(second=0, microsecond=0)
        return minute, {due.lane.partition("#")[0] for due in everything if due.at <= minute + _SOON}

    def _arrive_at(self, instant: datetime, lanes: Collection[str] | None = None) -> Settled:
        self._clock.set(max(instant, self._clock.now()))
        fired, at = self.fire(lanes), instant.isoformat()
        failed = [
            {"at": at, "schedule": rule, "error": answer["error"]}
            for rule, answer in fired.items()
            if answer and "error" in answer
        ]
        return {"fired": fired, "errors": failed} | self.settle()

    def _invoke(self, rule: Rule) -> Any:
        event: dict[str, Any] = {
            "version": "0",
            "id": str(uuid.uuid4()),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": "000000000000",
            "time": self._clock.now().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "region": REGION,
            "resources": [rule.arn],
            "detail": {},
        }
        answer = self._lambda.invoke(FunctionName=rule.function, Payload=rule.told(event).encode())
        said = json.load(answer["Payload"])
        return {"error": said.get("errorMessage", "?")} if "FunctionError" in answer else said


def _first_after(now: datetime, everything: list[Due]) -> datetime | None:
    return next((due.at for due in everything if due.at > now), None)


def _rules(place: Place) -> list[Rule]:
    """One for each Lambda that a rule with a schedule calls."""
    events = client(place, "events")
    return [
        Rule(rule["Name"], rule["Arn"], target["Arn"].rpartition(":")[2], target.get("InputTransformer", {}))
        for rule in events.list_rules()["Rules"]
        if rule.get("ScheduleExpression")
        for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    ]
