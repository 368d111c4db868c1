"""Every page and drawer of the desk in all its looks. In the suite each is seen once, in another look than the next.

`PHOTOGRAPHS=dir` takes all of them, in every size, language, scheme and filling, and keeps the pictures there.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.desk import PHOTOGRAPHS, Desk, at_the_desk, signed_in
from tests.browser.fillings import FILLINGS, NOW

pytestmark = pytest.mark.browser

WIDTHS, SCHEMES, LANGUAGES = (390, 820, 1440), ("light", "dark"), ("en", "zh-Hans")
LOOKS = tuple(product(WIDTHS, SCHEMES))
ONLY = os.environ.get("ONLY", "").split()
"""Of the pages, for whoever looks at some of them again."""
OWNER = signed_in(group="owner")
TODAY = "2026-03-02"


@dataclass(frozen=True)
class Shot:
    """Where it is, what is pressed once that is there, whether it needs clients and visits, and what lies over the rest
    of the page then."""

    path: str
    acts: Callable[[Desk], object] = lambda _: None
    waits: str = "#main h1"
    filled: bool = False
    within: str = "html"


def pressing(key: str, within: str = "body") -> Callable[[Desk], object]:
    return lambda desk: desk.button(key, within=within).first.click()


def key(name: str) -> Callable[[Desk], object]:
    return lambda desk: desk.page.keyboard.press(name)


def books(desk: Desk) -> None:
    """A colour, wherever it is free first, for somebody new."""
    desk.page.locator("#new").click()
    desk.drawer().locator(".chip").nth(1).click()
    desk.drawer().locator(".time[aria-pressed=true]").wait_for()
    desk.page.fill("#book-phone", "13812345678")


def moves(desk: Desk) -> None:
    visit = desk.page.locator(".visit.is-confirmed .visit-open").first
    visit.focus()
    for _ in range(3):
        desk.page.keyboard.press("Alt+ArrowDown")
    desk.page.locator(".move-bar .about").filter(has_not_text=desk.says("move.asking")).wait_for()


def asks_where(desk: Desk) -> None:
    desk.page.locator(".visit.is-confirmed .visit-open").first.click()
    desk.button("visit.move", within=".drawer").click()


def cancels(desk: Desk) -> None:
    desk.page.locator(".visit.is-confirmed .visit-open").first.click()
    desk.button("act.cancel", within=".drawer").click()
    desk.drawer().locator(".cancel-form").wait_for()


def says_late(desk: Desk) -> None:
    """And sees whom it reached."""
    if desk.page.locator("#delay-minutes").count():
        desk.button("delay.do", within=".drawer").click()
        desk.page.locator(".toast").first.wait_for()


def closes(desk: Desk) -> None:
    """The whole house, and sees whom it would reach."""
    desk.page.select_option("#closing-who", "house")
    desk.page.fill("#closing-why", "Storm")
    desk.drawer().locator(".main:enabled").wait_for()


def blocks(desk: Desk) -> None:
    desk.button("day.block", within="#main").click()


def searches(desk: Desk) -> None:
    desk.page.fill("#search", "wil" if desk.page.get_by_text("Wilhelmina").count() else "li")
    desk.page.locator("#search-hits li").first.wait_for()


def chooses(desk: Desk) -> None:
    desk.page.keyboard.press("Control+k")
    desk.page.fill("#palette", "i")


def from_the_menu(key: str) -> Callable[[Desk], object]:
    def presses(desk: Desk) -> None:
        desk.page.locator(".menu summary").click()
        if key:
            desk.button(key, within=".menu").click()

    return presses


def writes(desk: Desk) -> None:
    desk.page.fill("#answer-text", "Yes, there is room for the car in the yard, and the lift is beside it.")
    desk.page.locator(".answer .main:enabled").wait_for()


def explains(desk: Desk) -> None:
    desk.page.locator(".drawer .why summary").click()
    desk.page.locator(".sentences li").first.wait_for()


def away(desk: Desk) -> None:
    """The connection is lost."""
    desk.page.context.set_offline(True)
    desk.page.locator(".notice").wait_for()


def signs_out(desk: Desk) -> None:
    desk.page.evaluate("() => sessionStorage.setItem('kept.signed-in', 'null')")
    desk.page.reload()
    desk.page.wait_for_selector(".door h1")


BUSINESS_PARTS = ("business", "channels", "contact", "attendance", "figures", "strangers")
PAGES = {
    "day": Shot("/desk?view=grid", waits=".grid"),
    "list": Shot("/desk?view=list", waits=".as-of"),
    "week": Shot("/desk?view=week&who=mei", waits=".grid"),
    "rooms": Shot("/desk?view=grid&who=rooms", waits=".grid"),
    "appointment": Shot("/desk/appointments/a-4", waits=".drawer .facts", filled=True),
    "move-form": Shot("/desk?view=grid", asks_where, ".grid .visit", filled=True),
    "move-bar": Shot("/desk?view=grid", moves, ".grid .visit", filled=True),
    "booking": Shot("/desk", books),
    "block": Shot("/desk", blocks, ".who"),
    "failed-messages": Shot(f"/desk?on={TODAY}&failed=1", waits=".drawer :is(.row, .empty)"),
    "run-late": Shot(f"/desk?on={TODAY}&late=1", says_late, ".drawer form"),
    "close-hours": Shot(f"/desk?on={TODAY}&closing=new", closes, ".drawer form"),
    "day-end": Shot(f"/desk/day-end?on={TODAY}"),
    "search": Shot("/desk/clients", searches, ".row", filled=True),
    "clients": Shot("/desk/clients"),
    "client": Shot("/desk/clients/c-1", waits=".client-columns", filled=True),
    "client-writing": Shot("/desk/clients/c-1", writes, ".theirs", filled=True),
    "client-edit": Shot("/desk/clients/c-1?edit=1", waits=".drawer form", filled=True),
    "client-consent": Shot("/desk/clients/c-1?consent=new", waits="#consent-words", filled=True),
    "client-merge": Shot("/desk/clients/c-1?merge=c-2", waits=".drawer :is(.two, .wrong)", filled=True),
    "client-new": Shot("/desk/clients?new=1", waits="#new-name"),
    "queue": Shot("/desk/work"),
    "board": Shot("/desk/work?tab=board"),
    "calls": Shot("/desk/work?tab=calls"),
    "failed": Shot("/desk/work?tab=failed"),
    "aside": Shot("/desk/work?tab=aside"),
    "inbox": Shot("/desk/work?tab=inbox"),
    "conversation": Shot("/desk/work?tab=inbox&with=c-1", waits=".drawer .theirs", filled=True),
    "follow-up": Shot("/desk/follow-ups/w-1", explains, ".drawer .facts", filled=True),
    "snooze": Shot("/desk/follow-ups/w-1?do=snooze", waits="#follow-up-form", filled=True),
    "hand-over": Shot("/desk/work", pressing("handover.title")),
    "waitlist": Shot("/desk/waitlist", waits=".waitlist .empty"),
    "figures": Shot("/desk/figures", waits=".insight :is(.tile, .empty)"),
    "settings": Shot("/desk/settings", waits=".settings-parts li"),
    **{
        f"settings-{part}": Shot(f"/desk/settings/{part}", waits=".settings-part :is(form, .row, .empty, .past)")
        for part in (*BUSINESS_PARTS, "people", "rooms", "logo", "promise", "history")
    },
    "settings-sign-ins": Shot("/desk/settings/sign_ins", waits=".settings-part .setting-box"),
    "guide": Shot("/desk/start", waits=".guide-steps"),
    "settings-services": Shot("/desk/settings/services", waits=".listed"),
    "settings-service": Shot("/desk/settings/services?open=cut", waits=".settings-form"),
    "settings-hours": Shot("/desk/settings/hours", waits=".week-hours"),
    "settings-reminders": Shot("/desk/settings/reminders", waits=".stage"),
    "settings-terms": Shot("/desk/settings/terms", waits=".said-so"),
    "visit-cancel": Shot("/desk?view=grid", cancels, ".grid .visit", filled=True),
    "settings-texts": Shot("/desk/settings/texts", waits=".said-so"),
    "palette": Shot("/desk", chooses),
    "keys": Shot("/desk", key("?")),
    "menu": Shot("/desk", from_the_menu(""), within=".menu"),
    "tour": Shot("/desk", from_the_menu("tour.again")),
    "offline": Shot("/desk", away),
    "nothing-there": Shot("/desk/nowhere"),
    "door": Shot("/desk", signs_out),
}
EVERY = tuple(product(FILLINGS, LANGUAGES))
ROUNDS = EVERY if PHOTOGRAPHS else (("empty", "en"), ("ordinary", "zh-Hans"), ("full", "en"))


@pytest.fixture
def at_noon(site: str, monkeypatch: pytest.MonkeyPatch) -> str:
    from kept import clock

    def now() -> datetime:
        return NOW

    monkeypatch.setattr(clock, "now", now)
    return site


@pytest.mark.parametrize(("filling", "language"), ROUNDS)
def test_every_page_is_in_order_in_all_its_looks(chromium: Browser, at_noon: str, filling: str, language: str) -> None:
    FILLINGS[filling]()
    with at_the_desk(chromium, at_noon, language=language, who=OWNER) as desk:
        for name, shot, look in _of_this_round(filling, language):
            with _looking(desk.page, *look):
                _open(desk, shot)
                _photograph(desk, f"{name}-{filling}", look)
                assert desk.is_in_order(shot.within), name


def _of_this_round(filling: str, language: str) -> Iterator[tuple[str, Shot, tuple[int, str]]]:
    """All of them, or every page in one round that can show it, with the next of the looks."""
    turn = ROUNDS.index((filling, language))
    for n, (name, shot) in enumerate(PAGES.items()):
        if shot.filled and filling == "empty":
            continue
        rounds = [at for at, (it, _) in enumerate(ROUNDS) if it != "empty" or not shot.filled]
        if PHOTOGRAPHS:
            looks = LOOKS if not ONLY or name in ONLY else ()
        else:
            looks = (LOOKS[(n + n // len(rounds)) % len(LOOKS)],) if rounds[n % len(rounds)] == turn else ()
        yield from ((name, shot, look) for look in looks)


@contextmanager
def _looking(page: Page, width: int, scheme: str) -> Iterator[None]:
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light", reduced_motion="reduce")
    yield
    page.context.set_offline(False)
    page.evaluate("who => { sessionStorage.clear(); sessionStorage.setItem('kept.signed-in', who); }", OWNER)


def _open(desk: Desk, shot: Shot) -> None:
    desk.go(shot.path)
    desk.page.locator(shot.waits).first.wait_for()
    shot.acts(desk)
    desk.page.wait_for_function("() => !document.querySelector('.skeleton')")


def _photograph(desk: Desk, name: str, look: tuple[int, str]) -> None:
    if PHOTOGRAPHS:
        desk.at_rest()
        width, scheme = look
        desk.page.screenshot(path=Path(PHOTOGRAPHS) / f"{name}-{desk.language}-{width}-{scheme}.png")
