"""One Chromium for every test that needs a browser: Debian's, for Playwright's own cannot be had everywhere."""

import gc
import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

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
        yield browser
        browser.close()
