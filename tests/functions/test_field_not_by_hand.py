"""What follows from a visit or from a card is not taken back by hand; and the limit of a role holds for all that one
visit, or one client, is let off."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

import clients as clients_function
from kept.booking.appointment import Appointment
from kept.business.money_rules import MoneyRules
from kept.storage import catalogs, ledger
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import CHECKS_IN, a_client
from tests.functions import paying
from tests.functions.paying import Scene
from tests.functions.test_field_deposits import (
    BEGINS,
    DAY,
    HOUR,
    HUNDRED,
    RULES,
    a_booking,
    a_paid_booking,
    at,
    desk,
    mine,
    money,
    of,
)  # fmt: skip


@pytest.fixture
def salon(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, lotus.NOW)
    may(MoneyRules(11_000, None))


def may(rules: MoneyRules) -> None:
    salon = lotus.the_salon()
    lotus.store(replace(salon, business=replace(salon.business, attendance=CHECKS_IN, changes=RULES, money=rules)))
    catalogs.forget()


def take_back(it: Appointment, what: str, role: str = "owner") -> Answer:
    """Its last line of that kind, as a mistake."""
    lines = ledger.of_visit("lotus", it.client, it.id, "CNY")
    line = next(one for one in reversed(lines) if one.what == what and not one.reverses)
    said = {"entry": line.id, "reason": "mistake"}
    return ask(clients_function.handler, f"POST /v1/desk/clients/{it.client}/money/corrections", said, role=role)


Act = Callable[[Appointment], Any]
LATE: Act = lambda it: mine(it, "cancel")  # noqa: E731
ENDED: dict[str, tuple[Any, Act | None, str, str]] = {
    "asked, and waited for": (-5 * DAY, None, "deposit_asked", "not_by_hand"),
    "lost by a late cancellation": (-HOUR, LATE, "forfeited", "not_by_hand"),
    "lost by a missed visit": (HOUR, lambda it: desk(it, "no-show"), "forfeited", "not_by_hand"),
    "kept towards the price": (0 * HOUR, lambda it: desk(it, "check-in"), "kept", "not_by_hand"),
    "theirs again, in time": (-3 * DAY, LATE, "returned", "not_by_hand"),
    "theirs again, by us": (-HOUR, lambda it: desk(it, "cancel", {"reason": "other"}), "returned", "not_by_hand"),
    "paid, of one that was lost": (-HOUR, LATE, "paid", "above_balance"),
    "paid, of one that was kept": (0 * HOUR, lambda it: desk(it, "check-in"), "paid", "above_balance"),
    "paid, of one that is theirs again": (-3 * DAY, LATE, "paid", "above_balance"),
}


@pytest.mark.parametrize("role", ["owner", "manager"])
@pytest.mark.parametrize("case", ENDED)
@pytest.mark.usefixtures("salon")
def test_what_became_of_a_deposit_is_not_taken_back_by_hand(
    monkeypatch: pytest.MonkeyPatch, case: str, role: str
) -> None:
    """Else it would be held of a visit that is over, and never be anybody's again."""
    when, act, what, code = ENDED[case]
    it = a_paid_booking() if act else a_booking()
    at(monkeypatch, BEGINS + when)
    if act:
        act(it)
    before = lotus.everything()
    answer = take_back(it, what, role)
    assert (answer.status, answer.code) == (409, code)
    assert lotus.everything() == before


@pytest.mark.usefixtures("salon")
def test_staff_are_told_first_that_it_is_not_theirs_to_do() -> None:
    it = a_booking()
    assert take_back(it, "deposit_asked", "staff").code == "role_required"


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    with paying.a_scene(monkeypatch) as scene:
        yield scene


def taken(scene: Scene, it: Appointment) -> None:
    """It was cancelled too late."""
    scene.at(paying.BEGINS - HOUR)
    freed(scene, it)


def freed(scene: Scene, it: Appointment) -> None:
    scene.cancel(it)
    scene.work(it)


CARDS: dict[str, tuple[Callable[[Scene, Appointment], None], str]] = {
    "held for a visit to come": (lambda *_: None, "paid"),
    "taken of one that was cancelled too late": (taken, "paid"),
    "freed of one that was cancelled in time": (freed, "refunded"),
    "paid, of one that was freed": (freed, "paid"),
    "held, of one that was moved": (lambda scene, it: scene.move(it, paying.BEGINS + DAY), "paid"),
}


@pytest.mark.parametrize("case", CARDS)
def test_what_went_by_card_the_provider_alone_takes_back(online: Scene, case: str) -> None:
    """Else the visit would wait for its deposit again, and its card be charged all the same."""
    done, what = CARDS[case]
    it = online.book()
    online.paid(it)
    online.back(it)
    done(online, it)
    before, there = online.money(it), online.at_stripe()
    answer = take_back(it, what)
    assert (answer.status, answer.code) == (409, "not_by_hand")
    online.work(it)
    assert (online.money(it), online.at_stripe()) == (before, there)


