"""Money at the desk: what cannot be is refused with its code and changes nothing, a repeat is one line, and what hangs
together is taken back together.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import clients as function
from kept import clock
from kept.actor import KEPT, Actor, Change
from kept.business.money_rules import MoneyRules
from kept.clients.client import Client
from kept.ledger.accounts import LedgerAccount
from kept.ledger.refusals import InvalidAmount, UnknownReason
from kept.reasons import Code, Reason, because
from kept.storage import appointments, catalogs, ledger
from kept.storage.transaction import Lost, together
from kept.use_cases.money.fees import add_taking_back, charge_fee, opened, written
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, a_client, an_appointment
from tests.functions.merging import merge, part

LI, OTHER = "c-1", "c-2"
MISSED = because(Code.FEE_NO_SHOW)
BACK = because(Code.TAKEN_BACK_CAME_AFTER_ALL)
KEY = "f3a1c0de-0000-4000-8000-000000000051"
HUNDRED = 10_000


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Li Na owes 100 yuan for a-1, which she did not come to; a-2 is another's."""
    at(monkeypatch)
    lotus.open_both()
    may(MoneyRules(staff_waives=3_000, manager_waives=20_000))
    lotus.known()
    lotus.known(other())
    lotus.put(an_appointment("a-1"))
    lotus.put(replace(an_appointment("a-2", starts=STARTS + timedelta(hours=3)), client=OTHER))
    with together() as transaction:
        appointments.put(replace(an_appointment("a-9"), business="garage"), None, transaction)
    charge("a-1", HUNDRED)


def at(monkeypatch: pytest.MonkeyPatch, later: timedelta = timedelta(0)) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW + later)


def may(rules: MoneyRules) -> None:
    salon = lotus.the_salon()
    lotus.store(replace(salon, business=replace(salon.business, money=rules)))
    catalogs.forget()


def other() -> Client:
    return replace(a_client(), id=OTHER, name="Li Na", email=None, phone="+8613812345678", consents=())


def charge(visit: str, minor: int, why: Reason = MISSED, client: str = LI) -> bool:
    """Whether there was anything to charge."""
    business = catalogs.load("lotus").business
    it = replace(an_appointment(visit), client=client)
    with together() as transaction:
        made = charge_fee(business, it, minor, why, transaction, Change(KEPT, clock.now()))
        if made is None:
            return False
    return True


def take_back(visit: str = "a-1", client: str = LI) -> int:
    """How many lines it took."""
    it = replace(an_appointment(visit), client=client)
    change = Change(Actor("staff", "mei"), clock.now())
    with together() as transaction:
        business = catalogs.load("lotus").business
        account = opened(business, it)
        add_taking_back(account, business, it, Code.FEE_NO_SHOW, BACK, change)
        written(account, transaction)
        if not account.made:
            lotus_unchanged(transaction)
    return len(account.made)


def lotus_unchanged(transaction: Any) -> None:
    """A write of nothing is none that DynamoDB takes."""
    from kept.storage.tables import LedgerItem

    transaction.condition_check(LedgerItem, "lotus", "nothing", condition=LedgerItem.id.does_not_exist())


def desk(what: str, *, client: str = LI, **said: Any) -> Answer:
    """`what` is payments, waivers, refunds, credits or corrections; without a currency it is yuan."""
    asker: dict[str, Any] = {
        name: said.pop(name) for name in ("role", "staff", "business", "key", "language") if name in said
    }
    body = said if what == "corrections" else {"currency": "CNY"} | said
    return ask(function.handler, f"POST /v1/desk/clients/{client}/money/{what}", body, **({"role": "staff"} | asker))


def money(client: str = LI, **query: str) -> Any:
    return ask(function.handler, f"GET /v1/desk/clients/{client}/money", query=query, role="staff").body


def visit(id: str = "a-1", client: str = LI) -> Any:
    return ask(function.handler, f"GET /v1/desk/clients/{client}/money/visits/{id}", role="staff").body


def balance(client: str = LI) -> tuple[int, int, int]:
    """Owed, paid for nothing, credit."""
    it = money(client)["balance"]
    return it["owed"], it["overpaid"], it["credit"]


def fee_of(visit_id: str = "a-1") -> str:
    return next(str(line["id"]) for line in visit(visit_id)["entries"] if line["what"] == "fee")


