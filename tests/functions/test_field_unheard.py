"""Rule: what staff do is told after the time in which they can undo it; what they take back within it nobody ever hears
of; and what everybody knows in the end is what stands in the book.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

import booking
import front_desk
from kept.booking.states import GONE
from kept.channels import Channel
from kept.messaging.outgoing import UNDO
from kept.storage import appointments, messages
from tests.asking import ask
from tests.functions.postbox import FIRST, Postbox, opened

A, B, C = (FIRST + timedelta(hours=n) for n in (0, 2, 4))
SECOND = timedelta(seconds=1)
DESK, BOOKING = "/v1/desk/appointments", "/v1/businesses/lotus/appointments"


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Postbox:
    return opened(monkeypatch, Channel.EMAIL)


class Desk:
    """One visit, and what one of the staff does about it, a few seconds after each other."""

    def __init__(self, post: Postbox) -> None:
        self.post, self.id = post, ""

    def book(self, by: str = "staff") -> None:
        she = {"name": "Li Na", "email": "li.na@example.com", "agrees_to": ["email"]}
        wanted = {"service": "cut", "staff": "mei", "start": A.isoformat(), "client": she}
        door = {"staff": (front_desk.handler, f"POST {DESK}"), "client": (booking.handler, f"POST {BOOKING}")}[by]
        self.id = ask(*door, wanted, role="staff" if by == "staff" else "").body["id"]
        self.post.deliver()

    def to(self, start: Any, **more: Any) -> None:
        self._does("reschedule", {"start": start.isoformat()} | more)

    def cancel(self) -> None:
        self._does("cancel", {"reason": "other"})

    def undo(self) -> None:
        self._does("undo", {})

    def wait(self, time: timedelta = UNDO + SECOND) -> None:
        self.post.at(self.post.now + time)
        self.post.deliver()

    def _does(self, act: str, body: object) -> None:
        self.wait(10 * SECOND)
        answer = ask(front_desk.handler, f"POST {DESK}/{self.id}/{act}", body, role="staff", staff="jun")
        assert answer.status == 200, answer.body

    def told(self) -> list[str]:
        """What she heard of it, in order."""
        return [one.stage for one in self.post.sent if one.to == "li.na@example.com"]


Acts = Callable[[Desk], object]
book: Acts = lambda desk: desk.book()  # noqa: E731
booked_herself: Acts = lambda desk: desk.book("client")  # noqa: E731
to_a: Acts = lambda desk: desk.to(A)  # noqa: E731
to_b: Acts = lambda desk: desk.to(B)  # noqa: E731
to_c: Acts = lambda desk: desk.to(C)  # noqa: E731
to_jun: Acts = lambda desk: desk.to(A, staff="jun")  # noqa: E731
to_mei: Acts = lambda desk: desk.to(A, staff="mei")  # noqa: E731
cancel: Acts = Desk.cancel
undo: Acts = Desk.undo
wait: Acts = Desk.wait
CASES: dict[str, tuple[tuple[Acts, ...], list[str]]] = {
    "booked": ((book,), ["confirmation"]),
    "booked by herself": ((booked_herself,), ["confirmation"]),
    "booked for the wrong one": ((book, cancel), []),
    "cancelled and still booked": ((book, cancel, undo), ["confirmation"]),
    "cancelled twice": ((book, cancel, undo, cancel), []),
    "cancelled twice, and still booked": ((book, cancel, undo, cancel, undo), ["confirmation"]),
    "moved": ((book, wait, to_b), ["confirmation", "rescheduled"]),
    "moved and back": ((book, wait, to_b, to_a), ["confirmation"]),
    "moved and back late": ((book, wait, to_b, wait, to_a), ["confirmation", "rescheduled", "rescheduled"]),
    "moved on": ((book, wait, to_b, to_c), ["confirmation", "rescheduled"]),
    "moved on and back": ((book, wait, to_b, to_c, to_a), ["confirmation"]),
    "moved on and one back": ((book, wait, to_b, to_c, to_b), ["confirmation", "rescheduled"]),
    "moved, back, and moved again": ((book, wait, to_b, to_a, to_b), ["confirmation", "rescheduled"]),
    "moved, back, moved, back": ((book, wait, to_b, to_a, to_b, to_a), ["confirmation"]),
    "to somebody else and back": ((book, wait, to_jun, to_mei), ["confirmation"]),
    "her own booking, moved and back": ((booked_herself, to_b, to_a), ["confirmation"]),
    "her own booking, cancelled at once": ((booked_herself, cancel), ["confirmation", "cancelled"]),
    "moved before she heard": ((book, to_b), ["rescheduled"]),
    "moved before she heard, and cancelled": ((book, to_b, cancel), []),
    "cancelled": ((book, wait, cancel), ["confirmation", "cancelled"]),
    "cancelled and undone": ((book, wait, cancel, undo), ["confirmation"]),
    "cancelled and undone late": ((book, wait, cancel, wait, undo), ["confirmation", "cancelled", "confirmation"]),
    "undone late, and cancelled after all": ((book, wait, cancel, wait, undo, cancel), ["confirmation", "cancelled"]),
    "moved and cancelled": ((book, wait, to_b, cancel), ["confirmation", "cancelled"]),
    "moved, cancelled, undone": ((book, wait, to_b, cancel, undo), ["confirmation", "confirmation"]),
}


@pytest.mark.parametrize(("acts", "told"), CASES.values(), ids=CASES)
def test_what_is_told_is_what_was_not_taken_back(acts: tuple[Acts, ...], told: list[str], post: Postbox) -> None:
    desk = Desk(post)
    for act in acts:
        act(desk)
    desk.wait()
    assert desk.told() == told
    assert not [message for message in messages.about("lotus", desk.id) if message.is_owed]
    assert (told[-1:] in ([], ["cancelled"])) == (appointments.load("lotus", desk.id).status in GONE)


def test_what_begins_before_it_could_be_undone_is_told_at_once(post: Postbox) -> None:
    post.at(A - timedelta(minutes=1))
    desk = Desk(post)
    desk.book()
    assert desk.told() == ["confirmation"]


def test_the_minute_before_and_the_minute_after(post: Postbox) -> None:
    desk = Desk(post)
    desk.book()
    desk.wait(UNDO - SECOND)
    assert desk.told() == []
    desk.wait(2 * SECOND)
    assert desk.told() == ["confirmation"]


def test_a_preview_says_when_they_are_told_and_of_the_way_back_that_they_are_not(post: Postbox) -> None:
    desk = Desk(post)
    desk.book()
    desk.wait()

    def would(start: Any) -> Any:
        return ask(
            front_desk.handler, f"POST {DESK}/{desk.id}/move-preview", {"start": start.isoformat()}, role="staff"
        ).body

    assert datetime.fromisoformat(would(B)["tells"][0]["at"]) == post.now + UNDO
    desk.to(B)
    assert (would(A)["tells"], would(A)["call"]) == ([], False)
    assert would(C)["tells"] != []
