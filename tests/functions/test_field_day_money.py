"""A day's money: what the till must hold, who owes and who is to have something back, for those who lead alone."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import clients as function
from kept import clock
from kept.actor import KEPT, Change
from kept.reasons import Code, because
from kept.storage import catalogs, clients, ledger
from kept.storage.tables import LedgerItem
from kept.storage.transaction import together
from kept.use_cases.money.fees import charge_fee
from tests import lotus
from tests.asking import an_http_event, ask
from tests.builders import STARTS, a_client, an_appointment
from tests.made_money import line

HUNDRED = 10_000
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Li Na owes a hundred yuan for a-1, and Wu Lei for a-2."""
    at(monkeypatch)
    lotus.open_both()
    lotus.known()
    lotus.known(replace(a_client(), id="c-2", name="Wu Lei", email=None, phone="+8613812345678", consents=()))
    for id, client in (("a-1", "c-1"), ("a-2", "c-2")):
        it = lotus.put(replace(an_appointment(id, starts=STARTS + timedelta(hours=3 * (id == "a-2"))), client=client))
        with together() as transaction:
            business, change = catalogs.load("lotus").business, Change(KEPT, clock.now())
            charge_fee(business, it, HUNDRED, because(Code.FEE_NO_SHOW), transaction, change)


def at(monkeypatch: pytest.MonkeyPatch, later: timedelta = timedelta(0)) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW + later)


def act(what: str, client: str = "c-1", **said: Any) -> str:
    """The line that it wrote."""
    body = said if what == "corrections" else {"currency": "CNY"} | said
    answer = ask(function.handler, f"POST /v1/desk/clients/{client}/money/{what}", body, role="owner")
    assert answer.status == 201, answer.body
    return str(answer.body["entries"][0]["id"])


def day(**query: str) -> Any:
    answer = ask(function.handler, "GET /v1/desk/money", role="manager", query=query)
    assert answer.status == 200, answer.body
    return answer.body


def till(**query: str) -> dict[str, Any]:
    (sums,) = day(**query)["sums"]
    return {name: it for name, it in sums.items() if name != "currency" and it}


def open_now(role: str = "manager", business: str = "lotus", **query: str) -> Any:
    return ask(function.handler, "GET /v1/desk/money/open", role=role, business=business, query=query).body


def owed() -> dict[str, tuple[int, int]]:
    return {it["name"]: (it["owed"], it["overpaid"]) for it in open_now()["entries"]}


PAY: dict[str, Any] = {"what": "payments", "minor": 4_000, "means": "cash"}
WAIVE: dict[str, Any] = {"what": "waivers", "minor": 2_500, "appointment": "a-1", "reason": "our_fault"}
BACK: dict[str, Any] = {"what": "refunds", "minor": 1_000, "means": "cash", "appointment": "a-1", "reason": "goodwill"}
CREDIT: dict[str, Any] = {"what": "credits", "minor": 3_000, "reason": "our_fault"}


@pytest.mark.parametrize(
    ("acts", "holds"),
    [
        pytest.param([], {}, id="nothing"),
        pytest.param([PAY], {"taken": {"cash": 4_000}, "net": 4_000}, id="cash"),
        pytest.param(
            [PAY, PAY | {"minor": 500}, PAY | {"means": "terminal"}, PAY | {"means": "transfer", "client": "c-2"}],
            {"taken": {"cash": 4_500, "terminal": 4_000, "transfer": 4_000}, "net": 12_500},
            id="by every means, of two clients",
        ),
        pytest.param(
            [PAY, BACK],
            {"taken": {"cash": 4_000}, "given_back": {"cash": 1_000}, "net": 3_000},
            id="given back from the till",
        ),
        pytest.param([WAIVE], {"waived": 2_500}, id="a waiver moves no money"),
        pytest.param(
            [CREDIT, PAY | {"means": "credit", "minor": 3_000}],
            {"taken": {"credits": 3_000}, "credited": 3_000},
            id="a credit is no money",
        ),
        pytest.param([PAY, "take it back"], {}, id="noted by mistake"),
        pytest.param([WAIVE, "take it back"], {}, id="let off by mistake"),
        pytest.param([CREDIT, "take it back"], {}, id="credited by mistake"),
    ],
)
def test_the_till_holds_what_was_taken_less_what_was_given_back(acts: list[Any], holds: dict[str, Any]) -> None:
    last = ""
    for it in acts:
        last = act(**it) if it != "take it back" else act("corrections", entry=last, reason="mistake")
    assert till() == {"charged": 2 * HUNDRED} | holds


def test_what_is_taken_back_on_a_later_day_is_missing_from_that_day_s_till(monkeypatch: pytest.MonkeyPatch) -> None:
    """The closing of yesterday stays what it was."""
    paid = act(**PAY)
    at(monkeypatch, DAY)
    act("corrections", entry=paid, reason="mistake")
    assert till(day="2026-02-28")["net"] == 4_000
    assert till() == {"taken": {"cash": -4_000}, "net": -4_000}


