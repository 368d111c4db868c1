"""A day that runs late: said at the desk, answered on three phones in three ways, and the desk sees each."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import PHOTOGRAPHS, at_the_desk, signed_in
from tests.browser.test_in_chromium import SIDEWAYS, TOO_SMALL, Client
from tests.browser.test_in_chromium import a_client as with_a_phone
from tests.builders import STARTS, a_client, an_appointment

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("clocks")]

MEI = signed_in(group="staff")
HOUR = timedelta(hours=1)
NAMES = ("Li Na", "Wu Min", "An")


@pytest.fixture
def clocks(site: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  # first the pages, then the time
    """Monday, 11:50 in Shanghai; Mei is booked at 12:00, 13:00 and 14:00."""
    from kept import clock
    from kept.storage import catalogs
    from tests import lotus
    from tests.builders import CHECKS_IN

    noon = STARTS - 5 * HOUR
    now: datetime = noon - timedelta(minutes=10)
    monkeypatch.setattr(clock, "now", lambda: now)
    catalogs.put("lotus", [replace(lotus.the_salon().business, attendance=CHECKS_IN)])
    catalogs.forget()
    for n, name in enumerate(NAMES):
        lotus.known(replace(a_client(), id=f"c-{n}", name=name, email=f"c{n}@example.com", locale="en"))
        lotus.put(replace(an_appointment(f"a-{n}", starts=noon + n * HOUR), client=f"c-{n}"))


def on_the_page_of(client: Client, id: str, name: str) -> None:
    """Whoever was told opens the link of the message: it says by how much, and when they begin."""
    from kept.client_links.tokens import manage_token
    from kept.storage import appointments

    client.go(f"/a/{manage_token(appointments.load('lotus', id))}?lang={client.words.tag}")
    assert client.sees("delay.title", minutes=20)
    assert (client.page.evaluate(TOO_SMALL), client.page.evaluate(SIDEWAYS)) == ([], 0)
    if PHOTOGRAPHS:
        client.page.screenshot(path=f"{PHOTOGRAPHS}/delay-client-{name}.png", full_page=True)


@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("zh-Hans", 390)])
def test_a_delay_is_said_at_the_desk_and_answered_in_three_ways(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    with at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk:
        desk.go("/desk?view=list&who=all")
        desk.page.locator("#run-late").click()
        desk.page.select_option("#delay-who", "mei")
        desk.page.fill("#delay-minutes", "20")
        with desk.something_said():
            desk.button("delay.do", within=".drawer").click()
        rows = desk.drawer().locator("ol.cards > .row")
        expect(rows.locator(".name")).to_have_text(NAMES)
        expect(desk.drawer().get_by_text(desk.says("delay.no_answer"))).to_have_count(3)
        desk.photograph("delay-told")
        assert desk.is_in_order(".drawer")
        with with_a_phone(chromium, site, language, 390) as client:
            on_the_page_of(client, "a-0", f"0-{language}")
            client.tap("delay.wait")
            assert client.sees("delay.waits")
            on_the_page_of(client, "a-1", f"1-{language}")
            client.follow(client.page.locator("[aria-labelledby=later] button").last)
            assert client.sees("done.moved")
            on_the_page_of(client, "a-2", f"2-{language}")
            client.tap("mine.move")
            client.follow(client.page.locator(".strip a").last)
            client.follow(client.page.locator("a.time").first)
            client.tap("move.button")
            assert client.sees("done.moved")
        desk.page.reload()
        desk.settled()
        desk.drawer().locator(".row-state strong").nth(2).wait_for()
        choices = ("wait", "later", "move")
        for name, choice in zip(NAMES, choices, strict=True):
            state = rows.filter(has_text=name).locator(".row-state strong")
            expect(state).to_have_text(desk.says(f"delay_choice.{choice}"))
        desk.photograph("delay-answered")
        assert desk.is_in_order(".drawer")
