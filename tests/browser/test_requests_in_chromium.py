"""A client asks, staff say yes from Work by one click, or no with their words; in a browser and in both languages."""

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from kept.business.catalog import Service
from kept.business.questions import AnswerChoice, AnswerRule, BookingVerdict, Question, QuestionKind
from tests.browser.desk import AXE, BROKEN_RULES, PHOTOGRAPHS, at_the_desk, signed_in
from tests.builders import CUT

pytestmark = pytest.mark.browser

LEADER = signed_in("jun@lotus.example", "jun", "owner")
TINT = Service(
    "tint",
    "Tint",
    60,
    staff=("mei",),
    names={"zh-Hans": "染发"},
    questions=(
        Question(
            "reacted",
            "Have you ever reacted to hair dye?",
            QuestionKind.YES_NO,
            texts={"zh-Hans": "您对染发剂有过过敏反应吗？"},
            required=True,
            rules=(AnswerRule(BookingVerdict.ASK, equals="yes"),),
        ),
        Question(
            "tone",
            "What would you like?",
            QuestionKind.CHOICE,
            texts={"zh-Hans": "您想要哪种效果？"},
            choices=(
                AnswerChoice("roots", "Roots touched up", {"zh-Hans": "补染发根"}),
                AnswerChoice("lighter", "Lighter", {"zh-Hans": "漂浅"}),
            ),
        ),
        Question("age", "How old are you?", QuestionKind.NUMBER, texts={"zh-Hans": "您的年龄？"}),
    ),
)


@pytest.fixture(autouse=True)
def _salon(site: str) -> None:  # noqa: ARG001
    from tests import lotus

    lotus.store(replace(lotus.the_salon(), services={"cut": CUT, "tint": TINT}))


def asked(chromium: Browser, site: str, language: str) -> str:
    """By a client on a phone, without JavaScript; the id of what they asked for."""
    from kept.storage import appointments
    from tests import lotus

    context = chromium.new_context(viewport={"width": 390, "height": 844}, java_script_enabled=True)
    page = context.new_page()
    page.goto(f"{site}/b/lotus?service=tint&staff=mei&day=2026-03-03&lang={language}")
    page.locator("form[action*='/hold'] button[name=start]").last.click()
    page.fill("#name", "Anna Berg")
    page.fill("#phone", "+86 139 0013 9000")
    page.check("input[name=agrees_to][value=sms]")
    page.locator("form[action*='/book'] button.main").click()
    expect(page.locator("[id='q.reacted-problem']")).not_to_be_empty()
    photographed(page, "wrong", language)
    page.check("input[name='q.reacted'][value=yes]")
    page.check("input[name='q.tone'][value=lighter]")
    page.fill("[id='q.age']", "34")
    page.locator("form[action*='/book'] button.main").click()
    page.wait_for_url("**/a/**")
    expect(page.locator(".status.asked_for")).not_to_be_empty()
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(BROKEN_RULES, "html") == []
    photographed(page, "asked", language)
    context.close()
    (id,) = appointments.starting("lotus", since=lotus.NOW, before=lotus.NOW.replace(month=4))
    return id


def photographed(page: object, name: str, language: str) -> None:
    if PHOTOGRAPHS:
        page.screenshot(path=Path(PHOTOGRAPHS) / f"client-{name}-{language}-390.png", full_page=True)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("zh-Hans", 390)])
def test_a_request_is_approved_from_work_by_one_click(chromium: Browser, site: str, language: str, width: int) -> None:
    from kept.storage import appointments

    id = asked(chromium, site, language)
    with at_the_desk(chromium, site, language=language, width=width, who=LEADER) as desk:
        desk.go("/desk?on=2026-03-03")
        desk.page.locator(f"#visit-{id}").first.scroll_into_view_if_needed()
        desk.photograph("day-asked")
        desk.go(f"/desk/appointments/{id}")
        desk.page.locator("#approve").wait_for()
        assert desk.is_in_order(".drawer")
        desk.photograph("visit-asked")
        desk.page.locator("#decline").click()
        assert desk.is_in_order(".drawer")
        desk.photograph("visit-declining")
        desk.go("/desk/work?tab=board")
        desk.button("act.approve").first.wait_for()
        assert desk.is_in_order()
        desk.photograph("work-asked")
        with desk.something_said():
            desk.button("act.approve").first.click()
        assert appointments.load("lotus", id).status == "booked"
        desk.button("act.approve").wait_for(state="detached")


def test_a_request_is_declined_with_words(chromium: Browser, site: str) -> None:
    """From the follow-up: the client is told them, and the time is free."""
    from kept.storage import appointments

    id = asked(chromium, site, "en")
    with at_the_desk(chromium, site, language="en", who=LEADER) as desk:
        desk.go("/desk/work?tab=board")
        desk.page.get_by_role("link", name=desk.says("act.decline"), exact=True).first.click()
        desk.page.fill("#decline-note", "We are at a fair that day.")
        with desk.something_said():
            desk.page.press("#decline-note", "Enter")
        visit = appointments.load("lotus", id)
        assert (visit.status, visit.history[-1].why) == ("cancelled", "We are at a fair that day.")


@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("zh-Hans", 390)])
def test_an_owner_sets_a_question_with_a_rule(chromium: Browser, site: str, language: str, width: int) -> None:
    from kept.storage import catalogs

    with at_the_desk(chromium, site, language=language, width=width, who=LEADER) as desk:
        desk.go("/desk/settings/services?open=cut")
        desk.page.locator("#add-question").click()
        desk.page.fill("#question-0", "Do you have a picture?")
        desk.page.locator("#question-0-add-rule").click()
        desk.page.select_option("#question-0-rule-0-equals", "no")
        desk.page.select_option("#question-0-rule-0-then", "decline")
        desk.page.fill("#question-0-rule-0-says", "Please bring one.")
        desk.page.select_option("#question-0-rule-0-offers", "tint")
        assert desk.is_in_order()
        desk.page.locator("#question-0").scroll_into_view_if_needed()
        desk.photograph("service-questions")
        with desk.something_said():
            desk.page.locator(".settings-save .main").click()
        catalogs.forget()
        (question,) = catalogs.load("lotus").service("cut").questions
        assert (question.text, question.required) == ("Do you have a picture?", True)
        assert (question.rules[0].then, question.rules[0].service) == ("decline", "tint")
