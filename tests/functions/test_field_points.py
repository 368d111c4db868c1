"""Points of kept visits: earned once in the write that completes a visit, taken back with it, and exchanged once for
what they buy, by whichever door; never fewer than none."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, given, settings

import client_pages
import clients as clients_handler
import due_worker
import front_desk
from kept import clock
from kept.actor import KEPT, Change
from kept.attendance.day_end import Came
from kept.business.attendance_rules import AttendanceRules
from kept.business.loyalty_rules import PointsRules
from kept.client_links import tokens
from kept.clients.client import Client
from kept.clients.merging import Merge, merged
from kept.lanes import Lane
from kept.ledger import acts
from kept.ledger.balance import Balance, Statement
from kept.storage import catalogs, clients, ledger
from kept.storage.transaction import together
from kept.use_cases.booking import day_ends, day_lists
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, a_client, an_appointment
from tests.functions.plain_browser import Browser, Page
from tests.refusing import DESK
from tests.stopping import records

NOW = STARTS + timedelta(minutes=70)
RULES = PointsRules(per_visit=10, price=20, credit=500)
KEY = "f3a1c0de-0000-4000-8000-0000000000%02d"
OFFER = {"points": 20, "minor": 500, "currency": "CNY"}


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Li Na has had an hour with Mei, which nobody has closed; nobody is checked in."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    lotus.open_both()
    sells(RULES)
    lotus.known(replace(a_client(), locale="en"))
    lotus.put(an_appointment())


def sells(rules: PointsRules) -> None:
    salon = lotus.the_salon()
    business = replace(salon.business, points=rules, attendance=AttendanceRules(checks_in=False))
    lotus.store(replace(salon, business=business))
    catalogs.forget()


def balance(client: str = "c-1") -> Balance:
    return ledger.balance("lotus", client, "CNY")


def desk(act: str, visit: str = "a-1", key: str = "") -> Answer:
    return ask(front_desk.handler, f"POST {DESK}/{visit}/{act}", {}, role="staff", key=key)


def exchanged(said: Mapping[str, Any] = OFFER, *, key: str = "", **asker: str) -> Answer:
    whose = asker.pop("client", "c-1")
    path = f"POST /v1/desk/clients/{whose}/money/points"
    return ask(clients_handler.handler, path, said, **({"role": "staff", "key": key} | asker))  # type: ignore[arg-type]


def has_earned(many: int, client: str = "c-1") -> None:
    """Of visits long ago."""
    before = balance(client)
    how = acts.Occasion(ledger.line_id(client, None, f"points-{before.revision}"), "kept", NOW, NOW.date())
    with together() as transaction:
        ledger.put(before, (acts.points(Statement(before), how, many),), transaction)


def of_the_visit() -> list[tuple[str, int, bool]]:
    """Of a-1, in order."""
    return [(it.what, it.minor, bool(it.reverses)) for it in ledger.of_visit("lotus", "c-1", "a-1", acts.POINTS)]


def the_day_ends() -> None:
    day_ends.answer(catalogs.load("lotus"), {"a-1": Came.CAME}, Change(KEPT, NOW))


@pytest.mark.parametrize("closes", [lambda: desk("complete"), the_day_ends], ids=["at the desk", "as the day ends"])
def test_a_completed_visit_earns_once_by_whichever_door(closes: Callable[[], Any]) -> None:
    closes()
    closes()
    assert (of_the_visit(), balance().points) == ([("points", 10, False)], 10)


def test_of_whom_nobody_says_otherwise_by_the_next_day_earns_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker closes what was ticked beforehand."""
    catalog = catalogs.load("lotus")
    day_lists.arrange(catalog.business, catalog.staff.values(), now=STARTS)
    for days in (0, 1, 1):
        monkeypatch.setattr(clock, "now", lambda days=days: STARTS + timedelta(days=days, hours=4))
        due_worker.handler(records(("lotus", "day_end#mei"), lane=Lane.DAY_LIST), None)
    assert (of_the_visit(), balance().points) == ([("points", 10, False)], 10)


