"""Turns at a provider: the rate holds for all senders together, and nobody calls one that is down."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from kept.channels import Channel
from kept.messaging.circuit_breaker import BLOCK, SHUTS_AFTER, Gate
from kept.messaging.message import Message
from kept.storage import gates
from kept.storage.transaction import Lost
from kept.use_cases.messaging import rate_limiter
from tests.functions.outbox import MINUTE, NOON, Providers, became, opened, owed, reached_by, stored, swept, work

EMAIL, SMS, WEBHOOK = Channel.EMAIL, Channel.SMS, Channel.WEBHOOK
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
IS_DOWN, TURN = "delayed: provider_shut email", "delayed: sending_rate email"
TOO_FAST = "delayed: provider_busy"


@pytest.fixture(autouse=True)
def providers(monkeypatch: pytest.MonkeyPatch) -> Providers:
    monkeypatch.setattr(random, "uniform", lambda *_: 0)
    return opened(monkeypatch, reached_by(EMAIL))


@pytest.fixture
def rate(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Sets how many messages a second each channel takes."""

    def set(rates: str) -> None:
        monkeypatch.setattr(rate_limiter, "setting", {"SENDING_RATES": rates}.__getitem__)

    return set


def some(number: int, channel: Channel = EMAIL, **how: Any) -> list[Message]:
    """Each in answer to another reply of hers."""
    return [owed(channel, occasion=f"r-{n}", **how) for n in range(number)]


def elsewhere() -> None:
    """Whoever comes next is another process, which knows nothing of what was given out here."""
    rate_limiter.forget()


def failing(code: str) -> Any:
    def fail() -> None:
        raise ClientError({"Error": {"Code": code, "Message": ""}}, "Send")

    return fail


def test_a_turn_far_off_is_written_down_and_is_the_message_s_own(rate: Any) -> None:
    """What comes within two seconds is waited for."""
    rate("email=0.25")
    first, second = some(2)
    work(first)
    work(second)
    assert (became(first)[0], became(second)) == ("sent", ("delayed", TURN))
    assert (stored(second).due_at, stored(second).slot_at) == (NOON + 4 * SECOND, NOON + 4 * SECOND)
    assert (swept(NOON), swept(NOON - MINUTE)) == (1, 0), "handed over for its very second"
    elsewhere()
    work(second, now=NOON + 4 * SECOND)
    assert (became(second), stored(second).sent_at) == (("sent", ""), NOON + 4 * SECOND)
    assert gates.load(EMAIL).free_from == NOON + 8 * SECOND, "it took no second turn"


def test_no_turn_is_given_twice_to_whoever_asks(rate: Any) -> None:
    rate("email=5")
    message, found = owed(EMAIL), []
    for _ in range(6):
        found += [rate_limiter.take(message, now=NOON) for _ in range(3)]
        elsewhere()
    assert len(set(found)) == 18
    assert min(b - a for a, b in zip(sorted(found), sorted(found)[1:], strict=False)) >= 0.2 * SECOND


