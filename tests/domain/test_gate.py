"""The gate before a provider: the rate, and the pause while it is down, hold for all senders together."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kept.messaging.circuit_breaker import Gate

NOW = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
OPEN = Gate("email")


def failing(times: int, gate: Gate = OPEN) -> Gate:
    for _ in range(times):
        gate = gate.failed(now=NOW)
    return gate


def seconds(turns: tuple[datetime, ...]) -> list[float]:
    return [round((turn - NOW).total_seconds(), 3) for turn in turns]


@pytest.mark.parametrize(
    ("per_second", "turns"),
    [
        pytest.param(1, [0], id="one a second"),
        pytest.param(4, [0, 0.25, 0.5, 0.75], id="a second's worth"),
        pytest.param(100, [0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09], id="ten at the most"),
        pytest.param(0.5, [0], id="one in two seconds"),
    ],
)
def test_turns_are_given_in_blocks_at_the_channels_rate(per_second: float, turns: list[float]) -> None:
    """A sender gets a second's worth at once, of which ten are the most and one the least."""
    assert seconds(OPEN.turns(per_second, now=NOW)[1]) == turns


def test_no_two_senders_get_the_same_turn() -> None:
    """The provider sees the agreed rate, however many senders there are."""
    first, one = OPEN.turns(4, now=NOW)
    _, other = first.turns(4, now=NOW)
    assert seconds(one + other) == [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75]


def test_a_time_in_which_nobody_sent_is_not_made_up_for() -> None:
    """The next turn is now; turns that nobody took are gone."""
    idle, _ = OPEN.turns(4, now=NOW - MINUTE)
    assert seconds(idle.turns(4, now=NOW)[1])[0] == 0


def test_it_shuts_after_five_calls_in_a_row_that_nobody_answered() -> None:
    """One answer in between starts the count anew, and the pause is a minute."""
    assert not failing(4).is_shut(now=NOW)
    assert not failing(4, failing(4).answered()).is_shut(now=NOW)
    shut = failing(5)
    assert [shut.is_shut(now=NOW + 59 * SECOND), shut.is_shut(now=NOW + MINUTE)] == [True, False]


def test_calls_that_were_under_way_when_it_shut_do_not_lengthen_the_pause() -> None:
    """They failed for the same reason and say nothing new of the provider."""
    assert failing(15) == failing(5)


def test_after_the_pause_one_probe_goes_through_while_the_others_wait() -> None:
    """A provider that is just back is not run over by all who waited; its answer opens the gate to them."""
    shut = failing(5)
    later = NOW + MINUTE
    probing, turns = shut.turns(4, now=later)
    assert turns == (later,)
    assert probing.is_shut(now=later)
    assert not probing.answered().is_shut(now=later)
    assert len(probing.answered().turns(4, now=later)[1]) == 4


def test_each_probe_that_fails_doubles_the_pause_up_to_five_minutes() -> None:
    """Whether it is told as failed, or whoever held it crashed."""
    gate, now, pauses = failing(5), NOW, []
    for probe in range(5):
        assert gate.shut_until
        pauses.append((gate.shut_until - now) // MINUTE)
        now = gate.shut_until
        gate, _ = gate.turns(4, now=now)
        gate = gate.failed(now=now) if probe % 2 else gate
    assert pauses == [1, 2, 4, 5, 5]


def test_a_provider_that_throttles_is_called_half_as_often() -> None:
    """Told again within a second it slows no further; told again later it halves the rate anew."""
    slowed = OPEN.throttled(4, now=NOW)
    assert seconds(slowed.turns(4, now=NOW)[1])[:2] == [0, 0.475]  # by then a twentieth is won back
    assert slowed.throttled(4, now=NOW + SECOND) is slowed
    assert slowed.throttled(4, now=NOW + 2 * SECOND).pace == 1


def test_it_is_never_called_less_than_every_two_seconds() -> None:
    gate = OPEN
    for n in range(20):
        gate = gate.throttled(4, now=NOW + n * MINUTE)
    assert gate.pace == 2


def test_a_provider_that_stops_throttling_is_called_at_its_full_rate_again() -> None:
    """The rate comes back step by step, and not beyond what the channel may have."""
    gate = OPEN.throttled(4, now=NOW)
    for _ in range(20):
        gate, _ = gate.turns(4, now=NOW)
    assert gate.pace == 0.25


@pytest.mark.parametrize(
    ("told", "tells"),
    [
        pytest.param(None, False, id="never"),
        pytest.param(timedelta(days=7) - SECOND, True, id="within the week"),
        pytest.param(timedelta(days=7), False, id="a week ago"),
    ],
)
def test_who_has_sent_no_receipt_for_a_week_is_taken_to_send_none(told: timedelta | None, tells: bool) -> None:
    gate = replace(OPEN, told_at=NOW - told) if told else OPEN
    assert gate.tells(now=NOW) is tells


def test_one_receipt_a_day_is_noted() -> None:
    """The gate is not written anew for every receipt of a busy provider."""
    told = OPEN.told(now=NOW)
    assert told.told(now=NOW + timedelta(hours=23)) is told
    assert told.told(now=NOW + timedelta(hours=24)).told_at == NOW + timedelta(hours=24)
