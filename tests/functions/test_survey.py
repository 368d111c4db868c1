"""How it went: asked once with the close of a matter, and answered on a page that shows nothing of it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from time import monotonic
from typing import Any, cast

import pytest

import client_pages
import message_sender
from kept import clock
from kept.actor import Actor, Change
from kept.booking.states import Status
from kept.channels import Channel, Purpose
from kept.client_links import signing_keys
from kept.client_links.links import LinkKeys, LinkPurpose, sign
from kept.clients.consent import Consent
from kept.follow_up.events import HowItEnded, What, own
from kept.follow_up.follow_up import FollowUp, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.inbound import Reply
from kept.messaging.message import Message
from kept.reasons import Code, because
from kept.storage import appointments, catalogs, clients, follow_ups, messages
from kept.storage.tables import ClientItem
from kept.use_cases.follow_ups.acts import HappenedNow, record
from kept.use_cases.follow_ups.survey_answers import LONGEST, MOST
from kept.use_cases.messaging import client_message, provider_clients
from kept.use_cases.replies import reading
from tests import lotus
from tests.asked_of_aws import meddling
from tests.builders import STARTS as OPENED
from tests.builders import a_client, a_follow_up, an_appointment
from tests.functions.conftest import LINK_KEYS
from tests.functions.plain_browser import Browser, Page
from tests.reasons import why
from tests.stopping import Killed, die, meddle, records

NOON = OPENED - timedelta(hours=5)
"""12:00 in Shanghai."""
NIGHT, MORNING = NOON + timedelta(hours=10), NOON + timedelta(hours=20)
"""22:00 and 08:00 there."""
LI = replace(a_client(), locale="en", phone="+8613812345678")
MEI = Actor("staff", "mei")
OPENED_THEN = NOON - timedelta(hours=1)
QUESTION = "c-1#v1#survey#email#f-1"


class Clock:
    """The time it is; a test may let it pass."""

    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(autouse=True)
def time_is(monkeypatch: pytest.MonkeyPatch) -> Clock:
    time_is = Clock()
    monkeypatch.setattr(clock, "now", time_is)
    return time_is


@pytest.fixture(autouse=True)
def _opened() -> None:
    """Li Na's matter, an hour ago."""
    lotus.open_both()
    lotus.known(LI)
    lotus.open_follow_up(a_follow_up(opened=OPENED_THEN))


@pytest.fixture
def browser() -> Browser:
    return Browser(client_pages.handler, "en")


class Provider:
    """SES: takes everything, unless it refuses."""

    def __init__(self) -> None:
        self.mails: list[Any] = []

    def send_email(self, **request: Any) -> dict[str, str]:
        self.mails.append(message_from_bytes(request["Content"]["Raw"]["Data"], policy=policy.default))
        return {"MessageId": "p-1"}


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Provider:
    found = Provider()
    monkeypatch.setattr(provider_clients, "aws", lambda _, **__: found)
    return found


def write(what: What, to: str = "", *, at: datetime = NOON, id: str = "f-1", key: str = "") -> None:
    record("lotus", id, HappenedNow(what, to), Change(MEI, at, "as it should be", key=key, body=key))


def close(outcome: HowItEnded = HowItEnded.SETTLED, *, id: str = "f-1", key: str = "") -> None:
    write(What.RESOLVED, outcome, id=id, key=key)


def stored(id: str = "f-1") -> FollowUp:
    return follow_ups.load("lotus", id)


def questions() -> list[Message]:
    return [message for message in messages.about("lotus", "c-1") if message.stage == "survey"]


def said() -> list[tuple[str, str, str]]:
    return [(line.to, line.why, line.by) for line in own(stored().history, What.SURVEYED)]


