"""The front desk in a real browser against everything deployed: signed in at the user pool's own page."""

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Route, expect

from infra.local import seed
from tests.browser.deployed_desk import KEPT_IN_THE_TAB, DeployedDesk, at_the_deployed_desk
from tests.local.api_client import Api
from tests.local.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.stack]

OWNER, STRANGER = "lin.yue@lanting.example", "maria.ortiz@hudson-garage.example"
SHANGHAI = ZoneInfo("Asia/Shanghai")
EVIL = "<img src=x onerror=alert(1)> " + "a reason that nobody has foreseen " * 20


@pytest.fixture(scope="module")
def cancelled(stack: Stack) -> str:
    """An appointment made and cancelled by night: its confirmation was overtaken, the news was sent in the morning."""
    desk = Api(stack.base_url, stack.console.sign_in(OWNER))
    night = stack.console.now().astimezone(SHANGHAI).replace(hour=22, minute=30) + timedelta(days=1)
    stack.console.sleep_to(night)
    wen = {"name": "Wen Zhou", "email": "wen@mail.example", "agrees_to": ["email"]}
    start = (night + timedelta(days=3)).replace(hour=15, minute=0, second=0, microsecond=0)
    wish = {"service": "cut", "start": start.isoformat(), "client": wen, "note": "no\nperfume", "override": "a guest"}
    made = desk.ask("POST", "/v1/desk/appointments", wish).body["id"]
    stack.console.sleep_to(night + timedelta(minutes=5))
    stack.console.fire()
    desk.ask("POST", f"/v1/desk/appointments/{made}/cancel", {"reason": "time"})
    stack.console.sleep_to((night + timedelta(days=1)).replace(hour=8, minute=5))
    stack.console.fire()
    return str(made)


def ledger(desk: DeployedDesk) -> list[str]:
    """Each line without its times."""
    lines = desk.drawer().locator(".drawer-body > .ledger > li")
    lines.first.wait_for()
    parts = "it => ['strong, blockquote', '.about', 'p'].map(part => it.querySelector(part)?.innerText ?? '').join(' ')"
    return [" ".join(str(it.evaluate(parts)).split()) for it in lines.all()]


def an_answer(status: int, body: object = None) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, content_type="application/json", body=json.dumps(body))


LEDGER = {
    "en": [
        "Confirmation by e-mail Not sent The appointment was cancelled",
        "Cancellation by e-mail Delivered",
    ],
    "zh-Hans": ["预约确认 电子邮件 未发送 预约已取消", "取消通知 电子邮件 已送达"],
}


@pytest.mark.parametrize(
    ("locale", "width"),
    [
        pytest.param("en-GB", 390, id="on a phone, Chinese as the business is, then English"),
        pytest.param("zh-CN", 1280, id="at a desk, Chinese, then English"),
    ],
)
def test_the_front_desk_sees_why_each_message_was_or_was_not_sent(
    chromium: Browser, stack: Stack, cancelled: str, locale: str, width: int
) -> None:
    with at_the_deployed_desk(chromium, stack.base_url, locale=locale, width=width) as desk:
        desk.go(f"/desk/appointments/{cancelled}")
        expect(desk.heading).to_have_text(desk.says("trouble.signed_out"))
        assert desk.is_in_order()
        desk.sign_in(OWNER)
        for spoken in ("zh-Hans", "en"):
            desk.button("drawer.close").click()
            desk.choose(spoken)
            desk.page.go_back()
            assert ledger(desk) == LEDGER[spoken]
            expect(desk.drawer().locator("h2")).to_have_text("Wen Zhou", use_inner_text=True)
            expect(desk.drawer().locator(".moments").nth(1).locator("time")).to_have_count(3)
            assert desk.is_in_order()
        assert "no\nperfume" in desk.drawer().locator(".facts").inner_text()


