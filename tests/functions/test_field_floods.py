"""A number or an address that somebody else typed is not flooded, and texts go to mobiles that are served alone.

The rule: so many messages of a day answer what was done in the name of somebody who has never answered from there; a
text goes to a mobile of a country that the business serves, whoever typed it and whenever.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

import booking
import catalog as settings
import client_pages
import clients as clients_at_the_desk
import message_sender
import my_appointment
from kept import clock, ids
from kept.actor import CLIENT, Actor
from kept.business.stranger_rules import StrangerRules
from kept.channels import Channel, Purpose
from kept.client_links.tokens import manage_token
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord
from kept.clients.texting import may_be_texted
from kept.messaging.message import Message
from kept.messaging.outgoing import to_client
from kept.storage import catalogs, clients, messages
from kept.use_cases.messaging import provider_clients
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import BOOKED, STARTS, a_client, an_appointment
from tests.functions.outbox import PHONE, Providers
from tests.functions.plain_browser import Browser
from tests.reasons import outcome
from tests.refusing import BOOK, LI, cut, is_problem, link
from tests.stopping import records

MOST = StrangerRules().contact_messages


@pytest.fixture(autouse=True)
def providers(monkeypatch: pytest.MonkeyPatch) -> Providers:
    """They take everything; it is Saturday afternoon, and nobody's quiet hours."""
    taken = Providers()
    monkeypatch.setattr(provider_clients, "aws", lambda *_, **__: taken)
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()
    return taken


def texted(**more: Any) -> Client:
    """Li Na by text message alone, a stranger as far as anybody knows."""
    yes = Consent(Purpose.TRANSACTIONAL, Channel.SMS, BOOKED, "booking page", "yes")
    return replace(a_client(), phone=PHONE, email=None, consents=(yes,), **more)


def booked_and_told(n: int, by: Actor = CLIENT) -> Message:
    """One more visit that was booked just now, and what answers it."""
    visit = an_appointment(f"a-{n}", starts=STARTS + timedelta(days=n))
    made = replace(visit, history=(replace(visit.history[0], by=str(by), at=lotus.NOW),), booked_at=lotus.NOW)
    lotus.put(made)
    client = clients.load("lotus", "c-1")
    return to_client(made, client, lotus.the_salon().business, "confirmation", now=lotus.NOW)


def sent(*said: Message) -> list[str]:
    """What became of each."""
    for message in said:
        lotus.say(message)
        message_sender.handler(records(("lotus", message.id)), None)
    found = [messages.find("lotus", message.id) for message in said]
    return [outcome(message) for message in found if message]


TOO_MANY = "skipped: never_answered"


def test_a_number_gets_so_many_messages_a_day_of_what_strangers_do_in_its_name(providers: Providers) -> None:
    lotus.known(texted())
    assert sent(*(booked_and_told(n) for n in range(MOST + 3))) == ["sent"] * MOST + [TOO_MANY] * 3
    assert len(providers.taken) == MOST


def test_whoever_has_answered_from_there_gets_them_all() -> None:
    lotus.known(texted().writing(Channel.SMS, at=BOOKED))
    assert sent(*(booked_and_told(n) for n in range(MOST + 2))) == ["sent"] * (MOST + 2)


def test_an_address_that_said_yes_by_its_link_has_answered() -> None:
    yes = Consent(Purpose.PROMOTIONAL, Channel.EMAIL, BOOKED, "double opt-in", "yes", ConsentWord.GIVEN)
    lotus.known(a_client().stating(yes))
    assert set(sent(*(booked_and_told(n) for n in range(MOST + 2)))) == {"sent"}


def test_what_staff_did_is_always_told_and_so_is_a_reminder() -> None:
    lotus.known(texted())
    by_staff = [booked_and_told(n, Actor("staff", "mei")) for n in range(MOST + 2)]
    assert set(sent(*by_staff)) == {"sent"}
    reminders = [replace(booked_and_told(20 + n), stage="two_days") for n in range(MOST + 2)]
    assert TOO_MANY not in sent(*reminders)


def test_a_day_later_there_is_room_again(monkeypatch: pytest.MonkeyPatch) -> None:
    lotus.known(texted())
    sent(*(booked_and_told(n) for n in range(MOST)))
    late = booked_and_told(MOST)
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW + timedelta(hours=24))
    assert TOO_MANY not in sent(late)


