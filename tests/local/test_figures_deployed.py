"""On the deployed stack: what is booked and who came stands in the figures moments later and after the night."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.local.api_client import Api
from tests.local.businesses import a_studio, next_monday, on, opened
from tests.local.stack import Stack

pytestmark = pytest.mark.stack


@pytest.fixture
def monday(stack: Stack) -> Iterator[datetime]:
    yield next_monday(stack)
    stack.console.back_to_real()


def total(desk: Api, day: datetime) -> dict[str, Any]:
    asked = urlencode({"from": day.date(), "to": day.date(), "by": "day", "group": "staff"})
    told = desk.ask("GET", f"/v1/desk/figures?{asked}")
    assert told.status == 200, told.body
    numbers: dict[str, Any] = told.body["total"]
    return numbers


def test_what_is_booked_stands_in_the_figures_by_the_streams_and_stays_there_over_the_night(
    stack: Stack, monday: datetime
) -> None:
    desk, client = opened(stack, "figures", a_studio("Figures")), Api(stack.base_url)
    for n, time in enumerate(("15:00", "16:00")):
        booked = client.book("figures", "cut", on(monday, time), name=f"Ada Lim {n}", email=f"ada{n}@example.com")
        assert booked.status == 201, booked.body
    stack.console.settle()
    assert (total(desk, monday)["booked"], total(desk, monday)["came"]["whole"]) == (2, 0)
    assert total(desk, monday)["fill"]["part"] > 0

    desk.check_in(booked.body["id"])
    stack.console.settle()
    before = total(desk, monday)
    assert (before["came"]["part"], before["came"]["whole"]) == (1, 1)
    stack.console.advance_to(monday + timedelta(days=1, hours=6))
    stack.console.settle()
    after = total(desk, monday)
    assert after["booked"] == 2
    assert after["fill"]["whole"] == before["fill"]["whole"]
    items = stack.client("dynamodb").scan(TableName="kept-facts")["Items"]
    mine = {item["id"]["S"] for item in items if item["business"]["S"] == "figures"}
    assert f"sum#staff#{monday:%Y-%m}" in mine
    aside = stack.client("dynamodb").scan(TableName="kept-events")["Items"]
    assert not [it for it in aside if it["business"]["S"] == "figures" and "aside#" in it["id"]["S"]]
    assert not [it for it in aside if it["business"]["S"] == "figures" and it["id"]["S"].endswith("#differs")]