PAY: dict[str, Any] = {"what": "payments", "minor": 5_000, "means": "cash"}
WAIVE: dict[str, Any] = {"what": "waivers", "minor": 2_000, "appointment": "a-1", "reason": "goodwill"}
REFUND: dict[str, Any] = {
    "what": "refunds",
    "minor": 2_000,
    "appointment": "a-1",
    "reason": "goodwill",
    "means": "cash",
}
CREDIT: dict[str, Any] = {"what": "credits", "minor": 2_000, "reason": "our_fault"}


# What cannot be.


@pytest.mark.parametrize("act", [PAY, WAIVE, REFUND, CREDIT], ids=lambda it: it["what"])
@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        pytest.param({"minor": 0}, 422, "invalid_amount", id="nothing"),
        pytest.param({"minor": -1}, 422, "invalid_amount", id="less than nothing"),
        pytest.param({"minor": 10**13}, 422, "invalid_amount", id="more than anybody pays"),
        pytest.param({"minor": 10**40}, 422, "invalid_amount", id="more than a number of DynamoDB holds"),
        pytest.param({"minor": 19.99}, 422, "invalid_request", id="half a cent"),
        pytest.param({"minor": 2000.0}, 422, "invalid_request", id="a whole number with a point"),
        pytest.param({"minor": "2000"}, 422, "invalid_request", id="a number as text"),
        pytest.param({"minor": True}, 422, "invalid_request", id="yes"),
        pytest.param({"minor": None}, 422, "invalid_request", id="no number"),
        pytest.param({"currency": "USD"}, 422, "another_currency", id="dollars of a salon in Shanghai"),
        pytest.param({"currency": "cny"}, 422, "another_currency", id="yuan in small letters"),
        pytest.param({"currency": ""}, 422, "invalid_request", id="no currency"),
        pytest.param({"client": "c-404"}, 404, "unknown_client", id="a client that there is not"),
        pytest.param({"business": "garage", "currency": "USD"}, 404, "unknown_client", id="another business's client"),
        pytest.param({"note": "for Li Na"}, 422, "invalid_request", id="words about a person"),
        pytest.param({"role": "nobody"}, 403, "role_required", id="without a role"),
    ],
)
def test_what_is_no_money_of_theirs_is_refused_and_changes_nothing(
    act: dict[str, Any], said: dict[str, Any], status: int, code: str
) -> None:
    before = lotus.everything()
    answer = desk(**act | said)
    assert (answer.status, answer.code) == (status, code)
    assert lotus.everything() == before


@pytest.mark.parametrize(
    ("act", "code"),
    [
        pytest.param(PAY | {"minor": HUNDRED + 1}, "above_balance", id="more paid than is owed"),
        pytest.param(PAY | {"means": "credit", "minor": 1}, "above_balance", id="by a credit that there is not"),
        pytest.param(PAY | {"means": "stripe"}, "invalid_request", id="by hand through Stripe"),
        pytest.param(PAY | {"means": "owed"}, "invalid_request", id="by what is no means"),
        pytest.param(PAY | {"appointment": "a-404"}, "unknown_appointment", id="for a visit that there is not"),
        pytest.param(PAY | {"appointment": "a-2"}, "unknown_appointment", id="for another client's visit"),
        pytest.param(PAY | {"appointment": "a-9"}, "unknown_appointment", id="for another business's visit"),
        pytest.param(WAIVE | {"minor": HUNDRED + 1, "role": "owner"}, "above_balance", id="more waived than is owed"),
        pytest.param(WAIVE | {"reason": "mistake"}, "invalid_request", id="waived for no reason of a waiver"),
        pytest.param(WAIVE | {"reason": ""}, "invalid_request", id="waived without a reason"),
        pytest.param(WAIVE | {"appointment": None}, "invalid_request", id="waived of nothing"),
        pytest.param(WAIVE | {"appointment": "a-2"}, "unknown_appointment", id="another client's visit waived"),
        pytest.param(REFUND, "above_balance", id="given back before it was paid"),
        pytest.param(REFUND | {"reason": "because"}, "invalid_request", id="given back for an unknown reason"),
        pytest.param(CREDIT | {"reason": None}, "invalid_request", id="a credit without a reason"),
        pytest.param({"what": "corrections", "reason": "mistake"}, "invalid_request", id="nothing taken back"),
        pytest.param({"what": "corrections", "entry": "c-1#a-1#x", "reason": "mistake"}, "unknown_entry", id="no line"),
        pytest.param(
            {"what": "corrections", "entry": "c-1#balance#CNY", "reason": "mistake"}, "unknown_entry", id="the balance"
        ),
        pytest.param(
            {"what": "corrections", "entry": "c-1#a-1#v1-fee", "reason": None}, "invalid_request", id="without a reason"
        ),
        pytest.param(
            {"what": "corrections", "entry": "c-1#a-1#v1-fee", "reason": "mistake", "client": OTHER},
            "unknown_entry",
            id="another client's line",
        ),
        pytest.param(
            {"what": "corrections", "entry": "c-1#a-1#v1-fee", "reason": "mistake"},
            "role_required",
            id="a fee by staff",
        ),
    ],
)
def test_what_is_not_theirs_to_do_is_refused_and_changes_nothing(act: dict[str, Any], code: str) -> None:
    before = lotus.everything()
    assert desk(**act).code == code
    assert lotus.everything() == before


