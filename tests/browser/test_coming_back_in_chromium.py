"""A client goes back, loads again, opens a second tab, taps twice, dawdles, and reads from another zone: what they see
is so."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from kept.pages.language import Language, language

pytestmark = pytest.mark.browser
DAY = "/b/lotus?service=cut&staff=mei&day=2026-03-02"
PICTURES = os.environ.get("PICTURES", "")
"""A folder for a picture of each page on the way, to be looked at."""


@contextmanager
def somebody(chromium: Browser, locale: str, width: int = 390) -> Iterator[BrowserContext]:
    context = chromium.new_context(
        viewport={"width": width, "height": 844}, locale=locale, java_script_enabled=False, service_workers="block"
    )
    yield context
    context.close()


def seen(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def clock(locale: str, hour: int, minute: int = 30) -> str:
    return f"{hour}:{minute:02}" if locale == "zh-Hans" else f"{hour - 12}:{minute:02}"


def choose(page: Page, locale: str, hour: int) -> None:
    """And what it leads to is there: whoever goes back before that goes back from nowhere."""
    with page.expect_navigation():
        page.locator("button.time").filter(has_text=clock(locale, hour)).first.click()


def fill_in(page: Page, words: Language) -> None:
    page.get_by_label(words.says("field.name"), exact=True).fill("李娜 Anna")
    page.get_by_label(words.says("field.email"), exact=True).fill("anna@example.com")
    page.get_by_label(words.says("channel.email")).check()


def tap(page: Page, words: Language, said: str) -> None:
    page.locator("a, button").filter(has_text=words.says(said)).first.click()


def entries() -> list[str]:
    from tests import lotus

    return [entry.ref[:2] for entry in lotus.on_page()]


@pytest.mark.parametrize(
    ("locale", "width"), [("en", 390), ("zh-Hans", 390), ("en", 820), ("zh-Hans", 820), ("en", 1440), ("zh-Hans", 1440)]
)
def test_whoever_comes_back_sees_what_is_so(chromium: Browser, site: str, locale: str, width: int) -> None:
    words, name = language(locale), f"{locale}-{width}"
    with somebody(chromium, locale, width) as context:
        page = context.new_page()
        page.goto(site + DAY)
        seen(page, f"{name}-1-times")
        choose(page, locale, 17)
        assert entries() == ["h_"]
        page.go_back()
        expect(
            page.locator("button.time").filter(has_text=clock(locale, 17)), "one's own hold hides nothing"
        ).to_have_count(1)
        choose(page, locale, 18)
        assert entries() == ["h_"], "the other is given up"
        page.go_back()
        choose(page, locale, 17)
        seen(page, f"{name}-2-details")
        other = context.new_page()
        other.goto(page.url)
        for tab in (page, other):
            fill_in(tab, words)
        page.locator("button.main").dblclick()
        page.wait_for_url("**/a/*")
        seen(page, f"{name}-3-booked")
        expect(page.locator("main")).to_contain_text(words.says("done.booked"))
        assert entries() == ["a_"]
        page.reload()
        expect(page.locator("main")).to_contain_text(words.says("done.booked"))
        page.go_back()
        assert "/a/" in page.url, "the form leads to what it booked"
        tap(other, words, "details.button")
        other.wait_for_url("**/a/*")
        expect(other.locator("main"), "the same form, the same answer").to_contain_text(words.says("done.booked"))
        assert entries() == ["a_"]
        tap(other, words, "mine.mend")
        seen(other, f"{name}-4-mend")
        other.get_by_label(words.says("field.name"), exact=True).fill("李娜 Berg")
        tap(other, words, "mend.button")
        expect(other.locator("main")).to_contain_text(words.says("done.mended"))
        page.goto(f"{site}{DAY}")
        expect(page.locator("button.time").filter(has_text=clock(locale, 17)), "their booking does").to_have_count(0)


@pytest.mark.parametrize("locale", ["en", "zh-Hans"])
def test_a_hold_that_ran_out_is_booked_where_it_is_free(
    chromium: Browser, site: str, monkeypatch: pytest.MonkeyPatch, locale: str
) -> None:
    from kept import clock as time
    from tests import lotus

    words = language(locale)
    with somebody(chromium, locale) as context, somebody(chromium, locale) as another:
        page, theirs = context.new_page(), another.new_page()
        page.goto(site + DAY + "&zone=Europe/Berlin")
        half_past_five = "5:30 PM" if locale == "en" else "17:30"
        with page.expect_navigation():
            page.locator("button.time").filter(has_text=half_past_five).first.click()
        expect(page.locator("main"), "their own clock beside the place's").to_contain_text(
            words.city(ZoneInfo("Europe/Berlin"))
        )
        theirs.goto(site + DAY)
        expect(theirs.locator("button.time").filter(has_text=clock(locale, 17))).to_have_count(0)
        monkeypatch.setattr(time, "now", lambda: lotus.NOW + timedelta(minutes=6))
        page.reload()
        expect(page.locator("main")).not_to_contain_text(words.says("details.held", clock="")[:12])
        fill_in(page, words)
        tap(page, words, "details.button")
        page.wait_for_url("**/a/*")
        expect(page.locator("main")).to_contain_text(words.says("done.booked"))
        expect(page.locator("main")).to_contain_text("10:30")
        seen(page, f"{locale}-berlin")


@pytest.mark.parametrize("width", [390, 820, 1440])
@pytest.mark.parametrize("locale", ["en", "zh-Hans"])
def test_closed_days_and_late_ones_look_so(chromium: Browser, site: str, locale: str, width: int) -> None:
    from dataclasses import replace

    from kept.storage import catalogs
    from tests import lotus

    catalog = lotus.the_salon()
    days = {day: hours for day, hours in catalog.staff["mei"].hours.weekly.items() if day not in (0, 6)}
    staff = {id: replace(one, hours=replace(one.hours, weekly=days)) for id, one in catalog.staff.items()}
    lotus.store(replace(catalog, business=replace(catalog.business, phone="+862162798888"), staff=staff))
    catalogs.forget()
    words = language(locale)
    with somebody(chromium, locale, width) as context:
        page = context.new_page()
        page.goto(f"{site}/b/lotus?service=cut&staff=mei&day=2026-03-02")
        expect(page.locator("main")).to_contain_text(words.says("times.text.closed"))
        expect(page.locator(".strip .why").first).to_have_text(words.says("times.short.closed"), use_inner_text=True)
        assert page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
        expect(page.locator("footer")).to_contain_text("021 6279 8888")
        seen(page, f"{locale}-{width}-closed")
