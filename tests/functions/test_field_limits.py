"""Whoever is known by nothing but what they typed is limited: per network, number, address, person's day and business.

The rule: what costs the business or a third person something (a slot, a message) is counted before it is done, by all
that one asker can vary only at a price, and given back where it came to nothing. Staff are never counted.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from pynamodb.exceptions import QueryError, UpdateError

import booking
import client_pages
import front_desk
from kept import clock, ids
from kept.api.network import neighbourhood
from kept.booking.hold import HOLD as LASTS
from kept.business.stranger_rules import StrangerRules
from kept.clients.counted import counted_as
from kept.storage import catalogs, counters, messages
from kept.storage.transaction import Lost
from kept.use_cases.limits import flooded, strangers
from kept.use_cases.messaging import client_message
from tests import lotus
from tests.asking import HERE, Answer, an_http_event, ask
from tests.builders import a_client
from tests.functions.plain_browser import Browser
from tests.refusing import BOOK, HOLD, LI, cut, is_problem, without

FIRST = datetime(2026, 3, 2, 1, tzinfo=UTC)
"""Monday, 9:00 in Shanghai; an hour later each booking, ten a day, with Mei and Jun twenty."""
ELSEWHERE = "198.51.100.1"
USUAL = StrangerRules()


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Lets it pass, from the Saturday before."""

    def at(**passed: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: lotus.NOW + timedelta(**passed))

    at()
    return at


@pytest.fixture(autouse=True)
def _open(time: Callable[..., None]) -> None:  # noqa: ARG001
    lotus.open_both()


def with_rules(**changed: int) -> None:
    catalog = lotus.the_salon()
    lotus.store(replace(catalog, business=replace(catalog.business, strangers=replace(USUAL, **changed))))


def slot(n: int) -> str:
    """The n-th of them, ten a day; on Tuesday Mei is away."""
    days = n // 10 + (n >= 10)
    return (FIRST + timedelta(days=days, hours=n % 10)).isoformat()


def from_(network: str, route: str, body: object, *, handler: Any = booking.handler, key: str = "") -> Answer:
    """As the gateway hands it on from there."""
    return ask(handler, route, body, key=key, network=network)


def book(n: int, *, network: str = HERE, key: str = "", **client: Any) -> Answer:
    """The n-th slot with Mei, by somebody who is nobody else, but for what is said of them."""
    who = {"name": f"Client {n}", "email": f"client-{n}@river.example", "agrees_to": ["email"]} | client
    return from_(network, BOOK, cut(start=slot(n), client=who, staff="mei"), key=key)


def hold(n: int, *, network: str = HERE, staff: str = "mei") -> Answer:
    return from_(network, HOLD, without("client") | {"start": slot(n), "staff": staff})


def codes(answers: list[Answer]) -> list[int]:
    return [answer.status for answer in answers]


def told_of(answer: Answer) -> str:
    assert is_problem(answer, 429, "too_many_requests")
    assert answer.headers["retry-after"] == str(answer.body["retry_after"])
    return str(answer.body["of"])


# Per network


def test_a_network_books_so_many_in_an_hour_and_another_is_not_hindered(time: Callable[..., None]) -> None:
    answers = [book(n) for n in range(USUAL.network_hour + 3)]
    assert codes(answers) == [201] * USUAL.network_hour + [429] * 3
    assert told_of(answers[-1]) == "network"
    assert answers[-1].body["retry_after"] == 3600
    assert book(50, network=ELSEWHERE).status == 201
    time(hours=1)
    assert book(51).status == 201


def test_a_day_has_its_own_limit_which_looks_back_twenty_four_hours(time: Callable[..., None]) -> None:
    with_rules(network_hour=3, network_day=5)
    answers = [book(n) for n in range(3)]
    time(hours=5)
    answers += [book(n) for n in range(3, 7)]
    assert codes(answers) == [201] * 5 + [429] * 2
    assert answers[-1].body["retry_after"] == 19 * 3600
    time(hours=23, minutes=59)
    assert told_of(book(8)) == "network"
    time(hours=24)
    assert codes([book(n) for n in range(9, 13)]) == [201] * 3 + [429]


