"""How a client stands, in a browser: told with the reason, said otherwise by a person, and told to whoever books."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from kept.actor import KEPT, Change
from tests.browser.desk import at_the_desk, signed_in
from tests.builders import STARTS, a_client, an_appointment

pytestmark = pytest.mark.browser

LEADER, STAFF = signed_in("jun@lotus.example", "jun", "owner"), signed_in(group="staff")
LI = "/desk/clients/c-1"


@pytest.fixture(autouse=True)
def _missed_three(site: str) -> None:  # noqa: ARG001
    """Li Na did not come to three visits of the last weeks."""
    from tests import lotus

    lotus.known(a_client())
    for n in (1, 3, 5):
        it = an_appointment(f"a-{n}", starts=STARTS - timedelta(weeks=n))
        lotus.put(it.mark_no_show(Change(KEPT, it.starts + timedelta(minutes=20)), evidence=()))


@pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-Hans", 820), ("en", 1440), ("zh-Hans", 390)])
def test_a_person_says_otherwise_by_keys_alone_and_the_record_counts_again(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    from kept.storage import clients

    with at_the_desk(chromium, site, language=language, width=width, who=LEADER) as desk:
        desk.go(LI)
        part = desk.page.locator("#standing")
        part.get_by_text(desk.says("standing.restricted"), exact=True).wait_for()
        assert desk.is_in_order()
        desk.page.locator("#standing").scroll_into_view_if_needed()
        desk.photograph("standing")
        desk.page.locator("#standing-open").press("Enter")
        desk.page.locator("#standing-restricted").press("ArrowUp")
        desk.page.locator("#standing-deposit_required").press("ArrowUp")
        desk.page.fill("#standing-why", "She was in hospital.")
        assert desk.is_in_order(".drawer")
        desk.photograph("standing-set")
        with desk.something_said():
            desk.page.press("#standing-why", "Enter")
        part.get_by_text(desk.says("standing.good"), exact=True).wait_for()
        expect(part).to_contain_text("She was in hospital.")
        set_ = clients.load("lotus", "c-1").standing_set
        assert (set_.standing, set_.by) == ("good", "jun") if set_ else False
        with desk.something_said():
            desk.button("standing.end", within="#standing").press("Enter")
        part.get_by_text(desk.says("standing.restricted"), exact=True).wait_for()
        assert clients.load("lotus", "c-1").standing_set is None


def test_staff_dismiss_nobody(chromium: Browser, site: str) -> None:
    with at_the_desk(chromium, site, who=STAFF) as desk:
        desk.go(LI)
        desk.page.click("#standing-open")
        expect(desk.page.locator("#standing-dismissed")).to_have_count(0)
        expect(desk.page.locator("#dismissal-open")).to_have_count(0)


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("zh-Hans", 390)])
def test_whoever_books_for_them_is_told_why(chromium: Browser, site: str, language: str, width: int) -> None:
    with at_the_desk(chromium, site, language=language, width=width, who=STAFF) as desk:
        desk.go(LI)
        desk.button("visits.book", within="#main").first.click()
        warning = desk.page.locator("#book-standing")
        warning.wait_for()
        expect(warning).to_contain_text(desk.says("standing_does.restricted"))
        assert desk.is_in_order(".drawer")
        desk.photograph("standing-booking")
