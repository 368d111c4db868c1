"""What carries a message: one file per channel, all with the same one verb and the same ways to fail."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Protocol

from kept.messaging.ical import Invitation
from kept.messaging.message import MessageStatus
from kept.messaging.texts import Rendered
from kept.reasons import Reason


@dataclass(frozen=True, slots=True)
class Parcel:
    """Everything a carrier needs. `to` is the address on its channel; replies go to the business, if it has one.

    `business` and `message` travel along, so that a receipt names them. `unsubscribe` is the link of an advertisement.
    `template` is the provider's own name for the text; `free_words`: they wrote so lately that none is needed; `once`:
    it goes by a one-time subscription of theirs.
    """

    business: str
    message: str
    to: str
    rendered: Rendered
    sender: str
    reader: str = ""
    reply_to: str = ""
    invitation: Invitation | None = None
    unsubscribe: str = ""
    template: str = ""
    free_words: bool = False
    once: bool = False

    @property
    def promotional(self) -> bool:
        return bool(self.unsubscribe)


Sending = Callable[[], str]
"""What is composed and only has to be handed over, once: the provider's own id of it. Raises as a provider fails."""


class Carrier(Protocol):
    """A provider behind one verb."""

    def compose(self, parcel: Parcel) -> Sending:
        """All that its content can fail at, before anything is claimed or sent. Raises Rejected.

        What it gives raises Rejected, Unavailable, InDoubt.
        """


class Rejected(Exception):
    """It can never be sent: a country that is blocked, a text that the provider does not allow or we cannot write."""

    status: ClassVar[MessageStatus] = MessageStatus.FAILED
    address_is_wrong: ClassVar[bool] = False

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


class WrongAddress(Rejected):
    """There is nobody at this address; nothing is sent to it any more."""

    address_is_wrong = True


class NotSubscribed(Rejected):
    """The provider knows of no subscription that would allow it: used up, or taken back there."""


class Suppressed(Rejected):
    """The reader told the provider that they want nothing more."""

    status = MessageStatus.SUPPRESSED
    address_is_wrong = True


class ProviderUnavailable(Exception):
    """Not taken now; another try may be."""


class Throttled(ProviderUnavailable):
    """Too fast for it."""


class InDoubt(Exception):
    """No answer came: it may have been taken or not."""
