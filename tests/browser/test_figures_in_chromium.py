"""Figures in the browser: what a leader sees at three widths in both languages, by mouse and by keyboard, in the order
that axe-core looks for; the list behind a number, the file, and what is shown where there is nothing."""

from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.desk import PHOTOGRAPHS, Desk, at_the_desk, signed_in

pytestmark = pytest.mark.browser

OWNER, STAFF = signed_in(group="owner"), signed_in(group="staff")
EACH = pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-Hans", 820), ("en", 1440)])
CLOSED = 120


@pytest.fixture
def weeks(site: str) -> str:
    """Sixteen weeks of the salon up to now: four of five came, one in ten cancelled."""
    from kept.actor import CLIENT, Actor, Change
    from kept.business.catalog import Money
    from kept.business.change_rules import ChangeRules
    from kept.business.figure_rules import FigureRules
    from kept.storage import appointments, catalogs, tickets
    from kept.use_cases.insight import recording
    from kept.waiting_room.estimate import Told
    from kept.waiting_room.ticket import Ticket, TicketState
    from tests import lotus
    from tests.builders import an_appointment
    from tests.made_money import line
    from tests.made_year import change_of

    recording.forget()
    catalog = lotus.the_salon()
    catalogs.put("lotus", [replace(catalog.business, figures=FigureRules(came=90, fill=1))])
    catalogs.forget()
    staff = Actor("staff", "mei")
    for n in range(CLOSED + 12):
        starts = lotus.NOW.replace(hour=2 + n % 9) - timedelta(days=1 + n * 112 // CLOSED)
        visit = replace(an_appointment(f"a-{n}", starts=starts), price=Money(12_000, "CNY"), revision=1)
        visit = replace(visit, slot=replace(visit.slot, staff="mei" if n % 3 else "jun"))
        if n % 10 == 9:
            why = ("cost", "", "time")[n // 10 % 3]
            after = visit.cancel(Change(CLIENT, starts - timedelta(hours=3), why), rules=ChangeRules())
        elif n % 5 == 4:
            after = visit.mark_no_show(Change(staff, starts + timedelta(hours=1)), evidence=())
            fee = line("fee", 12_000, at=starts, act=f"{n}-fee")
            lines = [fee, line("waived" if n % 3 else "paid", 6_000, at=starts, act=f"{n}-then")]
            for one in lines:
                recording.record(change_of(None, one, at=starts.astimezone(UTC)))
        else:
            after = visit.check_in(Change(staff, starts))
        after = replace(after, revision=2)
        appointments.as_item(replace(after, revision=1), None).save()
        recording.record(change_of(visit, after, at=starts.astimezone(UTC)))
    for n in range(60):
        came = lotus.NOW - timedelta(days=1 + n % 40, hours=1)
        told = Told(came.timestamp() / 60, 2, 20, 30, 25.0, 20, 30)
        begun = came + timedelta(minutes=20 + n % 12 if n % 9 else 45)
        number = Ticket("lotus", came.date(), n + 1, "cut", came, state=TicketState.BEGUN, told=told, ended_at=begun)
        tickets.put(number, over=None)
    lotus.known()
    return site


@EACH
def test_a_leader_sees_how_it_goes(chromium: Browser, weeks: str, language: str, width: int) -> None:
    with at_the_desk(chromium, weeks, language=language, width=width, who=OWNER) as desk:
        shown(desk)
        expect(desk.heading).to_have_text(desk.says("rail.figures"))
        expect(desk.page.locator(".rail a[aria-current=page]")).to_have_text(
            desk.says("rail.figures"), use_inner_text=True
        )
        expect(desk.page.locator(".tile")).to_have_count(15)
        expect(desk.page.locator("svg.chart")).to_have_count(6)
        named = desk.page.locator("svg.chart").evaluate_all("all => all.map(it => it.getAttribute('aria-label'))")
        assert all(len(name) > 10 for name in named)
        expect(desk.page.locator(".target.short")).to_have_count(1)
        expect(desk.page.locator(".target.reached")).to_have_count(1)
        waits = desk.page.locator(".figure-box", has_text=desk.says("figures_more.waits"))
        expect(waits).to_contain_text("60")
        desk.photograph("figures")
        waits.scroll_into_view_if_needed()
        desk.photograph("figures-waits")
        assert desk.is_in_order()
        desk.page.locator(".behind-chart summary").first.click()
        desk.page.select_option("#figures-by", "month")
        desk.page.wait_for_function("() => location.search.includes('by=month')")
        shown(desk, desk.page.url.removeprefix(weeks))
        assert desk.is_in_order()


def shown(desk: Desk, path: str = "/desk/figures") -> None:
    desk.go(path)
    desk.page.locator(".tile, .empty").first.wait_for()


def test_dark_it_is_in_order_as_well(chromium: Browser, weeks: str) -> None:
    with at_the_desk(chromium, weeks, who=OWNER, dark=True) as desk:
        shown(desk)
        desk.photograph("figures-dark")
        assert desk.is_in_order()


def test_by_the_keyboard_a_number_leads_to_its_list_and_back(chromium: Browser, weeks: str) -> None:
    """Enter opens as many lines as it says, Esc closes them, and the focus is where it was."""
    with at_the_desk(chromium, weeks, who=OWNER) as desk:
        shown(desk)
        number = desk.page.locator("#tile-no_show")
        count = int(desk.page.locator(".tile", has=number).locator(".about").inner_text().split()[0])
        number.focus()
        desk.page.keyboard.press("Enter")
        desk.page.locator(".drawer .row").first.wait_for()
        expect(desk.page.locator(".drawer .row")).to_have_count(count)
        assert desk.is_in_order(".drawer")
        desk.photograph("figures-list")
        desk.page.keyboard.press("Escape")
        desk.page.locator(".drawer").wait_for(state="detached")
        expect(desk.page.locator("#tile-no_show")).to_be_focused()
        assert reached_by_tab(desk.page, "figures-file")
        assert reached_by_tab(desk.page, "figures-by")
        assert reached_by_tab(desk.page, "tile-came")


def reached_by_tab(page: Page, id: str) -> bool:
    page.evaluate("() => document.getElementById('main').focus()")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.id") == id:
            return True
    return False


def test_a_bar_is_clicked_and_the_table_behind_it_opens_the_same_list(chromium: Browser, weeks: str) -> None:
    with at_the_desk(chromium, weeks, who=OWNER) as desk:
        shown(desk)
        desk.page.locator(".chart .pick").nth(2).click()
        desk.page.locator(".drawer .row").first.wait_for()
        desk.at_rest()
        by_click = desk.page.locator(".drawer .row").all_inner_texts()
        desk.page.keyboard.press("Escape")
        box = desk.page.locator(".figure-box").first
        box.locator("summary").press("Enter")
        box.locator("tbody tr").nth(2).get_by_role("button").press("Enter")
        desk.page.locator(".drawer .row").first.wait_for()
        expect(desk.page.locator(".drawer .row")).to_have_text(by_click, use_inner_text=True)


@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("zh-Hans", 390)])
def test_reasons_and_money_lead_to_their_lists(chromium: Browser, weeks: str, language: str, width: int) -> None:
    """Each count has as many lines; a fee says how much and why."""
    with at_the_desk(chromium, weeks, language=language, width=width, who=OWNER) as desk:
        shown(desk)
        reasons = desk.page.locator("section", has=desk.page.locator("#figures-reasons"))
        cost = reasons.locator(".reasons li", has_text=desk.says("cancelled_for.cost")).get_by_role("button")
        count = int(cost.inner_text())
        cost.press("Enter")
        assert count > 0
        expect(desk.page.locator(".drawer .row")).to_have_count(count)
        desk.page.keyboard.press("Escape")
        money = desk.page.locator("section", has=desk.page.locator("#figures-money"))
        fee = money.locator("tbody tr").first.get_by_role("button")
        count = int(fee.inner_text())
        fee.press("Enter")
        rows = desk.page.locator(".drawer .row")
        assert count > 0
        expect(rows).to_have_count(count)
        expect(rows.first).to_contain_text("120.00")
        expect(rows.first).to_contain_text(desk.says("cause.fee_no_show"))
        assert desk.is_in_order(".drawer")
        desk.page.keyboard.press("Escape")
        reasons.scroll_into_view_if_needed()
        desk.photograph("figures-reasons")
        _alone(desk, reasons, "reasons")
        _alone(desk, money, "money")
        assert desk.is_in_order()


