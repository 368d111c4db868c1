"""Somebody of the salon in front of the work of the desk: its lists, and what lies beside them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Locator, expect

from tests.browser import desk
from tests.browser.desk import AXE, SIDEWAYS, a_tab, signed_in

SERIOUS = """
async () => (await axe.run(document, { resultTypes: ["violations"] })).violations
  .filter(it => ["serious", "critical"].includes(it.impact))
  .map(it => [it.id, it.nodes[0].html.slice(0, 120), it.nodes[0].failureSummary.slice(0, 200)])
"""
"""By all rules, those too that no law asks for."""


class Desk(desk.Desk):
    """A drawer lies beside a list with buttons of the same names: what is pressed and read is named with its facts."""

    def go(self, path: str) -> None:
        self.page.goto(self.site + path)
        self.page.wait_for_selector("#main h1")

    def one(self, key: str, within: str = "#main, .toasts", **facts: Any) -> Locator:
        """The first button that begins so."""
        return self.page.locator(within).get_by_role("button", name=self.says(key, **facts)).first

    def hears(self, key: str, **facts: Any) -> None:
        """Waits until a toast says so."""
        self.page.locator(".toast p", has_text=self.says(key, **facts)).wait_for()

    def lists(self, *names: str) -> None:
        """Waits until these are who is listed, in this order."""
        expect(self.page.locator("#main .row .name")).to_have_text(list(names))

    def is_sound(self) -> bool:
        """Nothing serious or critical by axe-core, and nothing wider than the window."""
        if not self.page.evaluate("() => 'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        assert self.page.evaluate(SERIOUS) == []
        assert self.page.evaluate(SIDEWAYS) <= 0
        return True


@contextmanager
def at_the_desk(
    chromium: Browser, site: str, *, width: int, language: str = "en", staff: str = "mei", role: str = "staff"
) -> Iterator[Desk]:
    who = signed_in(f"{staff}@lotus.example", staff, role)
    with a_tab(chromium, language=language, width=width, who=who, expected="status of 4") as page:
        yield Desk(page, site, language)
