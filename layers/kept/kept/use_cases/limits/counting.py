"""Counting what strangers do before it is done, and giving it back where it came to nothing.

A count is one write on the condition that no limit is reached; who is refused by what was read costs none. Where
counting itself fails, the request goes through: an empty book is worse than a full one. A crash before something is
given back leaves it counted until its window is over, and what is on its way while an hour or a minute turns may come
on top of a limit.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Self

from pynamodb.exceptions import PynamoDBException

from kept.business.catalog import Business
from kept.business.rate_limits import Bound, Counts, room
from kept.client_links import signing_keys
from kept.client_links.links import fingerprint
from kept.clients.counted import counted_as
from kept.errors import TooManyRequests
from kept.runtime import log
from kept.storage import counters
from kept.storage.transaction import Lost
from kept.use_cases.limits.flooded import raise_the_alarm

TRIES = 3
WHOLE_BUSINESS = "business"
"""The bound that is for all strangers together: beyond it somebody is told."""


@dataclass(frozen=True, slots=True)
class CounterKind:
    """What is counted together, in windows of that length, looked back upon so many of them."""

    name: str
    window: timedelta
    back: int

    def number(self, now: datetime) -> int:
        return int(now.timestamp() // self.window.total_seconds())

    def begins(self, number: int) -> datetime:
        return datetime.fromtimestamp(number * self.window.total_seconds(), UTC)


class Admission:
    """What is not counted at all: whatever the business's own people do."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error:
            self.give_back()

    def take(self) -> None:
        """Just before it is written down; once, however often that is tried. Raises TooManyRequests."""

    def give_back(self) -> None:
        """It came to nothing, or had been done before."""


FREE = Admission()


@dataclass(slots=True)
class CountedAdmission(Admission):
    """Counted by these bounds, which may look at what is counted already."""

    business: Business
    kind: CounterKind
    bounds: Callable[[Counts], list[Bound]]
    now: datetime
    taken: Mapping[str, int] | None = None

    def take(self) -> None:
        if self.taken is None:
            self.taken = self._counted()

    def give_back(self) -> None:
        taken, self.taken = self.taken, None
        if taken:
            with suppress(Lost), _let_through(self.business, self.kind):
                counters.give_back(self.business.id, self.kind.name, self.kind.number(self.now), taken)

    def _counted(self) -> Mapping[str, int]:
        """Nothing where it could not be."""
        window, kind, business = self.kind.number(self.now), self.kind, self.business.id
        for _ in range(TRIES):
            with _let_through(self.business, kind):
                counts = counters.counts(business, kind.name, range(window - kind.back + 1, window + 1))
                bounds = self.bounds(counts)
                _refuse(self.business, kind, bounds, counts, self.now)
                until = kind.begins(window + kind.back)
                with suppress(Lost):  # the last of it was taken in between: it is looked at again
                    return counters.count(business, kind.name, window, room(bounds, counts, window), until=until)
                continue
            return {}
        raise _refusal(self.business, WHOLE_BUSINESS, timedelta(minutes=1))


def _refuse(business: Business, kind: CounterKind, bounds: Sequence[Bound], counts: Counts, now: datetime) -> None:
    """Raises TooManyRequests for the bound that is reached, of several for the one that lasts longest."""
    window = kind.number(now)
    reached = [bound for bound in bounds if bound.is_reached(counts, window)]
    if not reached:
        return
    last = max(reached, key=lambda bound: bound.frees_up(counts, window))
    if last.of == WHOLE_BUSINESS:
        raise_the_alarm(business, now=now)
    raise _refusal(business, last.of, kind.begins(last.frees_up(counts, window)) - now)


def _refusal(business: Business, of: str, wait: timedelta) -> TooManyRequests:
    return TooManyRequests(of=of, retry_after=max(1, ceil(wait.total_seconds())), phone=business.phone)


@contextmanager
def _let_through(business: Business, kind: CounterKind) -> Iterator[None]:
    """A count that fails for a reason of its own stops nobody."""
    try:
        yield
    except PynamoDBException as error:
        why = f"{type(error).__name__}: {error}"
        log.warning("not counted", extra={"business": business.id, "kind": kind.name, "why": why})


def contact_name(contact: str) -> str:
    """The name that a number or an address is counted under."""
    return named("contact", counted_as(contact))


def named(kind: str, text: str) -> str:
    """A letter for its kind keeps it apart from the names of the item's own attributes."""
    return kind[0] + fingerprint(signing_keys.current(), kind, text)
