"""The keys of the desk in a real browser: where the focus goes after an act, and that nobody's keys do what they did
not mean."""

from datetime import datetime

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.desk import at_the_desk, signed_in
from tests.browser.fillings import NOW, ordinary

pytestmark = pytest.mark.browser

MANAGER, STAFF = signed_in(), signed_in("jun@lotus.example", "jun", "staff")
SLOW = 600
"""Milliseconds that an answer takes."""
FOCUSED = "() => document.activeElement.id || document.activeElement.className"

PRESSED_AT_ONCE = """
keys => keys.forEach(key =>
  document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true })))
"""
"""Before the browser draws anything; where the field is there already, a key that is only told of enters no letter."""
LEFT_AT_ONCE = """
() => {
  const left = new KeyboardEvent("keydown", {key: "Escape", bubbles: true, cancelable: true});
  document.activeElement.dispatchEvent(left);
  return document.activeElement.tagName;
}
"""


@pytest.fixture
def at_noon(site: str, monkeypatch: pytest.MonkeyPatch) -> str:
    from kept import clock

    def now() -> datetime:
        return NOW

    monkeypatch.setattr(clock, "now", now)
    ordinary()
    return site


def slowly(route: Route) -> None:
    answer = route.fetch()
    route.request.frame.page.wait_for_timeout(SLOW)
    route.fulfill(response=answer)


