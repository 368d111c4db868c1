"""The front desk in a real browser against everything deployed: signed in at the user pool's own page."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, Route

from infra.local import seed
from infra.local.place import PATIENCE, ROOT
from kept.pages.desk.files import words
from tests.browser.test_in_chromium import SIDEWAYS, TOO_SMALL
from tests.local.api_client import Api
from tests.local.stack import Stack, a_place, command, up

pytestmark = [pytest.mark.browser, pytest.mark.stack]

OWNER, STRANGER = "lin.yue@lanting.example", "maria.ortiz@hudson-garage.example"
SHANGHAI = ZoneInfo("Asia/Shanghai")
EVIL = "<img src=x onerror=alert(1)> " + "a reason that nobody has foreseen " * 20
NOT_IN_ORDER = """
() => {
  const wrong = [];
  const all = (selector) => [...document.querySelectorAll(selector)].filter(it => it.checkVisibility());
  if (all("h1").length !== 1) wrong.push("not one h1");
  let level = 0;
  for (const it of all("h1, h2, h3, h4")) {
    if (+it.tagName[1] > level + 1) wrong.push(`${it.tagName} after h${level}`);
    level = +it.tagName[1];
  }
  for (const it of all("a, button")) if (!it.innerText.trim()) wrong.push(`no name: ${it.outerHTML}`);
  for (const it of all("input")) if (!it.labels.length) wrong.push(`no label: ${it.outerHTML}`);
  for (const it of all("nav")) if (!it.ariaLabel) wrong.push(`no name: ${it.outerHTML}`);
  if (all("main").length !== 1 || document.querySelector("main[aria-busy]")) wrong.push("no main, or still busy");
  return wrong;
}
"""
TOO_PALE = """
() => {
  const parsed = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => parsed(color).slice(0, 3).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (it) => {
    for (; it; it = it.parentElement) {
      const color = getComputedStyle(it).backgroundColor;
      if (parsed(color)[3] !== 0) return color;
    }
    return "rgb(255, 255, 255)";
  };
  return [...document.querySelectorAll("body *")]
    .filter(it => it.checkVisibility() && [...it.childNodes].some(node => node.nodeType === 3 && node.data.trim()))
    .map(it => {
      const [low, high] = [light(getComputedStyle(it).color), light(ground(it))].sort((a, b) => a - b);
      return [it.outerHTML.slice(0, 80), (high + 0.05) / (low + 0.05)];
    })
    .filter(([, ratio]) => ratio < 4.5);
}
"""


@pytest.fixture(scope="module")
def stack() -> Iterator[Stack]:
    """Of its own, with the two demo businesses."""
    place = a_place(ROOT / ".local" / "desk-test")
    command("down", place)
    command("reset", place)
    with up(place) as running:
        yield running


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
    stack.console.settle()
    desk.ask("POST", f"/v1/desk/appointments/{made}/cancel", {"reason": "time"})
    stack.console.sleep_to((night + timedelta(days=1)).replace(hour=8, minute=5))
    stack.console.fire()
    return str(made)


@dataclass
class Desk:
    """Somebody of the staff in front of a screen."""

    page: Page
    url: str

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)
        self.settled()

    def settled(self) -> None:
        self.page.wait_for_selector("main:not([aria-busy]) h1")

    def sign_in(self, email: str = OWNER) -> None:
        back = self.page.url
        self.press("way.sign_in")
        self.page.fill("#username", email)
        self.page.fill("#password", seed.PASSWORD)
        self.page.click("button")
        self.page.wait_for_url(self.url + "/desk" if "/callback" in back else back)
        self.settled()

    def press(self, key: str) -> None:
        self.page.locator("main").get_by_role("button", name=self.says(key), exact=True).click()

    def choose(self, language: str) -> None:
        with self.page.expect_navigation():
            self.page.click(f"#languages button[lang={language}]")
        self.settled()

    def says(self, key: str) -> str:
        """What stands under this name in the language of the page."""
        return str(words()[self.page.locator("html").get_attribute("lang") or ""][key])

    @property
    def title(self) -> str:
        return self.page.locator("h1").inner_text()

    def ledger(self) -> list[str]:
        """Each line without its times."""
        lines = self.page.locator(".ledger > li")
        return [" / ".join(line.locator("h3, p").all_inner_texts()) for line in lines.all()]

    def is_in_order(self) -> bool:
        """Fits its window, can be hit and read, and is marked up for who cannot see it."""
        wrong = [self.page.evaluate(check) for check in (SIDEWAYS, TOO_SMALL, NOT_IN_ORDER, TOO_PALE)]
        assert wrong == [0, [], [], []]
        return True

    def answers(self, path: str, answer: Callable[[Route], None]) -> None:
        """The API answers so from now on where it is asked for that path."""
        self.page.route(f"{self.url}/v1/{path}", answer)


@contextmanager
def at_the_desk(chromium: Browser, stack: Stack, *, locale: str = "en", width: int = 1280) -> Iterator[Desk]:
    """No page breaks the rules that it sets itself, and no script of it fails."""
    context = chromium.new_context(viewport={"width": width, "height": 844}, locale=locale, service_workers="block")
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
    yield Desk(page, stack.base_url)
    assert broken == []
    context.close()


def an_answer(status: int, body: object = None) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, content_type="application/json", body=json.dumps(body))


LEDGER = {
    "en": [
        "Confirmation by e-mail / Not sent The appointment was cancelled",
        "Cancellation by e-mail / Delivered",
    ],
    "zh-Hans": ["预约确认 电子邮件 / 未发送 预约已取消", "取消通知 电子邮件 / 已送达"],
}


@pytest.mark.parametrize(
    ("locale", "language", "other", "width"),
    [
        pytest.param("en-GB", "zh-Hans", "en", 390, id="on a phone, Chinese as the business is, then English"),
        pytest.param("zh-CN", "zh-Hans", "en", 1280, id="at a desk, Chinese, then English"),
    ],
)
def test_the_front_desk_sees_why_each_message_was_or_was_not_sent(
    chromium: Browser, stack: Stack, cancelled: str, locale: str, language: str, other: str, width: int
) -> None:
    with at_the_desk(chromium, stack, locale=locale, width=width) as desk:
        desk.go(f"/desk/appointments/{cancelled}")
        assert desk.title == desk.says("trouble.signed_out")
        assert desk.is_in_order()
        desk.sign_in()
        for spoken in (language, other):
            desk.choose(spoken)
            assert desk.page.locator("html").get_attribute("lang") == spoken
            assert desk.title == "Wen Zhou"
            assert desk.ledger() == LEDGER[spoken]
            assert desk.page.locator(".moments").nth(1).locator("time").count() == 3
            assert desk.is_in_order()
        assert "no\nperfume" in desk.page.locator("dl").inner_text()
        assert desk.page.title().endswith("兰亭美发")


def test_the_day_leads_to_its_appointments_and_to_its_neighbours(chromium: Browser, stack: Stack) -> None:
    """The demo books some of the next days; the day is the business's own, whatever the screen's clock says."""
    api = Api(stack.base_url, stack.console.sign_in(OWNER))
    today = stack.console.now().astimezone(SHANGHAI).date()
    days = {n: api.ask("GET", f"/v1/desk/appointments?on={today + timedelta(days=n)}").body for n in range(1, 8)}
    ahead, visits = next((n, visits) for n, visits in days.items() if visits)
    with at_the_desk(chromium, stack, width=390) as desk:
        desk.go("/desk")
        desk.sign_in()
        desk.choose("en")
        assert desk.title.startswith("Today, ")
        for _ in range(ahead):
            desk.page.get_by_role("link", name="Day after").click()
            desk.page.wait_for_url("**/desk?on=*")
            desk.settled()
        assert desk.page.url.endswith((today + timedelta(days=ahead)).isoformat())
        assert desk.page.locator(".visit .name").all_inner_texts() == [visit["client_name"] for visit in visits]
        assert desk.is_in_order()
        desk.page.locator(".visit").first.click()
        desk.page.wait_for_selector(".ledger")
        assert desk.title == visits[0]["client_name"]
        desk.page.get_by_role("link", name="All of ").click()
        desk.page.wait_for_selector(".visit")
        desk.page.get_by_label("Date").fill("2031-01-06")
        desk.page.get_by_role("button", name="Show").click()
        desk.page.wait_for_selector(".lead")
        assert (desk.title, desk.says("day.empty")) == (
            "Monday, January 6, 2031",
            desk.page.locator(".lead").inner_text(),
        )
        assert desk.is_in_order()


def test_nobody_sees_another_business_s_appointment(chromium: Browser, stack: Stack, cancelled: str) -> None:
    with at_the_desk(chromium, stack) as desk:
        desk.go(f"/desk/appointments/{cancelled}")
        desk.sign_in(STRANGER)
        assert desk.title == "There is nothing here"
        desk.press("way.today")
        desk.page.wait_for_selector(".days")
        assert desk.page.locator("#business").inner_text() == seed.TOLD["hudson-garage"]["business"]["name"]


def test_signing_out_ends_it(chromium: Browser, stack: Stack) -> None:
    with at_the_desk(chromium, stack) as desk:
        desk.go("/desk?on=2031-01-06")
        desk.sign_in()
        desk.page.click("#sign-out")
        desk.page.wait_for_url("**/desk")
        desk.settled()
        assert desk.page.evaluate("() => Object.keys(sessionStorage)") == []
        desk.go("/desk")
        assert desk.title == desk.says("trouble.signed_out")


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
    with at_the_desk(chromium, stack) as desk:
        desk.go("/desk")
        desk.press("way.sign_in")
        desk.page.wait_for_url("**/oauth2/authorize?*code_challenge_method=S256*")
        asked: list[str] = []
        desk.page.on("request", lambda request: asked.append(request.method))
        desk.go(f"/desk/callback{query}")
        assert desk.title == desk.says("trouble.refused")
        assert "POST" not in asked
        assert desk.page.evaluate("() => Object.keys(sessionStorage)") == []
        desk.sign_in()
        assert desk.page.locator(".days").count() == 1


@pytest.mark.parametrize(
    ("answer", "trouble", "way"),
    [
        pytest.param(an_answer(401), "no_role", "sign_out", id="a sign-in that the API does not know"),
        pytest.param(an_answer(403, {"code": "role_required"}), "no_role", "sign_out", id="no role"),
        pytest.param(an_answer(404, {"code": "unknown_appointment"}), "unknown", "today", id="nothing there"),
        pytest.param(an_answer(429), "unreachable", "again", id="too busy"),
        pytest.param(an_answer(500), "unreachable", "again", id="failing"),
        pytest.param(an_answer(200, "no list"), "unreachable", "again", id="answering what cannot be"),
        pytest.param(lambda route: route.abort(), "unreachable", "again", id="no network"),
    ],
)
def test_trouble_is_told_with_a_way_on(
    chromium: Browser, stack: Stack, answer: Callable[[Route], None], trouble: str, way: str
) -> None:
    with at_the_desk(chromium, stack, width=390) as desk:
        desk.go("/desk")
        desk.sign_in()
        desk.answers("desk/appointments?*", answer)
        desk.page.reload()
        desk.settled()
        assert desk.title == desk.says(f"trouble.{trouble}")
        assert desk.is_in_order()
        desk.page.unroute_all()
        desk.press(f"way.{way}")
        desk.page.wait_for_selector(".days" if way != "sign_out" else "#person[hidden]", state="attached")


def test_a_token_that_ends_is_renewed_and_a_sign_in_that_ended_comes_back_to_its_page(
    chromium: Browser, stack: Stack, cancelled: str
) -> None:
    """The local user pool forgets groups when it renews, so that the API is answered for here."""
    with at_the_desk(chromium, stack) as desk:
        page = desk.page
        desk.go(f"/desk/appointments/{cancelled}")
        desk.sign_in()

        def ends(**changed: object) -> None:
            page.evaluate(
                """changed => sessionStorage.setItem("kept.signed-in",
                  JSON.stringify({...JSON.parse(sessionStorage.getItem("kept.signed-in")), ...changed}))""",
                {"until": 0, **changed},
            )

        old = page.evaluate("() => sessionStorage.getItem('kept.signed-in')")
        ends()
        with page.expect_request("**/oauth2/token") as asked:
            page.reload()
        assert "grant_type=refresh_token" in (asked.value.post_data or "")
        desk.settled()
        assert page.evaluate("() => JSON.parse(sessionStorage.getItem('kept.signed-in')).until") > 0
        assert page.evaluate("() => sessionStorage.getItem('kept.signed-in')") != old

        ends(refresh="worn out")
        page.reload()
        desk.settled()
        assert desk.title == desk.says("trouble.ended")
        desk.sign_in()
        assert desk.title == "Wen Zhou"


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
    with at_the_desk(chromium, stack, locale="zh-CN", width=390) as desk:
        desk.go(f"/desk/appointments/{cancelled}")
        desk.sign_in()
        body: Any = {"messages": [message for message, _ in TOLD], "received": [SAID]}
        desk.answers(f"desk/appointments/{cancelled}/messages", an_answer(200, body))
        desk.page.reload()
        desk.settled()
        badges = [line.partition(" / ")[2] for line in desk.ledger()]
        assert badges[: len(TOLD)] == [told for _, told in TOLD]
        assert desk.ledger()[len(TOLD) - 1].startswith("a week before pigeon")
        assert desk.page.locator("blockquote").inner_text() == EVIL.strip()
        assert desk.page.locator("main img").count() == 0
        assert desk.ledger()[-1].endswith("已转给员工处理")
        assert desk.page.locator(".moments").first.locator("li").all_inner_texts() == [
            "决定于 2026年11月24日 08:00",
            "送达于 2026年11月24日 08:01",
            "已读于 2026年11月24日 08:02",
        ]
        assert desk.is_in_order()


def test_the_desk_can_be_worked_with_the_keyboard_alone(chromium: Browser, stack: Stack) -> None:
    with at_the_desk(chromium, stack) as desk:
        page, keys = desk.page, desk.page.keyboard
        desk.go("/desk?on=2031-01-06")
        desk.sign_in()
        keys.press("Tab")
        assert page.evaluate("() => document.activeElement.className") == "skip"
        keys.press("Enter")
        keys.press("Tab")
        keys.press("Enter")
        page.wait_for_url("**/desk?on=2031-01-05")
        desk.settled()
        assert page.locator("[role=status]").inner_text() == desk.title
