"""What staff read of follow-ups: the board and what is looked for on it, a queue, one in full, and why it is due."""

from dataclasses import replace
from typing import Any

import pytest

from kept.actor import CLIENT, Change
from kept.channels import Channel
from kept.clients.booked_as import BookedAs
from kept.clients.client import Tier
from kept.follow_up.events import FollowUpEvent, Reopening, What
from kept.follow_up.follow_up import line
from kept.follow_up.policy import ServicePolicy
from kept.messaging.received import Received
from kept.storage import follow_up_policies, messages
from kept.storage import follow_ups as stored
from kept.storage.transaction import together
from kept.use_cases.follow_ups import board as desk
from tests import lotus
from tests.builders import a_client, a_follow_up, an_appointment
from tests.functions.following_up import BOARD, at, get, moment, now, of_wang, opened, post


@pytest.fixture(autouse=True)
def _open() -> None:
    """Mei's follow-up of Li Na, a VIP, opened on Monday at 9:00 UTC and due a day later."""
    lotus.open_both()
    lotus.known()
    lotus.open_follow_up(a_follow_up())


def on_board(**query: str) -> list[str]:
    return [line["id"] for line in get(query=query).body["follow_ups"]]


def clocks(body: Any) -> dict[str, str]:
    return {clock["name"].partition("_2026")[0]: clock["state"] for clock in body["clocks"]}


def test_the_board_shows_what_is_due_first_and_how_its_clocks_run() -> None:
    opened("f-2", tier=Tier.REGULAR, hours=1)
    opened("f-0", hours=-2)
    answer = get(hours=23)
    first = answer.body["follow_ups"][0]
    assert [line["id"] for line in answer.body["follow_ups"]] == ["f-0", "f-1", "f-2"]
    assert answer.body["next"] is None
    assert {name: first[name] for name in ("phase", "turn", "priority", "answer_by", "back")} == {
        "phase": "open",
        "turn": "ours",
        "priority": "normal",
        "answer_by": "2026-03-03T07:00:00Z",
        "back": None,
    }
    assert first["clock"] == first["clocks"][0]
    assert first["clock"] == {
        "name": "first_response",
        "kind": "first_response",
        "step": None,
        "state": "missed",
        "started": "2026-03-02T07:00:00Z",
        "target": 24 * 3600,
        "due": "2026-03-03T07:00:00Z",
        "answer_by": "2026-03-03T07:00:00Z",
        "stopped": None,
        "spent": 25 * 3600,
        "remaining": -3600,
    }
    assert [clock["step"] for clock in first["clocks"]] == [None, None, "call"]
    assert [line["clock"]["state"] for line in answer.body["follow_ups"]] == ["missed", "running", "running"]


def test_one_that_waits_says_when_it_comes_back_and_which_clocks_stand_still() -> None:
    post("/f-1/answer", {"note": "Sent her three times."})
    post("/f-1/wait", {"until": moment(40)}, hours=2)
    (line,) = get(hours=10).body["follow_ups"]
    assert (line["phase"], line["turn"], line["status"]) == ("waiting", "theirs", "answered")
    assert (line["back"], line["answer_by"]) == ("2026-03-04T01:00:00Z", "2026-03-03T09:00:00Z")
    assert clocks(line) == {"first_response": "met", "resolution": "paused", "step_call": "running"}
    assert (line["clock"]["name"], line["clock"]["due"]) == ("step_call", "2026-03-03T09:00:00Z")


