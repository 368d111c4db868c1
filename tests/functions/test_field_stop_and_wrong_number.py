"""Rule: a STOP is confirmed once, where no carrier does it, and a visit that is near is called about once. A number
that is somebody else's gets one word without a link, then nothing for that client, until START or a proof; others stay.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import message_sender
from kept import clock
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord
from kept.clients.wrong_number import WRONG_NUMBER, theirs_after_all
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import Message
from kept.messaging.outgoing import to_client
from kept.reasons import Code, because
from kept.runtime import aws
from kept.storage import appointments, catalogs, clients, follow_ups, left_alone, messages
from kept.use_cases.clients.clients import change_client
from kept.use_cases.messaging import provider_clients
from tests import lotus
from tests.builders import STARTS, a_client, an_appointment
from tests.functions.answering import OPEN_ID, PHONE, a_text, a_whatsapp, brought, take
from tests.reasons import short, why
from tests.stopping import records

NOW = STARTS - timedelta(hours=30)
DAY = timedelta(days=1)
OVER = (Channel.SMS, Channel.WHATSAPP, Channel.WECHAT, Channel.WEBHOOK)


class Provider:
    """Takes every text; what was written to which number."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, str]] = []

    def send_text_message(self, **request: Any) -> dict[str, str]:
        self.texts.append((request["DestinationPhoneNumber"], request["MessageBody"]))
        return {"MessageId": f"p-{len(self.texts)}"}

    def send_whatsapp_message(self, **request: Any) -> dict[str, str]:
        self.texts.append(("whatsapp", request["message"].decode()))
        return {"messageId": f"p-{len(self.texts)}"}


def person(id: str = "c-1", name: str = "Li Na", **changed: Any) -> Client:
    agreed = tuple(Consent(Purpose.TRANSACTIONAL, c, STARTS - 40 * DAY, "page", "yes") for c in OVER)
    new = replace(a_client(), id=id, name=name, phone=PHONE, email=None, locale="en", consents=agreed)
    new = replace(new, preferred=Channel.SMS, wechat=OPEN_ID)
    return replace(new, **changed)


@pytest.fixture(autouse=True)
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    salon = lotus.the_salon()
    lotus.store(replace(salon, business=replace(salon.business, channels=(*OVER, Channel.EMAIL), locale="en")))
    lotus.known(person())
    lotus.put(an_appointment())
    found = Provider()
    monkeypatch.setattr(provider_clients, "aws", lambda name, **how: aws(name, **how) if name == "ssm" else found)
    return found


def told(id: str = "a-1", over: Channel = Channel.SMS) -> None:
    """Reminded of it an hour ago, over that channel."""
    visit, at = appointments.load("lotus", id), NOW - timedelta(hours=1)
    said = to_client(visit, she(), catalogs.load("lotus").business, "two_days", now=at, over=over)
    lotus.say(said.claimed(until=at).sent(at=at, provider_id=f"p-{id}"))


def she(id: str = "c-1") -> Client:
    return clients.load("lotus", id)


def write(words: str, *, over: Channel = Channel.SMS, id: str = "in-1", now: datetime = NOW) -> None:
    body = a_text(words, id) if over is Channel.SMS else brought(words, over=over, id=id, now=now)
    assert take(body, now=now) == {"batchItemFailures": []}


def goodbyes() -> list[Message]:
    return [m for m in messages.about("lotus", "c-1") if m.stage in ("said_stop", "wrong_number")]


def send(*some: Message, now: datetime = NOW) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        owed = [(m.business, m.id) for m in some or goodbyes() if m.is_owed]
        assert message_sender.handler(records(*owed), None) == {"batchItemFailures": []}


def causes() -> list[str]:
    return sorted(it.cause for it in follow_ups.board("lotus").follow_ups)


