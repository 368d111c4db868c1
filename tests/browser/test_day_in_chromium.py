"""The desk's day in a real browser: everybody is on it, what is pressed happens, and can be taken back."""

import base64
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from kept.pages.desk.files import words
from tests.browser.test_desk_in_chromium import NOT_IN_ORDER, TOO_PALE
from tests.browser.test_in_chromium import SIDEWAYS, TOO_SMALL
from tests.builders import STARTS, a_client, a_follow_up, an_appointment

pytestmark = pytest.mark.browser

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PHOTOGRAPHS = os.environ.get("PHOTOGRAPHS")
"""Where to, for whoever wants to look at the pages."""
MEI = {"email": "mei@lotus.example", "custom:business": "lotus", "custom:staff": "mei", "cognito:groups": "[staff]"}
TOKEN = f"e30.{base64.urlsafe_b64encode(json.dumps(MEI).encode()).decode().rstrip('=')}.c2lnbmVk"
SIGNED_IN = json.dumps({"token": TOKEN, "refresh": "r", "until": 4_000_000_000_000})
ANY_LENGTH = "Wilhelmina Featherstonehaugh-Montgomery"


@dataclass
class Desk:
    """Mei in front of a screen, with a clock that is moved by hand."""

    page: Page
    site: str
    clock: list[datetime]

    def go(self, path: str) -> None:
        self.page.goto(self.site + path)
        self.page.wait_for_selector("main:not([aria-busy]) h1")

    def speak(self, language: str) -> None:
        with self.page.expect_navigation():
            self.page.click(f"#languages button[lang={language}]")
        self.page.wait_for_selector("main:not([aria-busy]) h1")

    def says(self, key: str) -> str:
        return str(words()[self.page.locator("html").get_attribute("lang") or ""][key])

    def rows(self) -> list[tuple[str, str]]:
        """Each line of the day: who, and in which state."""
        lines = self.page.locator(".row").all()
        return [(it.locator(".name").inner_text(), it.locator(".status").inner_text()) for it in lines]

    def press(self, name: str, act: str) -> None:
        """On the line of this person, and what the page says to it."""
        row = self.page.locator(".row").filter(has_text=name)
        row.get_by_role("button", name=self.says(f"act.{act}"), exact=True).click()
        self.page.wait_for_selector(".told:focus")

    def told(self) -> str:
        return self.page.locator(".told:focus").inner_text()

    def photograph(self, name: str) -> None:
        if PHOTOGRAPHS:
            width = self.page.evaluate("() => innerWidth")
            language = self.page.locator("html").get_attribute("lang")
            self.page.screenshot(path=Path(PHOTOGRAPHS) / f"{name}-{language}-{width}.png", full_page=True)

    def is_in_order(self) -> bool:
        wrong = [self.page.evaluate(check) for check in (SIDEWAYS, TOO_SMALL, NOT_IN_ORDER, TOO_PALE)]
        assert wrong == [0, [], [], []]
        return True


@pytest.fixture
def clocks(site: str, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:  # noqa: ARG001  # first the pages, then the time
    """Monday, 17:20 in Shanghai."""
    from kept import clock

    now = [STARTS + 20 * MINUTE]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    return now


@contextmanager
def at_the_desk(chromium: Browser, site: str, clocks: list[datetime], width: int) -> Iterator[Desk]:
    """No page breaks the rules that it sets itself, and no script of it fails."""
    context = chromium.new_context(viewport={"width": width, "height": 900}, service_workers="block")
    context.add_init_script(f"sessionStorage.setItem('kept.signed-in', {json.dumps(SIGNED_IN)})")
    context.set_default_timeout(15_000)
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text) if said.type == "error" else None)
    yield Desk(page, site, clocks)
    assert [text for text in broken if "409" not in text] == []
    context.close()


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


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("width", [390, 820, 1440])
def test_what_was_pressed_on_the_day_can_be_taken_back(
    chromium: Browser, site: str, clocks: list[datetime], language: str, width: int
) -> None:
    a_day()
    with at_the_desk(chromium, site, clocks, width) as desk:
        desk.go("/desk")
        desk.speak(language)
        status = {
            name: desk.says(f"status.{name}") for name in ("booked", "arrived", "no_show", "cancelled", "completed")
        }
        assert desk.rows()[-1] == ("Li Na", status["booked"])
        desk.press("Li Na", "no-show")
        assert desk.told() == desk.says("did.no-show")
        assert desk.rows()[-1] == ("Li Na", status["no_show"])
        desk.photograph("missed")
        desk.press("Li Na", "release")
        desk.press("Li Na", "undo")
        assert desk.rows()[-1] == ("Li Na", status["booked"])
        desk.press("Li Na", "check-in")
        desk.press("Wu Min", "complete")
        desk.press(ANY_LENGTH, "no-show")
        desk.go("/desk/appointments/a-3")
        desk.page.get_by_role("button", name=desk.says("act.cancel"), exact=True).click()
        desk.page.wait_for_selector(".told:focus")
        assert desk.told() == desk.says("did.cancel")
        desk.photograph("appointment")
        assert desk.is_in_order()
        desk.go("/desk")
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


