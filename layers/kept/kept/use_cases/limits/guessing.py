"""Whoever opens links that nobody was sent is slowed down: so many in a minute from one network.

Asked before anything is looked up, so that within that minute even a right one is not opened: else a guesser would be
told by the answer after all. A minute is short, for a mobile carrier's customers share an address. What is on its way
at the same moment may come on top; where counting fails, the link is opened.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from math import ceil

from pynamodb.exceptions import PynamoDBException

from kept.business.rate_limits import Bound
from kept.client_links.refusals import TooManyLinks
from kept.runtime import log
from kept.storage import counters
from kept.storage.transaction import Lost
from kept.use_cases.limits.counting import CounterKind, named

UNKNOWN = CounterKind("unknown_links", timedelta(minutes=1), 1)
MOST = 10
"""A mistyped link is tried three times."""

COUNTER = Bound("tried", MOST)


def must_not_guess(network: str, *, now: datetime) -> None:
    """Raises TooManyLinks."""
    window = UNKNOWN.number(now)
    if network and COUNTER.is_reached(_counts(network, window), window):
        log.warning("links that nobody has are tried", extra={"network": _whose(network)})
        wait = UNKNOWN.begins(window + 1) - now
        raise TooManyLinks(retry_after=max(1, ceil(wait.total_seconds())))


def guessed(network: str, *, now: datetime) -> None:
    """One that nobody has was tried from there."""
    window = UNKNOWN.number(now)
    if network:
        with suppress(Lost), _let_through():
            until = UNKNOWN.begins(window + UNKNOWN.back)
            counters.count(_whose(network), UNKNOWN.name, window, {COUNTER.counter: MOST}, until=until)


def _counts(network: str, window: int) -> dict[int, dict[str, int]]:
    with _let_through():
        return counters.counts(_whose(network), UNKNOWN.name, [window])
    return {}


def _whose(network: str) -> str:
    """Its counters stand beside those of businesses, none of which is named so, each network's apart."""
    return f"#{named('network', network)}"


@contextmanager
def _let_through() -> Iterator[None]:
    try:
        yield
    except PynamoDBException as error:
        log.warning("not counted", extra={"kind": UNKNOWN.name, "why": type(error).__name__})
