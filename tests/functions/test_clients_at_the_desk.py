"""A client as staff see them, and what staff note down, lift and send in the client's name."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

import clients as function
import front_desk
from kept import clock
from kept.channels import Channel, Purpose
from kept.clients.client import Client, Occupation, Tier
from kept.clients.consent import ConsentWord, Wrote
from kept.messaging.message import Message
from kept.messaging.outgoing import to_client, to_staff
from kept.messaging.received import Received
from kept.messaging.replies.reading import Intent
from kept.reasons import Code, because
from kept.storage import clients, messages
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, a_client, an_appointment

LI = "/v1/desk/clients/c-1"
KEY = "f3a1c0de-0000-4000-8000-000000000007"
TO_EMAIL = (Purpose.PROMOTIONAL, Channel.EMAIL)
TOLD = a_client().consents[0]
YES = {"purpose": "promotional", "channel": "sms", "said": "given", "how": "phone", "words": "Shall we invite you?"}


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Li Na, who is told about her visits by e-mail and has a number as well."""
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()
    lotus.known(replace(a_client(), phone="+8613812345678"))


def li() -> Client:
    return clients.load("lotus", "c-1")


def she_is(**changed: Any) -> None:
    clients.put_alone(replace(li(), **changed))


def get(path: str = "", **asked: Any) -> Answer:
    return ask(function.handler, f"GET {LI}{path}", **{"role": "staff"} | asked)


def post(path: str, body: object = None, **asked: Any) -> Answer:
    return ask(function.handler, f"POST {LI}{path}", body, **{"role": "staff"} | asked)


def refused(path: str, body: object = None, **asked: Any) -> Answer:
    before = lotus.everything()
    answer = post(path, body, **asked)
    assert lotus.everything() == before
    return answer


# The client whole


def test_a_client_on_one_page() -> None:
    she_is(
        preferred=Channel.EMAIL,
        consents=(TOLD, replace(TOLD, purpose=Purpose.PROMOTIONAL, said=ConsentWord.ASKED_FOR)),
        wrote=(Wrote(Channel.SMS, lotus.NOW),),
    )
    clients.put_alone(li().stopping(Channel.SMS, why=because(Code.OPTED_OUT), at=lotus.NOW))
    told = get().body
    assert (told["name"], told["tier"], told["email"], told["zone"]) == (
        "Li Na",
        "vip",
        "li@example.com",
        "Asia/Shanghai",
    )
    assert told["reached_by"] == {"transactional": ["email"], "promotional": []}
    assert [(line["purpose"], line["said"], line["words"]) for line in told["consents"]] == [
        ("transactional", "given", "yes"),
        ("promotional", "asked_for", "yes"),
    ]
    assert [(line["channel"], line["address"], line["why"], line["why_code"]) for line in told["stopped"]] == [
        ("sms", "+8613812345678", "The client has opted out of it", "opted_out")
    ]
    assert [line["channel"] for line in told["wrote"]] == ["sms"]


def test_who_is_not_to_be_disturbed_is_reached_by_nothing() -> None:
    she_is(do_not_disturb=True)
    assert get().body["reached_by"] == {}


ROUTES: dict[str, object] = {
    f"GET {LI}": None,
    f"GET {LI}/conversation": None,
    f"POST {LI}/preferences": {"tier": "vip"},
    f"POST {LI}/consents": YES,
    f"POST {LI}/stopped/sms/lift": None,
    f"POST {LI}/invite": {"service": "cut"},
}


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [
        pytest.param({}, 401, "sign_in_required", id="without a token"),
        pytest.param({"role": "client"}, 403, "role_required", id="in no group of the desk's"),
        pytest.param({"role": "owner", "business": "garage"}, 404, "unknown_client", id="of another business"),
    ],
)
def test_who_may_not(route: str, asked: dict[str, Any], status: int, code: str) -> None:
    before = lotus.everything()
    body = {"service": "brakes"} if "garage" in asked.values() and route.endswith("invite") else ROUTES[route]
    answer = ask(function.handler, route, body, **asked)
    assert (answer.status, answer.code) == (status, code)
    assert lotus.everything() == before


@pytest.mark.parametrize("route", ROUTES)
def test_nobody_of_that_id(route: str) -> None:
    answer = ask(function.handler, route.replace("c-1", "c-9"), ROUTES[route], role="owner")
    assert (answer.status, answer.code) == (404, "unknown_client")


