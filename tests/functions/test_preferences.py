"""What a client wants to hear, said by link: boxes and hours, the yes by e-mail, and the way out of invitations."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

import client_pages
from kept import clock
from kept.channels import Channel, Purpose
from kept.client_links import signing_keys, tokens
from kept.client_links.links import LinkPurpose, sign
from kept.clients.client import Client, Occupation
from kept.clients.consent import ConsentWord
from kept.messaging.message import Message
from kept.reasons import Code, because
from kept.storage import clients, messages
from tests import lotus
from tests.asking import an_http_event
from tests.builders import a_client
from tests.functions.plain_browser import Browser, Form, Page

TO_EMAIL = (Purpose.PROMOTIONAL, Channel.EMAIL)
LI = replace(a_client(), locale="en", phone="+8613812345678")
Queued = Callable[[str], list[Any]]


class Clock:
    """The time it is; a test may let it pass."""

    now = lotus.NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time_is(monkeypatch: pytest.MonkeyPatch) -> Clock:
    time_is = Clock()
    monkeypatch.setattr(clock, "now", time_is)
    return time_is


@pytest.fixture
def browser(time_is: Clock) -> Browser:  # noqa: ARG001
    lotus.open_both()
    lotus.known(LI)
    return Browser(client_pages.handler, "en")


def li() -> Client:
    return clients.load("lotus", "c-1")


def link(kind: str = "p", *, subject: str = "c-1", business: str = "lotus", expires: timedelta = timedelta(1)) -> str:
    token = sign(
        signing_keys.current(), LinkPurpose(kind), business=business, subject=subject, expires=lotus.NOW + expires
    )
    return f"/{kind}/{token}"


def form_of(page: Page) -> Form:
    """The one with the boxes; the other, if any, asks for the e-mail again."""
    return next(form for form in page.forms if any(name == "transactional" for name, _ in form.choices))


def questions() -> list[Message]:
    return [message for message in messages.about("lotus", "c-1") if message.stage == "confirm_subscription"]


def save(browser: Browser, **typed: str | list[str]) -> Page:
    return browser.press(form_of(browser.get(link())), "Save", **typed)


def asked_for(browser: Browser) -> Page:
    return save(browser, promotional=["email"])


# Preferences


def test_the_page_shows_what_stands_and_no_more_of_who_it_is_than_its_owner_needs(browser: Browser) -> None:
    page = browser.get(link())
    form = form_of(page)
    assert (page.status, page.title) == (200, "What we may send you – Lotus")
    assert ("transactional", "email") in form.fields
    assert {("transactional", "sms"), ("promotional", "email"), ("promotional", "sms")} <= set(form.choices)
    assert {("transactional", "sms"), ("promotional", "email")}.isdisjoint(form.fields)
    assert "by e-mail (l…@example.com)" in page.text
    assert "by text message (+86 138 •••• 5678)" in page.text
    assert not re.search("Li Na|li@example|12345678|1234 5678", page.body)


def test_to_look_changes_nothing(browser: Browser) -> None:
    before = lotus.everything()
    for kind in "pus":
        browser.get(link(kind))
    assert lotus.everything() == before


def test_every_box_that_is_changed_is_one_statement_in_the_words_beside_it(browser: Browser) -> None:
    page = save(browser, transactional=["sms"], promotional=["sms"])
    assert "Saved" in page.text
    said = [(c.purpose, c.channel, c.said, c.source, c.at) for c in li().consents[1:]]
    source, now = "preferences page", lotus.NOW
    assert said == [
        (Purpose.PROMOTIONAL, Channel.SMS, ConsentWord.GIVEN, source, now),
        (Purpose.TRANSACTIONAL, Channel.EMAIL, ConsentWord.WITHDRAWN, source, now),
        (Purpose.TRANSACTIONAL, Channel.SMS, ConsentWord.GIVEN, source, now),
    ]
    assert li().consents[1].words == "Lotus may send me invitations and offers. · by text message"
    assert li().consents[1].words.partition(" · ")[0] in page.text


def test_the_words_are_kept_in_the_language_they_were_read_in(browser: Browser) -> None:
    page = browser.get(link() + "?lang=zh-Hans")
    browser.press(form_of(page), "保存", promotional=["sms"])
    assert li().consents[-1].words == "我同意Lotus向我发送邀约和优惠信息。 · 短信"


def test_whoever_chooses_another_language_reads_on_in_it(browser: Browser) -> None:
    """Whatever language the page was first asked in; one that was only looked at goes along."""
    page = browser.press(form_of(browser.get(link() + "?lang=en")), "Save", locale="zh-Hans")
    assert page.lang == "zh-Hans"
    page = browser.press(form_of(browser.get(link() + "?lang=en")), "Save")
    assert (page.lang, li().locale) == ("en", "zh-Hans")


def test_what_is_saved_as_it_stood_states_nothing(browser: Browser) -> None:
    save(browser)
    save(browser)
    assert li().consents == LI.consents


def test_a_page_left_open_does_not_take_back_what_was_said_elsewhere(browser: Browser) -> None:
    """They answer STOP while it is open; saving their hours afterwards is no new yes."""
    form = form_of(browser.get(link()))
    save(browser, transactional=[])
    browser.press(form, "Save", best_from="10:00")
    assert li().said(Purpose.TRANSACTIONAL, Channel.EMAIL) is ConsentWord.WITHDRAWN
    assert li().best_from == time(10)


def test_all_that_is_wished_is_saved_and_shown_again(browser: Browser) -> None:
    page = save(
        browser,
        transactional=["email", "sms"],
        preferred="sms",
        best_from="14:30",
        best_until="17:00",
        occupation="student",
        do_not_disturb="1",
        locale="zh-Hans",
    )
    they = li()
    assert (they.preferred, they.occupation, they.best_from, they.best_until) == (
        Channel.SMS,
        Occupation.STUDENT,
        time(14, 30),
        time(17),
    )
    assert (they.do_not_disturb, they.locale, they.name, they.tier) == (True, "zh-Hans", LI.name, LI.tier)
    assert (page.lang, page.title) == ("zh-Hans", "您愿意收到哪些消息？ – Lotus")
    wanted = {("preferred", "sms"), ("best_from", "14:30"), ("occupation", "student"), ("do_not_disturb", "1")}
    assert wanted <= set(form_of(page).fields)
    browser.press(
        form_of(page), "保存", preferred="", best_from="", best_until="", occupation="", do_not_disturb=[], locale="en"
    )
    again = li()
    assert (again.preferred, again.occupation, again.best_from, again.best_until) == (None, None, None, None)
    assert (again.do_not_disturb, again.locale) == (False, "en")


@pytest.mark.parametrize(("begins", "ends"), [("17:00", "10:00"), ("10:00", "10:00")])
def test_hours_that_end_before_they_begin_are_refused_where_they_stand(
    browser: Browser, begins: str, ends: str
) -> None:
    page = save(browser, best_from=begins, best_until=ends, promotional=["sms"], occupation="home")
    assert (page.status, page.title) == (422, "Please check: What we may send you – Lotus")
    assert page.link("“Until” has to be later than “From”.") == "#best_until"
    assert li() == replace(LI, revision=1)
    page = browser.press(form_of(page), "Save", best_until="18:00")
    assert li().said(Purpose.PROMOTIONAL, Channel.SMS) is ConsentWord.GIVEN
    assert (li().best_until, li().occupation) == (time(18), Occupation.HOME)


@pytest.mark.parametrize(
    "form",
    [
        pytest.param({"best_from": "25:00"}, id="an hour that is none"),
        pytest.param({"best_until": "later"}, id="no hour"),
        pytest.param({"preferred": "pigeon"}, id="an unknown channel"),
        pytest.param({"preferred": "whatsapp"}, id="a channel that the business does not use"),
        pytest.param({"occupation": "spy"}, id="an unknown occupation"),
        pytest.param({"locale": "tlh"}, id="a language that is not spoken"),
    ],
)
def test_what_no_page_of_ours_offers_is_refused(browser: Browser, form: dict[str, str]) -> None:
    before = lotus.everything()
    page = browser._page(browser.ask(f"POST {link()}", urlencode(form)))
    assert (page.status, lotus.everything()) == (422, before)


def test_boxes_that_are_not_on_the_page_tick_nothing(browser: Browser) -> None:
    form = {"transactional": "whatsapp", "promotional": "call", "were": "promotional.wechat"}
    browser._page(browser.ask(f"POST {link()}", urlencode(form)))
    assert li().consents == LI.consents


def test_a_channel_that_does_not_reach_them_has_no_box(browser: Browser) -> None:
    gone = replace(LI, id="c-2", phone="+8613912345678", email="wei@example.com")
    lotus.known(gone.stopping(Channel.EMAIL, why=because(Code.NO_SUCH_ADDRESS), at=lotus.NOW))
    page = browser.get(link(subject="c-2"))
    assert {value for name, value in form_of(page).choices if name == "transactional"} == {"sms"}
    assert "Our messages do not reach you there" in page.text
    assert "does not exist" not in page.text


def test_the_business_decides_which_channels_there_are(browser: Browser) -> None:
    catalog = lotus.the_salon()
    channels = (Channel.WHATSAPP, Channel.CALL, Channel.WECHAT)
    lotus.store(replace(catalog, business=replace(catalog.business, channels=channels)))
    choices = form_of(browser.get(link())).choices
    assert {value for name, value in choices if name == "promotional"} == {"whatsapp", "call"}
    assert {value for name, value in choices if name == "transactional"} == {"whatsapp"}


# The yes to invitations by e-mail


def test_invitations_by_e_mail_wait_for_a_yes_from_that_address(browser: Browser, queued: Queued) -> None:
    page = asked_for(browser)
    assert "We have sent an e-mail to l…@example.com" in page.text
    assert li().said(*TO_EMAIL) is ConsentWord.ASKED_FOR
    assert not li().agreed(*TO_EMAIL)
    (question,) = questions()
    assert (question.purpose, question.channel, question.recipient) == (Purpose.TRANSACTIONAL, Channel.EMAIL, "c-1")
    assert [key["id"] for key in queued("MESSAGES_QUEUE")] == [question.id]


def test_the_yes_comes_from_the_link_in_the_mail(browser: Browser) -> None:
    asked_for(browser)
    page = browser.get(f"/s/{tokens.subscribe_token(li(), now=lotus.NOW)}")
    assert "Lotus may send invitations and offers to l…@example.com." in page.text
    assert li().said(*TO_EMAIL) is ConsentWord.ASKED_FOR
    page = browser.press(page.form(""), "Yes")
    assert (page.status, page.title) == (200, "Thank you – Lotus")
    yes = li().consents[-1]
    assert (yes.said, yes.source) == (ConsentWord.GIVEN, "double opt-in")
    assert yes.words == "Lotus may send invitations and offers to l…@example.com."
    assert "We have sent" not in browser.get(page.link("Choose what we may send you")).text


def test_nothing_is_confirmed_that_was_not_asked_for(browser: Browser) -> None:
    before = lotus.everything()
    page = browser._page(browser.ask(f"POST {link('s')}", ""))
    assert (page.title, lotus.everything()) == ("There is nothing to confirm – Lotus", before)


def test_what_was_taken_back_meanwhile_is_not_confirmed(browser: Browser) -> None:
    asked_for(browser)
    save(browser, promotional=[])
    browser._page(browser.ask(f"POST {link('s')}", ""))
    assert li().said(*TO_EMAIL) is ConsentWord.WITHDRAWN


def test_a_yes_given_twice_stands_once(browser: Browser) -> None:
    asked_for(browser)
    pages = [browser._page(browser.ask(f"POST {link('s')}", "")) for _ in range(2)]
    assert [page.title for page in pages] == ["Thank you – Lotus"] * 2
    assert [c.said for c in li().consents[1:]] == [ConsentWord.ASKED_FOR, ConsentWord.GIVEN]


def test_a_form_sent_twice_sends_one_mail(browser: Browser) -> None:
    form = form_of(browser.get(link()))
    for _ in range(2):
        browser.press(form, "Save", promotional=["email"])
    assert len(questions()) == 1
    assert len(li().consents) == 2


def test_ticking_again_and_again_does_not_send_again_and_again(browser: Browser, time_is: Clock) -> None:
    asked_for(browser)
    for _ in range(3):
        time_is.now += timedelta(minutes=1)
        save(browser, promotional=[])
        asked_for(browser)
    assert len(questions()) == 1
    time_is.now += timedelta(minutes=10)
    save(browser, promotional=[])
    asked_for(browser)
    assert len(questions()) == 2


@pytest.mark.parametrize(
    ("after", "mails"),
    [pytest.param(9, 1, id="a moment ago: it is on its way"), pytest.param(10, 2, id="it did not come")],
)
def test_the_question_can_be_sent_again(browser: Browser, time_is: Clock, after: int, mails: int) -> None:
    page = asked_for(browser)
    time_is.now += timedelta(minutes=after)
    page = browser.press(page.forms[0], "Send that e-mail again")
    assert page.status == 200
    assert len(questions()) == mails
    assert [c.said for c in li().consents[1:]] == [ConsentWord.ASKED_FOR] * mails


def test_nothing_is_sent_again_that_nobody_waits_for(browser: Browser) -> None:
    before = lotus.everything()
    browser._page(browser.ask(f"POST {link()}", "again=1"))
    assert lotus.everything() == before


# No more invitations


def agreed_to_all() -> None:
    """Li wants invitations by text message and by e-mail."""
    yes = replace(LI.consents[0], purpose=Purpose.PROMOTIONAL)
    clients.put_alone(replace(li(), consents=(*LI.consents, yes, replace(yes, channel=Channel.SMS))))


def test_one_button_ends_all_invitations_and_nothing_else(browser: Browser) -> None:
    agreed_to_all()
    page = browser.press(browser.get(link("u")).form(""), "Stop invitations")
    assert (page.status, page.title) == (200, "No more invitations – Lotus")
    they = li()
    assert not any(they.agreed(Purpose.PROMOTIONAL, channel) for channel in Channel)
    assert they.agreed(Purpose.TRANSACTIONAL, Channel.EMAIL)
    assert {(c.source, c.words) for c in they.consents[3:]} == {("unsubscribe page", "Stop invitations")}
    assert form_of(browser.get(page.link("Choose what we may send you")))


MAIL_PROGRAMS = {
    "as a form": ("application/x-www-form-urlencoded", "List-Unsubscribe=One-Click"),
    "in parts": (
        "multipart/form-data; boundary=b",
        '--b\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--b--\r\n',
    ),
}


@pytest.mark.parametrize(("content_type", "body"), MAIL_PROGRAMS.values(), ids=MAIL_PROGRAMS)
@pytest.mark.parametrize("encoded", [True, False])
def test_a_mail_program_unsubscribes_with_one_post(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, content_type: str, body: str, encoded: bool
) -> None:
    """RFC 8058: no cookie is needed, and there is no redirect to follow."""
    agreed_to_all()
    really = client_pages.handler

    def as_sent(event: dict[str, Any], context: Any) -> dict[str, Any]:
        event["headers"] = {"content-type": content_type}
        return really(event if encoded else event | {"body": body, "isBase64Encoded": False}, context)

    monkeypatch.setattr(browser, "handler", as_sent)
    answer = browser.ask(f"POST {link('u')}", body)
    assert answer["statusCode"] == 200
    assert not {"location", "set-cookie"} & {name.lower() for name in answer["headers"]}
    assert li().consents[-1].source == "one-click unsubscribe"
    assert not li().agreed(*TO_EMAIL)


@pytest.mark.parametrize("body", ["", "YWJj", "a", "//79/A=="], ids=["empty", "noise", "not base64", "not UTF-8"])
@pytest.mark.usefixtures("browser")
def test_whatever_a_mail_program_sends_with_it_the_invitations_end(body: str) -> None:
    agreed_to_all()
    event = an_http_event(f"POST {link('u')}", body) | {"isBase64Encoded": True}
    assert client_pages.handler(event, None)["statusCode"] == 200
    assert not li().agreed(*TO_EMAIL)


def test_unsubscribing_twice_is_said_once(browser: Browser) -> None:
    agreed_to_all()
    browser.ask(f"POST {link('u')}", "")
    before = lotus.everything()
    assert browser.ask(f"POST {link('u')}", "")["statusCode"] == 200
    assert lotus.everything() == before


def test_who_never_agreed_can_say_no_for_good(browser: Browser) -> None:
    browser.ask(f"POST {link('u')}", "")
    assert li().said(*TO_EMAIL) is ConsentWord.WITHDRAWN


# Links


NOT_THEIRS: dict[str, tuple[Callable[[str], str], int, str]] = {
    "expired": (lambda kind: link(kind, expires=timedelta(0)), 410, "This link has expired"),
    "tampered with": (lambda kind: link(kind)[:-1] + "!", 403, "This link does not work"),
    "for somebody else than was signed": (
        lambda kind: link(kind).replace("c-1", "c-2"),
        403,
        "This link does not work",
    ),
    "of another business": (lambda kind: link(kind, business="garage"), 410, "This link has expired"),
    "of a business that is gone": (lambda kind: link(kind, business="gone"), 404, "There is no such business here"),
    "of a client who is gone": (lambda kind: link(kind, subject="c-9"), 410, "This link has expired"),
}


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("kind", ["p", "u", "s"])
@pytest.mark.parametrize(("made", "status", "title"), NOT_THEIRS.values(), ids=NOT_THEIRS)
def test_a_link_that_opens_nothing(
    browser: Browser, made: Callable[[str], str], status: int, title: str, kind: str, method: str
) -> None:
    before = lotus.everything()
    page = browser._page(browser.ask(f"{method} {made(kind)}", "promotional=sms" if method == "POST" else None))
    assert (page.status, page.title.partition(" – ")[0]) == (status, title)
    assert lotus.everything() == before


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("place", ["p", "u", "s"])
@pytest.mark.parametrize("purpose", [purpose for purpose in LinkPurpose if purpose in "mhpus"])
def test_a_link_is_for_one_purpose(browser: Browser, place: str, purpose: str, method: str) -> None:
    if place == purpose:
        return
    before = lotus.everything()
    address = f"/{place}/{link(purpose).rpartition('/')[2]}"
    page = browser._page(browser.ask(f"{method} {address}", "" if method == "POST" else None))
    assert (page.status, lotus.everything()) == (403, before)


def test_an_expired_link_leads_to_the_business_it_came_from(browser: Browser) -> None:
    page = browser.get(link(expires=timedelta(0)))
    assert "/b/lotus" in page.link("Book an appointment")


def test_a_name_of_a_business_is_text(browser: Browser) -> None:
    catalog = lotus.the_salon()
    lotus.store(replace(catalog, business=replace(catalog.business, name="<script>alert(1)</script>")))
    for kind in "pus":
        assert "<script" not in browser.get(link(kind)).body


def test_every_page_speaks_chinese_as_well(browser: Browser) -> None:
    asked_for(browser)
    said = [browser.get(link(kind) + "?lang=zh-Hans") for kind in "pus"]
    assert {page.lang for page in said} == {"zh-Hans"}
    assert [page.title.partition(" – ")[0] for page in said] == [
        "您愿意收到哪些消息？",
        "不再接收邀约？",
        "接收邀约邮件？",
    ]
