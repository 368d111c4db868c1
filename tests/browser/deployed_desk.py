"""Somebody of the staff in front of the deployed desk: signed in at the user pool's own page."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Browser

from infra.local import seed
from kept.pages.desk.files import words
from tests.browser.desk import PATIENTLY, Desk

KEPT_IN_THE_TAB = "() => Object.keys(sessionStorage)"


@dataclass
class DeployedDesk(Desk):
    """It speaks what the page speaks at the moment."""

    def says(self, key: str, **facts: object) -> str:
        return str(words()[self.page.locator("html").get_attribute("lang") or ""][key]).format(**facts)

    def sign_in(self, email: str) -> None:
        """And back to where they were."""
        back = self.page.url
        self.button("way.sign_in").first.click()
        self.page.fill("#username", email)
        self.page.fill("#password", seed.PASSWORD)
        self.page.click("button")
        self.page.wait_for_url(self.site + "/desk" if "/callback" in back else back)
        self.settled()

    def choose(self, language: str) -> None:
        self.page.locator("details.menu summary").click()
        self.page.click(f"#languages button[lang={language}]")
        self.page.wait_for_selector(f"html[lang={language}]")
        self.page.locator("details.menu summary").click()

    def sign_out(self) -> None:
        self.page.locator("details.menu summary").click()
        self.page.click("#sign-out")
        self.page.wait_for_url("**/desk")
        self.page.wait_for_selector("main.door h1")


@contextmanager
def at_the_deployed_desk(
    chromium: Browser, site: str, *, locale: str = "en-GB", width: int = 1280
) -> Iterator[DeployedDesk]:
    """No page breaks the rules that it sets itself, and no script of it fails."""
    context = chromium.new_context(viewport={"width": width, "height": 900}, locale=locale, service_workers="block")
    context.add_init_script("localStorage.setItem('kept.tour-seen', 'yes')")
    context.add_init_script(PATIENTLY)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
    yield DeployedDesk(page, site, "")
    assert broken == []
    context.close()
