"""Staff can book whoever stands before them: without a number or address, or without messages.

Nothing is sent then, the ledger says why, and nobody is asked to call somebody who cannot be called, or who heard it
when it was booked. Whoever books themselves still leaves a way to be told.
"""

from typing import Any

import pytest

import front_desk
from kept.booking.appointment import Appointment
from kept.channels import Channel
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import Message
from kept.messaging.outgoing import UNDO
from kept.reasons import Code, is_because
from kept.storage import appointments, messages
from kept.storage.tables import FollowUpItem
from tests.asking import ask
from tests.functions.outbox import MINUTE
from tests.functions.postbox import Postbox, every, opened

DESK = "/v1/desk/appointments"
PHONE, EMAIL = "+8613912345678", "walk.in@example.com"
NOBODY = {"name": "Walk-in"}


@pytest.fixture
def box(monkeypatch: pytest.MonkeyPatch) -> Postbox:
    return opened(monkeypatch)


def calls() -> list[FollowUp]:
    return [one for one in every(FollowUp, FollowUpItem) if one.cause in (OpenedBy.NOT_TOLD, OpenedBy.FAILED_MESSAGE)]


def ledger(id: str) -> list[Message]:
    return [message for message in messages.about("lotus", id) if not message.stage.startswith("staff_")]


BOOKED: dict[str, dict[str, Any]] = {
    "a name alone": NOBODY,
    "an empty number": NOBODY | {"phone": ""},
    "an empty number and address": NOBODY | {"phone": " ", "email": ""},
    "nothing agreed to, said so": NOBODY | {"agrees_to": []},
    "a Chinese name": {"name": "陈先生"},
    "another language": NOBODY | {"locale": "en"},
    "another zone": NOBODY | {"zone": "Europe/Berlin"},
    "a number, no messages": NOBODY | {"phone": PHONE, "agrees_to": []},
    "an address, no messages": NOBODY | {"email": EMAIL, "agrees_to": []},
    "both, no messages": NOBODY | {"phone": PHONE, "email": EMAIL, "agrees_to": []},
    "a landline, no messages": NOBODY | {"phone": "021 6279 8888", "agrees_to": []},
    "a number from abroad, no messages": NOBODY | {"phone": "+1 212 555 0123", "agrees_to": []},
}


@pytest.mark.parametrize("client", BOOKED.values(), ids=BOOKED)
@pytest.mark.parametrize("channels", [(Channel.EMAIL, Channel.SMS), (Channel.WHATSAPP, Channel.SMS)], ids=str)
def test_nothing_is_sent_and_the_ledger_says_why(
    monkeypatch: pytest.MonkeyPatch, client: dict[str, Any], channels: tuple[Channel, ...]
) -> None:
    box = opened(monkeypatch, *channels)
    answer = box.books("staff", **({"agrees_to": []} | client))
    assert answer.status == 201, answer.body
    id = str(answer.body["id"])
    box.remind(id, 48 * 60 * MINUTE)
    box.remind(id, 180 * MINUTE)
    assert box.sent == []
    said = ledger(id)
    assert {message.stage for message in said} >= {"confirmation", "two_days"}
    assert {message.status for message in said} <= {"skipped", "missed"}, "missed where it is night with them"
    skipped = [message for message in said if message.status == "skipped"]
    assert all(is_because(message.reason, Code.NO_ADDRESS, Code.NO_CONSENT) for message in skipped)
    assert calls() == []


@pytest.mark.parametrize(
    ("client", "called"),
    [
        pytest.param(NOBODY, 0, id="nobody can be called"),
        pytest.param(NOBODY | {"phone": PHONE}, 1, id="there is a number"),
        pytest.param(NOBODY | {"email": EMAIL}, 1, id="there is an address"),
    ],
)
@pytest.mark.parametrize("act", ["cancel", "reschedule"])
def test_what_staff_change_later_is_told_where_it_can_be(
    box: Postbox, client: dict[str, Any], called: int, act: str
) -> None:
    id = box.books("staff", **({"agrees_to": []} | client)).body["id"]
    said = {} if act == "cancel" else {"start": box.next_slot()}
    assert ask(front_desk.handler, f"POST {DESK}/{id}/{act}", said, role="staff").status == 200
    box.at(box.now + UNDO)
    box.deliver()
    assert (box.sent, len(calls())) == ([], called)


def test_whoever_has_agreed_before_is_told_as_ever(box: Postbox) -> None:
    """Their own word on their own number holds for this booking as well."""
    box.id_of("staff", name="Li Na", phone=PHONE)
    id = box.id_of("staff", name="Li Na", phone=PHONE, agrees_to=[])
    assert [sent.stage for sent in box.about(id)] == ["confirmation"]


@pytest.mark.parametrize("by", ["api"])
@pytest.mark.parametrize(
    ("client", "code"),
    [
        pytest.param(NOBODY, "no_contact", id="a name alone"),
        pytest.param(NOBODY | {"phone": PHONE, "agrees_to": []}, "consent_required", id="no messages"),
        pytest.param(NOBODY | {"phone": PHONE, "agrees_to": ["email"]}, "consent_required", id="by another way"),
    ],
)
def test_who_books_themselves_leaves_a_way(box: Postbox, by: str, client: dict[str, Any], code: str) -> None:
    assert box.books(by, **client).code == code


@pytest.mark.parametrize(
    ("client", "code"),
    [
        pytest.param(NOBODY | {"agrees_to": ["sms"]}, "consent_required", id="messages, and no number"),
        pytest.param(NOBODY | {"email": EMAIL, "agrees_to": ["sms"]}, "consent_required", id="to what was not given"),
        pytest.param(NOBODY | {"phone": "12", "agrees_to": []}, "invalid_phone", id="a number that is none"),
        pytest.param({"name": " ", "agrees_to": []}, "invalid_request", id="no name"),
    ],
)
def test_a_promise_that_cannot_be_kept_is_refused_to_staff_too(box: Postbox, client: dict[str, Any], code: str) -> None:
    assert box.books("staff", **client).code == code


def test_it_stands_on_the_day_as_any_other_and_is_nobodys_else(box: Postbox) -> None:
    one, other = (box.id_of("staff", name="Walk-in", agrees_to=[]) for _ in range(2))
    first, second = (appointments.load("lotus", id) for id in (one, other))
    assert first.client != second.client, "two who left nothing are two"
    shown = ask(front_desk.handler, f"GET {DESK}/{one}", role="staff").body
    assert (shown["client_name"], shown["client_phone"], shown["open_channels"]) == ("Walk-in", None, [])
    assert isinstance(first, Appointment)
    for act in ("check-in", "begin", "complete"):
        assert ask(front_desk.handler, f"POST {DESK}/{one}/{act}", {}, role="staff").status == 200
