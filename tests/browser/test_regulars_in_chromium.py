"""In a browser: a client is dismissed with a letter that is read before, and taken back; points are exchanged; and
terms that are to be looked at are settled by one click."""

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from kept.actor import KEPT, Change
from tests.browser.desk import at_the_desk, signed_in
from tests.builders import STARTS, a_client, an_appointment

pytestmark = pytest.mark.browser

LEADER, STAFF = signed_in("jun@lotus.example", "jun", "owner"), signed_in(group="staff")
LI = "/desk/clients/c-1"
EACH = pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-Hans", 1440), ("en", 1440), ("zh-Hans", 390)])


@pytest.fixture(autouse=True)
def _regular(site: str) -> None:  # noqa: ARG001
    """Li Na has a visit ahead, and 130 points, of which 100 buy twenty yuan."""
    from kept.business.loyalty_rules import PointsRules
    from kept.ledger import acts
    from kept.ledger.balance import Statement
    from kept.storage import catalogs, ledger
    from kept.storage.transaction import together
    from tests import lotus

    salon = lotus.the_salon()
    rules = PointsRules(per_visit=10, price=100, credit=2_000)
    lotus.store(replace(salon, business=replace(salon.business, points=rules)))
    catalogs.forget()
    lotus.known(a_client())
    lotus.put(an_appointment("a-1", starts=STARTS + timedelta(days=3)))
    before = ledger.balance("lotus", "c-1", "CNY")
    how = acts.Occasion("c-1#-#points-1", "kept", lotus.NOW, lotus.NOW.date())
    with together() as transaction:
        ledger.put(before, (acts.points(Statement(before), how, 130),), transaction)


@EACH
def test_a_client_is_dismissed_with_a_letter_and_taken_back(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    from kept.storage import clients, messages

    with at_the_desk(chromium, site, language=language, width=width, who=LEADER) as desk:
        desk.go(LI)
        desk.page.locator("#dismissal-open").press("Enter")
        desk.page.locator("#dismissal-text").wait_for()
        expect(desk.page.locator("#dismissal-text")).to_contain_text("今后不再为您安排预约")
        assert desk.is_in_order(".drawer")
        desk.photograph("dismissal")
        desk.page.fill("#dismissal-why", "Threats at the desk")
        with desk.something_said():
            desk.page.press("#dismissal-why", "Enter")
        desk.page.locator("#standing").get_by_text(desk.says("standing.dismissed"), exact=True).wait_for()
        assert [it.stage for it in messages.about("lotus", "c-1")] == ["dismissal"]
        assert desk.is_in_order()
        desk.photograph("dismissed")
        desk.page.click("#dismissal-open")
        desk.page.fill("#dismissal-end-why", "We have talked.")
        assert desk.is_in_order(".drawer")
        desk.photograph("dismissal-end")
        with desk.something_said():
            desk.page.press("#dismissal-end-why", "Enter")
        assert clients.load("lotus", "c-1").standing_set is None


@EACH
def test_points_are_exchanged_at_the_desk(chromium: Browser, site: str, language: str, width: int) -> None:
    from kept.storage import ledger

    with at_the_desk(chromium, site, language=language, width=width, who=STAFF) as desk:
        desk.go(LI)
        desk.page.locator("#points-buy").wait_for()
        assert desk.is_in_order()
        desk.photograph("points")
        with desk.something_said():
            desk.page.locator("#money-points").press("Enter")
        desk.page.locator("#money-points").wait_for(state="detached")
        balance = ledger.balance("lotus", "c-1", "CNY")
        assert (balance.points, balance.credit) == (30, 2_000)
        assert desk.is_in_order()
        desk.photograph("points-exchanged")


@EACH
def test_terms_to_look_at_are_settled_by_one_click(chromium: Browser, site: str, language: str, width: int) -> None:
    from kept.follow_up.follow_up import open_for
    from kept.follow_up.opened_by import OpenedBy
    from kept.reasons import Code, because
    from kept.storage import follow_ups
    from tests import lotus

    why = str(because(Code.COMES_OFTEN, kept=6, missed=0, late=1))
    opened = open_for(
        a_client(), "f-1", cause=OpenedBy.TERMS_REVIEW, assignee="mei", policy=1, change=Change(KEPT, lotus.NOW, why)
    )
    lotus.open_follow_up(opened)
    with at_the_desk(chromium, site, language=language, width=width, who=STAFF) as desk:
        desk.go("/desk/follow-ups/f-1")
        desk.page.locator("#terms-kept").wait_for()
        desk.page.click("#terms-change")
        assert desk.is_in_order(".drawer")
        desk.photograph("terms-review")
        with desk.something_said():
            desk.page.locator("#terms-kept").press("Enter")
        assert follow_ups.load("lotus", "f-1").is_over


@pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-Hans", 1440)])
def test_the_owner_sets_what_visits_earn(chromium: Browser, site: str, language: str, width: int) -> None:
    with at_the_desk(chromium, site, language=language, width=width, who=LEADER) as desk:
        desk.go("/desk/settings/loyalty")
        desk.page.locator("#set-points-per_visit").wait_for()
        assert desk.is_in_order()
        desk.photograph("settings-loyalty")
