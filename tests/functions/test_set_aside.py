"""Work that failed again and again: out of its lane, counted, and put back by a person."""

import json
from datetime import timedelta
from typing import Any

import pytest

import due_sweep
import put_back
import reminder_fan_out
import set_aside
from kept import clock
from kept.lanes import Key, Lane
from kept.storage import aside, client_search, follow_ups
from kept.storage.refusals import UnknownItem
from kept.storage.tables import ClientItem
from tests import lotus
from tests.asking import ask
from tests.builders import STARTS
from tests.sample_events import the_world
from tests.stopping import records
from tests.templates import due

LATE = STARTS - timedelta(hours=2)
"""An hour after a-1's reminder was due."""
REMINDER = Key(Lane.REMINDER, "lotus", "a-1")
MESSAGE = Key(Lane.MESSAGE, "lotus", "a-1#v1#confirmation#email")
INDEX = Key(Lane.SEARCH, "lotus", "c-1")
ALL_CLIENTS = Key(Lane.SEARCH, "lotus", client_search.ALL)


@pytest.fixture(autouse=True)
def _late(monkeypatch: pytest.MonkeyPatch) -> None:
    the_world()
    monkeypatch.setattr(clock, "now", lambda: LATE)


def body(key: Key) -> str:
    return json.dumps({"lane": key.lane, "business": key.business, "id": key.id})


def give_up(*bodies: str) -> list[str]:
    """The numbers of the records that were not taken."""
    answer: Any = set_aside.handler(records(*bodies), None)
    return [failed["itemIdentifier"] for failed in answer["batchItemFailures"]]


def swept(sweep: Any, lane: Lane) -> int:
    event = due(lane, LATE) if sweep is due_sweep else {"time": LATE.isoformat()}
    done: int = sweep.handler(event, None)["handed_over"]
    return done


@pytest.mark.parametrize("key", [REMINDER, MESSAGE, INDEX, ALL_CLIENTS], ids=str)
def test_it_is_taken_out_of_its_lane_shown_and_put_back(key: Key) -> None:
    ClientItem("lotus", client_search.ALL).delete()
    client_search.begin("lotus")
    sweep = reminder_fan_out if key is REMINDER else due_sweep
    before = swept(sweep, key.lane)
    assert give_up(body(key)) == []
    assert swept(sweep, key.lane) == before - 1
    assert [(item.lane, item.id) for item in aside.waiting("lotus")] == [(key.lane, key.id)]
    assert list(aside.waiting("garage")) == []
    back = ask(put_back.handler, "POST /v1/desk/set-aside/put-back", {"lane": key.lane, "id": key.id}, role="manager")
    assert back.status == 200
    assert (swept(sweep, key.lane), list(aside.waiting("lotus"))) == (before, [])


def test_it_is_counted_for_the_alarm(capsys: pytest.CaptureFixture[str]) -> None:
    give_up(body(REMINDER), body(MESSAGE), body(REMINDER))
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert [line["SetAside"] for line in lines] == [[1.0], [1.0]]
    told = lines[0]["_aws"]["CloudWatchMetrics"][0]
    assert (told["Namespace"], told["Dimensions"]) == ("Kept", [["service"]])
    assert lines[0]["service"] == "kept"


def test_what_was_done_after_all_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is due again, but not yet: somebody has worked on it since."""
    monkeypatch.setattr(clock, "now", lambda: STARTS - timedelta(hours=4))
    before = lotus.everything()
    assert (
        give_up(body(REMINDER), body(Key(Lane.ATTENDANCE, "lotus", "a-1")), body(Key(Lane.REMINDER, "lotus", "a-9")))
        == []
    )
    assert lotus.everything() == before


def test_what_is_not_ours_stays_with_the_dead_letters() -> None:
    strange = [
        "nonsense",
        "[]",
        '{"business": "lotus", "id": "a-1"}',
        '{"lane": "x", "business": "lotus", "id": "a-1"}',
    ]
    assert give_up(*strange, body(REMINDER)) == ["0", "1", "2", "3"]
    assert [item.id for item in aside.waiting("lotus")] == ["a-1"]


def test_only_what_was_set_aside_can_be_put_back() -> None:
    with pytest.raises(UnknownItem):
        aside.put_back(REMINDER)


def test_a_manager_sees_it_and_puts_it_back() -> None:
    """Their own business's, and nobody else does."""
    give_up(body(REMINDER))
    (shown,) = ask(put_back.handler, "GET /v1/desk/set-aside", role="manager").body
    assert (shown["lane"], shown["id"]) == ("reminder", "a-1")
    wanted = {"lane": "reminder", "id": "a-1"}
    back = "POST /v1/desk/set-aside/put-back"
    assert ask(put_back.handler, back, wanted, role="staff").code == "role_required"
    assert ask(put_back.handler, back, wanted, role="owner", business="garage").code == "unknown_item"
    assert ask(put_back.handler, "GET /v1/desk/set-aside", role="owner", business="garage").body == []
    assert ask(put_back.handler, back, wanted, role="manager").status == 200
    assert ask(put_back.handler, "GET /v1/desk/set-aside", role="manager").body == []
    assert ask(put_back.handler, back, wanted, role="manager").code == "unknown_item"


