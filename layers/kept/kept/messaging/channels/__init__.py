"""What carries a message: one file per channel, all with the same one verb and the same three ways to fail."""

from dataclasses import dataclass
from typing import ClassVar, Protocol

from kept.messaging.ical import Invitation
from kept.messaging.message import MessageStatus
from kept.messaging.texts import Rendered


@dataclass(frozen=True, slots=True)
class Parcel:
    """Everything a carrier needs. `to` is the address on its channel; replies go to the business, if it has one."""

    to: str
    rendered: Rendered
    sender: str
    reply_to: str = ""
    invitation: Invitation | None = None


class Carrier(Protocol):
    """A provider behind one verb."""

    def send(self, parcel: Parcel) -> str:
        """The provider's own id of it. Raises Rejected, Unavailable, InDoubt."""


class Rejected(Exception):
    """The provider will never take this one: a wrong address, a country that is blocked."""

    status: ClassVar[MessageStatus] = MessageStatus.FAILED


class Suppressed(Rejected):
    """The reader told the provider that they want nothing more."""

    status = MessageStatus.SUPPRESSED


class Unavailable(Exception):
    """Not taken now; another try may be."""


class InDoubt(Exception):
    """No answer came: it may have been taken or not."""
