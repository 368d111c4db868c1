"""Rule: whatever is said or done, and how often, an item stays small and what it is about can go on; what has moved out
of it is shown, and found by its key.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import clients as client_function
import front_desk
import my_appointment
from kept import bounds, clock
from kept.actor import CLIENT, Actor, Change
from kept.booking.appointment import Appointment
from kept.business.change_rules import ChangeRules
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord
from kept.follow_up.events import What
from kept.storage import catalogs, clients, follow_ups, tables
from kept.use_cases.booking.change import apply_change
from kept.use_cases.clients.clients import change_client
from kept.use_cases.follow_ups import clock_check
from kept.use_cases.follow_ups.acts import MOST_OF_EACH
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, a_client, an_appointment
from tests.functions.answering import PHONE, brought, take
from tests.functions.following_up import at, get, now, opened, post
from tests.refusing import link
from tests.stopping import Killed, at_write, die

MOST = 200_000
"""Bytes of an item; DynamoDB takes 400,000."""
MANY = 100
"""More than twice what the item holds as lines, and of the longest words as bytes."""
REUSED = "idempotency_key_reused"
CHINESE, FACES = "请问一下这个问题" * 250, "😀" * 500
KEYS = [f"the key of line {n:04}" for n in range(MANY)]
VISIT = "/v1/desk/appointments/a-1"


@pytest.fixture(autouse=True)
def _open() -> None:
    lotus.open_both()
    lotus.known(replace(a_client(), phone=PHONE))
    lotus.put(an_appointment())
    opened("f-1")


def largest() -> int:
    """Bytes of names and values of the largest item of all tables."""
    return max(_bytes(item.to_dynamodb_dict()) for model in tables.TABLES for item in model.scan())


def _bytes(item: dict[str, dict[str, str]]) -> int:
    return sum(len(name) + len(next(iter(said.values())).encode()) for name, said in item.items())


def replies(words: str, count: int, *, first: int = 0) -> str:
    """The follow-up that so many of them come to."""
    for n in range(first, first + count):
        take(brought(words, over=Channel.SMS, id=f"in-{n}", now=at(n / 60)), now=at(n / 60))
    (one,) = (one for one in follow_ups.of_client("lotus", ("c-1",)) if one.id != "f-1")
    return one.id


def earlier(path: str, handler: Callable[..., Answer], name: str) -> list[Any]:
    """All that has moved out, asked for part by part."""
    before: int | None = None
    found: list[Any] = []
    while before is None or before > 0:
        part = handler(path, query={"before": str(before)} if before else None).body
        found, before = [*part[name], *found], part["earlier"]
    return found


@pytest.mark.parametrize(
    ("words", "count"),
    [
        pytest.param("请问这个问题" * 80 + "好不好呢谢谢您了" * 2, 300, id="300 of 500 Chinese characters"),
        pytest.param("请问一下这个问题" * 500, 60, id="60 of 4,000"),
        pytest.param("\u200b?" * 250, 60, id="60 of letters that nobody sees"),
    ],
)
def test_replies_leave_a_follow_up_that_can_be_read_explained_answered_handed_on_merged_and_closed(
    words: str, count: int
) -> None:
    id, hours = replies(words, count), count / 60 + 1
    shown = get(f"/{id}", hours=hours).body
    opening, which_visit = 4, 1
    assert (shown["turn"], len(shown["history"]) + shown["earlier"]) == ("ours", count + opening + which_visit)
    assert get(f"/{id}/explain", hours=hours).status == 200
    assert [one["id"] for one in get("", hours=hours).body["follow_ups"]].count(id) == 1
    for act, body in [
        ("/note", {"note": FACES}),
        ("/answer", {"note": "we rang"}),
        ("/message", {"words": CHINESE}),
        ("/reassign", {"to": "jun"}),
        ("/merge", {"taken": "f-1"}),
        ("/resolve", {"outcome": "settled"}),
    ]:
        assert post(f"/{id}{act}", body, hours=hours).status == 200, act
    assert get(f"/{id}", hours=hours).body["status"] == "resolved"
    assert largest() < MOST


def _note(n: int) -> Answer:
    return post("/f-1/note", {"note": f"{n} {FACES[:400]}"}, hours=1 + n / 60, key=KEYS[n])


def _message(n: int) -> Answer:
    return post("/f-1/message", {"words": f"{n} {CHINESE[:1900]}"}, hours=1 + n / 60, key=KEYS[n])


def _answer(n: int) -> Answer:
    return post("/f-1/answer", {"note": f"{n} {FACES[:400]}"}, hours=1 + n / 60, key=KEYS[n])


def _tried(n: int) -> Answer:
    return post("/f-1/tried", {"channel": "call", "note": FACES[:400]}, hours=1 + n / 600, key=KEYS[n])


def _talk(n: int) -> Answer:
    return (_message, _answer)[n % 2](n)


def _hand(n: int) -> Answer:
    return post("/f-1/reassign", {"to": ("jun", "mei")[n % 2], "why": FACES[:400]}, hours=1 + n / 60, key=KEYS[n])


def _tier(n: int) -> Answer:
    body = {"tier": ("regular", "vip")[n % 2], "why": FACES[:400]}
    return post("/f-1/tier", body, hours=1 + n / 60, key=KEYS[n])


def _close(n: int) -> Answer:
    if n % 2:
        return post("/f-1/reopen", {"why": f"{n}"}, hours=1 + n / 60, key=KEYS[n])
    return post("/f-1/resolve", {"outcome": f"{n}"}, hours=1 + n / 60, key=KEYS[n])


OF_A_FOLLOW_UP = [
    pytest.param(_note, id="notes"),
    pytest.param(_message, id="what the client said on the telephone"),
    pytest.param(_answer, id="answers"),
    pytest.param(_tried, id="calls nobody takes"),
    pytest.param(_talk, id="a long talk"),
    pytest.param(_hand, id="handed to and fro"),
    pytest.param(_tier, id="one tier and the other"),
    pytest.param(_close, id="closed and reopened"),
]


@pytest.mark.parametrize("act", OF_A_FOLLOW_UP)
def test_a_follow_up_stays_small_keeps_every_line_and_knows_its_keys(act: Callable[[int], Answer]) -> None:
    first = [act(n) for n in range(MANY)]
    assert {answer.status for answer in first} == {200}
    assert largest() < MOST
    shown = get("/f-1", hours=1 + MANY / 60).body
    lines = [*earlier("/f-1/history", get, "lines"), *shown["history"]]
    assert [line["why"] for line in lines[5:]] == [answer.body["why"] for answer in first]
    assert shown["earlier"] >= MANY + 5 - bounds.LINES
    before = lotus.everything()
    assert [act(n).body for n in (0, 1, MANY // 2, MANY - 1)] == [first[n].body for n in (0, 1, MANY // 2, MANY - 1)]
    assert post("/f-1/note", {"note": "something else"}, hours=9, key=KEYS[0]).code == REUSED
    assert lotus.everything() == before


def test_words_that_pauses_are_explained_by_count_and_too_many_of_them_are_refused() -> None:
    """The longest reasons there can be: the item holds some fifty."""
    answers = []
    for n in range(MANY):
        until = at(2 + n / 60).isoformat()
        answers.append(post("/f-1/snooze", {"why": FACES, "until": until}, hours=1 + n / 60).code)
    assert (answers[0], answers[-1], largest() < MOST) == (None, "follow_up_full", True)
    for act, body in (("answer", {}), ("reassign", {"to": "jun"}), ("note", {"note": "full"})):
        assert post(f"/f-1/{act}", body, hours=9).status == 200
    assert post("/f-1/resolve", {"outcome": "over"}, hours=9).status == 200
    assert post("/f-1/reopen", {"why": "not over"}, hours=9).code == "follow_up_full"


def test_what_the_client_writes_when_it_is_full_is_another_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    id = replies("请问这个问题", 3)
    monkeypatch.setattr("kept.follow_up.follow_up.MOST", -1)
    take(brought("请问这个问题", over=Channel.SMS, id="in-9", now=at(1)), now=at(1))
    assert {one.id for one in follow_ups.of_client("lotus", ("c-1",))} == {"f-1", id, f"{id}-2"}
    take(brought("请问这个问题", over=Channel.SMS, id="in-0", now=at(2)), now=at(2))
    assert len(now(f"{id}-2").history) == 5


def test_a_reply_that_comes_again_after_its_line_moved_out_is_written_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed before it was noted as done, the first one comes once more after sixty others."""
    with monkeypatch.context() as patched:
        patched.setattr("kept.use_cases.replies.reading._settled", die)
        with pytest.raises(Killed):
            take(brought("请问这个问题", over=Channel.SMS, id="in-0", now=at(0)), now=at(0))
    id = replies("请问这个问题", 60, first=1)
    assert now(id).archived > 0
    before = len(now(id).history) + now(id).archived
    take(brought("请问这个问题", over=Channel.SMS, id="in-0", now=at(3)), now=at(3))
    assert len(now(id).history) + now(id).archived == before