def test_moving_five_hundred_times_ends_at_the_limit_of_moves() -> None:
    lotus.known(texted())
    visit = lotus.put(an_appointment(starts=STARTS + timedelta(days=5)))
    token = manage_token(visit)
    times = [(STARTS + timedelta(days=6, minutes=15 * n)).isoformat() for n in range(12)]
    answers = [
        ask(my_appointment.handler, "POST /v1/appointment/reschedule", {"start": t}, bearer=token) for t in times
    ]
    assert [answer.status for answer in answers] == [200] * 3 + [409] * 9
    assert len([m for m in messages.about("lotus", "a-1") if m.stage == "rescheduled"]) == 3


@pytest.mark.parametrize("act", ["confirm", "on-my-way"])
def test_pressing_a_button_again_and_again_sends_nothing(act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lotus.known(texted())
    token = manage_token(lotus.put(an_appointment()))
    monkeypatch.setattr(clock, "now", lambda: STARTS - timedelta(minutes=5))
    answers = [ask(my_appointment.handler, f"POST /v1/appointment/{act}", {}, bearer=token) for _ in range(30)]
    assert {answer.status for answer in answers} <= {200, 409}
    assert messages.about("lotus", "a-1") == []


def test_the_question_about_invitations_is_asked_three_times_a_day_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """By ticking, by taking it back and ticking again, and by the button for it."""
    lotus.known()
    page = "/p/" + link("c-1", purpose=preferences_link())
    ticked = urlencode({"promotional": "email", "transactional": "email", "were": "transactional.email"})
    no = urlencode({"transactional": "email", "were": ["transactional.email", "promotional.email"]}, doseq=True)
    reader = Browser(client_pages.handler, "en")
    for n in range(40):
        monkeypatch.setattr(clock, "now", lambda n=n: lotus.NOW + timedelta(minutes=11 * n))
        for body in (ticked, "again=1", no, ticked):
            assert reader.ask(f"POST {page}", body)["statusCode"] == 303
    questions = [message for message in messages.about("lotus", "c-1") if message.stage == "confirm_subscription"]
    assert 1 <= len(questions) <= 3


def preferences_link() -> Any:
    from kept.client_links.links import LinkPurpose

    return LinkPurpose.PREFERENCES


# Which numbers are texted

NUMBERS: dict[str, tuple[str, str, tuple[str, ...], bool]] = {
    "a mobile at home": ("+8613812345678", "CN", (), True),
    "a mobile abroad": ("+8613812345678", "US", (), False),
    "abroad, and served": ("+8613812345678", "US", ("US", "CN"), True),
    "at home, and not in the list": ("+12125550123", "US", ("CN",), False),
    "of a state": ("+12125550123", "US-NY", (), True),
    "North America, another country": ("+14165550123", "US", (), False),
    "North America, served": ("+14165550123", "US", ("US", "CA"), True),
    "Puerto Rico": ("+17872345678", "US", (), False),
    "a landline": ("+861012345678", "CN", (), False),
    "a landline in London": ("+442071838750", "GB", (), False),
    "a mobile in Britain": ("+447400123456", "GB", (), True),
    "premium in Britain": ("+449098790000", "GB", (), False),
    "premium in America": ("+19002345678", "US", (), False),
    "toll free": ("+18002345678", "US", (), False),
    "shared cost in Germany": ("+4918012345", "DE", (), False),
    "Iridium": ("+881612345678", "US", (), False),
    "Inmarsat": ("+870773111632", "US", (), False),
    "a satellite that is named": ("+881612345678", "US", ("001",), False),
    "an international network": ("+882123456789", "US", (), False),
    "Hong Kong from China": ("+85251234567", "CN", (), False),
    "Jersey is not Britain": ("+447797712345", "GB", (), False),
    "over the internet": ("+495631234567", "DE", (), False),
    "a personal number": ("+447012345678", "GB", (), False),
    "no number": ("li@example.com", "CN", (), False),
    "nothing": ("", "CN", (), False),
}


@pytest.mark.parametrize(("number", "country", "served", "is_texted"), NUMBERS.values(), ids=NUMBERS)
def test_a_mobile_of_a_country_that_is_served_is_texted(
    number: str, country: str, served: tuple[str, ...], is_texted: bool
) -> None:
    assert may_be_texted(number, country, served) is is_texted


def by(phone: str, *agrees_to: str, **more: str) -> Answer:
    return ask(booking.handler, BOOK, cut(client={"name": "Li Na", "phone": phone, "agrees_to": agrees_to, **more}))


def test_agreeing_to_texts_is_refused_where_none_are_sent_and_the_number_may_be_given_all_the_same() -> None:
    assert is_problem(by("+1 212 555 0123", "sms"), 422, "sms_not_served")
    assert is_problem(by("010 1234 5678", "sms"), 422, "not_textable")
    assert by("010 1234 5678", "email", email="li@example.com").status == 201


@pytest.mark.parametrize(
    ("language", "says"), [("en", "do not send text messages"), ("zh-Hans", "无法向这个号码发送短信")]
)
def test_a_page_says_so_beside_the_boxes_and_keeps_what_was_typed(language: str, says: str) -> None:
    reader = Browser(client_pages.handler, language)
    typed = LI | {"phone": "+1 212 555 0123", "agrees_to": "sms", "note": "x", "key": ids.new("k")}
    body = urlencode(typed | {"service": "cut", "staff": "mei", "start": "2026-03-02T18:30:00+08:00"})
    answer = reader.ask("POST /b/lotus/book", body)
    page = reader._page(answer)
    assert (answer["statusCode"], says in page.text) == (422, True)
    assert dict(page.form("/book").fields)["phone"] == "+1 212 555 0123"


def test_a_client_stored_before_is_told_over_another_channel(providers: Providers) -> None:
    lotus.known(replace(texted(), phone="+12125550123", email="li@example.com").stating(_by_email()))
    assert sent(replace(booked_and_told(0), channel=Channel.SMS)) == ["suppressed: not_texted"]
    again = [m for m in messages.about("lotus", "a-0") if m.channel is Channel.EMAIL]
    assert [m.tried for m in again] == [(Channel.SMS,)]
    assert providers.taken == []


def test_neither_staff_nor_their_own_page_agree_for_such_a_number() -> None:
    lotus.known(replace(texted(), phone="+12125550123"))
    told = {"purpose": "promotional", "channel": "sms", "said": "given", "how": "phone", "words": "yes"}
    answer = ask(clients_at_the_desk.handler, "POST /v1/desk/clients/c-1/consents", told, role="staff")
    assert is_problem(answer, 422, "sms_not_served")
    page = Browser(client_pages.handler, "en").get("/p/" + link("c-1", purpose=preferences_link()))
    assert ("promotional", "sms") not in page.forms[0].choices


# The settings


def saved(**changed: Any) -> Answer:
    shown = ask(settings.handler, "GET /v1/desk/catalog", role="owner").body["business"]
    told = {name: value for name, value in shown.items() if name not in ("id", "policy_version")} | changed
    return ask(settings.handler, "PUT /v1/desk/business", told, role="owner")


def test_limits_and_countries_are_settings_that_can_be_sent_back() -> None:
    answer = saved(strangers={"network_hour": 5, "day_share": 100}, text_countries=["CN", "HK"])
    assert answer.status == 200, answer.body
    assert answer.body["strangers"] == {**usual(), "network_hour": 5, "day_share": 100}
    assert answer.body["text_countries"] == ["CN", "HK"]
    catalogs.forget()
    assert catalogs.load("lotus").business.strangers == StrangerRules(network_hour=5, day_share=100)
    assert saved().body == answer.body


def usual() -> dict[str, int]:
    return {name: getattr(StrangerRules(), name) for name in StrangerRules.__slots__}


NONSENSE: dict[str, tuple[dict[str, Any], str]] = {
    **{f"no {name}": ({"strangers": {name: 0}}, f"strangers.{name}") for name in usual()},
    "less than nothing": ({"strangers": {"network_holds": -1}}, "strangers.network_holds"),
    "more than can be counted": ({"strangers": {"business_hour": 10_001}}, "strangers.business_hour"),
    "less in a day than in an hour": ({"strangers": {"network_day": 29}}, "strangers.network_day"),
    "more than the day": ({"strangers": {"day_share": 101}}, "strangers.day_share"),
    "no country": ({"text_countries": ["XX"]}, "text_countries"),
    "in small letters": ({"text_countries": ["us"]}, "text_countries"),
    "by its name": ({"text_countries": ["China"]}, "text_countries"),
    "by its state": ({"text_countries": ["US-NY"]}, "text_countries"),
    "one twice": ({"text_countries": ["CN", "CN"]}, "text_countries"),
    "the whole world": ({"text_countries": ["001"]}, "text_countries"),
}


@pytest.mark.parametrize(("changed", "field"), NONSENSE.values(), ids=NONSENSE)
def test_a_limit_that_makes_no_sense_is_refused_with_its_field(changed: dict[str, Any], field: str) -> None:
    answer = saved(**changed)
    assert is_problem(answer, 422, "invalid_setting")
    assert answer.body["field"] == field


def _by_email() -> Consent:
    return Consent(Purpose.TRANSACTIONAL, Channel.EMAIL, BOOKED, "booking page", "yes")
