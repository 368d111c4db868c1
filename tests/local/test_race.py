"""No double booking, ever: concurrent callers on the stack's DynamoDB, which has transactions as AWS has them.

In the lab each caller is a process with the real handler, and all of them meet at the commit: everybody has found the
slot free before anybody has it. The same over HTTP goes through everything that is deployed.
"""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count, pairwise
from typing import Any

import pytest

from tests.asking import Answer
from tests.book_commands import a_clinic
from tests.builders import STARTS, a_catalog
from tests.local.api_client import Api
from tests.local.businesses import ZONE, a_studio, opened
from tests.local.processes import Lab
from tests.local.stack import Stack

pytestmark = pytest.mark.stack

NOW = STARTS - timedelta(days=5)
COMMIT = "TransactWriteItems"
NETWORKS = count()
AT_ONCE = 8
"""Connections over HTTP: each starts a Lambda of its own, and those take a second each on a small machine."""


def body(name: object, start: datetime = STARTS, service: str = "cut", **more: object) -> dict[str, Any]:
    client = {"name": f"Client {name}", "email": f"client-{name}@example.com", "agrees_to": ["email"]}
    return {"service": service, "start": start.isoformat(), "client": client, **more}


def booking(*told: Any, **more: Any) -> tuple[Any, ...]:
    """From a network of its own, as people are: one network alone may not book so often."""
    route = "POST /v1/businesses/lotus/appointments"
    return "request", "booking", NOW, route, body(*told, **more), "", "", f"10.0.0.{next(NETWORKS) % 250}"


def hold(start: datetime = STARTS) -> tuple[Any, ...]:
    told = {"service": "cut", "start": start.isoformat(), "staff": "mei"}
    route = "POST /v1/businesses/lotus/holds"
    return "request", "booking", NOW, route, told, "", "", f"10.0.1.{next(NETWORKS) % 250}"


def move(link: str, start: datetime) -> tuple[Any, ...]:
    return "request", "my_appointment", NOW, "POST /v1/appointment/reschedule", {"start": start.isoformat()}, "", link


def at_once(lab: Lab, jobs: Sequence[tuple[Any, ...]]) -> list[Answer]:
    """All have decided before one of them writes."""
    with lab.wire.meeting(COMMIT, of=len(jobs)):
        return lab.together(jobs)


def codes(answers: Iterable[Answer]) -> Counter[tuple[int, str | None]]:
    return Counter((answer.status, answer.code) for answer in answers)


ROUNDS = int(os.environ.get("RACE_ROUNDS", "5"))


def under_one_key(n: int, job: tuple[Any, ...], callers: int) -> list[tuple[Any, ...]]:
    """The same request of round `n`, so often, from one network, as a client that gets no answer sends it again."""
    kind, function, now, route, told, _, bearer, network = (*job, "10.0.2.1")[:8]
    return [(kind, function, now, route, told, f"round-{n}-of-the-race", bearer, network)] * callers


def the_book(lab: Lab) -> dict[str, list[list[Any]]]:
    """By calendar: its entries in order (appointment, first minute, last, buffers before and after, hold)."""
    catalog: dict[str, list[list[Any]]] = {}
    for calendar, _, entries in lab.run("pages"):
        catalog.setdefault(calendar, []).extend(entries)
    return {calendar: sorted(entries, key=lambda entry: entry[1]) for calendar, entries in catalog.items() if entries}


def test_fifty_callers_for_one_slot_have_one_winner(lab: Lab) -> None:
    """All fifty have read an empty page; one books, the others are told which slots are free instead."""
    lab.run("anew", a_catalog())
    answers = at_once(lab, [booking(n, staff="mei") for n in range(50)])
    assert codes(answers) == {(201, None): 1, (409, "slot_taken"): 49}
    assert {len(answer.body["alternatives"]) for answer in answers if answer.status == 409} == {3}
    (made,), messages, _ = lab.run("everything")
    assert [message.about for message in messages] == [made.id]
    assert [[entry[0] for entry in entries] for entries in the_book(lab).values()] == [[made.id]]


def test_fifty_callers_over_http_have_one_winner(stack: Stack) -> None:
    """Through the deployed API: gateway, Lambdas and tables as template.yaml has them."""
    opened(stack, "race", a_studio("Race"))
    api = Api(stack.base_url)
    tomorrow = stack.console.now().astimezone(ZONE).date() + timedelta(days=1)
    start = api.free("race", "cut", tomorrow)[0]

    def call(n: int) -> Answer:
        return api.book("race", "cut", start, name=f"Client {n}", email=f"client-{n}@example.com")

    with ThreadPoolExecutor(AT_ONCE) as callers:
        answers = list(callers.map(call, range(50)))
    assert codes(answers) == {(201, None): 1, (409, "slot_taken"): 49}
    assert start not in api.free("race", "cut", tomorrow)


