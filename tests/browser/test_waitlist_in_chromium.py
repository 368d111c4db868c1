"""The waitlist at the desk in a real browser: an hour given back is filled on a second client's phone while the desk
watches; who waits is added, offered, passed over, taken off and put back; a gap of the day names who would fit."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.desk import AXE, BROKEN_RULES, PHOTOGRAPHS, at_the_desk, signed_in
from tests.builders import STARTS, an_appointment

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("salon")]

MEI = signed_in()
LOOKS = pytest.mark.parametrize(("language", "width"), [("en", 1440), ("zh-Hans", 390)])


class Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def salon(site: str, monkeypatch: pytest.MonkeyPatch) -> Clock:  # noqa: ARG001  # first the pages, then the time
    """Saturday noon; Li Na is booked on Monday from 17:00 to 18:00."""
    from kept import clock
    from tests import lotus
    from tests.functions.waitlisting import NOON

    time = Clock(NOON)
    monkeypatch.setattr(clock, "now", time)
    lotus.known()
    lotus.put(an_appointment())
    return time


@contextmanager
def a_phone(chromium: Browser, language: str) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=False, locale=language, viewport={"width": 390, "height": 844})
    yield context.new_page()
    context.close()


def called_off_on(phone: Page, site: str, language: str) -> None:
    """By the link of their appointment; and the stream tells of it."""
    from kept.client_links.tokens import manage_token
    from kept.pages.language import language as spoken
    from kept.storage import appointments
    from tests.functions.waitlisting import streamed

    before = appointments.load("lotus", "a-1")
    phone.goto(f"{site}/a/{manage_token(before)}/cancel?lang={language}")
    with phone.expect_navigation():
        phone.get_by_role("button", name=spoken(language).says("cancel.button")).click()
    after = appointments.load("lotus", "a-1")
    assert after.status == "cancelled"
    streamed(before, after, after.history[-1].at)


def link_in_the_message(client: str, now: datetime) -> str:
    """Of the offer, as it is sent."""
    from kept.storage import catalogs
    from kept.use_cases.messaging import client_message
    from tests.functions.waitlisting import said

    (offered,) = [it for it in said(client) if it.stage == "time_offered"]
    about = client_message.to_client(offered, catalogs.load("lotus"), now=now)
    assert about
    parcel = about.parcel(now=now)
    found = re.search(r"/w/[\w.~-]+", parcel.rendered.text)
    assert found
    return found[0]


@LOOKS
def test_an_hour_given_back_is_filled_while_the_desk_watches(
    chromium: Browser, site: str, salon: Clock, language: str, width: int
) -> None:
    """Nobody reloads anything at the desk: the offer's deadline runs, and then they are booked."""
    from kept.storage import appointments, waitlist
    from tests.functions.waitlisting import NOON, pass_until, waits

    first = waits("c-2")
    waits("c-3", since=NOON - timedelta(hours=20))
    with (
        at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk,
        a_phone(chromium, language) as phone,
    ):
        desk.go("/desk/waitlist")
        rows = desk.page.locator(".row")
        expect(rows.locator(".place")).to_have_text(["1", "2"])
        called_off_on(phone, site, language)
        pass_until(salon.now)
        free = desk.page.locator(".row.is-free")
        expect(free.locator(".countdown")).to_have_text(re.compile(r"1\d:\d\d"))
        before = free.locator(".countdown").inner_text()
        expect(free.locator(".countdown")).not_to_have_text(before)
        assert desk.is_in_order()
        desk.photograph("waitlist-offered")
        desk.page.locator(f"#wait-{first.id}").click()
        expect(desk.drawer().locator(".wait-offered").first).to_be_visible()
        phone.goto(f"{site}{link_in_the_message('c-2', salon.now)}?lang={language}")
        if PHOTOGRAPHS:
            phone.screenshot(path=f"{PHOTOGRAPHS}/waitlist-phone-{language}.png", full_page=True)
        with phone.expect_navigation():
            phone.locator("form[action*='/take'] button").click()
        pass_until(salon.now)
        expect(desk.drawer().locator(".wait-booked")).to_be_visible()
        expect(desk.page.locator("#main .row .place")).to_have_text(["1"])
        expect(free).to_have_count(0)
        assert desk.is_in_order()
        desk.photograph("waitlist-filled")
        entry = waitlist.load("lotus", first.id)
        visit = appointments.load("lotus", entry.booked)
        assert (visit.client, visit.starts) == ("c-2", STARTS)


