"""The booking page in a site of the business that forbids all styles and all scripts but ours: another origin, a strict
policy, no cookies of ours."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from kept.storage import catalogs
from tests.browser.desk import AXE, BROKEN_RULES, PHOTOGRAPHS, a_tab

pytestmark = pytest.mark.browser

HEARD = """
() => {
  window.heard = [];
  for (const it of ["ready", "booked", "failed"]) {
    document.addEventListener(`kept-${it}`, event => heard.push([it, event.detail]));
  }
}
"""
FORGED = """
() => new Promise(done => {
  const said = {id: "a-0", start: "", code: "x", height: 9000};
  for (const kept of ["booked", "failed", "height"]) postMessage({kept, ...said}, "*");
  addEventListener("message", event => event.data === "the last" && done());
  postMessage("the last", "*");
})
"""
"""And all that was said has been heard."""
FRAME = "kept-booking >> iframe"


class Site(BaseHTTPRequestHandler):
    """A salon's own: its policy lets nothing in but the element and the frame."""

    home, element = "", '<kept-booking business="lotus"><a href="{home}/b/lotus">Book</a></kept-booking>'

    def do_GET(self) -> None:
        policy = f"default-src 'none'; script-src {self.home}; frame-src {self.home}; style-src 'none'"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", policy)
        self.end_headers()
        element = self.element.format(home=self.home)
        self.wfile.write(
            f'<!doctype html><html lang="en"><meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>Lotus</title><main><h1>Lotus</h1>{element}</main>"
            f'<script type="module" src="{self.home}/embed.js"></script></html>'.encode()
        )

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def salon(site: str) -> Iterator[str]:
    """Where it is; the business has named it among its sites."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Salon", (Site,), {"home": site}))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://localhost:{server.server_port}"
    names(address)
    yield address
    server.shutdown()
    server.server_close()
    thread.join()


def names(*sites: str) -> None:
    catalogs.put("lotus", [replace(catalogs.load("lotus").business, embed_origins=sites)])
    catalogs.forget()


def heard(page: Page, what: str) -> dict[str, str]:
    page.wait_for_function("what => window.heard.some(([it]) => it === what)", arg=what)
    found: dict[str, str] = page.evaluate("what => window.heard.findLast(([it]) => it === what)[1]", what)
    return found


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_somebody_books_without_leaving_the_site(chromium: Browser, salon: str, language: str, width: int) -> None:
    with a_tab(chromium, language=language, width=width, who="") as page:
        page.add_init_script(f"({HEARD})()")
        page.goto(salon)
        page.evaluate("language => document.querySelector('kept-booking').setAttribute('language', language)", language)
        heard(page, "ready")
        frame = page.frame_locator(FRAME)
        frame.locator(f"html[lang={language}] .card").first.wait_for()  # the one before may still be there
        assert as_high_as_it_is(page)
        frame.locator(".card").first.click()
        frame.locator(".time").first.click()
        frame.locator("#name").fill("Li Na")
        frame.locator("#phone").fill("13900000001")
        frame.locator("input[value=sms]").check()
        assert in_order(page)
        photograph(page, f"embedded-details-{language}-{width}")
        frame.locator("button.main").click()
        booked = heard(page, "booked")
        assert booked["id"].startswith("a")
        assert as_high_as_it_is(page)
        assert in_order(page)
        photograph(page, f"embedded-booked-{language}-{width}")
        with page.context.expect_page() as opened:
            frame.locator("a.main").click()
        opened.value.wait_for_load_state()
        assert urlsplit(opened.value.url).path.startswith("/a/")
        assert page.url == f"{salon}/"
        opened.value.close()
        assert page.evaluate("() => window.heard.filter(([it]) => it === 'failed')") == []


def as_high_as_it_is(page: Page) -> bool:
    """No second scrollbar, and nothing cut off."""
    frame = next(it for it in page.frames if "/b/" in it.url)
    frame.wait_for_function("() => innerHeight === document.documentElement.offsetHeight")
    sideways = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    return [it.evaluate(sideways) for it in (frame, page)] == [0, 0]


def in_order(page: Page) -> bool:
    frame = next(it for it in page.frames if "/b/" in it.url)
    broken = frame.evaluate(f"{AXE.read_text(encoding='utf-8')};({BROKEN_RULES})('html')")
    assert broken == []
    return True


def photograph(page: Page, name: str) -> None:
    if PHOTOGRAPHS:
        page.screenshot(path=Path(PHOTOGRAPHS) / f"{name}.png", full_page=True)


def test_a_site_that_was_not_named_shows_the_link_instead(chromium: Browser, salon: str) -> None:
    names("https://another.example")
    with a_tab(chromium, language="en", width=1280, who="", expected="frame-ancestors") as page:
        page.add_init_script(f"({HEARD})()")
        page.clock.install()
        page.goto(salon)
        page.wait_for_function("() => document.querySelector('kept-booking').shadowRoot")
        page.clock.run_for(20_000)
        assert heard(page, "failed") == {"code": "not_shown"}
        expect(page.get_by_role("link", name="Book")).to_be_visible()


def test_a_refusal_is_told_by_its_code(chromium: Browser, salon: str) -> None:
    with a_tab(chromium, language="en", width=1280, who="") as page:
        page.add_init_script(f"({HEARD})()")
        page.goto(salon)
        page.evaluate("() => document.querySelector('kept-booking').setAttribute('service', 'nothing')")
        assert heard(page, "failed") == {"code": "unknown_service"}


def test_nobody_else_is_believed(chromium: Browser, salon: str) -> None:
    """The site itself and another frame in it say what our frame would say."""
    with a_tab(chromium, language="en", width=1280, who="") as page:
        page.add_init_script(f"({HEARD})()")
        page.goto(salon)
        heard(page, "ready")
        page.frame_locator(FRAME).locator(".card").first.wait_for()
        assert as_high_as_it_is(page)
        before = page.locator(FRAME).get_attribute("height")
        page.evaluate(FORGED)
        assert page.evaluate("() => window.heard.map(([it]) => it)") == ["ready"]
        expect(page.locator(FRAME)).to_have_attribute("height", before)
