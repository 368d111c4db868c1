"""An owner names an address that hears of events: refused in words, set up, its secret seen once, tried, removed."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import at_the_desk, signed_in

pytestmark = pytest.mark.browser

OWNER, MANAGER = signed_in(group="owner"), signed_in(group="manager")
URL = "https://hooks.lotus.example/kept"


@pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-Hans", 820), ("en", 1440)])
def test_an_address_is_set_up_tried_and_removed(chromium: Browser, site: str, language: str, width: int) -> None:
    from kept.storage import webhooks

    with at_the_desk(chromium, site, language=language, width=width, who=OWNER) as desk:
        desk.go("/desk/settings/webhooks")
        desk.page.get_by_text(desk.says("hook.none"), exact=True).wait_for()
        assert desk.is_in_order()
        desk.page.get_by_role("link", name=desk.says("hook.new")).press("Enter")
        desk.page.fill("#hook-url", "http://127.0.0.1/kept")
        desk.page.press("#hook-url", "Control+Enter")
        desk.page.locator("#hook-url-problem").wait_for()
        assert webhooks.endpoints("lotus") == ()
        desk.page.fill("#hook-url", URL)
        desk.page.get_by_label("appointment.booked", exact=True).press("Space")
        with desk.something_said():
            desk.button("settings.save").press("Enter")
        desk.page.get_by_text(desk.says("hook.secret_text")).wait_for()
        expect(desk.page.locator("#hook-secret")).to_have_value(re.compile("^whsec_"))
        assert desk.is_in_order()
        desk.photograph("settings-webhooks")
        (endpoint,) = webhooks.endpoints("lotus")
        assert (endpoint.url, [str(type) for type in endpoint.types]) == (URL, ["appointment.booked"])
        with desk.something_said():
            desk.button("hook.test").press("Enter")
        desk.page.locator(".ledger code", has_text="webhook.test").wait_for()
        desk.page.reload()
        desk.page.locator(".ledger code", has_text="webhook.test").wait_for()
        expect(desk.page.locator("#hook-secret")).to_have_count(0)
        assert desk.is_in_order()
        with desk.something_said():
            desk.button("hook.drop").press("Enter")
        desk.page.get_by_text(desk.says("hook.none"), exact=True).wait_for()
        assert webhooks.endpoints("lotus") == ()


def test_who_leads_and_does_not_own_is_told_whose_it_is(chromium: Browser, site: str) -> None:
    with at_the_desk(chromium, site, who=MANAGER) as desk:
        desk.go("/desk/settings/webhooks")
        desk.page.get_by_text(desk.says("refused.role")).first.wait_for()
        expect(desk.page.locator("#hook-url")).to_have_count(0)
