"""On the deployed stack: who was entered or has booked is found at the desk a moment later, in pinyin too."""

from collections.abc import Iterator
from datetime import datetime
from urllib.parse import quote

import pytest

from tests.local.api_client import Api
from tests.local.businesses import a_studio, next_monday, on, opened
from tests.local.stack import Stack

pytestmark = pytest.mark.stack


@pytest.fixture
def monday(stack: Stack) -> Iterator[datetime]:
    yield next_monday(stack)
    stack.console.back_to_real()


def found(desk: Api, text: str) -> list[str]:
    answer = desk.ask("GET", f"/v1/desk/clients?q={quote(text)}")
    assert answer.status == 200, answer.body
    return [client["name"] for client in answer.body["clients"]]


def test_a_client_is_found_once_the_queue_is_worked_off(stack: Stack, monday: datetime) -> None:
    """No schedule has to fire for it."""
    desk = opened(stack, "peony", a_studio("Peony"))
    entered = desk.ask("POST", "/v1/desk/clients", {"name": "曾芳", "phone": "+6591234500", "note": "Peanut allergy"})
    assert entered.status == 201, entered.body
    booked = Api(stack.base_url).book("peony", "cut", on(monday, "15:00"), name="José O'Brien", phone="+6591234501")
    assert booked.status == 201, booked.body
    stack.console.settle()
    assert found(desk, "zengfang") == found(desk, "cf") == found(desk, "4500") == ["曾芳"]
    assert found(desk, "jose") == found(desk, "obrien") == ["José O'Brien"]
    assert desk.ask("GET", "/v1/desk/clients").body["clients"][0]["name"] == "José O'Brien"

    renamed = {"name": "刘芳", "revision": entered.body["revision"]}
    assert desk.ask("PATCH", f"/v1/desk/clients/{entered.body['id']}", renamed).status == 200
    assert found(desk, "zeng") == []
    stack.console.settle()
    assert found(desk, "liufang") == ["刘芳"]