NETWORKS = {
    "IPv4": ("203.0.113.7", "203.0.113.7"),
    "IPv4 with spaces": (" 203.0.113.7 ", "203.0.113.7"),
    "IPv6 by its first half": ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
    "its neighbour in one household": ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
    "in capitals, written out": ("2001:0DB8:0001:0002:0000:0000:0000:0001", "2001:db8:1:2::/64"),
    "another household": ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
    "IPv4 wrapped in IPv6": ("::ffff:203.0.113.7", "203.0.113.7"),
    "the same in figures": ("::ffff:cb00:7107", "203.0.113.7"),
    "6to4, which any IPv4 has 65,536 of": ("2002:cb00:7107:1::1", "203.0.113.7"),
    "with an interface": ("fe80::1%eth0", "fe80::/64"),
    "nothing": ("", ""),
    "a name": ("localhost", ""),
    "a list, as a header would say": ("203.0.113.7, 198.51.100.1", ""),
    "noughts in front, which some read as octal": ("203.000.113.007", ""),
    "markup": ("<script>", ""),
}


@pytest.mark.parametrize(("source", "one"), NETWORKS.values(), ids=NETWORKS)
def test_a_network_is_what_one_household_has(source: str, one: str) -> None:
    assert neighbourhood(source) == one


def test_what_a_header_says_of_where_one_comes_from_is_not_believed() -> None:
    with_rules(network_hour=1)
    assert book(0).status == 201
    event = an_http_event(BOOK, cut(start=slot(1)))
    event["headers"] |= {"x-forwarded-for": ELSEWHERE, "forwarded": f"for={ELSEWHERE}", "x-real-ip": ELSEWHERE}
    assert booking.handler(event, None)["statusCode"] == 429


def test_an_address_is_stored_as_a_fingerprint_that_is_forgotten() -> None:
    book(0)
    window = strangers.BOOKINGS.number(lotus.NOW)
    stored = counters.counts("lotus", "bookings", [window])
    assert set(stored[window].values()) == {1}
    assert not any(HERE in name or "river" in name for name in stored[window])
    (item,) = lotus.everything()["kept-counters"]
    until = strangers.BOOKINGS.begins(window + 24).timestamp()
    assert f"('expires', {int(until)})" in item


# Per number and address

ONE_NUMBER = (
    "13812345678", "138 1234 5678", "138-1234-5678", "+86 138 1234 5678", "+8613812345678", "(+86) 138.1234.5678",
    "008613812345678", "+86(138)12345678", "１３８１２３４５６７８", "tel:+86-138-1234-5678",
)  # fmt: skip
ONE_MAILBOX = (
    "li@river.example", "LI@river.example", "Li@River.Example", "li+1@river.example", "li+salon@river.example",
    "li+a+b@river.example", "LI+x@RIVER.EXAMPLE", "li+@river.example", "li+2@river.example", "li+3@river.example",
)  # fmt: skip


@pytest.mark.parametrize(
    ("field", "channel", "spellings"), [("phone", "sms", ONE_NUMBER), ("email", "email", ONE_MAILBOX)]
)
def test_one_contact_books_so_many_a_day_however_it_is_spelt_and_from_wherever(
    field: str, channel: str, spellings: tuple[str, ...]
) -> None:
    answers = [
        book(n, network=f"198.51.100.{n}", email=None, agrees_to=[channel], **{field: spelt})
        if field == "phone"
        else book(n, network=f"198.51.100.{n}", **{field: spelt})
        for n, spelt in enumerate(spellings)
    ]
    assert codes(answers) == [201] * USUAL.contact_day + [429] * (len(spellings) - USUAL.contact_day)
    assert told_of(answers[-1]) == "contact"


MAILBOXES = {
    "without a tag": ("li+salon@river.example", "li@river.example"),
    "without dots at Gmail": ("l.i.n.a@gmail.com", "lina@gmail.com"),
    "by Gmail's other name": ("lina+x@googlemail.com", "lina@gmail.com"),
    "dots elsewhere are others": ("l.i@river.example", "l.i@river.example"),
    "nothing before the tag": ("+li@river.example", "+li@river.example"),
    "a number": ("+8613812345678", "+8613812345678"),
}


