"""The pages as clients use them: a story per errand, then all that can be asked wrongly of them."""

import base64
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

import client_pages
from kept import clock, ids
from kept.actor import KEPT, Change
from kept.booking.appointment import Appointment
from kept.booking.history import DEPOSIT_LET_OFF, DEPOSIT_PAID
from kept.booking.states import CancelReason, Status
from kept.business.catalog import Mode
from kept.business.change_rules import ChangeRules, Terms
from kept.channels import Channel
from kept.client_links import signing_keys, tokens
from kept.client_links.links import LinkPurpose, sign
from kept.pages.appointment.offers import AFTER, happened
from kept.storage import appointments, clients, messages, tables
from kept.timekeeping.weekly_hours import Window
from kept.visible import one_line
from tests import lotus
from tests.asking import an_http_event
from tests.builders import STARTS, a_client, an_appointment
from tests.functions.plain_browser import Browser, Form, Page

ANNA = {"name": "Anna Berg", "phone": "139 1234 5678", "email": "anna@example.com"}
EVIL = "<script>alert(1)</script>\"'><b>{{7*7}}\u202e"
CUT = {"service": "cut", "staff": "mei", "start": "2026-03-02T17:30:00+08:00"}


class Clock:
    """The time it is; a test may let it pass."""

    def __init__(self) -> None:
        self.now = lotus.NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    time = Clock()
    monkeypatch.setattr(clock, "now", time)
    return time


@pytest.fixture
def browser(time: Clock) -> Browser:  # noqa: ARG001
    lotus.open_both()
    return Browser(client_pages.handler, "en")


@pytest.fixture
def mine(browser: Browser) -> str:  # noqa: ARG001  # the salon is open
    """The path of Li Na's appointment: Monday 17:00 to 18:00 in Shanghai, with Mei."""
    lotus.known(replace(a_client(), locale="en"))
    return f"/a/{tokens.manage_token(lotus.put(an_appointment()))}"


def details_form(browser: Browser, time: str = "5:30 PM") -> Form:
    """The form, for an hour with Mei on Monday that is held by now."""
    page = browser.get("/b/lotus?service=cut&staff=mei&day=2026-03-02")
    return browser.press(page.form("/hold"), time).form("/book")


def without_keys(body: str) -> str:
    """Each form has a key of its own, whenever it is shown."""
    return re.sub(r'(name="key" value=")[^"]+', r"\1", body)


def appointment(id: str = "a-1") -> Appointment:
    return appointments.load("lotus", id)


def booked() -> list[Appointment]:
    """Whatever stands in the book, whoever made it."""
    return [appointment(item.id) for item in tables.AppointmentItem.scan()]


def changes_nothing(browser: Browser, route: str, form: dict[str, str] | None = None) -> Page:
    """The page that refuses it, after a look at everything that is stored."""
    before = lotus.everything()
    page = browser._page(browser.ask(route, urlencode(form) if form is not None else None))
    assert lotus.everything() == before
    return page


# Booking


def test_a_client_books_from_the_first_page_to_the_last(browser: Browser) -> None:
    page = browser.get("/b/lotus")
    assert "Cut" in page.text
    page = browser.get(page.link("Cut"))
    page = browser.get(page.link("Anyone"))
    page = browser.get(page.link("Monday, March 2, 2026"))
    page = browser.press(page.form("/hold"), "5:30 PM")
    assert "keeping this time" in page.text
    page = browser.press(page.form("/book"), **ANNA, note="no\r\nperfume", agrees_to=["sms", "email"])
    assert page.status == 200
    assert "Your appointment is booked" in page.text
    (made,) = booked()
    assert (made.starts, made.note) == (datetime(2026, 3, 2, 9, 30, tzinfo=UTC), "no\nperfume")
    client = clients.load("lotus", made.client)
    assert (client.name, client.phone, client.locale, client.tz) == (
        "Anna Berg",
        "+8613912345678",
        "en",
        "Asia/Shanghai",
    )
    assert {consent.channel for consent in client.consents} == {Channel.SMS, Channel.EMAIL}
    assert client.consents[0].words.startswith("Lotus may send me messages")


def test_what_was_typed_is_never_in_an_address(browser: Browser) -> None:
    browser.press(details_form(browser), **ANNA, agrees_to="email")
    assert not [address for address in browser.went if re.search("anna|1234|berg", address, re.IGNORECASE)]


def test_a_form_sent_twice_books_once(browser: Browser) -> None:
    form = details_form(browser)
    first, second = (browser.press(form, **ANNA, agrees_to="email") for _ in range(2))
    assert len(booked()) == 1
    assert first.body == second.body


def test_a_form_that_was_changed_after_it_booked_shows_what_it_booked(browser: Browser) -> None:
    form = details_form(browser)
    browser.press(form, **ANNA, agrees_to="email")
    page = browser.press(form, **{**ANNA, "name": "Anna B."}, agrees_to="email")
    assert "Your appointment" in page.title
    assert "You have booked this already" in page.text
    assert len(booked()) == 1


