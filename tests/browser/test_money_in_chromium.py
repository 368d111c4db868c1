"""A client's money in a real browser: what is owed is seen, paid, let go of, given back and taken back."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser

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
        assert desk.page.input_value("#money-amount") == "100.00"
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
        desk.page.check("input[name=money-why][value=our_fault]", force=True)
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
        assert desk.page.locator("#money-waivers, #money-refunds, #money-credits").count() == 0
        desk.page.fill("#money-amount", "100.01")
        desk.button("money_do.payments").click()
        desk.page.locator(".money-act .wrong").wait_for()
        assert desk.page.input_value("#money-amount") == "100.01"
        assert owed() == 10_000


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_the_visit_says_what_is_owed_for_it(chromium: Browser, site: str, language: str) -> None:
    with at_the_desk(chromium, site, language=language, who=MEI) as desk:
        desk.go("/desk/appointments/a-1")
        desk.page.get_by_text(desk.says("money.of_visit")).wait_for()
        assert desk.is_in_order()
        desk.photograph("money-of-visit")
