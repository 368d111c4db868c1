"""What the desk costs whoever works at it: acts and seconds of each task, and how soon a full day stands on the screen.

`MEASURED=file` keeps what was measured, a line of JSON each, for `make bench`.
"""

import json
import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, CDPSession, Page, Route

from kept.pages.desk import assets
from tests.browser.desk import Desk, at_the_desk, signed_in
from tests.browser.fillings import NOW, full, ordinary
from tests.browser.hands import Hands

pytestmark = pytest.mark.browser

MEASURED = os.environ.get("MEASURED")
MANAGER = signed_in()
TELEPHONE = "a booking by telephone"
WITHIN, ANYTHING_WITHIN = 20, 30
"""Seconds for a booking by telephone, and for anything else."""
VISITS, SLOWED, TIMES = 100, 4, 5
KB = 1024
FIRST = re.compile(r"^/desk$|/early\b|^/v1/desk/day$")
"""What a cold start needs before the day is asked for, and the day."""
DRAWN = f"() => document.querySelectorAll('.visit').length >= {VISITS} && performance.now()"
NOTHING_DRAWN = "() => document.querySelector('#main h1') && performance.now()"
ASKED = """
() => performance.getEntriesByType("resource").map(it => ({
  name: it.name, begins: it.startTime, ends: it.responseEnd, waited: it.responseStart - it.requestStart,
  bytes: it.encodedBodySize, data: it.initiatorType === "fetch", came: it.transferSize > 0,
}))
"""


@pytest.fixture
def at_noon(site: str, monkeypatch: pytest.MonkeyPatch) -> str:
    from kept import clock

    def now() -> datetime:
        return NOW

    monkeypatch.setattr(clock, "now", now)
    return site


def note(what: str, **measured: object) -> None:
    if MEASURED:
        with Path(MEASURED).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"what": what, **measured}) + "\n")


def books_somebody_known(desk: Desk, hands: Hands) -> None:
    hands.presses("n")
    hands.clicks(desk.drawer().locator(".chip").first)
    hands.clicks(desk.page.locator("#book-client"))
    hands.types("wf")
    desk.page.locator("#book-client-hits").get_by_text("王芳").wait_for()
    hands.presses("Enter")
    desk.drawer().locator(".time[aria-pressed=true]").wait_for()
    hands.clicks(desk.drawer().locator("button.main"))
    assert "王芳" in desk.told()


def books_somebody_new(desk: Desk, hands: Hands) -> None:
    hands.presses("n")
    hands.clicks(desk.drawer().locator(".chip").first)
    hands.clicks(desk.page.locator("#book-client"))
    hands.types("Emma Novak")
    hands.presses("Tab")
    hands.types("13800138000")
    desk.drawer().locator(".time[aria-pressed=true]").wait_for()
    hands.presses("Enter")
    desk.told("Emma Novak")


def finds_a_client(desk: Desk, hands: Hands) -> None:
    hands.presses("/")
    hands.types("0003")
    desk.page.locator("#search-hits li").filter(has_text="Anna Brandt").wait_for()
    hands.presses("Enter")
    desk.page.locator("h1").filter(has_text="Anna Brandt").wait_for()


def checks_in(desk: Desk, hands: Hands) -> None:
    hands.clicks(desk.page.locator("li.visit", has=desk.page.locator("#visit-a-3")).locator(".visit-act"))
    desk.page.locator("li.visit.is-arrived #visit-a-3").wait_for()


def moves_by_mouse(desk: Desk, hands: Hands) -> None:
    hands.drags(desk.page.locator("#visit-a-5"), down=96)
    desk.page.locator(".move-bar").get_by_text(desk.says("move.free")).wait_for()
    hands.presses("Enter")
    desk.page.locator(".toast p").first.wait_for()


def moves_by_keys(desk: Desk, hands: Hands) -> None:
    desk.page.locator("#visit-a-4").focus()
    hands.presses("j")
    hands.presses("Alt+ArrowDown", times=4)
    desk.page.locator(".move-bar").get_by_text(desk.says("move.free")).wait_for()
    hands.presses("Enter")
    desk.page.locator(".toast p").first.wait_for()


def marks_missed_and_takes_it_back(desk: Desk, hands: Hands) -> None:
    hands.clicks(desk.page.locator("#visit-a-3"))
    hands.clicks(desk.button("act.no-show", within=".drawer"))
    desk.page.locator("li.visit.is-no_show #visit-a-3").wait_for()
    desk.told()
    hands.presses("u")
    desk.page.locator("li.visit.is-booked #visit-a-3").wait_for()


def answers(desk: Desk, hands: Hands) -> None:
    """What was asked last; the words are a short line."""
    hands.clicks(desk.page.locator(".rail a[href='/desk/work']"))
    hands.clicks(desk.page.locator(".tabs").get_by_role("link", name=desk.says("work_tab.inbox")))
    hands.clicks(desk.page.locator(".row").first.locator(".first"))
    desk.page.locator(".drawer .theirs").first.wait_for()
    hands.types("Yes, in the yard behind the house.")
    desk.page.locator(".answer .main:enabled").wait_for()
    hands.presses("Control+Enter")
    desk.page.locator(".ours").filter(has_text="in the yard").wait_for()


