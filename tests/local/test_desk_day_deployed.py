"""The desk's day on a real DynamoDB and over HTTP: what a poll costs, and that a browser gets what it asked for."""

import gzip
import http.client
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest

from infra.local.place import PATIENCE
from kept.booking.appointment import Slot
from kept.business.catalog import Catalog
from kept.clients.booked_as import booked_as
from tests.builders import STARTS, a_catalog, a_client, a_member, an_appointment
from tests.local.api_client import Api
from tests.local.businesses import a_studio, next_monday, on, opened
from tests.local.processes import Lab
from tests.local.stack import Stack

pytestmark = pytest.mark.stack

PEOPLE, EACH = 10, 10
NAMES = (
    "Wang Fang",
    "Li Na",
    "Zhang Wei",
    "陈晓明",
    "Ada Lovelace",
    "Grace Hopper",
    "刘洋",
    "Joan Clarke",
    "赵敏",
    "Li Lei",
)
NOTES = ("", "", "", "Allergic to peroxide, use the other one", "第一次来，请提前十分钟", "Brings her daughter")


def a_large_salon() -> Catalog:
    staff = [replace(a_member(f"person-{n}"), name=NAMES[n]) for n in range(PEOPLE)]
    catalog = a_catalog(*staff)
    cut = replace(catalog.services["cut"], staff=tuple(member.id for member in staff))
    return replace(catalog, services={"cut": cut})


def test_an_unchanged_day_of_a_hundred_visits_costs_one_query_and_two_read_units_at_most(lab: Lab) -> None:
    """And the whole of it, once in five minutes, is less than 60 KB."""
    morning = STARTS - timedelta(hours=8)
    people, visits = [], []
    for n in range(PEOPLE * EACH):
        phone = f"+86138{n:08}"
        client = replace(a_client(), id=f"c_{n:016}", name=f"{NAMES[n % 10]} {n}", email=None, phone=phone)
        starts = morning + timedelta(hours=n // PEOPLE)
        visit = replace(an_appointment(f"a_{n:016}", starts=starts), client=client.id, note=NOTES[n % 6])
        slot = Slot(starts, starts + timedelta(minutes=45), f"person-{n % PEOPLE}", after=10)
        people.append(client)
        visits.append(replace(visit, slot=slot, booked_as=booked_as(client, is_first=False)))
    told = lab.run("desk_day", morning, a_large_salon(), people, visits)
    status, units, asked, size = told["unchanged"]
    assert (status, asked, size) == (304, ["Query"], 0)
    assert 0 < units <= 2, told
    status, units, asked, size = told["whole"]
    assert status == 200
    assert size < 60_000
    assert len(asked) <= PEOPLE + 6, "a query for each person, and what is named is read together"


@pytest.fixture
def monday(stack: Stack) -> Iterator[datetime]:
    yield next_monday(stack)
    stack.console.back_to_real()


def answer(stack: Stack, desk: Api, day: datetime, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """As it comes over the wire."""
    door = http.client.HTTPConnection(urlsplit(stack.base_url).netloc, timeout=PATIENCE)
    said = {"authorization": f"Bearer {desk.token}"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    door.request("GET", f"/v1/desk/day?on={day.date()}", headers=said)
    came = door.getresponse()
    body = came.read()
    door.close()
    return came.status, {name.lower(): value for name, value in came.getheaders()}, body


def test_the_day_comes_compressed_and_then_not_at_all(stack: Stack, monday: datetime) -> None:
    desk = opened(stack, "daisy", a_studio("Daisy"))
    booked = Api(stack.base_url).book("daisy", "cut", on(monday, "15:00"), name="Ada Lim", email="ada@example.com")
    assert booked.status == 201, booked.body
    status, headers, body = answer(stack, desk, monday, accept_encoding="gzip")
    assert (status, headers["content-encoding"]) == (200, "gzip")
    told = json.loads(gzip.decompress(body))
    assert [(it["id"], it["client_name"]) for it in told["appointments"]] == [(booked.body["id"], "Ada Lim")]

    status, headers, nothing = answer(stack, desk, monday, accept_encoding="gzip", if_none_match=headers["etag"])
    assert (status, nothing, headers.get("content-encoding")) == (304, b"", None)
    desk.check_in(booked.body["id"])
    status, plain, body = answer(stack, desk, monday, if_none_match=headers["etag"])
    assert (status, plain.get("content-encoding")) == (200, None)
    assert [it["status"] for it in json.loads(body)["appointments"]] == ["arrived"]
