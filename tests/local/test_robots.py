"""A robot at the other end that says yes to whatever it is sent, on the deployed stack: the two come to an end."""

from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.local.api_client import Api
from tests.local.businesses import a_studio, next_monday, on, opened
from tests.local.stack import Stack

pytestmark = pytest.mark.stack

ROBOT = "+6598765432"


@pytest.fixture
def monday(stack: Stack) -> Iterator[datetime]:
    yield next_monday(stack)
    stack.console.back_to_real()


def test_two_robots_that_answer_each_other_come_to_an_end(stack: Stack, monday: datetime) -> None:
    """It is answered three times within the hour; then a person is asked, once, and nothing more goes out."""
    desk, api, console = opened(stack, "robots", a_studio("Robots")), Api(stack.base_url), stack.console
    booked = api.book("robots", "cut", on(monday, "15:00", days=4), name="Robot", phone=ROBOT).body["id"]
    console.settle()
    answered: set[str] = set()
    while new := [message["id"] for message in console.messages(ROBOT) if message["id"] not in answered]:
        assert len(answered) < 10
        for id in new:
            console.write(to=id, text="Yes")
            answered.add(id)
        console.settle()
    assert len(answered) == 1 + 3
    lines = desk.ledger(booked)
    assert lines[0] == ("confirmation v1", "sent")
    assert lines[1:4] == [("confirmed v1", "sent")] * 3
    assert lines[4:] == [("confirmed v1", "skipped: answered_enough 3")]
    assert [matter["appointment"] for matter in desk.follow_ups()] == [booked]
