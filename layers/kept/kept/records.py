"""What comes out of a queue: the keys of due work, done one by one, and what fails of them brought back alone."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from kept import clock, queues
from kept.lanes import Lane
from kept.queues import Key
from kept.runtime import log

Handler = Callable[[dict[str, Any], Any], Any]


class ForeignRecord(ValueError):
    """A queue record that Kept did not write."""


def worker(work: Callable[[str, str], object]) -> Handler:
    """Does `work(business, id)` for each key of each record; what fails comes again, the others are done."""
    return consumer(lambda body: _each(work, keys_of(body)), job=work.__module__)


def consumer(work: Callable[[str], object], *, job: str) -> Handler:
    """The same for work that needs all that a record says.

    Powertools' batch does no more for a queue, and imports asyncio and the models of every event source for it.
    """

    return dated_consumer(lambda body, _: work(body), job=job)


def dated_consumer(work: Callable[[str, datetime | None], object], *, job: str) -> Handler:
    """The same for work that also needs to know when a record was put into the queue, as far as SQS tells."""

    def handler(event: dict[str, Any], context: object) -> Any:  # noqa: ARG001
        failed: dict[str, str] = {}
        for record in event["Records"]:
            try:
                work(record["body"], _queued_at(record))
            except Exception as error:  # whatever it is, the other records are not to suffer for it
                failed[record["messageId"]] = f"{type(error).__name__}: {error}"
        log.info("worked", extra={"job": job, "records": len(event["Records"]), "failed": list(failed.values())})
        return {"batchItemFailures": [{"itemIdentifier": id} for id in failed]}

    return handler


def keys_of(body: str) -> list[Key]:
    """Raises ForeignRecord."""
    try:
        told = json.loads(body)
        keys = [(Lane(key["lane"]), key["business"], key["id"]) for key in (told if isinstance(told, list) else [told])]
    except (KeyError, TypeError, ValueError) as error:
        raise ForeignRecord("not a key of due work") from error
    if not keys or not all(isinstance(business, str) and isinstance(id, str) for _, business, id in keys):
        raise ForeignRecord("not a key of due work")
    return [Key(*key) for key in keys]


def _queued_at(record: dict[str, Any]) -> datetime | None:
    stamp = str(record.get("attributes", {}).get("SentTimestamp", ""))
    return clock.ours(datetime.fromtimestamp(int(stamp) / 1000, UTC)) if stamp.isdecimal() else None


def _each(work: Callable[[str, str], object], keys: list[Key]) -> None:
    """A record of several is taken apart when some of it fails, so that nothing is set aside with its neighbour.

    A crash between the new records and the end of this one has some keys done twice, which does nothing.
    """
    with queues.together():
        failed = {key: error for key in keys if (error := _tried(work, key))}
    if failed and len(keys) == 1:
        raise failed[keys[0]]
    for key, error in failed.items():
        log.warning("comes again alone", extra={"id": key.id, "error": f"{type(error).__name__}: {error}"})
        queues.send(key.lane, [key])


def _tried(work: Callable[[str, str], object], key: Key) -> Exception | None:
    try:
        work(key.business, key.id)
    except Exception as error:  # whatever it is, the other keys are not to suffer for it
        return error
    return None
