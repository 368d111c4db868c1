"""What the stand-in asks of each provider it plays."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from infra.local.inbox import Sent, Written
from infra.local.providers.answers import Refused, Request, Taken
from infra.local.providers.events import Event


class Provider(Protocol):
    """One of them.

    `fates` are what can become of a message to some address, "delivered" among them; `later` what can still be told
    of one that arrived.
    """

    @property
    def fates(self) -> frozenset[str]: ...

    @property
    def later(self) -> frozenset[str]: ...

    def take(self, request: Request, fates: Mapping[str, str], now: datetime) -> Taken:
        """`fates` by address, of those that are not "delivered". Raises Refused."""

    def tell(self, sent: Sent, fate: str, at: datetime) -> list[Event]:
        """What the product is told when this becomes of a message."""

    def hear(self, written: Written, answered: Sent | None) -> Event:
        """What the product is told of a reader's words. Raises ValueError where they would not get through."""

    def throttled(self) -> Refused: ...
