"""The desk on everything deployed, several people at once: one slot, a lost connection, roles."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from infra.local import seed, sign_in
from tests.browser.deployed_desk import DeployedDesk, at_the_deployed_desk
from tests.local.api_client import Api
from tests.local.businesses import a_studio, next_monday, on, opened
from tests.local.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

BUSINESS = "wisteria"
MEI, TAN = f"mei@{BUSINESS}.example", f"tan@{BUSINESS}.example"
ANNA = {"name": "Anna Brandt", "phone": "+6591234567", "agrees_to": ["sms"]}


@pytest.fixture(scope="module")
def monday(stack: Stack) -> datetime:
    """Nine o'clock, when the studio opens; Mei and Tan cut hair."""
    told: dict[str, Any] = a_studio(BUSINESS)
    told["services"]["cut"]["staff"] = ["mei", "tan"]
    opened(stack, BUSINESS, told)
    for person, email, role in (("mei", MEI, "staff"), ("tan", TAN, "manager")):
        sign_in.make(stack.place, seed.StaffLogin(BUSINESS, person, email, role))
    return next_monday(stack)


@contextmanager
def at_work(chromium: Browser, stack: Stack, email: str, path: str = "/desk") -> Iterator[DeployedDesk]:
    with at_the_deployed_desk(chromium, stack.base_url) as desk:
        desk.go(path)
        desk.sign_in(email)
        yield desk


def api(stack: Stack, email: str) -> Api:
    return Api(stack.base_url, sign_in.token_of(stack.place, email))


def booked(stack: Stack, start: datetime, staff: str = "mei", client: object = ANNA) -> str:
    wish = {"service": "cut", "staff": staff, "start": start.isoformat(), "client": client}
    made = api(stack, MEI).ask("POST", "/v1/desk/appointments", wish)
    assert made.status == 201, made.body
    return str(made.body["id"])


def wishes(desk: DeployedDesk, name: str, day: datetime) -> str:
    """The panel filled in for Mei's first free time of that day, which is returned."""
    desk.page.keyboard.press("n")
    drawer = desk.drawer()
    drawer.get_by_role("radio", name="Mei", exact=True).check()
    begins = on(day, "00:00").astimezone(UTC)
    with desk.page.expect_response(lambda answer: f"openings?service=cut&from={begins:%Y-%m-%dT%H}" in answer.url):
        drawer.get_by_role("radio", name=desk.says("book.day"), exact=True).check()  # tomorrow, until another is said
        desk.page.fill("#book-on", f"{day:%Y-%m-%d}")
    desk.page.fill("#book-client", name)
    chosen = drawer.locator(".time[aria-pressed=true]")
    chosen.wait_for()
    return str(chosen.inner_text())


def test_of_two_who_book_the_same_slot_one_has_it_and_the_other_takes_another_time(
    chromium: Browser, stack: Stack, monday: datetime
) -> None:
    """Who has it is said, and other times are buttons."""
    day = on(monday, "09:00", days=1)
    with ExitStack() as both:
        desks = [both.enter_context(at_work(chromium, stack, email)) for email in (MEI, TAN)]
        names = ["Ben Okafor", "Cara Diaz"]
        wished = [wishes(desk, name, day) for desk, name in zip(desks, names, strict=True)]
        assert wished[0] == wished[1]
        for desk in desks:
            desk.page.evaluate("() => void setTimeout(() => document.querySelector('.booking .main').click(), 300)")
        for desk in desks:
            desk.page.wait_for_selector(".toast, .booking .wrong")
        lost = [n for n, desk in enumerate(desks) if desk.page.locator(".booking .wrong").count()]
        assert len(lost) == 1
        desk, winner = desks[lost[0]], names[1 - lost[0]]
        expect(desk.page.locator(".booking .wrong")).to_contain_text(winner)
        assert desk.is_in_order()
        desk.page.locator(".booking .wrong .choices button").first.click()
        desk.page.locator(".booking button.main").click()
        assert names[lost[0]] in desk.told()
    visits = api(stack, MEI).ask("GET", f"/v1/desk/appointments?on={day:%Y-%m-%d}").body
    assert sorted(it["client_name"] for it in visits) == names
    assert len({it["start"] for it in visits}) == 2


def test_what_a_lost_connection_broke_off_is_done_once_and_nothing_typed_is_lost(
    chromium: Browser, stack: Stack, monday: datetime
) -> None:
    day = on(monday, "12:00", days=2)
    made = booked(stack, day)
    with at_work(chromium, stack, MEI, f"/desk?on={day:%Y-%m-%d}&view=grid") as desk:
        page = desk.page
        page.locator(f"#visit-{made}").focus()
        page.keyboard.press("Alt+ArrowDown")
        page.locator(".move-bar").get_by_text(desk.says("move.free")).wait_for()
        page.context.set_offline(True)
        page.keyboard.press("Enter")
        page.get_by_text(desk.says("offline")).wait_for()
        page.context.set_offline(False)
        assert desk.told() == desk.says("did.move", name="Anna Brandt")
        moved = datetime.fromisoformat(api(stack, MEI).at_the_desk(made)["start"])
        assert timedelta() < moved - day <= timedelta(minutes=30)

        page.keyboard.press("n")
        page.fill("#book-note", "by the ")
        page.context.set_offline(True)
        page.locator("#book-note").press_sequentially("window")
        page.get_by_text(desk.says("offline")).wait_for()
        page.fill("#book-client", "Dora Eng")
        page.context.set_offline(False)
        page.get_by_text(desk.says("offline")).wait_for(state="hidden")
        expect(page.locator("#book-note")).to_have_value("by the window")
        page.locator(".booking .time[aria-pressed=true]").wait_for()
        page.locator(".booking button.main").click()
        page.locator(".toast p").filter(has_text="Dora Eng").wait_for()


LEADERS: list[tuple[str, str, object]] = [
    ("GET", "/v1/desk/set-aside", None),
    ("POST", "/v1/desk/set-aside/put-back", {"lane": "message", "id": "x"}),
    ("POST", "/v1/desk/staff/tan/hand-over", {"to": "mei", "why": "the end of the day"}),
    ("PUT", "/v1/desk/saved-replies/late", {"title": "Late", "texts": {"en": "See you at {when}."}}),
    ("PUT", "/v1/desk/services/free", {"name": "Free", "duration": 30, "staff": ["mei"]}),
]


@pytest.mark.usefixtures("monday")
def test_staff_see_no_act_of_a_manager_and_the_api_refuses_it(chromium: Browser, stack: Stack) -> None:
    with at_work(chromium, stack, TAN, "/desk/work") as desk:
        expect(desk.page.locator("a[href$='tab=aside']")).to_have_count(1)
    with at_work(chromium, stack, MEI, "/desk/work?tab=aside") as desk:
        expect(desk.page.locator("#hand-over")).to_have_count(1)
        expect(desk.page.locator("a[href$='tab=aside']")).to_have_count(0)
    refused = [api(stack, MEI).ask(method, path, body) for method, path, body in LEADERS]
    assert [(it.status, it.code) for it in refused] == [(403, "role_required")] * len(LEADERS)