def _alone(desk: Desk, section: Locator, what: str) -> None:
    if PHOTOGRAPHS:
        width = desk.page.evaluate("() => innerWidth")
        section.screenshot(path=f"{PHOTOGRAPHS}/desk-figures-{what}-alone-{desk.language}-{width}.png")


def test_the_file_is_saved_as_excel_reads_it(chromium: Browser, weeks: str) -> None:
    with at_the_desk(chromium, weeks, who=OWNER) as desk:
        shown(desk)
        with desk.page.expect_download() as saved:
            desk.page.click("#figures-file")
        with saved.value.path().open("rb") as file:
            assert file.read().startswith(b"\xef\xbb\xbffirst_day,")
        assert saved.value.suggested_filename.endswith(".csv")


def test_where_there_is_nothing_it_says_what_will_be_there(chromium: Browser, site: str) -> None:
    with at_the_desk(chromium, site, who=OWNER) as desk:
        shown(desk)
        expect(desk.page.locator(".empty-title")).to_have_text(desk.says("figures.empty"), use_inner_text=True)
        assert desk.is_in_order()


def test_staff_see_no_figures_and_are_told_whose_they_are(chromium: Browser, site: str) -> None:
    with at_the_desk(chromium, site, who=STAFF) as desk:
        desk.go("/desk/figures")
        expect(desk.page.locator(".rail a[href='/desk/figures']")).to_have_count(0)
        expect(desk.page.locator("#main")).to_contain_text(desk.says("refused.role"))