TASKS: dict[str, tuple[Callable[[Desk, Hands], None], int, int]] = {
    f"{TELEPHONE}, a known client": (books_somebody_known, 6, 4),
    f"{TELEPHONE}, a new client": (books_somebody_new, 7, 5),
    "a client found by the end of their number": (finds_a_client, 3, 2),
    "checking somebody in": (checks_in, 1, 1),
    "moving a visit by mouse": (moves_by_mouse, 2, 2),
    "moving a visit by an hour with keys": (moves_by_keys, 6, 3),
    "a no-show, and undone": (marks_missed_and_takes_it_back, 3, 3),
    "answering a message": (answers, 5, 3),
}
"""How it is done, in how many acts at most, and the fewest that any desk could do with: each fact that it cannot know
told once (what, when, who, how to reach them, the words), and one act that begins or ends it."""


@pytest.mark.parametrize("task", TASKS)
def test_a_task_takes_few_acts_and_little_time(chromium: Browser, at_noon: str, task: str) -> None:
    ordinary()
    does, most, least = TASKS[task]
    with at_the_desk(chromium, at_noon, width=1440, who=MANAGER) as desk:
        desk.go("/desk?view=grid")
        desk.page.locator(".visit").first.wait_for()
        hands = Hands(desk.page)
        does(desk, hands)
    note("task", task=task, acts=hands.acts, seconds=round(hands.seconds, 1), least=least, most=most)
    assert hands.acts <= most
    assert hands.seconds < (WITHIN if task.startswith(TELEPHONE) else ANYTHING_WITHIN)


def test_a_full_day_is_one_small_request_and_is_drawn_soon(chromium: Browser, at_noon: str) -> None:
    """The time is told and not held to: it is the machine's that runs this. What is asked for is the same anywhere."""
    full(VISITS, alike=False)
    with at_the_desk(chromium, at_noon, width=1440, who=MANAGER) as desk:
        page = desk.page
        desk.looks_once()
        cold, asked_first = _drawn(page, f"{at_noon}/desk", DRAWN)
        _slow(page)
        runs = [_drawn(page, f"{at_noon}/desk", DRAWN) for _ in range(TIMES)]
        blank = [_drawn(page, f"{at_noon}/desk/nowhere", NOTHING_DRAWN) for _ in range(TIMES)]
    warm, asked = min(runs, key=lambda run: run[0])
    (day,) = [it for it in asked if urlsplit(it["name"]).path == "/v1/desk/day"]
    before = [it for it in asked if it["data"] and it["begins"] <= warm]
    note(
        "day",
        visits=VISITS,
        cold=cold,
        warm=median(took for took, _ in runs),
        asked_at=median(_of_day(asked)["begins"] for _, asked in runs),
        served=median(_of_day(asked)["waited"] for _, asked in runs),
        after=median(took - _of_day(asked)["ends"] for took, asked in runs),
        blank=median(took for took, _ in blank),
        bytes=day["bytes"],
        asked=sorted({urlsplit(it["name"]).path for it in before}),
        depth=_depth(day, asked),
        depth_cold=_depth(_of_day(asked_first), asked_first),
    )
    assert day["bytes"] < 60 * KB


def test_the_day_is_asked_for_before_the_rest_of_the_desk_is_there(chromium: Browser, at_noon: str) -> None:
    """Two requests in a row after the document, however many files there are."""
    ordinary()
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        rest: list[Route] = []
        desk.page.route(lambda url: not FIRST.search(urlsplit(url).path), lambda route: rest.append(route))
        with desk.page.expect_request("**/v1/desk/day?*"):
            desk.page.goto(f"{at_noon}/desk", wait_until="commit")
        desk.page.unroute_all()
        desk.settled()
        assert rest


def test_the_app_is_small() -> None:
    sizes = {
        "scripts": sum(len(it.compressed) for it in assets.at_once()),
        "styles": sum(len(it.compressed) for it in assets.styles()),
        **{f"words {it.name}": len(it.compressed) for it in assets.spoken_at_once()},
    }
    note("app", **sizes)
    assert sizes["scripts"] < 100 * KB
    assert sum(sizes.values()) < 150 * KB


def _slow(page: Page) -> None:
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})


def _drawn(page: Page, url: str, when: str) -> tuple[float, list[Any]]:
    """Milliseconds from asking for the document until it stands there, and what was asked for."""
    page.goto(url, wait_until="commit")
    took: float = page.wait_for_function(when, polling="raf").json_value()
    page.wait_for_load_state("networkidle")
    return took, page.evaluate(ASKED)


def _of_day(asked: list[Any]) -> Any:
    return next(it for it in asked if urlsplit(it["name"]).path == "/v1/desk/day")


def _depth(one: Any, asked: list[Any]) -> int:
    """How many requests after the document had to end, one after the other, before this one could: what began only
    after another had ended may have waited for it."""
    before = [it for it in asked if it["came"] and it["begins"] < one["begins"] and it["ends"] <= one["begins"]]
    return 1 + max((_depth(it, before) for it in before), default=0)
