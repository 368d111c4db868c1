"""What a client wrote, as it was read and what was done about it; read once, so that a repeat acts as the first did."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from kept.channels import Channel
from kept.messaging.replies.reading import SURE, Asked, Intent, RequestedTime
from kept.reasons import Reason

IN = "#in#"


@dataclass(frozen=True, slots=True)
class Received:
    """`about` is the appointment that it was taken to speak of, `version` the slot that they had been told; `done` what
    was done. `answers` is our message that it answers; where that is not certain, `could_be` names the appointments
    that could be meant. `at` is when it was written.

    `key` is drawn from the provider's own id of it: the same words delivered twice are one.
    """

    business: str
    client: str
    key: str
    channel: Channel
    text: str
    at: datetime
    about: str = ""
    version: int = 0
    asked: Asked = Asked.BOOKING
    intent: Intent = Intent.UNCLEAR
    confidence: float = 0.0
    wish: RequestedTime = field(default_factory=RequestedTime)
    minutes: int | None = None
    says_more: bool = False
    carriers_word: bool = False
    answers: str = ""
    could_be: tuple[str, ...] = ()
    done: Reason | None = None
    revision: int = 0

    @property
    def id(self) -> str:
        return received_id(self.client, self.key)

    @property
    def is_not_theirs(self) -> bool:
        """Surely written by somebody who is not the client."""
        return self.intent is Intent.WRONG_NUMBER and self.confidence >= SURE

    def settled(self, done: Reason) -> "Received":
        return replace(self, done=done)


def writer_of(id: str) -> str:
    """The client whose words have that id."""
    return id.partition(IN)[0]


def received_id(client: str, key: str) -> str:
    return f"{client}{IN}{key}"
