"""What the errors of providers mean to a message; none is decided by its text. And how a message's id travels."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from traceback import walk_tb
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, ParamValidationError

from kept.messaging.channels import InDoubt, ProviderUnavailable, Rejected, Throttled
from kept.reasons import Code, because

TOO_FAST = frozenset({"ThrottlingException", "ThrottledRequestException", "TooManyRequestsException"})

ESCAPED = re.compile(r"(?:-[0-9A-F]{2})+")


@dataclass(frozen=True, slots=True)
class ProviderRefusal:
    """An error of AWS. `reason`, and the parameters at fault in `fields`, where the provider names them."""

    code: str
    reason: str
    fields: frozenset[str]


Final = Callable[[ProviderRefusal], Rejected | None]
"""Why it is refused for good, or None."""


PATHS = frozenset({"connect", "do_handshake"})
"""Functions in which a connection is made, of urllib3, http.client and ssl; by another name a break would be in doubt,
which is the safe side."""


@contextmanager
def asked(final: Final) -> Iterator[None]:
    """Around one call to AWS and the reading of its answer's id, without which it is in doubt.

    An error that is not known to be final counts as passing: attempts are limited anyway. A request that does not fit
    its form never leaves us.
    """
    try:
        yield
    except ClientError as error:
        refusal = _read(error)
        passing = Throttled if refusal.code in TOO_FAST else ProviderUnavailable
        raise final(refusal) or passing(refusal.code) from error
    except ParamValidationError as error:
        raise Rejected(because(Code.WRONG_FORM)) from error
    except (HTTPClientError, KeyError) as error:
        raise _broke_off(error) from error
    except BotoCoreError as error:
        raise ProviderUnavailable(type(error).__name__) from error


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
        exceptions.ClosedPoolError,
        exceptions.EmptyPoolError,
        ValueError,
    )
    try:
        yield
    except never_out as error:
        raise ProviderUnavailable(type(error).__name__) from error
    except exceptions.HTTPError as error:
        raise _broke_off(error) from error


def tag(text: str) -> str:
    """In letters, digits, _ and -, which is all that the tags of an e-mail may hold (Amazon SES, MessageTag)."""
    return re.sub(r"[^A-Za-z0-9_]", lambda match: "".join(f"-{byte:02X}" for byte in match[0].encode()), text)


def untag(tagged: str) -> str:
    """What became that tag. Raises ValueError for one that we did not write."""
    return ESCAPED.sub(lambda match: bytes.fromhex(match[0].replace("-", "")).decode(), tagged)


def _broke_off(error: BaseException) -> ProviderUnavailable | InDoubt:
    """In doubt, unless the connection was still being made: libraries call a handshake that is cut off, or never
    answered, by the same names as a request."""
    name = type(error).__name__
    return ProviderUnavailable(name) if any(map(_was_connecting, _behind(error))) else InDoubt(name)


def _behind(error: BaseException | None) -> Iterator[BaseException]:
    """It, and what it was raised from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _was_connecting(error: BaseException) -> bool:
    return any(frame.f_code.co_name in PATHS for frame, _ in walk_tb(error.__traceback__))


def _read(error: ClientError) -> ProviderRefusal:
    """The stubs know no Reason and no Fields, which AWS End User Messaging sends."""
    answer: dict[str, Any] = dict(error.response)
    fields = (field.get("Name", "") for field in answer.get("Fields") or ())
    return ProviderRefusal(answer["Error"].get("Code", ""), answer.get("Reason", ""), frozenset(fields))