def test_a_key_of_the_api_opens_nothing_here(browser: Browser) -> None:
    """A form's keys are a kind of their own: nobody is led to an appointment by guessing an integrator's key."""
    lotus.put(an_appointment(ids.from_key("a", "lotus", ids.digest("order-0001"))))
    page = browser.press(details_form(browser, "6:30 PM"), **ANNA, agrees_to="email", key="order-0001")
    assert "Your appointment is booked" in page.text
    assert len(booked()) == 2


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        pytest.param({"name": " \t"}, "name", "enter your name", id="no name"),
        pytest.param({"name": "x" * 101}, "name", "too long", id="a name of 101 letters"),
        pytest.param({"phone": "12"}, "phone", "phone number", id="a number that is none"),
        pytest.param({"phone": "+1 999"}, "phone", "phone number", id="a foreign number that is none"),
        pytest.param({"email": "anna@"}, "email", "e-mail address", id="an address that is none"),
        pytest.param({"phone": "", "email": ""}, "phone", "phone number or an e-mail", id="no contact"),
        pytest.param({"agrees_to": []}, "agrees_to", "choose a way", id="no consent"),
        pytest.param(
            {"agrees_to": "sms", "phone": ""}, "agrees_to", "choose a way", id="consent to what was not given"
        ),
        pytest.param({"agrees_to": "pigeon"}, "agrees_to", "choose a way", id="an unknown channel"),
        pytest.param({"note": "x" * 501}, "note", "too long", id="a note of 501 letters"),
    ],
)
def test_a_wrong_field_is_named_and_the_others_are_kept(
    browser: Browser, typed: dict[str, str | list[str]], field: str, says: str
) -> None:
    said: dict[str, str | list[str]] = {**ANNA, "note": "no perfume", "agrees_to": "email", **typed}
    page = browser.press(details_form(browser), **said)
    assert (page.status, booked()) == (422, [])
    assert page.title.startswith("Please check")
    assert says in next(text for text, href in page.links if href == f"#{field}")
    assert f'id="{field}-problem"' in page.body
    again = dict(page.form("/book").fields)
    kept = {name: value for name, value in said.items() if name not in (*typed, "agrees_to")}
    assert {name: again[name] for name in kept} == kept


def test_all_that_is_wrong_is_said_at_once_and_can_be_put_right(browser: Browser) -> None:
    page = browser.press(details_form(browser), name="", phone="1", email="2", note="x" * 501)
    assert page.body.count('class="problem"') == 5
    page = browser.press(page.form("/book"), **ANNA, agrees_to="email", note="")
    assert "Your appointment is booked" in page.text


def test_a_time_taken_before_it_is_chosen_is_answered_with_the_nearest_three(browser: Browser) -> None:
    page = browser.get("/b/lotus?service=cut&staff=mei&day=2026-03-02")
    details_form(Browser(client_pages.handler, "en"))
    instead = browser.press(page.form("/hold"), "5:30 PM")
    assert (instead.status, instead.title) == (409, "That time has just been taken – Lotus")
    form = instead.form("/hold")
    assert [text for text, _, _ in form.buttons] == [
        f"Monday, March 2, 2026 at {clock}" for clock in ("4:15 PM", "4:30 PM", "6:30 PM")
    ]
    assert "Your details" in browser.press(form, "6:30 PM").title


@pytest.mark.parametrize(
    ("passes", "hold", "status", "first"),
    [
        pytest.param(timedelta(minutes=6), None, 409, "4:15 PM", id="the hold ran out"),
        pytest.param(timedelta(days=2), None, 410, "6:30 PM", id="the hold ran out long ago"),
        pytest.param(
            timedelta(minutes=6), "h.k1.lotus.h_x-1.1.AAAAAAAAAAAAAAAAAAAAAA", 409, "4:15 PM", id="the hold is forged"
        ),
    ],
)
def test_what_was_typed_outlives_the_hold_and_one_tap_books_another_time(
    browser: Browser, time: Clock, passes: timedelta, hold: str | None, status: int, first: str
) -> None:
    """Where somebody else has taken the time since."""
    form = details_form(browser)
    time.now += timedelta(minutes=5)
    somebody = details_form(Browser(client_pages.handler, "en"))
    browser.press(somebody, name="Somebody", email="else@example.com", agrees_to="email")
    others = booked()
    time.now += passes - timedelta(minutes=5)
    said: dict[str, str | list[str]] = {**ANNA, "note": "no\nperfume", "agrees_to": ["email", "sms"]}
    page = browser.press(form, **said, **({"hold": hold} if hold else {}))
    assert (page.status, booked()) == (status, others)
    form = page.form("/book")
    assert len(form.buttons) == 3
    assert form.buttons[0][0].endswith(first)
    page = browser.press(form)
    assert "Your appointment is booked" in page.text
    (made,) = [one for one in booked() if one not in others]
    client = clients.load("lotus", made.client)
    assert (made.note, client.name, client.email) == ("no\nperfume", ANNA["name"], ANNA["email"])
    assert {consent.channel for consent in client.consents} == {Channel.SMS, Channel.EMAIL}