def test_every_look_and_every_change_is_logged_by_ids_alone(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO", logger="kept"):
        get()
        post("/consents", YES)
    logged = [vars(record) for record in caplog.records if "client" in vars(record)]
    assert [(line["message"], line["client"], line["by"]) for line in logged] == [
        ("looked at a client", "c-1", "staff:mei"),
        ("noted a consent", "c-1", "staff:mei"),
    ]
    assert not any(word in str(logged) for word in ("Li Na", "example.com", "13812345678", "invite you"))


# Preferences


def test_staff_change_what_they_name_and_nothing_else() -> None:
    she_is(preferred=Channel.EMAIL, occupation=Occupation.HOME)
    answer = post("/preferences", {"tier": "regular", "best_from": "10:00", "best_until": "11:30", "locale": "en"})
    assert (answer.status, answer.body["best_from"], answer.body["tier"]) == (200, "10:00", "regular")
    assert (li().tier, li().preferred, li().occupation, li().locale) == (
        Tier.REGULAR,
        Channel.EMAIL,
        Occupation.HOME,
        "en",
    )
    post("/preferences", {"preferred": None, "best_until": None, "do_not_disturb": True})
    assert (li().preferred, li().best_until, li().do_not_disturb, li().tier) == (None, None, True, Tier.REGULAR)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        pytest.param({"best_from": "11:00", "best_until": "10:00"}, "invalid_setting", id="hours the wrong way round"),
        pytest.param({"best_from": "12:00"}, "invalid_setting", id="later than the end that stands"),
        pytest.param({"best_from": "25:00"}, "invalid_request", id="no hour"),
        pytest.param({"preferred": "whatsapp"}, "invalid_request", id="a channel that is not used"),
        pytest.param({"preferred": "pigeon"}, "invalid_request", id="a channel that is none"),
        pytest.param({"locale": "tlh"}, "invalid_request", id="a language without texts"),
        pytest.param({"tier": None}, "invalid_request", id="no tier"),
        pytest.param({"do_not_disturb": None}, "invalid_request", id="neither nor"),
        pytest.param({"name": "Na"}, "invalid_request", id="what is no preference"),
    ],
)
def test_preferences_that_make_no_sense(body: dict[str, Any], code: str) -> None:
    post("/preferences", {"best_until": "11:30"})
    answer = refused("/preferences", body)
    assert (answer.status, answer.code) == (422, code)


# Consents


def test_a_consent_given_on_the_telephone_is_noted_with_who_heard_it() -> None:
    answer = post("/consents", YES)
    assert answer.status == 200
    assert answer.body["reached_by"]["promotional"] == ["sms"]
    line = li().consents[-1]
    assert (line.purpose, line.said, line.at) == (Purpose.PROMOTIONAL, ConsentWord.GIVEN, lotus.NOW)
    assert (line.source, line.words) == ("by phone, noted by staff:mei", "Shall we invite you?")


def test_a_yes_to_invitations_by_e_mail_still_has_to_come_from_there() -> None:
    post("/consents", YES | {"channel": "email", "how": "in_person"})
    assert li().said(*TO_EMAIL) is ConsentWord.ASKED_FOR
    assert [message.stage for message in messages.about("lotus", "c-1")] == ["confirm_subscription"]
    assert li().consents[-1].source == "in person, noted by staff:mei"


def test_a_no_is_noted_even_where_nothing_was_agreed_to() -> None:
    post("/consents", YES | {"channel": "wechat", "said": "withdrawn"})
    assert li().said(Purpose.PROMOTIONAL, Channel.WECHAT) is ConsentWord.WITHDRAWN


def test_what_stands_already_is_not_noted_again() -> None:
    post("/consents", YES)
    before = lotus.everything()
    assert post("/consents", YES).status == 200
    assert lotus.everything() == before


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"channel": "whatsapp"}, id="a channel that is not used"),
        pytest.param({"channel": "wechat"}, id="a channel that does not reach her"),
        pytest.param({"purpose": "staff"}, id="a purpose that is none of hers"),
        pytest.param({"words": " "}, id="no words"),
        pytest.param({"said": "asked_for"}, id="neither yes nor no"),
        pytest.param({"how": "guessed"}, id="a guess"),
    ],
)
def test_a_consent_that_is_none(changed: dict[str, str]) -> None:
    answer = refused("/consents", YES | changed)
    assert (answer.status, answer.code) == (422, "invalid_request")


# A stop


@pytest.mark.parametrize(("role", "status"), [("staff", 403), ("manager", 200), ("owner", 200)])
def test_who_leads_the_business_lifts_a_stop(role: str, status: int) -> None:
    clients.put_alone(li().stopping(Channel.EMAIL, why=because(Code.NO_SUCH_ADDRESS), at=lotus.NOW))
    assert post("/stopped/email/lift", role=role).status == status
    assert (li().stopped_because(Channel.EMAIL) is None) is (status == 200)


def test_a_stop_of_a_channel_that_is_none() -> None:
    assert refused("/stopped/pigeon/lift", role="owner").status == 422


# What was said


def received(at: timedelta, key: str, about: str = "a-1") -> Received:
    return messages.put_received(
        Received(
            business="lotus",
            client="c-1",
            key=key,
            channel=Channel.SMS,
            text="下午可以吗",
            at=lotus.NOW + at,
            about=about,
            intent=Intent.MOVE,
            confidence=0.95,
            done=because(Code.TIMES_OFFERED, count=3),
        )
    )