def test_who_has_the_chair_by_now_is_said_and_nothing_is_changed(
    chromium: Browser, site: str, clocks: list[datetime]
) -> None:
    from tests import lotus

    a_day()
    with at_the_desk(chromium, site, clocks, 390) as desk:
        desk.go("/desk")
        desk.speak("en")
        desk.press("Li Na", "no-show")
        desk.press("Li Na", "release")
        lotus.put(replace(an_appointment("a-9", starts=STARTS + 30 * MINUTE), client="c-5"))
        desk.press("Li Na", "reverse-no-show")
        assert desk.told().startswith("The time is taken by now. Chen Jie, 5:30")
        assert desk.rows()[-1] == ("Li Na", desk.says("status.no_show"))
        desk.photograph("taken")
        assert desk.is_in_order()
        desk.page.locator(".told a").click()
        desk.page.wait_for_selector(".ledger, .lead")
        assert desk.page.locator("h1").inner_text() == "Chen Jie"


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("width", [390, 820, 1440])
def test_the_day_is_closed_with_one_press_and_taken_back_with_another(
    chromium: Browser, site: str, clocks: list[datetime], language: str, width: int
) -> None:
    a_day(check_in=False)
    clocks[0] = STARTS + 90 * MINUTE
    with at_the_desk(chromium, site, clocks, width) as desk:
        desk.go("/desk")
        desk.speak(language)
        desk.page.get_by_role("link", name=desk.says("end.open")).click()
        desk.page.wait_for_selector(".end")
        assert desk.page.locator("input:checked").count() == 5
        for name, how in (("Li Na", "missed"), ("Wu Min", "late")):
            person = desk.page.locator("fieldset").filter(has_text=name)
            person.get_by_label(desk.says(f"came.{how}"), exact=True).check()
        desk.photograph("end")
        assert desk.is_in_order()
        desk.page.get_by_role("button", name=desk.says("end.close")).click()
        desk.page.wait_for_selector(".row")
        states = [state for _, state in desk.rows()]
        assert states == [desk.says("status.completed")] * 4 + [desk.says("status.no_show")]
        desk.photograph("closed")
        assert desk.is_in_order()
        desk.page.get_by_role("button", name=desk.says("end.undo")).click()
        desk.page.wait_for_url("**/desk?on=2026-03-02")
        desk.page.wait_for_selector(".row")
        assert [state for _, state in desk.rows()] == [desk.says("status.booked")] * 5


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize("width", [390, 1440])
def test_what_came_of_a_call_is_said_with_one_press_and_read_afterwards(
    chromium: Browser, site: str, clocks: list[datetime], language: str, width: int
) -> None:
    from tests import lotus

    lotus.known(replace(a_client(), phone="+8613912345678"))
    lotus.put(an_appointment())
    lotus.open_follow_up(a_follow_up(opened=STARTS - HOUR))
    with at_the_desk(chromium, site, clocks, width) as desk:
        desk.go("/desk/follow-ups/f-1")
        desk.speak(language)
        assert desk.page.locator("a[href='tel:+8613912345678']").inner_text() == "139 1234 5678"
        for outcome in ("no_answer", "voicemail", "reached"):
            desk.page.get_by_role("button", name=desk.says(f"call.{outcome}"), exact=True).click()
            desk.page.wait_for_selector(".told:focus")
            assert desk.told() == desk.says(f"called.{outcome}")
        assert [it.split(" ")[0] for it in desk.page.locator(".ledger h3").all_inner_texts()] == [
            desk.says(f"call.{outcome}").split(" ")[0] for outcome in ("no_answer", "voicemail", "reached")
        ]
        desk.photograph("follow-up")
        assert desk.is_in_order()
