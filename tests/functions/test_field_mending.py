"""The name, number, address and note of a booking can be mended: by the client for this booking, and by staff.

Nothing of it changes whose record it is filed with, and no link that went to the old address proves the new one.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import client_pages
import front_desk
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.channels import Channel
from kept.client_links import tokens
from kept.clients.held import ContactKind
from kept.messaging.outgoing import UNDO
from kept.storage import appointments, clients
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import an_appointment
from tests.functions.plain_browser import Browser, Page
from tests.functions.postbox import Postbox, opened

PHONE, OTHER, EMAIL, ELSEWHERE = "+8613912345678", "+8613712345678", "anna@example.com", "anna@work.example"
DESK = "/v1/desk/appointments"


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Postbox:
    return opened(monkeypatch)


@pytest.fixture
def id(box: Postbox) -> str:
    return box.id_of("api", name="Ana Berg", phone=PHONE, email=EMAIL, locale="en")


def visit(id: str) -> Appointment:
    return appointments.load("lotus", id)


def as_booked(id: str) -> dict[str, Any]:
    booked = visit(id).booked_as
    assert booked
    return {"name": booked.name, "phone": booked.phone, "email": booked.email, "note": visit(id).note}


def by_staff(id: str, **said: Any) -> Answer:
    return ask(front_desk.handler, f"PATCH {DESK}/{id}", said, role="staff", staff="jun")


def by_client(id: str, **said: Any) -> Page:
    browser = Browser(client_pages.handler, "en")
    path = f"/a/{tokens.manage_token(visit(id), sent_to=ContactKind.EMAIL)}"
    page = browser.get(browser.get(path).link("Change details"))
    return browser.press(page.form("/details"), **said)


MENDED: dict[str, dict[str, Any]] = {
    "the name": {"name": "Anna Berg"},
    "a Chinese name": {"name": "安娜"},
    "the note": {"note": "by the window"},
    "both": {"name": "Anna Berg", "note": "by the window\nno perfume"},
    "another number": {"phone": "137 1234 5678"},
    "another number, from abroad": {"phone": "+86 137-1234-5678"},
    "another address": {"email": "Anna@Work.example"},
    "number and address": {"phone": OTHER, "email": ELSEWHERE},
    "everything": {"name": "Anna Berg", "phone": OTHER, "email": ELSEWHERE, "note": "x"},
    "the same number, spelt otherwise": {"phone": "139-1234-5678"},
}
STORED = {"137 1234 5678": OTHER, "+86 137-1234-5678": OTHER, "Anna@Work.example": ELSEWHERE, "139-1234-5678": PHONE}


@pytest.mark.parametrize("said", MENDED.values(), ids=MENDED)
@pytest.mark.parametrize("by", ["client", "staff"])
def test_details_are_mended_for_this_booking(box: Postbox, id: str, said: dict[str, Any], by: str) -> None:
    before, record = as_booked(id), clients.load("lotus", visit(id).client)
    box.sent.clear()
    if by == "client":
        page = by_client(id, **said)
        assert page.status == 200
        assert "Your details are changed" in page.text or as_booked(id) == before
    else:
        answer = by_staff(id, **said)
        assert (answer.status, answer.body["client_name"]) == (200, said.get("name", "Ana Berg"))
    assert as_booked(id) == before | {name: STORED.get(value, value) for name, value in said.items()}
    changed = as_booked(id) != before
    assert [event.what for event in visit(id).history] == ["booked", *(["mended"] if changed else [])]
    after = clients.load("lotus", visit(id).client)
    assert (after.name, after.phone, after.email) == (record.name, record.phone, record.email)
    box.deliver()
    new = {value for name in ("phone", "email") if (value := as_booked(id)[name]) != before[name]}
    assert bool(box.sent) is bool(new), "the confirmation once more, and only for another address"
    assert {one.to for one in box.sent} <= {as_booked(id)["phone"], as_booked(id)["email"]}


def test_the_same_twice_is_once(box: Postbox, id: str) -> None:
    for _ in range(2):
        by_staff(id, phone=OTHER)
    box.deliver()
    assert len([event for event in visit(id).history if event.what == "mended"]) == 1
    assert len([one for one in box.about(id) if one.to == OTHER]) <= 1


def test_what_comes_later_goes_to_the_new_address_alone(box: Postbox, id: str) -> None:
    by_staff(id, phone=OTHER, email=ELSEWHERE)
    box.deliver()
    box.sent.clear()
    ask(front_desk.handler, f"POST {DESK}/{id}/cancel", {}, role="staff")
    box.at(box.now + UNDO)
    box.deliver()
    assert box.reached(id) <= {OTHER, ELSEWHERE}
    assert box.reached(id)


@pytest.mark.parametrize("by", ["client", "staff"])
def test_a_link_to_the_old_number_does_not_prove_the_new_one(box: Postbox, by: str) -> None:
    """Mallory books with her own number, puts in Li Na's, and presses a button by her own link."""
    id = box.id_of("api", name="Mallory", phone=PHONE, locale="en")
    token = tokens.manage_token(visit(id), sent_to=ContactKind.PHONE)
    if by == "client":
        assert by_client(id, phone=OTHER).status == 200
    else:
        by_staff(id, phone=OTHER)
    box.acts(token, "confirm")
    booked = visit(id).booked_as
    assert booked
    assert (booked.phone, booked.proved) == (OTHER, ())
    assert clients.by_contact("lotus", OTHER, now=box.now) is None, "nobody holds what was only typed"


