"""A saved reply has only places that Kept can fill, and is filled with what is known, in the client's own language.

Each thing that somebody may save, with whether it is kept; and each client with what their reply then says.
"""

from dataclasses import replace
from typing import Any

import pytest

import clients as function
from kept.business import saved_reply
from kept.storage import clients
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, a_client, an_appointment
from tests.functions.desk_writing import at_noon

PARKING = {
    "title": "Parking",
    "texts": {"en": "Hello {name}, there is room in the yard.", "zh-Hans": "{name}您好，有车位。"},
}


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    at_noon(monkeypatch)


def keep(body: object = PARKING, id: str = "parking", **asked: Any) -> Answer:
    return ask(function.handler, f"PUT /v1/desk/saved-replies/{id}", body, **({"role": "manager"} | asked))


def drop(id: str = "parking", **asked: Any) -> Answer:
    return ask(function.handler, f"DELETE /v1/desk/saved-replies/{id}", **({"role": "manager"} | asked))


def kept(**asked: Any) -> list[dict[str, Any]]:
    answer = ask(function.handler, "GET /v1/desk/saved-replies", **({"role": "staff"} | asked))
    found: list[dict[str, Any]] = answer.body["replies"]
    return found


def says(text: str, client: str = "c-1", **query: str) -> tuple[str, list[str]]:
    assert keep({"title": "One", "texts": {"en": text}}, "one").status == 200
    (one,) = kept(query={"client": client, **query})
    return one["text"], one["missing"]


FILLED: dict[str, tuple[str, str]] = {
    "the name": ("Hello {name}!", "Hello Li Na!"),
    "the time, in words": ("See you {when}.", "See you Mon, Mar 2, 5:00 PM."),
    "what and with whom": ("{service} with {staff}", "Cut with Mei"),
    "who writes": ("{business}", "Lotus"),
    "one place twice": ("{name}, {name}", "Li Na, Li Na"),
    "nothing to fill": ("Yes, of course.", "Yes, of course."),
    "a brace alone": ("a } b { c", "a } b { c"),
    "twice the braces": ("{{name}}", "{Li Na}"),
    "several lines": ("Hello {name},\n\nyes.", "Hello Li Na,\n\nyes."),
}


@pytest.mark.parametrize(("text", "filled"), FILLED.values(), ids=FILLED)
def test_places_are_filled(text: str, filled: str) -> None:
    assert says(text) == (filled, [])


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown place": ({"texts": {"en": "Hello {surname}"}}, "invalid_setting"),
    "a place in capitals": ({"texts": {"en": "{NAME}"}}, "invalid_setting"),
    "a place with a space": ({"texts": {"en": "{ name }"}}, "invalid_setting"),
    "an empty place": ({"texts": {"en": "Hello {}"}}, "invalid_setting"),
    "what is inside of an object": ({"texts": {"en": "{name.__class__}"}}, "invalid_setting"),
    "a format of a number": ({"texts": {"en": "{name!r:>1000000}"}}, "invalid_setting"),
    "known in one language and not in the other": ({"texts": {"en": "{name}", "zh-Hans": "{姓名}"}}, "invalid_setting"),
    "a language of nobody's": ({"texts": {"tlh": "nuqneH"}}, "invalid_setting"),
    "no language": ({"texts": {}}, "invalid_setting"),
    "an empty text": ({"texts": {"en": ""}}, "invalid_request"),
    "a blank text": ({"texts": {"en": " \u200b\n"}}, "invalid_request"),
    "too long a text": ({"texts": {"en": "x" * 1001}}, "invalid_request"),
    "no title": ({"title": ""}, "invalid_request"),
    "a title that nobody sees": ({"title": "\u200b"}, "invalid_request"),
    "a text that is none": ({"texts": {"en": 5}}, "invalid_request"),
    "eleven languages": ({"texts": {f"en-{n}": "yes" for n in range(11)}}, "invalid_request"),
    "a field that nobody knows": ({"colour": "red"}, "invalid_request"),
}


