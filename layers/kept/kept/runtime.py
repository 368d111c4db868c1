"""What every Lambda needs at its edge: the clock, AWS clients on first use, schedules and queue records."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord

log = Logger(service="kept")


@cache
def aws(service: str, *, attempts: int = 3) -> Any:
    """A client for one AWS service, made on first use: importing boto3 is the dearest part of a cold start.

    One attempt is for what must not be done twice when only its answer was lost.
    """
    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": attempts})
    return boto3.client(service, config=config)  # type: ignore[call-overload]


class MissingTime(ValueError):
    """A schedule's event must say when it was due."""


def scheduled(job: Callable[[datetime], Any]) -> Callable[[Mapping[str, Any], object], Any]:
    """A job that is given the instant its schedule fired. Raises MissingTime, so the alarm on errors tells."""

    def handler(event: Mapping[str, Any], context: object) -> Any:  # noqa: ARG001
        done = job(_time(event))
        result = asdict(done) if is_dataclass(done) and not isinstance(done, type) else done
        log.info("done", extra={"job": job.__module__, "result": result})
        return result

    return handler


def _time(event: Mapping[str, Any]) -> datetime:
    try:
        moment = datetime.fromisoformat(event["time"])
    except (KeyError, TypeError, ValueError) as error:
        raise MissingTime("the event has no usable time") from error
    if moment.tzinfo is None:
        raise MissingTime("the event's time has no zone")
    return moment.astimezone(UTC)


class ForeignRecord(ValueError):
    """A queue record that Kept did not write."""


def worker(work: Callable[[str, str], object]) -> Callable[[dict[str, Any], Any], Any]:
    """Does `work(business, id)` for each record; those that fail are reported and come again, the others are done."""
    return consumer(lambda record: work(*key_of(record)), job=work.__module__)


def consumer(work: Callable[[SQSRecord], object], *, job: str) -> Callable[[dict[str, Any], Any], Any]:
    """The same for work that needs the whole record."""
    batch = BatchProcessor(EventType.SQS, raise_on_entire_batch_failure=False)

    def handler(event: dict[str, Any], context: Any) -> Any:
        answer = process_partial_response(event, record_handler=work, processor=batch, context=context)
        failed = [f"{type(error).__name__}: {error}" for _, error, _ in batch.exceptions]
        log.info("worked", extra={"job": job, "records": len(batch.records), "failed": failed})
        return answer

    return handler


def key_of(record: SQSRecord) -> tuple[str, str]:
    """Raises ForeignRecord."""
    try:
        key = json.loads(record.body)
        business, id = key["business"], key["id"]
    except (KeyError, TypeError, ValueError) as error:
        raise ForeignRecord("not a key of due work") from error
    if not (isinstance(business, str) and isinstance(id, str)):
        raise ForeignRecord("not a key of due work")
    return business, id