def test_two_of_which_lines_have_moved_out_are_merged_with_all_their_lines() -> None:
    opened("f-2")
    for n in range(30):
        for id in ("f-1", "f-2"):
            post(f"/{id}/message", {"words": f"{id} {n}"}, hours=1 + n / 60)
            post(f"/{id}/answer", {"note": f"{id} {n}"}, hours=1.005 + n / 60)
    assert post("/f-1/merge", {"taken": "f-2"}, hours=3).status == 200
    whole = follow_ups.whole(now("f-1"))
    assert len(whole) == 2 * (5 + 60) + 1
    assert [line.at for line in whole] == sorted(line.at for line in whole)
    assert {(line.thread, line.why) for line in whole if line.what is What.ANSWERED} == {
        (thread, f"{id} {n}") for thread, id in (("", "f-1"), ("f-2", "f-2")) for n in range(30)
    }
    assert largest() < MOST
    assert post("/f-1/resolve", {"outcome": "both"}, hours=3).status == 200


@pytest.mark.parametrize("write", [0, 1])
def test_a_crash_leaves_a_line_in_one_place_or_the_other(write: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """There is one write: before it nothing has happened, and there is nothing after it."""
    for n in range(60):
        _note(n)
    before = _all_lines()
    with monkeypatch.context() as patched:
        at_write(patched, write, die)
        if write == 0:
            with pytest.raises(Killed):
                _note(60)
            assert _all_lines() == before
        else:
            assert _note(60).status == 200
    _note(60)
    assert _all_lines() == [*before, f"60 {FACES[:400]}"]


def _all_lines() -> list[str]:
    return [line.why for line in follow_ups.whole(now()) if line.what is What.NOTED]


def visits(act: str, body: object, n: int) -> Answer:
    return ask(front_desk.handler, f"POST {VISIT}/{act}", body, role="staff", key=KEYS[n])


def shown(path: str, **asked: Any) -> Answer:
    return ask(front_desk.handler, f"GET {VISIT}{path}", role="staff", **asked)


def _on_my_way(n: int) -> object:
    why = f"wrote: {n} {CHINESE}"
    change = Change(CLIENT, STARTS, why, KEYS[n], KEYS[n])
    return apply_change(catalogs.load("lotus"), "a-1", lambda it: it.wait_for_client(STARTS, change), change)


def _risk(n: int) -> object:
    return visits(("risk", "no-risk")[n % 2], {}, n).body


def _moves(n: int, every: int = 1) -> object:
    """To where it stands already would be no move."""
    start = (STARTS + timedelta(days=1 + n // every % 2)).isoformat()
    return visits("reschedule", {"start": start, "override": f"{n} {FACES[:400]}"}, n).body


def _moved_and_confirmed(n: int) -> object:
    return visits("confirm", {}, n).body if n % 2 else _moves(n, every=2)


OF_A_VISIT = [
    pytest.param(_on_my_way, id="on my way, in many words"),
    pytest.param(_risk, id="at risk and not"),
    pytest.param(_moves, id="moved to and fro"),
    pytest.param(_moved_and_confirmed, id="moved and confirmed"),
]


@pytest.mark.parametrize("act", OF_A_VISIT)
def test_an_appointment_stays_small_keeps_every_line_and_knows_its_keys(
    act: Callable[[int], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    first = [act(n) for n in range(MANY)]
    assert largest() < MOST
    body = shown("").body
    lines = [*earlier("/history", shown, "history"), *body["history"]]
    assert (len(lines), body["earlier"] >= MANY + 1 - bounds.LINES) == (MANY + 1, True)
    before = lotus.everything()
    for n in (0, 1, MANY // 2, MANY - 1):
        assert _without_lines(act(n)) == _without_lines(first[n])
    assert lotus.everything() == before
    _can_go_on()


def _without_lines(answer: Any) -> Any:
    """What a first answer told of the history was shorter."""
    if isinstance(answer, Appointment):
        return replace(answer, history=(), archived=0, revision=0, processed_until=answer.booked_at)
    return {name: said for name, said in answer.items() if name not in ("history", "earlier")}


def _can_go_on() -> None:
    start = (STARTS + timedelta(days=3)).isoformat()
    moved = ask(front_desk.handler, f"POST {VISIT}/reschedule", {"start": start}, role="staff", key="the very last key")
    assert moved.status == 200, moved.body
    assert ask(my_appointment.handler, "POST /v1/appointment/confirm", {}, bearer=link()).status == 200
    assert ask(my_appointment.handler, "POST /v1/appointment/cancel", {}, bearer=link()).status == 200
    assert shown("").body["status"] == "cancelled"


def test_of_an_old_history_the_rules_find_what_they_ask_for() -> None:
    """When the slot was chosen, and what the client did last."""
    it = an_appointment()
    moved = it.reschedule(it.slot, Change(Actor("staff", "mei"), STARTS - timedelta(days=1)), rules=ChangeRules())
    confirmed = moved.confirm(Change(CLIENT, STARTS - timedelta(hours=20)))
    for n in range(200):
        at_risk = Change(Actor("staff", "mei"), STARTS - timedelta(hours=10) + timedelta(minutes=n))
        confirmed, _ = confirmed.risk(at_risk, high=n % 2 == 0).shortened
    assert confirmed.chosen_at == STARTS - timedelta(days=1)
    assert [e.what for e in confirmed.history if e.is_clients] == ["booked", "confirmed"]
    assert len(confirmed.history) <= bounds.LINES + 4


def _consent(n: int) -> Answer:
    said = {"purpose": "promotional", "channel": "sms", "said": ("given", "withdrawn")[n % 2], "how": "phone"}
    return ask(
        client_function.handler,
        "POST /v1/desk/clients/c-1/consents",
        said | {"words": f"{n} {CHINESE[:400]}"},
        role="staff",
    )


def of_li(path: str, **asked: Any) -> Answer:
    return ask(client_function.handler, f"GET /v1/desk/clients/c-1{path}", role="staff", **asked)


def test_a_ledger_of_consents_keeps_every_word_and_the_client_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    assert {_consent(n).status for n in range(MANY)} == {200}
    body = of_li("").body
    old = earlier("/consents", of_li, "consents")
    words = [line["words"] for line in [*old, *body["consents"]] if line["purpose"] == "promotional"]
    assert list(dict.fromkeys(words)) == [f"{n} {CHINESE[:400]}" for n in range(MANY)]
    assert largest() < MOST
    assert li().said(Purpose.PROMOTIONAL, Channel.SMS) is ConsentWord.WITHDRAWN
    assert li().said(Purpose.TRANSACTIONAL, Channel.EMAIL) is ConsentWord.GIVEN


def li() -> Client:
    return clients.load("lotus", "c-1")


GROWS: list[Any] = [
    pytest.param(
        lambda it, n: it.stating(
            Consent(Purpose.TRANSACTIONAL, Channel.SMS, at(n), "sms", CHINESE, [*ConsentWord][n % 3])
        ),
        id="STOP and START in many words",
    ),
    pytest.param(
        lambda it, n: replace(it, email=f"li{n}@example.com").stopping(Channel.EMAIL, why=CHINESE, at=at(n)),
        id="one dead address after the other",
    ),
    pytest.param(lambda it, n: it.writing([*Channel][n % 6], at=at(n)), id="messages over every channel"),
    pytest.param(lambda it, n: it.invited(at=at(n / 60)), id="invitations"),
]


@pytest.mark.parametrize("happens", GROWS)
def test_a_client_stays_small(happens: Callable[[Client, int], Client]) -> None:
    for n in range(MANY):
        change_client("lotus", "c-1", lambda it, n=n: happens(it, n))  # type: ignore[misc]
    assert largest() < MOST
    assert li().name == "Li Na"


def test_nobody_reads_the_old_lines_of_another_business_or_without_signing_in() -> None:
    for n in range(60):
        _note(n)
    assert get("/f-1/history", business="garage").status == 404
    assert get("/f-1/history", role="").status in (401, 403)
    assert get("/f-1%23h%2300000000").status in (404, 422)
    assert get("/f-1/history", query={"before": "0"}).status == 422
    assert get("/f-1/history", query={"before": "99999999"}).body == get("/f-1/history").body


def test_an_ordinary_one_is_one_item_and_has_nothing_earlier() -> None:
    for n in range(bounds.LINES - 5):
        post("/f-1/note", {"note": f"{n}"}, hours=1)
    ids = [item.id for item in tables.FollowUpItem.scan()]
    assert (ids, now().archived, get("/f-1/history").body) == (["f-1"], 0, {"lines": [], "earlier": 0})


@pytest.mark.parametrize(
    ("notices", "follow_ups_written"), [(clock_check.MOST, 1), (2 * MOST_OF_EACH, 2)], ids=["a look", "a merge"]
)
def test_the_longest_transactions_have_room_for_the_lines_that_move_out(notices: int, follow_ups_written: int) -> None:
    """DynamoDB takes a hundred items; a line that moves is two."""
    assert notices + follow_ups_written * (1 + 2 * bounds.AT_ONCE) <= 100
