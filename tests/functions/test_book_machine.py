"""No path through the API ends with two entries that clash, one that is orphaned, or a visit that is not in the book.

Every command that writes the book, in any order and with time passing, against what must hold after each.
At once, on the whole system: tests/local/test_book_at_once.py.
"""

import os
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from importlib import import_module

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from kept import clock
from kept.booking.appointment import Appointment
from kept.storage import appointments, catalogs, day_pages, tables
from kept.use_cases.booking import attendance
from kept.use_cases.booking.open_times import room_key, staff_key
from tests import book_commands as book
from tests import lotus
from tests.asking import ask

EXAMPLES, STEPS = int(os.environ.get("BOOK_EXAMPLES", "15")), 30
NUMBERS = st.integers(0, 999)


class Book(RuleBasedStateMachine):
    """One clinic, from four days before on."""

    patch: pytest.MonkeyPatch

    def __init__(self) -> None:
        super().__init__()
        for model in tables.TABLES:
            for item in model.scan():
                item.delete()
        lotus.store(book.a_clinic())
        catalogs.forget()
        self.known, self.said = book.Known(), list[str]()
        self._at(book.FIRST - 4 * book.DAY)

    @rule(what=st.sampled_from([*book.COMMANDS, *book.OFTEN]), which=NUMBERS, how=NUMBERS)
    def command(self, what: str, which: int, how: int) -> None:
        self._ask(what, which, how)

    @rule(which=NUMBERS, how=NUMBERS)
    def book(self, which: int, how: int) -> None:
        self._ask("book", which, how)

    @rule(minutes=st.sampled_from((1, 6, 90)))
    def time_passes(self, minutes: int) -> None:
        self._checked_at(self.now + timedelta(minutes=minutes))

    @rule(which=NUMBERS, minutes=st.sampled_from((0, 6, 20, 50)))
    def somebody_is_due(self, which: int, minutes: int) -> None:
        """It is soon after the start of a visit to come: where most is done to those of a day."""
        if starts := sorted({visit.starts for visit in every_visit() if visit.starts > self.now}):
            self._checked_at(starts[which % min(2, len(starts))] + timedelta(minutes=minutes))

    def _checked_at(self, now: datetime) -> None:
        """With the checks of the day done, for every visit."""
        self._at(now)
        for visit in every_visit():
            attendance.check(catalogs.load("lotus"), visit.id, now=self.now)

    @invariant()
    def the_book_is_true(self) -> None:
        assert book.untrue(pages(), list(every_visit()), now=self.now) == []

    def teardown(self) -> None:
        """Whatever is still to come can be cancelled, and then nothing stands for it."""
        for visit in [it for it in every_visit() if it.is_expected]:
            route = f"POST /v1/desk/appointments/{visit.id}/cancel"
            answer = ask(import_module("front_desk").handler, route, {}, role="staff")
            assert answer.status == 200, answer.body
        self.the_book_is_true()

    def _at(self, now: datetime) -> None:
        self.now = now
        self.patch.setattr(clock, "now", lambda: now)

    def _ask(self, what: str, which: int, how: int) -> None:
        request = book.COMMANDS[what](self.known, which, how)
        if request is None:
            return
        catalogs.forget()
        handler = import_module(request.function).handler
        answer = ask(handler, request.route, request.body, role=request.role, bearer=request.bearer)
        assert answer.status < 500, answer.body
        self.known.learn(request, answer)


def test_no_path_through_the_api_ends_with_two_entries_that_clash(monkeypatch: pytest.MonkeyPatch) -> None:
    Book.patch = monkeypatch
    run_state_machine_as_test(
        Book,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            phases=(Phase.generate,),  # what fails is told as it was found: shrinking takes minutes here
            derandomize="BOOK_EXAMPLES" not in os.environ,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


def pages() -> Iterator[book.Page]:
    it = catalogs.load("lotus")
    keys = {*map(staff_key, ("mei", "jun")), room_key("chair"), *map(staff_key, it.staff)}
    for key in sorted(keys):
        for page in day_pages.between("lotus", key, date(2026, 1, 1), date(2026, 12, 31)):
            yield page.calendar, page.day.isoformat(), page.entries


def every_visit() -> Iterator[Appointment]:
    return (appointments.load("lotus", i.id) for i in tables.AppointmentItem.query("lotus", consistent_read=True))
