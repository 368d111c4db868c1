"""On the deployed stack: the stranger's trick with somebody's number, and a family on one, each with what they get."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest

from tests.local.api_client import Api
from tests.local.businesses import a_studio, next_monday, on, opened
from tests.local.stack import Stack

pytestmark = pytest.mark.stack

NUMBER, SHARED = "+6591234568", "+6591234569"


@pytest.fixture
def monday(stack: Stack) -> Iterator[datetime]:
    yield next_monday(stack)
    stack.console.back_to_real()


def books(stack: Stack, start: datetime, agrees_to: list[str], **client: str) -> Any:
    body = {"service": "cut", "start": start.isoformat(), "client": client | {"agrees_to": agrees_to}}
    answer = Api(stack.base_url).ask("POST", "/v1/businesses/iris/appointments", body)
    assert answer.status == 201, answer.body
    stack.console.settle()
    return answer.body


def got(stack: Stack, to: str) -> list[Any]:
    """The first first."""
    return list(reversed(stack.console.messages(to)))


def token(message: Any) -> str:
    (link,) = [link for link in message["links"] if "/a/" in link]
    return str(link).rpartition("/")[2]


def test_a_stranger_learns_nothing_by_a_number_and_a_family_shares_one(stack: Stack, monday: datetime) -> None:
    stranger = {"name": "Mallory", "phone": NUMBER, "email": "m@iris.example"}
    ada = {"name": "Ada Lim", "phone": NUMBER, "email": "ada@iris.example"}
    desk = opened(stack, "iris", a_studio("Iris"))

    # A stranger books with the number of somebody else and an address of their own, and waits.
    strangers = books(stack, on(monday, "10:00", days=3), ["email"], **stranger)
    owners = books(stack, on(monday, "12:00", days=3), ["email"], **ada)
    assert len(got(stack, "m@iris.example")) == 1
    (mine,) = got(stack, "ada@iris.example")
    assert "Ada Lim" in mine["text"]
    assert not got(stack, NUMBER)
    theirs = Api(stack.base_url, token(got(stack, "m@iris.example")[0]))
    assert theirs.cancel("other").body["id"] == strangers["id"]
    assert desk.at_the_desk(owners["id"])["status"] == "booked"

    # The owner confirms by the mail that came to her: whoever types it next is somebody else.
    assert Api(stack.base_url, token(mine)).ask("POST", "/v1/appointment/confirm", {}).body["status"] == "confirmed"
    later = books(stack, on(monday, "14:00", days=3), ["email"], name="Mallory", phone=NUMBER, email="ada@iris.example")
    assert later["zone"] == "Asia/Singapore"
    assert desk.at_the_desk(later["id"])["client"] == desk.at_the_desk(owners["id"])["client"]

    # A family on one number: each by their own name, on the phone, on the desk and in the mail to staff.
    family = [
        books(stack, on(monday, hour, days=3), ["sms"], name=name, phone=SHARED)
        for name, hour in (("Wang Wei", "16:00"), ("Li Na", "17:00"), ("Wang Xiao", "18:00"))
    ]
    texts = [message["text"] for message in got(stack, SHARED)]
    assert [text.partition(":")[0] for text in texts] == ["Iris", "Iris for Li Na", "Iris for Wang Xiao"]
    seen = [desk.at_the_desk(one["id"]) for one in family]
    assert [one["client_name"] for one in seen] == ["Wang Wei", "Li Na", "Wang Xiao"]
    assert [one["record_name"] for one in seen] == [None, "Wang Wei", "Wang Wei"]
    stack.console.advance_to(on(monday, "07:30", days=3))
    (listed,) = [m for m in got(stack, "mei@iris.example") if "Li Na" in m["text"]]
    assert all(name in listed["text"] for name in ("Ada Lim", "Wang Wei", "Li Na", "Wang Xiao"))
    assert "Mallory" not in "".join(message["text"] for message in got(stack, SHARED))
