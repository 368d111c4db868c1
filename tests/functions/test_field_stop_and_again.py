"""Somebody who said STOP and books again is told how to hear from us again, and staff see that no channel is open.

What the page and the confirmation say is the same for everybody who typed and ticked the same: whoever types another's
number must not learn by it that the number is known, or what its owner wants.
"""

from dataclasses import replace
from typing import Any

import pytest

import client_pages
import front_desk
from kept import clock
from kept.booking.appointment import Appointment
from kept.channels import Channel, Purpose
from kept.client_links.tokens import manage_token
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord
from kept.reasons import Code, because
from kept.settings import setting
from kept.storage import appointments, catalogs, clients, messages
from kept.use_cases.clients.starting_again import Way, ways_to_start
from kept.use_cases.messaging import client_message
from tests import lotus
from tests.asking import ask
from tests.builders import BOOKED, STARTS, a_client, an_appointment
from tests.functions.plain_browser import Browser, Page
from tests.refusing import DESK

EMAIL, SMS, WHATSAPP = Channel.EMAIL, Channel.SMS, Channel.WHATSAPP
PHONE = "+8613912345678"
STRANGER = {"name": "Anna Berg", "phone": "139 1234 5678", "email": "anna@example.com"}


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()
    catalog = catalogs.load("lotus")
    lotus.store(
        replace(catalog, business=replace(catalog.business, channels=(SMS, WHATSAPP, EMAIL), phone="+862162798888"))
    )


def agreed(client: Client, *channels: Channel, said: ConsentWord = ConsentWord.GIVEN) -> Client:
    for channel in channels:
        client = client.stating(Consent(Purpose.TRANSACTIONAL, channel, BOOKED, "sms reply", "STOP", said))
    return client


def known(**how: Any) -> Client:
    return replace(a_client(), phone=PHONE, consents=(), **how)


OWNERS: dict[str, Client | None] = {
    "nobody we know": None,
    "known, and agreed": agreed(known(), SMS, WHATSAPP, EMAIL),
    "known, never asked": known(),
    "said STOP to texts": agreed(known(), SMS, said=ConsentWord.WITHDRAWN),
    "said STOP to everything": agreed(known(), SMS, WHATSAPP, EMAIL, said=ConsentWord.WITHDRAWN),
    "on their carrier's list": known().stopping(SMS, why=because(Code.OPTED_OUT), at=BOOKED),
    "a dead number": known().stopping(SMS, why=because(Code.NO_SUCH_NUMBER), at=BOOKED),
    "wants no disturbance": known(do_not_disturb=True),
    "known by number alone": replace(known(), email=None),
}


def booked(owner: Client | None, *ticked: Channel, language: str = "en", **typed: str) -> Page:
    """The page after booking, for whoever typed this number."""
    if owner:
        lotus.known(owner)
    browser = Browser(client_pages.handler, language)
    page = browser.get(f"/b/lotus?service=cut&staff=mei&day=2026-03-02&lang={language}")
    form = browser.press(page.form("/hold"), "5:30" if language == "en" else "17:30").form("/book")
    return browser.press(form, **{**STRANGER, **typed}, agrees_to=[str(one) for one in ticked])


@pytest.mark.parametrize("owner", OWNERS.values(), ids=OWNERS)
@pytest.mark.parametrize("ticked", [(SMS,), (SMS, EMAIL), (WHATSAPP,), (SMS, WHATSAPP, EMAIL)], ids=str)
def test_the_page_is_the_same_whoever_owns_the_number(owner: Client | None, ticked: tuple[Channel, ...]) -> None:
    page = booked(owner, *ticked)
    assert page.status == 200
    assert ("text START to +1 202-555-0100" in page.text) is (SMS in ticked)
    assert ("write START to us there" in page.text) is (WHATSAPP in ticked)
    assert "If nothing arrives within ten minutes, our messages do not get through to you" in page.text
    assert "021 6279 8888" in page.text


def test_in_chinese_as_well() -> None:
    page = booked(OWNERS["said STOP to texts"], SMS, WHATSAPP, language="zh-Hans")
    assert "发送START至+1 202-555-0100即可重新接收" in page.text
    assert "请在那里给我们发送START" in page.text
    assert "如果十分钟内没有收到任何消息" in page.text


def test_who_asked_for_mail_alone_hears_nothing_of_texts() -> None:
    page = booked(OWNERS["said STOP to texts"], EMAIL)
    assert "START" not in page.text


ORIGINS: dict[str, tuple[str, tuple[Way, ...]]] = {
    "a number": ("+12025550100", (Way.TEXT,)),
    "a number by its id": ("phone-0123456789abcdef", (Way.ANSWER,)),
    "a pool": ("pool-0123456789abcdef", (Way.ANSWER,)),
    "by its arn": ("arn:aws:sms-voice:us-east-1:123456789012:phone-number/phone-0", (Way.ANSWER,)),
    "a name": ("KEPT", ()),
    "none at all": ("none", ()),
}