def test_what_is_answered_stands_on_the_board_until_it_is_closed() -> None:
    post("/f-1/answer", {"note": "Called her; she comes on Friday."})
    assert (on_board(), on_board(status="open"), on_board(status="answered")) == (["f-1"], [], ["f-1"])
    post("/f-1/resolve", {"outcome": "Booked again."}, hours=2)
    assert (on_board(), on_board(status="answered")) == ([], [])
    whole = get("/f-1", hours=3).body
    assert (whole["status"], whole["phase"], whole["turn"], whole["answer_by"]) == (
        "resolved",
        "closed",
        "nobodys",
        None,
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({"assignee": "mei"}, ["f-1", "f-missed"], id="one person's"),
        pytest.param({"assignee": ""}, ["f-nobody"], id="nobody's yet"),
        pytest.param({"assignee": "lin"}, [], id="of somebody who has none"),
        pytest.param({"tier": "regular"}, ["f-jun"], id="a tier"),
        pytest.param({"cause": "no_show"}, ["f-1", "f-jun", "f-missed", "f-nobody"], id="a cause"),
        pytest.param({"cause": "complaint"}, [], id="a cause that none has"),
        pytest.param({"priority": "urgent"}, ["f-nobody"], id="a priority"),
        pytest.param({"missed": "true"}, ["f-missed"], id="missed"),
        pytest.param({"missed": "false"}, ["f-1", "f-jun", "f-nobody"], id="not missed"),
        pytest.param({"status": "answered"}, ["f-missed"], id="the client's turn"),
        pytest.param({"assignee": "mei", "missed": "true"}, ["f-missed"], id="two things at once"),
        pytest.param({"assignee": "jun", "tier": "vip"}, [], id="two things that none has"),
    ],
)
def test_the_board_shows_only_what_is_looked_for(query: dict[str, str], found: list[str]) -> None:
    """A clock that was stopped too late is missed as well."""
    opened("f-jun", tier=Tier.REGULAR, assignee="jun")
    opened("f-nobody", assignee="")
    post("/f-nobody/priority", {"priority": "urgent"})
    opened("f-missed", hours=-25)
    post("/f-missed/answer", {}, hours=0)
    post("/f-missed/step", {"step": "call", "outcome": "Reached her."}, hours=0)
    assert sorted(on_board(**query)) == found


def test_a_long_board_is_read_in_pages_and_each_line_stands_on_one() -> None:
    ids = ["f-1", *(f"g-{number:02}" for number in range(54))]
    for id in ids[1:]:
        opened(id, hours=1)
    first = get().body
    rest = get(query={"after": first["next"]}).body
    assert [len(page["follow_ups"]) for page in (first, rest)] == [50, 5]
    seen = [line["id"] for page in (first, rest) for line in page["follow_ups"]]
    assert (sorted(seen), seen[0], rest["next"]) == (ids, "f-1", None)


