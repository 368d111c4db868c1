"""20,000 appointments due in one minute: swept, decided and sent by one worker of each, one after the other.

On one machine DynamoDB, SQS and the provider are stand-ins in Python that share its processor, so the rates are theirs
as much as ours; the units, the requests and the memory are not. In the cloud workers run side by side, and the last
message is out when the slowest gate lets it through: at SES's first rate of 14 a second after 24 minutes.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from urllib.request import Request, urlopen

from tests.bench.capacity import GB, GB_SECOND, LAMBDA_REQUEST, READ, SECONDS, SQS_REQUEST, WRITE
from tests.bench.cloud import Cloud, Units
from tests.bench.figure import Figure
from tests.builders import a_catalog, a_client, an_appointment

COUNT = 20_000
CHUNK = 10
"""Keys in a record."""
CLIENTS = 500
PAGE = 4096
LIMIT = 0.03 / 4
"""Dollars for 1,000 messages: what the design gives to 1,000 bookings with their confirmation and three reminders."""

SES_RATE = 14
CLIENT = "scale-client-"
"""What ids and addresses of clients begin with. An appointment called as its client would be taken for none."""


@dataclass(slots=True)
class Way:
    """One piece of work after the other: how fast each fifth of it went, what of our own processor it took, and memory.

    The rate is also that of whatever else the machine does; the processor's time is not.
    """

    memory: list[float] = field(default_factory=list)
    rates: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)

    def walk(self, keys: list[tuple[str, str]], work: Callable[[str, str], object]) -> int:
        """Ten at a time, as they come in the records of the queues."""
        from kept.due_work import queues

        fifth, began, busy = len(keys) // 5, perf_counter(), process_time()
        self.memory.append(_megabytes())
        for number in range(CHUNK, len(keys) + 1, CHUNK):
            with queues.together():
                for key in keys[number - CHUNK : number]:
                    work(*key)
            if number % fifth == 0:
                self.memory.append(_megabytes())
                self.rates.append(fifth / (perf_counter() - began))
                self.worked.append((process_time() - busy) / fifth)
                began, busy = perf_counter(), process_time()
        return len(keys)

    def row(self) -> Figure:
        rates = ", ".join(f"{rate:.0f}" for rate in self.rates)
        worked = ", ".join(f"{1000 * seconds:.1f}" for seconds in self.worked)
        return Figure("    of it every fifth", f"{rates} a second", f"{worked} ms of processor each", "flat")


def rows(cloud: Cloud) -> Iterator[Figure]:
    """One after the other, so that each rate is of one kind of work; the times add up to that of the last message."""
    from kept.lanes import Lane
    from kept.settings import setting

    _without_receipts(cloud)
    due_at = _load()
    sqs, queue = cloud.stack.client("sqs"), setting("TOUCHPOINTS_QUEUE")
    swept, sweep_seconds, sweep_units = _timed(cloud, lambda: _sweep(Lane.REMINDER, due_at))
    yield _row("sweep", swept, sweep_seconds, sweep_units)
    keys = _taken(sqs, queue)
    if len(set(keys)) != COUNT:
        raise AssertionError(f"{len(set(keys))} of {COUNT} were handed over")
    deciding, sending = Way(), Way()
    decided, decide_seconds, decide_units = _timed(cloud, lambda: _decide(keys, due_at, deciding))
    yield _row("decide and commit", decided, decide_seconds, decide_units)
    yield deciding.row()
    messages = _taken(sqs, setting("MESSAGES_QUEUE"))
    sent, send_seconds, send_units = _timed(cloud, lambda: _send(messages, due_at, sending))
    yield _row("send", sent, send_seconds, send_units)
    yield sending.row()
    yield _all_sent(cloud, messages)
    total = sweep_seconds + decide_seconds + send_seconds
    yield Figure(
        f"    the last of {COUNT:,} is out after", f"{total:.0f} s", f"{COUNT / SES_RATE:.0f} s at SES's first rate"
    )
    told = ", ".join(f"{size:.0f}" for size in (*deciding.memory, *sending.memory))
    yield Figure("    memory of the worker at each start, and at every fifth of the way", f"{told} MB", "", "flat")
    yield _money(decide_units, send_units, sweep_units)


def _without_receipts(cloud: Cloud) -> None:
    """They would go to the deployed functions, which know nothing of these messages and share the processor."""
    asked = Request(
        f"{cloud.stack.base_url}/console/api/providers",
        data=json.dumps({"email": {"receipts": "off"}}).encode(),
        headers={"Content-Type": "application/json"},
    )
    with urlopen(asked) as answer:
        answer.read()


def _row(what: str, count: int, seconds: float, units: Units) -> Figure:
    each = f"{units.table_writes / count:.2f} + {units.index_writes / count:.2f} write, {units.reads / count:.2f} read"
    return Figure(f"{what} of {count:,}", f"{count / seconds:,.0f} a second", f"each {each}")


def _money(decide: Units, send: Units, sweep: Units) -> Figure:
    """Records of ten keys, from the sweep and from the worker; each is sent, received and deleted."""
    tables = sum(units.writes * WRITE + units.reads * READ for units in (decide, send, sweep)) / COUNT
    requests = 3 * (2 / CHUNK) * SQS_REQUEST
    compute = 2 * SECONDS * GB * GB_SECOND + (2 / CHUNK) * LAMBDA_REQUEST
    dollars = 1000 * (tables + requests + compute)
    of_it = f"tables {1000 * tables:.4f}, SQS {1000 * requests:.4f}, Lambda {1000 * compute:.4f}"
    return Figure("1,000 reminders, decided and sent, on paper", f"${dollars:.4f}", of_it, f"≤ ${LIMIT:.4f}")


def _load() -> datetime:
    """The reminders of all are due at one instant: the hours of the salon are not asked here."""
    from kept.reminders.timeline import next_due
    from kept.storage import appointments, catalogs, clients
    from kept.storage.tables import AppointmentItem, ClientItem

    shop = a_catalog()
    catalogs.put("lotus", [shop.business, *shop.services.values(), *shop.staff.values()])
    with ClientItem.batch_write() as batch:
        for n in range(CLIENTS):
            batch.save(clients.as_item(replace(a_client(), id=f"{CLIENT}{n}", email=f"{CLIENT}{n}@example.com")))
    due: set[datetime] = set()
    with AppointmentItem.batch_write() as batch:
        for n in range(COUNT):
            visit = replace(an_appointment(f"scale-{n}"), client=f"{CLIENT}{n % CLIENTS}")
            lane = next_due(visit, shop)
            if lane is None:
                raise AssertionError("nothing is due")
            due.add(lane[1])
            batch.save(appointments.as_item(visit, lane))
    (at,) = due
    return at


def _sweep(lane: Any, until: datetime) -> int:
    from kept.due_work.sweeping import sweep

    return sweep(lane, until=until).handed_over


def _decide(keys: list[tuple[str, str]], at: datetime, way: Way) -> int:
    import reminder_worker

    return way.walk(keys, partial(reminder_worker.remind, now=at))


def _send(keys: list[tuple[str, str]], at: datetime, way: Way) -> int:
    """The clock goes on meanwhile: turns at the gate are instants, and if it stood each would be longer in coming."""
    from kept.storage import messages
    from kept.use_cases.messaging.sending import deliver

    began = perf_counter()

    def send(business: str, id: str) -> None:
        message = messages.find(business, id)
        if message is None:
            raise AssertionError(f"{id} is not there")
        deliver(message, now=at + timedelta(seconds=1 + perf_counter() - began))

    return way.walk(keys, send)


def _all_sent(cloud: Cloud, keys: list[tuple[str, str]]) -> Figure:
    """The ledger says so of each, and the provider has each once."""
    from kept.messaging.message import MessageStatus
    from kept.storage import messages

    left = [id for business, id in keys if _status(messages.find(business, id)) is not MessageStatus.SENT]
    if left or len(set(keys)) != COUNT:
        raise AssertionError(f"{len(left)} of {len(set(keys))} not sent: {left[:3]}")
    with cloud.stack.place.messages_file.open() as lines:
        mails = map(json.loads, lines)
        came = Counter(mail["details"]["message"] for mail in mails if mail["to"].startswith(CLIENT))
    if len(came) != COUNT or came.total() != COUNT:
        raise AssertionError(f"{came.total()} mails of {len(came)} messages came to the provider")
    return Figure("    sent by the ledger, and at the provider once each", f"{len(came):,}", "", f"{COUNT:,}")


def _status(found: Any) -> Any:
    return found and found.status


def _taken(sqs: Any, queue: str) -> list[tuple[str, str]]:
    from kept.due_work.queue_worker import keys_of

    keys: list[tuple[str, str]] = []
    while records := sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
        keys += [(key.business, key.id) for record in records for key in keys_of(record["Body"])]
        done = [{"Id": str(n), "ReceiptHandle": record["ReceiptHandle"]} for n, record in enumerate(records)]
        sqs.delete_message_batch(QueueUrl=queue, Entries=done)
    return keys


def _timed(cloud: Cloud, work: Callable[[], int]) -> tuple[int, float, Units]:
    counts: list[int] = []
    began = perf_counter()
    units = cloud.meter.of(lambda: counts.append(work()))
    return counts[0], perf_counter() - began, units


def _megabytes() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE / 1e6
