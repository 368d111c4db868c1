"""Whoever cancels says why in one tap, and is offered what may suit them better: on the page, and by a person."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

import client_pages
from kept import clock
from kept.actor import CLIENT, KEPT, Actor, Change
from kept.booking.appointment import Appointment
from kept.booking.states import CancelReason
from kept.business.catalog import Catalog, Mode, Money, Service
from kept.business.change_rules import ChangeRules
from kept.channels import Channel
from kept.client_links import tokens
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.phases import Phase
from kept.messaging.letter import Links, letter
from kept.messaging.texts import render
from kept.policy.winning_back import WayBack, why_cancelled, winning_back
from kept.storage import appointments, catalogs, clients, follow_ups
from tests import lotus
from tests.builders import a_client, an_appointment
from tests.functions.plain_browser import Browser

CATALOG = lotus.the_salon()


def service(id: str, minor: int | None = None, mode: Mode = Mode.IN_PERSON, **more: object) -> Service:
    price = None if minor is None else Money(minor, "CNY")
    return replace(Service(id, id.title(), 60, staff=("mei",), price=price, mode=mode), **more)  # type: ignore[arg-type]


def offering(*services: Service) -> Catalog:
    return replace(CATALOG, services={it.id: it for it in services})


def cancelled(why: str, by: Actor = CLIENT) -> Appointment:
    return an_appointment().cancel(Change(by, lotus.NOW, why), rules=ChangeRules())


def cancelled_at(now: datetime, by: Actor = CLIENT, why: str = "") -> Appointment:
    return an_appointment().cancel(Change(by, now, why), rules=ChangeRules())


CUT = service("cut", 10000)


@pytest.mark.parametrize(
    ("why", "catalog", "way", "offered"),
    [
        pytest.param("convenience", offering(CUT, service("call", mode=Mode.PHONE)), "without_coming", ["call"]),
        pytest.param("convenience", offering(CUT, service("perm", 9)), "other_time", [], id="nothing from afar"),
        pytest.param("convenience: too far", offering(CUT), "other_time", [], id="with a note"),
        pytest.param("time", offering(CUT), "other_time", []),
        pytest.param("expectation", offering(CUT), "talk", []),
        pytest.param(
            "cost",
            offering(CUT, service("trim", 4000), service("wash", 6000), service("dye", 20000), service("comb")),
            "cheaper",
            ["wash", "trim"],
            id="cost, the dearest of the cheaper first",
        ),
        pytest.param("cost", offering(CUT, service("trim", 10000)), "other_time", [], id="as dear is not cheaper"),
        pytest.param(
            "cost", offering(CUT, service("trim", 4000, category="nails")), "other_time", [], id="of another kind"
        ),
        pytest.param(
            "cost", offering(CUT, replace(CUT, id="trim", price=Money(10, "USD"))), "other_time", [], id="other money"
        ),
        pytest.param("cost", offering(service("cut"), service("trim", 4)), "other_time", [], id="it has no price"),
        pytest.param("cost", offering(CUT, *(service(f"s{n}", n) for n in range(9))), "cheaper", ["s8", "s7", "s6"]),
        pytest.param("need", offering(CUT), "later", []),
        pytest.param("illness", offering(CUT), "later", []),
        pytest.param("other", offering(CUT), "other_time", []),
    ],
)
def test_each_reason_has_its_answer_and_another_time_where_there_is_none(
    why: str, catalog: Catalog, way: str, offered: list[str]
) -> None:
    found = winning_back(cancelled(why), catalog)
    assert found
    assert (found.answer, [it.id for it in found.services]) == (way, offered)


@pytest.mark.parametrize(
    "it",
    [
        pytest.param(an_appointment(), id="not cancelled"),
        pytest.param(cancelled("need", Actor("staff", "mei")), id="by us"),
        pytest.param(cancelled("need", KEPT), id="by Kept"),
        pytest.param(cancelled(""), id="no reason"),
        pytest.param(cancelled("needless words"), id="words that begin like one"),
        pytest.param(cancelled("need").undo(Change(Actor("staff", "mei"), lotus.NOW)), id="taken back"),
    ],
)
def test_who_did_not_say_why_is_offered_nothing(it: Appointment) -> None:
    assert why_cancelled(it) is None
    assert winning_back(it, CATALOG) is None


def test_every_reason_has_an_answer() -> None:
    assert all(winning_back(cancelled(reason), CATALOG) for reason in CancelReason)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()
    lotus.known(replace(a_client(), locale="en"))
    return lotus.NOW


def cancels(reason: str, language: str = "en") -> Browser:
    browser = Browser(client_pages.handler, language)
    link = tokens.manage_token(lotus.put(an_appointment()))
    page = browser.get(f"/a/{link}/cancel")
    browser.press(page.form("/cancel"), reason=reason)
    return browser


@pytest.mark.parametrize(
    ("language", "asks", "thanks"),
    [
        ("en", "Shall we get in touch with you in two weeks?", "We will get in touch with you in two weeks."),
        ("zh-Hans", "需要我们两周后联系您吗？", "我们会在两周后与您联系。"),
    ],
)
@pytest.mark.usefixtures("time")
def test_who_does_not_need_it_now_is_called_in_two_weeks_and_not_before(language: str, asks: str, thanks: str) -> None:
    """Answered by the page, waiting until then, and then with the clock of a call."""
    clients.put_alone(replace(clients.load("lotus", "c-1"), locale=language))
    browser = cancels("need", language)
    page = browser.get(browser.went[-1])
    assert asks in page.text
    after = browser.press(page.form("/call-me"))
    assert thanks in after.text
    assert 'action="/call-me' not in after.body
    (opened,) = follow_ups.board("lotus").follow_ups
    assert (opened.cause, opened.assignee, opened.about) == (OpenedBy.CALL_LATER, "mei", "a-1")
    assert opened.phase(lotus.NOW + timedelta(days=13)) is Phase.WAITING
    assert opened.phase(lotus.NOW + timedelta(days=15)) is Phase.OPEN


@pytest.mark.usefixtures("time")
def test_what_was_not_right_is_talked_about_by_the_clients_own_clock() -> None:
    browser = cancels("expectation")
    form = browser.get(browser.went[-1]).form("/call-me")
    browser.press(form)
    browser.press(form)
    (opened,) = follow_ups.board("lotus").follow_ups
    assert (opened.cause, opened.phase(lotus.NOW)) == (OpenedBy.CALL, Phase.OPEN), "pressed twice it is one"


@pytest.mark.parametrize(
    ("reason", "answer", "status"),
    [
        ("need", "talk", 409),
        ("time", "later", 409),
        ("need", "cheaper", 422),
        ("need", "", 422),
        ("need", "<script>", 422),
    ],
)
@pytest.mark.usefixtures("time")
def test_what_is_not_on_the_page_is_refused_and_opens_nothing(reason: str, answer: str, status: int) -> None:
    browser = cancels(reason)
    path = browser.went[-1].partition("?")[0]
    assert (
        browser._page(browser.ask(f"POST {path}/call-me", f"answer={answer}&key=k_jq4mzv2xw7nd5c6y")).status == status
    )
    assert follow_ups.board("lotus").follow_ups == ()


@pytest.mark.usefixtures("time")
def test_cheaper_services_are_a_link_to_book_them() -> None:
    lotus.store(offering(CUT, service("trim", 4000, duration=30)))
    page = cancels("cost")
    assert "These cost less:" in page.get(page.went[-1]).text
    assert "service=trim" in page.get(page.went[-1]).body


URGENT = service("cut", 10000, urgent=True)
LATE = an_appointment().starts - timedelta(hours=47)
NOT_URGENT: dict[str, tuple[Catalog, Appointment]] = {
    "not urgent": (offering(CUT), cancelled_at(LATE)),
    "in time": (offering(URGENT), cancelled_at(an_appointment().starts - timedelta(hours=48))),
    "by us": (offering(URGENT), cancelled_at(LATE, Actor("staff", "mei"))),
    "by video as it is": (offering(replace(URGENT, mode=Mode.VIDEO)), cancelled_at(LATE)),
    "taken back": (offering(URGENT), cancelled_at(LATE).undo(Change(Actor("staff", "mei"), LATE))),
    "missed": (offering(URGENT), an_appointment().mark_no_show(Change(KEPT, LATE), evidence=())),
    "of a service that nobody remembers": (offering(), cancelled_at(LATE)),
}


@pytest.mark.parametrize("case", NOT_URGENT)
def test_only_urgent_work_that_its_client_cancels_late_should_not_wait(case: str) -> None:
    catalog, it = NOT_URGENT[case]
    found = winning_back(it, catalog)
    assert found is None or found.answer is not WayBack.URGENT


@pytest.mark.parametrize("why", ["", "cost", "need", "other"])
def test_urgent_work_is_asked_about_whatever_the_reason(why: str) -> None:
    """By what goes without coming, and a call."""
    catalog = offering(URGENT, service("call", mode=Mode.PHONE), service("see", mode=Mode.VIDEO))
    found = winning_back(cancelled_at(LATE, why=why), catalog)
    assert found
    assert (found.answer, {it.id for it in found.services}) == (WayBack.URGENT, {"call", "see"})


WRITTEN = {"en": "Would phone or video do?", "zh-Hans": "电话或视频可以吗？请回复。"}


@pytest.mark.parametrize(
    ("language", "asks", "written"),
    [
        ("en", "Would an appointment by phone or video do?", "would an appointment by phone or video do?"),
        ("zh-Hans", "改为电话或视频可以吗", "改为电话或视频可以吗"),
    ],
)
@pytest.mark.usefixtures("time")
def test_who_cancels_urgent_work_late_is_asked_on_the_page_and_in_the_message(
    monkeypatch: pytest.MonkeyPatch, language: str, asks: str, written: str
) -> None:
    """One tap, and somebody calls; the message can be answered in any words."""
    catalogs.put("lotus", [replace(lotus.the_salon().services["cut"], urgent=True)])
    catalogs.forget()
    clients.put_alone(replace(clients.load("lotus", "c-1"), locale=language))
    monkeypatch.setattr(clock, "now", lambda: LATE)
    browser = cancels("cost", language)
    page = browser.get(browser.went[-1])
    assert asks in page.text
    browser.press(page.form("/call-me"))
    (follow_up,) = (it for it in follow_ups.board("lotus").follow_ups if it.cause == "call")
    assert follow_up.about == "a-1"
    it, salon = appointments.load("lotus", "a-1"), catalogs.load("lotus")
    said = letter(it, clients.load("lotus", "c-1"), salon, stage=None, links=Links("https://x", "https://y", ""))
    for channel in (Channel.EMAIL, Channel.SMS):
        assert (written if channel is Channel.EMAIL else WRITTEN[language]) in render("cancelled", channel, said).text
