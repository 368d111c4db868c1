"""One's own hold never hides a time from oneself, and a form that has booked leads to what it booked.

Whichever way somebody comes back (back button, reload, second tab, the form sent again), with a browser that keeps
cookies or one that does not; what is held or booked by somebody else stays in the way.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

import booking
import client_pages
import front_desk
import my_appointment
from kept import clock
from kept.booking.appointment import Appointment
from kept.booking.history import RESCHEDULED
from kept.booking.states import Status
from kept.client_links import tokens
from kept.storage import appointments, messages, tables
from tests import lotus
from tests.asking import ask
from tests.builders import STARTS, a_client, an_appointment
from tests.functions.plain_browser import Browser, Form, Page

ANNA: dict[str, str | list[str]] = {"name": "Anna Berg", "email": "anna@example.com", "agrees_to": "email"}
pytestmark = pytest.mark.usefixtures("time")
DAY = "/b/lotus?service=cut&staff=mei&day=2026-03-02"
ANY = "/b/lotus?service=cut&staff=any&day=2026-03-02"


class Clock:
    def __init__(self) -> None:
        self.now = lotus.NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    time = Clock()
    monkeypatch.setattr(clock, "now", time)
    lotus.open_both()
    return time


@pytest.fixture(params=[True, False], ids=["with cookies", "without"])
def browser(time: Clock, request: pytest.FixtureRequest) -> Browser:  # noqa: ARG001
    return Browser(client_pages.handler, "en", jar={} if request.param else None)


def with_cookies() -> Browser:
    return Browser(client_pages.handler, "en")


def times(page: Page) -> list[str]:
    return [text for text, _, _ in page.form("/hold").buttons]


def held(browser: Browser, at: str = "5:30 PM", address: str = DAY) -> Page:
    """The page of the details, for a time that is kept now."""
    return browser.press(browser.get(address).form("/hold"), at)


def booked() -> list[Appointment]:
    return [appointments.load("lotus", item.id) for item in tables.AppointmentItem.scan()]


def is_booked(page: Page) -> bool:
    return page.title.startswith("Your appointment") and page.status == 200


# The list of times


def list_again(browser: Browser, page: Page) -> Page:
    return browser.get(page.link("Choose another time"))


def back(browser: Browser, _: Page) -> Page:
    return browser.get(DAY)


def another_day_and_back(browser: Browser, page: Page) -> Page:
    others = browser.get(page.link("Choose another time"))
    return browser.get(browser.get(others.link("March 3")).link("March 2"))


def another_language(browser: Browser, _: Page) -> Page:
    return browser.get(browser.get(f"{DAY}&lang=zh-Hans").link("English"))


def anybody(browser: Browser, _: Page) -> Page:
    """The other person is held by somebody else, so that only one's own hold is left to be seen."""
    held(with_cookies(), address="/b/lotus?service=cut&staff=jun&day=2026-03-02")
    return browser.get(ANY)


def another_service(browser: Browser, _: Page) -> Page:
    return browser.get("/b/lotus?service=colour&staff=mei&day=2026-03-02")


def another_zone(browser: Browser, _: Page) -> Page:
    page = browser.get(DAY + "&zone=Asia/Tokyo")
    assert "5:30 PM 6:30 PM" in times(page)
    return browser.get(DAY + "&zone=Asia/Shanghai")


BACK: dict[str, Callable[[Browser, Page], Page]] = {
    "the back button": back,
    "by another day": another_day_and_back,
    "with another language": another_language,
    "with anybody": anybody,
    "for another service": another_service,
    "in another zone": another_zone,
}


@pytest.mark.parametrize("way", BACK.values(), ids=BACK)
def test_a_time_held_by_oneself_is_shown_as_free(way: Callable[[Browser, Page], Page]) -> None:
    browser = with_cookies()
    assert "5:30 PM" in times(way(browser, held(browser)))
    if way is not anybody:
        assert "5:30 PM" not in times(with_cookies().get(DAY)), "to everybody else it is not"


def test_the_link_to_other_times_shows_it_without_cookies_too(browser: Browser) -> None:
    page = held(browser)
    assert "5:30 PM" in times(list_again(browser, page))
    assert "5:30 PM" in times(another_day_and_back(browser, page))


