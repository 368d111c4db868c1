"""E-mail and text messages in one process: taken as the stand-ins of `make run` do, and told of in their words."""

import heapq
import itertools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from typing import Any

from infra.local.inbox import Sent
from infra.local.providers import email_events, sms
from infra.local.providers.answers import Request
from infra.local.providers.events import Notice
from kept.messaging.channels.provider import untag

TAKES = timedelta(seconds=20)
"""From a message to its receipt."""
GONE = {"sms": "invalid", "email": "bounce"}
"""What becomes of a message to an address that is wrong."""
NUMBER = "+12025550100"


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider tells of a message of ours: to whom it went, what became of it, and the record that says so."""

    message: str
    channel: str
    to: str
    arrived: bool
    body: str


class Providers:
    """Nothing reaches the `wrong` addresses; everything else arrives."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now, self._sms = now, sms.Sms()
        self.wrong: set[str] = set()
        self.sent: list[tuple[datetime, Sent, str]] = []
        """Each with the id that it has with us, in order."""
        self._events: list[tuple[datetime, int, Told]] = []
        self._numbers = itertools.count()

    @property
    def next_event(self) -> datetime | None:
        return self._events[0][0] if self._events else None

    def events_by(self, instant: datetime) -> Iterator[Told]:
        while self._events and self._events[0][0] <= instant:
            yield heapq.heappop(self._events)[2]

    def send_text_message(self, **said: Any) -> dict[str, str]:
        """Checked and taken by the stand-in itself."""
        taken = self._sms.take(Request("/", {}, Message(), json.dumps(said).encode()), {}, self._now())
        (sent,) = taken.sent
        fate = GONE["sms"] if sent.to in self.wrong else "delivered"
        (notice,) = self._sms.tell(sent, fate, self._now() + TAKES)
        assert isinstance(notice, Notice)  # noqa: S101 - a text message is told of by SNS
        self._will_tell(sent, str(sent.details["message"]), notice.text)
        return {"MessageId": sent.id}

    def send_email(self, **said: Any) -> dict[str, str]:
        """Its parts are not read again: who it is for and what it is tagged with is all that matters here."""
        tags = {tag["Name"]: tag["Value"] for tag in said["EmailTags"]}
        (to,) = said["Destination"]["ToAddresses"]
        id, events = f"mail-{next(self._numbers)}", said.get("ConfigurationSetName", "")
        details = {"message_id": id, "configuration_set": events, "tags": tags, "destination": [to], "region": ""}
        at = self._now().isoformat(timespec="seconds")
        sent = Sent(id=id, channel="email", to=to, sender=said["FromEmailAddress"], text="", at=at, details=details)
        kind, about = email_events.EVENTS[GONE["email"] if to in self.wrong else "delivered"][-1]
        self._will_tell(sent, untag(tags["message"]), email_events.record(kind, about, sent, self._now() + TAKES))
        return {"MessageId": id}

    def _will_tell(self, sent: Sent, message: str, body: str) -> None:
        self.sent.append((self._now(), sent, message))
        told = Told(message, sent.channel, sent.to, sent.to not in self.wrong, body)
        heapq.heappush(self._events, (self._now() + TAKES, next(self._numbers), told))


def a_text(words: str, sender: str, number: int) -> str:
    """As AWS brings what somebody wrote to the number of the deployment."""
    said = {"originationNumber": sender, "destinationNumber": NUMBER, "messageKeyword": "KEYWORD_kept"}
    return json.dumps(said | {"messageBody": words, "inboundMessageId": f"in-{number}"})