@pytest.mark.parametrize(
    "act",
    [
        pytest.param("confirm", id="confirmed"),
        pytest.param("check-in", id="arrived"),
        pytest.param("no-show", id="missed"),
        pytest.param("cancel", id="cancelled"),
    ],
)
def test_nothing_else_earns(act: str) -> None:
    desk(act)
    assert (of_the_visit(), balance().points) == ([], 0)


def test_it_is_off_until_somebody_says_what_a_visit_earns() -> None:
    """And then nothing of the ledger is read or written."""
    assert PointsRules().per_visit == 0
    sells(PointsRules())
    desk("complete")
    assert (balance().revision, of_the_visit()) == (0, [])


def test_taken_back_it_takes_them_back_and_completed_anew_it_earns_them_anew() -> None:
    for act in ("complete", "undo", "complete", "undo"):
        desk(act)
    assert [minor if not back else -minor for _, minor, back in of_the_visit()] == [10, -10, 10, -10]
    assert balance().points == 0


def test_what_was_spent_is_not_taken_back_and_nobody_has_fewer_than_none() -> None:
    """The business loses them; completed anew the visit earns only what was taken back."""
    has_earned(15)
    desk("complete")
    assert exchanged().status == 201
    assert balance().points == 5
    desk("undo")
    assert balance().points == 0
    desk("complete")
    assert (balance().points, balance().credit) == (5, 500)


def test_what_could_not_be_taken_back_is_not_earned_a_second_time() -> None:
    """All of them were spent, so the visit has earned what it earns already."""
    has_earned(10)
    desk("complete")
    assert exchanged().status == 201
    desk("undo")
    assert (balance().points, balance().credit) == (0, 500)
    desk("complete")
    assert (balance().points, balance().credit) == (0, 500)


def test_a_visit_that_was_taken_back_after_it_was_switched_off_loses_its_points_as_well() -> None:
    desk("complete")
    sells(PointsRules())
    desk("undo")
    assert balance().points == 0


# What they buy.


def test_they_buy_a_credit_once_under_one_key() -> None:
    has_earned(50)
    first, again = (exchanged(key=KEY % 1) for _ in range(2))
    assert (first.status, again.status, again.body["entries"]) == (201, 201, first.body["entries"])
    assert (balance().points, balance().credit) == (30, 500)
    assert first.body["balance"]["points_buy"] == OFFER
    (line,) = first.body["entries"]
    assert (line["what"], line["minor"], line["currency"]) == ("exchanged", 500, "CNY")
    assert exchanged({**OFFER, "minor": 501}, key=KEY % 1).code == "idempotency_key_reused"


