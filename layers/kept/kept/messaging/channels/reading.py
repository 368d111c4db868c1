"""How what providers send back is read: as it is documented, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from kept.channels import Channel
from kept.messaging.inbound import Unreadable


@contextmanager
def reading(channel: Channel) -> Iterator[None]:
    """Any other shape is Unreadable, which tells the kind of fault and not what stood there: that may be personal."""
    try:
        yield
    except Unreadable:
        raise
    except (LookupError, TypeError, AttributeError, ValueError, ArithmeticError, OSError) as error:
        raise Unreadable(f"{channel}: {type(error).__name__}") from None


def text(value: object) -> str:
    """Itself. Raises TypeError for anything but text."""
    if not isinstance(value, str):
        raise TypeError("not text")
    return value


def instant(text: str) -> datetime:
    """Of ISO 8601, in UTC. Raises ValueError without a zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError("no zone")
    return at.astimezone(UTC)


def seconds(since_1970: str | float) -> datetime:
    """Raises ValueError, TypeError or an ArithmeticError for what is no instant."""
    return datetime.fromtimestamp(float(since_1970), UTC)
