"""The page on which a business begins, in its looks: empty, with everything wrong, and when it is there."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import at_the_desk

pytestmark = pytest.mark.browser

EACH = pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-Hans", 820), ("en", 1440)])


@EACH
def test_a_business_begins_by_the_keyboard(chromium: Browser, site: str, language: str, width: int) -> None:
    """What is wrong is listed above and said at its field, in order of the form; a link there leads to it."""
    from kept.client_links import signing_keys, start_codes
    from kept.storage import catalogs, sign_ins
    from tests import lotus

    code = start_codes.put_out(signing_keys.current(), now=lotus.NOW)
    with at_the_desk(chromium, site, language=language, width=width) as desk:
        desk.page.goto(f"{site}/start?lang={language}")
        expect(desk.page.locator("html")).to_have_attribute("lang", language)
        assert desk.is_in_order()
        desk.photograph("start")
        desk.page.fill("#code", code)
        desk.page.press("#code", "Enter")
        wrong = desk.page.locator(".wrong li")
        expect(wrong).to_have_count(6)
        assert desk.is_in_order()
        desk.photograph("start-wrong")
        wrong.first.locator("a").press("Enter")
        desk.page.wait_for_url("**#name")
        for field, text in {
            "#name": "青巷 & Sons",
            "#id": "qing-xiang",
            "#owner": "陈洁",
            "#email": "chen@q.example",
        }.items():
            desk.page.fill(field, text)
        desk.page.select_option("#trade", "tutor")
        desk.page.select_option("#country", "CN")
        desk.page.press("#email", "Enter")
        expect(desk.page.locator(".acts")).to_be_visible()
        assert desk.is_in_order()
        desk.photograph("started")
    catalogs.forget()
    made = catalogs.load("qing-xiang")
    assert (made.business.tz, made.business.currency, made.business.locale) == ("Asia/Shanghai", "CNY", language)
    assert [it.email for it in sign_ins.load("qing-xiang").values()] == ["chen@q.example"]
