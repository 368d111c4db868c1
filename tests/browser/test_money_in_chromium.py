"""A client's money in a real browser: what is owed is seen, paid, let go of, given back and taken back; and a day's."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import PHOTOGRAPHS, Desk, at_the_desk, signed_in
from tests.builders import STARTS, a_client, an_appointment

pytestmark = pytest.mark.browser

LEADER, MEI = signed_in("jun@lotus.example", "jun", "owner"), signed_in(group="staff")
LI = "/desk/clients/c-1"
EACH = pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-Hans", 820), ("en", 1440), ("zh-Hans", 390)])


@pytest.fixture(autouse=True)
def _owes(site: str) -> None:  # noqa: ARG001
    """Li Na missed a-1, which costs a hundred yuan."""
    from kept import clock
    from kept.actor import KEPT, Change
    from kept.reasons import Code, because
    from kept.storage import catalogs
    from kept.storage.transaction import together
    from kept.use_cases.money.fees import charge_fee
    from tests import lotus

    lotus.known(a_client())
    visit = lotus.put(an_appointment("a-1", starts=STARTS - timedelta(days=2)))
    with together() as transaction:
        business = catalogs.load("lotus").business
        charge_fee(business, visit, 10_000, because(Code.FEE_NO_SHOW), transaction, Change(KEPT, clock.now()))


def owed() -> int:
    from kept.storage import ledger

    return ledger.balance("lotus", "c-1", "CNY").owed


def press(desk: Desk, act: str) -> None:
    desk.page.click(f"#money-{act}")
    desk.page.wait_for_selector(".money-act")


def _of_section(desk: Desk, what: str) -> None:
    """Alone, for the page around it is long."""
    if PHOTOGRAPHS:
        width = desk.page.evaluate("() => innerWidth")
        section = desk.page.locator("section:has(#money-title)")
        section.screenshot(path=f"{PHOTOGRAPHS}/desk-money-{what}-alone-{desk.language}-{width}.png")


@EACH
def test_what_is_owed_is_paid_and_let_off_and_an_undo_takes_it_back(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    with at_the_desk(chromium, site, language=language, width=width, who=LEADER) as desk:
        desk.go(LI)
        press(desk, "payments")
        expect(desk.page.locator("#money-amount")).to_have_value("100.00")
        desk.page.fill("#money-amount", "60")
        assert desk.is_in_order()
        desk.photograph("money-form")
        _of_section(desk, "form")
        with desk.something_said():
            desk.button("money_do.payments").click()
        assert owed() == 4_000
        desk.undo()
        desk.page.locator(".ledger .is-gone").first.wait_for()
        assert owed() == 10_000
        press(desk, "waivers")
        desk.page.fill("#money-amount", "25.5")
        desk.page.check("input[name=money-why][value=our_fault]")
        with desk.something_said():
            desk.button("money_do.waivers").click()
        assert owed() == 7_450
        assert desk.is_in_order()
        desk.photograph("money")
        if PHOTOGRAPHS:
            desk.page.locator("section:has(#money-title)").screenshot(
                path=f"{PHOTOGRAPHS}/section-{language}-{width}.png"
            )


def test_staff_see_no_button_for_what_they_may_not_and_are_told_what_is_too_much(chromium: Browser, site: str) -> None:
    with at_the_desk(chromium, site, who=MEI) as desk:
        desk.go(LI)
        press(desk, "payments")
        expect(desk.page.locator("#money-waivers, #money-refunds, #money-credits")).to_have_count(0)
        desk.page.fill("#money-amount", "100.01")
        desk.button("money_do.payments").click()
        desk.page.locator(".money-act .wrong").wait_for()
        expect(desk.page.locator("#money-amount")).to_have_value("100.01")
        assert owed() == 10_000


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_visit_says_what_is_owed_for_it(chromium: Browser, site: str, language: str) -> None:
    with at_the_desk(chromium, site, language=language, who=MEI) as desk:
        desk.go("/desk/appointments/a-1")
        desk.page.get_by_text(desk.says("money.of_visit")).wait_for()
        assert desk.is_in_order()
        desk.photograph("money-of-visit")


def of_day(desk: Desk, day: str = "") -> None:
    desk.go(f"/desk/money{f'?on={day}' if day else ''}")
    desk.page.locator(".day-money .ledger, .day-money .about").first.wait_for()


@pytest.mark.parametrize(
    ("language", "width", "dark"),
    [("en", 1440, False), ("zh-Hans", 390, False), ("en", 390, False), ("zh-Hans", 1440, False), ("en", 820, True)],
)
def test_a_day_s_money_is_seen_and_a_payment_and_a_waiver_are_recorded_from_there(
    chromium: Browser, site: str, language: str, width: int, dark: bool
) -> None:
    """Who owes stands there with what may be done about it; what was done stands in the till, among what was waived,
    and not in what is owed any more."""
    with at_the_desk(chromium, site, language=language, width=width, who=LEADER, dark=dark) as desk:
        of_day(desk)
        expect(desk.page.locator(".rail a[aria-current=page]")).to_have_text(
            desk.says("rail.today"), use_inner_text=True
        )
        desk.page.click("#owed-c-1")
        press(desk, "payments")
        desk.page.fill("#money-amount", "60")
        with desk.something_said():
            desk.button("money_do.payments").click()
        press(desk, "waivers")
        desk.page.fill("#money-amount", "25")
        with desk.something_said():
            desk.button("money_do.waivers").click()
        assert desk.is_in_order(".drawer")
        desk.photograph("day-money-drawer")
        desk.page.keyboard.press("Escape")
        desk.page.locator(".drawer").wait_for(state="detached")
        assert owed() == 1_500
        till = desk.page.locator(".day-money tbody tr")
        expect(till).to_have_count(1)
        expect(till).to_contain_text(desk.says("means.cash"))
        expect(till).to_contain_text("60.00")
        expect(desk.page.locator(".balances")).to_contain_text("15.00")
        waived = desk.page.locator(
            ".figure-box", has=desk.page.get_by_role("heading", name=desk.says("money_day.waived"))
        )
        expect(waived).to_contain_text("25.00")
        expect(desk.page.locator(".figure-box.wide .ledger > li")).to_have_count(3)
        assert desk.is_in_order()
        desk.photograph("day-money")


def test_by_keys_another_day_is_shown_and_a_line_leads_to_its_visit(chromium: Browser, site: str) -> None:
    """From Today's own link; the arrows turn the days, and the palette knows the page."""
    with at_the_desk(chromium, site, who=LEADER) as desk:
        desk.go("/desk")
        desk.page.click("#day-money")
        desk.page.locator(".day-money .ledger").first.wait_for()
        desk.page.keyboard.press("ArrowLeft")
        desk.page.locator(".day-money .figure-box.wide .about").wait_for()
        expect(desk.page.locator(".balances .row")).to_have_count(1)
        assert desk.is_in_order()
        desk.photograph("day-money-empty")
        desk.page.keyboard.press("ArrowRight")
        desk.page.locator(".figure-box.wide .ledger a.name").first.click()
        desk.page.wait_for_url("**/desk/appointments/a-1**")
        desk.page.keyboard.press("Control+k")
        desk.page.keyboard.type(desk.says("money_day.open"))
        desk.page.keyboard.press("Enter")
        desk.page.wait_for_url("**/desk/money**")


def test_a_day_s_money_is_kept_as_a_file_and_printed_without_what_is_around_it(chromium: Browser, site: str) -> None:
    with at_the_desk(chromium, site, who=LEADER) as desk:
        of_day(desk)
        with desk.page.expect_download() as saved:
            desk.page.click("#money-file")
        with saved.value.path().open(encoding="utf-8-sig") as file:
            head, *rows = file.read().splitlines()
        assert head.startswith("time,what,takes_back,client,")
        assert [row.split(",")[1:4] for row in rows] == [["fee", "", "Li Na"]]
        desk.page.emulate_media(media="print")
        expect(desk.page.locator(".rail, .top, .views, .balances .button").filter(visible=True)).to_have_count(0)
        expect(desk.page.locator(".printed")).to_be_visible()


def test_staff_who_do_not_lead_see_no_day_s_money(chromium: Browser, site: str) -> None:
    with at_the_desk(chromium, site, who=MEI) as desk:
        desk.go("/desk")
        expect(desk.page.locator("#day-money")).to_have_count(0)
        desk.go("/desk/money")
        desk.page.get_by_text(desk.says("money_day.not_yours")).wait_for()
        assert desk.is_in_order()