@pytest.mark.parametrize(("origin", "ways"), ORIGINS.values(), ids=ORIGINS)
def test_only_what_can_be_answered_is_named(
    monkeypatch: pytest.MonkeyPatch, origin: str, ways: tuple[Way, ...]
) -> None:
    monkeypatch.setenv("SMS_ORIGINATION", origin)
    setting.cache_clear()
    try:
        assert ways_to_start((SMS, EMAIL)) == ways
    finally:
        monkeypatch.undo()
        setting.cache_clear()


@pytest.mark.parametrize("over", ["", "sms,,x", "fax", "<b>", "sms" * 500], ids=lambda over: over[:8] or "nothing")
def test_what_stands_in_the_address_of_the_page_is_not_believed(over: str) -> None:
    page = booked(None, SMS)
    assert page.status == 200
    path = f"/a/{manage_token(_booked_there())}"
    again = Browser(client_pages.handler, "en").get(f"{path}?done=booked&over={over}&lang=en")
    assert again.status == 200
    assert ("text START to" in again.text) is (over == "sms,,x")
    later = Browser(client_pages.handler, "en").get(f"{path}?over=sms&lang=en")
    assert "START" not in later.text, "only right after booking"


def _booked_there() -> Appointment:
    """The one visit of whoever holds or typed that number."""
    whose = clients.of_contact("lotus", PHONE)
    (id,) = (id for one in whose for id in appointments.of_client("lotus", one.ids, since=BOOKED))
    return appointments.load("lotus", id)


@pytest.mark.parametrize("owner", OWNERS.values(), ids=OWNERS)
def test_the_confirmation_elsewhere_says_the_same_to_everybody(owner: Client | None) -> None:
    """It is read by whoever typed its address, so it depends on the number's being typed alone."""
    booked(owner, SMS, EMAIL)
    visit = _booked_there()
    (said,) = [it for it in messages.about("lotus", visit.id) if it.stage == "confirmation"]
    about = client_message.to_client(replace(said, channel=EMAIL), catalogs.load("lotus"), now=lotus.NOW)
    assert about
    text = about.parcel(now=lotus.NOW).rendered.text
    assert "START" in text
    assert "+12025550100" in text


CLOSED: dict[str, tuple[Client, list[str], dict[str, str]]] = {
    "all open": (agreed(known(), SMS, WHATSAPP, EMAIL), ["sms", "whatsapp", "email"], {}),
    "said STOP to texts": (
        agreed(agreed(known(), EMAIL), SMS, said=ConsentWord.WITHDRAWN),
        ["email"],
        {"sms": "said_stop", "whatsapp": "no_consent whatsapp"},
    ),
    "said STOP to everything": (
        agreed(known(), SMS, WHATSAPP, EMAIL, said=ConsentWord.WITHDRAWN),
        [],
        {"sms": "said_stop", "whatsapp": "said_stop", "email": "said_stop"},
    ),
    "never asked": (
        known(),
        [],
        {"sms": "no_consent sms", "whatsapp": "no_consent whatsapp", "email": "no_consent email"},
    ),
    "on the carrier's list": (
        agreed(known(), SMS).stopping(SMS, why=because(Code.OPTED_OUT), at=BOOKED),
        [],
        {"sms": "opted_out", "whatsapp": "no_consent whatsapp", "email": "no_consent email"},
    ),
    "a dead number": (
        agreed(known(), SMS, EMAIL).stopping(SMS, why=because(Code.NO_SUCH_NUMBER), at=BOOKED),
        ["email"],
        {"sms": "no_such_number", "whatsapp": "no_consent whatsapp"},
    ),
    "no address": (
        replace(agreed(known(), SMS, EMAIL), email=None),
        ["sms"],
        {"whatsapp": "no_consent whatsapp", "email": "no_address email"},
    ),
    "no disturbance": (
        replace(agreed(known(), SMS), do_not_disturb=True),
        [],
        dict.fromkeys(("sms", "whatsapp", "email"), "do_not_disturb"),
    ),
}


@pytest.mark.parametrize(("client", "is_open", "closed"), CLOSED.values(), ids=CLOSED)
def test_staff_see_which_channels_are_open_and_why_the_others_are_not(
    client: Client, is_open: list[str], closed: dict[str, str]
) -> None:
    lotus.known(client)
    lotus.put(an_appointment(starts=STARTS))
    it = ask(front_desk.handler, f"GET {DESK}/a-1", role="staff").body
    assert it["open_channels"] == is_open
    told = {one["channel"]: " ".join((one["why_code"], *one["facts"].values())) for one in it["closed_channels"]}
    assert told == closed
