"""What comes out of a queue: the keys of due work, done one by one, and what fails of them brought back alone.

Nothing is begun that the time left may not finish: a provider that takes its time costs waiting, and not a message that
is cut off between its sending and its record. What is not begun is queued anew, so that SQS counts no failure of it;
where only the queue itself can bring a record back (there are no keys in it) that counts as one of five.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

from kept import clock
from kept.due_work import queues
from kept.lanes import Key, Lane
from kept.runtime import log

Handler = Callable[[dict[str, Any], Any], Any]
Work = Callable[[str, str], object]
"""What is done for an id of a business."""

TAKES = timedelta(seconds=8)
"""What one key may take: its requests to tables, and one of them that is given up after seven seconds and repeated. A
function that works from a queue has three times as much for a call, or more."""


class Context(Protocol):
    """What Lambda tells of a call, as far as it is used here."""

    def get_remaining_time_in_millis(self) -> int: ...


class ForeignRecord(ValueError):
    """A queue record that Kept did not write."""


def worker(work: Work, *, takes: timedelta = TAKES) -> Handler:
    """Does `work(business, id)` for each key of each record; what fails comes again, the others are done."""
    return _of_keys(lambda key: work(key.business, key.id), job=work.__module__, takes=takes)


def by_lane(work: Mapping[Lane, Work], *, job: str) -> Handler:
    """The same, with the work of the key's lane. A key of another lane fails: no queue of the function's brings it."""
    return _of_keys(lambda key: work[key.lane](key.business, key.id), job=job, takes=TAKES)


def _of_keys(work: Callable[[Key], object], *, job: str, takes: timedelta) -> Handler:
    def handler(event: dict[str, Any], context: Context | None) -> Any:
        def each(body: str, _: datetime | None) -> None:
            _each(work, keys_of(body), context, takes)

        return dated_consumer(each, job=job, takes=takes, again=_again)(event, context)

    return handler


def consumer(work: Callable[[str], object], *, job: str) -> Handler:
    """The same for work that needs all that a record says.

    Powertools' batch does no more for a queue, and imports asyncio and the models of every event source for it.
    """
    return dated_consumer(lambda body, _: work(body), job=job)


def dated_consumer(
    work: Callable[[str, datetime | None], object],
    *,
    job: str,
    takes: timedelta = TAKES,
    again: Callable[[str], object] | None = None,
) -> Handler:
    """The same for work that also needs to know when a record was put into the queue, as far as SQS tells. `again`
    queues anew a record that there was no time for; where there is none, SQS brings it again."""

    def handler(event: dict[str, Any], context: Context | None) -> Any:
        failed: dict[str, str] = {}
        for record in event["Records"]:
            try:
                if has_time(context, takes):
                    work(record["body"], _queued_at(record))
                elif again:
                    again(record["body"])
                else:
                    failed[record["messageId"]] = "no time left"
            except Exception as error:  # whatever it is, the other records are not to suffer for it
                failed[record["messageId"]] = f"{type(error).__name__}: {error}"
        log.info("worked", extra={"job": job, "records": len(event["Records"]), "failed": list(failed.values())})
        return {"batchItemFailures": [{"itemIdentifier": id} for id in failed]}

    return handler


def has_time(context: Context | None, takes: timedelta) -> bool:
    """For one more key. Outside of Lambda there is no end to it."""
    return context is None or context.get_remaining_time_in_millis() >= takes.total_seconds() * 1000


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


def _again(body: str) -> None:
    """A record as it came, in its lane's queue. Raises ForeignRecord."""
    keys = keys_of(body)
    queues.send(keys[0].lane, keys)


def _each(work: Callable[[Key], object], keys: list[Key], context: Context | None, takes: timedelta) -> None:
    """A record of several is taken apart when some of it fails, so that nothing is set aside with its neighbour; what
    there was no time for goes back together.

    A crash between the new records and the end of this one has some keys done twice, which does nothing.
    """
    failed: dict[Key, Exception] = {}
    left = list(keys)
    with queues.together():
        while left and has_time(context, takes):
            if error := _tried(work, key := left.pop(0)):
                failed[key] = error
    if left:
        log.warning("no time left", extra={"keys": len(left)})
        queues.send(left[0].lane, left)
    if failed and len(keys) == 1:
        raise failed[keys[0]]
    for key, error in failed.items():
        log.warning("comes again alone", extra={"id": key.id, "error": f"{type(error).__name__}: {error}"})
        queues.send(key.lane, [key])


def _tried(work: Callable[[Key], object], key: Key) -> Exception | None:
    try:
        work(key)
    except Exception as error:  # whatever it is, the other keys are not to suffer for it
        return error
    return None
