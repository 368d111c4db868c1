"""Tables and queues of the bench's own on a stack that is started for it, and what each request to them consumes."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import botocore
from botocore.hooks import BaseEventHooks
from botocore.session import Session

from infra.local.place import ROOT
from tests.local.stack import QUEUES, Stack, a_place, command, product_environment, up

PREFIX = "bench"
"""No deployed function knows these tables, so nothing but the bench works on them."""
WRITES = ("PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem")


@dataclass(slots=True)
class Units:
    """Capacity units, those of writes to indexes apart from those to tables."""

    table_writes: float = 0
    index_writes: float = 0
    reads: float = 0

    @property
    def writes(self) -> float:
        return self.table_writes + self.index_writes

    def add(self, operation: str, consumed: Any) -> None:
        for one in consumed if isinstance(consumed, list) else [consumed]:
            indexes = sum(index["CapacityUnits"] for index in one.get("GlobalSecondaryIndexes", {}).values())
            if operation in WRITES:
                self.table_writes += one["CapacityUnits"] - indexes
                self.index_writes += indexes
            else:
                self.reads += one["CapacityUnits"]

    def __str__(self) -> str:
        return f"{self.table_writes:g} + {self.index_writes:g} write, {self.reads:g} read"


@dataclass(slots=True)
class Meter:
    """Counts what the requests of this process consume, as DynamoDB itself says it."""

    units: Units = field(default_factory=Units)

    def of(self, work: Callable[[], object]) -> Units:
        self.units = counted = Units()
        work()
        self.units = Units()
        return counted

    def watch(self, session: Session | BaseEventHooks) -> None:
        session.register("before-parameter-build.dynamodb", self._ask)
        session.register("after-call.dynamodb", self._note)

    def _ask(self, **said: Any) -> None:
        said["params"]["ReturnConsumedCapacity"] = "INDEXES"

    def _note(self, **said: Any) -> None:
        self.units.add(said["model"].name, said["parsed"].get("ConsumedCapacity", []))


@dataclass(frozen=True, slots=True)
class Cloud:
    """The stack, and the meter of what this process asks of it."""

    stack: Stack
    meter: Meter


@contextmanager
def running() -> Iterator[Cloud]:
    """Must be entered before kept.storage is imported: the models take their tables' names from the environment."""
    meter = Meter()
    botocore.register_initializer(meter.watch)
    place = a_place(ROOT / ".local" / "bench" / "stack")
    command("down", place)
    command("reset", place)
    with up(place, KEPT_COPIES="off") as stack:
        providers = f"{stack.base_url}/console/providers"
        os.environ.update(product_environment(stack, PREFIX, stack_url=stack.place.stack_url, providers=providers))
        _be_patient()
        _make_tables(stack)
        for name in QUEUES:
            stack.client("sqs").create_queue(QueueName=f"{PREFIX}-{name}")
        yield Cloud(stack, meter)


def _be_patient() -> None:
    """The stand-in has no real index: among many items it takes longer than the product would wait."""
    from kept.storage.tables import RequestTimeouts

    RequestTimeouts.read_timeout_seconds = 60


def _make_tables(stack: Stack) -> None:
    """As infra/tables.yaml has them, keys and indexes."""
    cloudformation = stack.client("cloudformation")
    body = (ROOT / "infra" / "tables.yaml").read_text()
    told = {"Prefix": PREFIX, "Protection": "no"}
    parameters = [{"ParameterKey": name, "ParameterValue": value} for name, value in told.items()]
    cloudformation.create_stack(StackName=PREFIX, TemplateBody=body, Parameters=parameters)
    while (said := cloudformation.describe_stacks(StackName=PREFIX)["Stacks"][0]["StackStatus"]) != "CREATE_COMPLETE":
        if "FAILED" in said or "ROLLBACK" in said:
            raise RuntimeError(f"the tables could not be made: {said}")
        time.sleep(0.1)