def test_the_day_leads_to_its_appointments_and_to_its_neighbours(chromium: Browser, stack: Stack) -> None:
    """The demo books some of the next days; the day is the business's own, whatever the screen's clock says."""
    api = Api(stack.base_url, stack.console.sign_in(OWNER))
    today = stack.console.now().astimezone(SHANGHAI).date()
    days = {n: api.ask("GET", f"/v1/desk/appointments?on={today + timedelta(days=n)}").body for n in range(1, 8)}
    ahead, visits = next((n, visits) for n, visits in days.items() if visits)
    with at_the_deployed_desk(chromium, stack.base_url, width=390) as desk:
        desk.go("/desk")
        desk.sign_in(OWNER)
        desk.choose("en")
        expect(desk.heading).to_have_text(re.compile("^Today, "))
        for _ in range(ahead):
            before = desk.page.url
            desk.page.get_by_role("link", name="Day after").click()
            desk.page.wait_for_function("before => location.href !== before", arg=before)
            desk.settled()
        desk.page.wait_for_url(f"**{today + timedelta(days=ahead)}")
        names = desk.page.locator("#main .row .name")
        names.first.wait_for()
        expect(names).to_have_text([visit["client_name"] for visit in visits], use_inner_text=True)
        assert desk.is_in_order()
        desk.page.locator("#main .row-open").first.click()
        ledger(desk)
        expect(desk.drawer().locator("h2")).to_have_text(visits[0]["client_name"], use_inner_text=True)
        desk.button("drawer.close").click()
        expect(desk.page.locator("#main .row-open").first).to_be_focused()
        desk.page.get_by_label("Date").fill("2031-01-06")
        desk.page.wait_for_selector(".empty-title")
        expect(desk.heading).to_have_text("Monday, January 6, 2031")
        expect(desk.page.locator(".empty-title")).to_have_text(desk.says("day.empty"), use_inner_text=True)
        assert desk.is_in_order()


def test_nobody_sees_another_business_s_appointment(chromium: Browser, stack: Stack, cancelled: str) -> None:
    with at_the_deployed_desk(chromium, stack.base_url) as desk:
        desk.go(f"/desk/appointments/{cancelled}")
        desk.sign_in(STRANGER)
        desk.drawer().locator(".wrong").wait_for()
        assert "Wen Zhou" not in desk.page.content()
        assert desk.is_in_order()
        desk.button("drawer.close").click()
        desk.page.wait_for_url("**/desk")
        expect(desk.page.locator(".business")).to_have_text(
            seed.TOLD["hudson-garage"]["business"]["name"], use_inner_text=True
        )


def test_signing_out_ends_it(chromium: Browser, stack: Stack) -> None:
    with at_the_deployed_desk(chromium, stack.base_url) as desk:
        desk.go("/desk?on=2031-01-06")
        desk.sign_in(OWNER)
        desk.page.keyboard.press("n")
        desk.page.fill("#book-note", "a window seat")
        desk.page.keyboard.press("Escape")
        desk.sign_out()
        assert desk.page.evaluate(KEPT_IN_THE_TAB) == []
        desk.go("/desk")
        expect(desk.heading).to_have_text(desk.says("trouble.signed_out"))