@pytest.mark.parametrize("then", ["5:30 PM", "5:15 PM", "6:30 PM", "9:00 AM", "4:30 PM"])
@pytest.mark.parametrize("address", [DAY, ANY], ids=["one person", "anybody"])
def test_choosing_again_keeps_that_time_and_gives_up_the_other(browser: Browser, then: str, address: str) -> None:
    page = list_again(browser, held(browser, address=address))
    page = browser.press(page.form("/hold"), then)
    assert "Your details" in page.title
    assert len(lotus.on_page("mei")) + len(lotus.on_page("jun")) == 1
    assert is_booked(browser.press(page.form("/book"), **ANNA))


def test_changing_ones_mind_is_not_counted_as_holding_more(browser: Browser) -> None:
    page = held(browser)
    for n in range(12):
        page = browser.press(list_again(browser, page).form("/hold"), ("6:30 PM", "5:30 PM")[n % 2])
        assert "Your details" in page.title


def test_a_page_of_times_that_is_sent_twice_holds_once(browser: Browser) -> None:
    """A double tap: the first answer, with its cookie, has not come back yet."""
    form = browser.get(DAY).form("/hold")
    jar = None if browser.jar is None else dict(browser.jar)
    browser.press(form, "5:30 PM")
    browser.jar = jar
    assert "Your details" in browser.press(form, "5:30 PM").title
    assert len(lotus.on_page()) == 1


def test_a_hold_on_another_day_hides_neither() -> None:
    browser = with_cookies()
    held(browser)
    far = held(browser, address="/b/lotus?service=cut&staff=mei&day=2026-03-20")
    assert "5:30 PM" in times(browser.get(DAY))
    assert "5:30 PM" in times(browser.get("/b/lotus?service=cut&staff=mei&day=2026-03-20"))
    assert is_booked(browser.press(far.form("/book"), **ANNA))


# Booking


def with_it(form: Form, _: Clock, __: Browser) -> Form:
    return form


def after(minutes: int) -> Callable[[Form, Clock, Browser], Form]:
    def passes(form: Form, time: Clock, _: Browser) -> Form:
        time.now += timedelta(minutes=minutes)
        return form

    return passes


def saying(**fields: str) -> Callable[[Form, Clock, Browser], Form]:
    def said(form: Form, _: Clock, __: Browser) -> Form:
        return replace(form, fields=[(name, fields.get(name, value)) for name, value in form.fields])

    return said


def another_tab(address: str, at: str) -> Callable[[Form, Clock, Browser], Form]:
    def chosen(form: Form, _: Clock, browser: Browser) -> Form:
        held(browser, at, address)
        return form

    return chosen


def loaded_again(_: Form, time: Clock, browser: Browser) -> Form:
    time.now += timedelta(minutes=7)
    return browser.get(browser.went[-1]).form("/book")


def anothers_hold(form: Form, _: Clock, __: Browser) -> Form:
    other = held(with_cookies(), "9:00 AM").form("/book")
    return replace(form, fields=[(n, dict(other.fields)["hold"] if n == "hold" else v) for n, v in form.fields])


FREE: dict[str, Callable[[Form, Clock, Browser], Form]] = {
    "as it is": with_it,
    "at its last second": after(4),
    "just when it runs out": after(5),
    "a minute later": after(6),
    "an hour later": after(61),
    "the next morning": after(16 * 60),
    "a day later, forgotten by the page": after(25 * 60),
    "loaded again when it was over": loaded_again,
    "another tab holds another time": another_tab(DAY, "6:30 PM"),
    "another tab holds a time that meets it": another_tab(DAY, "5:15 PM"),
    "another tab holds the same": another_tab(DAY, "5:30 PM"),
    "another tab holds it with anybody": another_tab(ANY, "5:30 PM"),
    "another tab holds another day": another_tab("/b/lotus?service=cut&staff=mei&day=2026-03-20", "9:00 AM"),
    "another tab holds another service": another_tab("/b/lotus?service=colour&staff=mei&day=2026-03-02", "5:30 PM"),
}


@pytest.mark.parametrize("then", FREE.values(), ids=FREE)
def test_a_time_that_is_free_but_for_oneself_is_booked(
    time: Clock, then: Callable[[Form, Clock, Browser], Form]
) -> None:
    browser = with_cookies()
    page = browser.press(then(held(browser).form("/book"), time, browser), **ANNA)
    assert is_booked(page)
    (made,) = booked()
    assert (made.starts, made.slot.staff) == (datetime(2026, 3, 2, 9, 30, tzinfo=UTC), "mei")
    assert made.id in [entry.ref for entry in lotus.on_page()]


LOST: dict[str, Callable[[Form, Clock, Browser], Form]] = {
    "forged": saying(hold="h.k1.lotus.h_x-1.1.AAAAAAAAAAAAAAAAAAAAAA"),
    "nonsense": saying(hold="no token"),
    "left out": saying(hold=""),
    "of somebody else": anothers_hold,
    "over": after(6),
    "over for a day": after(25 * 60),
}


