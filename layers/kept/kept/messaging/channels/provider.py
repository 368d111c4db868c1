"""What the errors of AWS mean to a message; none is decided by its text."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError, ReadTimeoutError

from kept.messaging.channels import InDoubt, Rejected, Unavailable

Refused = Callable[[str, str], Rejected | None]
"""From the error's code and, where it has one, its reason: why it is refused for good, or None."""


@contextmanager
def asked(refused: Refused) -> Iterator[None]:
    """Around one call. An error that is not known to be final counts as passing: attempts are limited anyway."""
    try:
        yield
    except ClientError as error:
        # The stubs know no Reason, the providers of text messages send one.
        answer: dict[str, Any] = dict(error.response)
        code = answer["Error"]["Code"]
        raise refused(code, answer.get("Reason", "")) or Unavailable(code) from error
    except (ReadTimeoutError, ConnectionClosedError) as error:
        raise InDoubt(type(error).__name__) from error
    except BotoCoreError as error:
        raise Unavailable(type(error).__name__) from error