def deliver(now: datetime = NOON) -> Message:
    """The sender's work on the question."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(clock, "now", lambda: now)
        assert message_sender.handler(records(("lotus", questions()[0].id)), None) == {"batchItemFailures": []}
    return questions()[0]


def link(
    kind: str = "f",
    *,
    subject: str = "f-1",
    business: str = "lotus",
    lasts: timedelta = timedelta(days=30),
    keys: LinkKeys | None = None,
) -> str:
    signed_by = keys or signing_keys.current()
    token = sign(signed_by, LinkPurpose(kind), business=business, subject=subject, expires=NOON + lasts)
    return f"/f/{token}"


def answer(browser: Browser, **typed: str | list[str]) -> Page:
    (form,) = browser.get(link()).forms
    return browser.press(form, **typed)


# Asking


Queued = Callable[[str], list[dict[str, Any]]]


def test_with_the_close_of_a_matter_goes_the_question_how_it_went(queued: Queued) -> None:
    close()
    (one,) = questions()
    assert (one.id, one.recipient, one.purpose, one.detail) == (QUESTION, "c-1", Purpose.TRANSACTIONAL, ("f-1",))
    assert (one.due_at, one.useful_until) == (NOON, NOON + timedelta(days=7))
    assert [key["id"] for key in queued("MESSAGES_QUEUE")] == [QUESTION]


def test_nothing_but_a_close_asks() -> None:
    write(What.ANSWERED)
    write(What.NOTED)
    assert questions() == []


def test_who_never_answered_is_not_asked() -> None:
    close(HowItEnded.GHOSTED)
    assert (stored().is_over, questions()) == (True, [])


def test_what_staff_opened_for_themselves_is_nothing_to_ask_about() -> None:
    change = Change(MEI, OPENED_THEN)
    own_matter = open_for(LI, "f-2", cause=OpenedBy.MANUAL, assignee="mei", policy=1, change=change)
    lotus.open_follow_up(own_matter)
    close(id="f-2")
    assert questions() == []


def test_a_client_is_asked_once_however_often_it_is_closed() -> None:
    close()
    write(What.REOPENED)
    close()
    assert [one.id for one in questions()] == [QUESTION]


def test_a_close_that_is_asked_for_twice_asks_once() -> None:
    close(key="k-1")
    close(key="k-1")
    assert [one.id for one in questions()] == [QUESTION]


def test_each_matter_has_its_own_question() -> None:
    lotus.open_follow_up(replace(a_follow_up(opened=OPENED_THEN), id="f-2"))
    close()
    close(id="f-2")
    assert [one.id for one in questions()] == [QUESTION, "c-1#v1#survey#email#f-2"]


def test_an_erased_client_is_not_asked() -> None:
    ClientItem("lotus", "c-1").delete()
    close()
    assert (stored().is_over, questions()) == (True, [])


def test_nobody_is_called_for_it() -> None:
    """Li Na has a number and no more, in a salon that calls: a call would be the next follow-up."""
    catalog = lotus.the_salon()
    lotus.store(replace(catalog, business=replace(catalog.business, channels=(Channel.CALL,))))
    catalogs.forget()
    close()
    assert (stored().is_over, questions()) == (True, [])


def test_killed_before_the_commit_it_is_neither_closed_nor_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    meddle(monkeypatch, before=die)
    with pytest.raises(Killed):
        close()
    assert (stored().is_over, questions()) == (False, [])


def test_killed_after_the_commit_the_question_is_due(monkeypatch: pytest.MonkeyPatch) -> None:
    meddle(monkeypatch, after=die)
    with pytest.raises(Killed):
        close()
    assert (stored().is_over, [one.due_at for one in questions()]) == (True, [NOON])


def test_who_closes_while_another_writes_closes_after_them(monkeypatch: pytest.MonkeyPatch) -> None:
    meddle(monkeypatch, before=lambda: write(What.NOTED))
    close()
    assert [event.what for event in stored().history[-2:]] == [What.NOTED, What.RESOLVED]
    assert len(questions()) == 1


# Sending


def test_the_mail_leads_to_the_page_of_that_matter(provider: Provider, browser: Browser) -> None:
    close()
    assert deliver().status == "sent"
    (mail,) = provider.mails
    written = cast(Any, mail.get_body(("plain",))).get_content()
    (address,) = re.findall(r"https://kept\.example(/f/\S+)", written)
    assert mail["Subject"] == "Could we help?"
    assert browser.get(address).title == "Could we help? – Lotus"


def test_it_waits_for_the_morning_though_it_was_closed_a_minute_ago(provider: Provider) -> None:
    write(What.RESOLVED, HowItEnded.SETTLED, at=NIGHT)
    waits = deliver(NIGHT)
    assert (waits.status, waits.due_at, provider.mails) == ("delayed", MORNING, [])
    assert deliver(MORNING).status == "sent"


def test_after_a_week_it_is_not_sent_any_more(provider: Provider) -> None:
    close()
    late = deliver(NOON + timedelta(days=7))
    assert (why(late), provider.mails) == ("missed: of_no_use", [])


def test_it_is_not_sent_after_them_over_another_channel(provider: Provider) -> None:  # noqa: ARG001
    close()
    by_text = Consent(Purpose.TRANSACTIONAL, Channel.SMS, NOON, "booking page", "yes")
    changed = clients.load("lotus", "c-1").stopping(Channel.EMAIL, why=because(Code.BOUNCED_BEFORE), at=NOON)
    clients.put_alone(replace(changed, consents=(*changed.consents, by_text)))
    assert deliver().status == "suppressed"
    assert [one.id for one in questions()] == [QUESTION]


def test_where_no_template_is_approved_for_it_it_is_not_sent_as_a_reminder() -> None:
    close()
    catalog = lotus.the_salon()
    approved = replace(catalog.business, templates={"whatsapp/reminder": "kept_reminder client=client when=when"})
    theirs = replace(questions()[0], channel=Channel.WHATSAPP)
    about = client_message.to_client(theirs, replace(catalog, business=approved), now=lotus.NOW)
    assert about is not None
    assert about.parcel(now=NOON).template == ""


def test_stars_by_text_message_are_no_key_that_confirms_a_visit() -> None:
    """Whoever answers the question with a 1 may mean one star: a person reads it."""
    lotus.put(an_appointment())
    close()
    by_text = replace(questions()[0], channel=Channel.SMS, revision=0)
    messages.put_alone(by_text.claimed(until=NOON).sent(at=NOON, provider_id="p-1"))
    reply = Reply(Channel.SMS, LI.phone or "", "1", "p-2", NOON, business="lotus")
    reading.take(reply, now=NOON + timedelta(minutes=1))
    assert appointments.load("lotus", "a-1").status is Status.BOOKED
    assert [one.cause for one in follow_ups.board("lotus").follow_ups] == [OpenedBy.UNREAD_REPLY]


# Answering


def test_the_page_asks_and_shows_nothing_of_the_matter(browser: Browser) -> None:
    close()
    page = browser.get(link())
    (form,) = page.forms
    assert (page.status, page.title) == (200, "Could we help? – Lotus")
    assert form.choices == [("stars", str(stars)) for stars in (5, 4, 3, 2, 1)]
    assert ("textarea", "words") in [(tag, attributes.get("name")) for tag, attributes in page.all]
    assert not re.search("Li Na|Mei|f-1.*appointment|did not come|li@example", page.text)


def test_to_look_changes_nothing(browser: Browser) -> None:
    close()
    before = lotus.everything()
    browser.get(link())
    browser.get(link(), "HEAD")
    assert lotus.everything() == before


@pytest.mark.parametrize("stars", ["1", "2", "3", "4", "5"])
def test_stars_and_a_few_words_stand_in_the_history(browser: Browser, stars: str) -> None:
    close()
    page = answer(browser, stars=stars, words="Quick and kind.\r\nThank you!")
    assert "Thank you. We have your answer." in page.text
    assert said() == [(stars, "Quick and kind.\nThank you!", "client")]
    assert stored().is_over


def test_words_are_as_one_wishes(browser: Browser) -> None:
    close()
    answer(browser, stars="4")
    assert said() == [("4", "", "client")]


def test_the_last_answer_counts_and_is_what_the_page_shows(browser: Browser) -> None:
    close()
    answer(browser, stars="5", words="Great")
    page = answer(browser, stars="2", words="It broke again")
    assert said() == [("5", "Great", "client"), ("2", "It broke again", "client")]
    assert ("stars", "2") in page.forms[0].fields
    assert "It broke again" not in page.text, "whoever the link was forwarded to does not read it"


def test_the_same_form_sent_twice_is_one_answer(browser: Browser) -> None:
    close()
    (form,) = browser.get(link()).forms
    for _ in range(2):
        browser.press(form, stars="5", words="Great")
    assert said() == [("5", "Great", "client")]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        pytest.param({"words": "Hm"}, "Please choose one of the five.", id="no stars"),
        pytest.param({"stars": "6"}, "Please choose one of the five.", id="six stars"),
        pytest.param({"stars": "0"}, "Please choose one of the five.", id="none"),
        pytest.param({"stars": "٣"}, "Please choose one of the five.", id="a number that is not on the page"),
        pytest.param(
            {"stars": "5", "words": "x" * (LONGEST + 1)}, "Please write 500 letters at most.", id="a long story"
        ),
    ],
)
def test_what_cannot_be_taken_is_said_beside_it_and_nothing_is_lost(
    browser: Browser, typed: dict[str, str | list[str]], says: str
) -> None:
    close()
    page = answer(browser, **typed)
    assert (page.status, page.title) == (422, "Please check: Could we help? – Lotus")
    assert says in page.text
    assert ("words", typed.get("words", "")) in page.forms[0].fields
    assert said() == []


def test_five_hundred_letters_are_taken(browser: Browser) -> None:
    close()
    answer(browser, stars="5", words="好" * LONGEST)
    assert said() == [("5", "好" * LONGEST, "client")]


def test_what_they_write_is_shown_as_words(browser: Browser) -> None:
    close()
    page = answer(browser, words="</textarea><script>alert(1)</script>")
    assert "<script" not in page.body


def test_whoever_goes_on_answering_is_heard_no_more(browser: Browser) -> None:
    close()
    for n in range(MOST + 1):
        page = answer(browser, stars=str(n % 5 + 1))
    assert (page.status, len(said())) == (410, MOST)


def test_a_matter_that_was_taken_up_again_is_too_early_to_speak_of(browser: Browser) -> None:
    close()
    (form,) = browser.get(link()).forms
    write(What.REOPENED)
    for page in (browser.get(link()), browser.press(form, stars="5")):
        assert (page.status, page.title) == (409, "We are still on it – Lotus")
        assert page.forms == []
    assert said() == []
    close()
    answer(browser, stars="5")
    assert said() == [("5", "", "client")]


def test_it_is_taken_up_again_while_they_answer(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    close()
    (form,) = browser.get(link()).forms
    really: Callable[[FollowUp], FollowUp] = follow_ups.put_alone

    def first(follow_up: FollowUp) -> FollowUp:
        monkeypatch.setattr(follow_ups, "put_alone", really)
        with meddling():
            write(What.REOPENED)
        return really(follow_up)

    monkeypatch.setattr(follow_ups, "put_alone", first)
    assert browser.press(form, stars="5").status == 409
    assert said() == []


def test_a_client_reads_it_in_their_own_language() -> None:
    close()
    clients.put_alone(replace(clients.load("lotus", "c-1"), locale="zh-Hans"))
    page = Browser(client_pages.handler, "en").get(link())
    assert (page.lang, page.title) == ("zh-Hans", "有没有帮到您？ – Lotus")


# The link


@pytest.mark.parametrize(
    ("address", "status", "says"),
    [
        *(pytest.param(lambda kind=kind: link(kind), 403, "does not work", id=f"a link for {kind}") for kind in "mpus"),
        pytest.param(lambda: link()[:-1] + "x", 403, "does not work", id="one letter changed"),
        pytest.param(lambda: link()[:-1], 403, "does not work", id="cut off"),
        pytest.param(lambda: "/f/x", 403, "does not work", id="none at all"),
        pytest.param(lambda: link(lasts=timedelta(0)), 410, "expired", id="expired"),
        pytest.param(lambda: link(subject="f-9"), 410, "expired", id="a matter that is gone"),
        pytest.param(lambda: link(business="garage"), 410, "expired", id="of another business"),
    ],
)
def test_a_link_that_is_not_ours_opens_nothing(
    browser: Browser, address: Callable[[], str], status: int, says: str
) -> None:
    close()
    before = lotus.everything()
    pages = (browser.get(address()), Page(*_answered(browser, address())))
    assert [(page.status, says in page.text) for page in pages] == [(status, True)] * 2
    assert lotus.everything() == before


def _answered(browser: Browser, address: str) -> tuple[int, dict[str, str], str]:
    answer = browser.ask(f"POST {address}", "stars=5")
    return answer["statusCode"], answer["headers"], answer["body"]


def test_the_link_of_an_erased_client_is_as_good_as_expired(browser: Browser) -> None:
    close()
    ClientItem("lotus", "c-1").delete()
    assert browser.get(link()).status == 410


def test_a_link_in_a_message_works_for_thirty_days(provider: Provider, browser: Browser, time_is: Clock) -> None:
    close()
    deliver()
    written = cast(Any, provider.mails[0].get_body(("plain",))).get_content()
    (address,) = re.findall(r"https://kept\.example(/f/\S+)", written)
    time_is.now = NOON + timedelta(days=30) - timedelta(seconds=1)
    assert browser.get(address).status == 200
    time_is.now = NOON + timedelta(days=30)
    assert browser.get(address).status == 410


def test_a_link_outlives_a_change_of_keys(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    close()
    old = link()
    named = {name: key.encode() for name, key in LINK_KEYS.items() if name != "current"}
    rotated = LinkKeys("k2", {**named, "k2": b"n" * 32})
    monkeypatch.setattr(signing_keys, "_read", (monotonic(), rotated))
    assert browser.get(old).status == 200
    assert ".k2." in link()
