"""Somebody in front of the pages: with Chromium, or where there is none with the same forms sent over plain HTTP."""

import base64
import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, expect

from infra.local.place import PATIENCE
from tests.functions.plain_browser import Browser


class Visitor(Protocol):
    """What a reader does; `words` are some of those they see."""

    def go(self, address: str) -> None: ...

    def tap(self, words: str) -> None:
        """The link or the button that says so."""

    def fill_in(self, **fields: str) -> None:
        """By the names of the fields; what is to be ticked by its value."""

    def sees(self, words: str) -> bool: ...


@contextmanager
def a_visitor(chromium: Chromium | None, url: str, *, locale: str = "en", width: int = 1280) -> Iterator[Visitor]:
    if chromium is None:
        yield WithoutChromium(url, locale)
        return
    page = chromium.new_page(locale=locale, java_script_enabled=False, viewport={"width": width, "height": 900})
    yield InChromium(page)
    page.close()


class InChromium:
    """Without JavaScript, which the pages do not need."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def go(self, address: str) -> None:
        self._page.goto(address)

    def tap(self, words: str) -> None:
        with self._page.expect_navigation():
            self._page.locator("a, button").filter(has_text=words).first.click()

    def fill_in(self, **fields: str) -> None:
        for name, value in fields.items():
            field = self._page.locator(f"[name={name}]")
            if field.first.get_attribute("type") == "checkbox":
                self._page.locator(f"[name={name}][value={value}]").check()
            else:
                field.fill(value)

    def sees(self, words: str) -> bool:
        expect(self._page.locator("main")).to_contain_text(words, timeout=PATIENCE * 1000)
        assert self._page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), "it fits its window"
        return True


class WithoutChromium:
    """Reads the page's links and forms, follows and sends them."""

    def __init__(self, url: str, locale: str = "en") -> None:
        self._host = urlsplit(url).netloc
        self._browser = Browser(self._ask, locale)
        self._typed: dict[str, str] = {}

    def go(self, address: str) -> None:
        self._page = self._browser.get(address)

    def tap(self, words: str) -> None:
        words = " ".join(words.split())
        if link := next((href for text, href in self._page.links if words in text), None):
            return self.go(link)
        form = next(form for form in self._page.forms if any(words in text for text, _, _ in form.buttons))
        typed, self._typed = self._typed, {}
        self._page = self._browser.press(form, words, **typed)
        return None

    def fill_in(self, **fields: str) -> None:
        self._typed |= fields

    def sees(self, words: str) -> bool:
        return words in self._page.text

    def _ask(self, event: dict[str, Any], _: object) -> dict[str, Any]:
        """What the deployed API answers to what a function would be handed."""
        asked, query = event["requestContext"]["http"], urlencode(event["queryStringParameters"])
        door = http.client.HTTPConnection(self._host, timeout=PATIENCE)
        door.request(
            asked["method"],
            asked["path"] + (f"?{query}" if query else ""),
            base64.b64decode(event["body"]) if event["body"] else None,
            event["headers"],
        )
        answer = door.getresponse()
        body = answer.read().decode()
        door.close()
        return {"statusCode": answer.status, "headers": dict(answer.getheaders()), "body": body}
