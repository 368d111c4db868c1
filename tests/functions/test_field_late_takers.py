"""Whoever comes too late for a time that was held for them is told so kindly, and which others they could have at once:
on their page, and by every channel."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest

import client_pages
from kept import clock
from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment
from kept.business.catalog import Catalog
from kept.channels import CONVERSATIONS, Channel
from kept.client_links.tokens import wait_token
from kept.messaging.message import Message
from kept.storage import appointments, catalogs, clients, messages, waitlist
from kept.use_cases.booking.book import BookingRequest, book
from kept.use_cases.messaging.client_message import ToClient, to_client
from kept.use_cases.waitlist.answering import decline
from kept.use_cases.waitlist.other_times import other_times
from kept.waitlist.entry import WaitlistEntry
from tests import lotus
from tests.builders import STARTS, an_appointment
from tests.functions.plain_browser import Browser, Form, Page
from tests.functions.waitlisting import ANY, NOON, STAFF, called_off, offer_of, opened, pass_until, waits

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
LATER = NOON + 20 * MINUTE
MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
EVENING = {"opens": time(17), "closes": time(20)}


def at(moment: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-{moment}+08:00")


def nothing(catalog: Catalog) -> None:
    """As it is."""


def only_mei(catalog: Catalog) -> None:
    cut = replace(catalog.services["cut"], staff=("mei",))
    lotus.store(replace(catalog, services={**catalog.services, "cut": cut}))
    catalogs.forget()


def no_cuts(catalog: Catalog) -> None:
    cut = catalog.services["cut"]
    catalogs.give_up("lotus", cut, over=catalogs.revision(cut))
    catalogs.forget()


def monday_with_mei_is_full(catalog: Catalog) -> None:  # noqa: ARG001
    for n, hour in enumerate((18, 19)):
        starts = at(f"02T{hour}:00")
        lotus.put(replace(an_appointment(f"full-{n}", starts=starts), client="c-1"))


FREE: dict[str, tuple[dict[str, object], Callable[[Catalog], None], list[str]]] = {
    "any time: the soonest three": ({}, nothing, ["28T13:30", "28T14:30", "28T15:30"]),
    "an evening with Mei": (
        {"staff": ("mei",), "first": MONDAY, "last": MONDAY, **EVENING},
        nothing,
        ["02T18:00", "02T19:00"],
    ),
    "with Mei, whose Monday is full": (
        {"staff": ("mei",), "first": MONDAY, "last": TUESDAY, **EVENING},
        monday_with_mei_is_full,
        ["03T17:00", "03T18:00", "03T19:00"],
    ),
    "Tuesdays alone": (
        {"weekdays": (1,), "first": MONDAY, "last": TUESDAY, "opens": time(17)},
        nothing,
        ["03T17:00", "03T18:00", "03T19:00"],
    ),
    "fewer than three": (
        {"staff": ("mei",), "first": MONDAY, "last": MONDAY, "opens": time(18, 45)},
        nothing,
        ["02T18:45"],
    ),
    "nothing within the wish": (
        {"staff": ("mei",), "first": MONDAY, "last": MONDAY, "opens": time(17), "closes": time(18)},
        nothing,
        [],
    ),
    "somebody else at that very time is another time of another person": (
        {"first": MONDAY, "last": MONDAY, "opens": time(17), "closes": time(18, 15)},
        nothing,
        ["02T17:15"],
    ),
    "not done by who is named any more": ({"staff": ("jun",)}, only_mei, []),
    "no longer offered": ({}, no_cuts, []),
}


def came_too_late(**wish: object) -> WaitlistEntry:
    """Staff gave the time that they had on offer to somebody else."""
    opened()
    entry = waits("c-2", wish=replace(ANY, **wish))  # type: ignore[arg-type]
    called_off()
    pass_until(NOON)
    assert offer_of(entry)
    taken_by_hand()
    pass_until(NOON + MINUTE)
    return waitlist.load("lotus", entry.id)


def taken_by_hand() -> Appointment:
    catalog, client = catalogs.load("lotus"), clients.load("lotus", "c-1")
    request = BookingRequest("cut", STARTS, client, client.zone, "mei", known=True, by_hand=True)
    visit = book(catalog, request, Change(STAFF, NOON + MINUTE))
    called = waitlist.openings("lotus")
    for it in called:
        waitlist.wake_opening("lotus", it.id, at=NOON + MINUTE)
    return visit


@pytest.mark.parametrize(("wish", "before", "expected"), FREE.values(), ids=FREE)
def test_what_they_could_have_instead(
    wish: dict[str, object], before: Callable[[Catalog], None], expected: list[str]
) -> None:
    entry = came_too_late()
    before(catalogs.load("lotus"))
    asking = replace(entry, wish=replace(ANY, **wish))  # type: ignore[arg-type]
    found = other_times(catalogs.load("lotus"), asking, asking.offers[-1], now=LATER)
    assert [f"{it.astimezone(catalogs.load('lotus').business.zone):%dT%H:%M}" for it in found] == expected


def test_their_very_time_where_it_is_free_again() -> None:
    """Nobody else took it: the deadline alone is over."""
    opened()
    entry = waits("c-2", wish=replace(ANY, staff=("mei",), first=MONDAY, last=MONDAY, opens=time(17), closes=time(18)))
    called_off()
    pass_until(LATER)
    after = waitlist.load("lotus", entry.id)
    assert other_times(catalogs.load("lotus"), after, after.offers[-1], now=LATER) == [STARTS]


def gone() -> Message:
    return next(it for it in messages.about("lotus", "c-2") if it.stage == "time_gone")


def said(message: Message, *, locale: str, channel: Channel, phone: str = "+12025550123") -> str:
    about = to_client(replace(message, channel=channel), catalogs.load("lotus"), now=LATER)
    assert isinstance(about, ToClient)
    theirs = replace(about.client, locale=locale, phone=phone, wechat="o-1")
    return replace(about, client=theirs).parcel(now=LATER).rendered.text


SAID = {
    ("en", "+12025550123"): "Free: Sat Feb 28, 1:30 PM",
    ("zh-Hans", "+12025550123"): "其他空位：2月28日周六 13:30",
    ("zh-Hans", "+8613912345678"): "其他空位：2月28日周六 13:30",
}


@pytest.mark.parametrize("channel", sorted({*CONVERSATIONS, Channel.EMAIL}))
@pytest.mark.parametrize(("locale", "phone"), SAID)
def test_every_channel_names_them(channel: Channel, locale: str, phone: str) -> None:
    """A text message as many as find room in it, one at the least; also where no link may stand in it."""
    came_too_late()
    text = said(gone(), locale=locale, channel=channel, phone=phone)
    if channel is Channel.EMAIL:
        assert {"en": "2:30\u202fPM", "zh-Hans": "14:30"}[locale] in text or "2:30 PM" in text
    else:
        assert SAID[locale, phone] in text
    assert ("http" in text) is not (channel is Channel.SMS and phone.startswith("+86"))


def test_what_is_named_is_free_as_it_is_sent() -> None:
    """And not as it was decided, hours before in the night."""
    came_too_late()
    message = gone()
    for staff in ("mei", "jun"):
        slot = replace(an_appointment().slot, starts=at("01T09:00") - DAY + 3 * 60 * MINUTE, staff=staff)
        slot = replace(slot, ends=slot.starts + 8 * 60 * MINUTE)
        lotus.put(replace(an_appointment(f"a-{staff}"), slot=slot, client="c-1"))
    assert "1:30 PM" not in said(message, locale="en", channel=Channel.WHATSAPP)


def test_where_nothing_is_free_it_leads_to_other_times() -> None:
    came_too_late(staff=("mei",), first=MONDAY, last=MONDAY, opens=time(17), closes=time(18))
    text = said(gone(), locale="en", channel=Channel.SMS)
    assert "Free" not in text
    assert "Other times: http" in text


# Their page


def page(entry: str, language: str = "en") -> Page:
    return Browser(client_pages.handler, language).get(f"/w/{wait_token('lotus', entry, now=NOON)}?lang={language}")


def choices(page: Page) -> list[Form]:
    return [form for form in page.forms if any(name == "start" for _, name, _ in form.buttons)]


@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_their_page_shows_them_and_one_tap_keeps_one(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    """From there they book as anybody, and wait no more."""
    monkeypatch.setattr(clock, "now", lambda: LATER)
    entry = came_too_late()
    (form,) = choices(page(entry.id, language))
    assert [datetime.fromisoformat(it) for _, _, it in form.buttons] == [
        at(f"01T{hour}:30") - DAY for hour in (13, 14, 15)
    ]
    answer = Browser(client_pages.handler, language).press(form)
    assert answer.status == 200
    assert any(it.hold_until for staff in ("mei", "jun") for it in lotus.on_page(staff, date(2026, 2, 28)))


def test_whoever_would_come_sooner_moves_theirs_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """And does not book a second visit."""
    monkeypatch.setattr(clock, "now", lambda: LATER)
    opened()
    lotus.put(replace(an_appointment("a-2", starts=STARTS + 2 * DAY), client="c-2"))
    entry = waits("c-2", wish=replace(ANY, sooner_than="a-2"))
    called_off()
    pass_until(NOON)
    taken_by_hand()
    pass_until(NOON + MINUTE)
    (form,) = choices(page(entry.id))
    assert "/move" in form.action
    assert Browser(client_pages.handler, "en").press(form).status == 200
    assert appointments.load("lotus", "a-2").starts == STARTS + 2 * DAY


def test_whoever_let_it_pass_is_shown_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: LATER)
    opened()
    entry = waits("c-2")
    assert choices(page(entry.id)) == []
    called_off()
    pass_until(NOON)
    mine = waitlist.load("lotus", entry.id)
    decline(catalogs.load("lotus"), mine.id, mine.offers[-1].id, Change(CLIENT, NOON + MINUTE))
    assert choices(page(entry.id)) == []
