"""What every Lambda needs at its edge: the log, AWS clients on first use, and the schedules' events."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger

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
