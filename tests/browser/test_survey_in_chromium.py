"""A client says how it went, by the link in their message, without JavaScript; and changes their mind."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from kept.actor import Actor, Change
from kept.client_links import tokens
from kept.follow_up.events import HowItEnded, What, own
from kept.follow_up.follow_up import line
from tests.browser.test_in_chromium import SIDEWAYS, TOO_SMALL, a_client

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)


@pytest.fixture
def link(site: str) -> str:  # noqa: ARG001  # the salon is open
    """To the question about a matter of Li Na's, settled an hour ago."""
    from tests import builders, lotus

    lotus.known()
    closing = Change(Actor("staff", "mei"), lotus.NOW - HOUR, why="comes on Friday")
    opened = builders.a_follow_up(opened=lotus.NOW - 20 * HOUR)
    lotus.open_follow_up(opened.record(line(What.RESOLVED, closing, to=HowItEnded.SETTLED), {}, now=closing.at))
    return f"/f/{tokens.survey_token('lotus', 'f-1', now=lotus.NOW)}"


def given() -> list[tuple[str, str]]:
    from kept.storage import follow_ups

    return [(said.to, said.why) for said in own(follow_ups.load("lotus", "f-1").history, What.SURVEYED)]


@pytest.mark.parametrize(
    ("locale", "width"),
    [
        pytest.param("zh-Hans", 390, id="Chinese, on a phone"),
        pytest.param("en", 390, id="English, on a phone"),
        pytest.param("en", 1280, id="English, at a desk"),
    ],
)
def test_a_client_answers_and_answers_again(chromium: Browser, site: str, link: str, locale: str, width: int) -> None:
    with a_client(chromium, site, locale, width) as client:
        page, says = client.page, client.words.says

        def fits() -> None:
            expect(page.locator("html")).to_have_attribute("lang", locale)
            assert page.evaluate(TOO_SMALL) == []
            assert page.evaluate(SIDEWAYS) == 0

        client.go(f"{link}?lang={locale}")
        fits()
        assert given() == []
        page.get_by_role("radio", name=says("survey.good"), exact=True).check()
        page.get_by_label(says("survey.words")).fill("Mei called at once. 谢谢!")
        client.tap("survey.button")
        assert client.sees("survey.thanks")
        fits()
        page.get_by_role("radio", name=says("survey.very_good"), exact=True).check()
        client.tap("survey.button")
        assert client.sees("survey.thanks")
        expect(page.get_by_role("radio", name=says("survey.very_good"), exact=True)).to_be_checked()
        assert [stars for stars, _ in given()] == ["4", "5"]
        assert given()[0][1] == "Mei called at once. 谢谢!"


def test_the_keyboard_alone_is_enough(chromium: Browser, site: str, link: str) -> None:
    with a_client(chromium, site, "en", 1280) as client:
        page, keys = client.page, client.page.keyboard
        client.go(f"{link}?lang=en")
        page.locator("input[name=stars]").first.focus()
        keys.press("ArrowDown")
        page.locator("button.main").focus()
        keys.press("Enter")
        page.wait_for_selector("[role=status]")
        assert client.sees("survey.thanks")
        assert [stars for stars, _ in given()] == ["4"]


def test_nothing_is_cut_off_in_the_smallest_window(chromium: Browser, site: str, link: str) -> None:
    with a_client(chromium, site, "en", 320) as client:
        client.go(f"{link}?lang=en")
        assert client.page.evaluate(SIDEWAYS) == 0