@pytest.mark.parametrize(("changed", "code"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_filled_or_read_is_not_kept(changed: dict[str, Any], code: str) -> None:
    before = lotus.everything()
    assert keep({**PARKING, **changed}).code == code
    assert lotus.everything() == before


def test_each_client_reads_their_own_language() -> None:
    keep()
    assert kept(query={"client": "c-1"})[0]["text"] == "Hello Li Na, there is room in the yard."
    clients.put_alone(replace(clients.load("lotus", "c-1"), locale="zh-Hans"))
    assert kept(query={"client": "c-1"})[0]["text"] == "Li Na您好，有车位。"
    keep({"title": "Parking", "texts": {"en": "Yes."}})
    assert [(one["language"], one["text"]) for one in kept(query={"client": "c-1"})] == [("en", "Yes.")]


def test_a_name_that_looks_like_a_place_stays_a_name() -> None:
    clients.put_alone(replace(clients.load("lotus", "c-1"), name="{phone}"))
    assert says("Hello {name}") == ("Hello {phone}", [])


def test_what_is_not_known_is_named() -> None:
    """Of somebody without a visit to come there is no time to be told."""
    lotus.known(replace(a_client(), id="c-2", email="other@example.com", locale="en"))
    assert says("{name}: {when}, {when} with {staff}", "c-2") == (
        "Li Na: {when}, {when} with {staff}",
        ["when", "staff"],
    )


def test_a_visit_that_is_named_is_the_one_spoken_of() -> None:
    lotus.put(an_appointment("a-2", starts=STARTS.replace(day=5)))
    assert says("{when}", about="a-2") == ("Thu, Mar 5, 5:00 PM", [])
    answer = ask(function.handler, "GET /v1/desk/saved-replies", role="staff", query={"client": "c-1", "about": "a-9"})
    assert answer.code == "unknown_appointment"
    lotus.known(replace(a_client(), id="c-2", email="other@example.com", phone=None))
    lotus.put(replace(an_appointment("a-7", starts=STARTS.replace(day=6)), client="c-2"))
    answer = ask(function.handler, "GET /v1/desk/saved-replies", role="staff", query={"client": "c-1", "about": "a-7"})
    assert answer.code == "unknown_appointment", "somebody else's"


def test_saved_as_it_is_it_is_no_change() -> None:
    """Whoever has it open in another window is not told that it is another."""
    first = keep()
    before = lotus.everything()
    assert keep().body["revision"] == first.body["revision"]
    assert lotus.everything() == before


def test_it_can_be_changed_and_dropped_and_dropped_again() -> None:
    first = keep().body["revision"]
    assert keep({**PARKING, "title": "The yard", "revision": first}).status == 200
    assert keep({**PARKING, "title": "Late", "revision": first}).code == "outdated"
    assert [one["title"] for one in kept()] == ["The yard"]
    assert [drop().status, drop().status] == [200, 200]
    assert kept() == []


def test_there_are_no_more_than_anybody_can_look_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kept.use_cases.messaging.saved_replies.MOST", 2)
    assert [keep(id=f"r-{n}").status for n in range(3)] == [200, 200, 422]
    assert keep({**PARKING, "title": "Changed"}, "r-1").status == 200
    assert saved_reply.MOST == 50


WHO: dict[str, tuple[dict[str, Any], int]] = {
    "staff": ({"role": "staff"}, 403),
    "a client": ({"role": "client"}, 403),
    "nobody": ({"role": ""}, 401),
    "the owner": ({"role": "owner"}, 200),
}


@pytest.mark.parametrize(("asked", "status"), WHO.values(), ids=WHO)
def test_only_who_leads_the_business_keeps_and_drops_them(asked: dict[str, Any], status: int) -> None:
    assert (keep(**asked).status, drop(**asked).status) == (status, status)


def test_another_business_has_its_own() -> None:
    keep()
    assert kept(business="garage") == []
    assert (
        ask(
            function.handler, "GET /v1/desk/saved-replies", role="staff", business="garage", query={"client": "c-1"}
        ).code
        == "unknown_client"
    )