@pytest.mark.parametrize(("contact", "one"), MAILBOXES.values(), ids=MAILBOXES)
def test_a_mailbox_is_counted_under_one_name(contact: str, one: str) -> None:
    assert counted_as(contact) == one


def test_a_family_of_five_books_on_one_number() -> None:
    answers = [book(n, name=f"Child {n}", phone="13812345678", email=None, agrees_to=["sms"]) for n in range(5)]
    assert codes(answers) == [201] * 5


def test_a_number_has_so_many_visits_ahead_and_one_that_is_over_counts_no_more(time: Callable[..., None]) -> None:
    with_rules(contact_open=3, contact_day=3)
    assert codes([book(n, email="li@river.example") for n in range(3)]) == [201] * 3
    time(days=1, hours=1)
    assert told_of(book(10, email="li@river.example")) == "contact"
    time(days=3)  # Tuesday, the three are over
    assert codes([book(30 + n, email="li@river.example") for n in range(4)]) == [201] * 3 + [429]


def test_visits_booked_within_the_hour_are_not_counted_twice() -> None:
    with_rules(contact_open=6)
    assert codes([book(n, email="li@river.example") for n in range(8)]) == [201] * 6 + [429] * 2


# Holds


def test_a_network_holds_few_at_one_time_and_again_when_they_have_run_out(time: Callable[..., None]) -> None:
    answers = [hold(10 * n) for n in range(USUAL.network_holds + 2)]
    assert codes(answers) == [201] * USUAL.network_holds + [429] * 2
    assert told_of(answers[-1]) == "network"
    assert hold(90, network=ELSEWHERE).status == 201
    time(minutes=6)
    assert hold(91).status == 201


def test_holds_never_take_a_whole_day_from_however_many_networks() -> None:
    """Eleven hours are open; five of them may be kept at one time, by fifty networks no less."""
    answers = [hold(n, network=f"198.51.100.{n}") for n in range(10)]
    assert codes(answers) == [201] * 5 + [429] * 5
    assert told_of(answers[-1]) == "day"
    assert 0 < answers[-1].body["retry_after"] <= 300
    assert book(9, network=ELSEWHERE).status == 201
    assert hold(9, network="198.51.100.77", staff="jun").status == 201


def test_one_hold_is_always_had_however_long_it_is() -> None:
    with_rules(day_share=1)
    assert hold(0).status == 201
    assert told_of(hold(1)) == "day"


def test_what_looks_back_at_holds_sees_every_one_that_is_live() -> None:
    assert strangers.MINUTE * strangers.LIVE == LASTS + strangers.MINUTE


# The whole business


def test_a_thousand_machines_do_not_fill_the_book_unnoticed(capsys: pytest.CaptureFixture[str]) -> None:
    with_rules(business_hour=4)
    answers = [book(n, network=f"198.51.100.{n}") for n in range(6)]
    assert codes(answers) == [201] * 4 + [429] * 2
    assert told_of(answers[-1]) == "business"
    assert "StrangersRefused" in capsys.readouterr().out


def test_the_business_is_told_of_it_once_a_day_and_nobody_else(time: Callable[..., None]) -> None:
    with_rules(business_hour=1)
    for day in range(2):
        time(days=day)
        for n in range(4):
            book(10 * day + n, network=f"198.51.100.{n}")
    told = messages.about("lotus", "strangers")
    assert [(message.stage, message.recipient) for message in told] == [("too_many_strangers", "lotus")] * 2
    about = client_message.read(told[0], catalogs.load("lotus"), now=lotus.NOW)
    assert about
    assert about.address == "desk@lotus.example"
    assert "2月28日" in about.parcel(now=lotus.NOW).rendered.text


def test_the_pages_tell_the_business_too() -> None:
    with_rules(business_hour=1)
    pages = Browser(client_pages.handler, "en")
    assert [pages.ask("POST /b/lotus/book", form(n, **WHO))["statusCode"] for n in range(2)] == [303, 429]
    assert [message.recipient for message in messages.about("lotus", "strangers")] == ["lotus"]