@pytest.mark.parametrize(
    "query",
    [
        pytest.param("?code=stolen&state=guessed", id="of somebody else's sign-in"),
        pytest.param("?code=stolen", id="without its mark"),
        pytest.param("?error=access_denied", id="that was broken off"),
        pytest.param("", id="without anything"),
    ],
)
def test_an_answer_that_nobody_left_for_signs_nobody_in(chromium: Browser, stack: Stack, query: str) -> None:
    """Not even while somebody is at the sign-in."""
    with at_the_deployed_desk(chromium, stack.base_url) as desk:
        desk.go("/desk")
        desk.button("way.sign_in").click()
        desk.page.wait_for_url("**/oauth2/authorize?*code_challenge_method=S256*")
        asked: list[str] = []
        desk.page.on("request", lambda request: asked.append(request.method))
        desk.go(f"/desk/callback{query}")
        expect(desk.heading).to_have_text(desk.says("trouble.refused"))
        assert "POST" not in asked
        assert desk.page.evaluate(KEPT_IN_THE_TAB) == []
        desk.sign_in(OWNER)
        expect(desk.page.locator(".days")).to_have_count(1)


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(an_answer(401), id="a sign-in that the API does not know"),
        pytest.param(an_answer(403, {"code": "role_required"}), id="no role"),
    ],
)
def test_whom_the_api_does_not_let_in_can_sign_out(
    chromium: Browser, stack: Stack, answer: Callable[[Route], None]
) -> None:
    with at_the_deployed_desk(chromium, stack.base_url, width=390) as desk:
        desk.go("/desk")
        desk.sign_in(OWNER)
        desk.page.route("**/v1/desk/day?*", answer)
        desk.page.reload()
        desk.page.wait_for_selector("main.door")
        expect(desk.heading).to_have_text(desk.says("trouble.no_role"))
        assert desk.is_in_order()
        desk.page.unroute_all()
        desk.button("way.sign_out").click()
        desk.page.wait_for_function(
            "title => document.querySelector('h1')?.innerText === title", arg=desk.says("trouble.signed_out")
        )
        assert desk.page.evaluate(KEPT_IN_THE_TAB) == []


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        pytest.param(an_answer(404), "unknown", id="nothing there"),
        pytest.param(an_answer(429), "unreachable", id="too busy"),
        pytest.param(an_answer(500), "unreachable", id="failing"),
        pytest.param(an_answer(504, {"message": "Endpoint request timed out"}), "unreachable", id="too slow"),
        pytest.param(an_answer(200, "no day"), "unreachable", id="answering what cannot be"),
        pytest.param(lambda route: route.fulfill(body="<html>Bad gateway</html>"), "unreachable", id="no JSON"),
        pytest.param(lambda route: route.abort(), "unreachable", id="no network"),
    ],
)
def test_trouble_is_told_with_a_way_on(
    chromium: Browser, stack: Stack, answer: Callable[[Route], None], says: str
) -> None:
    with at_the_deployed_desk(chromium, stack.base_url, width=390) as desk:
        desk.go("/desk")
        desk.sign_in(OWNER)
        desk.page.route("**/v1/desk/day?*", answer)
        desk.page.reload()
        desk.page.wait_for_selector("#main .wrong")
        expect(desk.page.locator("#main .wrong p").first).to_have_text(
            desk.says(f"trouble_text.{says}"), use_inner_text=True
        )
        assert desk.is_in_order()
        desk.page.unroute_all()
        desk.button("way.again").click()
        desk.page.wait_for_selector("#main .who")
        expect(desk.page.locator("#main .wrong")).to_have_count(0)


PLACES = [
    ("**/v1/desk/week?*", "/desk?view=week&who=lin-yue"),
    ("**/v1/desk/day?*", "/desk/day-end?on=2031-01-06"),
    ("**/v1/desk/clients?*", "/desk/clients"),
    ("**/v1/desk/inbox", "/desk/work?tab=inbox"),
    ("**/v1/desk/follow-ups?*", "/desk/work?tab=board"),
    ("**/v1/desk/follow-ups?*", "/desk/work?tab=calls"),
    ("**/v1/desk/set-aside", "/desk/work?tab=aside"),
]


def test_no_view_that_cannot_be_loaded_leaves_a_person_without_a_way_on(chromium: Browser, stack: Stack) -> None:
    with at_the_deployed_desk(chromium, stack.base_url) as desk:
        desk.go("/desk")
        desk.sign_in(OWNER)
        desk.choose("en")
        for asked, path in PLACES:
            desk.page.route(asked, an_answer(500))
            desk.page.goto(desk.site + path)
            again = desk.page.locator("#main .wrong").get_by_role("button", name="Try again")
            again.wait_for()
            desk.page.unroute_all()
            again.click()
            desk.page.wait_for_function("() => !document.querySelector('#main .wrong')")
            desk.settled()


def as_if_renewed(desk: DeployedDesk) -> None:
    """The local user pool forgets groups when it renews, so that the API is asked with the first token here."""
    token = desk.page.evaluate("() => JSON.parse(sessionStorage.getItem('kept.signed-in')).token")
    authorization = {"authorization": f"Bearer {token}"}
    desk.page.route("**/v1/desk/**", lambda route: route.continue_(headers={**route.request.headers, **authorization}))


def changed(desk: DeployedDesk, **kept: object) -> None:
    desk.page.evaluate(
        """changed => sessionStorage.setItem("kept.signed-in",
          JSON.stringify({...JSON.parse(sessionStorage.getItem("kept.signed-in")), ...changed}))""",
        kept,
    )


