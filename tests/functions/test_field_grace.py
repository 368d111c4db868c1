"""What is booked within the notice for free changes says so before the button, and can be taken back for a while."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

import catalog as settings
import client_pages
import my_appointment
from kept import clock
from kept.actor import CLIENT, Change
from kept.booking.appointment import Appointment, Slot, book
from kept.business.change_rules import ChangeRules
from kept.client_links import tokens
from kept.storage import appointments, catalogs
from tests import lotus
from tests.asking import ask
from tests.builders import a_client
from tests.functions.plain_browser import Browser

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)
USUAL = ChangeRules()


def a_booking(ahead: timedelta) -> Appointment:
    """Made now, for so much later."""
    starts = lotus.NOW + ahead
    slot = Slot(starts, starts + HOUR, "mei")
    made = Change(CLIENT, lotus.NOW)
    return book(
        "lotus",
        "a-1",
        service="cut",
        client="c-1",
        tz="Asia/Shanghai",
        slot=slot,
        policy_version=1,
        note="",
        change=made,
    )


ROWS = [
    # booked so long before it starts, changed so long after that, by these rules: late?
    pytest.param(3 * DAY, DAY, USUAL, False, id="three days ahead, at the limit"),
    pytest.param(3 * DAY, DAY + SECOND, USUAL, True, id="three days ahead, a second after it"),
    pytest.param(2 * DAY, 15 * MINUTE, USUAL, False, id="booked at the limit, and in grace"),
    pytest.param(2 * DAY, 15 * MINUTE + SECOND, USUAL, True, id="booked at the limit, and past grace"),
    pytest.param(2 * DAY + MINUTE, 10 * MINUTE, USUAL, False, id="the limit falls into the grace"),
    pytest.param(DAY, 0 * MINUTE, USUAL, False, id="a day ahead, at once"),
    pytest.param(DAY, 15 * MINUTE, USUAL, False, id="a day ahead, at the last moment"),
    pytest.param(DAY, 15 * MINUTE + SECOND, USUAL, True, id="a day ahead, too late"),
    pytest.param(HOUR, 5 * MINUTE, USUAL, False, id="an hour ahead"),
    pytest.param(HOUR, 30 * MINUTE, USUAL, True, id="an hour ahead, half an hour later"),
    pytest.param(10 * MINUTE, 9 * MINUTE, USUAL, False, id="it starts before the grace is over"),
    pytest.param(DAY, SECOND, ChangeRules(grace=0 * MINUTE), True, id="no grace"),
    pytest.param(DAY, 59 * MINUTE, ChangeRules(grace=HOUR), False, id="an hour of grace"),
    pytest.param(DAY, 20 * MINUTE, ChangeRules(free_until=HOUR), False, id="an hour's notice, in time"),
    pytest.param(90 * MINUTE, 31 * MINUTE, ChangeRules(free_until=HOUR), True, id="an hour's notice, too late"),
    pytest.param(HOUR, 50 * MINUTE, ChangeRules(free_until=0 * MINUTE), False, id="always free"),
]


@pytest.mark.parametrize(("ahead", "passes", "rules", "late"), ROWS)
@pytest.mark.parametrize("act", ["cancel", "move"])
def test_a_change_is_late(ahead: timedelta, passes: timedelta, rules: ChangeRules, late: bool, act: str) -> None:
    it, change = a_booking(ahead), Change(CLIENT, lotus.NOW + passes)
    later = replace(it.slot, starts=it.starts + DAY, ends=it.ends + DAY)
    done = it.cancel(change, rules=rules) if act == "cancel" else it.reschedule(later, change, rules=rules)
    assert done.late is late


def test_moving_it_again_and_again_gives_no_new_grace() -> None:
    it = a_booking(DAY)
    for n in range(1, 3):
        at = lotus.NOW + n * 10 * MINUTE
        slot = replace(it.slot, starts=it.starts + HOUR, ends=it.ends + HOUR)
        it = it.reschedule(slot, Change(CLIENT, at), rules=USUAL)
    assert it.late


WORDS = {
    "en": {"button": "Book this appointment", "late": "will count as late", "free": "You can move or cancel free"},
    "zh-Hans": {"button": "确认预约", "late": "将记为临时变更", "free": "之前可免费改期或取消"},
}


@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
@pytest.mark.parametrize(
    ("start", "rules", "says", "says_not"),
    [
        pytest.param("2026-03-01T17:30", USUAL, ("48", "15"), "free_until", id="tomorrow"),
        pytest.param("2026-02-28T18:15", USUAL, ("48", "15"), "free_until", id="in an hour and a quarter"),
        pytest.param("2026-03-03T17:30", USUAL, (), "late.booking", id="in three days"),
        pytest.param("2026-03-02T17:00", USUAL, (), "late.booking", id="at the limit"),
        pytest.param("2026-03-01T17:30", ChangeRules(grace=0 * MINUTE), ("48",), "15", id="no grace"),
        pytest.param("2026-03-01T16:30", ChangeRules(grace=90 * MINUTE), ("48", "90"), "15", id="ninety minutes"),
        pytest.param("2026-03-01T16:30", ChangeRules(free_until=HOUR), (), "late.booking", id="an hour's notice"),
        pytest.param(
            "2026-03-01T10:00", ChangeRules(free_until=100 * HOUR), ("100", "15"), "free_until", id="100 hours"
        ),
    ],
)
def test_the_form_says_so_before_the_button(
    monkeypatch: pytest.MonkeyPatch,
    start: str,
    rules: ChangeRules,
    says: tuple[str, ...],
    says_not: str,
    lang: str,
) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)
    salon = lotus.the_salon()
    lotus.store(replace(salon, business=replace(salon.business, changes=rules)))
    page = Browser(client_pages.handler, lang).get(f"/b/lotus/book?service=cut&staff=mei&start={start}:00%2B08:00")
    last = page.text.partition(WORDS[lang]["button"])[0][-200:]
    assert (WORDS[lang]["late"] in last) == bool(says)
    assert (WORDS[lang]["free"] in last) == (not says)
    assert all(number in last for number in says)
    assert not says_not.isdecimal() or says_not not in last


def test_the_page_says_until_when_and_the_link_keeps_the_promise(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [lotus.NOW]
    monkeypatch.setattr(clock, "now", lambda: now[0])
    lotus.open_both()
    lotus.known(replace(a_client(), locale="en"))
    link = tokens.manage_token(lotus.put(a_booking(DAY)))
    browser = Browser(client_pages.handler, "en")
    now[0] += 14 * MINUTE
    for path in ("", "/move", "/cancel"):
        page = browser.get(f"/a/{link}{path}")
        assert "until 5:15 PM you can still move or cancel free of charge" in page.text
        assert "This is a late change" not in page.text
    assert ask(my_appointment.handler, "GET /v1/appointment", bearer=link).body["free_change_until"] == (
        "2026-02-28T17:15:00+08:00"
    )
    form = browser.get(f"/a/{link}/cancel").form("/cancel")
    now[0] += 2 * MINUTE
    assert "This is a late change" in browser.get(f"/a/{link}/cancel").text
    now[0] -= 2 * MINUTE
    browser.press(form)
    assert not appointments.load("lotus", "a-1").late


SAVED = {"name": "Lotus", "tz": "Asia/Shanghai", "country": "CN", "currency": "CNY", "locale": "zh-Hans"}


@pytest.mark.parametrize("grace", [None, 0, 1, 15, 1440])
def test_the_grace_is_a_setting(grace: int | None) -> None:
    lotus.open_both()
    told = SAVED if grace is None else SAVED | {"changes": {"grace": grace}}
    saved = ask(settings.handler, "PUT /v1/desk/business", told, role="owner")
    assert saved.body["changes"]["grace"] == (15 if grace is None else grace)
    catalogs.forget()
    assert catalogs.load("lotus").business.changes.grace == (15 if grace is None else grace) * MINUTE


@pytest.mark.parametrize("grace", [-1, 1441, 10**6])
def test_a_grace_that_makes_no_sense_is_refused(grace: int) -> None:
    lotus.open_both()
    answer = ask(settings.handler, "PUT /v1/desk/business", SAVED | {"changes": {"grace": grace}}, role="owner")
    assert (answer.status, answer.body["field"]) == (422, "changes.grace")


def test_a_datetime_is_compared_in_any_zone() -> None:
    starts = datetime.fromisoformat("2026-03-02T17:00:00+08:00")
    booked = datetime.fromisoformat("2026-03-02T05:00:00+00:00")
    assert USUAL.before_any.last_free(starts, booked) == datetime.fromisoformat("2026-03-02T13:15:00+08:00")