CONFIRMED = [
    pytest.param(Channel.SMS, "STOP", 0, id="the carrier answers STOP"),
    pytest.param(Channel.SMS, "stopall", 0, id="and STOPALL"),
    pytest.param(Channel.SMS, "Unsubscribe", 0, id="and UNSUBSCRIBE"),
    pytest.param(Channel.SMS, "退订", 0, id="and its Chinese word"),
    pytest.param(Channel.SMS, "please stop texting me", 1, id="a sentence it does not know"),
    pytest.param(Channel.SMS, "不要再给我发短信了", 1, id="nor a Chinese one"),
    pytest.param(Channel.WHATSAPP, "STOP", 1, id="nobody answers on WhatsApp"),
    pytest.param(Channel.WHATSAPP, "stop messaging me please", 1, id="nor a sentence there"),
    pytest.param(Channel.WECHAT, "退订", 1, id="nor on WeChat"),
    pytest.param(Channel.WEBHOOK, "STOP", 0, id="a gateway answers for itself"),
    pytest.param(Channel.WEBHOOK, "please stop texting me", 1, id="but not a sentence"),
]


@pytest.mark.parametrize(("over", "words", "count"), CONFIRMED)
def test_a_stop_is_confirmed_where_nobody_else_does(over: Channel, words: str, count: int) -> None:
    told(over=over)
    write(words, over=over)
    assert she().said(Purpose.TRANSACTIONAL, over) is ConsentWord.WITHDRAWN
    assert [(m.stage, m.channel) for m in goodbyes()] == [("said_stop", over)] * count


def test_it_is_sent_though_they_said_stop_and_holds_neither_a_link_nor_the_visit(provider: Provider) -> None:
    told()
    write("please stop texting me")
    send()
    assert provider.texts == [
        (PHONE, "【Lotus】Lotus: you will get no more messages from us here. To get them again, reply START.")
    ]


def test_a_second_stop_is_not_answered_and_one_after_a_start_is() -> None:
    told()
    for n in range(3):
        write("please stop texting me", id=f"in-{n}", now=NOW + n * timedelta(minutes=1))
    assert len(goodbyes()) == 1
    write("START", id="in-8", now=NOW + timedelta(minutes=8))
    write("please stop texting me", id="in-9", now=NOW + timedelta(minutes=9))
    assert len(goodbyes()) == 2


def test_the_same_reply_brought_twice_is_one() -> None:
    told()
    write("please stop texting me")
    write("please stop texting me")
    assert len(goodbyes()) == 1
    assert causes() == [OpenedBy.SAID_STOP]


def test_known_to_two_businesses_one_word_goes_to_the_number() -> None:
    """From the number that both write from: it stops for both, and whoever wrote last confirms it."""
    lotus.store(lotus.the_garage())
    lotus.known(person("c-9", business="garage"))
    told()
    write("please stop texting me")
    known = [("lotus", "c-1"), ("garage", "c-9")]
    assert [clients.load(*one).said(Purpose.TRANSACTIONAL, Channel.SMS) for one in known] == [ConsentWord.WITHDRAWN] * 2
    assert [m.business for one in known for m in messages.about(*one) if m.stage == "said_stop"] == ["lotus"]


CALLED = [
    pytest.param(timedelta(hours=2), 1, id="in two hours"),
    pytest.param(timedelta(days=1), 1, id="tomorrow"),
    pytest.param(timedelta(days=7), 1, id="in a week to the minute"),
    pytest.param(timedelta(days=7, minutes=1), 0, id="a minute later"),
    pytest.param(timedelta(days=28), 0, id="next month"),
    pytest.param(-timedelta(days=2), 0, id="the day before yesterday"),
]


@pytest.mark.parametrize(("ahead", "count"), CALLED)
def test_somebody_is_asked_to_call_where_a_visit_is_near(ahead: timedelta, count: int) -> None:
    lotus.put(an_appointment("a-2", starts=NOW + ahead))
    write("STOP")
    about = [it.about for it in follow_ups.board("lotus").follow_ups if it.cause is OpenedBy.SAID_STOP]
    assert about.count("a-2") == count
    write("STOP", id="in-2")
    again = [it.about for it in follow_ups.board("lotus").follow_ups if it.cause is OpenedBy.SAID_STOP]
    assert sorted(again) == sorted(about)


