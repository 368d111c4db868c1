"""The client's page at the desk: entered and edited, notes and tags, their record in figures, and their visits."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import clients as function
from kept import clock
from kept.actor import CLIENT, KEPT, Actor, Change
from kept.booking.appointment import Appointment
from kept.business.change_rules import ChangeRules
from kept.clients.client import Tier
from kept.clients.holding import forgotten_at
from kept.clients.notes import MOST_PINNED, alerts
from kept.storage import client_notes, clients
from kept.storage.tables import ClientItem
from kept.use_cases.clients import editing
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, a_client, an_appointment

KEY = "f3a1c0de-0000-4000-8000-000000000012"
WANG = {"name": "Wang Fang", "phone": "139 1111 2222"}


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Li Na, c-1, is a client of the salon."""
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()
    lotus.known(replace(a_client(), phone="+8613812345678"))


def at_desk(route: str, body: object = None, **asked: Any) -> Answer:
    """`route` is what stands behind /v1/desk/clients: "GET /c-1"."""
    method, _, path = route.partition(" ")
    return ask(function.handler, f"{method} /v1/desk/clients{path}", body, **{"role": "staff"} | asked)


def refused(route: str, body: object = None, **asked: Any) -> Answer:
    before = lotus.everything()
    answer = at_desk(route, body, **asked)
    assert lotus.everything() == before
    return answer


def noted(text: str = "Likes it short", *, pinned: bool = False, **asked: Any) -> Any:
    answer = at_desk("POST /c-1/notes", {"text": text, "pinned": pinned}, **asked)
    assert answer.status == 201
    return answer.body


# Entering somebody new


def test_a_new_client_is_entered_with_what_is_known_of_them() -> None:
    answer = at_desk("POST ", WANG | {"tier": "vip", "locale": "en-GB", "note": "Comes with her dog"})
    assert (answer.status, answer.body["name"], answer.body["phone"]) == (201, "Wang Fang", "+8613911112222")
    assert (answer.body["tier"], answer.body["locale"], answer.body["zone"]) == ("vip", "en", "Asia/Shanghai")
    assert [(note["text"], note["by"]) for note in answer.body["notes"]] == [("Comes with her dog", "mei")]
    assert at_desk(f"GET /{answer.body['id']}").body == answer.body


def test_their_number_is_theirs_by_staff_s_word_and_nobody_agreed_to_anything() -> None:
    """It is not forgotten after a visit that never came, and no message goes there by it."""
    new = clients.load("lotus", at_desk("POST ", WANG).body["id"])
    assert forgotten_at(new) is None
    assert new.consents == ()
    assert clients.by_contact("lotus", "+8613911112222") == new


def test_a_name_alone_is_enough() -> None:
    """A walk-in leaves no number."""
    answer = at_desk("POST ", {"name": "Old Zhang"})
    assert (answer.status, answer.body["phone"], answer.body["email"]) == (201, None, None)
    assert forgotten_at(clients.load("lotus", answer.body["id"])) is None


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param({"phone": "+86 138 1234 5678"}, id="with its country code"),
        pytest.param({"phone": "１３８１２３４５６７８"}, id="in full-width digits"),
        pytest.param({"phone": "0086-138-1234-5678"}, id="as dialled from abroad"),
        pytest.param({"email": "LI@Example.com"}, id="an address in capitals"),
        pytest.param({"phone": "13700000001", "email": "li@example.com"}, id="one of two"),
    ],
)
def test_what_a_client_holds_already_is_refused_with_who_that_is(typed: dict[str, str]) -> None:
    answer = refused("POST ", {"name": "Li Na"} | typed)
    assert (answer.status, answer.code, answer.body["holder"]) == (
        409,
        "contact_held",
        {"id": "c-1", "name": "Li Na"},
    )


