"""What the errors of providers mean to a message; none is decided by its text. And how a message's id travels."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from kept.messaging.channels import InDoubt, Rejected, Throttled, Unavailable

TOO_FAST = frozenset({"ThrottlingException", "ThrottledRequestException", "TooManyRequestsException"})

ESCAPED = re.compile(r"(?:-[0-9A-F]{2})+")


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error of AWS. `reason`, and the parameters at fault in `fields`, where the provider names them."""

    code: str
    reason: str
    fields: frozenset[str]


Final = Callable[[Refusal], Rejected | None]
"""Why it is refused for good, or None."""


@contextmanager
def asked(final: Final) -> Iterator[None]:
    """Around one call to AWS and the reading of its answer's id, without which it is in doubt.

    An error that is not known to be final counts as passing: attempts are limited anyway.
    """
    try:
        yield
    except ClientError as error:
        refusal = _read(error)
        passing = Throttled if refusal.code in TOO_FAST else Unavailable
        raise final(refusal) or passing(refusal.code) from error
    except (HTTPClientError, KeyError) as error:
        raise InDoubt(type(error).__name__) from error
    except BotoCoreError as error:
        raise Unavailable(type(error).__name__) from error


@contextmanager
def called() -> Iterator[None]:
    """Around one call over plain HTTP. What fails before the request is out may be repeated; later all is in doubt.

    Imports here: most messages go over channels that have their client from botocore.
    """
    from urllib3 import exceptions

    never_out = (
        exceptions.ConnectTimeoutError,
        exceptions.NewConnectionError,
        exceptions.ProxyError,
        exceptions.SSLError,
        exceptions.LocationValueError,
        exceptions.URLSchemeUnknown,
    )
    try:
        yield
    except never_out as error:
        raise Unavailable(type(error).__name__) from error
    except exceptions.HTTPError as error:
        raise InDoubt(type(error).__name__) from error


def tag(text: str) -> str:
    """In letters, digits, _ and -, which is all that the tags of an e-mail may hold (Amazon SES, MessageTag)."""
    return re.sub(r"[^A-Za-z0-9_]", lambda match: "".join(f"-{byte:02X}" for byte in match[0].encode()), text)


def untag(tagged: str) -> str:
    """What became that tag. Raises ValueError for one that we did not write."""
    return ESCAPED.sub(lambda match: bytes.fromhex(match[0].replace("-", "")).decode(), tagged)


def _read(error: ClientError) -> Refusal:
    """The stubs know no Reason and no Fields, which AWS End User Messaging sends."""
    answer: dict[str, Any] = dict(error.response)
    fields = (field.get("Name", "") for field in answer.get("Fields") or ())
    return Refusal(answer["Error"].get("Code", ""), answer.get("Reason", ""), frozenset(fields))
