"""Whoever books what under which number and address, in whatever order, and whatever is done about it since:
nothing that was typed by one person is sent to an address that another typed."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import clients as clients_function
import front_desk
from kept.booking.appointment import Appointment
from kept.business.contact_rules import ContactRules
from kept.business.stranger_rules import StrangerRules
from kept.client_links import tokens
from kept.clients.booked_as import contacts
from kept.clients.client import Client
from kept.messaging.message import Message
from kept.storage import tables
from kept.storage.tables import AppointmentItem, ClientItem, MessageItem
from tests.asking import ask
from tests.functions.postbox import FIRST, Postbox, every, opened

PEOPLE = ("Anna", "Bertil", "Cecilia", "David")
CONTACTS = (
    {"phone": "+8613800138000"},
    {"phone": "+8613900139000"},
    {"email": "one@example.com"},
    {"email": "two@example.com"},
    {"phone": "+8613800138000", "email": "one@example.com"},
    {"phone": "+8613800138000", "email": "two@example.com"},
    {"phone": "+8613900139000", "email": "one@example.com"},
)
BEFORE = FIRST - timedelta(days=30)
ACTS = (
    ["book"] * 5 + ["confirm"] * 4 + ["reschedule"] * 2 + ["remind"] * 2 + ["cancel", "come", "wait"] + ["invite"] * 2
)
STEPS = st.tuples(st.sampled_from(ACTS), st.integers(0, 1000), st.integers(0, 1000))
Step = tuple[str, int, int]


@pytest.fixture
def anew(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Postbox]:
    """The salon with nobody in it, which invites at any hour and lets anybody book as often as they like."""

    def begin() -> Postbox:
        for model in tables.TABLES:
            for item in model.scan():
                item.delete()
        rules = ContactRules(never=(), best=(), week_cap=100, month_cap=100)
        return opened(monkeypatch, contact=rules, strangers=StrangerRules(contact_day=100, contact_open=100))

    return begin


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEPS, min_size=10, max_size=16))
def test_nothing_that_one_typed_is_sent_to_an_address_that_another_typed(
    anew: Callable[[], Postbox], steps: list[Step]
) -> None:
    box, typed = anew(), dict[str, dict[str, str]]()
    for what, which, how in steps:
        _do(box, typed, what, which, how)
    _holds(box, typed)


def _do(box: Postbox, typed: dict[str, dict[str, str]], what: str, which: int, how: int) -> None:
    if what == "book":
        start = max(box.now + timedelta(days=3), FIRST).replace(hour=1, minute=0) + timedelta(days=box.booked)
        box.booked += 1
        said = {"name": PEOPLE[which % len(PEOPLE)]} | CONTACTS[how % len(CONTACTS)]
        answer = box.books(start=start.isoformat(), **said)
        assert answer.status == 201, answer.body
        typed[answer.body["id"]] = said
    elif what == "wait":
        box.at(box.now + timedelta(days=1 + which % 40))
        box.deliver()
    elif what == "invite":
        _invite(box, which, ("sms", "email")[how % 2])
    elif typed:
        _about(box, what, list(typed)[which % len(typed)], how)


def _about(box: Postbox, what: str, id: str, how: int) -> None:
    """By one of the links that were sent about it, or by staff."""
    visit: Appointment = next(one for one in every(Appointment, AppointmentItem) if one.id == id)
    links = [one.link for one in box.about(id) if one.link]
    if what == "remind" and visit.is_expected and box.now < visit.starts:
        box.owe(id, f"reminder{len(every(Message, MessageItem))}")
    elif what == "come":
        ask(front_desk.handler, f"POST /v1/desk/appointments/{id}/check-in", {}, role="staff")
    elif what in ("confirm", "cancel", "reschedule") and links:
        start = (visit.starts + timedelta(hours=1 + how % 9)).isoformat()
        box.acts(links[how % len(links)], what, **({"start": start} if what == "reschedule" else {}))


def _invite(box: Postbox, which: int, channel: str) -> None:
    """After they said, at the desk, that they like it."""
    known: list[Client] = [one for one in every(Client, ClientItem) if contacts(one)]
    if not known:
        return
    path = f"/v1/desk/clients/{known[which % len(known)].id}"
    yes = {"purpose": "promotional", "channel": channel, "said": "given", "how": "phone", "words": "Yes please"}
    ask(clients_function.handler, f"POST {path}/consents", yes, role="staff")
    box.deliver()
    ask(clients_function.handler, f"POST {path}/invite", {"service": "cut"}, role="staff")
    box.deliver()


def _holds(box: Postbox, typed: dict[str, dict[str, str]]) -> None:
    for one in box.sent:
        if one.to.endswith("@lotus.example"):
            continue
        named = {said["name"] for said in typed.values() if one.to in said.values()}
        assert not [name for name in PEOPLE if name in one.text and name not in named], one
        if one.about in typed:
            assert one.to in typed[one.about].values()
            assert typed[one.about]["name"] in one.text
            assert not one.link or tokens.read_manage(one.link, now=box.now - timedelta(days=400)).subject == one.about
        else:
            assert "/a/" not in one.text
