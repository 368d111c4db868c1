"""Calendars in a real browser: the address of one's feed, shown once, opened and ended; and a calendar of one's own, by
which one is busy."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

import calendar_reader
from kept.booking import own_calendar
from kept.storage.tables import EventItem
from kept.use_cases.outside import https_call
from kept.use_cases.outside.https_call import Said
from tests.browser.desk import at_the_desk, signed_in
from tests.domain.test_field_busy_times import a_calendar, an_event
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
        desk.page.wait_for_selector("#calendar-names")
        expect(desk.drawer()).to_contain_text(desk.says("calendar.age"))
        expect(desk.page.locator("#calendar-whose")).to_have_count(0)
        desk.page.check("#calendar-names")
        desk.page.click("#calendar-make")
        desk.page.wait_for_selector("#calendar-address")
        address = desk.page.input_value("#calendar-address")
        opens = desk.drawer().locator("a.button")
        expect(opens).to_have_attribute("href", address.replace("https:", "webcal:"))
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
        expect(desk.page.locator("#calendar-address")).to_have_count(0)
        desk.page.click("#calendar-end")
        desk.page.locator("#calendar-end").wait_for(state="detached")
        assert desk.page.request.get(site + path).status == 410


MEETING = a_calendar(an_event("DTSTART:20260302T093000Z", "DTEND:20260302T113000Z"), an_event("DTSTART:soon", uid="2"))
"""Into Li Na's hour, and on; and one of which nothing can be made."""
URL = "https://calendar.mei.example/private-5f2c/basic.ics"


def reads(monkeypatch: pytest.MonkeyPatch, says: Said) -> None:
    monkeypatch.setattr(https_call, "call", lambda *_: says)
    calendar_reader.handler({"business": "lotus", "staff": "mei"}, None)


@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("zh-Hans", 1440), ("en", 390), ("zh-Hans", 390)])
def test_a_calendar_of_one_s_own_is_set_takes_its_time_is_told_as_old_and_given_up(
    chromium: Browser, site: str, monkeypatch: pytest.MonkeyPatch, language: str, width: int
) -> None:
    at_noon(monkeypatch)
    with at_the_desk(chromium, site, language=language, width=width, who=signed_in(group="owner")) as desk:
        desk.go("/desk/settings/people?open=mei")
        desk.page.fill("#busy-url", "http://calendar.mei.example/basic.ics")
        desk.page.click("#busy-use")
        desk.page.wait_for_selector("#busy-url-problem")
        desk.page.fill("#busy-url", URL)
        desk.page.click("#busy-use")
        desk.page.get_by_text(
            desk.says("busy.from", host="calendar.mei.example", read=desk.says("busy.unread_yet"))
        ).wait_for()
        expect(desk.page.locator("#busy-url")).to_have_value("")
        reads(monkeypatch, Said(200, MEETING.encode(), {}))
        desk.page.get_by_text("Li Na").wait_for()
        expect(desk.page.get_by_text(desk.says("busy.unread.one", n=1))).to_be_visible()
        desk.page.locator("#busy-use").scroll_into_view_if_needed()
        assert desk.is_in_order()
        desk.photograph("own-calendar")
        desk.go("/desk?on=2026-03-02")
        desk.page.get_by_text(desk.says("grid.busy")).last.wait_for()
        expect(desk.page.locator(".is-busy")).to_have_count(int(width > 1000))
        assert desk.is_in_order()
        desk.page.locator(".is-busy, .row").last.scroll_into_view_if_needed()
        desk.photograph("own-calendar-day")
        monkeypatch.setattr(own_calendar, "STALE", timedelta(minutes=-1))
        EventItem("lotus", "calendar#mei").update([EventItem.due_at.set(0)])
        reads(monkeypatch, Said(404, b"", {}))
        desk.page.locator("details.menu summary").click()
        desk.page.click("#my-calendar")
        desk.page.get_by_text(desk.says("busy_trouble.refused", status=404)).wait_for()
        desk.page.locator("#busy-end").scroll_into_view_if_needed()
        assert desk.is_in_order(".drawer")
        desk.photograph("own-calendar-old")
        desk.page.click("#busy-end")
        desk.page.locator("#busy-end").wait_for(state="detached")
        desk.page.keyboard.press("Escape")
        desk.go("/desk?on=2026-03-02")
        desk.page.get_by_text("Li Na").first.wait_for()
        expect(desk.page.get_by_text(desk.says("grid.busy"))).to_have_count(0)