@pytest.mark.parametrize(
    "query", [{}, {"tier": "regular"}, {"assignee": "jun"}, {"assignee": "jun", "tier": "regular"}]
)
def test_whatever_is_looked_for_no_line_is_lost_or_told_twice(
    query: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading goes on over pages where nothing fits, as far as one request may; then the cursor goes on from there."""
    monkeypatch.setattr(desk, "PAGE", 3)
    monkeypatch.setattr(desk, "PAGES", 2)
    for number in range(20):
        tier, whose = (Tier.REGULAR if number > 11 else Tier.VIP), ("jun" if number % 3 else "mei")
        opened(f"g-{number:02}", tier=tier, assignee=whose)
    seen: list[str] = []
    after: dict[str, str] = {}
    requests = 0
    while requests == 0 or after:
        body = get(query=query | after).body
        seen += [line["id"] for line in body["follow_ups"]]
        after = {"after": body["next"]} if body["next"] else {}
        requests += 1
    wanted = [f"g-{number:02}" for number in range(20)]
    if "tier" in query:
        wanted = wanted[12:]
    if "assignee" in query:
        wanted = [id for id in wanted if int(id[2:]) % 3]
    assert sorted(seen) == (wanted if query else ["f-1", *wanted])
    assert requests > 1


def test_reading_goes_on_over_pages_where_nothing_fits_but_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "PAGE", 2)
    for number in range(4):
        opened(f"g-{number}")
    opened("h-0", tier=Tier.REGULAR)
    assert on_board(tier="regular") == ["h-0"]
    monkeypatch.setattr(desk, "PAGES", 2)
    first = get(query={"tier": "regular"}).body
    assert (first["follow_ups"], on_board(tier="regular", after=first["next"])) == ([], ["h-0"])


def test_what_another_machine_wrote_whose_clock_is_ahead_has_happened() -> None:
    post("/f-1/answer", {}, hours=1.001)
    (line,) = get(hours=1).body["follow_ups"]
    assert (line["status"], line["clocks"][0]["state"]) == ("answered", "met")


def test_what_was_closed_since_the_index_was_written_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    post("/f-1/resolve", {"outcome": "Booked again."})
    late = stored.Page((now(),), None)
    monkeypatch.setattr(stored, "board", lambda *_, **__: late)
    assert on_board() == []


def test_ones_own_queue_is_what_is_due_next_and_last_what_is_put_off() -> None:
    opened("f-soon", hours=-3)
    opened("f-jun", assignee="jun")
    opened("f-later", hours=-4)
    post("/f-later/snooze", {"until": moment(5), "why": "She is on a plane."})
    body = get("/mine").body
    assert [(line["id"], line["phase"]) for line in body["follow_ups"]] == [
        ("f-soon", "open"),
        ("f-1", "open"),
        ("f-later", "snoozed"),
    ]
    assert body["next"] is None
    assert [line["id"] for line in get("/mine", staff="jun").body["follow_ups"]] == ["f-jun"]
    assert get("/mine", staff="u-77").body["follow_ups"] == []


def test_a_long_queue_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "QUEUE", 2)
    for id in ("f-2", "f-3"):
        opened(id, hours=1)
    first = get("/mine").body
    rest = get("/mine", query={"after": first["next"]}).body
    assert [[line["id"] for line in body["follow_ups"]] for body in (first, rest)] == [["f-1", "f-2"], ["f-3"]]


def test_one_in_full_says_whom_to_reach_and_what_was_done() -> None:
    post("/f-1/note", {"note": "Line busy."}, hours=2)
    post("/f-1/answer", {"note": "She comes on Friday."}, hours=20)
    body = get("/f-1", hours=30).body
    assert (body["client_name"], body["client_email"], body["appointment"]) == ("Li Na", "li@example.com", "a-1")
    assert [(line["what"], line["by"], line["to"], line["why"]) for line in body["history"]] == [
        ("opened", "kept", "no_show", ""),
        ("tier", "kept", "vip", ""),
        ("priority", "kept", "normal", ""),
        ("policy", "kept", "1", ""),
        ("assigned", "kept", "mei", ""),
        ("noted", "staff:mei", "", "Line busy."),
        ("answered", "staff:mei", "", "She comes on Friday."),
    ]
    first = body["clocks"][0]
    assert (first["state"], first["spent"], body["opened"]) == ("met", 20 * 3600, "2026-03-02T09:00:00Z")


def test_one_in_full_shows_its_plan_as_far_as_it_has_come() -> None:
    post("/f-1/step", {"step": "call", "outcome": "Reached her."}, hours=3)
    call, offer, check = get("/f-1", hours=4).body["plan"]
    assert call == {
        "step": "call",
        "state": "done",
        "begins": "2026-03-02T09:00:00Z",
        "due": None,
        "done": "2026-03-02T12:00:00Z",
        "by": "staff:mei",
        "outcome": "Reached her.",
    }
    assert (offer["state"], offer["begins"], offer["due"]) == ("next", "2026-03-02T12:00:00Z", "2026-03-03T12:00:00Z")
    assert (check["state"], check["begins"], check["due"]) == ("to_come", None, None)
    post("/f-1/resolve", {"outcome": "Booked again."}, hours=5)
    assert [step["state"] for step in get("/f-1", hours=6).body["plan"]] == ["done", "dropped", "dropped"]


def test_two_steps_done_at_once_have_each_their_own_outcome() -> None:
    post("/f-1/step", {"step": "call", "outcome": "Reached her."})
    post("/f-1/step", {"step": "offer_times", "outcome": "She takes Friday."})
    plan = get("/f-1").body["plan"]
    assert [step["outcome"] for step in plan] == ["Reached her.", "She takes Friday.", ""]


def test_a_plan_that_begins_anew_has_none_of_its_steps_done() -> None:
    with together() as transaction:
        follow_up_policies.put("lotus", ServicePolicy(number=2, reopening=Reopening.NEW_CYCLE), transaction)
    opened("f-2", policy=2)
    for step in ("call", "offer_times"):
        post("/f-2/step", {"step": step, "outcome": "Done."}, hours=1)
    post("/f-2/resolve", {"outcome": "Booked again."}, hours=2)
    post("/f-2/reopen", {"why": "She did not come again."}, hours=3)
    body = get("/f-2", hours=4).body
    assert [(step["state"], step["begins"]) for step in body["plan"]] == [
        ("next", "2026-03-02T12:00:00Z"),
        ("to_come", None),
        ("to_come", None),
    ]
    assert body["clocks"][-1]["name"] == "step_call_cycle_2"


def test_one_in_full_says_when_to_try_again_and_when_it_is_given_up() -> None:
    ladder = ("tries", "next_try", "ghosted_at")
    assert [get("/f-1").body[name] for name in ladder] == [0, "2026-03-02T09:00:00Z", None]
    for day in (0, 2, 7):
        post("/f-1/tried", {"channel": "call", "note": "No answer."}, hours=24 * day + 1)
    assert [get("/f-1", hours=24 * 7 + 2).body[name] for name in ladder] == [3, None, "2026-03-10T10:00:00Z"]
    post("/f-1/message", {"words": "Sorry, I was away."}, hours=24 * 7 + 3)
    assert [get("/f-1", hours=24 * 7 + 4).body[name] for name in ladder] == [3, None, None]


def test_one_in_full_splits_the_time_of_each_clock_by_whose_it_was() -> None:
    post("/f-1/reassign", {"to": "jun"}, hours=5)
    first, *_ = get("/f-1", hours=8).body["clocks"]
    assert (first["time_by_owner"], first["spent"]) == ({"mei": 5 * 3600, "jun": 3 * 3600}, 8 * 3600)


def test_a_deadline_explains_itself_in_sentences_and_spans() -> None:
    post("/f-1/answer", {"note": "Sent her three times."}, hours=2)
    post("/f-1/wait", {"until": moment(10), "why": "She asks at work."}, hours=4)
    body = get("/f-1/explain", hours=12, query={"locale": "en"}).body
    assert (body["id"], body["zone"], body["locale"]) == ("f-1", "Asia/Shanghai", "en")
    assert [clock["name"] for clock in body["clocks"]] == ["first_response", "resolution", "step_call"]
    resolution = body["clocks"][1]
    assert [(span["begins"], span["reason"], span["note"], span["seconds"]) for span in resolution["spans"]] == [
        ("2026-03-02T17:00:00+08:00", "counted", "", 4 * 3600),
        ("2026-03-02T21:00:00+08:00", "waiting", "She asks at work.", 6 * 3600),
        ("2026-03-03T03:00:00+08:00", "counted", "", 116 * 3600),
    ]
    assert resolution["sentences"][0].startswith("Resolution: due Sat, Mar 7")
    assert "waiting for the client (She asks at work.)" in resolution["sentences"][2]
    assert len(resolution["sentences"]) == 1 + len(resolution["spans"])


@pytest.mark.parametrize(
    ("query", "locale", "begins"),
    [
        pytest.param({}, "zh-Hans", "首次", id="the business's own"),
        pytest.param({"locale": "en-GB"}, "en-GB", "First response", id="a kind of English"),
        pytest.param({"locale": "tlh"}, "tlh", "First response", id="a language that we do not speak"),
    ],
)
def test_it_explains_itself_in_a_language(query: dict[str, str], locale: str, begins: str) -> None:
    body = get("/f-1/explain", query=query).body
    assert body["locale"] == locale
    assert body["clocks"][0]["sentences"][0].startswith(begins)


@pytest.mark.parametrize("locale", ["", "x" * 21])
def test_what_cannot_be_a_language_is_refused(locale: str) -> None:
    assert get("/f-1/explain", query={"locale": locale}).code == "invalid_request"


def test_all_of_a_client_are_shown_those_that_are_over_too() -> None:
    of_wang("f-wang")
    opened("f-0", hours=-2)
    post("/f-1/resolve", {"outcome": "Booked again."})
    found = get("/c-1/follow-ups", under="/v1/desk/clients").body
    assert [(line["id"], line["status"]) for line in found] == [("f-0", "open"), ("f-1", "resolved")]
    assert found[1]["clock"]["stopped"] == "2026-03-02T10:00:00Z"
    assert get("/c-9/follow-ups", under="/v1/desk/clients").code == "unknown_client"
    assert get("/c-1/follow-ups", under="/v1/desk/clients", business="garage", staff="sam").code == "unknown_client"


@pytest.mark.parametrize("after", ["", "x", "1", "1.", ".f-1", "²3.f-1", "٣.f-1", "1" * 15 + ".f-1"])
@pytest.mark.parametrize("path", ["", "/mine"])
def test_a_cursor_that_is_none_is_refused(path: str, after: str) -> None:
    assert get(path, query={"after": after}).code == "invalid_request"


@pytest.mark.parametrize(
    "query",
    [
        {"status": "resolved"},
        {"status": ""},
        {"tier": "gold"},
        {"cause": "boredom"},
        {"priority": "high"},
        {"missed": "perhaps"},
        {"assignee": "lotus#mei"},
        {"assignee": "x" * 65},
    ],
    ids=str,
)
def test_there_is_no_board_of_that(query: dict[str, str]) -> None:
    assert get(query=query).code == "invalid_request"


def test_a_cursor_of_another_business_shows_nothing_of_it() -> None:
    after = f"{int(at(0).timestamp())}.f-1"
    assert get(business="garage", staff="sam", query={"after": after}).body["follow_ups"] == []


@pytest.mark.parametrize("path", ["/f-1", "/f-1/explain"])
def test_another_business_sees_nothing(path: str) -> None:
    assert get(business="garage").body["follow_ups"] == []
    assert get("/mine", business="garage", staff="mei").body["follow_ups"] == []
    assert (get(path, business="garage").status, get(path, business="garage").code) == (404, "unknown_follow_up")


@pytest.mark.parametrize("route", [BOARD, f"{BOARD}/mine", f"{BOARD}/f-1", f"{BOARD}/f-1/explain"])
def test_nobody_looks_without_a_role(route: str) -> None:
    assert (get(under=route, role="").status, get(under=route, role="client").status) == (401, 403)


def test_a_deadline_at_night_is_shown_as_the_closing_before_it_and_explained() -> None:
    """Opened at 03:11 in Shanghai, and so due at 03:11; the salon closes at 20:00."""
    opened("f-night", hours=-(13 + 49 / 60))
    line = next(line for line in get(hours=1).body["follow_ups"] if line["id"] == "f-night")
    assert (line["answer_by"], line["clock"]["due"][:16]) == ("2026-03-02T12:00:00Z", "2026-03-02T19:11")
    (first, *_) = get("/f-night/explain", hours=1, query={"locale": "en"}).body["clocks"]
    assert first["answer_by"] == "2026-03-02T12:00:00Z"
    assert "the business is closed: answer by Mon, Mar 2, 8:00" in first["sentences"][0]
    (chinese, *_) = get("/f-night/explain", hours=1, query={"locale": "zh-Hans"}).body["clocks"]
    assert "不在营业时间内，请在3月2日周一 20:00前回复" in chinese["sentences"][0]


def test_a_line_says_whom_to_speak_to_what_they_wrote_and_what_to_tell_them() -> None:
    """Read together for the whole list: of a booking under another name and number, those of the booking."""
    lotus.known(replace(a_client(), id="c-2", name="Wang Fang", email="wang@example.com", phone="+8613912345678"))
    call = replace(a_follow_up(), id="f-2", client="c-2", about="")
    lotus.open_follow_up(replace(call, history=tuple(_as_call(event) for event in call.history)))
    lotus.put(replace(an_appointment(), booked_as=BookedAs("Lao Li", "en", phone="+8613900000009")))
    post("/f-1/message", {"words": "I was ill.\nSorry!"})
    gone = lotus.open_follow_up(replace(a_follow_up(opened=at(1)), id="f-3", client="c-gone", about=""))
    seen = {line["id"]: line for line in get().body["follow_ups"]}
    shown = ("client_name", "client_phone", "client_phone_written", "words", "to_tell")
    assert {id: tuple(line[name] for name in shown) for id, line in seen.items()} == {
        "f-1": ("Lao Li", "+8613900000009", "139 0000 0009", "I was ill.\nSorry!", ""),
        "f-2": ("Wang Fang", "+8613912345678", "139 1234 5678", "", "Please come at two."),
        gone.id: ("", None, None, "", ""),
    }
    mine = get("/mine", staff="mei").body["follow_ups"]
    assert {line["id"]: line["client_name"] for line in mine} == {id: it["client_name"] for id, it in seen.items()}


def _as_call(event: FollowUpEvent) -> FollowUpEvent:
    return replace(event, to="call", why="Please come at two.") if event.what is What.OPENED else event


def test_what_a_client_wrote_to_us_stands_on_the_line_as_they_wrote_it() -> None:
    """Of two clients under the same key each their own."""
    of_wang("f-2")
    for id, client, words in (("f-1", "c-1", "Friday?\nOr Saturday."), ("f-2", "c-2", "明天可以吗")):
        messages.put_received(Received("lotus", client, "k-1", Channel.SMS, words, at(1)))
        wrote = line(What.CLIENT_WROTE, Change(CLIENT, at(1), key="k-1"))
        stored.put_alone(now(id).record(wrote, stored.policies(now(id)), now=at(1)))
    assert {line["id"]: line["words"] for line in get(hours=2).body["follow_ups"]} == {
        "f-1": "Friday?\nOr Saturday.",
        "f-2": "明天可以吗",
    }
