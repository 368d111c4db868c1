"""A client says on a phone or at a desk, without JavaScript, what they want to hear, and takes it back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, expect

from kept.channels import Channel, Purpose
from kept.client_links import tokens
from kept.clients.client import Client as Known
from kept.clients.consent import ConsentWord
from kept.reasons import Code, because
from tests.browser.test_in_chromium import SIDEWAYS, TOO_SMALL, a_client

pytestmark = pytest.mark.browser

Link = Callable[[str], str]


@pytest.fixture
def link(site: str) -> Link:  # noqa: ARG001  # the salon is open
    """Makes the path of one of the three links of Li Na, whom one channel does not reach any more."""
    from kept.storage import clients
    from tests import builders, lotus

    catalog = lotus.the_salon()
    channels = (Channel.EMAIL, Channel.WHATSAPP, Channel.SMS, Channel.CALL)
    lotus.store(replace(catalog, business=replace(catalog.business, channels=channels)))
    li = replace(builders.a_client(), phone="+8613812345678")
    lotus.known(li.stopping(Channel.WHATSAPP, why=because(Code.OPTED_OUT), at=lotus.NOW))
    makes = {
        "p": tokens.preferences_token,
        "u": tokens.unsubscribe_token,
        "s": tokens.subscribe_token,
    }
    return lambda kind: f"/{kind}/{makes[kind](clients.load('lotus', 'c-1'), now=lotus.NOW)}"


def li() -> Known:
    from kept.storage import clients

    return clients.load("lotus", "c-1")


@pytest.mark.parametrize(
    ("locale", "width"),
    [
        pytest.param("zh-Hans", 390, id="Chinese, on a phone"),
        pytest.param("en", 390, id="English, on a phone"),
        pytest.param("en", 1280, id="English, at a desk"),
    ],
)
def test_a_client_asks_for_invitations_confirms_and_stops_them(
    chromium: Browser, site: str, link: Link, locale: str, width: int
) -> None:
    with a_client(chromium, site, locale, width) as client:
        page, says = client.page, client.words.says

        def fits() -> None:
            expect(page.locator("html")).to_have_attribute("lang", locale)
            assert page.evaluate(TOO_SMALL) == []
            assert page.evaluate(SIDEWAYS) == 0

        client.go(f"{link('p')}?lang={locale}")
        fits()
        page.locator("input[name=promotional]").nth(0).check()
        page.get_by_label(says("wishes.from"), exact=True).fill("17:00")
        page.get_by_label(says("wishes.until"), exact=True).fill("10:00")
        client.tap("wishes.button")
        assert client.sees("wishes.hours_wrong")
        fits()
        page.get_by_label(says("wishes.from"), exact=True).fill("10:00")
        page.get_by_label(says("wishes.until"), exact=True).fill("11:30")
        page.get_by_label(says("occupation.home")).check()
        page.get_by_label({"en": "English", "zh-Hans": "简体中文"}[locale]).check()
        client.tap("wishes.button")
        assert client.sees("wishes.saved")
        assert client.sees("wishes.waiting", address="l…@example.com")
        expect(page.locator("input[name=best_until]")).to_have_value("11:30")
        fits()

        client.go(link("s"))
        fits()
        client.tap("join.button")
        assert client.sees("join.done")
        fits()
        assert li().agreed(Purpose.PROMOTIONAL, Channel.EMAIL)

        client.go(link("u"))
        fits()
        client.tap("leave.button")
        assert client.sees("leave.done")
        fits()
        assert li().said(Purpose.PROMOTIONAL, Channel.EMAIL) is ConsentWord.WITHDRAWN
        client.tap("wishes.choose")
        expect(page.locator("input[name=promotional]").nth(0)).not_to_be_checked()
        expect(page.locator("input[name=transactional]").nth(0)).to_be_checked()


def test_the_keyboard_alone_is_enough(chromium: Browser, site: str, link: Link) -> None:
    """Every box and field is reached by the Tab key, and what is wrong has the focus after sending."""
    with a_client(chromium, site, "en", 1280) as client:
        page, keys = client.page, client.page.keyboard
        client.go(f"{link('p')}?lang=en")
        page.locator("input[name=promotional]").nth(0).focus()
        keys.press("Space")
        page.locator("input[name=best_from]").focus()
        keys.type("0500PM")
        page.locator("input[name=best_until]").focus()
        keys.type("1000AM")
        keys.press("Enter")
        expect(page.locator("[role=alert]")).to_be_focused()
        keys.press("Tab")
        keys.press("Enter")
        expect(page.locator("#best_until")).to_be_focused()


@pytest.mark.parametrize("kind", ["p", "u", "s"])
def test_nothing_is_cut_off_in_the_smallest_window(chromium: Browser, site: str, link: Link, kind: str) -> None:
    with a_client(chromium, site, "en", 320) as client:
        client.go(f"{link(kind)}?lang=en")
        assert client.page.evaluate(SIDEWAYS) == 0