@pytest.mark.parametrize("then", LOST.values(), ids=LOST)
@pytest.mark.parametrize("jar", [{}, None], ids=["with cookies", "without"])
def test_without_a_hold_that_holds_a_free_time_is_booked_all_the_same(
    time: Clock, then: Callable[[Form, Clock, Browser], Form], jar: dict[str, str] | None
) -> None:
    browser = Browser(client_pages.handler, "en", jar=jar)
    form = then(held(browser).form("/book"), time, browser)
    if jar is None:
        time.now += timedelta(minutes=6)
    assert is_booked(browser.press(form, **ANNA))
    assert len(booked()) == 1


def test_what_somebody_else_has_stays_theirs(browser: Browser, time: Clock) -> None:
    form = held(browser).form("/book")
    time.now += timedelta(minutes=6)
    held(with_cookies())
    page = browser.press(form, **ANNA)
    assert (page.status, booked()) == (409, [])
    assert "Anna Berg" in dict(page.form("/book").fields).values()


# After it was booked


def once(browser: Browser) -> tuple[Page, str]:
    """The page of the details, and its address; it is booked."""
    page = held(browser)
    address = browser.went[-1]
    assert is_booked(browser.press(page.form("/book"), **ANNA))
    return page, address


AGAIN: dict[str, Callable[[Browser, Page, str], Page]] = {
    "the same form": lambda b, form, _: b.press(form.form("/book"), **ANNA),
    "with another name": lambda b, form, _: b.press(form.form("/book"), **{**ANNA, "name": "Anna B."}),
    "with a note": lambda b, form, _: b.press(form.form("/book"), **ANNA, note="by the window"),
    "with another address": lambda b, form, _: b.press(form.form("/book"), **{**ANNA, "email": "a@example.com"}),
    "with nothing typed": lambda b, form, _: b.press(form.form("/book")),
    "with a wrong number": lambda b, form, _: b.press(form.form("/book"), **ANNA, phone="12"),
    "with a name too long": lambda b, form, _: b.press(form.form("/book"), **{**ANNA, "name": "x" * 101}),
    "its hold left out": lambda b, form, _: b.press(form.form("/book"), **ANNA, hold=""),
    "another time of the form": lambda b, form, _: b.press(form.form("/book"), **ANNA, start="2026-03-02T19:00+08:00"),
}
COMING_BACK: dict[str, Callable[[Browser, Page, str], Page]] = {
    "back to the form": lambda b, _, address: b.get(address),
    "in another language": lambda b, _, address: b.get(address + "&lang=en"),
    "in another zone": lambda b, _, address: b.get(address + "&zone=Europe/Berlin&lang=en"),
    "without its hold": lambda b, _, address: b.get(address.partition("&hold=")[0]),
}


@pytest.mark.parametrize("way", AGAIN.values(), ids=AGAIN)
@pytest.mark.parametrize("later", [0, 4, 6, 50], ids="{} min later".format)
def test_a_form_that_has_booked_shows_what_it_booked(
    browser: Browser, time: Clock, way: Callable[[Browser, Page, str], Page], later: int
) -> None:
    form, address = once(browser)
    time.now += timedelta(minutes=later)
    assert is_booked(way(browser, form, address))
    assert len(booked()) == 1


@pytest.mark.parametrize("way", COMING_BACK.values(), ids=COMING_BACK)
@pytest.mark.parametrize("later", [0, 4, 6, 50], ids="{} min later".format)
def test_whoever_comes_back_to_it_sees_what_they_booked(
    time: Clock, way: Callable[[Browser, Page, str], Page], later: int
) -> None:
    browser = with_cookies()
    form, address = once(browser)
    time.now += timedelta(minutes=later)
    assert is_booked(way(browser, form, address))
    assert len(booked()) == 1


@pytest.mark.parametrize("jar", [{}, None], ids=["with cookies", "without"])
def test_nobody_else_sees_it_by_the_address_of_the_form(jar: dict[str, str] | None) -> None:
    """It may have been sent to a friend before: whether this is free?"""
    _, address = once(with_cookies())
    friend = Browser(client_pages.handler, "en", jar=jar)
    page = friend.get(address)
    assert page.title.startswith("Your details")
    held(friend, "9:00 AM")
    assert friend.get(address).title.startswith("Your details")


