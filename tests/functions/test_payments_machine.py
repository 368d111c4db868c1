"""Whatever happens to a payment, in whatever order and however often: money moves once, and the books agree."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from kept.booking.states import EXPECTED, Status
from kept.payments.payment import PaymentState
from kept.storage import payments
from tests.functions.conftest import _backend
from tests.functions.paying import BEGINS, CANNOT_HOLD, DECLINED, FINE, HUNDRED, Scene, a_scene

pytestmark = pytest.mark.slow
CARDS = st.sampled_from([FINE, FINE, DECLINED, CANNOT_HOLD])


class Payments(RuleBasedStateMachine):
    """One visit, its client, the provider's webhooks, the worker and the clock; each acts when it likes."""

    scene: Scene

    @initialize(later=st.booleans())
    def begin(self, later: bool) -> None:
        self.scene.at(self.scene.began)
        for table in _backend("dynamodb").tables.values():
            if not table.name.endswith("catalog"):
                table.items.clear()
        self.scene.wire.stripe.books.things.clear()
        self.scene.wire.told.clear()
        self.scene.heard, self.scene.wire.down, self.scene.wire.lost = 0, False, 0
        self.visit = self.scene.book(BEGINS + timedelta(days=14 if later else 0))

    @rule(number=CARDS)
    def pays(self, number: str) -> None:
        status, address = self.scene.begin(self.visit)
        if status == 303 and "/checkout/" in address:
            self.scene.wire.pay(address.rpartition("/")[2], number)

    @rule()
    def comes_back(self) -> None:
        self.scene.back(self.visit)

    @rule(which=st.integers(0, 999))
    def is_told(self, which: int) -> None:
        """Any webhook there ever was, again."""
        if posts := self.scene.wire.posts():
            assert self.scene.tell(posts[which % len(posts)]).status in (200, 409)

    @rule()
    def is_worked_on(self) -> None:
        if payments.of_visit("lotus", self.visit.id):
            self.scene.work(self.visit)

    @rule(hours=st.sampled_from([0.1, 0.5, 2, 30, 100]))
    def time_passes(self, hours: float) -> None:
        self.scene.wait(timedelta(hours=hours))

    @rule()
    def provider_fails(self) -> None:
        self.scene.wire.lost = 1

    @rule(down=st.booleans())
    def provider_is_down(self, down: bool) -> None:
        self.scene.wire.down = down

    @precondition(lambda self: self.scene.visit(self.visit.id).is_to_come)
    @rule()
    def is_cancelled(self) -> None:
        if self.scene.now < self.visit.starts:
            self.scene.cancel(self.visit)

    @invariant()
    def the_books_are_sound(self) -> None:
        """Never more than one deposit is anybody's, and no visit stands on one that nobody paid."""
        if not hasattr(self, "visit"):
            return
        stripe, held, due = self.scene.money(self.visit)
        assert 0 <= stripe <= HUNDRED
        assert 0 <= held <= HUNDRED
        _, taken, given = self.scene.at_stripe()
        assert given <= taken
        visit = self.scene.visit(self.visit.id)
        tried = payments.of_visit("lotus", self.visit.id)
        assert len([it for it in tried if it.received]) <= 1
        if visit.status in EXPECTED and not any(it.tries for it in tried):
            assert stripe == HUNDRED
            assert due == 0
        if visit.status is Status.AWAITING_DEPOSIT:
            assert stripe == held == 0

    def teardown(self) -> None:
        """Left alone for long enough, with a provider that is there, everything ends, and both say the same; or a
        person was asked, where the worker slept until what was held had lapsed."""
        if not hasattr(self, "visit"):
            return
        self.scene.wire.down, self.scene.wire.lost = False, 0
        for _ in range(4):
            for payment in payments.of_visit("lotus", self.visit.id):
                self.scene.work_on(payment.id)
            self.scene.wait(timedelta(hours=2))
        tried = payments.of_visit("lotus", self.visit.id)
        stripe, _, _ = self.scene.money(self.visit)
        at_held, taken, given = self.scene.at_stripe()
        saved = sum(it.amount.minor for it in tried if it.state is PaymentState.CARD_SAVED)
        assert stripe == at_held + taken - given + saved or self.scene.asked()
        assert all(it.state is not PaymentState.OPEN for it in tried)


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with a_scene(monkeypatch) as scene:
        yield scene


def test_money_moves_once_whatever_happens(scene: Scene) -> None:
    Payments.scene = scene
    run_state_machine_as_test(
        Payments,
        settings=settings(
            max_examples=30,
            stateful_step_count=15,
            deadline=None,
            phases=[Phase.generate],
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
