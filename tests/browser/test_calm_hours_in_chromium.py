"""Calm hours in a real browser, without JavaScript: said beside each time, and first where the client wishes."""

import pytest
from playwright.sync_api import Browser

from tests.browser.desk import PHOTOGRAPHS
from tests.browser.test_in_chromium import SIDEWAYS, TOO_SMALL, a_client
from tests.lotus import NOW

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _mornings_are_full(site: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  # first the pages
    from kept import clock
    from kept.booking.busy_hours import UsualHours
    from kept.storage import usual_hours

    monkeypatch.setattr(clock, "now", lambda: NOW)
    usual_hours.put("lotus", UsualHours({"mei": dict.fromkeys((9, 10, 11), (480, 480))}))


@pytest.mark.parametrize(("locale", "width"), [("en", 390), ("zh-Hans", 390), ("en", 1280), ("zh-Hans", 1280)])
def test_calm_hours_are_named_and_come_first_by_a_link(chromium: Browser, site: str, locale: str, width: int) -> None:
    with a_client(chromium, site, locale, width) as client:
        client.go(f"/b/lotus?service=cut&staff=mei&day=2026-03-02&lang={locale}")
        for order in ("by time", "calm first"):
            assert client.sees("busy.quiet")
            assert client.sees("busy.peak")
            assert (client.page.evaluate(TOO_SMALL), client.page.evaluate(SIDEWAYS)) == ([], 0)
            first = client.page.locator("button.time").first.inner_text()
            assert (client.words.says("busy.quiet") in first) is (order == "calm first")
            if PHOTOGRAPHS:
                name = f"{PHOTOGRAPHS}/calm-{order.replace(' ', '-')}-{locale}-{width}.png"
                client.page.screenshot(path=name, full_page=True)
            if order == "by time":
                client.tap("times.calm_first")
        assert client.sees("times.by_time")
