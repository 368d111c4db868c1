"""Somebody's hands at keyboard and mouse: each thing they do counted, and how long it takes them.

By the keystroke-level model (Card, Moran and Newell, "The keystroke-level model for user performance time with
interactive systems", CACM 23, 1980): what a person needs, without what the machine needs to answer.
"""

from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

KEY = 0.28
"""Seconds for one, by an average typist of 40 words a minute; each key that is held counts too."""
POINT, BUTTON = 1.1, 0.1
"""To something on the screen; pressing a button of the mouse, or letting it go."""
HOMING = 0.4
"""From the keyboard to the mouse or back."""
THINK = 1.35
"""Before each thing that is done, once for a word and not for each of its letters."""


@dataclass
class Hands:
    """`acts`: clicks, drags, keys that command, and fields that are typed in. They begin at the keyboard."""

    page: Page
    acts: int = 0
    seconds: float = 0
    on_mouse: bool = False

    def clicks(self, what: Locator) -> None:
        self._does(mouse=True, takes=POINT + 2 * BUTTON)
        what.click()

    def presses(self, key: str, *, times: int = 1) -> None:
        """The same again takes no thought."""
        keys = len(key.split("+")) * KEY
        self._does(mouse=False, takes=keys)
        self.acts, self.seconds = self.acts + times - 1, self.seconds + (times - 1) * keys
        for _ in range(times):
            self.page.keyboard.press(key)

    def types(self, text: str) -> None:
        """Where the cursor is, once it is there."""
        self._does(mouse=False, takes=KEY * len(text))
        expect(self.page.locator(":is(input, textarea, select):focus")).to_have_count(1)
        self.page.keyboard.type(text)

    def drags(self, what: Locator, down: int) -> None:
        """By so many pixels."""
        self._does(mouse=True, takes=2 * POINT + 2 * BUTTON)
        what.scroll_into_view_if_needed()
        box = what.bounding_box()
        assert box
        x, y, mouse = box["x"] + 40, box["y"] + 8, self.page.mouse
        mouse.move(x, y)
        mouse.down()
        mouse.move(x, y + down / 2, steps=4)
        mouse.move(x, y + down, steps=4)
        mouse.up()

    def _does(self, *, mouse: bool, takes: float) -> None:
        self.acts += 1
        self.seconds += THINK + takes + (HOMING if mouse is not self.on_mouse else 0)
        self.on_mouse = mouse
