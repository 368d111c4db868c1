"""A client with a phone, a keyboard or a small window, and without JavaScript, keeps an appointment."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from kept.pages.language import Language, language

pytestmark = pytest.mark.browser

TOO_SMALL = """
() => {
  const targets = "a, button, input:not([type=hidden]), select, textarea, summary, .choice";
  const small = (type) => [...document.querySelectorAll(targets)]
    .filter(it => !it.matches(".skip, .choice input"))
    .map(it => [it.outerHTML.slice(0, 80), it.getBoundingClientRect()])
    .filter(([, box]) => box.height > 0 && (box.height < 44 || box.width < 44))
    .map(([html, box]) => `${html} ${Math.round(box.width)} x ${Math.round(box.height)} ${type}`);
  const no_type = new CSSStyleSheet();
  no_type.replaceSync("body * { font-size: 1px !important; line-height: 1 !important; }");
  const found = small("as it is");
  document.adoptedStyleSheets.push(no_type);
  found.push(...small("by the style sheet alone"));
  document.adoptedStyleSheets.pop();
  return found;
}
"""
"""Also with letters that take no room: the fonts of a machine are not what makes a target large enough."""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Client:
    """Somebody in front of a page; `words` are those of the language they read."""

    page: Page
    words: Language
    site: str

    def go(self, path: str) -> None:
        self.page.goto(self.site + path)

    def tap(self, words: str, **facts: object) -> None:
        """The link or button that says so."""
        self.follow(self.page.locator("a, button").filter(has_text=self.words.says(words, **facts)).first)

    def follow(self, what: Locator) -> None:
        """To the page that it leads to, once that is there: what is looked at before is the last one."""
        with self.page.expect_navigation():
            what.click()

    def sees(self, words: str, **facts: object) -> bool:
        expect(self.page.locator("main")).to_contain_text(self.words.says(words, **facts))
        return True


@contextmanager
def a_client(
    chromium: Browser, site: str, locale: str, width: int, *, scheme: Literal["light", "dark"] = "light"
) -> Iterator[Client]:
    """Whatever page they come to fits its window, and breaks no rule that it sets itself."""
    context = chromium.new_context(
        viewport={"width": width, "height": 844}, locale=locale, java_script_enabled=False, service_workers="block",
        color_scheme=scheme,
    )  # fmt: skip
    page = context.new_page()
    broken: list[str] = []
    page.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
    page.on("requestfailed", lambda request: broken.append(request.url))
    yield Client(page, language(locale), site)
    assert broken == []
    context.close()


@pytest.mark.parametrize(
    ("locale", "width", "scheme"),
    [
        pytest.param("zh-Hans", 390, "dark", id="Chinese, on a phone by night"),
        pytest.param("en", 1280, "light", id="English, at a desk"),
    ],
)
def test_a_client_books_confirms_moves_and_cancels(
    chromium: Browser, site: str, locale: str, width: int, scheme: Literal["light", "dark"]
) -> None:
    with a_client(chromium, site, locale, width, scheme=scheme) as client:
        page = client.page

        def fits() -> None:
            expect(page.locator("html")).to_have_attribute("lang", locale)
            assert page.evaluate(TOO_SMALL) == []
            assert page.evaluate(SIDEWAYS) == 0

        client.go("/b/lotus")
        fits()
        client.follow(page.get_by_text("Cut"))
        fits()
        client.tap("people.anybody")
        fits()
        client.follow(page.locator(".strip a").nth(2))
        client.follow(page.locator("button.time").nth(5))
        fits()
        client.tap("details.button")
        assert client.sees("wrong.name_missing")
        fits()
        page.get_by_label(client.words.says("field.name"), exact=True).fill("李娜 Anna")
        page.get_by_label(client.words.says("field.email"), exact=True).fill("anna@example.com")
        page.get_by_label(client.words.says("channel.email")).check()
        client.tap("details.button")
        assert client.sees("done.booked")
        fits()
        client.tap("mine.confirm")
        assert client.sees("done.confirmed")
        client.tap("mine.move")
        fits()
        client.follow(page.locator("a.time").nth(3))
        fits()
        client.tap("move.button")
        assert client.sees("done.moved")
        client.tap("mine.cancel")
        fits()
        page.get_by_label(client.words.says("reason.time")).check()
        client.tap("cancel.button")
        assert client.sees("done.cancelled")
        fits()


def test_the_keyboard_alone_is_enough(chromium: Browser, site: str) -> None:
    """The first stop leads past the header; what is wrong is where one stands after sending, and leads to its field."""
    with a_client(chromium, site, "en", 1280) as client:
        page, keys = client.page, client.page.keyboard

        def focused() -> str:
            said: str = page.evaluate("() => document.activeElement.innerText || document.activeElement.id")
            return said.split("\n")[0]

        def stop_at(words: str) -> None:
            for _ in range(80):
                keys.press("Tab")
                if focused().startswith(words):
                    return
            raise AssertionError(f"the Tab key never comes to {words!r}")

        client.go("/b/lotus?service=cut&staff=mei")
        keys.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        expect(page.locator(".skip")).to_have_text(client.words.says("skip"))
        expect(page.locator(".skip")).to_be_visible()
        keys.press("Enter")
        stop_at("6:30")
        keys.press("Enter")
        page.wait_for_url("**/book?*")
        stop_at(client.words.says("details.button"))
        keys.press("Enter")
        expect(page.locator("[role=alert]")).to_be_focused()
        expect(page.locator("[role=alert]")).to_contain_text(client.words.says("wrong.title"))
        keys.press("Tab")
        keys.press("Enter")
        expect(page.locator("#name")).to_be_focused()
        keys.type("Anna")
        stop_at("email")
        keys.type("anna@example.com")
        keys.press("Tab")
        keys.press("Space")
        stop_at(client.words.says("details.button"))
        keys.press("Enter")
        page.wait_for_url("**/a/*")
        assert client.sees("done.booked")


@pytest.mark.parametrize("query", ["", "?service=cut", "?service=cut&staff=mei", "?service=cut&zones=1", "?zone=Mars"])
def test_nothing_is_cut_off_in_the_smallest_window(chromium: Browser, site: str, query: str) -> None:
    """320 pixels: also what four times magnified on a desk comes to (WCAG 1.4.10)."""
    with a_client(chromium, site, "en", 320) as client:
        client.go(f"/b/lotus{query}")
        assert client.page.evaluate(SIDEWAYS) == 0


@pytest.mark.parametrize("query", ["", "?service=cut", "?service=cut&staff=mei"])
def test_letters_twice_as_large_fit_a_phone(chromium: Browser, site: str, query: str) -> None:
    """Nothing is cut off, and no word of the facts is set one letter to a line."""
    with a_client(chromium, site, "en-GB", 390) as client:
        client.go(f"/b/lotus{query}")
        client.page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
        assert client.page.evaluate(SIDEWAYS) == 0
        narrow = "all => all.filter(it => it.getBoundingClientRect().width < 88).map(it => it.innerText)"
        assert client.page.locator(".facts dd").evaluate_all(narrow) == []
