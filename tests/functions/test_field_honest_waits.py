"""What the figures say of waits: of who was told a range as they came, and how long they waited; a week at a time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

import figures
from kept import clock
from kept.storage import tickets
from kept.waiting_room.estimate import Told
from kept.waiting_room.ticket import Ticket, TicketState
from tests import lotus
from tests.asking import ask

NOON = datetime(2026, 3, 2, 4, tzinfo=UTC)
"""A Monday."""
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
TOLD = Told(NOON.timestamp() / 60, 2, 20, 30, 24.0, 20, 30)
"""In 20 to 30 minutes, most likely 24."""


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOON + 20 * DAY)
    lotus.open_both()


def number(
    n: int, waited: float | None, *, told: Told | None = TOLD, day: int = 0, state: TicketState = TicketState.BEGUN
) -> None:
    came = NOON + day * DAY
    ended = came + waited * MINUTE if waited is not None else None
    tickets.put(Ticket("lotus", came.date(), n, "cut", came, state=state, told=told, ended_at=ended), over=None)


def waits() -> list[dict[str, Any]]:
    query = {"from": "2026-03-02", "to": "2026-03-15", "by": "week"}
    answer = ask(figures.handler, "GET /v1/desk/figures", role="manager", query=query)
    assert answer.status == 200, answer.body
    return list(answer.body["waits"])


ONE: dict[str, tuple[dict[str, Any], tuple[int, int, int, float | None]]] = {
    "within it": ({"waited": 25}, (1, 1, 0, 1.0)),
    "at its early end": ({"waited": 20}, (1, 1, 0, 4.0)),
    "at its late end": ({"waited": 30}, (1, 1, 0, 6.0)),
    "a little longer": ({"waited": 40}, (1, 0, 0, 16.0)),
    "much longer": ({"waited": 41}, (1, 0, 1, 17.0)),
    "begun at once": ({"waited": 0}, (1, 0, 0, 24.0)),
    "left": ({"waited": 25, "state": TicketState.LEFT}, (0, 0, 0, None)),
    "waiting still": ({"waited": None, "state": TicketState.WAITING}, (0, 0, 0, None)),
    "promised nothing": ({"waited": 25, "told": None}, (0, 0, 0, None)),
    "of the day before": ({"waited": 25, "day": -1}, (0, 0, 0, None)),
    "of the day after": ({"waited": 25, "day": 14}, (0, 0, 0, None)),
    "of the last day": ({"waited": 25, "day": 13}, (1, 1, 0, 1.0)),
}


@pytest.mark.parametrize(("how", "expected"), ONE.values(), ids=ONE)
def test_one_number(how: dict[str, Any], expected: tuple[int, int, int, float | None]) -> None:
    number(1, **how)
    whole = waits()[-1]
    assert (whole["told"], whole["within"]["part"], whole["longer"]["part"], whole["error"]) == expected
    assert whole["within"]["whole"] == whole["longer"]["whole"] == whole["told"]


def test_each_week_has_its_own_and_the_last_is_of_all() -> None:
    for n, waited in enumerate((22, 28, 45), start=1):
        number(n, waited)
    number(1, 26, day=7)
    first, second, whole = waits()
    assert [(it["told"], it["within"]["part"], it["longer"]["part"]) for it in (first, second, whole)] == [
        (3, 2, 1),
        (1, 1, 0),
        (4, 3, 1),
    ]
    assert (first["error"], first["waited"]) == (pytest.approx((2 + 4 + 21) / 3), pytest.approx(95 / 3))
    assert (whole["first_day"], whole["last_day"]) == ("2026-03-02", "2026-03-15")


def test_numbers_of_another_business_are_none_of_ours() -> None:
    came = Ticket("garage", NOON.date(), 1, "oil", NOON, state=TicketState.BEGUN, told=TOLD, ended_at=NOON)
    tickets.put(came, over=None)
    assert waits()[-1]["told"] == 0
