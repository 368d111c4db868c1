"""Somebody at a front desk, who does each thing of a day with mouse and keys, or with the keys alone."""

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field

from playwright.sync_api import Locator, Page

from tests.browser.deployed_desk import DeployedDesk
from tests.browser.hands import Hands

FAR = 60
"""Steps of Tab or of the list; what is farther away is not reached."""
HAS_FOCUS = "it => it === document.activeElement"
BEFORE = "it => Boolean(it.compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING)"
SAME_GROUP = "it => it === document.activeElement || (it.name && it.name === document.activeElement.name)"
POINTED = """
for (const kind of ["pointerdown", "mousedown", "touchstart", "wheel"])
  addEventListener(kind, it => it.isTrusted && console.error(`pointed: ${kind}`), {capture: true, passive: true});
"""


def only_keys(page: Page) -> list[str]:
    """What the mouse did all the same, on every page that it comes to."""
    found: list[str] = []
    page.add_init_script(POINTED)
    page.on("console", lambda said: found.append(said.text) if said.text.startswith("pointed") else None)
    return found


@dataclass
class Receptionist(ABC):
    """Each act is begun by what is nearest to the hand."""

    desk: DeployedDesk
    hands: Hands = field(init=False)

    def __post_init__(self) -> None:
        self.hands = Hands(self.desk.page)

    @property
    def page(self) -> Page:
        return self.desk.page

    def visit(self, name: str) -> Locator:
        return self.page.locator(".visit-open").filter(has_text=name)

    def state(self, name: str, state: str) -> None:
        """Waits until their visit of the day is drawn so."""
        self.page.locator(f"li.visit.is-{state}").filter(has_text=name).wait_for()

    def says(self, text: str) -> None:
        """Waits for a notice with these words."""
        self.page.locator(".toast p").filter(has_text=text).first.wait_for()

    def button(self, key: str, within: str = ".drawer", **facts: object) -> Locator:
        begins = re.compile(rf"^\W*{re.escape(self.desk.says(key, **facts))}\W*$")
        return self.page.locator(within).get_by_role("button", name=begins)

    def radio(self, name: str) -> Locator:
        return self.page.locator(".drawer").get_by_role("radio", name=name, exact=True)

    def walks_to(self, what: Locator) -> None:
        """Up or down the list, as one sees it."""
        what.wait_for()
        self._steps(what, HAS_FOCUS, "j" if self._is_behind(what) else "k")

    def _steps(self, what: Locator, reached: str, key: str) -> None:
        for n in range(FAR):
            if what.evaluate(reached):
                return
            if n == 0:
                self.hands.presses(key)
            else:
                self.page.keyboard.press(key)
        raise AssertionError(f"{what} is not reached by {key}")

    def _is_behind(self, what: Locator) -> bool:
        """Nothing has the focus: it is behind."""
        return not what.evaluate(BEFORE)

    def _replaces(self, into: Locator, text: str) -> None:
        """What has the focus: a time from its hour on."""
        is_time = into.get_attribute("type") == "time"
        for key in ("ArrowLeft", "ArrowLeft") if is_time else ("Control+a",):
            self.page.keyboard.press(key)
        self.hands.types(text)

    @abstractmethod
    def press(self, what: Locator) -> None:
        """A button or a link."""

    @abstractmethod
    def choose(self, what: Locator) -> None:
        """One of several."""

    @abstractmethod
    def write(self, into: Locator, text: str) -> None:
        """In place of what stands there."""

    @abstractmethod
    def open(self, visit: Locator) -> None:
        """What is listed or drawn."""

    @abstractmethod
    def does_next(self, name: str) -> None:
        """The likeliest act on their visit."""

    @abstractmethod
    def move(self, visit: Locator, quarters: int) -> None:
        """Down by so many quarters of an hour, as far as the bar that asks whether to."""

    @abstractmethod
    def go(self, place: str) -> None:
        """To a place or an act by its name."""

    @abstractmethod
    def submit(self) -> None:
        """What is filled in."""

    @abstractmethod
    def sign_in(self, email: str, password: str) -> None:
        """At the user pool's own page."""


class WithMouse(Receptionist):
    """The mouse, and those keys that everybody uses: to type, `n`, `/`, `u`, Tab and Enter."""

    def press(self, what: Locator) -> None:
        self.hands.clicks(what)

    choose = press

    def write(self, into: Locator, text: str) -> None:
        if not into.evaluate(HAS_FOCUS):
            self.hands.clicks(into)
        self._replaces(into, text)

    def open(self, visit: Locator) -> None:
        self.hands.clicks(visit)

    def does_next(self, name: str) -> None:
        self.hands.clicks(self.page.locator("li.visit").filter(has_text=name).locator(".visit-act"))

    def move(self, visit: Locator, quarters: int) -> None:
        pixels = float(visit.evaluate("it => getComputedStyle(it.closest('.column')).getPropertyValue('--px') || 1.6"))
        self.hands.drags(visit, down=round(quarters * 15 * pixels))

    def go(self, place: str) -> None:
        self.hands.clicks(
            self.page.get_by_role("link", name=place, exact=True)
            .or_(self.page.get_by_role("button", name=place, exact=True))
            .first
        )

    def submit(self) -> None:
        self.hands.clicks(self.page.locator(".drawer .main").last)

    def sign_in(self, email: str, password: str) -> None:  # noqa: ARG002
        self.desk.sign_in(email)


class WithKeys(Receptionist):
    """Nothing here points at anything. A walk by Tab or through a list is one act, however far."""

    def press(self, what: Locator) -> None:
        self._tabs_to(what, HAS_FOCUS)
        self.hands.presses("Enter")

    def choose(self, what: Locator) -> None:
        self._tabs_to(what, SAME_GROUP)
        for _ in range(FAR):
            if what.is_checked() and what.evaluate(HAS_FOCUS):
                return
            self.page.keyboard.press("ArrowDown" if not what.evaluate(HAS_FOCUS) else "Space")
        raise AssertionError("the arrows do not choose it")

    def write(self, into: Locator, text: str) -> None:
        self._tabs_to(into, HAS_FOCUS)
        self._replaces(into, text)

    def open(self, visit: Locator) -> None:
        self.walks_to(visit)
        self.hands.presses("Enter")

    def does_next(self, name: str) -> None:
        self.page.locator("li.visit").filter(has_text=name).locator(".visit-act").wait_for()
        self.walks_to(self.visit(name))
        self.hands.presses("e")

    def move(self, visit: Locator, quarters: int) -> None:
        self.walks_to(visit)
        self.hands.presses("Alt+ArrowDown", times=quarters)

    def go(self, place: str) -> None:
        self.hands.presses("Control+k")
        self.hands.types(place)
        self.page.locator("#palette-ways li").first.filter(has_text=place).wait_for()
        self.hands.presses("Enter")

    def submit(self) -> None:
        self.hands.presses("Enter")

    def sign_in(self, email: str, password: str) -> None:
        back = self.page.url
        self.press(self.desk.button("way.sign_in").first)
        self.write(self.page.locator("#username"), email)
        self.write(self.page.locator("#password"), password)
        self.hands.presses("Enter")
        self.page.wait_for_url(back)
        self.desk.settled()

    def _tabs_to(self, what: Locator, reached: str) -> None:
        what.wait_for()
        self._steps(what, reached, "Tab" if self._is_behind(what) else "Shift+Tab")