def test_somebody_else_who_books_in_between_is_told_kindly(browser: Browser, time: Clock) -> None:
    form = details_form(browser)
    time.now += timedelta(minutes=6)
    somebody = details_form(Browser(client_pages.handler, "en"))
    browser.press(somebody, name="Somebody", email="else@example.com", agrees_to="email")
    page = browser.press(form, **ANNA, agrees_to="email", hold="")
    assert (page.status, len(booked())) == (409, 1)
    assert page.form("/book").buttons


def test_who_books_in_another_language_and_zone_is_remembered_so(browser: Browser) -> None:
    browser.language = "fr, zh-CN;q=0.8, en;q=0.5"
    page = browser.get("/b/lotus?service=cut&staff=mei&day=2026-03-02&zone=Europe/Berlin")
    assert "柏林" in page.text
    page = browser.press(page.form("/hold"), "17:30 10:30")
    page = browser.press(page.form("/book"), **ANNA, agrees_to="email")
    assert page.lang == "zh-Hans"
    (made,) = booked()
    client = clients.load("lotus", made.client)
    assert (client.locale, client.tz, made.tz) == ("zh-Hans", "Europe/Berlin", "Europe/Berlin")
    assert made.starts == datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


# Choosing


def test_days_without_free_times_are_shown_as_such(browser: Browser) -> None:
    page = browser.get("/b/lotus?service=colour")
    assert "Wednesday, February 25" not in page.text
    assert "Saturday, March 7, 2026 · free times: " in page.text
    page = browser.get("/b/garage?service=brakes")
    assert "Saturday, February 28, 2026 · free times: " in page.text


def test_two_weeks_at_a_time_up_to_the_horizon(browser: Browser) -> None:
    page = browser.get("/b/lotus?service=cut&staff=any")
    assert not [text for text, _ in page.links if text == "Earlier"]
    seen = 1
    while any(text == "Later" for text, _ in page.links):
        page = browser.get(page.link("Later"))
        seen += 1
    assert seen == 5  # today and 60 days
    assert "Wednesday, April 29, 2026 · free times" in page.text
    assert "April 30" not in page.text
    for _ in range(4):
        page = browser.get(page.link("Earlier"))
    assert "Saturday, February 28, 2026 · free times" in page.text


def test_when_two_weeks_are_full_the_next_free_day_is_one_tap_away(browser: Browser) -> None:
    catalog = lotus.the_salon()
    closed = {lotus.NOW.date() + timedelta(days=n): () for n in range(20)}
    mei = replace(catalog.staff["mei"], hours=replace(catalog.staff["mei"].hours, overrides=closed))
    lotus.store(replace(catalog, staff={**catalog.staff, "mei": mei}))
    page = browser.get("/b/lotus?service=cut&staff=mei")
    assert "No free times on these days" in page.text
    assert "Friday, March 20, 2026" in browser.get(page.link("Next free day")).text


@pytest.mark.parametrize(
    ("now", "day", "expected"),
    [
        pytest.param(datetime(2026, 10, 31, 12, tzinfo=UTC), "2026-11-01", 2, id="a time that the clock shows twice"),
        pytest.param(datetime(2026, 3, 7, 12, tzinfo=UTC), "2026-03-08", 0, id="a time that it never shows"),
    ],
)
def test_the_night_the_clock_changes(browser: Browser, time: Clock, now: datetime, day: str, expected: int) -> None:
    """In New York at half past one in November, at half past two in March."""
    time.now = now
    garage = lotus.the_garage()
    sam = garage.staff["sam"]
    all_night = replace(sam, hours=replace(sam.hours, weekly=dict.fromkeys(range(7), (Window(0, 1440),))))
    lotus.store(replace(garage, staff={"sam": all_night}))
    page = browser.get(f"/b/garage?service=brakes&day={day}")
    shown = [text for text, _, _ in page.form("/hold").buttons if text.startswith("1:30 AM" if expected else "2:30 AM")]
    assert shown == ["1:30 AM GMT-04:00", "1:30 AM GMT-05:00"][:expected]


def by_video() -> None:
    catalog = lotus.the_salon()
    lotus.store(replace(catalog, services={"cut": replace(catalog.services["cut"], mode=Mode.VIDEO)}))


def test_a_client_far_away_sees_their_own_days_of_what_comes_to_them(browser: Browser) -> None:
    """Shanghai's evening is the beginning of Honolulu's day, and its next morning the afternoon."""
    by_video()
    page = browser.get("/b/lotus?service=cut&staff=mei&zone=Pacific/Honolulu&day=2026-03-01")
    shown = {value: text for text, _, value in page.form("/hold").buttons}
    assert shown["2026-03-01T00:00:00-10:00"] == "12:00 AM"
    assert shown["2026-03-01T15:00:00-10:00"] == "3:00 PM"
    assert "Times are Honolulu time; Lotus is on Shanghai time." in page.text


