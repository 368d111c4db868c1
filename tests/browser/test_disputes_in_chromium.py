"""A missed visit disputed on a phone, and upheld from Work: the fee is gone, and the client's page says so."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from kept.actor import CLIENT, KEPT, Change
from kept.business.change_rules import Terms
from tests.browser.desk import PHOTOGRAPHS, at_the_desk, signed_in
from tests.builders import a_client, an_appointment

pytestmark = pytest.mark.browser

MEI = signed_in(group="owner")
HOUR = timedelta(hours=1)
TERMS = Terms(48 * HOUR, timedelta(minutes=15), missed_fee=9800, currency="CNY")


@pytest.fixture(autouse=True)
def _missed(site: str) -> None:  # noqa: ARG001
    """Li Na did not come two hours ago, and owes 98 yuan for it."""
    from kept.storage import catalogs
    from kept.use_cases.booking.attendance import mark_no_show
    from tests import lotus

    lotus.known(a_client())
    lotus.put(replace(an_appointment(starts=lotus.NOW - 2 * HOUR), accepted=TERMS))
    mark_no_show(catalogs.load("lotus"), "a-1", Change(KEPT, lotus.NOW - HOUR))


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_dispute_is_raised_on_a_phone_and_upheld_from_work(chromium: Browser, site: str, language: str) -> None:
    from kept.client_links.tokens import manage_token
    from kept.pages.language import language as spoken
    from kept.storage import appointments, ledger

    assert ledger.balance("lotus", "c-1", "CNY").owed == 9800
    token, says = manage_token(appointments.load("lotus", "a-1")), spoken(language).says
    path = f"{site}/a/{token}?lang={language}"
    context = chromium.new_context(java_script_enabled=False, locale=language, viewport={"width": 390, "height": 844})
    phone = context.new_page()
    phone.goto(path)
    phone.get_by_text(says("dispute.title")).wait_for()
    if PHOTOGRAPHS:
        phone.screenshot(path=f"{PHOTOGRAPHS}/dispute-client-{language}.png", full_page=True)
    phone.fill("#words", "I was there")
    phone.get_by_role("button", name=says("dispute.button.missed")).click()
    phone.get_by_text(says("done.disputed")).wait_for()
    with at_the_desk(chromium, site, language=language, width=1440, who=MEI) as desk:
        desk.go("/desk/follow-ups/a-1-v1-dispute")
        desk.drawer().locator("#dispute-words").wait_for()
        expect(desk.drawer()).to_contain_text("I was there")
        assert desk.is_in_order(".drawer")
        desk.drawer().locator("#dispute-a-1").scroll_into_view_if_needed()
        desk.photograph("dispute")
        desk.drawer().locator("input[value=our_fault]").check()
        with desk.something_said():
            desk.button("dispute.do_uphold", within=".drawer").click()
        desk.go("/desk/appointments/a-1")
        desk.drawer().get_by_text(desk.says("dispute.upheld"), exact=True).first.wait_for()
        assert desk.is_in_order(".drawer")
        desk.photograph("dispute-upheld")
    assert ledger.balance("lotus", "c-1", "CNY").owed == 0
    phone.goto(path)
    phone.get_by_text(says("dispute.upheld")).wait_for()
    if PHOTOGRAPHS:
        phone.screenshot(path=f"{PHOTOGRAPHS}/dispute-client-upheld-{language}.png", full_page=True)
    context.close()


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_a_missed_visit_is_one_screen_on_a_phone(chromium: Browser, site: str, language: str) -> None:
    """Evidence, what it cost, what is said to it, and every act there."""
    from kept.storage import catalogs
    from kept.use_cases.booking.disputing import dispute
    from tests import lotus

    dispute(catalogs.load("lotus"), "a-1", Change(CLIENT, lotus.NOW, "I was there"))
    with at_the_desk(chromium, site, language=language, width=390, who=MEI) as desk:
        desk.go("/desk/appointments/a-1")
        desk.drawer().locator("#visit-waive").click()
        desk.page.fill("#money-amount", "50")
        desk.photograph("dispute-visit")
        with desk.something_said():
            desk.button("money_do.waivers", within=".drawer").click()
        desk.drawer().locator("#decide-refuse").check()
        desk.page.fill("#dispute-words", "We waited for you until quarter past.")
        assert desk.is_in_order(".drawer")
        with desk.something_said():
            desk.button("dispute.do_refuse", within=".drawer").click()
        desk.drawer().get_by_text("We waited for you until quarter past.").first.wait_for()
        desk.drawer().locator("#dispute-a-1").scroll_into_view_if_needed()
        desk.photograph("dispute-refused")
