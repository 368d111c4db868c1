"""A gap of the same day goes to who waits, then to who said that they are near or due again: by their own word."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

import client_pages
import front_desk
from kept import clock
from kept.actor import CLIENT, Change
from kept.booking.states import Status
from kept.client_links.tokens import wait_token
from kept.storage import appointments, catalogs, waitlist
from kept.use_cases.messaging.client_message import ToClient, to_client
from kept.use_cases.waitlist.joining import join
from kept.waitlist.entry import EntryState, SameDay, WaitlistEntry
from tests import lotus
from tests.asking import ask
from tests.builders import STARTS, an_appointment
from tests.functions.plain_browser import Browser
from tests.functions.waitlisting import ANY, called_off, offer_of, opened, pass_until, said, somebody, streamed, waits

TODAY = STARTS - timedelta(hours=5)
"""Monday at noon; Li Na's visit from 17:00 to 18:00 is called off."""
MINUTE = timedelta(minutes=1)
WEEK = timedelta(days=7)


def wants_gaps(id: str, same_day: SameDay, *, visits: int = 0) -> WaitlistEntry:
    """With so many visits, a week apart, the last a week ago."""
    client = somebody(id)
    for n in range(1, visits + 1):
        visit = an_appointment(f"v-{id}-{n}", starts=STARTS - n * WEEK - timedelta(hours=5))
        lotus.put(replace(visit, client=id, status=Status.COMPLETED))
    return join(catalogs.load("lotus"), client, ANY, Change(CLIENT, TODAY - timedelta(days=1)), same_day=same_day)


def freed(at: datetime = TODAY) -> None:
    called_off(at)
    pass_until(at)


WHO = {
    "near": (SameDay.NEAR, 0, TODAY, True),
    "near, and the gap is tomorrow's": (SameDay.NEAR, 0, TODAY - timedelta(days=1), False),
    "due by their rhythm": (SameDay.DUE, 3, TODAY, True),
    "due without a rhythm": (SameDay.DUE, 2, TODAY, False),
    "due, and the gap is tomorrow's": (SameDay.DUE, 3, TODAY - timedelta(days=1), False),
}


@pytest.mark.parametrize(("same_day", "visits", "at", "is_told"), WHO.values(), ids=WHO)
def test_who_hears_of_a_gap(same_day: SameDay, visits: int, at: datetime, *, is_told: bool) -> None:
    opened()
    entry = wants_gaps("c-2", same_day, visits=visits)
    freed(at)
    assert (offer_of(entry) is not None) is is_told


def test_whoever_waits_comes_first() -> None:
    """Three hours and more ahead each batch holds different times; of one time it is who waits."""
    opened()
    near, waiter = wants_gaps("c-2", SameDay.NEAR), waits("c-3", since=TODAY - timedelta(hours=1))
    freed()
    assert (offer_of(near), offer_of(waiter) is None) == (None, False)
    pass_until(TODAY + timedelta(minutes=15))
    assert offer_of(near) is not None


def test_whoever_has_a_visit_to_come_hears_of_none_until_it_is_over() -> None:
    """And stays on the list, for they are to hear of gaps as long as they said."""
    opened()
    entry = wants_gaps("c-2", SameDay.NEAR)
    visit = replace(an_appointment("a-2", starts=STARTS + timedelta(days=2)), client="c-2")
    lotus.put(visit)
    streamed(None, appointments.load("lotus", "a-2"), TODAY - MINUTE)
    freed()
    assert (offer_of(entry), waitlist.load("lotus", entry.id).state) == (None, EntryState.WAITING)


def test_a_sliver_is_no_gap_for_them() -> None:
    """Though it would fit: it is shorter than what is of use to the service."""
    opened()
    catalog = catalogs.load("lotus")
    lotus.store(replace(catalog, services={**catalog.services, "cut": replace(catalog.services["cut"], useful=90)}))
    catalogs.forget()
    near, waiter = wants_gaps("c-2", SameDay.NEAR), waits("c-3")
    freed()
    pass_until(TODAY + timedelta(hours=2))
    assert (offer_of(near), waitlist.load("lotus", near.id).offers) == (None, ())
    assert waitlist.load("lotus", waiter.id).offers


TEXTS = {"en": ("a gap today", "There is a gap today"), "zh-Hans": ("当天空档", "今天有您希望通知的空档")}


@pytest.mark.parametrize("language", TEXTS)
def test_the_words_say_that_it_is_a_gap(language: str) -> None:
    opened()
    wants_gaps("c-2", SameDay.NEAR)
    freed()
    message = next(it for it in said("c-2") if it.stage == "time_offered")
    about = to_client(message, catalogs.load("lotus"), now=TODAY)
    assert isinstance(about, ToClient)
    theirs = replace(about, client=replace(about.client, locale=language))
    assert TEXTS[language][1] in theirs.parcel(now=TODAY).rendered.text


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
@pytest.mark.parametrize(("kind", "stored"), [("near", "near"), ("due", "due"), ("", ""), ("nonsense", "")])
def test_they_say_so_themselves_and_take_it_back(
    monkeypatch: pytest.MonkeyPatch, kind: str, stored: str, language: str
) -> None:
    """By one choice of their page; what is none of these is any time."""
    monkeypatch.setattr(clock, "now", lambda: TODAY)
    opened()
    entry = waits("c-2")
    browser = Browser(client_pages.handler, language)
    link = f"/w/{wait_token('lotus', entry.id, now=TODAY)}?lang={language}"
    (form,) = [it for it in browser.get(link).forms if it.action.endswith("/change") or "/change?" in it.action]
    assert browser.press(form, same_day=kind).status == 200
    assert str(waitlist.load("lotus", entry.id).same_day) == stored


def test_the_desk_sees_them_on_its_gaps_of_today_and_writes_it_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: TODAY)
    opened()
    somebody("c-2")
    wish = {"services": ["cut"], "first": "2026-03-02", "last": "2026-03-08", "same_day": "near", "client": "c-2"}
    made = ask(front_desk.handler, "POST /v1/desk/waitlist", wish, role="staff")
    assert (made.status, made.body["same_day"]) == (200, "near")
    for on, expected in (("2026-03-02", {"Client c-2"}), ("2026-03-03", set[str]())):
        day = ask(front_desk.handler, "GET /v1/desk/day", role="staff", query={"on": on}).body
        names = {it["client_name"] for gap in day["gaps"] for it in gap["waiting"]}
        assert names == expected, on
    wrong = ask(front_desk.handler, "POST /v1/desk/waitlist", {**wish, "same_day": "far"}, role="staff")
    assert wrong.status in (400, 422)