@pytest.mark.parametrize("over", [Channel.SMS, Channel.WHATSAPP], ids=str)
def test_a_wrong_number_stops_every_message_to_it_and_asks_a_person(over: Channel, provider: Provider) -> None:
    told(over=over)
    write("Sorry, wrong number", over=over)
    assert {it.channel for it in she().stopped} >= {Channel.SMS, Channel.WHATSAPP, Channel.WEBHOOK, Channel.CALL}
    assert {it.why for it in she().stopped} == {WRONG_NUMBER}
    assert she().said(Purpose.TRANSACTIONAL, over) is ConsentWord.GIVEN
    assert not left_alone.is_left_alone("lotus", over, PHONE)
    assert causes() == [OpenedBy.WRONG_NUMBER]
    assert she().reach == ""
    send()
    ((_, text),) = provider.texts
    assert "Lotus: thank you for telling us. We will not write to this number again." in text
    assert "http" not in text
    assert "Cut" not in text


def test_no_reminder_goes_there_afterwards(provider: Provider) -> None:
    told()
    write("you have the wrong number")
    reminder = to_client(
        an_appointment(), she(), catalogs.load("lotus").business, "same_day", now=NOW, over=Channel.SMS
    )
    messages.put_alone(reminder)
    send(reminder)
    stored = messages.find("lotus", reminder.id)
    assert stored is not None
    assert (stored.status, stored.reason) == ("suppressed", WRONG_NUMBER)
    assert provider.texts == []


def test_the_acknowledgement_comes_once_and_never_after_a_stop() -> None:
    told()
    write("wrong number")
    write("I said wrong number", id="in-2", now=NOW + timedelta(minutes=1))
    write("wrong number!", id="in-3", now=NOW + timedelta(minutes=2))
    assert len(goodbyes()) == 1
    write("STOP", id="in-4", now=NOW + timedelta(minutes=3))
    send(now=NOW + timedelta(minutes=4))
    (said,) = goodbyes()
    assert why(said) == "suppressed: stop_from_number"


def test_another_client_who_has_that_number_elsewhere_is_reached_as_before() -> None:
    """They wrote about Li Na's visit; the garage's Li Hua, of the same number, was not meant."""
    lotus.store(lotus.the_garage())
    lotus.known(person("c-9", "Li Hua", business="garage"))
    told()
    write("This isn't Li Na")
    assert clients.load("garage", "c-9").stopped == ()
    assert she().stopped != ()


BACK = [
    pytest.param("START", id="START"),
    pytest.param("start", id="in small letters"),
    pytest.param("unstop", id="UNSTOP"),
]


@pytest.mark.parametrize("words", BACK)
def test_start_takes_it_up_again(words: str) -> None:
    told()
    write("wrong number")
    write(words, id="in-2", now=NOW + timedelta(hours=1))
    assert she().stopped == ()


def test_a_proof_takes_it_up_again_and_leaves_what_stopped_for_another_reason() -> None:
    told()
    write("wrong number")
    change_client(
        "lotus",
        "c-1",
        lambda it: it.stopping(Channel.EMAIL, why=because(Code.BOUNCED_BEFORE), at=NOW, address="li@example.com"),
    )
    again = theirs_after_all(she(), PHONE)
    assert [(it.channel, short(it.why)) for it in again.stopped] == [(Channel.EMAIL, "bounced_before")]


ASKED = [
    "who is this?",
    "Who's this",
    "wrong number?",
    "is this the wrong number",
    "你是谁",
    "发错人了吧",
    "这不是我约的",
]


@pytest.mark.parametrize("words", ASKED)
def test_a_question_stops_nothing(words: str) -> None:
    told()
    write(words)
    assert (she().stopped, goodbyes()) == ((), [])
    assert causes() == [OpenedBy.UNREAD_REPLY]


def test_the_wrong_number_of_nobody_makes_no_client() -> None:
    body = a_text("wrong number", "in-1", "+8613500135000")
    assert take(body, now=NOW) == {"batchItemFailures": []}
    assert clients.anywhere("+8613500135000", now=NOW) == []


def test_over_whatsapp_it_is_said_in_free_words_though_they_count_as_not_having_written(provider: Provider) -> None:
    told(over=Channel.WHATSAPP)
    assert take(a_whatsapp("wrong number", "in-1", NOW), now=NOW) == {"batchItemFailures": []}
    assert she().wrote_last(Channel.WHATSAPP) is None
    send()
    assert len(provider.texts) == 1