def test_sixteen_callers_with_overlapping_services_never_overlap_in_the_book(lab: Lab) -> None:
    """Different lengths, buffers, two people and a chair between them, in the same two hours; refusals are all 409."""
    clinic = a_clinic()
    lab.run("anew", clinic)
    wishes = [
        booking(
            n, STARTS - timedelta(hours=3) + timedelta(minutes=15 * (n % 7)), ("cut", "fringe", "colour", "wash")[n % 4]
        )
        for n in range(16)
    ]
    answers = at_once(lab, wishes)
    assert {answer.status for answer in answers} == {201, 409}
    catalog, (appointments, _, _) = the_book(lab), lab.run("everything")
    assert {answer.body["id"] for answer in answers if answer.status == 201} == {a.id for a in appointments}
    for entries in catalog.values():
        for (_, _, ends, _, after, _), (_, starts, _, before, _, _) in pairwise(entries):
            assert starts - ends >= max(after, before)
    on_pages = {(calendar, entry[0], entry[1], entry[2]) for calendar, entries in catalog.items() for entry in entries}
    assert on_pages == {
        (calendar, a.id, int(a.starts.timestamp()) // 60, int(a.ends.timestamp()) // 60)
        for a in appointments
        for calendar in (f"staff:{a.slot.staff}", *([f"room:{a.slot.room}"] if a.slot.room else []))
    }
    assert all(bool(a.slot.room) == bool(clinic.services[a.service].rooms) for a in appointments)


def test_two_appointments_moved_into_one_slot_have_one_winner_and_the_other_keeps_its_own(lab: Lab) -> None:
    """The old slot is kept until the new one is won, so the loser has lost nothing."""
    lab.run("anew", a_catalog())
    own = [STARTS - timedelta(hours=hours) for hours in (2, 4)]
    links = [lab.run(*booking(n, start, staff="mei")).body["link"] for n, start in enumerate(own)]
    answers = at_once(lab, [move(link, STARTS) for link in links])
    assert codes(answers) == {(200, None): 1, (409, "slot_taken"): 1}
    kept = next(start for start, answer in zip(own, answers, strict=True) if answer.status == 409)
    starts = [datetime.fromtimestamp(entry[1] * 60, UTC) for entry in the_book(lab)["staff:mei"]]
    assert starts == [kept, STARTS]


def test_a_hold_and_a_booking_of_one_slot_have_one_winner(lab: Lab) -> None:
    """Whoever loses is told that it is taken, by a booking or by a hold that may yet run out."""
    lab.run("anew", a_catalog())
    answers = at_once(lab, [hold(), booking("b", staff="mei")])
    assert codes(answers) == {(201, None): 1, (409, "slot_taken"): 1}
    assert len(the_book(lab)["staff:mei"]) == 1


def test_a_hold_is_used_once(lab: Lab) -> None:
    """Two requests with the same hold and no key: one books with it, for the other it is gone."""
    lab.run("anew", a_catalog())
    held = lab.run(*hold()).body["hold"]
    answers = at_once(lab, [booking(n, staff="mei", hold=held) for n in range(2)])
    assert sorted(answer.status for answer in answers) == [201, 409]
    assert len(the_book(lab)["staff:mei"]) == 1


def test_a_client_who_is_new_twice_at_once_is_one_client(lab: Lab) -> None:
    """Two bookings with the same address at different times: both are made, for one client."""
    lab.run("anew", a_catalog())
    answers = at_once(lab, [booking("same", STARTS - timedelta(hours=hours), staff="mei") for hours in (1, 3)])
    assert [answer.status for answer in answers] == [201, 201]
    appointments, _, _ = lab.run("everything")
    assert len({appointment.client for appointment in appointments}) == 1


@pytest.mark.parametrize("what", ["book", "hold", "move", "cancel", "confirm"])
def test_three_to_five_at_once_under_one_key_have_one_effect_and_one_answer(lab: Lab, what: str) -> None:
    """Nobody waits for anybody: whoever reads when another has written finds the slot taken, by themselves."""
    for n in range(ROUNDS):
        callers = 3 + n % 3
        lab.run("anew", a_catalog())
        link = lab.run(*booking("mine", STARTS - timedelta(hours=3), staff="mei")).body["link"]
        told = {"move": {"start": STARTS.isoformat()}, "cancel": {"reason": "time"}, "confirm": {}}
        jobs = {
            "book": booking("b", staff="mei"),
            "hold": hold(),
            "move": move(link, STARTS),
            **{
                act: ("request", "my_appointment", NOW, f"POST /v1/appointment/{act}", told[act], "", link)
                for act in ("cancel", "confirm")
            },
        }
        answers = lab.together(under_one_key(n, jobs[what], callers))
        assert {answer.status for answer in answers} <= {200, 201}, codes(answers)
        assert all(answer.body == answers[0].body for answer in answers)
        appointments, _, _ = lab.run("everything")
        assert len(appointments) == (2 if what == "book" else 1)
        assert [len(it.history) for it in appointments] == ([1, 1] if what == "book" else [1 if what == "hold" else 2])
        assert len(the_book(lab).get("staff:mei", [])) == {"book": 2, "hold": 2, "cancel": 0}.get(what, 1)