def tabs(page: Page, to: Locator, most: int) -> None:
    """Reached in so many steps at most."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if to.evaluate("it => it === document.activeElement"):
            return
    pytest.fail(f"{to} is not reached in {most} steps, but {page.evaluate(FOCUSED)}")


def test_enter_chooses_who_was_typed_and_not_who_stood_there_before(chromium: Browser, at_noon: str) -> None:
    """However fast somebody types, and however slowly the server answers."""
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        page = desk.page
        desk.go("/desk")
        page.route("**/v1/desk/clients?*", slowly)
        page.keyboard.press("n")
        page.locator("#book-client").focus()
        page.keyboard.type("li")
        page.locator("#book-client-hits li").filter(has_text="Li Na").first.wait_for()
        page.keyboard.press("Control+a")
        page.keyboard.type("0003")
        page.keyboard.press("Enter")
        desk.drawer().locator(".chosen").filter(has_text="Anna Brandt").wait_for()
        expect(page.locator("#book-note")).to_be_focused()
        page.keyboard.press("Escape")

        page.keyboard.press("/")
        page.keyboard.type("tom")
        page.keyboard.press("Enter")
        page.locator("h1").filter(has_text="Tom O'Brien").wait_for()
        expect(page.locator("#main")).to_be_focused()
        page.keyboard.press("e")
        desk.drawer().locator(".chosen").filter(has_text="Tom O'Brien").wait_for()


def test_enter_enters_who_is_nobody_s_hit(chromium: Browser, at_noon: str) -> None:
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        page = desk.page
        desk.go("/desk")
        page.route("**/v1/desk/clients?*", slowly)
        page.keyboard.press("n")
        page.locator("#book-client").focus()
        page.keyboard.type("Emma Novak")
        page.keyboard.press("Enter")
        page.locator("#book-client-hits").wait_for(state="hidden")
        expect(page.locator("#book-client")).to_have_value("Emma Novak")
        page.locator("#book-client").focus()
        page.keyboard.press("Control+a")
        page.keyboard.type("13800138000")
        page.keyboard.press("Enter")
        expect(page.locator("#book-phone")).to_have_value("13800138000")


def test_what_is_done_late_calls_nobody_away_from_what_they_type(chromium: Browser, at_noon: str) -> None:
    """The next booking is begun while the last one is drawn."""
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        page = desk.page
        desk.go("/desk")
        page.keyboard.press("n")
        desk.drawer().locator(".chip").first.click()
        page.fill("#book-client", "Emma Novak")
        desk.drawer().locator(".time[aria-pressed=true]").wait_for()
        page.route("**/v1/desk/day?*", slowly)
        page.locator("#book-note").press("Enter")
        desk.told("Emma Novak")
        page.keyboard.press("n")
        page.locator("#book-note").focus()
        with page.expect_response("**/v1/desk/day?*"):
            page.keyboard.type("a window seat", delay=80)
        page.locator(".visit-open").filter(has_text="Emma Novak").wait_for()
        expect(page.locator("#book-note")).to_have_value("a window seat")


def test_free_times_are_one_stop_and_arrows_choose_among_them(chromium: Browser, at_noon: str) -> None:
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        page = desk.page
        desk.go("/desk")
        before = desk.heading.inner_text()
        page.keyboard.press("n")
        page.keyboard.press("Space")
        times = desk.drawer().locator(".time")
        expect(times.first).to_have_attribute("aria-pressed", "true")
        tabs(page, times.first, most=3)
        page.keyboard.press("ArrowRight")
        expect(times.nth(1)).to_be_focused()
        expect(times.nth(1)).to_have_attribute("aria-pressed", "true")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        expect(times.last).to_be_focused()
        tabs(page, page.locator("#book-client"), most=1)
        page.keyboard.press("Shift+Tab")
        expect(times.last).to_be_focused()
        expect(desk.heading, "an arrow that chooses changes no day").to_have_text(before)


def test_the_focus_stays_where_something_was_done(chromium: Browser, at_noon: str) -> None:
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        page = desk.page
        desk.go("/desk?view=list")
        page.locator("li.row").filter(has=page.locator("#visit-a-3")).get_by_role("button").first.focus()
        page.keyboard.press("Enter")
        page.locator("li.row.is-arrived #visit-a-3").wait_for()
        expect(page.locator("#visit-a-3")).to_be_focused()
        page.keyboard.press("u")
        page.locator("li.row.is-booked #visit-a-3").wait_for()

        page.keyboard.press("Enter")
        check_in = desk.button("act.check-in", within=".drawer")
        tabs(page, check_in, most=3)
        page.keyboard.press("Enter")
        page.locator("li.row.is-arrived #visit-a-3").wait_for()
        expect(page.locator(".drawer :focus")).to_have_count(1)
        page.keyboard.press("Escape")
        expect(page.locator(".drawer")).to_have_count(0)
        expect(page.locator("#visit-a-3")).to_be_focused()


def test_a_visit_is_moved_by_its_drawer_with_keys_alone(chromium: Browser, at_noon: str) -> None:
    """Where it cannot go the way on has the focus, and afterwards the drawer has it again."""
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        page, keys = desk.page, desk.page.keyboard
        desk.go("/desk/appointments/a-4")
        move = page.locator("#visit-move")
        tabs(page, move, most=8)
        keys.press("Enter")
        page.locator("#move-at").focus()
        keys.type("1000")
        keys.press("Enter")
        bar = page.locator(".move-bar")
        expect(bar.locator(":focus")).to_have_count(1)
        bar.get_by_text(desk.says("move.asking")).wait_for(state="hidden")
        expect(bar.locator(".choices button, .override input, .deeds .button").first).to_be_focused()
        keys.press("Escape")
        expect(move).to_be_focused()
        page.locator("#move-at").focus()
        keys.type("1500")
        keys.press("Enter")
        bar.get_by_text(desk.says("move.late")).wait_for()
        keys.press("Enter")
        page.locator(".toast p").filter(has_text=desk.says("did.move", name="Anna Brandt")).wait_for()
        expect(page.locator(".drawer :focus")).to_have_count(1)
        expect(page.locator(".move-form")).to_have_count(0)


def test_a_form_for_moving_stays_open_whatever_is_read_meanwhile(chromium: Browser, at_noon: str) -> None:
    """A visit that is known before its day is: it is moved once the business's own clock is known, and not closed by
    what says the same."""
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        page = desk.page
        page.route("**/v1/desk/day?*", lambda route: route.abort())
        desk.go("/desk/appointments/a-4")
        page.locator(".drawer .facts").wait_for()
        expect(page.locator("#visit-move")).to_have_count(0)
        page.unroute("**/v1/desk/day?*")
        page.locator("#visit-move").press("Enter")
        expect(page.locator("#move-at")).to_have_value("14:00")
        with page.expect_response("**/v1/desk/day?*"):
            page.locator("#move-at").focus()
        expect(page.locator("#move-at")).to_be_focused()


ACTS = {
    "day.block": "#block-why",
    "end.open": ".end",
    "handover.title": "#handover-to",
}
"""Each with what is there then."""


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("begun", ["/desk", "/desk/clients"])
def test_the_palette_leads_to_every_act_of_a_day(chromium: Browser, at_noon: str, act: str, begun: str) -> None:
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        desk.go(begun)
        desk.page.keyboard.press("Control+k")
        desk.page.keyboard.type(desk.says(act)[:8])
        desk.page.keyboard.press("Enter")
        desk.page.locator(ACTS[act]).wait_for()
        assert desk.is_in_order()
        desk.page.keyboard.press("Escape")
        expect(desk.page.locator(".drawer")).to_have_count(0)
        desk.go("/desk/work")
        desk.go("/desk")
        expect(desk.page.locator(".drawer")).to_have_count(0)


def test_the_palette_offers_no_act_that_a_role_may_not_do(chromium: Browser, at_noon: str) -> None:
    with at_the_desk(chromium, at_noon, who=STAFF) as desk:
        desk.go("/desk")
        desk.page.keyboard.press("Control+k")
        desk.page.keyboard.type(desk.says("day.block"))
        expect(desk.page.locator("#palette-ways li")).to_have_count(1)
        desk.page.keyboard.press("Control+a")
        desk.page.keyboard.type(desk.says("rail.settings"))
        expect(desk.page.locator("#palette-ways li")).to_have_count(0)


def test_arrows_choose_among_radio_buttons_and_change_no_day(chromium: Browser, at_noon: str) -> None:
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        page = desk.page
        desk.go("/desk")
        before = desk.heading.inner_text()
        page.keyboard.press("n")
        page.keyboard.press("Space")
        page.keyboard.press("ArrowRight")
        expect(desk.drawer().locator("input[name=book-service]").nth(1)).to_be_checked()
        expect(desk.heading).to_have_text(before)
        page.keyboard.press("?")
        expect(desk.drawer().locator("h2")).to_have_text(desk.says("keys.title"), use_inner_text=True)


def test_what_is_typed_at_once_is_typed_into_what_was_opened(chromium: Browser, at_noon: str) -> None:
    """None of the letters is taken for a command."""
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        desk.go("/desk")
        for key, into in (("Control+k", "#palette"), ("/", "#search")):
            desk.page.keyboard.press(key)
            desk.page.keyboard.type("tune?")
            expect(desk.page.locator(into)).to_have_value("tune?")
            expect(desk.page.locator(".drawer")).to_have_count(0)
            desk.page.keyboard.press("Escape")


@pytest.mark.parametrize(
    ("begun", "keys", "typed"),
    [
        ("/desk/queue", "w", "Zhou?"),
        ("/desk/clients", "w U n e", "Une"),
        ("/desk/clients", "w U Escape", None),
    ],
)
def test_what_is_typed_before_the_field_is_drawn_is_not_lost(
    chromium: Browser, at_noon: str, begun: str, keys: str, typed: str | None
) -> None:
    """Nor taken for a command; and who goes elsewhere meanwhile is not called back."""
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        page, field = desk.page, desk.page.locator("#walk-in-who")
        desk.go("/desk/queue")
        field.wait_for()
        if begun != "/desk/queue":
            page.locator(f".rail a[href='{begun}']").first.click()
            field.wait_for(state="detached")
        page.evaluate(PRESSED_AT_ONCE, keys.split())
        expect(field).to_be_visible()
        if begun == "/desk/queue":
            page.keyboard.type("Zhou?")
        expect(field).to_have_value(typed or "")
        if typed is None:
            expect(field).not_to_be_focused()
        else:
            expect(field).to_be_focused()
        expect(page.locator(".drawer")).to_have_count(0)


def test_a_palette_that_is_left_keeps_no_letter(chromium: Browser, at_noon: str) -> None:
    """Not for the moment until the browser has drawn it closed: what is pressed at once is a command again."""
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        desk.go("/desk")
        desk.page.keyboard.press("Control+k")
        expect(desk.page.locator("#palette")).to_be_focused()
        assert desk.page.evaluate(LEFT_AT_ONCE) == "BODY"


def test_the_next_visit_can_be_moved_while_the_last_one_is(chromium: Browser, at_noon: str) -> None:
    """What is done late ends no move that was begun meanwhile."""
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        page, bar = desk.page, desk.page.locator(".move-bar")
        desk.go("/desk")
        page.locator("#visit-a-5").focus()
        page.keyboard.press("Alt+ArrowDown")
        bar.get_by_text(desk.says("move.free")).wait_for()
        page.route("**/v1/desk/day?*", slowly)
        page.keyboard.press("Enter")
        page.locator("#visit-a-4").focus()
        with page.expect_response("**/v1/desk/day?*"):
            page.keyboard.press("Alt+ArrowDown")
            bar.filter(has_text="Anna Brandt").wait_for()
        page.locator(".toast p").filter(has_text=desk.says("did.move", name="陈洁")).wait_for()
        desk.at_rest()
        expect(bar.filter(has_text="Anna Brandt")).to_have_count(1)


def test_a_move_that_is_done_late_calls_nobody_back_from_the_next_visit(chromium: Browser, at_noon: str) -> None:
    """Who has walked on while it was on its way moves the one where they are, and Enter there is not lost."""
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        page, bar, anna = desk.page, desk.page.locator(".move-bar"), desk.page.locator("#visit-a-4")
        desk.go("/desk")
        page.locator("#visit-a-5").focus()
        page.keyboard.press("Alt+ArrowDown")
        bar.get_by_text(desk.says("move.free")).wait_for()
        page.route("**/v1/desk/day?*", slowly)
        page.keyboard.press("Enter")
        anna.focus()
        bar.wait_for(state="detached")
        desk.at_rest()
        expect(anna).to_be_focused()


def test_what_was_begun_meanwhile_is_done_while_the_last_move_is_still_on_its_way(
    chromium: Browser, at_noon: str
) -> None:
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        page, bar = desk.page, desk.page.locator(".move-bar")
        desk.go("/desk")
        page.locator("#visit-a-5").focus()
        page.keyboard.press("Alt+ArrowDown")
        bar.get_by_text(desk.says("move.free")).wait_for()
        held: list[Route] = []
        page.route("**/v1/desk/day?*", lambda route: held.append(route))
        page.keyboard.press("Enter")
        page.locator(".toast p").filter(has_text=desk.says("did.move", name="陈洁")).wait_for()
        page.locator("#visit-a-4").focus()
        page.keyboard.press("Alt+ArrowDown")
        bar.filter(has_text="Anna Brandt").get_by_text(desk.says("move.free")).wait_for()
        page.keyboard.press("Enter")
        page.locator(".toast p").filter(has_text=desk.says("did.move", name="Anna Brandt")).wait_for()


def test_a_column_of_somebody_who_does_something_else_is_passed_over(chromium: Browser, at_noon: str) -> None:
    """By keys; and where a visit would go is in sight above the bar that asks."""
    from dataclasses import replace

    from kept.storage import catalogs
    from tests import lotus

    catalog = catalogs.load("lotus")
    cut = replace(catalog.services["cut"], staff=("mei", "jun"))
    lotus.store(replace(catalog, services={**catalog.services, "cut": cut}))
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        page = desk.page
        desk.go("/desk")
        heads = page.locator(".column-head").all_inner_texts()
        visit, bar, ghost = page.locator("#visit-a-5"), page.locator(".move-bar"), page.locator(".ghost")
        visit.focus()
        page.keyboard.press("Alt+ArrowDown")
        shown, over = ghost.bounding_box(), bar.bounding_box()
        assert shown
        assert over
        assert shown["y"] + shown["height"] <= over["y"]
        for key in ["Alt+ArrowRight"] * len(heads) + ["Alt+ArrowLeft"] * len(heads):
            page.keyboard.press(key)
            staff = page.locator(".column", has=ghost).get_attribute("data-staff")
            assert staff in ("mei", "jun")


def test_a_late_client_s_time_is_said_beside_the_day(chromium: Browser, at_noon: str) -> None:
    with at_the_desk(chromium, at_noon, who=MANAGER) as desk:
        desk.go("/desk/appointments/a-4")
        drawer = desk.drawer()
        drawer.get_by_role("button", name=desk.says("visit.late_by", minutes=10), exact=True).click()
        drawer.locator(".facts").get_by_text(desk.says("fact.waits")).wait_for()