def test_two_tabs_with_one_time_book_once() -> None:
    browser = with_cookies()
    one, other = held(browser), held(browser)
    assert is_booked(browser.press(one.form("/book"), **ANNA))
    assert is_booked(browser.press(other.form("/book"), **ANNA))
    assert len(booked()) == 1


def test_two_tabs_with_anybody_do_not_book_two_chairs(time: Clock) -> None:
    browser = with_cookies()
    one = held(browser, address=ANY)
    time.now += timedelta(seconds=40)
    other = held(browser, address=ANY)
    assert is_booked(browser.press(one.form("/book"), **ANNA))
    assert is_booked(browser.press(other.form("/book"), **ANNA))
    assert len(booked()) == 1


def test_whoever_chooses_it_anew_books_for_a_second_person(time: Clock) -> None:
    """A mother with two children: the second chair is no mistake."""
    browser = with_cookies()
    browser.press(held(browser, address=ANY).form("/book"), **ANNA)
    time.now += timedelta(minutes=1)
    page = held(browser, address=ANY)
    address = browser.went[-1]
    assert is_booked(browser.press(page.form("/book"), **ANNA))
    assert {one.slot.staff for one in booked()} == {"mei", "jun"}
    assert is_booked(browser.get(address))


def test_whoever_cancelled_may_have_it_again() -> None:
    browser = with_cookies()
    _, address = once(browser)
    (first,) = booked()
    path = f"/a/{tokens.manage_token(first)}"
    browser.press(browser.get(f"{path}/cancel").form("/cancel"))
    assert is_booked(browser.press(browser.get(address).form("/book"), **ANNA))
    assert sorted(one.status for one in booked()) == [Status.BOOKED, Status.CANCELLED]


def test_a_cookie_names_nobody_and_goes_nowhere_else() -> None:
    browser = with_cookies()
    said = browser.ask(f"POST {browser.get(DAY).form('/hold').action}", "")["headers"].get("Set-Cookie")
    assert said is None, "a form of nobody's keeps nothing"
    form = browser.get(DAY).form("/hold")
    fields = "&".join(f"{name}={value}" for name, value in form.fields) + "&start=2026-03-02T17:30%2B08:00"
    said = browser.ask(f"POST {form.action}", fields)["headers"]["Set-Cookie"]
    name, *rest = said.split("; ")
    assert rest == ["Path=/b/lotus", "Max-Age=3600", "HttpOnly", "Secure", "SameSite=Lax"]
    assert name == f"holder={dict(form.fields)['holder']}"


@pytest.mark.parametrize(
    "cookie",
    ["holder=", "holder=a-1", "holder=k_../../etc", "holder=" + "k" * 4000, "other=1", "holder=k_AAAAAAAAAAAAAAAA"],
)
def test_a_cookie_that_is_none_of_ours_is_nobodys(cookie: str) -> None:
    browser = with_cookies()
    browser.jar = {"/b/lotus": cookie}
    assert is_booked(browser.press(held(browser).form("/book"), **ANNA))


# Moving to where it is


@pytest.fixture
def mine(time: Clock) -> str:  # noqa: ARG001
    """Monday 17:00 with Mei."""
    lotus.known(replace(a_client(), locale="en"))
    return tokens.manage_token(lotus.put(an_appointment()))


SAME: dict[str, Callable[[str], object]] = {
    "by the link": lambda link: ask(
        my_appointment.handler, "POST /v1/appointment/reschedule", {"start": "2026-03-02T17:00:00+08:00"}, bearer=link
    ),
    "with the person named": lambda link: ask(
        my_appointment.handler,
        "POST /v1/appointment/reschedule",
        {"start": "2026-03-02T17:00:00+08:00", "staff": "mei"},
        bearer=link,
    ),
    "told in another zone": lambda link: ask(
        my_appointment.handler, "POST /v1/appointment/reschedule", {"start": "2026-03-02T09:00:00Z"}, bearer=link
    ),
    "with its version and a key": lambda link: ask(
        my_appointment.handler,
        "POST /v1/appointment/reschedule",
        {"start": "2026-03-02T09:00:00+00:00", "version": 1},
        bearer=link,
        key="move-0001",
    ),
    "by staff": lambda _: ask(
        front_desk.handler,
        "POST /v1/desk/appointments/a-1/reschedule",
        {"start": "2026-03-02T17:00:00+08:00"},
        role="staff",
    ),
    "by staff, by hand": lambda _: ask(
        front_desk.handler,
        "POST /v1/desk/appointments/a-1/reschedule",
        {"start": "2026-03-02T17:00:00+08:00", "staff": "mei", "override": "they asked"},
        role="owner",
    ),
    "on the page": lambda link: Browser(client_pages.handler, "en").ask(
        f"POST /a/{link}/move", "start=2026-03-02T17:00:00%2B08:00&staff=mei&version=1&key=k-1"
    ),
    "on the page, its person left out": lambda link: Browser(client_pages.handler, "en").ask(
        f"POST /a/{link}/move", "start=2026-03-02T09:00:00%2B00:00&version=1"
    ),
}


