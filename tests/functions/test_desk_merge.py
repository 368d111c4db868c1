"""Two records of one person at the desk: what would go along is seen, they are made one, and are taken apart again."""

from dataclasses import replace
from datetime import timedelta

import pytest

import clients as function
import follow_ups as work
from kept import clock
from kept.channels import Channel
from kept.clients.client import Client, Tier
from kept.clients.notes import Note
from kept.messaging.outgoing import to_client
from kept.messaging.received import Received
from kept.storage import clients, messages
from kept.use_cases.clients import indexing
from tests import lotus
from tests.asking import ask
from tests.builders import STARTS, a_client, a_follow_up, an_appointment
from tests.functions.merging import LI, OTHER, at_desk, merge, part, revision

PHONE = "+8613812345678"
KEY = "f3a1c0de-0000-4000-8000-000000000031"
NOTE = Note("n-01-a", "Allergic to peanuts", "mei", lotus.NOW, pinned=True)


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Li Na with an address, and Li Na once more with a number: a visit, a note, words and a follow-up of hers."""
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()
    lotus.known(a_client(Tier.REGULAR))
    other = replace(a_client(), id=OTHER, name="李娜", email=None, phone=PHONE, consents=())
    other = replace(other, tags=("plants",), notes=(NOTE,))
    lotus.known(other)
    visit = replace(an_appointment("a-2"), client=OTHER)
    lotus.put(visit)
    lotus.say(to_client(visit, other, lotus.the_salon().business, "confirmed", now=lotus.NOW, over=Channel.SMS))
    lotus.open_follow_up(replace(a_follow_up(), about="", client=OTHER))
    said = Received("lotus", OTHER, "k-1", Channel.SMS, "Is there a car park?", lotus.NOW)
    messages.put_received(said)


def li() -> Client:
    return clients.load("lotus", LI)


def test_what_would_go_along_is_told_and_nothing_is_changed() -> None:
    before = lotus.everything()
    answer = at_desk(f"POST /{LI}/merge-preview", {"other": OTHER})
    assert answer.status == 200
    assert answer.body == {
        "visits": 1,
        "messages": 2,
        "follow_ups": 1,
        "notes": 1,
        "consents": 0,
        "money": 0,
        "contacts": ["138 1234 5678"],
    }
    assert lotus.everything() == before


def test_all_that_hangs_on_the_other_is_the_client_s() -> None:
    answer = merge()
    assert answer.status == 200
    told = answer.body
    assert (told["id"], told["name"], told["tier"], told["tags"]) == (LI, "Li Na", "vip", ["plants"])
    assert (told["phone"], told["email"], told["alerts"]) == (PHONE, "li@example.com", ["Allergic to peanuts"])
    assert told["undo_until"] == "2026-03-01T09:00:00Z"
    assert [(one["id"], one["name"], one["by"]) for one in told["merged"]] == [(OTHER, "李娜", "mei")]
    assert [visit["id"] for visit in at_desk(f"GET /{LI}/visits").body["coming"]] == ["a-2"]
    assert [line["text"] for line in at_desk(f"GET /{LI}/conversation").body if line["by"] == "client"] == [
        "Is there a car park?"
    ]
    matters = ask(work.handler, f"GET /v1/desk/clients/{LI}/follow-ups", role="staff").body
    assert [one["id"] for one in matters] == ["f-1"]
    assert told["figures"]["booked"] == 1


def test_whoever_asks_for_the_other_is_shown_the_client() -> None:
    merge()
    assert at_desk(f"GET /{OTHER}").body == at_desk(f"GET /{LI}").body
    assert clients.several("lotus", [LI, OTHER]) == {LI: li(), OTHER: li()}
    by_number = clients.by_contact("lotus", PHONE)
    assert by_number == li()


def test_one_line_of_the_inbox_stands_for_both() -> None:
    later = Received("lotus", LI, "k-2", Channel.EMAIL, "Me again", lotus.NOW)
    messages.put_received(replace(later, at=lotus.NOW + timedelta(minutes=1)))
    assert len(ask(function.handler, "GET /v1/desk/inbox", role="staff").body["threads"]) == 2
    merge()
    threads = ask(function.handler, "GET /v1/desk/inbox", role="staff").body["threads"]
    assert [(one["client"], one["text"]) for one in threads] == [(LI, "Me again")]


def test_both_names_and_the_number_find_the_one_client() -> None:
    for id in (LI, OTHER):
        indexing.index("lotus", id)
    merge()
    for id in (LI, OTHER):
        indexing.index("lotus", id)
    for typed in ("li na", "李", "5678", "li@example"):
        found = at_desk("GET ", query={"q": typed}).body["clients"]
        assert [one["id"] for one in found] == [LI], typed
    part()
    for id in (LI, OTHER):
        indexing.index("lotus", id)
    assert [one["id"] for one in at_desk("GET ", query={"q": "5678"}).body["clients"]] == [OTHER]
    assert [one["id"] for one in at_desk("GET ", query={"q": "li@example"}).body["clients"]] == [LI]


def test_taken_back_both_are_what_they_were() -> None:
    before = {id: at_desk(f"GET /{id}").body for id in (LI, OTHER)}
    merge()
    answer = part()
    assert answer.status == 200
    assert answer.body == before[LI]
    assert {id: at_desk(f"GET /{id}").body for id in (LI, OTHER)} == before
    assert at_desk(f"GET /{LI}/visits").body["coming"] == []
    assert [visit["id"] for visit in at_desk(f"GET /{OTHER}/visits").body["coming"]] == ["a-2"]
    found = clients.by_contact("lotus", PHONE)
    assert found == clients.load("lotus", OTHER)


def test_what_happened_meanwhile_stays_with_the_client() -> None:
    merge()
    at_desk(f"POST /{LI}/notes", {"text": "Came by"})
    lotus.put(an_appointment("a-3", starts=STARTS + timedelta(hours=3)))
    part()
    assert [note["text"] for note in at_desk(f"GET /{LI}").body["notes"]] == ["Came by"]
    assert [visit["id"] for visit in at_desk(f"GET /{LI}/visits").body["coming"]] == ["a-3"]
    assert [note["text"] for note in at_desk(f"GET /{OTHER}").body["notes"]] == [NOTE.text]


def test_the_same_request_again_is_answered_the_same() -> None:
    body = {"other": OTHER, "revision": revision(LI), "other_revision": revision(OTHER)}
    first = at_desk(f"POST /{LI}/merge", body, key=KEY)
    done = lotus.everything()
    assert at_desk(f"POST /{LI}/merge", body, key=KEY) == first
    assert lotus.everything() == done


def test_who_edited_one_of_them_meanwhile_is_not_overwritten() -> None:
    body = {"other": OTHER, "revision": revision(LI), "other_revision": revision(OTHER)}
    at_desk(f"PATCH /{OTHER}", {"name": "Li Na Wang", "revision": revision(OTHER)})
    before = lotus.everything()
    answer = at_desk(f"POST /{LI}/merge", body)
    assert (answer.status, answer.code, answer.body["now"]["name"]) == (409, "changed_since", "Li Na Wang")
    assert lotus.everything() == before