@pytest.mark.parametrize(
    ("minor", "why", "refusal"),
    [
        pytest.param(0, MISSED, InvalidAmount, id="nothing"),
        pytest.param(-5, MISSED, InvalidAmount, id="less than nothing"),
        pytest.param(1.5, MISSED, InvalidAmount, id="half a fen"),
        pytest.param(True, MISSED, InvalidAmount, id="yes"),
        pytest.param(500, Reason("because_i_say_so"), UnknownReason, id="a reason that nobody can word"),
    ],
)
def test_a_fee_that_cannot_be_is_refused_within_the_write_that_causes_it(
    minor: Any, why: Reason, refusal: type[Exception]
) -> None:
    before = lotus.everything()
    with pytest.raises(refusal):
        charge("a-2", minor, why, client=OTHER)
    assert lotus.everything() == before


# How far a role may go.


@pytest.mark.parametrize(
    ("act", "role", "status"),
    [
        pytest.param(WAIVE | {"minor": 3_000}, "staff", 201, id="staff to their limit"),
        pytest.param(WAIVE | {"minor": 3_001}, "staff", 403, id="staff a fen above it"),
        pytest.param(WAIVE | {"minor": 3_001}, "manager", 201, id="a manager above that of staff"),
        pytest.param(CREDIT | {"minor": 3_001}, "staff", 403, id="a credit above it"),
        pytest.param(CREDIT | {"minor": 20_001}, "manager", 403, id="a credit above the managers' own"),
        pytest.param(CREDIT | {"minor": 20_001}, "owner", 201, id="any by an owner"),
    ],
)
def test_nobody_lets_go_of_more_than_the_owner_lets_their_role(act: dict[str, Any], role: str, status: int) -> None:
    before = lotus.everything()
    answer = desk(**act, role=role)
    assert answer.status == status
    if status == 403:
        assert answer.code == "waiver_above_limit"
        assert answer.body["needed"] == (
            "owner" if role == "manager" else "manager" if act["minor"] < 20_000 else "owner"
        )
        assert lotus.everything() == before


@pytest.mark.parametrize("again", [WAIVE | {"minor": 1_001}, WAIVE | {"minor": 1_001, "staff": "jun"}])
def test_the_limit_holds_for_all_that_a_visit_is_let_off(again: dict[str, Any]) -> None:
    """In slices, and by several people."""
    assert desk(**WAIVE).status == 201
    assert desk(**again).code == "waiver_above_limit"
    assert desk(**again | {"minor": 1_000}).status == 201


def test_money_given_back_counts_towards_the_limit() -> None:
    assert desk(**PAY).status == 201
    assert desk(**REFUND | {"minor": 3_001}).code == "waiver_above_limit"
    assert desk(**REFUND).status == 201
    assert desk(**WAIVE).code == "waiver_above_limit"


def test_by_default_staff_let_go_of_nothing_and_whoever_leads_of_anything() -> None:
    may(MoneyRules())
    assert money()["balance"]["waives"] == 0
    assert desk(**WAIVE | {"minor": 1}).code == "waiver_above_limit"
    assert desk(**WAIVE | {"minor": HUNDRED}, role="manager").status == 201


def test_staff_take_back_what_they_recorded_themselves_that_day_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    paid, others = (desk(**PAY, staff=who).body["entries"][0]["id"] for who in ("mei", "jun"))
    undo = {"what": "corrections", "reason": "mistake"}
    assert desk(**undo, entry=others).code == "role_required"
    assert desk(**undo, entry=paid).status == 201
    at(monkeypatch, timedelta(days=1))
    assert desk(**undo, entry=others, staff="jun").code == "role_required"
    assert desk(**undo, entry=others, role="manager").status == 201
    assert balance() == (HUNDRED, 0, 0)