def test_they_buy_it_once_also_when_what_remembers_answers_for_a_day_has_forgotten_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The ledger remembers by itself; with another offer it is refused."""
    has_earned(50)
    first = exchanged(key=KEY % 1)
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=2))
    assert exchanged(key=KEY % 1).body["entries"] == first.body["entries"]
    monkeypatch.setattr(clock, "now", lambda: NOW + timedelta(days=4))
    assert exchanged({**OFFER, "minor": 501}, key=KEY % 1).code == "idempotency_key_reused"
    assert (balance().points, balance().credit) == (30, 500)


@pytest.mark.parametrize(
    ("has", "rules", "said", "status", "code"),
    [
        pytest.param(19, RULES, {}, 409, "above_balance", id="one too few"),
        pytest.param(0, RULES, {}, 409, "above_balance", id="none"),
        pytest.param(50, RULES, {"points": 19}, 409, "points_offer_changed", id="cheaper than it is"),
        pytest.param(50, RULES, {"minor": 10**9}, 409, "points_offer_changed", id="more than they buy"),
        pytest.param(50, RULES, {"currency": "USD"}, 409, "points_offer_changed", id="another currency"),
        pytest.param(50, RULES, {"points": -20}, 409, "points_offer_changed", id="less than none"),
        pytest.param(50, RULES, {"points": 0, "minor": 0}, 409, "points_offer_changed", id="nothing for nothing"),
        pytest.param(50, PointsRules(), {"minor": 0}, 409, "points_offer_changed", id="where they buy nothing"),
        pytest.param(50, replace(RULES, credit=600), {}, 409, "points_offer_changed", id="as it was before"),
        pytest.param(50, RULES, {"points": 2.5}, 422, "invalid_request", id="half a point"),
        pytest.param(50, RULES, {"points": "20"}, 422, "invalid_request", id="points in words"),
        pytest.param(50, RULES, {"points": True}, 422, "invalid_request", id="true points"),
        pytest.param(50, RULES, {"to": "c-2"}, 422, "invalid_request", id="a field that there is not"),
    ],
)
def test_what_is_not_on_offer_is_refused_and_changes_nothing(
    has: int, rules: PointsRules, said: dict[str, Any], status: int, code: str
) -> None:
    if has:
        has_earned(has)
    sells(rules)
    before = lotus.everything()
    answer = exchanged(OFFER | said)
    assert (answer.status, answer.code) == (status, code)
    assert lotus.everything() == before


@pytest.mark.parametrize(
    ("asker", "status"),
    [
        pytest.param({"business": "garage"}, 404, id="another business"),
        pytest.param({"client": "c-9"}, 404, id="somebody nobody knows"),
        pytest.param({"role": ""}, 401, id="nobody signed in"),
    ],
)
def test_nobody_else_gets_at_them(asker: dict[str, Any], status: int) -> None:
    has_earned(50)
    before = lotus.everything()
    assert exchanged(**asker).status == status
    assert lotus.everything() == before


def of_two_records() -> Client:
    """Li Na was entered twice, and both have points."""
    lotus.known(replace(a_client(), id="c-2", email=None, phone="+8613812345678", consents=()))
    one, other = clients.load("lotus", "c-1"), clients.load("lotus", "c-2")
    after, gone = merged(one, other, Merge("mei", NOW))
    with together() as transaction:
        for it in (after, gone):
            clients.put(it, transaction)
    return after


def test_what_two_records_of_one_client_have_buys_together() -> None:
    has_earned(12)
    of_two_records()
    has_earned(15, "c-2")
    answer = exchanged(client="c-2")
    assert (answer.status, answer.body["balance"]["points"], answer.body["balance"]["credit"]) == (201, 7, 500)
    assert (balance().points, balance().credit, balance("c-2").points, balance("c-2").credit) == (0, 500, 7, 0)
    assert exchanged().code == "above_balance"


def test_whoever_leads_takes_an_exchange_back_unless_the_credit_is_spent() -> None:
    has_earned(50)
    (line,) = exchanged().body["entries"]
    path, said = "POST /v1/desk/clients/c-1/money/corrections", {"entry": line["id"], "reason": "mistake"}
    assert ask(clients_handler.handler, path, said, role="staff").code == "role_required"
    assert ask(clients_handler.handler, path, said, role="manager").status == 201
    assert (balance().points, balance().credit) == (50, 0)
    assert ask(clients_handler.handler, path, said, role="manager").code == "already_reversed"


def test_points_that_were_earned_by_mistake_are_taken_back_at_the_desk() -> None:
    desk("complete")
    (line,) = ledger.of_visit("lotus", "c-1", "a-1", acts.POINTS)
    path, said = "POST /v1/desk/clients/c-1/money/corrections", {"entry": line.id, "reason": "mistake"}
    assert ask(clients_handler.handler, path, said, role="owner").status == 201
    assert (balance().points, balance().revision) == (0, 2)
    desk("undo")
    assert balance().points == 0


# On the client's own page.


def page(language: str = "en") -> tuple[Browser, Page]:
    browser = Browser(client_pages.handler, language)
    token = tokens.preferences_token(clients.load("lotus", "c-1"), now=NOW, sent_to="li@example.com")
    return browser, browser.get(f"/p/{token}?lang={language}")


@pytest.mark.parametrize(
    ("language", "have", "button", "done"),
    [
        pytest.param("en", "Points you have: 50.", "Exchange 20 points for", "Exchanged.", id="English"),
        pytest.param("zh-Hans", "现有积分：50。", "用20积分兑换", "兑换成功", id="Chinese"),
    ],
)
def test_one_tap_on_their_own_page_exchanges_them(language: str, have: str, button: str, done: str) -> None:
    has_earned(50)
    browser, shown = page(language)
    assert have in shown.text
    form = shown.form("/points")
    after = browser.press(form, form.buttons[0][0])
    assert button in form.buttons[0][0]
    assert done in after.text
    assert (balance().points, balance().credit) == (30, 500)
    browser.press(form, form.buttons[0][0])
    assert (balance().points, balance().credit) == (30, 500), "the same tap again"


def test_a_page_that_was_left_open_exchanges_nothing_that_is_not_there() -> None:
    has_earned(20)
    browser, shown = page()
    _, other = page()
    for it in (shown, other):
        browser.press(it.form("/points"))
    assert (balance().points, balance().credit) == (0, 500)
    assert "There are not enough points" in browser.press(other.form("/points")).text
    assert [form for form in page()[1].forms if form.action.endswith("/points")] == []


def test_nothing_is_shown_where_there_is_nothing_to_show() -> None:
    sells(PointsRules())
    assert "oints" not in page()[1].text
    has_earned(3)
    assert "Points you have: 3." in page()[1].text


@pytest.mark.parametrize("typed", ["", "x", "-20", "2.5", "9" * 40])
def test_what_no_form_of_ours_sends_is_refused(typed: str) -> None:
    has_earned(50)
    browser, shown = page()
    before = lotus.everything()
    form = shown.form("/points")
    assert browser.press(form, points=typed).status in (409, 422)
    assert lotus.everything() == before


NUMBERS = count(10)
COMMANDS = st.lists(st.sampled_from(("complete", "undo", "exchange", "again", "correct")), max_size=10)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(commands=COMMANDS)
def test_in_whatever_order_nobody_has_fewer_than_none(commands: list[str]) -> None:
    """And what there is is what the lines come to, each of which is taken back once at the most."""
    n = next(NUMBERS)
    client, visit = f"c-{n}", f"a-{n}"
    sells(replace(RULES, price=8))
    lotus.known(replace(a_client(), id=client, email=f"{client}@example.com"))
    lotus.put(replace(an_appointment(visit, starts=STARTS - n * timedelta(days=1)), client=client))
    said = OFFER | {"points": 8}
    acts_of: dict[str, Callable[[], object]] = {
        "complete": lambda: desk("complete", visit),
        "undo": lambda: desk("undo", visit),
        "exchange": lambda: exchanged(said, client=client),
        "again": lambda: exchanged(said, key=KEY % 9, client=client),
        "correct": lambda: correct(client),
    }
    for command in commands:
        acts_of[command]()
        whole = ledger.of_client("lotus", [client], after=None, limit=100).lines
        afresh = replace(balance(client), totals={}).after(*whole)
        assert afresh.totals == balance(client).totals
        assert 0 <= balance(client).points <= 10
        gone = [line.reverses for line in whole if line.reverses]
        assert len(gone) == len(set(gone))


def correct(client: str) -> None:
    """The newest line, if there is one."""
    if lines := ledger.of_client("lotus", [client], after=None, limit=1).lines:
        path, said = f"POST /v1/desk/clients/{client}/money/corrections", {"entry": lines[0].id, "reason": "mistake"}
        ask(clients_handler.handler, path, said, role="owner")
