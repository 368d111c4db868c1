"""On the deployed stack: the twelve letters of a text message open the booking, and a guesser is slowed down."""

import http.client
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urlsplit

import pytest

from infra.local.place import PATIENCE
from kept.client_links.short_tokens import ALPHABET, LETTERS
from tests.local.api_client import Api
from tests.local.businesses import a_studio, next_monday, on, opened
from tests.local.stack import Stack
from tests.local.visitors import WithoutChromium

pytestmark = pytest.mark.stack

NUMBER = "+6591234577"
MOST = 10
"""Links that nobody was sent, in a minute from one network."""


@pytest.fixture
def monday(stack: Stack) -> Iterator[datetime]:
    yield next_monday(stack)
    stack.console.back_to_real()


def status(stack: Stack, path: str, method: str = "GET") -> int:
    """Of the answer itself: nothing is followed."""
    door = http.client.HTTPConnection(urlsplit(stack.base_url).netloc, timeout=PATIENCE)
    door.request(method, path)
    answer = door.getresponse()
    answer.read()
    door.close()
    return answer.status


def test_the_link_of_a_booking_s_text_message_opens_its_page(stack: Stack, monday: datetime) -> None:
    desk = opened(stack, "lily", a_studio("Lily"))
    booked = Api(stack.base_url).book("lily", "cut", on(monday, "15:00", days=4), name="Ada Lim", phone=NUMBER)
    assert booked.status == 201, booked.body
    stack.console.settle()
    (message,) = stack.console.messages(NUMBER)
    (link,) = message["links"]
    path = urlsplit(link).path
    place, letters = path.strip("/").split("/")
    assert (place, len(letters), set(letters) <= set(ALPHABET)) == ("k", LETTERS, True)

    # Whatever looks at it first: nothing happens to the visit.
    assert [status(stack, path, method) for method in ("HEAD", "GET")] == [200, 303]
    assert status(stack, f"/K/{letters.upper()}") == status(stack, f"{path}.") == 303
    assert desk.at_the_desk(booked.body["id"])["status"] == "booked"

    ada = WithoutChromium(stack.base_url)
    ada.go(path)
    assert ada.sees("Cut")
    ada.tap("Confirm")
    assert desk.at_the_desk(booked.body["id"])["status"] == "confirmed"

    # A reminder says the same letters.
    stack.console.advance_to(on(monday, "15:30", days=2))
    assert [link] == stack.console.messages(NUMBER)[0]["links"]

    tried = [status(stack, f"/k/{letters[:-2]}{a}{b}") for a in "zyxw" for b in "zyxwvt"]
    assert set(tried) <= {403, 429, 303}
    assert tried[:MOST].count(403) >= MOST - 1
    assert 429 in tried