@LOOKS
def test_who_waits_is_added_offered_taken_off_and_put_back(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    """Each act says what it did, and its undo puts back what was, the place too."""
    from kept.storage import waitlist
    from kept.use_cases.clients import indexing
    from tests.functions.waitlisting import NOON, waits

    with at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk:
        desk.go("/desk/waitlist")
        desk.page.locator(".empty").wait_for()
        assert desk.is_in_order()
        desk.photograph("waitlist-empty")
        first = waits("c-2", since=NOON - timedelta(days=3))
        indexing.index("lotus", "c-1")
        desk.page.locator("#add-wait").click()
        desk.page.fill("#wait-client", "li na")
        with desk.page.expect_response("**/visits?limit=1"):  # what they have booked comes above the rest
            desk.page.locator("#wait-client-hits li").first.click()
        desk.page.locator("#wait-service-cut").check()
        desk.page.locator("#wait-day-1").check()
        desk.page.fill("#wait-opens", "15:00")
        assert desk.is_in_order(".drawer")
        desk.photograph("waitlist-add")
        with desk.something_said():
            desk.page.locator(".drawer .main").click()
        rows = desk.page.locator("#main .row:has(.place)")
        expect(rows).to_have_count(2)
        expect(rows.locator(".name").first).to_have_text("Li Na")
        rows.first.locator(".why summary").click()
        assert desk.is_in_order()
        desk.photograph("waitlist-ordinary")

        rows.nth(1).locator(".first").click()
        desk.page.fill("#wait-on", "2026-03-03")
        desk.drawer().locator(".time").nth(12).click()
        assert desk.is_in_order(".drawer")
        desk.photograph("waitlist-offer")
        with desk.something_said():
            desk.drawer().locator(".main").click()
        assert waitlist.load("lotus", first.id).offer
        desk.undo()
        assert (waitlist.load("lotus", first.id).offer, waitlist.load("lotus", first.id).is_live) == (None, True)
        desk.drawer().locator(".deeds button").click()
        expect(rows).to_have_count(1)
        desk.photograph("waitlist-taken-off")
        desk.undo()
        expect(rows).to_have_count(2)
        assert waitlist.load("lotus", first.id).since == first.since


@LOOKS
def test_freed_time_is_given_by_hand_and_somebody_passed_over(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    from dataclasses import replace

    from kept.business.waitlist_rules import OfferMode, WaitlistRules
    from kept.storage import waitlist
    from tests import lotus
    from tests.functions.waitlisting import NOON, called_off, pass_until, waits

    catalog = lotus.the_salon()
    lotus.store(replace(catalog, business=replace(catalog.business, waitlist=WaitlistRules(OfferMode.STAFF))))
    first, second = waits("c-2", since=NOON - timedelta(days=3)), waits("c-3")
    called_off()
    pass_until(NOON)
    with at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk:
        desk.go("/desk/waitlist")
        desk.page.locator(".row.is-free .first").click()
        rows = desk.page.locator("#main .row")
        expect(rows).to_have_count(2)
        rows.first.locator(".deeds .button").nth(1).click()
        desk.page.fill(f"#pass-{first.id}", "is abroad")
        assert desk.is_in_order()
        desk.photograph("waitlist-fits")
        with desk.something_said():
            rows.first.locator(".panel .main").click()
        expect(rows).to_have_count(1)
        assert waitlist.load("lotus", first.id).lines[-1].why == "is abroad"
        with desk.something_said():
            rows.first.locator(".first").click()
        offer = waitlist.load("lotus", second.id).offer
        assert offer
        assert offer.starts == STARTS


@LOOKS
def test_a_gap_of_the_day_is_offered_by_one_click_to_the_first_whom_it_fits(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    from kept.storage import waitlist
    from tests.functions.waitlisting import NOON, waits

    first = waits("c-2", since=NOON - timedelta(days=3))
    waits("c-3")
    with at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk:
        desk.go("/desk?on=2026-03-02&who=all")
        waiting = desk.page.locator(".gap-waits")
        waiting.first.wait_for()
        assert desk.is_in_order()
        desk.photograph("waitlist-gap")
        with desk.something_said():
            waiting.first.get_by_role("button").click()
        assert waitlist.load("lotus", first.id).offer
        expect(waiting.first.get_by_role("button")).to_contain_text("c-3")
        if PHOTOGRAPHS:
            desk.photograph("waitlist-gap-offered")


def test_what_is_booked_without_asking_is_taken_back_as_any_other_act(chromium: Browser, site: str) -> None:
    """From the gap of the day: the visit is off, and they wait in their old place."""
    from kept.storage import appointments, waitlist
    from tests.functions.waitlisting import NOON, waits

    first = waits("c-2", since=NOON - timedelta(days=3), book_for_me=True)
    with at_the_desk(chromium, site, who=MEI) as desk:
        desk.go("/desk?on=2026-03-02&who=all")
        with desk.something_said():
            desk.page.locator(".gap-waits button").first.click()
        booked = waitlist.load("lotus", first.id).booked
        assert appointments.load("lotus", booked).status == "booked"
        desk.undo()
        desk.page.locator(".toast p").filter(has_text=desk.says("waitlist.undone", name="c-2")).wait_for()
        assert appointments.load("lotus", booked).status == "cancelled"
        assert (waitlist.load("lotus", first.id).is_live, waitlist.load("lotus", first.id).since) == (True, first.since)


def test_the_page_of_who_waits_has_no_fault_that_a_machine_sees(chromium: Browser, site: str, salon: Clock) -> None:
    from kept.client_links.tokens import wait_token
    from tests.functions.waitlisting import waits

    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{site}/w/{wait_token('lotus', waits('c-2').id, now=salon.now)}")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert page.evaluate(BROKEN_RULES, "html") == []
    page.close()
