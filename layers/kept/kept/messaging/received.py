"""What a client wrote, as it was read and what was done about it; read once, so that a repeat acts as the first did."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from kept.messaging.purpose import Channel
from kept.messaging.replies.reading import Asked, Intent, Wish


@dataclass(frozen=True, slots=True)
class Received:
    """`about` is the appointment that it was taken to speak of, `version` the slot that they had been told; `done` in
    words.

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
    wish: Wish = field(default_factory=Wish)
    minutes: int | None = None
    done: str = ""
    revision: int = 0

    @property
    def id(self) -> str:
        return f"{self.client}#in#{self.key}"

    def settled(self, done: str) -> "Received":
        return replace(self, done=done)