WAIVED: Act = lambda it: money(it, "waivers", appointment=it.id, minor=2_000, currency="CNY", reason="goodwill")  # noqa: E731
LET_OFF: Act = lambda it: money(it, "deposit-waivers", appointment=it.id, reason="goodwill")  # noqa: E731
BY_JUN: Act = lambda it: ask(  # noqa: E731
    clients_function.handler,
    f"POST /v1/desk/clients/{it.client}/money/deposit-waivers",
    {"appointment": it.id, "reason": "emergency"},
    role="staff",
    staff="jun",
)
PAID: Act = lambda it: money(it, "payments", appointment=it.id, minor=2_000, currency="CNY", means="cash")  # noqa: E731
REFUNDED: Act = lambda it: money(  # noqa: E731
    it, "refunds", appointment=it.id, minor=2_000, currency="CNY", means="cash", reason="goodwill"
)
SLICES: dict[str, tuple[int, list[Act], list[int]]] = {
    "the fee, then the deposit": (11_999, [WAIVED, LET_OFF], [201, 403]),
    "the deposit, then the fee": (11_999, [LET_OFF, WAIVED], [201, 403]),
    "the fee, then the deposit by another": (11_999, [WAIVED, BY_JUN], [201, 403]),
    "the deposit by another, then the fee": (11_999, [BY_JUN, WAIVED], [201, 403]),
    "the fee given back, then the deposit": (11_999, [PAID, REFUNDED, LET_OFF], [201, 201, 403]),
    "the deposit, then the fee given back": (11_999, [LET_OFF, PAID, REFUNDED], [201, 201, 403]),
    "both to the fen": (12_000, [WAIVED, LET_OFF], [201, 201]),
    "both to the fen, the other way round": (12_000, [LET_OFF, WAIVED], [201, 201]),
    "a deposit above it": (9_999, [LET_OFF], [403]),
    "a deposit to the fen": (10_000, [LET_OFF], [201]),
    "let off, on again, and cancelled again": (
        10_000,
        [LET_OFF, lambda it: desk(it, "undo"), LATE, LET_OFF],
        [201, 200, 200, 201],
    ),
}


@pytest.mark.parametrize("case", SLICES)
@pytest.mark.usefixtures("salon")
def test_the_limit_holds_for_the_fee_and_the_lost_deposit_of_a_visit_together(
    monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """A late cancellation: 100 yuan of a deposit lost, and a fee of 20 beyond it."""
    limit, acts, statuses = SLICES[case]
    may(MoneyRules(limit, None))
    it = a_paid_booking()
    at(monkeypatch, BEGINS - HOUR)
    assert mine(it, "cancel").status == 200
    assert of(it) == (0, 0, 0, 0, HUNDRED, 2_000)
    assert [act(it).status for act in acts] == statuses


CREDITS: dict[str, tuple[str, int, int]] = {
    "none had": ("", 3_000, 201),
    "none had, a fen too much": ("", 3_001, 403),
    "on the record that stays": ("c-1", 1_000, 201),
    "on the record that stays, a fen too much": ("c-1", 1_001, 403),
    "on the record that went": ("c-2", 1_000, 201),
    "on the record that went, a fen too much": ("c-2", 1_001, 403),
}


@pytest.mark.parametrize("case", CREDITS)
@pytest.mark.usefixtures("salon")
def test_the_limit_holds_for_the_credit_of_all_records_of_a_client(case: str) -> None:
    """Two thousand were given before they were merged."""
    had_by, minor, status = CREDITS[case]
    may(MoneyRules(3_000, None))
    lotus.known(replace(a_client(), merged=()))
    lotus.known(replace(a_client(), id="c-2", name="Li Na", email=None, phone="+8613812345678", consents=()))
    if had_by:
        assert credit(had_by, 2_000).status == 201
    revisions = {
        name: ask(clients_function.handler, f"GET /v1/desk/clients/{id}", role="staff").body["revision"]
        for name, id in (("revision", "c-1"), ("other_revision", "c-2"))
    }
    merged = ask(
        clients_function.handler, "POST /v1/desk/clients/c-1/merge", {"other": "c-2"} | revisions, role="manager"
    )
    assert merged.status == 200, merged.body
    assert credit("c-1", minor).status == status


def credit(client: str, minor: int) -> Answer:
    said = {"minor": minor, "currency": "CNY", "reason": "goodwill"}
    return ask(clients_function.handler, f"POST /v1/desk/clients/{client}/money/credits", said, role="staff")
