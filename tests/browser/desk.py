"""Somebody of the staff in front of a screen: what they press and read, and that every page they see is in order."""

import base64
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page

from kept.pages.desk.files import words

PHOTOGRAPHS = os.environ.get("PHOTOGRAPHS")
"""Where to, for whoever wants to look at the pages."""
DARK = os.environ.get("SCHEME") == "dark"
"""As they want to see them."""
AXE = Path(__file__).parents[2] / "infra/browser/node_modules/axe-core/axe.min.js"
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
BROKEN_RULES = """
within => axe
  .run(within, {resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
  .then(({violations}) => violations.filter(it => ["serious", "critical"].includes(it.impact))
    .map(it => [it.id, it.nodes[0].html.slice(0, 120)]))
"""
STRAY = """
() => {
  const found = [];
  for (const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT); walker.nextNode();) {
    if (/[。？！] +\\S/.test(walker.currentNode.data)) found.push(walker.currentNode.data);
  }
  return found;
}
"""
"""A full stop of Chinese takes its own room; in what people typed there may be one."""
NEWEST = "() => Math.max(0, ...[...document.querySelectorAll('.toast')].map(it => Number(it.dataset.number)))"
READ = "(all, parts) => all.map(it => parts.map(part => it.querySelector(part).innerText))"
"""Several parts of each of several, as they are at one moment."""
DISMISS = "() => document.querySelectorAll('.toast > .bare').forEach(it => it.click())"
OUT_OF_THE_WAY = """
() => {
  document.querySelectorAll(".toast > .bare").forEach(it => it.click());
  const scrolled = [document.documentElement, ...document.querySelectorAll(".drawer-body")];
  scrolled.forEach(it => it.scrollTop = it.scrollHeight);
  const still = new CSSStyleSheet();
  still.replaceSync("* { transition: none !important }");
  document.adoptedStyleSheets = [still];
}
"""
"""Notices lie over something to press until they are read, and what sticks to the bottom until it is reached."""
PATIENTLY = """
(() => {
  const asks = window.fetch, frame = window.requestAnimationFrame.bind(window);
  const later = window.setTimeout, ends = AbortSignal.timeout;
  window.setTimeout = (does, after, ...its) => later(does, after < 10_000 ? after : 5 * after, ...its);
  AbortSignal.timeout = after => ends.call(AbortSignal, 6 * after);
  window.asking = 0;
  window.fetch = async (...how) => {
    window.asking += 1;
    try {
      return await asks(...how);
    } finally {
      frame(() => frame(() => { window.asking -= 1; }));
    }
  };
})();
"""
"""`asking` says how much is on its way: what came is drawn two frames later, and what that asks for has begun by then.
What the desk shows or waits for as long as a person would goes on for as long as a busy machine needs; and a notice
that lies over something to press is gone before a test has waited too long for it."""
SKELETON = "#main .skeleton, .drawer .skeleton"


def signed_in(email: str = "mei@lotus.example", staff: str = "mei", group: str = "manager", **more: object) -> str:
    """A tab that has come back from the sign-in; the user pool is no part of these tests."""
    claims = {"email": email, "custom:business": "lotus", "custom:staff": staff, "cognito:groups": f"[{group}]"}
    token = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return json.dumps({"token": f"e30.{token}.c2lnbmVk", "refresh": "r", "until": 4_000_000_000_000, **more})