def test_the_same_request_twice_enters_one() -> None:
    """Also where the first was cut off between entering them and its answer."""
    first = at_desk("POST ", WANG, key=KEY)
    assert at_desk("POST ", WANG, key=KEY).body == first.body
    change = Change(Actor("staff", "mei"), lotus.NOW, key="k")
    new = replace(a_client(), id=editing.new_id("lotus", change), phone=None, email=None, consents=())
    again = editing.enter(new, "", change)
    before = lotus.everything()
    assert editing.enter(new, "", change).id == again.id
    assert lotus.everything() == before


def test_a_number_noted_for_one_that_another_proved_names_who_has_it() -> None:
    """So that the desk can offer to make one client of two."""
    other = at_desk("POST ", WANG).body["id"]
    answer = refused("POST /c-1/contacts", {"phone": "13911112222"})
    assert (answer.status, answer.code) == (409, "contact_taken")
    assert (answer.body["holder"], answer.body["contact"]) == ({"id": other, "name": "Wang Fang"}, "phone")


# Editing


def test_what_is_named_is_changed_and_the_rest_stays() -> None:
    revision = at_desk("GET /c-1").body["revision"]
    answer = at_desk(
        "PATCH /c-1", {"name": "Li Na-Weber", "tags": ["colour", "Colour", " early "], "revision": revision}
    )
    assert (answer.status, answer.body["name"], answer.body["tags"]) == (200, "Li Na-Weber", ["colour", "early"])
    stored = clients.load("lotus", "c-1")
    assert (stored.tier, stored.email, stored.phone) == (Tier.VIP, "li@example.com", "+8613812345678")
    assert answer.body["revision"] != revision


def test_the_second_of_two_who_edit_is_shown_what_changed() -> None:
    revision = at_desk("GET /c-1").body["revision"]
    first = at_desk("PATCH /c-1", {"tier": "regular", "revision": revision})
    answer = refused("PATCH /c-1", {"name": "Lina", "revision": revision})
    assert (answer.status, answer.code) == (409, "changed_since")
    assert answer.body["now"] == first.body


def test_what_happens_beside_it_is_nobody_s_edit() -> None:
    """A reply that came in, or a note of a colleague, does not take the form from whoever is typing."""
    revision = at_desk("GET /c-1").body["revision"]
    clients.put_alone(clients.load("lotus", "c-1").invited(at=lotus.NOW))
    noted()
    assert at_desk("PATCH /c-1", {"do_not_disturb": True, "revision": revision}).status == 200


@pytest.mark.parametrize(
    ("told", "code"),
    [
        pytest.param({"name": ""}, "invalid_request", id="no name"),
        pytest.param({"name": "\u200b\u2060"}, "invalid_request", id="a name that nobody sees"),
        pytest.param({"name": "x" * 101}, "invalid_request", id="a name of a hundred and one"),
        pytest.param({"locale": "tlh"}, "invalid_request", id="a language without texts"),
        pytest.param({"zone": "Mars/Olympus"}, "unknown_zone", id="a zone that is none"),
        pytest.param({"zone": ""}, "invalid_request", id="no zone"),
        pytest.param({"zone": "../../etc/passwd"}, "unknown_zone", id="a zone that is a path"),
        pytest.param({"tier": "gold"}, "invalid_request", id="a tier that is none"),
        pytest.param({"preferred": "wechat"}, "invalid_request", id="a channel that is not used"),
        pytest.param({"tags": [f"tag {n}" for n in range(21)]}, "invalid_request", id="twenty-one tags"),
        pytest.param({"tags": ["x" * 41]}, "invalid_request", id="a tag of forty-one"),
        pytest.param({"tags": "colour"}, "invalid_request", id="tags that are no list"),
        pytest.param({"phone": "13911112222"}, "invalid_request", id="a number, which is noted elsewhere"),
        pytest.param({"revision": ""}, "invalid_request", id="no revision"),
        pytest.param({"notes": []}, "invalid_request", id="notes, which are written one by one"),
    ],
)
def test_what_makes_no_sense_is_refused(told: dict[str, object], code: str) -> None:
    answer = refused("PATCH /c-1", {"revision": at_desk("GET /c-1").body["revision"]} | told)
    assert (answer.status, answer.code) == (422, code)