def sent(at: timedelta, stage: str, **changed: Any) -> None:
    message = to_client(an_appointment(), li(), lotus.the_salon().business, stage, now=lotus.NOW + at)
    lotus.say(replace(message, **changed))


def test_a_conversation_is_told_in_order_of_time() -> None:
    lotus.put(an_appointment())
    received(timedelta(minutes=2), "k-1")
    sent(timedelta(minutes=3), "move_options", occasion="k-1")
    sent(timedelta(0), "confirmation")
    sent(timedelta(minutes=1), "confirm_subscription", about="c-1")
    lotus.say(to_staff(an_appointment(), "staff_booked", now=lotus.NOW))
    told = get("/conversation").body
    assert [(line["by"], line["stage"] or line["text"]) for line in told] == [
        ("us", "confirmation"),
        ("us", "confirm_subscription"),
        ("client", "下午可以吗"),
        ("us", "move_options"),
    ]
    assert [line["appointment"] for line in told] == ["a-1", "", "a-1", "a-1"]
    assert (told[2]["intent"], told[2]["done_code"], told[2]["facts"]) == ("move", "times_offered", {"count": "3"})
    assert (told[2]["done"], told[2]["status"]) == ("Other times offered (3)", None)
    assert (told[3]["status"], told[3]["intent"]) == ("queued", None)


def test_of_a_long_conversation_the_latest_is_told() -> None:
    for n in range(203):
        received(timedelta(minutes=n), f"k-{n:03}")
    told = get("/conversation").body
    assert len(told) == 200
    assert told[0]["at"] == (lotus.NOW + timedelta(minutes=3)).isoformat().replace("+00:00", "Z")


def test_what_is_half_a_year_old_is_not_told() -> None:
    received(timedelta(days=-181), "k-1")
    received(timedelta(days=-180), "k-2")
    sent(timedelta(days=-181), "confirm_subscription", about="c-1")
    assert [line["by"] for line in get("/conversation").body] == ["client"]


def test_an_appointment_has_its_own_replies() -> None:
    lotus.put(an_appointment())
    lotus.put(an_appointment("a-2", starts=STARTS + timedelta(days=1)))
    received(timedelta(0), "k-1", "a-1")
    received(timedelta(0), "k-2", "a-2")
    (line,) = ask(front_desk.handler, "GET /v1/desk/appointments/a-1/replies", role="staff").body
    assert line == {
        "at": "2026-02-28T09:00:00Z",
        "channel": "sms",
        "text": "下午可以吗",
        "intent": "move",
        "confidence": 0.95,
        "done": "Other times offered (3)",
        "done_code": "times_offered",
        "facts": {"count": "3"},
    }
    other = ask(front_desk.handler, "GET /v1/desk/appointments/a-1/replies", role="owner", business="garage")
    assert (other.status, other.code) == (404, "unknown_appointment")


# An invitation


def agrees(channel: Channel = Channel.SMS) -> None:
    she_is(consents=(TOLD, replace(TOLD, purpose=Purpose.PROMOTIONAL, channel=channel)))


def invitations() -> list[Message]:
    return [message for message in messages.about("lotus", "c-1") if message.stage == "recall"]


def test_a_client_is_invited_over_a_channel_that_she_agreed_to(queued: Callable[[str], list[Any]]) -> None:
    agrees()
    answer = post("/invite", {"service": "cut"})
    assert (answer.status, answer.body["stage"], answer.body["channel"], answer.body["status"]) == (
        201,
        "recall",
        "sms",
        "queued",
    )
    (message,) = invitations()
    assert (message.purpose, message.about, message.recipient) == (Purpose.PROMOTIONAL, "c-1", "c-1")
    assert message.detail == ("cut",)
    assert [key["id"] for key in queued("MESSAGES_QUEUE")] == [message.id]


@pytest.mark.parametrize(
    "agree",
    [
        pytest.param(lambda: None, id="who never said yes"),
        pytest.param(lambda: agrees(Channel.WHATSAPP), id="who said yes to what is not used any more"),
        pytest.param(lambda: post("/consents", YES | {"channel": "email"}), id="who has not confirmed her yes"),
    ],
)
def test_who_has_not_agreed_is_not_invited(agree: Callable[[], object]) -> None:
    agree()
    answer = refused("/invite", {"service": "cut"})
    assert (answer.status, answer.code) == (409, "promotion_not_agreed")


def test_a_repeat_invites_once_and_is_answered_as_the_first_time() -> None:
    """Even when she would be invited otherwise, or not at all, by now."""
    agrees()
    first = post("/invite", {"service": "cut"}, key=KEY)
    she_is(consents=(TOLD,))
    assert post("/invite", {"service": "cut"}, key=KEY).body == first.body
    assert len(invitations()) == 1
    answer = refused("/invite", {"service": "colour"}, key=KEY)
    assert (answer.status, answer.code) == (422, "idempotency_key_reused")


def test_to_a_service_that_there_is() -> None:
    agrees()
    assert refused("/invite", {"service": "perm"}).code == "unknown_service"
