"""How a client stands, at the desk: told with the reason, set by a person in its place, and back again."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

import clients as handler
from kept import clock
from kept.actor import KEPT, Change
from kept.storage import clients
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, an_appointment

KEY = "f3a1c0de-0000-4000-8000-00000000000%d"
PATH = "/v1/desk/clients/c-1"
WORD = {"standing": "deposit_required", "why": "Two visits missed at another shop.", "until": None}


@pytest.fixture(autouse=True)
def _world(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()
    lotus.known()


def at_desk(method: str, body: object = None, *, role: str = "staff", business: str = "lotus", key: str = "") -> Answer:
    return ask(handler.handler, f"{method} {PATH}/standing", body, role=role, business=business, key=key)


def shown(language: str = "en") -> dict[str, Any]:
    answer = ask(handler.handler, f"GET {PATH}", role="staff", language=language)
    standing: dict[str, Any] = answer.body["standing"]
    return standing


def missed(*weeks: int) -> None:
    for n in weeks:
        it = an_appointment(f"a-{n}", starts=STARTS - timedelta(weeks=n))
        lotus.put(it.mark_no_show(Change(KEPT, it.starts + timedelta(minutes=20)), evidence=()))


def test_it_is_told_with_the_reason_in_the_readers_language_and_when_it_eases() -> None:
    missed(2, 4, 6)
    told = shown()
    assert (told["standing"], told["missed"], told["set"]) == ("restricted", 3, None)
    assert told["why"] == "Missed visits since Mon, Jan 19: 3"
    assert told["why_code"] == "missed_lately"
    assert told["eases_at"] == "2026-07-18T17:00:00+08:00", "the first of them, and 180 days"
    assert shown("zh-Hans")["why"] == "自1月19日周一以来爽约3次"


def test_a_person_sets_it_for_a_while_and_the_record_counts_again() -> None:
    missed(2, 4, 6)
    until = (lotus.NOW + timedelta(days=30)).isoformat()
    set_ = at_desk("PUT", {"standing": "good", "why": "She was in hospital.", "until": until}).body["standing"]
    assert (set_["standing"], set_["by_record"], set_["why"]) == ("good", "restricted", "She was in hospital.")
    assert (set_["set"]["by"], set_["eases_at"]) == ("mei", set_["set"]["until"])
    assert at_desk("DELETE").body["standing"]["standing"] == "restricted"
    assert at_desk("DELETE").body["standing"]["set"] is None, "ended twice it is ended once"


def test_the_same_word_under_the_same_key_is_written_once() -> None:
    first = at_desk("PUT", WORD, key=KEY % 1)
    before = lotus.everything()
    assert at_desk("PUT", WORD, key=KEY % 1).body == first.body
    assert lotus.everything() == before


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"standing": "banned"}, "invalid_request", id="a standing that there is not"),
        pytest.param({"standing": None}, "invalid_request", id="none"),
        pytest.param({"why": ""}, "invalid_request", id="no reason"),
        pytest.param({"why": "   "}, "invalid_request", id="a reason of blanks"),
        pytest.param({"why": "x" * 501}, "invalid_request", id="a reason without end"),
        pytest.param({"why": "x" * 100_000}, "body_too_large", id="a reason of 100 KB"),
        pytest.param({"until": "2026-03-01"}, "invalid_request", id="a day is no instant"),
        pytest.param({"until": "2026-03-01T09:00:00"}, "invalid_request", id="an instant of no zone"),
        pytest.param({"until": "2026-02-28T09:00:00Z"}, "standing_ended", id="now"),
        pytest.param({"until": "2020-01-01T00:00:00Z"}, "standing_ended", id="long ago"),
        pytest.param({"points": 3}, "invalid_request", id="a field that there is not"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(change: dict[str, Any], code: str) -> None:
    before = lotus.everything()
    assert at_desk("PUT", WORD | change).code == code
    assert lotus.everything() == before


@pytest.mark.parametrize(
    ("role", "does", "status"),
    [
        pytest.param("owner", lambda: at_desk("PUT", WORD | {"standing": "dismissed"}), 422, id="without its letter"),
        pytest.param("staff", lambda: at_desk("DELETE"), 403, id="staff take back"),
        pytest.param("staff", lambda: at_desk("PUT", WORD), 403, id="staff set over it"),
        pytest.param("manager", lambda: at_desk("DELETE", role="manager"), 422, id="without a reason"),
        pytest.param("owner", lambda: at_desk("PUT", WORD, role="owner"), 200, id="the owner sets over it"),
    ],
)
def test_a_dismissal_ends_by_who_leads_and_with_a_reason(role: str, does: Callable[[], Answer], status: int) -> None:
    ask(handler.handler, f"POST {PATH}/dismissal", {"why": "Threats."}, role="manager")
    before = clients.load("lotus", "c-1").standing_set
    assert does().status == status
    assert (clients.load("lotus", "c-1").standing_set == before) is (status != 200), role


def test_another_business_has_no_such_client() -> None:
    before = lotus.everything()
    assert at_desk("PUT", WORD, business="garage").code == "unknown_client"
    assert at_desk("DELETE", business="garage").code == "unknown_client"
    assert lotus.everything() == before