@pytest.mark.parametrize("move", SAME.values(), ids=SAME)
@pytest.mark.parametrize("times", [1, 5])
def test_to_move_to_where_it_is_is_nothing_to_do(mine: str, move: Callable[[str], object], times: int) -> None:
    """It does not count as a move, nobody is told, and nothing is written, however often."""
    before = lotus.everything()
    for _ in range(times):
        move(mine)
    assert lotus.everything() == before


@pytest.mark.parametrize("state", [{"reschedules": 3}, {"status": Status.CONFIRMED}], ids=["at the limit", "confirmed"])
def test_nothing_to_do_is_never_refused(state: dict[str, object]) -> None:
    lotus.known()
    link = tokens.manage_token(lotus.put(replace(an_appointment(), **state)))  # type: ignore[arg-type]
    answer = ask(
        my_appointment.handler, "POST /v1/appointment/reschedule", {"start": "2026-03-02T17:00:00+08:00"}, bearer=link
    )
    assert (answer.status, answer.body["version"]) == (200, 1)


def test_the_same_time_with_somebody_else_is_a_move(mine: str) -> None:
    ask(
        my_appointment.handler,
        "POST /v1/appointment/reschedule",
        {"start": "2026-03-02T17:00:00+08:00", "staff": "jun"},
        bearer=mine,
    )
    moved = appointments.load("lotus", "a-1")
    assert (moved.version, moved.slot.staff, moved.history[-1].what) == (2, "jun", RESCHEDULED)
    assert [message.stage for message in messages.about("lotus", "a-1")] == ["rescheduled"]


def test_the_page_of_a_move_says_that_nothing_was_changed(mine: str) -> None:
    browser = with_cookies()
    for address in ("2026-03-02T17:00:00%2B08:00", "2026-03-02T09:00:00%2B00:00"):
        assert "Nothing was changed" in browser.get(f"/a/{mine}/move?start={address}").text
    moved = browser.get(f"/a/{mine}/move?start=2026-03-03T17:00:00%2B08:00").form("/move")
    browser.press(moved)
    assert "has been moved" in browser.press(moved).text, "the same form twice"
    assert STARTS + timedelta(days=1) == appointments.load("lotus", "a-1").starts


# The API's doors


def test_the_api_knows_ones_own_hold_by_its_token() -> None:
    wanted = {"service": "cut", "staff": "mei", "start": "2026-03-02T17:30:00+08:00"}
    first = ask(booking.handler, "POST /v1/businesses/lotus/holds", wanted).body["hold"]
    asked = {"service": "cut", "staff": "mei", "from": "2026-03-02", "to": "2026-03-02"}

    def starts(**more: str) -> list[str]:
        path = "GET /v1/businesses/lotus/availability"
        return [slot["start"][11:16] for slot in ask(booking.handler, path, query={**asked, **more}).body["slots"]]

    assert "17:30" not in starts()
    assert "17:30" in starts(hold=first)
    assert ask(booking.handler, "POST /v1/businesses/lotus/holds", wanted).code == "slot_taken"
    later = {**wanted, "start": "2026-03-02T18:00:00+08:00", "instead_of": first}
    second = ask(booking.handler, "POST /v1/businesses/lotus/holds", later)
    assert second.status == 201
    assert len(lotus.on_page()) == 1
    for wrong in ("nonsense", "h.k1.lotus.h_x-1.1.AAAAAAAAAAAAAAAAAAAAAA"):
        assert ask(booking.handler, "POST /v1/businesses/lotus/holds", {**wanted, "instead_of": wrong}).status == 403
        path = "GET /v1/businesses/lotus/availability"
        assert ask(booking.handler, path, query={**asked, "hold": wrong}).status == 403


def test_an_address_says_nothing_that_would_let_another_in() -> None:
    """The name that the browser keeps stands in no address."""
    browser = with_cookies()
    once(browser)
    assert browser.jar
    name = browser.jar["/b/lotus"].partition("=")[2]
    assert not [address for address in browser.went if name in address]
    asked = [parse_qs(urlsplit(address).query) for address in browser.went]
    assert not [query for query in asked if "holder" in query or "key" in query]
