"""The address of one's own calendar, made in a real browser: shown once, opened by a calendar, and ended."""

import pytest
from playwright.sync_api import Browser

from tests.browser.desk import at_the_desk, signed_in
from tests.functions.desk_writing import at_noon

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("zh-Hans", 390)])
def test_it_is_made_from_the_menu_shown_once_and_ended(
    chromium: Browser, site: str, monkeypatch: pytest.MonkeyPatch, language: str, width: int
) -> None:
    at_noon(monkeypatch)
    who = signed_in(group="staff")
    with at_the_desk(chromium, site, language=language, width=width, who=who) as desk:
        desk.go("/desk")
        desk.page.locator("details.menu summary").click()
        desk.page.click("#my-calendar")
        assert desk.says("calendar.age") in desk.drawer().inner_text()
        assert desk.page.locator("#calendar-whose").count() == 0
        desk.page.check("#calendar-names")
        desk.page.click("#calendar-make")
        desk.page.wait_for_selector("#calendar-address")
        address = desk.page.input_value("#calendar-address")
        opens = desk.drawer().locator("a.button")
        assert opens.get_attribute("href") == address.replace("https:", "webcal:")
        assert desk.is_in_order()
        desk.photograph("calendar")
        path = address.removeprefix("https://kept.example")
        told = desk.page.request.get(site + path)
        assert "SUMMARY:Li Na – Cut" in told.text()
        desk.page.keyboard.press("Escape")
        desk.drawer().wait_for(state="detached")
        desk.page.locator("details.menu summary").click()
        desk.page.click("#my-calendar")
        desk.page.wait_for_selector("#calendar-end")
        assert desk.page.locator("#calendar-address").count() == 0
        desk.page.click("#calendar-end")
        desk.page.locator("#calendar-end").wait_for(state="detached")
        assert desk.page.request.get(site + path).status == 410