@pytest.mark.parametrize(
    ("acts", "left"),
    [
        pytest.param([], {"Li Na": (HUNDRED, 0), "Wu Lei": (HUNDRED, 0)}, id="two owe"),
        pytest.param([PAY], {"Li Na": (6_000, 0), "Wu Lei": (HUNDRED, 0)}, id="some is paid"),
        pytest.param([PAY | {"minor": HUNDRED}], {"Wu Lei": (HUNDRED, 0)}, id="all is paid"),
        pytest.param([WAIVE | {"minor": HUNDRED}], {"Wu Lei": (HUNDRED, 0)}, id="all is let off"),
        pytest.param([WAIVE, "take it back"], {"Li Na": (HUNDRED, 0), "Wu Lei": (HUNDRED, 0)}, id="taken back"),
        pytest.param([CREDIT], {"Li Na": (HUNDRED, 0), "Wu Lei": (HUNDRED, 0)}, id="a credit is not owed"),
        pytest.param(
            [PAY | {"minor": HUNDRED}, "the fee too"],
            {"Li Na": (0, HUNDRED), "Wu Lei": (HUNDRED, 0)},
            id="paid for nothing",
        ),
        pytest.param(
            [PAY | {"minor": HUNDRED}, "the fee too", BACK | {"minor": HUNDRED}],
            {"Wu Lei": (HUNDRED, 0)},
            id="and given back",
        ),
    ],
)
def test_who_owes_and_who_is_to_have_something_back_is_known_as_it_is_now(
    acts: list[Any], left: dict[str, tuple[int, int]]
) -> None:
    last = ""
    fee = next(it["id"] for it in day()["entries"] if it["what"] == "fee" and it["client"] == "c-1")
    for it in acts:
        if isinstance(it, dict):
            last = act(**it)
        else:
            act("corrections", entry=last if it == "take it back" else fee, reason="mistake")
    assert owed() == left


def test_another_currency_stands_by_itself_and_is_added_to_nothing() -> None:
    ledger.as_item(replace(line("paid", 700, at=lotus.NOW, currency="USD"), id="c-1#-#dollars")).save()
    act(**PAY)
    assert {it["currency"]: it["net"] for it in day()["sums"]} == {"CNY": 4_000, "USD": 700}
    assert day()["sums"][0]["currency"] == "CNY"


def test_a_long_day_and_many_who_owe_are_read_in_pages_and_summed_whole() -> None:
    for n in range(7):
        act(**PAY | {"minor": 100 + n})
    seen, after = [], ""
    while True:
        found = day(limit="3", **({"after": after} if after else {}))
        if not after:
            assert found["sums"][0]["net"] == 721
        seen += [it["id"] for it in found["entries"]]
        if not (after := found["next"]):
            break
        assert found["names"]
    assert len(seen) == len(set(seen)) == 9
    first = open_now(limit="1")
    second = open_now(limit="1", after=first["next"])
    assert [it["name"] for page in (first, second) for it in page["entries"]] == ["Li Na", "Wu Lei"]
    assert second["next"] is None


def test_what_was_owed_is_in_no_index_once_it_is_even() -> None:
    act(**PAY | {"minor": HUNDRED})
    act(**PAY | {"minor": HUNDRED, "client": "c-2"})
    assert [it.id for it in LedgerItem.by_day.query(f"lotus#{ledger.OPEN}")] == []
    assert open_now() == {"entries": [], "next": None}


def test_the_file_has_every_line_in_order_of_time_and_no_cell_is_a_formula(monkeypatch: pytest.MonkeyPatch) -> None:
    clients.put_alone(replace(clients.load("lotus", "c-1"), name="=1+1"))
    at(monkeypatch, timedelta(minutes=5))
    act(**PAY)
    at(monkeypatch, timedelta(minutes=6))
    act(**WAIVE)
    event = an_http_event("GET /v1/desk/money.csv", query={})
    claims = {"custom:business": "lotus", "custom:staff": "mei", "cognito:groups": "[manager]", "sub": "u-1"}
    event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    answer = function.handler(event, None)
    assert answer["headers"]["Content-Disposition"] == 'attachment; filename="money_2026-02-28.csv"'
    head, *rows = [row.split(",") for row in answer["body"].removeprefix("\ufeff").splitlines()]
    told = [dict(zip(head, row, strict=True)) for row in rows]
    assert [it["what"] for it in told] == ["fee", "fee", "paid", "waiver"]
    assert [(it["client"], it["means"], it["minor"], it["by"]) for it in told[2:]] == [
        ("'=1+1", "cash", "4000", "Mei"),
        ("'=1+1", "", "2500", "Mei"),
    ]


@pytest.mark.parametrize("path", ["", "/open", ".csv"])
def test_it_is_shown_to_those_who_lead_alone_and_another_business_sees_nothing_of_it(path: str) -> None:
    for role, status in (("", 401), ("staff", 403), ("manager", 200), ("owner", 200)):
        if path != ".csv" or status != 200:
            assert ask(function.handler, f"GET /v1/desk/money{path}", role=role).status == status
    assert open_now(business="garage")["entries"] == []
    theirs = ask(function.handler, "GET /v1/desk/money", role="owner", business="garage").body
    assert (theirs["entries"], [it["net"] for it in theirs["sums"]]) == ([], [0])


@pytest.mark.parametrize(
    "query",
    [
        pytest.param({"day": "2026-02-30"}, id="no day"),
        pytest.param({"day": "today"}, id="a word"),
        pytest.param({"after": "nowhere"}, id="no place"),
        pytest.param({"limit": "0"}, id="none at all"),
        pytest.param({"limit": "1000"}, id="too many"),
    ],
)
def test_what_makes_no_sense_is_refused(query: dict[str, str]) -> None:
    answer = ask(function.handler, "GET /v1/desk/money", role="manager", query=query)
    assert (answer.status, answer.code) == (422, "invalid_request")
