"""The gaps of a day in a real browser: what fits is read where the time is free, and one click books into it."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import Desk, at_the_desk, signed_in
from tests.builders import STARTS, a_client, an_appointment

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("clocks")]

MEI = signed_in()
EACH = pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-Hans", 390), ("en", 1440), ("zh-Hans", 1440)])


@pytest.fixture
def clocks(site: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  # first the pages, then the time
    """Monday, 15:00 in Shanghai."""
    from kept import clock

    now: datetime = STARTS - timedelta(hours=2)
    monkeypatch.setattr(clock, "now", lambda: now)


def a_day() -> None:
    """Mei is booked from 15:30 to 16:30 and 17:00 to 18:00: two half hours to an hour's cut are slivers."""
    from kept.storage import catalogs
    from tests import lotus

    fringe = replace(lotus.the_salon().services["cut"], id="fringe", name="Fringe trim", duration=15, useful=30)
    catalogs.put("lotus", [replace(lotus.the_salon().business, locale="en"), fringe])
    catalogs.forget()
    for n, minutes in enumerate((0, -90)):
        lotus.known(replace(a_client(), id=f"c-{n}", name=("Li Na", "Wu Min")[n], email=f"c{n}@example.com"))
        lotus.put(replace(an_appointment(f"a-{n}", starts=STARTS + timedelta(minutes=minutes)), client=f"c-{n}"))


def is_chosen(desk: Desk, service: str, person: str) -> None:
    """As the panel has them."""
    desk.page.locator(".drawer .slots .time[aria-pressed=true]").wait_for()
    chosen = desk.page.locator(".drawer .chip:has(input:checked)")
    expect(chosen.nth(0)).to_have_text(service)
    expect(chosen.nth(1)).to_have_text(person)


@EACH
def test_on_the_list_what_fits_is_a_button_that_fills_the_booking(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    a_day()
    with at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk:
        desk.go("/desk?view=list&who=mei")
        free = desk.page.locator(".free-time")
        expect(free).to_have_count(3)
        for n, fits in enumerate((["Fringe trim"], ["Fringe trim"], ["Colour", "Cut", "Fringe trim"])):
            expect(free.nth(n).locator("button")).to_have_text(fits)
        assert desk.is_in_order()
        desk.photograph("gaps-list")
        free.nth(1).get_by_role("button", name="Fringe trim").click()
        is_chosen(desk, "Fringe trim", "Mei")
        expect(desk.page.locator("#book-at")).to_have_value("16:30")
        desk.photograph("gaps-booking")


@EACH
def test_on_the_columns_a_gap_says_what_fits_and_fills_the_booking(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    a_day()
    with at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk:
        desk.go("/desk?view=grid&who=all")
        gaps = desk.page.locator(".column[data-staff=mei] .gap")
        expect(gaps.locator("small")).to_have_text(["Fringe trim", "Fringe trim", "Colour, Cut, Fringe trim"])
        assert desk.is_in_order()
        desk.photograph("gaps-grid")
        gaps.nth(2).click()
        desk.page.locator(".drawer .chip", has_text="Cut").click()
        is_chosen(desk, "Cut", "Mei")
        expect(desk.page.locator("#book-at")).to_have_value("18:00")
        expect(desk.page.locator(".drawer .slots .time[aria-pressed=true]")).to_have_text(re.compile("^(6|18):00"))