def test_staff_are_never_counted_nor_held_back() -> None:
    with_rules(business_hour=1, network_hour=1, contact_day=1, contact_open=1)
    assert codes([book(0), book(1)]) == [201, 429]
    by_hand = [
        ask(front_desk.handler, "POST /v1/desk/appointments", cut(start=slot(n), client=LI, staff="mei"), role="staff")
        for n in range(2, 6)
    ]
    assert codes(by_hand) == [201] * 4


def test_another_business_counts_for_itself() -> None:
    with_rules(network_hour=1)
    assert codes([book(0), book(1)]) == [201, 429]
    there = {"service": "brakes", "start": "2026-03-02T15:00:00+00:00", "client": LI}
    assert from_(HERE, "POST /v1/businesses/garage/appointments", there).status == 201


# What does not count

CAME_TO_NOTHING: dict[str, Callable[[], Answer]] = {
    "taken by somebody": lambda: from_(HERE, BOOK, cut(start=slot(0), staff="mei")),
    "in the past": lambda: from_(HERE, BOOK, cut(start="2026-02-27T09:00:00+08:00")),
    "off the step": lambda: from_(HERE, BOOK, cut(start="2026-03-02T09:07:00+08:00")),
    "closed": lambda: from_(HERE, BOOK, cut(start="2026-03-02T23:00:00+08:00")),
    "no such service": lambda: from_(HERE, BOOK, cut(service="shave")),
    "no such person": lambda: from_(HERE, BOOK, cut(staff="sam")),
    "no address": lambda: from_(HERE, BOOK, cut(client={"name": "Li", "agrees_to": []})),
    "a number that is none": lambda: from_(HERE, BOOK, cut(client=LI | {"phone": "12"})),
    "no consent": lambda: from_(HERE, BOOK, cut(client=LI | {"agrees_to": []})),
    "a hold that is none": lambda: from_(HERE, BOOK, cut(hold="h")),
    "not JSON": lambda: from_(HERE, BOOK, "{"),
    "too far": lambda: from_(HERE, BOOK, cut(start="2027-03-02T09:00:00+08:00")),
    "holding what is taken": lambda: hold(0),
    "holding what is closed": lambda: from_(HERE, HOLD, without("client") | {"start": "2026-03-02T23:00:00+08:00"}),
}


@pytest.mark.parametrize("kind", CAME_TO_NOTHING)
def test_a_request_that_fails_otherwise_locks_out_nobody_and_writes_nothing(kind: str) -> None:
    with_rules(network_hour=2, network_holds=1)
    book(0, network=ELSEWHERE)
    before = lotus.everything()
    assert {CAME_TO_NOTHING[kind]().status for _ in range(3)} <= {400, 403, 404, 409, 422}
    assert lotus.everything() == before
    assert book(1).status == 201


def test_whoever_is_refused_by_a_limit_writes_nothing_either() -> None:
    with_rules(network_hour=1)
    book(0)
    before = lotus.everything()
    assert book(1).status == 429
    assert lotus.everything() == before


def test_a_repeat_is_counted_once_and_answered_when_no_more_is_taken() -> None:
    with_rules(network_hour=2)
    key = "f3a1c0de-0000-4000-8000-000000000001"
    first = book(0, key=key)
    assert [book(0, key=key).body for _ in range(5)] == [first.body] * 5
    assert codes([book(1), book(2), book(0, key=key)]) == [201, 429, 201]
    assert is_problem(book(3, key=key), 422, "idempotency_key_reused")