def test_null_takes_back_what_one_can_be_without_and_nothing_else() -> None:
    told = {"preferred": None, "name": None, "tier": None, "tags": None, "zone": None, "locale": None}
    before = at_desk("PATCH /c-1", {"preferred": "email", "revision": at_desk("GET /c-1").body["revision"]}).body
    after = at_desk("PATCH /c-1", told | {"revision": before["revision"]}).body
    assert after == before | {"preferred": None, "revision": after["revision"]}


# Notes


def test_a_note_says_who_wrote_it_and_when_and_the_newest_is_first(monkeypatch: pytest.MonkeyPatch) -> None:
    noted("Likes it short")
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW + timedelta(minutes=1))
    told = noted("Peanut allergy", pinned=True, staff="jun")
    assert [(note["text"], note["by"], note["pinned"]) for note in told["notes"]] == [
        ("Peanut allergy", "jun", True),
        ("Likes it short", "mei", False),
    ]
    assert told["alerts"] == ["Peanut allergy"]


def test_a_note_is_changed_and_taken_away() -> None:
    (note,) = noted("Peanut alergy")["notes"]
    changed = at_desk(f"PATCH /c-1/notes/{note['id']}", {"text": "Peanut allergy", "pinned": True}).body
    assert [(it["text"], it["pinned"], it["at"]) for it in changed["notes"]] == [("Peanut allergy", True, note["at"])]
    assert at_desk(f"DELETE /c-1/notes/{note['id']}").body["notes"] == []
    assert at_desk(f"DELETE /c-1/notes/{note['id']}").code == "unknown_note"