@pytest.mark.parametrize(
    ("zone", "day", "start"),
    [
        pytest.param("Pacific/Honolulu", "2026-03-12", "2026-03-12T15:00:00-10:00", id="Shanghai's day after the last"),
        pytest.param("Pacific/Kiritimati", "2026-03-14", "2026-03-14T00:00:00+14:00", id="the one before the first"),
    ],
)
def test_no_time_is_lost_between_two_pages(browser: Browser, zone: str, day: str, start: str) -> None:
    by_video()
    page = browser.get(f"/b/lotus?service=cut&staff=mei&zone={zone}&day={day}")
    assert start in [value for _, _, value in page.form("/hold").buttons]


def test_a_zone_is_chosen_from_a_list(browser: Browser) -> None:
    page = browser.get("/b/lotus?service=cut&staff=mei&day=2026-03-02")
    page = browser.get(page.link("Change time zone"))
    page = browser.press(page.forms[0], zone="Europe/Berlin")
    assert "the small ones are Berlin time" in page.text


@pytest.mark.parametrize(
    ("asked", "accepts", "spoken"),
    [
        pytest.param("", "", "zh-Hans", id="the business's language"),
        pytest.param("", "fr-FR, de;q=0.9", "zh-Hans", id="nothing we speak"),
        pytest.param("", "en-GB", "en", id="a relative"),
        pytest.param("", "zh-TW, en;q=0.2", "zh-Hans", id="a relative of Chinese"),
        pytest.param("", "en;q=0.2, zh;q=0.9", "zh-Hans", id="by weight"),
        pytest.param("?lang=en", "zh", "en", id="chosen"),
        pytest.param("?lang=xx", "en", "en", id="chosen but not spoken"),
        pytest.param("", ";;q=x,,", "zh-Hans", id="nonsense"),
    ],
)
def test_the_language_of_a_page(browser: Browser, asked: str, accepts: str, spoken: str) -> None:
    browser.language = accepts
    assert browser.get(f"/b/lotus{asked}").lang == spoken


# The appointment's own page


def test_a_client_confirms_with_one_button(browser: Browser, mine: str) -> None:
    page = browser.get(mine)
    assert "Monday, March 2, 2026 at 5:00 PM" in page.text
    page = browser.press(page.form("/confirm"))
    assert "your appointment is confirmed" in page.text
    assert not [form for form in page.forms if form.action.endswith("/confirm")]
    assert appointment().status is Status.CONFIRMED


def test_a_client_moves_after_seeing_what_it_costs(browser: Browser, mine: str) -> None:
    page = browser.get(browser.get(mine).link("Move"))
    assert "This is a late change" not in page.text
    assert "Moves left: 3" in page.text
    page = browser.get(browser.get(page.link("Wednesday, March 4")).link("9:30 AM"))
    assert "Moves left after this one: 2" in page.text
    assert appointment().version == 1
    form = page.form("/move")
    page = browser.press(form)
    assert "has been moved" in page.text
    browser.press(form)
    assert (appointment().version, appointment().starts) == (2, datetime(2026, 3, 4, 1, 30, tzinfo=UTC))


def test_while_it_is_moved_a_zone_is_chosen_from_the_same_list(browser: Browser, mine: str) -> None:
    """And leads back to the same step, by that clock."""
    before = lotus.everything()
    page = browser.press(browser.get(f"{mine}/move?zones=1").forms[0], zone="Europe/Berlin")
    assert "Berlin time" in page.text
    assert lotus.everything() == before


def test_a_client_moves_to_another_person(browser: Browser, mine: str) -> None:
    page = browser.get(browser.get(f"{mine}/move").link("With"))
    page = browser.get(browser.get(page.link("Jun")).link("5:00 PM"))
    browser.press(page.form("/move"))
    assert appointment().slot.staff == "jun"


def test_the_time_it_has_now_is_no_move(browser: Browser, mine: str) -> None:
    page = browser.get(f"{mine}/move?day=2026-03-02")
    times = [text for text, _ in page.links if text.endswith("M")]
    assert "4:45 PM" in times
    assert "5:00 PM" not in times


def test_a_late_move_says_so_before_it_is_done(browser: Browser, mine: str, time: Clock) -> None:
    time.now += timedelta(minutes=16)
    page = browser.get(f"{mine}/move?start={STARTS.date()}T19:00:00%2B08:00")
    assert "This is a late change. It is less than 48 hours" in page.text
    browser.press(page.form("/move"))
    assert appointment().late


def test_a_move_to_a_time_taken_in_between_offers_the_nearest(browser: Browser, mine: str) -> None:
    page = browser.get(f"{mine}/move?start=2026-03-03T17:00:00%2B08:00")
    lotus.put(an_appointment("a-2", starts=STARTS + timedelta(days=1)))
    instead = browser.press(page.form("/move"))
    assert (instead.status, appointment().version) == (409, 1)
    page = browser.press(instead.forms[0])
    assert "Move to this time?" in page.text
    browser.press(page.form("/move"))
    assert appointment().version == 2


