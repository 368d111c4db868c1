"""An owner says who signs in: invites, changes and stops in the browser, and takes it back; a leader only looks."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import Desk, at_the_desk, signed_in

pytestmark = pytest.mark.browser

OWNER, LEADER = signed_in(email="jun@lotus.example", staff="jun", group="owner"), signed_in(group="manager")
EACH = pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-Hans", 820), ("en", 1440)])
HERE = "/desk/settings/sign_ins"


@pytest.fixture(autouse=True)
def _people(site: str) -> None:  # noqa: ARG001
    from tests import lotus

    lotus.let_in("jun@lotus.example", "owner", staff="jun", password="Lotus-2026-tea")
    lotus.let_in("mei@lotus.example", "manager", staff="mei", password="Lotus-2026-tea")
    lotus.let_in("sam@garage.example", "owner", business="garage", password="Garage-2026-oil")


def known() -> dict[str, tuple[str, str, bool]]:
    from kept.storage import sign_ins

    return {it.email: (it.role.value, it.staff, it.is_active) for it in sign_ins.load("lotus").values()}


def take_back(desk: Desk) -> None:
    """What was just done; the list says that it is so."""
    with desk.page.expect_response(lambda answer: answer.url.endswith("/v1/desk/sign-ins")):
        desk.page.locator(".toast").last.get_by_role("button", name=re.compile(desk.says("toast.undo"))).press("Enter")


def in_order_at_rest(desk: Desk) -> bool:
    """Once a button that can be pressed now is as dark as it gets."""
    desk.page.wait_for_function("() => document.getAnimations().length === 0")
    return desk.is_in_order()


@EACH
def test_somebody_is_invited_changed_and_stopped_and_each_is_taken_back(
    chromium: Browser, site: str, language: str, width: int
) -> None:
    """By the keyboard alone; an address that is in use is said at its field, and what was typed stays."""
    with at_the_desk(chromium, site, language=language, width=width, who=OWNER) as desk:
        desk.go(HERE)
        desk.page.locator(".cards li").nth(1).wait_for()
        assert in_order_at_rest(desk)
        desk.photograph("settings-sign-ins")
        desk.page.get_by_role("link", name=desk.says("signs.new")).press("Enter")
        desk.page.fill("#sign-email", "sam@garage.example")
        desk.page.press("#sign-email", "Enter")
        desk.page.locator("#sign-email-problem").wait_for()
        expect(desk.page.locator("#sign-email-problem")).not_to_contain_text("garage")
        expect(desk.page.locator("#sign-email")).to_have_value("sam@garage.example")
        assert in_order_at_rest(desk)
        desk.page.fill("#sign-email", "bo@lotus.example")
        desk.page.select_option("#sign-role", "manager")
        desk.page.select_option("#sign-staff", "bo")
        with desk.something_said():
            desk.page.press("#sign-email", "Control+Enter")
        assert known()["bo@lotus.example"] == ("manager", "bo", True)
        row = desk.page.locator(".cards li").filter(has_text="bo@lotus.example")
        expect(row).to_contain_text(desk.says("signs_state.invited"))
        row.locator("a").press("Enter")
        desk.page.select_option("#sign-role", "staff")
        expect(desk.page.locator(".settings-form")).to_contain_text("15")
        assert in_order_at_rest(desk)
        desk.photograph("settings-sign-in")
        with desk.something_said():
            desk.page.press("#sign-role", "Control+Enter")
        assert known()["bo@lotus.example"] == ("staff", "bo", True)
        take_back(desk)
        assert known()["bo@lotus.example"] == ("manager", "bo", True)
        with desk.something_said():
            desk.button("signs.stop").press("Enter")
        assert known()["bo@lotus.example"] == ("manager", "bo", False)
        desk.button("signs.start").wait_for()
        take_back(desk)
        assert known()["bo@lotus.example"] == ("manager", "bo", True)


def test_ones_own_role_cannot_be_changed_and_a_leader_only_looks(chromium: Browser, site: str) -> None:
    with at_the_desk(chromium, site, who=OWNER) as desk:
        desk.go(HERE)
        desk.page.get_by_role("link", name="jun@lotus.example").click()
        expect(desk.page.locator("#sign-role")).to_be_disabled()
        expect(desk.button("signs.stop")).to_have_count(0)
        assert in_order_at_rest(desk)
    with at_the_desk(chromium, site, who=LEADER) as desk:
        desk.go(HERE)
        desk.page.locator(".cards li").nth(1).wait_for()
        expect(desk.page.locator("#main")).to_contain_text(desk.says("signs.owners_only"))
        expect(desk.page.locator(".settings-part a.row-open")).to_have_count(0)
        desk.go(f"{HERE}?open=new")
        expect(desk.page.locator("#sign-email")).to_have_count(0)
