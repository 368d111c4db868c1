"""On the deployed stack: somebody's own calendar is read over the network, while their time is booked, and given up."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from infra.local import own_calendar
from infra.local.place import PATIENCE
from tests.local.api_client import Api
from tests.local.businesses import a_studio, on, opened
from tests.local.receivers import receivers
from tests.local.stack import Stack

pytestmark = pytest.mark.stack
BUSY = "/v1/desk/calendars/staff/mei/busy"
CALLERS = 12


def until(is_so: Callable[[], object]) -> None:
    give_up = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < give_up
        time.sleep(0.2)


def test_a_calendar_is_read_while_its_person_is_booked_and_nothing_is_lost_or_booked_twice(stack: Stack) -> None:
    """At lunch each day: one of many who want that hour had it before it was known, or nobody has it."""
    desk, api = opened(stack, "lunch", a_studio("Lunch")), Api(stack.base_url)
    day = stack.console.now()
    lunch, later = on(day, "12:30", days=3), on(day, "14:00", days=3)
    with receivers(stack, also=stack.place.port), ThreadPoolExecutor(CALLERS) as pool:
        assert lunch in api.free("lunch", "cut", lunch.date())

        def one(number: int) -> int:
            if number == 0:
                return desk.ask("PUT", BUSY, {"url": stack.base_url + own_calendar.ADDRESS}).status
            start = lunch if number % 2 else later
            return api.book("lunch", "cut", start, name=f"Ada {number}", email=f"ada{number}@example.com").status

        answers = list(pool.map(one, range(CALLERS)))
        until(lambda: desk.ask("GET", BUSY).body["read_at"])
    shown = desk.ask("GET", BUSY).body
    booked = [it["start"][11:16] for it in desk.ask("GET", f"/v1/desk/day?on={lunch.date()}").body["appointments"]]
    assert (answers[0], answers.count(201)) == (200, len(booked)), answers
    assert sorted(booked) in (["12:30", "14:00"], ["14:00"])
    assert (shown["trouble"], shown["collides"]) == (None, booked.count("12:30"))
    assert not {f"{it:%H:%M}" for it in api.free("lunch", "cut", on(day, "09:00", days=4).date())} & {"12:00", "12:30"}
    assert desk.ask("DELETE", BUSY).status == 200
    assert on(day, "12:30", days=4) in api.free("lunch", "cut", on(day, "09:00", days=4).date())
