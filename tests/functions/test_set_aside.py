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
from kept.storage import aside
from kept.storage.refusals import UnknownItem
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


def swept(sweep: Any) -> int:
    event = due(Lane.MESSAGE, LATE) if sweep is due_sweep else {"time": LATE.isoformat()}
    done: int = sweep.handler(event, None)["handed_over"]
    return done


@pytest.mark.parametrize(("key", "sweep"), [(REMINDER, reminder_fan_out), (MESSAGE, due_sweep)], ids=str)
def test_it_is_taken_out_of_its_lane_shown_and_put_back(key: Key, sweep: Any) -> None:
    before = swept(sweep)
    assert give_up(body(key)) == []
    assert swept(sweep) == before - 1
    assert [(item.lane, item.id) for item in aside.waiting("lotus")] == [(key.lane, key.id)]
    assert list(aside.waiting("garage")) == []
    aside.put_back(key)
    assert (swept(sweep), list(aside.waiting("lotus"))) == (before, [])


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
