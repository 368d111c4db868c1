"""Killed after any write and after any call to the provider, and begun again: the money has moved once, and the ledger
and the provider say the same."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from pynamodb.transactions import TransactWrite

from kept.booking.states import Status
from kept.storage.tables import EventItem
from kept.use_cases.payments import stripe_provider
from tests.functions.paying import BEGINS, HUNDRED, Scene, a_scene
from tests.stopping import Killed

AFTER = range(1, 9)
"""One more than the longest of these takes: the last one is never killed."""


class Countdown:
    """Dies after so many writes and calls; of each it counts those that were done."""

    def __init__(self, left: int) -> None:
        self.left = left

    def done(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise Killed


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with a_scene(monkeypatch) as scene:
        yield scene


def killed(countdown: Countdown, act: Callable[[], Any]) -> None:
    """It is done as far as it comes; each of these acts has one write at the least."""

    def counting(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            answer = real(*arguments, **named)
            countdown.done()
            return answer

        return call

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(EventItem, "save", counting(EventItem.save))
        patched.setattr(EventItem, "update", counting(EventItem.update))
        patched.setattr(TransactWrite, "_commit", counting(TransactWrite._commit))
        patched.setattr(stripe_provider, "_asked", counting(stripe_provider._asked))
        with pytest.raises(Killed) if countdown.left == 1 else suppress(Killed):
            act()


def agrees(scene: Scene, visit: Any) -> None:
    held, taken, given = scene.at_stripe()
    assert scene.money(visit)[0] == held + taken - given


@pytest.mark.parametrize("after", AFTER)
def test_who_comes_back_is_booked_once(scene: Scene, after: int) -> None:
    visit = scene.book()
    scene.paid(visit)
    killed(Countdown(after), lambda: scene.back(visit))
    scene.work(visit)
    assert scene.visit(visit.id).status is Status.BOOKED
    assert scene.money(visit) == (HUNDRED, HUNDRED, 0)
    agrees(scene, visit)


@pytest.mark.parametrize("after", AFTER)
def test_what_is_the_client_s_is_freed_once(scene: Scene, after: int) -> None:
    visit = scene.book()
    scene.paid(visit)
    scene.back(visit)
    scene.cancel(visit)
    killed(Countdown(after), lambda: scene.work(visit))
    scene.work(visit)
    assert scene.money(visit) == (0, 0, 0)
    assert scene.at_stripe() == (0, 0, 0)
    assert scene.asked() == []


@pytest.mark.parametrize("after", AFTER)
def test_what_was_taken_is_given_back_once(scene: Scene, after: int) -> None:
    visit = scene.book()
    scene.paid(visit, "0000000000007777")
    scene.back(visit)
    scene.cancel(visit)
    killed(Countdown(after), lambda: scene.work(visit))
    scene.work(visit)
    assert scene.money(visit) == (0, 0, 0)
    assert scene.at_stripe() == (0, HUNDRED, HUNDRED)
    assert len(list(scene.wire.stripe.books.all("refund"))) == 1


@pytest.mark.parametrize("after", AFTER)
def test_a_saved_card_is_charged_once(scene: Scene, after: int) -> None:
    visit = scene.book(BEGINS + timedelta(days=14))
    scene.paid(visit)
    scene.back(visit)
    scene.at(visit.starts - timedelta(days=3))
    killed(Countdown(after), lambda: scene.work(visit))
    scene.work(visit)
    assert scene.at_stripe() == (HUNDRED, 0, 0)
    agrees(scene, visit)
