"""One Chromium for every test that needs a browser: Debian's, for Playwright's own cannot be had everywhere."""

import gc
import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from infra.local.place import PATIENCE

pytest_plugins = ["tests.template_walk", "tests.side_by_side"]

CHROMIUM = shutil.which("chromium")
MISSING = "Chromium is not installed (Debian: apt-get install chromium fonts-noto-cjk)"
QUIETLY = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--no-first-run",
]
SLOW = float(os.environ.get("SLOW", "1"))
"""How many times slower pages are to be, for whoever looks for what fails on a busy machine alone."""


def pytest_collection_finish() -> None:
    """Libraries and collected tests are there to the end: looking through them for garbage took a fifth of the time."""
    gc.freeze()


def pytest_report_header() -> str | None:
    return None if CHROMIUM else f"{MISSING}: what needs a browser is left out, and the main job plays over plain HTTP"


@pytest.fixture(scope="session")
def chromium_if_any() -> Iterator[Browser | None]:
    """None where there is none; but where the checks before a change run (CI), nothing is left out."""
    if not CHROMIUM:
        if os.environ.get("CI", "").lower() in ("1", "true"):
            pytest.fail(MISSING)
        yield None
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIETLY)
        browser.on("context", patient)
        yield browser
        browser.close()


def patient(context: BrowserContext) -> None:
    """With every page, as with all that ends by itself."""
    context.set_default_timeout(PATIENCE * 1000)
    if SLOW > 1:
        context.on("page", slowed)


def slowed(page: Page) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOW})
    devtools.send("Network.enable")
    unbound = {"downloadThroughput": -1, "uploadThroughput": -1}
    devtools.send("Network.emulateNetworkConditions", {"offline": False, "latency": 20 * SLOW, **unbound})
