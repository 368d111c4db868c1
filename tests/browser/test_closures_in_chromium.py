"""A day that cannot be, at the desk: looked at before it is decided, watched, and taken back in part."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import PHOTOGRAPHS, READ, Desk, at_the_desk, signed_in
from tests.browser.test_in_chromium import a_client as at_a_phone
from tests.builders import STARTS, a_client, an_appointment

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("clocks")]

MEI = signed_in(group="owner")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW = STARTS - 6 * HOUR
"""Monday 11:00 in Shanghai."""
NAMES = ("Li Na", "Wu Min", "An")
LOOKS = (
    [(language, width) for language in ("en", "zh-Hans") for width in (390, 1440)]
    if PHOTOGRAPHS
    else [("zh-Hans", 390), ("en", 1440)]
)


@pytest.fixture
def clocks(site: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  # first the pages, then the time
    from kept import clock

    now: datetime = NOW
    monkeypatch.setattr(clock, "now", lambda: now)


def a_day(language: str) -> None:
    """Jun is booked for cuts at 16:00, 17:00 and 18:00; the house has prepared what it says."""
    from kept.storage import catalogs
    from tests import lotus

    business = lotus.the_salon().business
    said = {"en": "We cannot be there today, and are sorry.", "zh-Hans": "今天我们无法接待，非常抱歉。"}
    ours = said.pop(language)
    catalogs.put("lotus", [replace(business, locale=language, closing_text=ours, closing_texts=said)])
    catalogs.forget()
    for n, name in enumerate(NAMES):
        lotus.known(replace(a_client(), id=f"c-{n}", name=name, email=f"c{n}@example.com", locale=language))
        starts = STARTS + (n - 1) * HOUR
        visit = replace(an_appointment(f"a-{n}", starts=starts), client=f"c-{n}")
        lotus.put(replace(visit, slot=replace(visit.slot, staff="jun")))


def is_told(id: str) -> None:
    """Whose turn it was."""
    from kept.storage import messages
    from kept.storage.transaction import together

    (message,) = (it for it in messages.about("lotus", id) if it.stage == "rescheduled")
    with together() as transaction:
        messages.put(message.sent(at=NOW + 2 * MINUTE, provider_id="p-1"), transaction)


def comes_to_the_new_time(chromium: Browser, site: str, id: str, language: str) -> None:
    """The client, by the link of the message."""
    from kept.client_links.tokens import manage_token
    from kept.storage import appointments

    with at_a_phone(chromium, site, language, 390) as client:
        client.go(f"/a/{manage_token(appointments.load('lotus', id))}?lang={language}")
        client.tap("mine.confirm")
        assert client.sees("done.confirmed")


def states(desk: Desk) -> list[tuple[str, str]]:
    desk.at_rest()
    rows = desk.drawer().locator("ol.cards > .row").evaluate_all(READ, [".name", ".status"])
    return [(name, state) for name, state in rows]


def opened(desk: Desk) -> None:
    desk.go("/desk?view=list&who=all")
    desk.page.locator("#close-hours").click()
    desk.drawer().locator("#closing-who").wait_for()


@pytest.mark.parametrize(("language", "width"), LOOKS)
def test_a_day_is_closed_and_moved_and_undone_in_part(chromium: Browser, site: str, language: str, width: int) -> None:
    from kept.storage import appointments

    a_day(language)
    with at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk:
        opened(desk)
        desk.photograph("closing-empty")
        assert desk.is_in_order(".drawer")
        desk.page.select_option("#closing-who", "staff:jun")
        desk.drawer().locator("ol.cards > .row").nth(2).wait_for()
        expect(desk.page.locator(f"#closing-words-{language}")).not_to_be_empty()
        expect(desk.drawer().locator(".main")).to_be_disabled()
        desk.page.fill("#closing-why", desk.says("closure_why.ill"))
        desk.photograph("closing")
        assert desk.is_in_order(".drawer")
        assert [appointments.load("lotus", f"a-{n}").version for n in range(3)] == [1, 1, 1]
        desk.drawer().locator(".main").click()
        desk.drawer().get_by_text(desk.says("closure.undo_whole")).wait_for()
        waits = desk.says("reached.waits")
        assert states(desk) == [(name, waits) for name in NAMES]
        desk.page.wait_for_url("**closing=cl*")
        is_told("a-0")
        is_told("a-1")
        comes_to_the_new_time(chromium, site, "a-0", language)
        desk.page.reload()
        desk.settled()
        desk.drawer().get_by_text(desk.says("reached.told")).first.wait_for()
        told, answered = desk.says("reached.told"), desk.says("reached.answered")
        assert states(desk) == [("Wu Min", told), ("An", waits), ("Li Na", answered)]
        desk.photograph("closing-watched")
        assert desk.is_in_order(".drawer")
        with desk.something_said():
            desk.button("closure.undo", within=".drawer").click()
        assert states(desk) == [("Wu Min", told), ("Li Na", answered), ("An", desk.says("reached.back"))]
        desk.photograph("closing-undone")
        assert desk.is_in_order(".drawer")
    now = [appointments.load("lotus", f"a-{n}") for n in range(3)]
    assert [it.starts == STARTS + (n - 1) * HOUR and it.slot.staff == "jun" for n, it in enumerate(now)] == [
        False,
        False,
        True,
    ]


def test_nothing_free_is_a_call_and_somebody_who_leads_nothing_closes_nothing(
    chromium: Browser, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The call is beside the visit, and who would close the same again is led to it. Who does not lead finds no button,
    and is told so at the address."""
    from kept.use_cases.booking import closing

    a_day("en")
    monkeypatch.setattr(closing, "free", lambda *_: [])
    with at_the_desk(chromium, site, width=1440, who=MEI) as desk:
        desk.go("/desk?view=list&who=all")
        desk.page.keyboard.press("Control+k")
        desk.page.fill("#palette", desk.says("day.close"))
        desk.page.keyboard.press("Enter")
        desk.drawer().locator("#closing-who").wait_for()
        desk.page.select_option("#closing-who", "house")
        desk.page.fill("#closing-why", "Power cut")
        desk.drawer().get_by_text(desk.says("closure.no_time")).first.wait_for()
        desk.photograph("closing-no-time")
        desk.drawer().locator(".main").click()
        desk.drawer().get_by_text(desk.says("closure.undo_whole")).wait_for()
        assert [state for _, state in states(desk)] == [desk.says("reached.call")] * 3
        desk.photograph("closing-calls")
        assert desk.is_in_order(".drawer")
        desk.drawer().locator("ol.cards .row-open").first.click()
        desk.drawer().get_by_text("Power cut").first.wait_for()
        desk.page.wait_for_url("**/desk/follow-ups/a-0-v1-cl*")
        desk.photograph("closing-call")
        desk.go("/desk?view=list&closing=new")
        desk.page.select_option("#closing-who", "house")
        desk.drawer().get_by_role("link", name=desk.says("closure.look")).click()
        desk.drawer().get_by_text(desk.says("closure.again_does")).wait_for()
    with at_the_desk(chromium, site, who=signed_in(group="staff")) as desk:
        desk.go("/desk?view=list&who=all&closing=new")
        desk.drawer().get_by_text(desk.says("closure.not_yours")).wait_for()
        expect(desk.page.locator("#close-hours")).to_have_count(0)