def test_a_token_that_ends_is_renewed_unnoticed(chromium: Browser, stack: Stack, cancelled: str) -> None:
    with at_the_deployed_desk(chromium, stack.base_url) as desk:
        page = desk.page
        desk.go(f"/desk/appointments/{cancelled}")
        desk.sign_in(OWNER)
        as_if_renewed(desk)
        changed(desk, until=0)
        with page.expect_request("**/oauth2/token") as asked:
            page.reload()
        assert "grant_type=refresh_token" in (asked.value.post_data or "")
        ledger(desk)
        assert page.evaluate("() => JSON.parse(sessionStorage.getItem('kept.signed-in')).until") > 0
        expect(page.locator("main.door")).to_have_count(0)


def test_a_token_that_was_tampered_with_opens_nothing_and_is_replaced(
    chromium: Browser, stack: Stack, cancelled: str
) -> None:
    """Claims of another business under the old signature."""
    with at_the_deployed_desk(chromium, stack.base_url) as desk:
        page = desk.page
        desk.go(f"/desk/appointments/{cancelled}")
        desk.sign_in(STRANGER)
        desk.drawer().locator(".wrong").wait_for()
        page.evaluate(
            """() => {
              const kept = JSON.parse(sessionStorage.getItem("kept.signed-in"));
              const [head, middle, signed] = kept.token.split(".");
              const read = JSON.parse(atob(middle.replaceAll("-", "+").replaceAll("_", "/")));
              const claims = btoa(JSON.stringify({...read, "custom:business": "lanting"}));
              const body = claims.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
              const token = [head, body, signed].join(".");
              sessionStorage.setItem("kept.signed-in", JSON.stringify({...kept, token}));
            }"""
        )
        refused: list[int] = []
        page.on("response", lambda it: refused.append(it.status) if "/v1/desk/appointments/" in it.url else None)
        with page.expect_request("**/oauth2/token"):
            page.reload()
        page.locator("main.door, .drawer .wrong").first.wait_for()
        desk.at_rest()
        assert 401 in refused
        assert 200 not in refused
        assert "Wen Zhou" not in page.content()


def test_a_sign_in_that_ends_comes_back_to_its_page_with_what_was_typed(chromium: Browser, stack: Stack) -> None:
    with at_the_deployed_desk(chromium, stack.base_url) as desk:
        page = desk.page
        desk.go("/desk?on=2031-01-06")
        desk.sign_in(OWNER)
        desk.choose("en")
        page.keyboard.press("n")
        page.fill("#book-note", "a window seat, and no perfume")
        page.route("**/v1/desk/**", an_answer(401))
        page.route("**/oauth2/token", an_answer(400, {"error": "invalid_grant"}))
        page.locator("[role=alert]").filter(has_text=desk.says("trouble_text.ended")).wait_for()
        expect(page.locator("#book-note")).to_have_value("a window seat, and no perfume")
        assert desk.is_in_order()
        page.unroute_all()
        desk.sign_in(OWNER)
        assert page.url.endswith("/desk?on=2031-01-06")
        page.keyboard.press("n")
        expect(page.locator("#book-note")).to_have_value("a window seat, and no perfume")

        changed(desk, until=0, refresh="worn out")
        page.reload()
        page.locator("[role=alert]").filter(has_text=desk.says("trouble_text.ended")).first.wait_for()
        desk.sign_in(OWNER)
        page.wait_for_selector("#main .who")


def a_message(**told: object) -> dict[str, object]:
    at = "2026-11-24T00:00:00Z"
    usual = {"stage": "two_days", "version": 1, "channel": "whatsapp", "status": "sent", "reason": "", "created_at": at}
    return {**usual, "sent_at": None, "next_try": None, **told}


TOLD: list[tuple[dict[str, object], str]] = [
    (a_message(delivery="read", delivered_at="2026-11-24T00:01:00Z", read_at="2026-11-24T00:02:00Z"), "已读"),
    (
        a_message(status="delayed", reason="客户当地的免打扰时段，到 08:00 为止"),
        "延后 客户当地的免打扰时段，到 08:00 为止",
    ),
    (a_message(status="skipped", reason="客户没有同意接收短信", channel="sms"), "未发送 客户没有同意接收短信"),
    (a_message(status="failed", reason=EVIL), f"失败 {EVIL.strip()}"),
    (a_message(stage="a_week_before", channel="pigeon"), "已发送"),
]
SAID = {
    "at": "2026-11-24T00:03:00Z",
    "channel": "sms",
    "text": EVIL,
    "intent": "cancel",
    "done": "已转给员工处理",
}