@pytest.mark.parametrize("pinned", [True, False])
def test_a_note_that_was_taken_away_comes_back_as_it_was(pinned: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever brings it back, however often they press."""
    (note,) = noted("Peanut allergy", pinned=pinned, staff="jun")["notes"]
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW + timedelta(hours=2))
    noted("Likes it short", key=f"{KEY}-2")
    before = at_desk("GET /c-1").body["notes"]
    at_desk(f"DELETE /c-1/notes/{note['id']}")
    for n in range(2):
        back = at_desk(f"POST /c-1/notes/{note['id']}/bring-back", key=f"{KEY}-b-{n}").body
        assert back["notes"] == before
    at_desk(f"DELETE /c-1/notes/{note['id']}", key=f"{KEY}-again")
    assert at_desk(f"POST /c-1/notes/{note['id']}/bring-back", key=f"{KEY}-b-3").body["notes"] == before


def test_what_was_changed_before_it_was_taken_away_comes_back_as_it_was_last() -> None:
    (note,) = noted("Peanut alergy")["notes"]
    at_desk(f"PATCH /c-1/notes/{note['id']}", {"text": "Peanut allergy", "pinned": True})
    at_desk(f"DELETE /c-1/notes/{note['id']}")
    assert at_desk(f"POST /c-1/notes/{note['id']}/bring-back").body["alerts"] == ["Peanut allergy"]


@pytest.mark.parametrize(("hours", "status"), [(23, 200), (24, 404), (100, 404)])
def test_a_note_comes_back_within_a_day(hours: int, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    (note,) = noted()["notes"]
    at_desk(f"DELETE /c-1/notes/{note['id']}")
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW + timedelta(hours=hours))
    answer = at_desk(f"POST /c-1/notes/{note['id']}/bring-back")
    assert answer.status == status


def test_what_was_never_taken_away_or_is_another_s_does_not_come_back() -> None:
    """Nor does it go to another client."""
    (note,) = noted()["notes"]
    at_desk(f"DELETE /c-1/notes/{note['id']}")
    lotus.known(replace(a_client(), id="c-2", phone=None, email=None))
    assert refused(f"POST /c-2/notes/{note['id']}/bring-back").code == "unknown_note"
    assert refused("POST /c-1/notes/n-1/bring-back").code == "unknown_note"


def test_a_pinned_one_comes_back_where_there_is_room_for_a_warning() -> None:
    (note, *_) = noted("One more", pinned=True)["notes"]
    at_desk(f"DELETE /c-1/notes/{note['id']}")
    for n in range(MOST_PINNED):
        noted(f"Warning {n}", pinned=True, key=f"{KEY}-{n}")
    assert refused(f"POST /c-1/notes/{note['id']}/bring-back").code == "too_many_pinned"


def test_an_old_note_comes_back_among_the_old_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = (lotus.NOW + timedelta(minutes=n) for n in range(1000))
    monkeypatch.setattr(clock, "now", lambda: next(moments))
    for n in range(45):
        noted(f"{n:03}", key=f"{KEY}-{n}")
    before = at_desk("GET /c-1").body, at_desk("GET /c-1/notes").body
    old = before[1]["notes"][1]
    at_desk(f"DELETE /c-1/notes/{old['id']}")
    at_desk(f"POST /c-1/notes/{old['id']}/bring-back")
    after = at_desk("GET /c-1").body, at_desk("GET /c-1/notes").body
    assert [part["notes"] for part in after] == [part["notes"] for part in before]
    assert after[0]["older_notes"] == before[0]["older_notes"]


def test_the_same_request_twice_writes_one_note() -> None:
    noted(key=KEY)
    assert len(noted(key=KEY)["notes"]) == 1


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("<script>alert(1)</script>", id="a script"),
        pytest.param("{{ constructor }} ${7*7} %s", id="a template"),
        pytest.param('"; DROP TABLE clients; --', id="a statement"),
        pytest.param("=HYPERLINK(1)", id="a formula"),
        pytest.param("первая строка\nвторая", id="two lines"),
        pytest.param("过敏：花生 🥜", id="Chinese and a picture"),
        pytest.param("好" * 2000, id="as long as may be"),
    ],
)
def test_a_note_is_text_and_nothing_else(text: str) -> None:
    (note,) = noted(text)["notes"]
    assert note["text"] == text


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        pytest.param("", 422, "invalid_request", id="nothing"),
        pytest.param(" \n\u200b ", 422, "invalid_request", id="nothing that is seen"),
        pytest.param("x" * 2001, 422, "invalid_request", id="one too many"),
        pytest.param("x" * 100_000, 413, "body_too_large", id="a hundred kilobytes"),
        pytest.param("\ud800", 422, "invalid_request", id="half a character"),
        pytest.param(7, 422, "invalid_request", id="a number"),
        pytest.param(None, 422, "invalid_request", id="null"),
    ],
)
def test_what_is_no_note_is_refused_in_words(text: object, status: int, code: str) -> None:
    answer = refused("POST /c-1/notes", {"text": text})
    assert (answer.status, answer.code) == (status, code)
    assert answer.body["detail"]


def test_more_warnings_than_anybody_reads_are_refused() -> None:
    for n in range(MOST_PINNED):
        noted(f"Warning {n}", pinned=True, key=f"{KEY}-{n}")
    assert refused("POST /c-1/notes", {"text": "One more", "pinned": True}).code == "too_many_pinned"
    assert len(alerts(clients.load("lotus", "c-1"))) == 5


def test_a_warning_beside_a_name_is_one_short_line() -> None:
    noted("Allergic:\n" + "nuts " * 60, pinned=True)
    (alert,) = alerts(clients.load("lotus", "c-1"))
    assert (alert[:14], len(alert), alert[-1]) == ("Allergic: nuts", 120, "…")


def test_notes_never_fill_the_client_s_item(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two hundred long ones the newest stand with the client, the others by themselves, and none is lost."""
    moments = (lotus.NOW + timedelta(minutes=n) for n in range(1000))
    monkeypatch.setattr(clock, "now", lambda: next(moments))
    noted("Peanut allergy", pinned=True)
    for n in range(60):
        noted(f"{n:03} " + "好" * 1900, key=f"{KEY}-{n}")
    told = at_desk("GET /c-1").body
    own = [note["text"][:3] for note in told["notes"]]
    old = [note.text[:3] for note in client_notes.before(clients.load("lotus", "c-1"), None, limit=100)]
    assert [*own[:-1], *old] == [f"{n:03}" for n in reversed(range(60))]
    assert (own[-1], told["older_notes"], told["alerts"]) == ("Pea", len(old), ["Peanut allergy"])
    item = ClientItem.get("lotus", "c-1")
    assert len(json.dumps(item.to_simple_dict())) < 100_000


def test_an_old_note_is_still_read_changed_pinned_and_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    moments = (lotus.NOW + timedelta(minutes=n) for n in range(1000))
    monkeypatch.setattr(clock, "now", lambda: next(moments))
    for n in range(45):
        noted(f"{n:03}", key=f"{KEY}-{n}")
    old = at_desk("GET /c-1/notes").body["notes"]
    assert [note["text"] for note in old] == ["004", "003", "002", "001", "000"]
    assert [it["text"] for it in at_desk("GET /c-1/notes", query={"before": old[2]["id"]}).body["notes"]] == [
        "001",
        "000",
    ]
    pinned = at_desk(f"PATCH /c-1/notes/{old[4]['id']}", {"pinned": True}).body
    assert (pinned["alerts"], pinned["notes"][-1]["text"], pinned["older_notes"]) == (["000"], "000", 4)
    at_desk(f"PATCH /c-1/notes/{old[3]['id']}", {"text": "one"})
    assert at_desk(f"DELETE /c-1/notes/{old[2]['id']}").body["older_notes"] == 3
    assert [note["text"] for note in at_desk("GET /c-1/notes").body["notes"]] == ["004", "003", "one"]


# Figures and visits


def visit(n: int, change: Any = None) -> Appointment:
    """The n-th Monday before, or with a negative one after."""
    made = an_appointment(f"a-{n}", starts=STARTS - timedelta(days=7 * n))
    return lotus.put(change(made) if change else made)


def by(at: Any, who: Actor = KEPT, why: str = "") -> Change:
    return Change(who, at, why)


def test_figures_are_counted_from_their_visits() -> None:
    visit(-1)
    visit(1, lambda it: it.check_in(by(it.starts)))
    visit(2, lambda it: it.check_in(by(it.starts + timedelta(minutes=6))))
    visit(3, lambda it: it.complete(by(it.ends, why="came late")))
    visit(4, lambda it: it.mark_no_show(by(it.starts + timedelta(minutes=20)), evidence=()))
    visit(5, lambda it: it.cancel(by(it.starts - timedelta(hours=1), CLIENT), rules=ChangeRules()))
    visit(6, lambda it: it.cancel(by(it.starts - timedelta(hours=47), Actor("staff", "mei")), rules=ChangeRules()))
    figures = at_desk("GET /c-1").body["figures"]
    assert figures.pop("since") == "2026-01-19T09:00:00Z"
    assert figures == {"booked": 7, "kept": 3, "late": 2, "missed": 1, "cancelled": 2, "cancelled_late": 1}


def record_of_all_kinds() -> None:
    visit(-1)
    visit(-2, lambda it: it.cancel(by(lotus.NOW, CLIENT), rules=ChangeRules()))
    visit(1, lambda it: it.check_in(by(it.starts)))
    visit(2, lambda it: it.check_in(by(it.starts + timedelta(minutes=6))))
    visit(3, lambda it: it.complete(by(it.ends, why="came late")))
    visit(4, lambda it: it.mark_no_show(by(it.starts + timedelta(minutes=20)), evidence=()))
    visit(5, lambda it: it.cancel(by(it.starts - timedelta(hours=1), CLIENT), rules=ChangeRules()))


@pytest.mark.parametrize(
    ("figure", "ids"),
    [
        ("booked", ["a--2", "a--1", "a-1", "a-2", "a-3", "a-4", "a-5"]),
        ("kept", ["a-1", "a-2", "a-3"]),
        ("late", ["a-2", "a-3"]),
        ("missed", ["a-4"]),
        ("cancelled", ["a--2", "a-5"]),
        ("cancelled_late", ["a-5"]),
    ],
)
@pytest.mark.parametrize("limit", ["1", "2", "100"])
def test_a_figure_leads_to_the_visits_that_it_counts(figure: str, ids: list[str], limit: str) -> None:
    """All of them, however they are turned over: those to come among them, the latest first."""
    record_of_all_kinds()
    assert at_desk("GET /c-1").body["figures"][figure] == len(ids)
    found: list[str] = []
    query = {"counted": figure, "limit": limit}
    while True:
        page = at_desk("GET /c-1/visits", query=query).body
        assert page["coming"] == []
        found += [it["id"] for it in page["past"]]
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert found == ids


@pytest.mark.parametrize("figure", ["", "Late", "since", "all", "no_show", "迟到"])
def test_a_figure_that_is_none(figure: str) -> None:
    assert at_desk("GET /c-1/visits", query={"counted": figure}).status == 422


def test_who_never_came_has_a_record_of_nothing() -> None:
    figures = at_desk("GET /c-1").body["figures"]
    assert figures == {
        **dict.fromkeys(("booked", "kept", "late", "missed", "cancelled", "cancelled_late"), 0),
        "since": None,
    }


def test_visits_to_come_and_past_page_by_page() -> None:
    for n in (-2, -1, 1, 2, 3):
        visit(n)
    first = at_desk("GET /c-1/visits", query={"limit": "2"}).body
    assert [it["id"] for it in first["coming"]] == ["a--1", "a--2"]
    assert [it["id"] for it in first["past"]] == ["a-1", "a-2"]
    rest = at_desk("GET /c-1/visits", query={"limit": "2", "after": first["next"]}).body
    assert ([it["id"] for it in rest["past"]], rest["coming"], rest["next"]) == (["a-3"], [], None)
    assert (first["past"][0]["service_name"], first["past"][0]["staff_name"]) == ("Cut", "Mei")
    assert first["past"][0]["start"] == "2026-02-23T17:00:00+08:00"


def test_a_visit_of_a_service_that_nobody_knows_any_more_is_still_listed() -> None:
    visit(1, lambda it: replace(it, service="perm", slot=replace(it.slot, staff="kim")))
    (past,) = at_desk("GET /c-1/visits").body["past"]
    assert (past["service_name"], past["staff_name"]) == ("perm", "kim")


@pytest.mark.parametrize("cursor", ["x", "1.", "99999999999999999999.a", "-1.a", "", "1.好"])
def test_a_cursor_that_is_none(cursor: str) -> None:
    answer = at_desk("GET /c-1/visits", query={"after": cursor})
    assert (answer.status, answer.code) == (422, "invalid_request")


# Who may


ROUTES: dict[str, object] = {
    "PATCH /c-1": {"tier": "vip", "revision": "x"},
    "GET /c-1/visits": None,
    "GET /c-1/notes": None,
    "POST /c-1/notes": {"text": "Likes it short"},
    "PATCH /c-1/notes/n-1": {"pinned": True},
    "DELETE /c-1/notes/n-1": None,
    "POST /c-1/notes/n-1/bring-back": None,
}


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        pytest.param({"role": ""}, 401, "sign_in_required", id="without a token"),
        pytest.param({"role": "client"}, 403, "role_required", id="in no group of the desk's"),
        pytest.param({"role": "owner", "business": "garage"}, 404, "unknown_client", id="of another business"),
    ],
)
def test_who_may_not(route: str, asked: dict[str, Any], status: int, code: str) -> None:
    answer = refused(route, ROUTES[route], **asked)
    assert (answer.status, answer.code) == (status, code)


def test_a_number_of_another_business_is_nobody_s_here() -> None:
    assert at_desk("POST ", {"name": "Li Na", "phone": "+8613812345678"}, business="garage").status == 201