@dataclass
class Desk:
    """One tab."""

    page: Page
    site: str
    language: str

    def go(self, path: str) -> None:
        self.page.goto(self.site + path)
        self.settled()

    def looks_once(self) -> None:
        """On each page: what is asked for every few seconds is counted by no test."""
        self.page.add_init_script("window.setInterval = () => 0")

    def settled(self) -> None:
        self.page.wait_for_selector("#main h1")
        self.page.wait_for_function(f"() => !document.querySelector({json.dumps(SKELETON)})")

    def says(self, key: str, **facts: object) -> str:
        return str(words()[self.language][key]).format(**facts)

    @property
    def heading(self) -> Locator:
        return self.page.locator("h1")

    def rows(self) -> list[tuple[str, str]]:
        """Each line of the day: who, and in which state."""
        self.at_rest()
        lines = self.page.locator(".row").evaluate_all(READ, [".name", ".status"])
        return [(name, status) for name, status in lines]

    def button(self, key: str, *, within: str = "body") -> Locator:
        return self.page.locator(within).get_by_role("button", name=self.says(key), exact=True)

    def press(self, name: str, act: str) -> str:
        """On the line of this person, and what the page says to it."""
        row = self.page.locator(".row").filter(has_text=name)
        with self.something_said():
            row.get_by_role("button", name=self.says(f"act.{act}"), exact=True).click()
        return self.told(name)

    @contextmanager
    def something_said(self) -> Iterator[None]:
        """What is done meanwhile ends with a notice, and with the day drawn as it is then."""
        before = self.page.evaluate(NEWEST)
        with self.page.expect_response(lambda answer: "/v1/desk/" in answer.url):
            yield
        self.page.wait_for_function(f"before => ({NEWEST})() > before", arg=before)
        self.at_rest()

    def at_rest(self) -> None:
        """Nothing is on its way, and all that came is drawn."""
        self.page.wait_for_function("() => window.asking === 0")

    def told(self, begins: str = "") -> str:
        """By the newest notice that begins so; without the name that it begins with."""
        toast = self.page.locator(".toast p").filter(has_text=begins).last
        toast.wait_for()
        return toast.inner_text().removeprefix(f"{begins}: ")

    def undo(self) -> None:
        with self.something_said():
            self.page.locator(".toast").last.get_by_role("button", name=re.compile(self.says("toast.undo"))).click()

    def has_read(self) -> None:
        """What was said, so that nothing lies over what is pressed next."""
        self.page.evaluate(DISMISS)

    def drawer(self) -> Locator:
        return self.page.locator(".drawer").last

    def photograph(self, name: str) -> None:
        if PHOTOGRAPHS:
            width = self.page.evaluate("() => innerWidth")
            self.page.screenshot(path=Path(PHOTOGRAPHS) / f"desk-{name}-{self.language}-{width}.png")

    def is_in_order(self, within: str = "html") -> bool:
        """Fits its window, and breaks no rule of WCAG 2.2 AA that a machine can see; `within` what lies over the rest,
        of which nothing has to be hit meanwhile."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        self.page.evaluate(OUT_OF_THE_WAY)
        broken, sideways = self.page.evaluate(BROKEN_RULES, within), self.page.evaluate(SIDEWAYS)
        assert (broken, sideways) == ([], 0), broken
        assert self.page.evaluate(STRAY) == []
        return True


@contextmanager
def at_the_desk(
    chromium: Browser, site: str, *, language: str = "en", width: int = 1280, who: str = "", dark: bool = DARK
) -> Iterator[Desk]:
    with a_tab(chromium, language=language, width=width, who=who, dark=dark) as page:
        yield Desk(page, site, language)


@contextmanager
def a_tab(
    chromium: Browser,
    *,
    language: str,
    width: int,
    who: str,
    dark: bool = DARK,
    expected: str = "Failed to load resource",
) -> Iterator[Page]:
    """No page breaks the rules that it sets itself, and no script of it fails; what of the console is `expected`."""
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, service_workers="block", color_scheme="dark" if dark else "light"
    )
    kept = {"kept.language": language, "kept.tour-seen": "yes"}
    context.add_init_script(
        f"if (window === top) for (const [k, v] of Object.entries({json.dumps(kept)})) localStorage.setItem(k, v)"
    )
    if who:
        context.add_init_script(
            f"sessionStorage.getItem('kept.signed-in') ?? sessionStorage.setItem('kept.signed-in', {json.dumps(who)})"
        )
    context.add_init_script(PATIENTLY)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
    yield page
    stray = [text for text in broken if expected not in text]
    assert stray == [], stray
    context.close()