def test_a_client_cancels_and_says_why_in_one_tap(browser: Browser, mine: str) -> None:
    page = browser.get(browser.get(mine).link("Cancel"))
    form = page.form("/cancel")
    assert [value for _, value in form.choices] == [reason.value for reason in CancelReason]
    page = browser.press(form, reason="illness")
    assert "is cancelled" in page.text
    browser.press(form, reason="illness")
    assert (appointment().status, appointment().history[-1].why) == (Status.CANCELLED, "illness")
    assert "Cut" in browser.get(page.link("Book an appointment")).text


def test_a_reason_need_not_be_given(browser: Browser, mine: str) -> None:
    """Nothing is written down for them: who said nothing did not choose "another reason"."""
    page = browser.press(browser.get(f"{mine}/cancel").form("/cancel"))
    assert "is cancelled" in page.text
    assert (appointment().status, appointment().history[-1].why) == (Status.CANCELLED, "")


def test_who_is_late_tells_us_with_one_button(browser: Browser, mine: str, time: Clock) -> None:
    assert "Are you on your way?" not in browser.get(mine).text
    time.now = STARTS + timedelta(minutes=6)
    page = browser.get(mine)
    assert not [text for text, _ in page.links if text in ("Move", "Cancel")]
    page = browser.press(page.form("/on-my-way"), "15")
    assert "We are expecting you until 5:21 PM" in page.text
    assert appointment().waits_until == STARTS + timedelta(minutes=21)
    time.now = STARTS + timedelta(minutes=21)
    assert "Are you on your way?" not in browser.get(mine).text


@pytest.mark.parametrize(("language", "button"), [("en", "I can't come"), ("zh-CN", "我来不了")])
def test_who_cannot_come_after_all_says_so_with_one_button(
    browser: Browser, mine: str, time: Clock, language: str, button: str
) -> None:
    time.now = STARTS + timedelta(minutes=6)
    form = browser.get(f"{mine}?lang={language}").form("/cannot-come")
    page, again = (browser.press(form, button) for _ in range(2))
    assert (page.status, without_keys(again.body)) == (200, without_keys(page.body))
    assert "/dispute" in page.body
    assert (appointment().status, appointment().late, appointment().history[-1].by) == (
        Status.CANCELLED,
        True,
        "client",
    )
    assert [message.stage for message in messages.about("lotus", "a-1")] == ["cancelled", "staff_cancelled"]
    assert lotus.on_page() == []


def test_before_the_start_there_is_notice_to_give_and_a_page_to_cancel_on(
    browser: Browser, mine: str, time: Clock
) -> None:
    time.now = STARTS - timedelta(minutes=1)
    assert "I can't come" not in browser.get(mine).text
    page = changes_nothing(browser, f"POST {mine}/cannot-come", {"version": "1", "key": "k-12345678"})
    assert (page.status, page.title) == (409, "This cannot be done any more – Lotus")


def test_the_calendar_file_is_taken_along(browser: Browser, mine: str) -> None:
    answer = browser.ask(f"GET {browser.get(mine).link('Add to calendar')}")
    assert answer["headers"]["Content-Type"] == "text/calendar; charset=utf-8"
    file = base64.b64decode(answer["body"]).decode()
    assert "DTSTART:20260302T090000Z" in file
    assert "https://kept.example/a/" in file.replace("\r\n ", "")


def test_who_books_with_somebody_elses_number_learns_nothing_of_them(browser: Browser) -> None:
    """Anybody can type a number: neither the page nor its calendar file says whose it is, or how else to reach them."""
    lotus.known(replace(a_client(), locale="en", phone="+8613912345678"))
    said = {"name": "Mallory", "phone": "139 1234 5678"}
    page = browser.press(details_form(browser), **said, agrees_to="sms")
    file = base64.b64decode(browser.ask(f"GET {page.link('Add to calendar')}")["body"]).decode()
    assert booked()[0].client == "c-1"
    for told in (page.body, file):
        assert "Li Na" not in told
        assert "li@example.com" not in told
        assert "13912345678" not in told


@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
@pytest.mark.parametrize(
    "status", [Status.ARRIVED, Status.IN_SERVICE, Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW]
)
def test_what_is_over_offers_nothing_but_a_new_booking(browser: Browser, status: Status, lang: str) -> None:
    lotus.known(replace(a_client(), locale=lang))
    path = f"/a/{tokens.manage_token(lotus.put(replace(an_appointment(), status=status)))}"
    page = browser.get(path)
    assert (page.status, page.lang, page.forms) == (200, lang, [])
    assert not [href for _, href in page.links if re.search(r"/(move|cancel)\b", href)]


def test_a_page_claims_nothing_that_is_not_so(browser: Browser, mine: str) -> None:
    for done in (*AFTER, "paid", EVIL):
        page = browser.get(f"{mine}?{urlencode({'done': done})}")
        assert ('class="done"' in page.body) == (done in ("booked", "booked_before", "kept"))
    lotus.put(
        an_appointment("a-2", starts=STARTS + timedelta(days=1)).cancel(Change(KEPT, lotus.NOW), rules=ChangeRules())
    )
    path = f"/a/{tokens.manage_token(appointment('a-2'))}"
    assert 'class="done"' not in browser.get(f"{path}?done=booked").body


