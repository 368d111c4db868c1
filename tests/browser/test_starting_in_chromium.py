"""From an empty deployment to the first booking by a stranger, and to the first colleague who signs in: all by the
pages, as people would, with the letters that they get."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Page, expect

from infra.local import first_steps
from tests.browser.deployed_desk import DeployedDesk, at_the_deployed_desk
from tests.local.stack import Stack, a_fresh_one

pytestmark = [pytest.mark.browser, pytest.mark.stack]
OWNER, COLLEAGUE, STRANGER = "ada@green-lane.example", "bea@green-lane.example", "carl@elsewhere.example"
PASSWORD = "A-lane-that-is-green-7"  # theirs, on loopback


@pytest.fixture(scope="module")
def empty() -> Iterator[Stack]:
    """Deployed as ever, and nobody has done anything yet."""
    with a_fresh_one("empty-test", KEPT_DEMO="off") as running:
        yield running


def first_password(stack: Stack, email: str) -> str:
    """As it stands in the letter of the user pool, in both languages."""
    (letter,) = stack.console.messages(to=email)
    assert "您的登录账号" in letter["subject"]
    assert f'href="{stack.base_url}/desk"' in letter["html"]
    found = re.search(r"First password: (\S+)</p>", letter["html"])
    assert found
    return found[1].replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")


def signs_in_first(desk: DeployedDesk, email: str, password: str) -> None:
    """With the first password, and chooses another."""
    desk.page.goto(f"{desk.site}/desk")
    desk.button("way.sign_in").first.click()
    desk.page.fill("#username", email)
    desk.page.fill("#password", password)
    desk.page.click("button")
    desk.page.fill("#new_password", PASSWORD)
    desk.page.fill("#confirm_password", PASSWORD)
    desk.page.click("button")
    desk.page.wait_for_url(f"{desk.site}/desk")
    desk.settled()


def test_from_nothing_to_a_strangers_booking_and_a_colleague_who_signs_in(chromium: Browser, empty: Stack) -> None:
    with a_page(chromium) as page:
        a_business_begins(page, empty)
    with at_the_deployed_desk(chromium, empty.base_url) as desk:
        signs_in_first(desk, OWNER, first_password(empty, OWNER))
        desk.page.locator(".guide-note").wait_for()
        desk.page.locator(".guide-note a").click()
        desk.page.locator(".guide-steps").wait_for()
        gets_a_test_letter(desk, empty)
        with a_page(chromium) as page:
            a_stranger_books(page, empty)
        sees_them(desk)
        invites(desk)
        with at_the_deployed_desk(chromium, empty.base_url) as theirs:
            signs_in_first(theirs, COLLEAGUE, first_password(empty, COLLEAGUE))
            expect(theirs.page.locator(".rail a[href='/desk/settings']")).to_have_count(0)
            stops(desk)
            theirs.sign_out()
            theirs.button("way.sign_in").first.click()
            theirs.page.fill("#username", COLLEAGUE)
            theirs.page.fill("#password", PASSWORD)
            theirs.page.click("button")
            expect(theirs.page.locator("body")).to_contain_text("disabled")


@contextmanager
def a_page(chromium: Browser) -> Iterator[Page]:
    """Of somebody without JavaScript."""
    context = chromium.new_context(java_script_enabled=False, locale="en-GB")
    yield context.new_page()
    context.close()


def a_business_begins(page: Page, stack: Stack) -> None:
    """A code that is none is refused; the right one makes it once, and no second owner by the same."""
    code = first_steps.code(stack.place).splitlines()[0]
    page.goto(f"{stack.base_url}/start")
    told = {"#name": "Green Lane", "#id": "green-lane", "#owner": "Ada Tan", "#email": OWNER}
    for field, text in told.items():
        page.fill(field, text)
    page.fill("#code", "guessed")
    page.select_option("#trade", "salon")
    page.select_option("#country", "SG")
    page.click("button.main")
    expect(page.locator("#code-problem")).to_be_visible()
    page.fill("#code", code)
    page.click("button.main")
    expect(page.locator("h1")).to_have_text("It is there")
    page.goto(f"{stack.base_url}/start")
    for field, text in (told | {"#email": "eve@elsewhere.example", "#code": code}).items():
        page.fill(field, text)
    page.select_option("#trade", "garage")
    page.select_option("#country", "SG")
    page.click("button.main")
    expect(page.locator("#code-problem")).to_contain_text("has made its business already")
    assert stack.console.messages(to="eve@elsewhere.example") == []


def gets_a_test_letter(desk: DeployedDesk, stack: Stack) -> None:
    desk.page.goto(f"{desk.site}/desk/start?step=channels")
    desk.button("guide.try", within="#main").click()
    desk.page.locator("#main p[role=status] .status").get_by_text(desk.says("message.sent"), exact=True).wait_for()
    letters = [it["subject"] for it in stack.console.messages(to=OWNER)]
    assert "Green Lane: letters arrive" in letters


def a_stranger_books(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.base_url}/b/green-lane")
    page.get_by_role("link", name="Wash and blow-dry").click()
    page.locator(".times button, .times a").first.click()
    page.fill("#name", "Carl Jung")
    page.fill("#email", STRANGER)
    page.check("input[name=agrees_to][value=email]")
    page.click("button.main")
    expect(page.locator("body")).to_contain_text("Wash and blow-dry")
    stack.console.settle()
    assert [it["channel"] for it in stack.console.messages(to=STRANGER)] == ["email"]


def sees_them(desk: DeployedDesk) -> None:
    desk.page.goto(f"{desk.site}/desk/clients")
    desk.page.get_by_text("Carl Jung").first.wait_for()


def invites(desk: DeployedDesk) -> None:
    desk.page.goto(f"{desk.site}/desk/settings/sign_ins?open=new")
    desk.page.fill("#sign-email", COLLEAGUE)
    desk.page.click(".settings-form .main")
    desk.page.locator(".cards li").filter(has_text=COLLEAGUE).wait_for()


def stops(desk: DeployedDesk) -> None:
    desk.page.goto(f"{desk.site}/desk/settings/sign_ins")
    desk.page.locator(".cards li").filter(has_text=COLLEAGUE).locator("a").click()
    desk.button("signs.stop").click()
    desk.button("signs.start").wait_for()
