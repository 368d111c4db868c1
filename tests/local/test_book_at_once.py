"""Every command that writes the book, many at once by processes of their own: no two entries clash, none is orphaned,
and every visit stands where it can be found. In order, and with what is found said step by step:
tests/functions/test_book_machine.py."""

import random
from datetime import datetime, timedelta
from typing import Any

import pytest

from kept.booking.day_page import Entry
from tests import book_commands as book
from tests.local.processes import Lab

pytestmark = pytest.mark.stack

AT_ONCE, ROUNDS = 5, 6
HASTE = [*book.COMMANDS, *book.OFTEN * 4]
ZONES = ["zone corrected", "local times kept", "book by hand", "book", "client moves", "staff move", "staff cancel"]
"""While the zone is corrected and visits have their times kept, others are booked, moved and cancelled."""


@pytest.mark.parametrize(
    ("seed", "commands"),
    [pytest.param(n, HASTE, id=f"anything {n}") for n in range(1)] + [pytest.param(3, ZONES, id="about a zone")],
)
def test_whatever_is_done_at_once_the_book_stays_true(lab: Lab, seed: int, commands: list[str]) -> None:
    """Some of it about the same visits and times; the day's checks run beside it."""
    chance, known, now = random.Random(seed), book.Known(), book.FIRST - timedelta(hours=3)
    lab.run("anew", book.a_clinic())
    for _ in range(ROUNDS):
        now += timedelta(minutes=chance.choice((1, 5, 20, 40)))
        requests = list(filter(None, (_drawn(chance, known, commands) for _ in range(AT_ONCE))))
        checks = [("work", "attendance_worker", now, *(("lotus", id) for id in known.links))] if known.links else []
        answers = lab.together([*(_job(request, now, n) for n, request in enumerate(requests)), *checks])
        for request, answer in zip(requests, answers, strict=False):
            assert answer.status < 500, answer.body
            known.learn(request, answer)
        visits, _, _ = lab.run("everything")
        assert book.untrue(_pages(lab), visits, now=now) == []


def _drawn(chance: random.Random, known: book.Known, commands: list[str]) -> book.Request | None:
    """Of few times and few visits, so that they meet."""
    made = book.COMMANDS[chance.choice(commands)]
    return made(known, chance.randrange(12), chance.randrange(24))


def _job(request: book.Request, now: datetime, n: int) -> tuple[Any, ...]:
    told = request.route, request.body, "", request.bearer, f"10.0.2.{n}", request.role
    return "request", request.function, now, *told


def _pages(lab: Lab) -> list[book.Page]:
    return [(calendar, day, [Entry(*fields) for fields in entries]) for calendar, day, entries in lab.run("pages")]
