"""The desk's day in a real browser: everybody is on it, what is pressed happens, and can be taken back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import APIResponse, Browser, Page, Route, expect

from tests.browser.desk import Desk, at_the_desk, signed_in
from tests.builders import STARTS, a_client, an_appointment

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("clocks")]

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
ANY_LENGTH = "Wilhelmina Featherstonehaugh-Montgomery"
MEI = signed_in()
EACH = pytest.mark.parametrize(("language", "width"), [("en", 390), ("zh-Hans", 820), ("en", 1440), ("zh-Hans", 390)])


@pytest.fixture
def clocks(site: str, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:  # noqa: ARG001  # first the pages, then the time
    """Monday, 17:20 in Shanghai."""
    from kept import clock

    now = [STARTS + 20 * MINUTE]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


def _of_days(asked: list[str]) -> list[str]:
    return [url for url in asked if "/v1/desk/day" in url]


def a_day(check_in: bool = True) -> None:
    """Five of them, one of whom has a long name."""
    from kept.business.attendance_rules import AttendanceRules
    from kept.use_cases.business import settings
    from tests import lotus

    business = replace(lotus.the_salon().business, locale="en", attendance=AttendanceRules(checks_in=check_in))
    settings.save_business(business, now=STARTS - HOUR)
    people = ("Li Na", "Wu Min", "Zhao Lei", ANY_LENGTH, "Chen Jie")
    for n, name in enumerate(people):
        lotus.known(replace(a_client(), id=f"c-{n + 1}", name=name, email=f"c{n}@example.com"))
        visit = an_appointment(f"a-{n + 1}", starts=STARTS - n * HOUR)
        lotus.put(replace(visit, client=f"c-{n + 1}"))


@EACH
def test_what_was_pressed_on_the_day_can_be_taken_back(chromium: Browser, site: str, language: str, width: int) -> None:
    a_day()
    with at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk:
        desk.go("/desk?view=list")
        status = {
            name: desk.says(f"status.{name}") for name in ("booked", "arrived", "no_show", "cancelled", "completed")
        }
        assert desk.rows()[-1] == ("Li Na", status["booked"])
        assert desk.press("Li Na", "no-show") == desk.says("did.no-show")
        assert desk.rows()[-1] == ("Li Na", status["no_show"])
        desk.photograph("missed")
        assert desk.is_in_order()
        desk.press("Li Na", "release")
        desk.press("Li Na", "undo")
        assert desk.rows()[-1] == ("Li Na", status["booked"])
        desk.press("Li Na", "check-in")
        desk.press("Wu Min", "complete")
        desk.press(ANY_LENGTH, "no-show")
        desk.go("/desk/appointments/a-3")
        desk.drawer().locator(".facts").wait_for()
        desk.drawer().get_by_role("button", name=desk.says("act.cancel"), exact=True).click()
        desk.button("cancel.do", within=".drawer").click()
        assert desk.told("Zhao Lei") == desk.says("did.cancel")
        desk.photograph("appointment")
        assert desk.is_in_order()
        desk.go("/desk?view=list")
        assert desk.rows() == [
            ("Chen Jie", status["booked"]),
            (ANY_LENGTH, status["no_show"]),
            ("Zhao Lei", status["cancelled"]),
            ("Wu Min", status["completed"]),
            ("Li Na", status["arrived"]),
        ]
        desk.photograph("day")
        assert desk.is_in_order()
        desk.press("Zhao Lei", "undo")
        assert desk.rows()[2] == ("Zhao Lei", status["booked"])


def test_the_last_act_is_undone_with_one_key(chromium: Browser, site: str) -> None:
    a_day()
    with at_the_desk(chromium, site, who=MEI) as desk:
        desk.go("/desk?view=list")
        assert desk.press("Li Na", "check-in") == desk.says("did.check-in")
        with desk.something_said():
            desk.page.keyboard.press("u")
        assert desk.told("Li Na") == desk.says("did.undo", status=desk.says("status.booked"))
        assert desk.rows()[-1] == ("Li Na", desk.says("status.booked"))


PRESSED_AND_LEFT = """
async it => {
  const asked = [], does = fetch;
  window.fetch = (path, how) => (asked.push(`${how.method} ${how.keepalive}`), does(path, how));
  it.click();
  await 0;
  location.reload();
  return asked.filter(it => it.startsWith("POST"));
}
"""
"""What was asked of the server by then, and whether the browser carries it on for a page that is gone."""


def test_what_is_pressed_is_done_where_the_page_is_left_at_once(chromium: Browser, site: str) -> None:
    a_day()
    with at_the_desk(chromium, site, who=MEI) as desk:
        desk.go("/desk?view=list")
        row = desk.page.locator(".row").filter(has_text="Li Na")
        act = row.get_by_role("button", name=desk.says("act.check-in"), exact=True)
        assert act.evaluate(PRESSED_AND_LEFT) == ["POST true"]
        desk.page.locator(".row").filter(has_text=desk.says("status.arrived")).filter(has_text="Li Na").wait_for()


def test_what_is_asked_for_early_is_asked_for_once_and_again_where_it_was_lost(chromium: Browser, site: str) -> None:
    """The day, before the rest of the desk is loaded."""
    a_day()
    with at_the_desk(chromium, site, who=MEI) as desk:
        lost, asked = [False], []

        def on_the_way(route: Route) -> None:
            asked.append(route.request.url)
            if lost[0] and len(asked) == 1:
                route.abort()
            else:
                route.continue_()

        desk.looks_once()
        desk.page.route("**/v1/desk/day?*", on_the_way)
        desk.go("/desk?on=2026-03-02&view=list")
        assert (len(asked), len(desk.rows())) == (1, 5)
        lost[0], asked[:] = True, []
        desk.go("/desk?on=2026-03-02&view=list")
        assert (len(asked), len(desk.rows())) == (2, 5)


def test_a_look_that_an_act_has_overtaken_is_not_drawn(chromium: Browser, site: str) -> None:
    """The day was asked for before somebody was checked in, and comes after."""
    a_day()
    with at_the_desk(chromium, site, who=MEI) as desk:
        desk.go("/desk?view=list")
        late: list[tuple[Route, APIResponse]] = []
        desk.page.route("**/v1/desk/day?*", lambda route: late.append((route, route.fetch())), times=1)
        with desk.page.expect_request("**/v1/desk/day?*"):
            desk.page.evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")
        with desk.page.expect_response(lambda answer: "/v1/desk/day" in answer.url):
            desk.page.locator(".row").filter(has_text="Li Na").get_by_role("button").first.click()
        row = desk.page.locator(".row.is-arrived").filter(has_text="Li Na")
        row.locator("button").first.wait_for()
        ((route, answer),) = late
        route.fulfill(response=answer)
        desk.at_rest()
        assert row.count() == 1


def test_who_has_the_chair_by_now_is_said_and_nothing_is_changed(chromium: Browser, site: str) -> None:
    from tests import lotus

    a_day()
    with at_the_desk(chromium, site, width=390, who=MEI) as desk:
        desk.go("/desk?view=list")
        desk.press("Li Na", "no-show")
        desk.press("Li Na", "release")
        lotus.put(replace(an_appointment("a-9", starts=STARTS + 30 * MINUTE), client="c-5"))
        desk.press("Li Na", "reverse-no-show")
        expect(desk.page.locator(".toast.wrong")).to_contain_text("Chen Jie, 5:30")
        assert ("Li Na", desk.says("status.no_show")) in desk.rows()
        desk.photograph("taken")
        assert desk.is_in_order()


@EACH
def test_the_day_is_closed_with_one_press_and_taken_back_with_another(
    chromium: Browser, site: str, clocks: list[datetime], language: str, width: int
) -> None:
    a_day(check_in=False)
    clocks[0] = STARTS + 90 * MINUTE
    with at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk:
        desk.go("/desk?view=list")
        expect(desk.page.locator(".row")).to_have_count(5)
        expect(desk.page.locator(".status-late")).to_have_count(0)  # nobody says who has come
        desk.page.get_by_role("link", name=desk.says("end.open")).click()
        desk.page.wait_for_selector(".end")
        expect(desk.page.locator(".end input:checked")).to_have_count(5)
        for name, how in (("Li Na", "missed"), ("Wu Min", "late")):
            person = desk.page.locator("fieldset").filter(has_text=name)
            person.get_by_label(desk.says(f"came.{how}"), exact=True).check()
        desk.photograph("end")
        assert desk.is_in_order()
        desk.button("end.close").click()
        desk.page.wait_for_url("**/desk?on=*")
        desk.go("/desk?view=list")
        states = [state for _, state in desk.rows()]
        assert states == [desk.says("status.completed")] * 4 + [desk.says("status.no_show")]


def test_all_that_the_end_of_the_day_closed_is_taken_back_at_once(
    chromium: Browser, site: str, clocks: list[datetime]
) -> None:
    a_day(check_in=False)
    clocks[0] = STARTS + 90 * MINUTE
    with at_the_desk(chromium, site, who=MEI) as desk:
        desk.go("/desk?end=mei&on=2026-03-02")
        desk.button("end.close").click()
        desk.page.wait_for_url("**/desk?on=*")
        desk.page.locator(".visit").first.wait_for()
        desk.undo()
        desk.page.wait_for_function("() => document.querySelectorAll('.visit.is-booked').length === 5")


AT = "it => it.style.getPropertyValue('--at')"
LATER_THAN = f"before => Number(({AT})(document.querySelector('#visit-a-1').parentElement)) > before"


def visit(page: Page, id: str) -> dict[str, float]:
    box = page.locator(f"#visit-{id}").bounding_box()
    assert box
    return {"x": box["x"], "y": box["y"]}


def test_a_visit_is_moved_by_mouse_and_by_keys_after_its_cost_is_said(
    chromium: Browser, site: str, clocks: list[datetime]
) -> None:
    a_day()
    clocks[0] = STARTS - 6 * HOUR
    with at_the_desk(chromium, site, width=1440, who=MEI) as desk:
        desk.go("/desk")
        page, bar = desk.page, desk.page.locator(".move-bar")
        page.locator("#visit-a-1").scroll_into_view_if_needed()
        box = visit(page, "a-1")
        page.mouse.move(box["x"] + 40, box["y"] + 8)
        page.mouse.down()
        page.mouse.move(box["x"] + 40, box["y"] + 60, steps=4)
        page.mouse.move(box["x"] + 40, box["y"] + 104, steps=4)
        page.mouse.up()
        before = float(page.locator("li.visit", has=page.locator("#visit-a-1")).evaluate(AT))
        bar.get_by_text(desk.says("move.free")).wait_for()
        expect(bar).to_contain_text("Li Na")
        expect(bar.get_by_role("button", name=desk.says("move.do"), exact=True)).to_be_focused()
        desk.photograph("move")
        assert desk.is_in_order()
        page.keyboard.press("Enter")
        assert desk.told() == desk.says("did.move", name="Li Na")
        page.wait_for_function(LATER_THAN, arg=before)
        desk.undo()
        page.wait_for_function(f"before => !({LATER_THAN})(before)", arg=before)

        page.locator("#visit-a-5").focus()
        for _ in range(3):
            page.keyboard.press("Alt+ArrowUp")
        bar.get_by_text(desk.says("move.free")).wait_for()
        page.keyboard.press("Escape")
        expect(bar).to_have_count(0)
        expect(page.locator("#visit-a-5")).to_be_focused()


def a_row_of(desk: Desk, name: str) -> str:
    return desk.page.locator(".row").filter(has_text=name).inner_text()


def test_what_another_does_is_here_within_five_seconds_and_a_hidden_tab_asks_nothing(
    chromium: Browser, site: str
) -> None:
    """By the page's own clock: how long the machine takes to answer and to draw is the machine's."""
    a_day()
    with at_the_desk(chromium, site, who=MEI) as mine, at_the_desk(chromium, site, who=signed_in(staff="bo")) as theirs:
        asked: list[str] = []
        mine.page.on("request", lambda request: asked.append(request.url))
        mine.page.clock.install()
        mine.go("/desk?view=list")
        theirs.go("/desk?view=list")
        theirs.press("Li Na", "check-in")
        mine.page.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))
        asked.clear()
        mine.page.clock.run_for(5_000)
        assert len(_of_days(asked)) in (1, 2)
        mine.page.clock.resume()
        mine.page.locator(".row.is-arrived").filter(has_text="Li Na").wait_for()
        mine.page.evaluate("() => Object.defineProperty(document, 'visibilityState', {value: 'hidden'})")
        asked.clear()
        mine.page.clock.run_for(9_000)
        assert _of_days(asked) == []


def test_a_move_that_the_connection_broke_off_is_done_once_it_is_back(
    chromium: Browser, site: str, clocks: list[datetime]
) -> None:
    a_day()
    clocks[0] = STARTS - 6 * HOUR
    with at_the_desk(chromium, site, who=MEI) as desk:
        desk.go("/desk")
        desk.page.locator("#visit-a-1").focus()
        desk.page.keyboard.press("Alt+ArrowDown")
        desk.page.locator(".move-bar").get_by_text(desk.says("move.free")).wait_for()
        keys: list[str] = []

        def breaks(route: Route) -> None:
            keys.append(route.request.headers["idempotency-key"])
            route.abort()

        desk.page.route("**/reschedule", breaks)
        desk.page.keyboard.press("Enter")
        desk.page.get_by_text(desk.says("offline")).wait_for()
        desk.page.unroute_all()
        assert desk.told() == desk.says("did.move", name="Li Na")
        assert len(keys) >= 1
        expect(desk.page.get_by_text(desk.says("offline"))).to_have_count(0)


def test_what_was_typed_outlives_a_reload(chromium: Browser, site: str) -> None:
    a_day()
    with at_the_desk(chromium, site, who=MEI) as desk:
        desk.go("/desk")
        desk.page.keyboard.press("n")
        desk.page.get_by_label(desk.says("field.note")).fill("Window seat, please")
        desk.page.reload()
        desk.settled()
        desk.page.keyboard.press("n")
        expect(desk.page.get_by_label(desk.says("field.note"))).to_have_value("Window seat, please")


@EACH
def test_a_booking_by_telephone(
    chromium: Browser, site: str, clocks: list[datetime], language: str, width: int
) -> None:
    a_day()
    clocks[0] = STARTS - 7 * HOUR
    with at_the_desk(chromium, site, language=language, width=width, who=MEI) as desk:
        desk.go("/desk")
        desk.page.locator("#new").click()
        desk.drawer().locator(".chip").first.click()
        desk.drawer().locator(".time[aria-pressed=true]").wait_for()
        desk.page.fill("#book-client", "Anna Brandt")
        desk.page.fill("#book-phone", "13812345678")
        desk.photograph("booking")
        assert desk.is_in_order()
        desk.drawer().locator("button.main").click()
        desk.told("Anna Brandt")
        desk.go("/desk?view=list")
        assert ("Anna Brandt", desk.says("status.booked")) in desk.rows()
