"""A stranger on the deployed stack: what a hundred bookings, holds and messages of one network get, and fifty at once.

`pytest -s` prints it. Counting is atomic there as it is on AWS, which moto's is not.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from kept.business.stranger_rules import StrangerRules
from tests.asking import Answer
from tests.builders import STARTS, a_catalog
from tests.local.api_client import Api
from tests.local.businesses import EVERY_DAY, ZONE, a_studio, opened
from tests.local.processes import Lab
from tests.local.stack import Stack

pytestmark = pytest.mark.stack

USUAL = StrangerRules()
NOW = STARTS - timedelta(days=5)
AT_ONCE = 50
DAY_AND_NIGHT = {"weekly": {day: ["00:00-24:00"] for day in EVERY_DAY}}
SEVERAL = {f"mei{n}": {"name": f"Mei {n}", "hours": DAY_AND_NIGHT} for n in range(3)}


def told(answers: Iterable[Answer]) -> Counter[tuple[int, str]]:
    """How often each status, and of those refused by what."""
    return Counter((int(answer.status), str(answer.body.get("of") or answer.code or "")) for answer in answers)


def a_hundred(stack: Stack, name: str, ask: Callable[[Api, int, datetime], Answer]) -> Counter[tuple[int, str]]:
    """From one network, each for a time of its own."""
    studio = a_studio(name, strangers={})
    service = {"name": "Cut", "duration": 15, "staff": list(SEVERAL)}
    opened(stack, name, studio | {"staff": studio["staff"] | SEVERAL, "services": {"cut": service}})
    first = datetime.combine(stack.console.now().astimezone(ZONE).date() + timedelta(days=3), datetime.min.time(), ZONE)
    api = Api(stack.base_url)
    return told(ask(api, n, first + timedelta(minutes=15 * n)) for n in range(100))


def test_a_hundred_bookings_from_one_network(stack: Stack) -> None:
    def book(api: Api, n: int, start: datetime) -> Answer:
        return api.book("stranger1", "cut", start, name=f"Client {n}", email=f"client-{n}@river.example")

    got = a_hundred(stack, "stranger1", book)
    print("100 bookings from one network:", dict(got))  # noqa: T201
    assert set(got) == {(201, ""), (429, "network")}
    assert USUAL.network_hour <= got[201, ""] <= 2 * USUAL.network_hour  # the hour may turn meanwhile


def test_a_hundred_holds_from_one_network(stack: Stack) -> None:
    def hold(api: Api, n: int, start: datetime) -> Answer:  # noqa: ARG001
        body = {"service": "cut", "start": start.isoformat()}
        return api.ask("POST", "/v1/businesses/stranger2/holds", body)

    got = a_hundred(stack, "stranger2", hold)
    print("100 holds from one network:", dict(got))  # noqa: T201
    assert set(got) == {(201, ""), (429, "network")}
    assert USUAL.network_holds <= got[201, ""] <= 2 * USUAL.network_holds


def test_a_hundred_messages_to_a_number_that_somebody_typed(stack: Stack) -> None:
    """Booked on one number in a hundred spellings; what reaches its telephone is what its day allows."""

    def book(api: Api, n: int, start: datetime) -> Answer:
        spelt = "+65 " + "8123 4567".replace(" ", " -."[n % 3])
        return api.book("stranger3", "cut", start, name=f"Client {n}", phone=spelt)

    got = a_hundred(stack, "stranger3", book)
    stack.console.settle()
    texts = [message for message in stack.console.messages("+6581234567") if message["to"] == "+6581234567"]
    print("100 bookings on one number:", dict(got), "texts:", len(texts))  # noqa: T201
    assert got == {(201, ""): USUAL.contact_day, (429, "contact"): 100 - USUAL.contact_day}
    assert len(texts) <= USUAL.contact_messages


def strict(**changed: int) -> Any:
    catalog = a_catalog()
    return replace(catalog, business=replace(catalog.business, strangers=replace(USUAL, **changed)))


def at_once(lab: Lab, jobs: list[tuple[Any, ...]]) -> Counter[tuple[int, str]]:
    """All have read that there is room before one of them is counted."""
    with lab.wire.meeting("UpdateItem", of=len(jobs)):
        return told(lab.together(jobs))


def when(n: int) -> str:
    return (STARTS - timedelta(hours=8) + timedelta(days=n // 10, hours=n % 10)).isoformat()


def test_fifty_at_once_do_not_pass_the_limit_of_their_network(lab: Lab) -> None:
    """Each for another time and in another name; who is not let in has booked nothing."""
    lab.run("anew", strict(network_hour=7))
    route = "POST /v1/businesses/lotus/appointments"

    def job(n: int) -> tuple[Any, ...]:
        client = {"name": f"Client {n}", "email": f"client-{n}@river.example", "agrees_to": ["email"]}
        return "request", "booking", NOW, route, {"service": "cut", "start": when(n), "client": client}

    got = at_once(lab, [job(n) for n in range(AT_ONCE)])
    print("50 bookings at once, 7 an hour:", dict(got))  # noqa: T201
    assert got == {(201, ""): 7, (429, "network"): AT_ONCE - 7}
    made, messages, _ = lab.run("everything")
    assert (len(made), len(messages)) == (7, 7)


def test_fifty_at_once_do_not_pass_the_limit_of_a_number(lab: Lab) -> None:
    lab.run("anew", strict(network_hour=500, network_day=500, contact_day=4))
    route = "POST /v1/businesses/lotus/appointments"

    def job(n: int) -> tuple[Any, ...]:
        client = {"name": f"Client {n}", "phone": "13812345678", "agrees_to": ["sms"]}
        return "request", "booking", NOW, route, {"service": "cut", "start": when(n), "client": client}

    got = at_once(lab, [job(n) for n in range(AT_ONCE)])
    print("50 bookings at once on one number, 4 a day:", dict(got))  # noqa: T201
    assert got == {(201, ""): 4, (429, "contact"): AT_ONCE - 4}


def test_fifty_at_once_do_not_pass_the_limit_of_holds(lab: Lab) -> None:
    lab.run("anew", strict())

    def job(n: int) -> tuple[Any, ...]:
        return "request", "booking", NOW, "POST /v1/businesses/lotus/holds", {"service": "cut", "start": when(n)}

    got = at_once(lab, [job(n) for n in range(AT_ONCE)])
    print("50 holds at once, 5 at one time:", dict(got))  # noqa: T201
    assert got == {(201, ""): 5, (429, "network"): AT_ONCE - 5}