TO_PAY = replace(
    an_appointment("a-3", starts=STARTS + timedelta(days=2)),
    status=Status.AWAITING_DEPOSIT,
    history=(),
    held_until=lotus.NOW + timedelta(minutes=30),
    accepted=Terms(timedelta(hours=48), timedelta(0), currency="CNY", deposit=5000),
)
NOW = Change(KEPT, lotus.NOW)
PAID = TO_PAY.secure(DEPOSIT_PAID, NOW)


@pytest.mark.parametrize(
    ("visit", "so"),
    [
        pytest.param(an_appointment(), set(), id="no deposit is asked"),
        pytest.param(an_appointment().cancel(NOW, rules=ChangeRules()), set(), id="nor was of one that is cancelled"),
        pytest.param(PAID, {"paid"}, id="paid"),
        pytest.param(PAID.cancel(NOW, rules=ChangeRules()), set(), id="paid, and given back since"),
        pytest.param(TO_PAY, set(), id="still to pay"),
        pytest.param(replace(TO_PAY, held_until=lotus.NOW), {"paid_too_late"}, id="its time ran out this moment"),
        pytest.param(replace(TO_PAY, held_until=lotus.NOW).lapse(NOW), {"paid_too_late"}, id="not paid in time"),
        pytest.param(TO_PAY.cancel(NOW, rules=ChangeRules()), {"paid_too_late"}, id="withdrawn before it was paid"),
        pytest.param(TO_PAY.secure(DEPOSIT_LET_OFF, NOW), {"paid"}, id="let off"),
    ],
)
def test_a_deposit_is_said_to_be_paid_or_to_be_too_late_only_where_it_is(visit: Appointment, so: set[str]) -> None:
    """Whoever opens the way back from the payment again, or types it, reads nothing that is not so."""
    assert {done for done in ("paid", "paid_too_late") if happened(done, visit, now=lotus.NOW)} == so


# What is refused


def test_looking_changes_nothing(browser: Browser, mine: str) -> None:
    """Mail scanners open links, and ask for their heads."""
    before = lotus.everything()
    for path in ("", "/move", "/move?start=2026-03-03T17:00:00%2B08:00", "/cancel", "?done=cancelled&reason=illness"):
        assert browser.get(f"{mine}{path}").status == 200
    for path in ("/confirm", "/on-my-way", "/cannot-come", "/nothing"):
        assert browser.get(f"{mine}{path}").status == 404
    for path in ("", "/move", "/cancel", "/confirm"):
        assert browser.get(f"{mine}{path}", method="HEAD").status == 404
    assert browser.get(f"/b/lotus/book?{urlencode(CUT)}").status == 200
    assert browser.get(f"/b/lotus/hold?{urlencode(CUT)}").status == 404
    assert lotus.everything() == before


def a_link(
    *, expired: bool = False, purpose: LinkPurpose = LinkPurpose.MANAGE, business: str = "lotus", subject: str = "a-1"
) -> str:
    """To an appointment; Li Na's unless told otherwise."""
    expires = lotus.NOW + timedelta(days=-1 if expired else 1)
    return f"/a/{sign(signing_keys.current(), purpose, business=business, subject=subject, expires=expires)}"


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        pytest.param("/b/nobody", 404, "There is no such business here", id="an unknown business"),
        pytest.param(f"/b/{'x' * 3000}", 404, "There is no such business here", id="a very long business"),
        pytest.param("/b/lotus?service=perm", 404, "This service is not offered any more", id="an unknown service"),
        pytest.param("/b/lotus?service=cut&staff=bo", 404, "This person cannot be booked", id="who does not do it"),
        pytest.param("/b/lotus?service=cut&staff=any&zone=Mars/Base", 422, "This time zone is not known", id="zone"),
        pytest.param("/b/lotus?service=cut&staff=any&zone=../../etc", 422, "This time zone is not known", id="a path"),
        pytest.param("/b/lotus?service=cut&staff=any&day=tomorrow", 422, "Something in this request", id="no date"),
        pytest.param("/b/lotus?service=cut&staff=any&day=9999-12-31", 200, "Choose a day", id="a far date"),
        pytest.param("/b/lotus?service=cut&staff=any&from=0001-01-01", 200, "Choose a day", id="a date long ago"),
        pytest.param("/b/lotus/book?service=cut&start=soon", 422, "Something in this request", id="no time"),
        pytest.param("/b/lotus/book?service=cut&start=2026-03-02T17:30", 422, "Something in this", id="no offset"),
        pytest.param("/b/lotus/book?service=cut", 422, "Something in this request", id="a form without a time"),
        pytest.param("/nowhere", 404, "There is no page here", id="an unknown path"),
        pytest.param("/", 404, "There is no page here", id="the root"),
        pytest.param("/a/nonsense", 403, "This link does not work", id="a link that is none"),
    ],
)
def test_an_address_that_leads_nowhere_has_a_polite_page(
    browser: Browser, address: str, status: int, title: str
) -> None:
    page = changes_nothing(browser, f"GET {address}")
    assert page.status == status
    assert page.title.startswith(title)


