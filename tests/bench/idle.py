"""What a deployment costs in a month in which nothing happens, counted off the templates.

Prices are AWS's own of us-east-1 (November 2026). Every row stands beside what it would cost without the allowances
that an account keeps for ever; the sum with them is what the design holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from tests.bench.capacity import LAMBDA_REQUEST, READ, SQS_REQUEST
from tests.bench.figure import Figure
from tests.templates import functions, mappings, template

MOST = 2.50
"""Dollars a month."""

MINUTES = 30 * 24 * 60
POLLERS, POLLS_A_MINUTE = 5, 3
"""Lambda reads an empty queue over five connections, each of which waits for twenty seconds; streams it reads for
nothing."""

ALARM, FREE_ALARMS = 0.10, 10
SECRET, KEY = 0.40, 1.00
FREE_SQS = 1_000_000
GB_SECOND, FREE_GB_SECONDS, FREE_CALLS = 13.3334e-6, 400_000, 1_000_000
LOG_GB, FREE_LOG_GB = 0.50, 5
TRACE, FREE_TRACES = 5e-6, 100_000
KMS_REQUEST, FREE_KMS = 3e-6, 20_000

RUN_SECONDS, RUN_LOG_BYTES = 0.06, 1_200
"""Of a sweep that finds nothing: six requests of some milliseconds, and Lambda's two lines beside ours."""
LOOKS, READ_UNITS = 4, 0.5
"""Each sweep asks the four shards of its lane, eventually consistent, and finds nothing."""
KEY_KEPT = 5
"""Minutes for which DynamoDB uses a table's key before it asks KMS again."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Dollars a month: as billed, and were nothing free."""

    what: str
    billed: float
    listed: float


def costs() -> list[Cost]:
    watch, queues, main, tables = (template(f"{name}.yaml") for name in NAMES)
    kinds = [block["Type"] for read in (watch, queues, main, tables) for block in read["Resources"].values()]
    runs = MINUTES * sum(function.schedules() for function in functions())
    polls = MINUTES * len(mappings("Queues")) * POLLERS * POLLS_A_MINUTE
    alarms, keys = kinds.count("AWS::CloudWatch::Alarm"), kinds.count("AWS::KMS::Key")
    seconds = runs * RUN_SECONDS * _gigabytes(main)
    traced = MINUTES * sum(function.schedules() for function in functions() if _is_traced(function.properties, main))
    return [
        _cost(f"{alarms} alarms", alarms, ALARM, FREE_ALARMS),
        _cost(f"{polls / 1e6:.2f} M looks at empty queues and their depths", polls + runs, SQS_REQUEST, FREE_SQS),
        _cost("secrets", kinds.count("AWS::SecretsManager::Secret"), SECRET),
        _cost("keys of our own", keys, KEY),
        _cost(f"{runs:,} runs of schedules: calls", runs, LAMBDA_REQUEST, FREE_CALLS),
        _cost("... their time", seconds, GB_SECOND, FREE_GB_SECONDS),
        _cost("... their looks into DynamoDB", runs * LOOKS * READ_UNITS, READ),
        _cost("... their log", runs * RUN_LOG_BYTES / 1e9, LOG_GB, FREE_LOG_GB),
        _cost("... their traces", traced, TRACE, FREE_TRACES),
        _cost("... the tables' keys", MINUTES / KEY_KEPT * _swept(tables), KMS_REQUEST, FREE_KMS),
    ]


NAMES = ("infra/watch", "infra/queues", "template", "infra/tables")


def total() -> float:
    return sum(cost.billed for cost in costs())


def rows() -> Iterator[Figure]:
    for cost in costs():
        yield Figure(f"idle, a month: {cost.what}", f"$ {cost.billed:.2f}", f"$ {cost.listed:.2f} without allowances")
    listed = sum(cost.listed for cost in costs())
    yield Figure("idle, a month: all", f"$ {total():.2f}", f"$ {listed:.2f} without allowances", f"≤ $ {MOST:.2f}")


def _cost(what: str, count: float, price: float, free: float = 0) -> Cost:
    return Cost(what, max(0.0, count - free) * price, count * price)


def _gigabytes(main: dict[str, dict[str, dict[str, int]]]) -> float:
    return main["Globals"]["Function"]["MemorySize"] / 1024


def _is_traced(properties: dict[str, str], main: dict[str, dict[str, dict[str, str]]]) -> bool:
    return (properties.get("Tracing") or main["Globals"]["Function"]["Tracing"]) == "Active"


def _swept(tables: dict[str, dict[str, dict[str, dict[str, object]]]]) -> int:
    """Those with a lane of due work, under the key that AWS keeps for the account."""
    return sum(
        "due_lane" in str(block["Properties"]) and "SSESpecification" in block["Properties"]
        for block in tables["Resources"].values()
    )
