"""Whoever walks in takes a number by the code at the door, the desk calls them and moves them through the stages of the
visit, and the wall shows whose turn it is; in a browser and in both languages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from kept.business.visit_stages import VisitStage
from kept.client_links.tokens import join_token, queue_token, wall_token
from kept.pages.language import language as spoken
from tests.browser.desk import AXE, BROKEN_RULES, PHOTOGRAPHS, SIDEWAYS, Desk, at_the_desk, signed_in
from tests.builders import STARTS, a_client, an_appointment

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("clocks")]

MEI = signed_in()
NOON: datetime = STARTS - timedelta(hours=5)
"""Monday, 12:00 in Shanghai; Li Na comes to Mei at 14:00, Wu Min at 17:00."""
LOADS_ITSELF = "meta-refresh"
"""What a light page that shows what goes on does; a client may stop it, and the wall is for looking at."""
EACH = pytest.mark.parametrize(("language", "width"), [("en", 1440), ("zh-Hans", 390)])


@pytest.fixture
def clocks(site: str, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ARG001  # first the pages, then the time
    from kept import clock
    from kept.storage import catalogs
    from kept.use_cases.waiting import record
    from tests import lotus

    monkeypatch.setattr(clock, "now", lambda: NOON)
    record.forget()
    stages = (
        VisitStage("Wash", 10, {"zh-Hans": "洗发"}),
        VisitStage("Cut", 40, {"zh-Hans": "剪发"}),
        VisitStage("Dry", 10, {"zh-Hans": "吹干"}),
    )
    cut = replace(lotus.the_salon().services["cut"], names={"zh-Hans": "剪发"}, visit_stages=stages)
    catalogs.put("lotus", [replace(lotus.the_salon().business, locale="en"), cut])
    catalogs.forget()
    for n, hours in enumerate((-3, 0)):
        lotus.known(replace(a_client(), id=f"c-{n}", name=("Li Na", "Wu Min")[n], email=f"c{n}@example.com"))
        lotus.put(replace(an_appointment(f"a-{n}", starts=STARTS + timedelta(hours=hours)), client=f"c-{n}"))


@contextmanager
def a_page(chromium: Browser, site: str, language: str, width: int, path: str) -> Iterator[Page]:
    context = chromium.new_context(viewport={"width": width, "height": 844}, locale=language)
    page = context.new_page()
    page.goto(site + path)
    yield page
    context.close()


def is_in_order(page: Page, name: str, language: str) -> bool:
    width = page.evaluate("() => innerWidth")
    if PHOTOGRAPHS:
        page.screenshot(path=Path(PHOTOGRAPHS) / f"queue-{name}-{language}-{width}.png", full_page=True)
    page.evaluate(AXE.read_text(encoding="utf-8"))
    broken = [rule for rule, _ in page.evaluate(BROKEN_RULES, "html") if rule != LOADS_ITSELF]
    assert (broken, page.evaluate(SIDEWAYS)) == ([], 0)
    return True


def row(number: int) -> str:
    return f"#number-2026-03-02-{number:03}"


def acts(desk: Desk, number: int, key: str) -> None:
    with desk.something_said():
        desk.page.get_by_role("button", name=f"{desk.says(key)}, {number}", exact=True).click()


@EACH
def test_a_walk_in_goes_from_the_door_through_the_stages_while_the_wall_shows_it(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    says = spoken(language).says
    door, wall = f"/q/{join_token('lotus', now=NOON)}", f"/q/{wall_token('lotus', now=NOON)}/wall"
    with (
        a_page(chromium, site, language, 390, f"{door}/join") as phone,
        a_page(chromium, site, language, 1440, wall) as screen,
        at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk,
    ):
        assert is_in_order(phone, "join", language)
        assert is_in_order(screen, "wall-empty", language)
        desk.go("/desk/queue")
        expect(desk.page.locator(".empty-title")).to_have_text(desk.says("queue.empty"))
        assert desk.is_in_order()
        desk.photograph("queue-empty")

        phone.get_by_role("button", name={"en": "Cut", "zh-Hans": "剪发"}[language]).click()
        expect(phone.locator("h1")).to_have_text(says("queue.title", number=1))
        assert is_in_order(phone, "waits", language)
        desk.page.keyboard.press("w")
        desk.page.keyboard.type("Zhou Min")
        with desk.something_said():
            desk.page.keyboard.press("Enter")
        expect(desk.page.locator(row(2))).to_contain_text("Zhou Min")
        expect(desk.page.locator("#walk-in-who")).to_have_value("")
        with desk.something_said():
            desk.page.get_by_role("button", name=f"{desk.says('queue.is_here')}, Li Na").click()
        expect(desk.page.locator(row(3))).to_contain_text("Li Na")
        desk.undo()
        with desk.something_said():
            desk.page.get_by_role("button", name=f"{desk.says('queue.is_here')}, Li Na").click()
        expect(desk.page.locator(row(4))).to_contain_text("Li Na")
        assert desk.is_in_order()
        desk.photograph("queue-waiting")

        with desk.something_said():
            desk.page.get_by_role("button", name=desk.says("queue.call_next", number=1), exact=True).click()
        phone.reload()
        expect(phone.locator(".wait")).to_have_text(says("queue.called"))
        assert is_in_order(phone, "called", language)
        screen.reload()
        expect(screen.locator(".called strong")).to_have_text("1")
        assert is_in_order(screen, "wall", language)
        acts(desk, 1, "queue.begin")
        first = desk.page.locator(".row", has=desk.page.locator(row(1)))
        with desk.something_said():
            first.locator(".first").click()
        expect(first.locator("[aria-pressed=true]")).to_have_text({"en": "Cut", "zh-Hans": "剪发"}[language])
        phone.reload()
        expect(phone.locator("[aria-current=step] strong")).to_have_text({"en": "Cut", "zh-Hans": "剪发"}[language])
        assert is_in_order(phone, "stage", language)
        screen.reload()
        expect(screen.locator(".called")).to_have_count(0)
        expect(screen.locator(".wait strong")).to_have_text("1")
        desk.undo()
        expect(first.locator("[aria-pressed=true]")).to_have_text({"en": "Wash", "zh-Hans": "洗发"}[language])
        assert desk.is_in_order()
        desk.photograph("queue-served")

        acts(desk, 1, "queue.done")
        acts(desk, 2, "queue.gone")
        desk.undo()
        expect(desk.page.locator(row(2))).to_be_visible()
        phone.reload()
        expect(phone.locator(".wait")).to_have_text(says("queue.now.done"))
        desk.page.locator("summary", has_text=desk.says("queue.over")).click()
        assert desk.is_in_order()
        desk.photograph("queue-over")


@EACH
def test_the_code_at_the_door_opens_from_the_desk_and_fits_a_sheet(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    with at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk:
        desk.go("/desk/queue")
        link = desk.page.get_by_role("link", name=desk.says("queue.code"))
        address = urlsplit(str(link.get_attribute("href"))).path
    with a_page(chromium, site, language, width, address) as page:
        page.locator("svg.code path").first.wait_for()
        assert is_in_order(page, "code", language)
        page.emulate_media(media="print")
        expect(page.locator(".unprinted")).to_be_hidden()
        assert page.locator("svg.code").bounding_box() is not None


@EACH
def test_who_is_busy_is_said_with_who_else_could_take_them(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    """Mei is in the middle of somebody; Jun is one click away."""
    from kept import clock
    from kept.actor import Actor, Change
    from kept.storage import catalogs
    from kept.use_cases.waiting import arrivals

    catalog, change = catalogs.load("lotus"), Change(Actor("staff", "mei"), clock.now())
    first = arrivals.walk_in(catalog, "cut", "mei", "Wang Wei", change)
    arrivals.begin(catalog, first.id, None, change)
    arrivals.walk_in(catalog, "cut", "mei", "Zhou Min", change)
    with at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk:
        desk.go("/desk/queue")
        desk.page.get_by_role("button", name=f"{desk.says('queue.begin')}, 2", exact=True).click()
        desk.page.locator(".wrong .choices button").wait_for()
        assert desk.is_in_order()
        desk.photograph("queue-refused")
        with desk.something_said():
            desk.page.get_by_role("button", name=desk.says("queue.begin_with", name="Jun")).click()
        expect(desk.page.locator(".row", has=desk.page.locator(row(2)))).to_contain_text("Jun")


@EACH
def test_stages_of_a_visit_are_set_with_their_usual_length(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    from kept.storage import catalogs

    owner = signed_in("jun@lotus.example", "jun", "owner")
    with at_the_desk(chromium, site, language=language, width=width, who=owner) as desk:
        desk.go("/desk/settings/services?open=cut")
        desk.page.locator("#add-visit-stage").press("Enter")
        desk.page.fill("#visit-stage-3", " ")
        desk.page.locator("section .problem").wait_for()
        desk.page.fill("#visit-stage-3", "Style")
        desk.page.fill("#visit-stage-3-zh-Hans", "造型")
        desk.page.fill("#visit-stage-3-minutes", "5")
        desk.page.press("#visit-stage-3-minutes", "Tab")
        desk.page.locator(".affects .good").wait_for()
        assert desk.is_in_order()
        desk.page.locator("#visit-stage-0").scroll_into_view_if_needed()
        desk.photograph("visit-stages")
        with desk.something_said():
            desk.button("settings.save").press("Enter")
        catalogs.forget()
        stages = catalogs.load("lotus").services["cut"].visit_stages
        assert [(it.name, it.minutes) for it in stages][-2:] == [("Dry", 10), ("Style", 5)]
        assert stages[-1].names == {"zh-Hans": "造型"}


@EACH
def test_who_waits_elsewhere_asks_to_be_written_to_and_takes_it_back(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    from kept.actor import Actor, Change
    from kept.storage import catalogs
    from kept.use_cases.waiting import arrivals

    says, change = spoken(language).says, Change(Actor("staff", "mei"), NOON)
    first, second = (arrivals.walk_in(catalogs.load("lotus"), "cut", "mei", "", change) for _ in range(2))
    arrivals.begin(catalogs.load("lotus"), first.id, "mei", change)
    with a_page(chromium, site, language, width, f"/q/{queue_token('lotus', second.id, now=NOON)}") as phone:
        assert is_in_order(phone, "may-ask", language)
        phone.get_by_role("link", name=says("queue.tell.ask")).click()
        expect(phone.locator("meta[http-equiv=refresh]")).to_have_count(0)
        phone.fill("#contact", "call me")
        phone.get_by_role("button", name=says("queue.tell.ask")).click()
        expect(phone.locator("#contact-problem")).to_have_text(says("wrong.invalid_phone"))
        assert is_in_order(phone, "asked-wrongly", language)
        phone.fill("#contact", "anna@example.com")
        phone.get_by_role("button", name=says("queue.tell.ask")).click()
        expect(phone.locator("main")).to_contain_text(says("queue.tell.asked"))
        assert is_in_order(phone, "asked", language)
        phone.get_by_role("button", name=says("queue.tell.no")).click()
        expect(phone.get_by_role("link", name=says("queue.tell.ask"))).to_be_visible()