def test_whatever_the_ledger_holds_is_shown_and_stays_text(chromium: Browser, stack: Stack, cancelled: str) -> None:
    """Receipts, replies, texts of any length, and what a later version may bring."""
    with at_the_deployed_desk(chromium, stack.base_url, locale="zh-CN", width=390) as desk:
        desk.go(f"/desk/appointments/{cancelled}")
        desk.sign_in(OWNER)
        desk.page.route(f"**/v1/desk/appointments/{cancelled}/messages", an_answer(200, [it for it, _ in TOLD]))
        desk.page.route(f"**/v1/desk/appointments/{cancelled}/replies", an_answer(200, [SAID]))
        desk.page.reload()
        lines = ledger(desk)
        assert lines[0].startswith(EVIL.split()[0])
        for line, (_, told) in zip(lines[1:], TOLD, strict=True):
            assert line.endswith(f" {told}")
        assert lines[-1].startswith("a week before pigeon")
        expect(desk.drawer().locator("blockquote")).to_have_text(EVIL.strip(), use_inner_text=True)
        expect(desk.drawer().locator("img")).to_have_count(0)
        expect(desk.drawer().locator(".theirs")).to_contain_text("已转给员工处理")
        expect(desk.drawer().locator(".moments").first.locator("span")).to_have_text(
            [
                f"{desk.says('at.decided')} 2026年11月24日 08:00",
                f"{desk.says('at.delivered')} 2026年11月24日 08:01",
                f"{desk.says('at.read')} 2026年11月24日 08:02",
            ],
            use_inner_text=True,
        )
        assert desk.is_in_order()


def test_a_hostile_name_and_note_are_text_everywhere(chromium: Browser, stack: Stack) -> None:
    api: Any = Api(stack.base_url, stack.console.sign_in(OWNER))
    name, note = "<img src=x onerror=alert(1)>", "<svg onload=alert(2)>{{7*7}}${7*7}"
    day = stack.console.now().astimezone(SHANGHAI) + timedelta(days=20)
    start = day.replace(hour=15, minute=0, second=0, microsecond=0)
    wish = {"service": "cut", "start": start.isoformat(), "client": {"name": name}, "note": note, "override": "<b>"}
    made = api.ask("POST", "/v1/desk/appointments", wish).body
    with at_the_deployed_desk(chromium, stack.base_url) as desk:
        desk.go(f"/desk/appointments/{made['id']}")
        desk.sign_in(OWNER)
        desk.drawer().locator("h2").filter(has_text=name).wait_for()
        expect(desk.drawer().locator(".facts")).to_contain_text(note)
        client = desk.drawer().locator(".facts a[href^='/desk/clients/']")
        client.click()
        desk.page.wait_for_url("**/desk/clients/*")
        desk.settled()
        expect(desk.page.locator("h1")).to_contain_text(name)
        for path in (f"/desk?on={start:%Y-%m-%d}&view=list", f"/desk?on={start:%Y-%m-%d}&view=grid"):
            desk.go(path)
            desk.page.get_by_text(name).first.wait_for()
        expect(desk.page.locator("img, svg[onload]")).to_have_count(0)


def test_the_desk_can_be_worked_with_the_keyboard_alone(chromium: Browser, stack: Stack) -> None:
    with at_the_deployed_desk(chromium, stack.base_url) as desk:
        page, keys = desk.page, desk.page.keyboard
        desk.go("/desk?on=2031-01-06")
        desk.sign_in(OWNER)
        keys.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        keys.press("Enter")
        expect(page.locator("#main")).to_be_focused()
        keys.press("Tab")
        keys.press("Enter")
        page.wait_for_url("**/desk?on=2031-01-05")
        keys.press("ArrowRight")
        keys.press("ArrowRight")
        page.wait_for_url("**/desk?on=2031-01-07")
        desk.settled()
        keys.press("t")
        page.wait_for_url("**/desk")
        keys.press("?")
        expect(desk.drawer().locator("h2")).to_have_text(desk.says("keys.title"), use_inner_text=True)
        keys.press("Escape")
        expect(page.locator(".drawer")).to_have_count(0)