def test_a_turn_that_somebody_took_meanwhile_is_not_given_again(rate: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other comes between the reading and the writing."""
    rate("email=5")
    message, put, theirs = owed(EMAIL), gates.put, list[datetime]()

    def overtaken(gate: Gate) -> None:
        monkeypatch.setattr(gates, "put", put)
        after, block = gates.load(EMAIL).turns(5, now=NOON)
        theirs.extend(block)
        put(after)
        put(gate)

    monkeypatch.setattr(gates, "put", overtaken)
    mine = rate_limiter.take(message, now=NOON)
    assert mine not in theirs
    assert mine > max(theirs)


def test_turns_are_taken_in_blocks_so_that_ten_messages_cost_one_write() -> None:
    work(*some(BLOCK))
    assert gates.load(EMAIL).revision == 1


def test_turns_that_were_not_used_in_time_are_lost(rate: Any) -> None:
    """Used later, they would be on top of somebody else's."""
    rate("email=5")
    message = owed(EMAIL)
    rate_limiter.take(message, now=NOON)
    later = NOON + 10 * SECOND
    assert rate_limiter.take(message, now=later) == later


def test_where_too_many_stand_at_the_gate_the_message_waits_and_nobody_calls_it_down(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lost(_: Gate) -> None:
        raise Lost

    monkeypatch.setattr(gates, "put", lost)
    message = owed(EMAIL)
    work(message)
    assert (became(message), stored(message).down_since) == (("delayed", TURN), None)


def test_after_five_calls_in_vain_nobody_calls_and_the_ledger_says_why(providers: Providers) -> None:
    messages = some(SHUTS_AFTER + 3)
    for message in messages:
        providers.before = failing("ServiceUnavailable")
        elsewhere()
        work(message)
    reasons = [became(message)[1] for message in messages]
    assert reasons == ["delayed: provider_unavailable ServiceUnavailable"] * SHUTS_AFTER + [IS_DOWN] * 3
    assert all(NOON <= (stored(message).down_since or NOON - SECOND) < NOON + SECOND for message in messages)
    assert {stored(message).due_at for message in messages[SHUTS_AFTER - 1 :]} == {gates.load(EMAIL).shut_until}


def shut(providers: Providers, *, at: datetime = NOON) -> None:
    """By five messages that are not looked at any more."""
    for message in some(SHUTS_AFTER, stage="same_day"):
        providers.before = failing("ServiceUnavailable")
        work(message, now=at)
    assert gates.load(EMAIL).is_shut(now=at)


def test_one_finds_out_whether_it_is_back_and_then_all_go(providers: Providers) -> None:
    messages, later = some(3), NOON + 2 * MINUTE
    shut(providers)
    providers.before = lambda: work(*messages[1:], now=later)
    work(messages[0], now=later)
    assert became(messages[0]) == ("sent", "")
    assert [became(message)[1] for message in messages[1:]] == [IS_DOWN] * 2, "not while that is not known"
    work(*messages[1:], now=later + 5 * MINUTE)
    assert [became(message)[0] for message in messages] == ["sent"] * 3
    assert len(providers.taken) == 3


def test_whoever_finds_it_still_down_waits_no_longer_than_the_others(providers: Providers) -> None:
    """However often it was the one that found out; its own pauses are for a provider that is there for others."""
    probe, other, at = *some(2), NOON
    shut(providers)
    for _ in range(6):
        at = gates.load(EMAIL).shut_until or at
        providers.before = failing("ServiceUnavailable")
        work(probe, now=at)
        work(other, now=at)
        assert stored(probe).due_at == stored(other).due_at == gates.load(EMAIL).shut_until
        assert (stored(probe).due_at or at + HOUR) <= at + 5 * MINUTE
    assert (stored(probe).attempts, stored(other).attempts) == (6, 0)


def test_a_turn_of_before_is_no_way_round_a_gate_that_is_shut_or_looked_at(providers: Providers) -> None:
    early, late, probe = some(3, slot_at=NOON + MINUTE)
    shut(providers)
    work(early, now=NOON + SECOND)
    assert (became(early), stored(early).slot_at) == (("delayed", IS_DOWN), None)
    providers.before = lambda: work(late, now=NOON + 2 * MINUTE)
    work(probe, now=NOON + 2 * MINUTE)
    assert (became(probe), became(late)) == (("sent", ""), ("delayed", IS_DOWN))
    assert len(providers.taken) == 1


def test_a_gateway_that_is_down_is_one_business_s_own() -> None:
    theirs, others = owed(WEBHOOK), owed(WEBHOOK, business="garage")
    for _ in range(SHUTS_AFTER):
        rate_limiter.failed(theirs, now=NOON)
    with pytest.raises(rate_limiter.Shut):
        rate_limiter.take(theirs, now=NOON)
    assert rate_limiter.take(others, now=NOON) == NOON


def test_too_fast_for_the_provider_halves_the_pace_for_all_senders(providers: Providers, rate: Any) -> None:
    rate("email=4")
    first, second = some(2)
    providers.before = failing("TooManyRequestsException")
    work(first)
    assert (became(first), stored(first).due_at) == (("delayed", TOO_FAST), NOON + MINUTE)
    assert gates.load(EMAIL).pace == 0.5
    elsewhere()
    at = NOON + MINUTE
    work(second, first, now=at)
    assert stored(first).sent_at - stored(second).sent_at >= 0.4 * SECOND  # type: ignore[operator]


@pytest.mark.parametrize(
    ("rates", "channel", "per_second"),
    [
        pytest.param("email=14 sms=0.5", EMAIL, 14, id="as set"),
        pytest.param("email=14 sms=0.5", SMS, 0.5, id="less than one a second"),
        pytest.param("email=14", Channel.CALL, 100, id="none is set"),
    ],
)
def test_the_rate_of_a_channel(rate: Any, rates: str, channel: Channel, per_second: float) -> None:
    rate(rates)
    assert rate_limiter.per_second(channel) == per_second


def test_no_connection_counts_as_down_and_takes_nothing(providers: Providers) -> None:
    def refused() -> None:
        raise EndpointConnectionError(endpoint_url="https://email.example")

    providers.before = refused
    message = owed(EMAIL)
    work(message)
    assert became(message) == ("delayed", "delayed: provider_unavailable EndpointConnectionError")
    assert gates.load(EMAIL).failures == 1
    work(message, now=NOON + MINUTE)
    assert (gates.load(EMAIL).failures, became(message)) == (0, ("sent", ""))