def test_who_has_proved_a_number_keeps_it(box: Postbox) -> None:
    """Another books, and puts it in: its holder, their name and record are as they were."""
    first = box.id_of("api", name="Li Na", phone=OTHER)
    box.acts(box.about(first)[0].link)
    holder = clients.by_contact("lotus", OTHER, now=box.now)
    id = box.id_of("api", name="Mallory", phone=PHONE, locale="en")
    by_client(id, phone=OTHER)
    assert clients.by_contact("lotus", OTHER, now=box.now) == holder
    assert holder
    assert (holder.name, visit(id).client != holder.id) == ("Li Na", True)


WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "no name": ({"name": " "}, "enter your name", "invalid_request"),
    "a name too long": ({"name": "x" * 101}, "too long", "invalid_request"),
    "a number that is none": ({"phone": "12"}, "phone number", "invalid_phone"),
    "an address that is none": ({"email": "anna@"}, "e-mail address", "invalid_email"),
    "a premium number": ({"phone": "+44 909 8790000"}, "costs", "premium_phone"),
    "a landline that is to be texted": ({"phone": "021 6279 8888"}, "do not reach", "not_textable"),
    "a mobile that is not served": ({"phone": "+44 7400 123456"}, "do not send text", "sms_not_served"),
    "a note too long": ({"note": "x" * 501}, "too long", "invalid_request"),
}


@pytest.mark.parametrize(("said", "says", "code"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_said_and_nothing_is_changed(id: str, said: dict[str, Any], says: str, code: str) -> None:
    before = visit(id)
    page = by_client(id, **said)
    assert (page.status, says in page.text) == (422, True)
    assert by_staff(id, **said).code == code
    assert visit(id) == before


def test_the_form_shows_no_number_and_no_address(id: str) -> None:
    """The link may have been passed on."""
    browser = Browser(client_pages.handler, "en")
    page = browser.get(f"/a/{tokens.manage_token(visit(id))}/details")
    assert "13912345678" not in page.body.replace(" ", "")
    assert EMAIL not in page.body
    assert "5678" in page.text
    assert dict(page.form("/details").fields)["name"] == "Ana Berg"


@pytest.mark.parametrize("status", [Status.CANCELLED, Status.COMPLETED, Status.NO_SHOW, Status.ARRIVED])
def test_a_client_mends_no_visit_that_is_over(box: Postbox, id: str, status: Status) -> None:
    over = an_appointment("a-9", starts=box.now + timedelta(days=9))
    lotus.put(replace(over, status=status, booked_as=visit(id).booked_as, client=visit(id).client))
    browser = Browser(client_pages.handler, "en")
    path = f"/a/{tokens.manage_token(visit('a-9'))}"
    assert not [text for text, _ in browser.get(path).links if text == "Change details"]
    assert browser.get(f"{path}/details").status == 409
    assert by_staff("a-9", name="Anna").status == 200


def test_a_walk_in_can_be_given_a_number(box: Postbox) -> None:
    id = box.id_of("staff", name="Walk-in", agrees_to=[])
    assert by_staff(id, name="Mr Chen").status == 200
    assert box.sent == []
    assert by_staff(id, phone=OTHER, agrees_to=["sms"]).status == 200
    box.deliver()
    assert [(one.to, one.channel, one.stage) for one in box.sent] == [(OTHER, Channel.SMS, "confirmation")]
    assert by_staff(id, phone="").status == 200
    assert as_booked(id)["phone"] is None


@pytest.mark.parametrize(("role", "status"), [("", 401), ("staff", 200)])
def test_staff_sign_in_for_it(id: str, role: str, status: int) -> None:
    assert ask(front_desk.handler, f"PATCH {DESK}/{id}", {"note": "x"}, role=role).status == status


def test_another_business_has_no_such_booking(id: str) -> None:
    answer = ask(front_desk.handler, f"PATCH {DESK}/{id}", {"note": "x"}, role="staff", business="garage")
    assert answer.code == "unknown_appointment"


def test_an_outdated_form_changes_nothing(id: str) -> None:
    assert by_staff(id, note="x", version=7).code == "outdated"
    assert by_client(id, note="x", version="7").status == 409


def test_nobody_floods_a_number_by_mending(box: Postbox) -> None:
    """Each new contact counts as a booking on it does."""
    ids = [box.id_of("api", name="Mallory", email=f"m{n}@example.com", locale="en") for n in range(10)]
    answers = [by_client(id, phone=OTHER, agrees_to="sms").status for id in ids]
    box.deliver()
    assert 429 in answers
    assert len(box.got(OTHER)) <= 8
