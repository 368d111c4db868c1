"""The waitlist by its doors: the client's page by its link, and the routes of the desk. What is taken with another
link, twice, too late, or could never be is refused with a code and changes nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any
from urllib.parse import parse_qsl

import pytest

import client_pages
import front_desk
from kept import clock
from kept.business.waitlist_rules import OfferMode, WaitlistRules
from kept.client_links.tokens import wait_token
from kept.storage import appointments, catalogs, clients, waitlist
from kept.storage.tables import AppointmentItem
from kept.storage.transaction import together
from kept.waitlist.entry import EntryState, OfferAnswer
from tests import lotus
from tests.asking import ask
from tests.builders import STARTS, an_appointment
from tests.functions.plain_browser import Browser, Form, Page
from tests.functions.waitlisting import ANY, NOON, called_off, offer_of, opened, pass_until, waits

MINUTE = timedelta(minutes=1)
NOW_ON_MONDAY = STARTS - timedelta(hours=5)


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    time = Clock()
    monkeypatch.setattr(clock, "now", time)
    opened()
    return time


def link(entry: str) -> str:
    return f"/w/{wait_token('lotus', entry, now=NOON)}"


def browser(language: str = "en") -> Browser:
    return Browser(client_pages.handler, language)


def posted(path: str, typed: dict[str, str]) -> Page:
    """By a form of their page, with what it asks for."""
    return browser().press(Form(path, "post", fields=list(typed.items()), buttons=[("", "", "")]))


def offered(*clients: str) -> list[tuple[str, str]]:
    """Who waits, with what is on offer to the first of them."""
    entries = [waits(client, since=NOON - timedelta(days=1) + n * MINUTE) for n, client in enumerate(clients)]
    called_off()
    pass_until(NOON)
    return [(it.id, offer.id if (offer := offer_of(it)) else "") for it in entries]


@pytest.mark.parametrize(("language", "said"), [("en", "Held for you until 12:15 PM"), ("zh-Hans", "为您保留到12:15")])
def test_their_page_shows_their_place_and_what_is_held(time: Clock, language: str, said: str) -> None:  # noqa: ARG001
    """As often as it is opened, by them or by a scanner of their mail, nothing changes."""
    ((first, _), (second, _)) = offered("c-2", "c-3")
    for _ in range(2):
        page = browser(language).get(f"{link(first)}?lang={language}")
        assert said in page.text
        assert "Client" not in page.text
        assert not [it for it in browser(language).get(link(second)).forms if it.action.endswith("/take")]
    assert waitlist.load("lotus", first).offers[-1].answer is None


def test_it_is_taken_by_one_press_and_a_second_press_changes_nothing(time: Clock) -> None:
    ((first, offer), (second, _)) = offered("c-2", "c-3")
    time.now = NOON + MINUTE
    for _ in range(2):
        answer = posted(f"{link(first)}/take", {"offer": offer})
        assert answer.status == 200
    entry = waitlist.load("lotus", first)
    assert (entry.state, appointments.load("lotus", entry.booked).starts) == (EntryState.BOOKED, STARTS)
    assert waitlist.load("lotus", second).offers == ()


LATE = {"with another's link": (1, 0), "after its end": (0, 15), "an offer of nothing": (0, 0)}


@pytest.mark.parametrize(("whose", "minutes"), LATE.values(), ids=LATE)
def test_what_cannot_be_taken_is_said_kindly_and_leads_to_other_times(time: Clock, whose: int, minutes: int) -> None:
    entries = offered("c-2", "c-3")
    time.now = NOON + minutes * MINUTE
    before = lotus.everything()
    offer = entries[0][1] if (whose, minutes) != (0, 0) else "o-9"
    answer = posted(f"{link(entries[whose][0])}/take", {"offer": offer})
    assert answer.status == 410
    assert [href for _, href in answer.links if href.startswith("/b/lotus?service=cut")]
    assert lotus.everything() == before


def leaves(entry: str, offer: str) -> None:  # noqa: ARG001
    assert posted(f"{link(entry)}/leave", {}).status == 200


def lets_pass(entry: str, offer: str) -> None:
    assert posted(f"{link(entry)}/pass", {"offer": offer}).status == 200


def wishes_otherwise(entry: str, offer: str) -> None:  # noqa: ARG001
    assert posted(f"{link(entry)}/change", {"first": "2026-03-09", "last": "2026-03-13"}).status == 200


def staff_fill_it(entry: str, offer: str) -> None:  # noqa: ARG001
    client = {"name": "Wu Lei", "email": "wu@example.com", "agrees_to": ["email"]}
    body = {"service": "cut", "start": STARTS.isoformat(), "staff": "mei", "client": client, "override": "a regular"}
    assert ask(front_desk.handler, "POST /v1/desk/appointments", body, role="staff").status == 201


def staff_book_another(entry: str, offer: str) -> None:  # noqa: ARG001
    assert ask(front_desk.handler, f"POST /v1/desk/waitlist/{entry}/book", TUESDAY, role="staff").status == 200


def staff_take_them_off(entry: str, offer: str) -> None:  # noqa: ARG001
    assert ask(front_desk.handler, f"DELETE /v1/desk/waitlist/{entry}", role="staff").status == 200


OVER = {
    "they have left": leaves,
    "they let it pass": lets_pass,
    "they wish for something else": wishes_otherwise,
    "staff filled it": staff_fill_it,
    "staff booked them another": staff_book_another,
    "staff took them off": staff_take_them_off,
}


@pytest.mark.parametrize("act", OVER.values(), ids=OVER)
@pytest.mark.parametrize("swept", [True, False])
def test_an_offer_that_is_over_is_taken_by_nobody(time: Clock, act: Callable[[str, str], None], *, swept: bool) -> None:
    """Whether its end was noted by then or not; said kindly, and nothing is changed."""
    ((first, offer), _) = offered("c-2", "c-3")
    time.now = NOON + MINUTE
    act(first, offer)
    if swept:
        pass_until(time.now)
    before = lotus.everything()
    for button in ("take",) if act in (lets_pass, staff_fill_it) else ("take", "pass"):
        assert posted(f"{link(first)}/{button}", {"offer": offer}).status == 410
    assert lotus.everything() == before


def test_a_link_of_another_business_takes_nothing(time: Clock) -> None:
    ((first, offer), _) = offered("c-2", "c-3")
    time.now = NOON + MINUTE
    before = lotus.everything()
    for token in (wait_token("garage", first, now=NOON), wait_token("lotus", "c-9-w1", now=NOON), "w.nonsense"):
        assert posted(f"/w/{token}/take", {"offer": offer}).status in (403, 410)
    assert lotus.everything() == before


def test_it_is_let_pass_and_the_list_is_left_by_one_press(time: Clock) -> None:
    ((first, offer), (second, _)) = offered("c-2", "c-3")
    time.now = NOON + MINUTE
    assert posted(f"{link(first)}/pass", {"offer": offer}).status == 200
    pass_until(time.now)
    assert waitlist.load("lotus", first).offers[-1].answer is OfferAnswer.DECLINED
    assert offer_of(second)
    assert posted(f"{link(first)}/leave", {}).status == 200
    assert waitlist.load("lotus", first).state is EntryState.LEFT


WISHES = {
    "another week": ("first=2026-03-09&last=2026-03-13&weekdays=1", 200),
    "ends before it begins": ("first=2026-03-09&last=2026-03-01", 422),
    "no days": ("first=&last=", 422),
    "over": ("first=2026-01-01&last=2026-01-31", 422),
    "hours the wrong way round": ("first=2026-03-09&last=2026-03-13&opens=12:00&closes=09:00", 422),
    "no such day": ("first=2026-02-30&last=2026-03-13", 422),
    "a Sunday of two weekdays": ("first=2026-03-09&last=2026-03-10&weekdays=6", 422),
    "less time than the visit takes": ("first=2026-03-09&last=2026-03-13&opens=12:00&closes=12:30", 422),
}


@pytest.mark.parametrize(("form", "status"), WISHES.values(), ids=WISHES)
def test_what_they_wait_for_is_changed_or_refused_whole(time: Clock, form: str, status: int) -> None:
    """What can never fit is refused, and nothing changed."""
    ((first, _),) = offered("c-2")
    time.now = NOON + MINUTE
    before = lotus.everything()
    answer = posted(f"{link(first)}/change", dict(parse_qsl(form, keep_blank_values=True)))
    assert answer.status == status
    if status != 200:
        assert lotus.everything() == before


def test_the_desk_sees_the_order_with_its_reasons_and_what_is_open(time: Clock) -> None:  # noqa: ARG001
    ((first, _), (second, _)) = offered("c-2", "c-3")
    shown = ask(front_desk.handler, "GET /v1/desk/waitlist", role="staff", language="zh-Hans")
    assert [(it["id"], it["number"], it["why_code"], it["why"]) for it in shown.body["entries"]] == [
        (second, 1, "offered_least_lately", "最久没有收到过空位"),
        (first, 2, "waits_since", "自2月27日周五起等候"),
    ]
    (opening,) = shown.body["openings"]
    assert [it["entry"] for it in opening["offers"]] == [first]
    left = ask(front_desk.handler, "GET /v1/desk/waitlist", role="staff", query={"opening": opening["id"]})
    assert [it["id"] for it in left.body["entries"]] == []
    elsewhere = ask(front_desk.handler, f"GET /v1/desk/waitlist/{first}", role="owner", business="garage", staff="sam")
    assert (elsewhere.status, elsewhere.code) == (404, "unknown_waitlist_entry")


WEEK = {"services": ["cut"], "first": "2026-03-01", "last": "2026-03-09"}
TUESDAY = {"service": "cut", "staff": "jun", "start": "2026-03-03T15:00:00+08:00"}
TAKEN = {"service": "cut", "staff": "mei", "start": "2026-03-06T17:00:00+08:00"}
FRIDAY = TUESDAY | {"start": "2026-02-27T15:00:00+08:00"}
ACTS: dict[str, tuple[str, str, object, int, str | None]] = {
    "add": ("POST", "", WEEK | {"client": "c-1"}, 200, None),
    "add nobody": (
        "POST",
        "",
        WEEK | {"client": "c-0"},
        404,
        "unknown_client",
    ),
    "add what never fits": (
        "POST",
        "",
        WEEK | {"client": "c-1", "last": "2026-02-01"},
        422,
        "invalid_request",
    ),
    "a service of nobody's": (
        "POST",
        "",
        WEEK | {"client": "c-1", "services": ["brakes"]},
        422,
        "invalid_request",
    ),
    "add less time than it takes": (
        "POST",
        "",
        WEEK | {"client": "c-1", "opens": "12:00", "closes": "12:59"},
        422,
        "invalid_request",
    ),
    "add what is after what it is to be sooner than": (
        "POST",
        "",
        WEEK | {"client": "c-1", "sooner_than": "a-5", "first": "2026-03-07"},
        422,
        "invalid_request",
    ),
    "add what is to be sooner than another's": (
        "POST",
        "",
        WEEK | {"client": "c-2", "sooner_than": "a-5"},
        404,
        "unknown_appointment",
    ),
    "pass over without a reason": ("POST", "/pass-over", {"opening": "OPENING", "reason": " "}, 422, "reason_required"),
    "pass over": ("POST", "/pass-over", {"opening": "OPENING", "reason": "abroad"}, 200, None),
    "pass over for nothing": ("POST", "/pass-over", {"opening": "o-0", "reason": "abroad"}, 404, "unknown_opening"),
    "offer": ("POST", "/offer", TUESDAY, 200, None),
    "offer what is gone": (
        "POST",
        "/offer",
        FRIDAY,
        409,
        "offer_not_possible",
    ),
    "offer what somebody has": ("POST", "/offer", TAKEN, 409, "slot_taken"),
    "book": ("POST", "/book", TUESDAY, 200, None),
    "take off": ("DELETE", "", None, 200, None),
}


@pytest.mark.parametrize(("method", "path", "body", "status", "code"), ACTS.values(), ids=ACTS)
def test_what_staff_do(time: Clock, method: str, path: str, body: Any, status: int, code: str | None) -> None:
    """Each is done once, however often it is sent with its key; what is refused changes nothing."""
    (_, (second, _)) = offered("c-2", "c-3")
    lotus.put(an_appointment("a-5", starts=STARTS + timedelta(days=4)))
    time.now = NOON + MINUTE
    (opening,) = waitlist.openings("lotus")
    body = {**body, "opening": opening.id} if body and body.get("opening") == "OPENING" else body
    place = "" if body and "client" in body else f"/{second}"
    before = lotus.everything()

    def said() -> Any:
        return ask(
            front_desk.handler, f"{method} /v1/desk/waitlist{place}{path}", body, role="staff", key="a-key-of-theirs"
        )

    answer = said()
    assert (answer.status, answer.code) == (status, code)
    if status != 200:
        assert lotus.everything() == before
        return
    after = lotus.everything()
    assert said().status == 200
    assert lotus.everything() == after


def has_an_offer(_: str) -> None:
    called_off()
    pass_until(NOON)


def cannot_be_reached(client: str) -> None:
    known = clients.load("lotus", client)
    with together() as transaction:
        clients.put_changed(known, replace(known, consents=()), transaction, now=NOON)


def has_another_visit_then(client: str) -> None:
    lotus.put(replace(an_appointment("a-6", starts=TUESDAY_AT), client=client))


TUESDAY_AT = datetime.fromisoformat(TUESDAY["start"])
NOT_NOW = {
    "they have an offer": (has_an_offer, "offered"),
    "they cannot be reached": (cannot_be_reached, "not_reached"),
    "they have another visit then": (has_another_visit_then, "not_reached"),
}


@pytest.mark.parametrize(("first", "why"), NOT_NOW.values(), ids=NOT_NOW)
def test_by_hand_nobody_is_offered_what_they_could_not_take(
    time: Clock, first: Callable[[str], None], why: str
) -> None:
    """Staff read why, and nothing is held."""
    entry = waits("c-2")
    first("c-2")
    time.now = NOON + MINUTE
    before = lotus.everything()
    answer = ask(front_desk.handler, f"POST /v1/desk/waitlist/{entry.id}/offer", TUESDAY, role="staff")
    assert (answer.status, answer.code, answer.body["why"]) == (409, "offer_not_possible", why)
    assert lotus.everything() == before


def test_by_hand_an_earlier_time_moves_their_visit(time: Clock) -> None:
    """The one that they would have sooner; it is no second one, and their wait is over."""
    lotus.put(replace(an_appointment("a-5", starts=STARTS + timedelta(days=4)), client="c-2"))
    entry = waits("c-2", wish=replace(ANY, sooner_than="a-5"))
    time.now = NOON + MINUTE
    answer = ask(front_desk.handler, f"POST /v1/desk/waitlist/{entry.id}/book", TUESDAY, role="staff")
    assert (answer.status, answer.body["id"]) == (200, "a-5")
    moved, now = appointments.load("lotus", "a-5"), waitlist.load("lotus", entry.id)
    assert (moved.starts, moved.slot.staff, now.state) == (TUESDAY_AT, "jun", EntryState.BOOKED)


def test_a_wait_that_is_over_is_changed_no_more(time: Clock) -> None:
    """A page that was left open says that it is over, and where other times are."""
    entry = waits("c-2")
    leaves(entry.id, "")
    time.now = NOON + MINUTE
    before = lotus.everything()
    answer = posted(f"{link(entry.id)}/change", {"first": "2026-03-09", "last": "2026-03-13"})
    assert answer.status == 409
    assert [href for _, href in answer.links if href.startswith("/b/lotus?service=cut")]
    assert lotus.everything() == before


def test_a_wait_for_what_is_not_offered_any_more_is_gone(time: Clock) -> None:  # noqa: ARG001
    entry = waits("c-2")
    with together() as transaction:
        wish = replace(entry.wish, services=("perm",))
        waitlist.put(replace(waitlist.load("lotus", entry.id), wish=wish), transaction, ends=STARTS)
    assert browser().get(link(entry.id)).status == 410


def test_a_wait_whose_visit_is_gone_leads_nowhere(time: Clock) -> None:  # noqa: ARG001
    """The page says that it is booked, without a link to what cannot be shown."""
    ((first, offer),) = offered("c-2")
    assert posted(f"{link(first)}/take", {"offer": offer}).status == 200
    entry = waitlist.load("lotus", first)
    shown = [href for _, href in browser().get(link(first)).links if "/a/" in href or "/k/" in href]
    assert len(shown) == 1
    AppointmentItem("lotus", entry.booked).delete()
    page = browser().get(link(first))
    assert page.status == 200
    assert [href for _, href in page.links if "/a/" in href or "/k/" in href] == []


@pytest.mark.parametrize("visit", ["a-1", "a-5"])
def test_an_earlier_time_is_wanted_of_a_visit_to_come_alone(time: Clock, visit: str) -> None:  # noqa: ARG001
    """Not of one that was called off, nor of one that has begun."""
    called_off(tell=False)
    lotus.put(an_appointment("a-5", starts=NOON - timedelta(minutes=10)))
    before = lotus.everything()
    body = WEEK | {"client": "c-1", "sooner_than": visit}
    answer = ask(front_desk.handler, "POST /v1/desk/waitlist", body, role="staff")
    assert (answer.status, answer.code) == (422, "invalid_request")
    assert lotus.everything() == before


def test_nobody_waits_for_more_than_five_things(time: Clock) -> None:  # noqa: ARG001
    """The form says so and keeps what was typed; what they wait for stays."""
    for n in range(5):
        assert posted("/b/lotus/wait", ANNA | DAYS | {"key": f"k-{n}"}).status == 200
    before = lotus.everything()
    page = posted("/b/lotus/wait?lang=en", ANNA | DAYS | {"key": "k-6"})
    assert page.status == 422
    assert "Anna Berg" in str(page.forms[0].fields)
    assert lotus.everything() == before
    assert posted("/b/lotus/wait", ANNA | DAYS | {"key": "k-4"}).status == 200


def test_where_too_many_strangers_came_at_once_they_are_asked_to_come_again(time: Clock) -> None:  # noqa: ARG001
    """Nobody new is written down; whoever is known to us waits on."""
    salon = lotus.the_salon()
    lotus.store(
        replace(salon, business=replace(salon.business, strangers=replace(salon.business.strangers, network_hour=1)))
    )
    catalogs.forget()
    assert posted("/b/lotus/wait", ANNA | DAYS).status == 200
    before = len(waitlist.waiting("lotus"))
    page = posted("/b/lotus/wait", ANNA | DAYS | {"email": "berta@example.com", "key": "k-2"})
    assert page.status == 429
    assert len(waitlist.waiting("lotus")) == before


def test_an_offer_by_hand_is_a_hold_like_any_other(time: Clock) -> None:
    (_, (second, _)) = offered("c-2", "c-3")
    time.now = NOON + MINUTE
    wanted = {"service": "cut", "staff": "jun", "start": "2026-03-03T15:00:00+08:00"}
    made = ask(front_desk.handler, f"POST /v1/desk/waitlist/{second}/offer", wanted, role="staff")
    assert made.body["offer"]["until"] == "2026-02-28T12:16:00+08:00"
    pass_until(NOON + 16 * MINUTE)
    assert waitlist.load("lotus", second).offers[-1].answer in (OfferAnswer.EXPIRED, None)


def test_whom_staff_took_off_is_put_back_in_their_old_place(time: Clock) -> None:
    """By the wish that they had, however often it is sent; who left by their own word is not."""
    entries = [waits(it, since=NOON - timedelta(days=2) + n * MINUTE) for n, it in enumerate(("c-2", "c-3"))]
    before = in_order()
    one = f"/v1/desk/waitlist/{entries[0].id}"
    assert ask(front_desk.handler, f"DELETE {one}", role="staff").body["state"] == "left"
    assert in_order() == [entries[1].id]
    wish = {"services": ["cut"], "first": "2026-02-28", "last": "2026-03-08"}
    for _ in range(2):
        back = ask(front_desk.handler, f"PUT {one}", wish, role="staff", key="a-key-of-theirs")
        assert (back.status, back.body["state"]) == (200, "waiting")
        assert in_order() == before
    assert posted(f"{link(entries[0].id)}/leave", {}).status == 200
    time.now = NOON + MINUTE
    gone = ask(front_desk.handler, f"PUT {one}", wish, role="staff")
    assert (gone.status, gone.code) == (409, "waitlist_entry_over")
    assert in_order() == [entries[1].id]


def test_whom_staff_booked_is_put_back_once_that_is_cancelled(time: Clock) -> None:
    entry = waits("c-2")
    one = f"/v1/desk/waitlist/{entry.id}"
    made = ask(front_desk.handler, f"POST {one}/book", TUESDAY, role="staff").body
    wish = {"services": ["cut"], "first": "2026-02-28", "last": "2026-03-08"}
    time.now = NOON + MINUTE
    assert ask(front_desk.handler, f"PUT {one}", wish, role="staff").code == "waitlist_entry_over"
    ask(front_desk.handler, f"POST /v1/desk/appointments/{made['id']}/cancel", {"reason": "other"}, role="staff")
    back = ask(front_desk.handler, f"PUT {one}", wish, role="staff")
    assert (back.body["state"], back.body["booked"], in_order()) == ("waiting", "", [entry.id])


def in_order() -> list[str]:
    return [it["id"] for it in ask(front_desk.handler, "GET /v1/desk/waitlist", role="staff").body["entries"]]


def test_an_offer_by_hand_is_taken_back_by_passing_them_over(time: Clock) -> None:
    """Its time is free at once, and they wait on."""
    second = waits("c-3")
    made = ask(front_desk.handler, f"POST /v1/desk/waitlist/{second.id}/offer", TUESDAY, role="staff").body["offer"]
    time.now = NOON + MINUTE
    over = {"opening": made["opening"], "reason": "taken back"}
    back = ask(front_desk.handler, f"POST /v1/desk/waitlist/{second.id}/pass-over", over, role="staff")
    assert (back.body["state"], back.body["offer"]) == ("waiting", None)
    assert ask(front_desk.handler, "GET /v1/desk/waitlist", role="staff").body["openings"] == []
    pass_until(time.now)
    assert posted(f"{link(second.id)}/take", {"offer": made["id"]}).status == 410
    assert ask(front_desk.handler, f"POST /v1/desk/waitlist/{second.id}/offer", TUESDAY, role="staff").status == 200


def test_freed_time_shows_what_of_it_fits_each(time: Clock) -> None:  # noqa: ARG001
    catalog = lotus.the_salon()
    lotus.store(replace(catalog, business=replace(catalog.business, waitlist=WaitlistRules(OfferMode.STAFF))))
    first = waits("c-2")
    waits("c-3", wish=replace(ANY, weekdays=(1,)))
    called_off()
    pass_until(NOON)
    (opening,) = waitlist.openings("lotus")
    shown = ask(front_desk.handler, "GET /v1/desk/waitlist", role="staff", query={"opening": opening.id}).body
    assert [(it["id"], it["fits"]) for it in shown["entries"]] == [
        (first.id, {"service": "cut", "staff": "mei", "start": "2026-03-02T17:00:00+08:00"})
    ]


GAPS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "any hour": ({}, ["09:00", "09:00"]),
    "from ten on": ({"opens": clock_time(10)}, ["10:00", "10:00"]),
    "by half past nine": ({"closes": clock_time(9, 30)}, []),
    "in the afternoon with Jun": ({"opens": clock_time(12), "staff": ("jun",)}, ["12:00"]),
    "with Mei": ({"staff": ("mei",)}, ["09:00"]),
    "on Tuesdays": ({"weekdays": (1,)}, []),
    "of the week after": ({"first": date(2026, 3, 3)}, []),
    "until the day before": ({"last": date(2026, 3, 1)}, []),
    "what nobody does": ({"services": ("brakes",)}, []),
    "sooner than that": ({"before": STARTS - timedelta(hours=7)}, ["09:00", "09:00"]),
}


@pytest.mark.parametrize(("wish", "starts"), GAPS.values(), ids=GAPS)
def test_gaps_of_a_day_say_who_of_the_waitlist_would_fit(time: Clock, wish: dict[str, Any], starts: list[str]) -> None:
    """Mei and Jun are free all day; who has something on offer is not asked again."""
    called_off(tell=False)
    joined = waits("c-2")
    with together() as transaction:
        entry = waitlist.load("lotus", joined.id)
        waitlist.put(replace(entry, wish=replace(entry.wish, **wish)), transaction, ends=STARTS + timedelta(days=9))
    assert sorted(of_gaps()) == [("Client c-2", at) for at in starts]
    if starts:
        wanted = TUESDAY | {"start": "2026-03-02T15:00:00+08:00"}
        time.now = NOON + MINUTE
        assert ask(front_desk.handler, f"POST /v1/desk/waitlist/{joined.id}/offer", wanted, role="staff").status == 200
        assert of_gaps() == []


def of_gaps() -> list[tuple[str, str]]:
    told = ask(front_desk.handler, "GET /v1/desk/day", role="staff", query={"on": "2026-03-02"}).body
    return [(who["client_name"], who["start"][11:16]) for gap in told["gaps"] for who in gap["waiting"]]


ANNA = {"name": "Anna Berg", "email": "anna@example.com", "agrees_to": "email", "service": "cut", "staff": "any"}
DAYS = {"first": "2026-03-02", "last": "2026-03-06", "opens": "", "closes": "", "key": "k-1"}
TYPED = {
    "all of it": ({}, 200),
    "no name": ({"name": ""}, 422),
    "nobody to be reached": ({"email": ""}, 422),
    "no consent": ({"agrees_to": ""}, 422),
    "days the wrong way round": ({"last": "2026-03-01"}, 422),
    "the end of time": ({"last": "9999-12-31"}, 422),
    "no day": ({"first": "soon"}, 422),
}


@pytest.mark.parametrize(("other", "status"), TYPED.values(), ids=TYPED)
def test_whom_nothing_suits_waits_from_the_booking_page(time: Clock, other: dict[str, str], status: int) -> None:
    """Filed as who books is, once however often the form is sent, and offered what comes free; what is wrong changes
    nothing and keeps what was typed."""
    before = lotus.everything()
    for _ in range(2):
        page = posted("/b/lotus/wait", ANNA | DAYS | other)
        assert page.status == status
    if status != 200:
        assert lotus.everything() == before
        return
    (entry,) = waitlist.waiting("lotus")
    called_off(time.now)
    pass_until(time.now)
    assert offer_of(entry)
    times = browser().get("/b/lotus?service=cut&staff=any&lang=en")
    assert times.link("Tell me when something opens").startswith("/b/lotus/wait?")


def test_the_form_of_an_offer_lists_nothing_too_near(time: Clock) -> None:
    """Until when before its start an offer can be taken is a setting."""
    first = waits("c-2").id
    time.now = NOW_ON_MONDAY
    told = ask(front_desk.handler, f"GET /v1/desk/waitlist/{first}", role="staff").body
    assert datetime.fromisoformat(told["offered_from"]) == NOW_ON_MONDAY + timedelta(minutes=35)
