"""On the pages as in the messages: a visit in person is offered in the place's time and on its days, with the reader's
own time beside it where their clock shows another then; one by video or telephone in the reader's.
"""

from dataclasses import replace

import pytest

import client_pages
from kept import clock
from kept.booking.refusals import SlotTaken
from kept.business.catalog import Mode
from kept.client_links import tokens
from kept.pages.appointment import moving
from kept.use_cases.booking import book
from tests import lotus
from tests.builders import a_client, an_appointment
from tests.functions.plain_browser import Browser

PERSON, VIDEO, PHONE = Mode.IN_PERSON, Mode.VIDEO, Mode.PHONE
ASKED = "/b/lotus?service=cut&staff=mei&day=2026-03-02"
OURS = "Times are Shanghai time."

OFFERED = {
    "the place's own zone": ("Asia/Shanghai", PERSON, "9:00 AM", OURS),
    "another zone with the same clock": ("Asia/Singapore", PERSON, "9:00 AM", OURS),
    "a clock an hour on": ("Asia/Tokyo", PERSON, "9:00 AM 10:00 AM", "the small ones are Tokyo time"),
    "half hours": ("Asia/Kolkata", PERSON, "9:00 AM 6:30 AM", "the small ones are Kolkata time"),
    "quarters of hours": ("Asia/Kathmandu", PERSON, "9:00 AM 6:45 AM", "the small ones are Kathmandu time"),
    "by night": ("Europe/Berlin", PERSON, "9:00 AM 2:00 AM", "the small ones are Berlin time"),
    "the day before": ("America/New_York", PERSON, "9:00 AM Sun 8:00 PM", "the small ones are New York time"),
    "far behind": ("Pacific/Honolulu", PERSON, "9:00 AM Sun 3:00 PM", "the small ones are Honolulu time"),
    "far ahead": ("Pacific/Kiritimati", PERSON, "9:00 AM 3:00 PM", "the small ones are Kiritimati time"),
    "by video, at the place": ("Asia/Shanghai", VIDEO, "9:00 AM", OURS),
    "by video, the same clock": ("Asia/Singapore", VIDEO, "9:00 AM", "Times are Singapore time."),
    "by video, an hour on": ("Asia/Tokyo", VIDEO, "10:00 AM", "Times are Tokyo time; Lotus is on Shanghai time."),
    "by telephone, by night": ("Europe/Berlin", PHONE, "2:00 AM", "Times are Berlin time; Lotus is on Shanghai time."),
}


@pytest.fixture
def browser(cloud: None, monkeypatch: pytest.MonkeyPatch) -> Browser:  # noqa: ARG001
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    lotus.open_both()
    return Browser(client_pages.handler, "en")


def booked_for(mode: Mode) -> None:
    salon = lotus.the_salon()
    lotus.store(replace(salon, services={"cut": replace(salon.services["cut"], mode=mode)}))


@pytest.mark.parametrize(("zone", "mode", "first", "whose"), OFFERED.values(), ids=OFFERED)
def test_times_are_offered_by_the_clock_that_counts(
    browser: Browser, zone: str, mode: Mode, first: str, whose: str
) -> None:
    booked_for(mode)
    page = browser.get(f"{ASKED}&zone={zone}")
    assert "Monday, March 2, 2026" in page.text
    assert page.form("/hold").buttons[0][0] == first
    assert whose in page.text


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        pytest.param("Asia/Shanghai", "Monday, March 2, 2026 at 5:00 PM", id="at the place"),
        pytest.param("Europe/Berlin", "at 5:00 PMShanghai time; 10:00 AM Berlin time", id="elsewhere"),
        pytest.param("America/New_York", "at 5:00 PMShanghai time; 4:00 AM New York time", id="by night"),
    ],
)
def test_the_times_instead_are_told_so_too(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, zone: str, said: str
) -> None:
    """Of one that was lost while booking, and of one lost while moving; and the time that a visit has now."""

    def lost(*_: object) -> None:
        raise SlotTaken

    form = browser.get(f"{ASKED}&zone={zone}").form("/hold")
    label = next(text for text, _, value in form.buttons if value.startswith("2026-03-02T17:00:00"))
    monkeypatch.setattr(book, "hold", lost)
    assert said in browser.press(form, label).text
    lotus.known(replace(a_client(), locale="en"))
    visit = lotus.put(an_appointment())
    path = f"/a/{tokens.manage_token(visit)}"
    assert said in browser.get(f"{path}/move?zone={zone}&lang=en").text
    moved = browser.get(f"{path}/move?zone={zone}&lang=en&staff=mei&start=2026-03-02T16:00:00%2B08:00").form("/move")
    monkeypatch.setattr(moving, "reschedule", lost)
    again = browser.press(moved)
    assert again.status == 409
    assert ("Shanghai time; " in again.text) == (zone != "Asia/Shanghai")


def test_until_when_a_change_is_free_names_its_clock(browser: Browser) -> None:
    lotus.known(replace(a_client(), locale="en"))
    path = f"/a/{tokens.manage_token(lotus.put(an_appointment(starts=lotus.NOW.replace(month=3, day=10))))}"
    assert "until Sunday, March 8, 2026 at 5:15 PM." in browser.get(f"{path}?lang=en").text
    there = browser.get(f"{path}?lang=en&zone=Europe/Berlin").text
    assert "until Sunday, March 8, 2026 at 5:15 PM Shanghai time." in there