NOT_MINE: dict[str, tuple[Callable[[], str], int, str]] = {
    "expired": (lambda: a_link(expired=True), 410, "This link has expired"),
    "tampered with": (lambda: a_link()[:-1] + "!", 403, "This link does not work"),
    "for a hold": (lambda: a_link(purpose=LinkPurpose.HOLD), 403, "This link does not work"),
    "of another business": (lambda: a_link(business="garage"), 404, "This appointment does not exist"),
    "of a business that is gone": (lambda: a_link(business="gone"), 404, "There is no such business here"),
    "of an appointment that is gone": (lambda: a_link(subject="a-9"), 404, "This appointment does not exist"),
}


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize("route", ["GET ", "GET /move", "GET /cancel", "GET /calendar.ics"])
@pytest.mark.parametrize(("link", "status", "title"), NOT_MINE.values(), ids=NOT_MINE)
def test_a_link_that_does_not_open_it(
    browser: Browser, link: Callable[[], str], status: int, title: str, route: str
) -> None:
    method, _, path = route.partition(" ")
    page = changes_nothing(browser, f"{method} {link()}{path}")
    assert page.status == status
    assert page.title.startswith(title)
    assert "Li Na" not in page.body


@pytest.mark.usefixtures("mine")
@pytest.mark.parametrize("path", ["/confirm", "/move", "/cancel", "/on-my-way", "/cannot-come"])
@pytest.mark.parametrize(("link", "status", "title"), NOT_MINE.values(), ids=NOT_MINE)
def test_no_act_without_a_link_that_opens_it(
    browser: Browser, link: Callable[[], str], status: int, title: str, path: str
) -> None:
    form = {"start": "2026-03-03T17:00:00+08:00", "minutes": "10", "reason": "other"}
    page = changes_nothing(browser, f"POST {link()}{path}", form)
    assert page.status == status
    assert page.title.startswith(title)


@pytest.mark.usefixtures("mine")
def test_an_expired_link_leads_to_the_business_it_came_from(browser: Browser) -> None:
    page = browser.get(a_link(expired=True))
    assert "Cut" in browser.get(page.link("Book an appointment")).text


@pytest.mark.parametrize(
    ("form", "status", "title"),
    [
        pytest.param({"start": "2026-02-27T17:30:00+08:00"}, 422, "This time is over", id="the past"),
        pytest.param({"start": "2026-02-28T17:30:00+08:00"}, 422, "This time is too soon", id="too soon"),
        pytest.param({"start": "2026-06-01T17:30:00+08:00"}, 422, "This time is too far ahead", id="too far"),
        pytest.param({"start": "2026-03-02T21:00:00+08:00"}, 422, "This time is not offered", id="closed"),
        pytest.param({"start": "2026-03-02T17:31:00+08:00"}, 422, "This time is not offered", id="off the step"),
        pytest.param({"start": "2026-03-02T17:30:07+08:00"}, 422, "This time is not offered", id="with seconds"),
        pytest.param({"start": "0001-01-01T00:00:00+14:00"}, 422, "Something in this request", id="two thousand years"),
        pytest.param({"start": ""}, 422, "Something in this request", id="no time"),
        pytest.param({"service": "perm"}, 404, "This service is not offered", id="no such service"),
        pytest.param({"staff": "bo"}, 404, "This person cannot be booked", id="no such person"),
    ],
)
@pytest.mark.parametrize("path", ["/hold", "/book"])
def test_a_time_that_cannot_be_had(browser: Browser, path: str, form: dict[str, str], status: int, title: str) -> None:
    said = {**CUT, **ANNA, "agrees_to": "email", "key": "k-12345678", **form}
    page = changes_nothing(browser, f"POST /b/lotus{path}", said)
    assert page.status == status
    assert page.title.startswith(title)
    assert page.link("Book an appointment")


def test_a_hold_for_another_time_is_given_up_for_it(browser: Browser) -> None:
    browser.press(details_form(browser), **ANNA, agrees_to="email", start="2026-03-03T17:30:00+08:00")
    (made,) = booked()
    assert made.starts == datetime(2026, 3, 3, 9, 30, tzinfo=UTC)
    assert lotus.on_page() == []


@pytest.mark.parametrize(
    ("state", "after", "path", "status", "title"),
    [
        pytest.param({}, timedelta(0), "move", 409, "Your appointment has already begun", id="moving what has begun"),
        pytest.param({}, timedelta(0), "cancel", 409, "Your appointment has already begun", id="cancelling it"),
        pytest.param({"reschedules": 3}, timedelta(hours=-60), "move", 409, "It cannot be moved again", id="the limit"),
        pytest.param({"status": Status.CANCELLED}, timedelta(-3), "move", 409, "This cannot be done", id="it is off"),
        pytest.param(
            {"status": Status.CANCELLED}, timedelta(-3), "cancel", 409, "This cannot be done", id="off already"
        ),
    ],
)
def test_a_change_that_is_not_allowed_is_refused_before_it_is_asked(
    browser: Browser, time: Clock, state: dict[str, object], after: timedelta, path: str, status: int, title: str
) -> None:
    lotus.known(replace(a_client(), locale="en"))
    link = f"/a/{tokens.manage_token(lotus.put(replace(an_appointment(), **state)))}"  # type: ignore[arg-type]
    time.now = STARTS + after
    form = {"start": "2026-03-03T17:00:00+08:00", "version": "1"}
    for page in (changes_nothing(browser, f"GET {link}/{path}"), changes_nothing(browser, f"POST {link}/{path}", form)):
        assert page.status == status
        assert page.title.startswith(title)
        assert page.link("See your appointment")