@pytest.mark.parametrize("broken", ["counts", "count"])
@pytest.mark.parametrize("error", [QueryError, UpdateError])
def test_a_table_of_counters_that_is_away_stops_nobody(
    broken: str, error: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    with_rules(network_hour=1)

    def away(*_: object, **__: object) -> None:
        raise error("throttled")

    monkeypatch.setattr(counters, broken, away)
    assert codes([book(0), book(1), hold(2)]) == [201] * 3


def test_what_is_given_back_leaves_nothing_behind() -> None:
    """Or whoever is refused all day would fill the item that everybody is counted in."""
    admission = strangers.booking(lotus.the_salon().business, a_client(), HERE, now=lotus.NOW)
    others = strangers.booking(
        lotus.the_salon().business, replace(a_client(), email="x@y.example"), HERE, now=lotus.NOW
    )
    window = strangers.BOOKINGS.number(lotus.NOW)
    others.take()
    left = counters.counts("lotus", "bookings", [window])
    admission.take()
    admission.give_back()
    assert counters.counts("lotus", "bookings", [window]) == left
    others.give_back()
    assert not counters.counts("lotus", "bookings", [window]).get(window)


# On the pages

WHO = {"name": "Wang Wei", "phone": "13812345678", "email": "", "note": "短一点", "agrees_to": "sms"}


def form(n: int, **more: str) -> str:
    return urlencode({"service": "cut", "staff": "mei", "start": slot(n), "key": ids.new("k"), **more})


@pytest.mark.parametrize(("language", "says"), [("en", "more than we take"), ("zh-Hans", "预约请求太多")])
def test_a_page_keeps_what_was_typed_and_says_to_call(language: str, says: str) -> None:
    with_rules(network_hour=1)
    book_by_page = Browser(client_pages.handler, language)
    assert book_by_page.ask("POST /b/lotus/book", form(0, **WHO))["statusCode"] == 303
    answer = book_by_page.ask("POST /b/lotus/book", form(1, **WHO))
    assert (answer["statusCode"], answer["headers"]["Retry-After"]) == (429, "3600")
    page = book_by_page._page(answer)
    assert says in page.text
    kept = dict(page.form("/book").fields)
    assert {name: kept[name] for name in WHO} == WHO


@pytest.mark.parametrize(("language", "says"), [("en", "Book without keeping it"), ("zh-Hans", "不保留")])
def test_a_page_offers_to_book_without_a_hold(language: str, says: str) -> None:
    with_rules(network_holds=1)
    reader = Browser(client_pages.handler, language)
    assert reader.ask("POST /b/lotus/hold", form(0))["statusCode"] == 303
    refused = reader.ask("POST /b/lotus/hold", form(1))
    assert (refused["statusCode"], 0 < int(refused["headers"]["Retry-After"]) <= 360) == (429, True)
    details = reader.get(reader._page(refused).link(says))
    assert reader.press(details.form("/book"), **WHO).status == 200


def test_the_pages_and_the_api_count_together() -> None:
    with_rules(network_hour=2)
    pages = Browser(client_pages.handler, "en")
    assert pages.ask("POST /b/lotus/book", form(0, **WHO))["statusCode"] == 303
    assert codes([book(1), book(2)]) == [201, 429]
    assert pages.ask("POST /b/lotus/book", form(3, **WHO))["statusCode"] == 429


def test_told_of_by_two_at_once_the_business_has_one_mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes second finds it written, and sends nothing."""
    salon = catalogs.load("lotus").business
    flooded.raise_the_alarm(salon, now=lotus.NOW)
    before = lotus.everything()
    handed: list[object] = []
    monkeypatch.setattr(flooded, "hand_over", handed.append)
    monkeypatch.setattr(messages, "find", lambda *_: None)
    flooded.raise_the_alarm(salon, now=lotus.NOW)
    assert (lotus.everything(), handed) == (before, [])


@pytest.mark.parametrize("lost", [1, 100])
def test_the_last_that_was_taken_in_between_is_looked_at_again_and_not_for_ever(
    lost: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Lost once it is counted anew; lost again and again nobody is let in uncounted."""
    count, tried = counters.count, []

    def taken(*told: Any, **more: Any) -> Any:
        tried.append(told)
        if len(tried) <= lost:
            raise Lost
        return count(*told, **more)

    monkeypatch.setattr(counters, "count", taken)
    answer = book(0)
    assert answer.status == (201 if lost == 1 else 429)
    assert len(tried) < 20