# Once.


@pytest.mark.parametrize("act", [PAY, WAIVE, CREDIT], ids=lambda it: it["what"])
def test_a_request_that_is_repeated_writes_one_line(act: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Also when what remembers answers for a day has forgotten it; with another amount it is refused."""
    first = desk(**act, key=KEY)
    after = balance()
    assert desk(**act, key=KEY).body == first.body
    at(monkeypatch, timedelta(days=2))
    assert desk(**act, key=KEY).body["entries"] == first.body["entries"]
    assert desk(**act | {"minor": 1_000}, key=KEY).code == "idempotency_key_reused"
    at(monkeypatch, timedelta(days=4))
    assert desk(**act | {"minor": 1_000}, key=KEY).code == "idempotency_key_reused"
    assert balance() == after


def test_what_was_taken_back_is_not_taken_back_again() -> None:
    """Nor is what took it back."""
    paid = desk(**PAY).body["entries"][0]["id"]
    undo = {"what": "corrections", "reason": "mistake", "role": "owner"}
    back = desk(**undo, entry=paid, key=KEY)
    assert desk(**undo, entry=paid, key=KEY).body == back.body
    assert desk(**undo, entry=paid).code == "already_reversed"
    assert desk(**undo, entry=back.body["entries"][0]["id"]).code == "already_reversed"
    assert balance() == (HUNDRED, 0, 0)


def test_one_version_of_a_visit_costs_once_until_its_fee_is_taken_back() -> None:
    """A no-show that is marked, taken back and marked again costs again."""
    assert charge("a-1", HUNDRED) is False
    assert take_back() == 1
    assert take_back() == 0
    assert balance() == (0, 0, 0)
    assert charge("a-1", HUNDRED) is True
    assert balance() == (HUNDRED, 0, 0)
    assert {line["id"] for line in visit()["entries"]} == {
        "c-1#a-1#v1-fee",
        "c-1#a-1#v1-fee-back",
        "c-1#a-1#v1-fee-2",
    }


def test_of_two_who_decided_on_the_same_balance_one_wins() -> None:
    business = catalogs.load("lotus").business
    moved = replace(an_appointment("a-1"), version=2)

    def overtaken() -> None:
        with together() as first:
            charge_fee(business, moved, 500, MISSED, first, Change(KEPT, clock.now()))
            assert desk(**PAY).status == 201

    with pytest.raises(Lost):
        overtaken()
    assert balance() == (5_000, 0, 0)


# What hangs together.


def test_a_fee_that_is_taken_back_takes_its_waiver_along_and_gives_back_what_was_paid() -> None:
    desk(**WAIVE)
    desk(**PAY)
    assert balance() == (3_000, 0, 0)
    assert take_back() == 2
    assert balance() == (0, 5_000, 0)
    assert desk(**REFUND | {"minor": 5_001, "role": "owner"}).code == "above_balance"
    assert desk(**REFUND | {"minor": 5_000, "role": "owner"}).status == 201
    assert balance() == (0, 0, 0)


def test_a_fee_is_taken_back_after_its_money_was_given_back() -> None:
    desk(**PAY | {"minor": HUNDRED})
    desk(**REFUND | {"minor": HUNDRED, "role": "owner"})
    assert balance() == (0, 0, 0)
    assert desk("corrections", entry=fee_of(), reason="our_fault", role="manager").status == 201
    assert balance() == (0, 0, 0)


def test_a_payment_stays_while_money_was_given_back_of_it() -> None:
    paid = desk(**PAY).body["entries"][0]["id"]
    desk(**REFUND)
    undo = {"what": "corrections", "reason": "mistake", "role": "owner", "entry": paid}
    assert desk(**undo).code == "above_balance"


@pytest.mark.parametrize("means", ["terminal", "transfer"])
def test_money_goes_back_the_way_it_came(means: str) -> None:
    desk(**PAY)
    assert desk(**REFUND | {"means": means}).code == "above_balance"
    assert desk(**REFUND | {"means": "credit"}).status == 201
    assert balance() == (5_000, 0, 2_000)


def test_a_credit_pays_what_is_owed_once() -> None:
    desk(**CREDIT)
    assert desk(**PAY | {"means": "credit", "minor": 2_001}).code == "above_balance"
    assert desk(**PAY | {"means": "credit", "minor": 2_000}).status == 201
    assert balance() == (8_000, 0, 0)


def test_what_was_paid_without_saying_for_what_is_not_owed_for_a_visit_any_more() -> None:
    desk(**PAY | {"minor": HUNDRED})
    assert (visit()["owed"], visit()["refundable"]["cash"]) == (0, HUNDRED)
    assert desk(**WAIVE).code == "above_balance"


# Two records of one person.


def test_a_merge_takes_the_ledger_along_and_gives_it_back() -> None:
    """What is owed for either is paid in one go, each record its own part, so that each has its own when they part."""
    charge("a-2", 4_000, client=OTHER)
    preview = ask(function.handler, f"POST /v1/desk/clients/{LI}/merge-preview", {"other": OTHER}, role="staff")
    assert preview.body["money"] == 1
    assert merge(LI, OTHER).status == 200
    assert balance() == (14_000, 0, 0)
    assert len(money()["entries"]) == 2
    assert desk(**PAY | {"minor": 14_001}).code == "above_balance"
    paid = desk(**PAY | {"minor": 12_000}, key=KEY).body["entries"]
    assert {line["client"]: line["minor"] for line in paid} == {LI: HUNDRED, OTHER: 2_000}
    assert desk(**PAY | {"minor": 12_000}, key=KEY).body["entries"] == paid
    assert visit("a-2")["owed"] == 2_000
    assert part(LI, OTHER).status == 200
    assert (balance(LI), balance(OTHER)) == ((0, 0, 0), (2_000, 0, 0))


# What is shown, and what is not.


def test_the_ledger_is_read_in_parts_the_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each line once, also those of one millisecond; the balance is read, not added up."""
    for n in range(6):
        at(monkeypatch, timedelta(minutes=n // 2))
        desk(**PAY | {"minor": 100 + n})
    seen, after = [], ""
    while True:
        found = money(limit="2", **({"after": after} if after else {}))
        seen += [line["id"] for line in found["entries"]]
        assert found["balance"]["owed"] == HUNDRED - 615
        if not (after := found["next"]):
            break
    assert len(seen) == len(set(seen)) == 7
    assert seen[-1] == fee_of() or seen[-3:].count(fee_of()) == 1


def test_a_day_of_the_business_begins_at_its_own_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    """17:00 in Shanghai is the day of the fee; seven hours later it is tomorrow there, and not in UTC."""
    at(monkeypatch, timedelta(hours=6, minutes=59, seconds=59))
    desk(**PAY | {"minor": 100})
    at(monkeypatch, timedelta(hours=7))
    desk(**PAY | {"minor": 200})

    def day(**query: str) -> list[int]:
        answer = ask(function.handler, "GET /v1/desk/money", query=query, role="manager")
        return [line["minor"] for line in answer.body["entries"]]

    assert day() == [200]
    assert day(day="2026-02-28") == [100, HUNDRED]
    assert ask(function.handler, "GET /v1/desk/money", role="staff").code == "role_required"
    assert ask(function.handler, "GET /v1/desk/money", role="owner", business="garage").body["entries"] == []


def test_each_line_says_who_when_and_why_in_the_asker_s_language() -> None:
    desk(**WAIVE)
    answer = ask(function.handler, f"GET /v1/desk/clients/{LI}/money", role="staff", language="zh-Hans")
    told = {line["what"]: line for line in answer.body["entries"]}
    assert (told["fee"]["by"], told["fee"]["why"], told["fee"]["why_code"]) == ("kept", "爽约", "fee_no_show")
    assert (told["waiver"]["by"], told["waiver"]["why"]) == ("staff:mei", "善意减免")
    assert [sum(entry["minor"] for entry in line["entries"]) for line in told.values()] == [0, 0]


def test_nothing_in_the_ledger_is_about_a_person_beyond_ids() -> None:
    desk(**WAIVE)
    desk(**PAY)
    stored = str([item for name, item in lotus.everything().items() if "ledger" in name])
    assert "c-1" in stored
    assert not any(word in stored for word in ("Li Na", "li@example.com", "+86"))


def test_what_is_earned_let_go_of_and_paid_can_be_told_apart() -> None:
    desk(**WAIVE)
    desk(**PAY)
    it = ledger.balance("lotus", LI, "CNY")
    assert {account: it.of(account) for account in it.totals} == {
        LedgerAccount.RECEIVABLE: 3_000,
        LedgerAccount.FEES: -HUNDRED,
        LedgerAccount.WAIVED: 2_000,
        LedgerAccount.CASH: 5_000,
    }