@pytest.mark.parametrize("path", ["confirm", "move", "cancel", "on-my-way", "cannot-come"])
def test_a_page_that_speaks_of_an_earlier_version_changes_nothing(browser: Browser, mine: str, path: str) -> None:
    form = {"version": "7", "start": "2026-03-03T17:00:00+08:00", "minutes": "10", "key": "k-12345678"}
    page = changes_nothing(browser, f"POST {mine}/{path}", form)
    assert (page.status, page.title) == (409, "Your appointment has changed in the meantime – Lotus")


@pytest.mark.parametrize(
    ("path", "form"),
    [
        pytest.param("cancel", {"reason": "boredom"}, id="an unknown reason"),
        pytest.param("on-my-way", {"minutes": "600"}, id="ten hours"),
        pytest.param("on-my-way", {}, id="no minutes"),
        pytest.param("move", {"start": "later"}, id="no time"),
        pytest.param("move", {"start": "2026-03-03T17:00:00+08:00", "staff": "bo"}, id="no such person"),
    ],
)
def test_a_form_that_no_page_of_ours_has_sent(browser: Browser, mine: str, path: str, form: dict[str, str]) -> None:
    assert changes_nothing(browser, f"POST {mine}/{path}", form).status in (404, 422)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param("name=" + "x" * 20_000, 413, id="too large"),
        pytest.param("a=1&" * 100, 422, id="too many fields"),
        pytest.param("name=%ff", 422, id="not UTF-8"),
        pytest.param("", 404, id="empty"),
        pytest.param("\x00\x01&&==", 404, id="noise"),
    ],
)
def test_a_body_that_is_no_form_of_ours(browser: Browser, body: str, status: int) -> None:
    before = lotus.everything()
    page = browser._page(browser.ask("POST /b/lotus/book", body))
    assert (page.status, lotus.everything()) == (status, before)


@pytest.mark.parametrize("body", [pytest.param("abc", id="not base64"), pytest.param("//79/A==", id="bytes")])
def test_a_body_that_is_not_what_it_says(browser: Browser, body: str) -> None:
    event = an_http_event("POST /b/lotus/book", body) | {"isBase64Encoded": True}
    assert browser._page(client_pages.handler(event, None)).status == 422


def test_what_people_write_is_shown_as_they_wrote_it(browser: Browser) -> None:
    """Names of the business, its services and people as well as the client's own: nothing of them becomes markup."""
    catalog = lotus.the_salon()
    service, mei = (
        replace(catalog.services["cut"], name=EVIL, prepare=EVIL, where=EVIL),
        replace(catalog.staff["mei"], name=EVIL),
    )
    business = replace(catalog.business, name=EVIL, address=EVIL, phone=EVIL, policy_text=EVIL)
    lotus.store(replace(catalog, business=business, services={"cut": service}, staff={**catalog.staff, "mei": mei}))
    browser.get("/b/lotus")
    browser.get("/b/lotus?service=cut")
    said = {"name": EVIL, "email": "anna@example.com", "phone": EVIL, "note": EVIL}
    page = browser.press(details_form(browser), **said, agrees_to="email")
    assert dict(page.form("/book").fields)["name"] == one_line(EVIL), "but for what turns round what follows"
    page = browser.press(page.form("/book"), **{**said, "phone": ""}, agrees_to="email")
    assert EVIL in page.text
    path = browser.went[-1].partition("?")[0]
    for address in (path, f"{path}/move", f"{path}/cancel", f"{path}/nothing"):
        assert "<script" not in browser.get(address).body


def test_what_no_message_could_carry_is_left_out(browser: Browser) -> None:
    said = {"name": " Anna\x00\x1b\r\n  Berg ", "email": "anna@example.com", "note": "\x07one\r\ntwo\x00"}
    browser.press(details_form(browser), **said, agrees_to="email")
    (made,) = booked()
    assert (clients.load("lotus", made.client).name, made.note) == ("Anna Berg", "one\ntwo")


@pytest.mark.parametrize("query", ["lang", "zone", "service", "staff", "day", "from", "start", "hold", "done", "x"])
def test_what_stands_in_an_address_is_shown_as_text(browser: Browser, query: str) -> None:
    for path in ("/b/lotus", "/b/lotus/book", f"/b/{EVIL.replace('/', '')}"):
        page = browser.get(f"{path}?{urlencode({query: EVIL})}")
        assert "<script" not in page.body.replace('<script type="application/ld+json">', "")