VISIT = {"appointment": "a-1", "start": "2026-03-02T17:00:00+08:00", "client": "c-1", "client_name": "Li Na"}
ABOUT = [
    pytest.param(REMINDER, VISIT, id="a reminder"),
    pytest.param(Key(Lane.ATTENDANCE, "lotus", "a-1"), VISIT, id="whether somebody came"),
    pytest.param(MESSAGE, VISIT | {"stage": "confirmation", "channel": "email"}, id="a message about a visit"),
    pytest.param(INDEX, {"client": "c-1", "client_name": "Li Na"}, id="a client for the search"),
    pytest.param(ALL_CLIENTS, {}, id="all clients for the search"),
    pytest.param(
        Key(Lane.MESSAGE, "lotus", "c-1#v0#confirm_subscription#email#x"),
        {"client": "c-1", "client_name": "Li Na", "stage": "confirm_subscription", "channel": "email"},
        id="a message about no visit",
    ),
    pytest.param(
        Key(Lane.MESSAGE, "lotus", "day-mei#v0#day_list#email#2026-03-02"),
        {"staff": "mei", "staff_name": "Mei", "stage": "day_list", "channel": "email"},
        id="a list as it is sent",
    ),
    pytest.param(
        Key(Lane.MESSAGE, "lotus", "a-gone#v1#confirmation#sms"),
        {"stage": "confirmation", "channel": "sms"},
        id="about a visit that is no more",
    ),
    pytest.param(Key(Lane.MESSAGE, "lotus", "strange"), {}, id="an id of no message"),
    pytest.param(Key(Lane.DAY_LIST, "lotus", "staff#mei"), {"staff": "mei", "staff_name": "Mei"}, id="a list"),
    pytest.param(Key(Lane.DAY_LIST, "lotus", "day_end#mei"), {"staff": "mei", "staff_name": "Mei"}, id="a day's end"),
    pytest.param(Key(Lane.DAY_LIST, "lotus", "local_times#lotus"), {}, id="the zones"),
    pytest.param(Key(Lane.SEARCH, "lotus", "c-gone"), {}, id="a client who is no more"),
    pytest.param(Key(Lane.REMINDER, "lotus", "a-gone"), {}, id="a visit that is no more"),
    pytest.param(Key(Lane.EVENT, "lotus", "aside#events#appointment#a-1"), VISIT, id="a change of a visit"),
    pytest.param(
        Key(Lane.EVENT, "lotus", "aside#figures#message#a-1#v1#confirmation#email"), VISIT, id="a change of a message"
    ),
    pytest.param(Key(Lane.EVENT, "lotus", "aside#figures#message#strange"), {}, id="a change of no message"),
    pytest.param(
        Key(Lane.EVENT, "lotus", "aside#events#reply#c-1#in#k-1"),
        {"client": "c-1", "client_name": "Li Na"},
        id="what a client wrote",
    ),
    pytest.param(
        Key(Lane.EVENT, "lotus", "aside#events#client#c-1"),
        {"client": "c-1", "client_name": "Li Na"},
        id="a change of a client",
    ),
    pytest.param(Key(Lane.EVENT, "lotus", "aside#events#setting#line-1"), {}, id="a change of a setting"),
    pytest.param(Key(Lane.EVENT, "lotus", "aside#events#tide#a-1"), {}, id="a change of what nobody knows"),
    pytest.param(Key(Lane.EVENT, "lotus", "webhook#books"), {}, id="an address of events"),
]


@pytest.mark.parametrize(("key", "about"), ABOUT)
def test_it_says_what_it_is_about(key: Key, about: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Whose it is, which visit and when, which message: as far as it is about any of these."""
    thing = aside.SetAside(key.lane, key.id, LATE)
    monkeypatch.setattr(aside, "waiting", lambda _: iter([thing]))
    (shown,) = ask(put_back.handler, "GET /v1/desk/set-aside", role="manager").body
    told = {name: value for name, value in shown.items() if name not in ("lane", "id", "due_at") and value is not None}
    assert told == about


def test_a_follow_up_that_was_set_aside_says_whose_and_why(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = follow_ups.newest("lotus")
    assert opened
    thing = aside.SetAside(Lane.FOLLOW_UP, opened.id, LATE)
    monkeypatch.setattr(aside, "waiting", lambda _: iter([thing, thing]))
    shown, again = ask(put_back.handler, "GET /v1/desk/set-aside", role="manager").body
    assert (shown["follow_up"], shown["cause"], shown["client_name"]) == (opened.id, str(opened.cause), "Li Na")
    assert shown == again
