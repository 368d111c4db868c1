"""What is held against a client and was not so, or not their doing: disputed once by whoever it concerns, decided by a
person, told either way, and taken back with all that hung on it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import client_pages
import follow_ups as follow_ups_door
import front_desk
import my_appointment
from kept import clock
from kept.actor import CLIENT, Actor, Change
from kept.attendance.record import figures
from kept.booking.appointment import Appointment
from kept.booking.dispute import DisputeState
from kept.booking.states import ReversalReason, Status
from kept.business.change_rules import Terms
from kept.channels import Channel
from kept.client_links import tokens
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import Message, MessageStatus
from kept.messaging.outgoing import to_client
from kept.policy.standing import standing
from kept.storage import appointments, catalogs, clients, day_pages, follow_ups, ledger, messages
from kept.use_cases.booking import disputing
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import CHECKS_IN, STARTS, a_client, an_appointment
from tests.functions.answering import PHONE, brought, take
from tests.functions.plain_browser import Browser
from tests.refusing import DESK, MINE

HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
FEES = Terms(48 * HOUR, 15 * MINUTE, late_fee=2000, move_fee=500, missed_fee=3000, currency="CNY")
MARKED, SAID = STARTS + 30 * MINUTE, STARTS + 3 * HOUR
MEI = Actor("staff", "mei")
KEY = "f3a1c0de-0000-4000-8000-0000000000%02d"


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Li Na did not come on Monday, as Mei marked half an hour later."""
    salon = lotus.the_salon()
    lotus.store(replace(salon, business=replace(salon.business, attendance=CHECKS_IN)))
    lotus.store(lotus.the_garage())
    lotus.known(replace(a_client(), locale="en", phone=PHONE))
    lotus.put(replace(an_appointment(), accepted=FEES))
    at(monkeypatch, MARKED)
    assert desk("no-show").status == 200
    at(monkeypatch, SAID)


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def visit() -> Appointment:
    return appointments.load("lotus", "a-1")


def link() -> str:
    return tokens.manage_token(visit())


def mine(words: str = "I was there", *, key: str = "", bearer: str = "") -> Answer:
    return ask(my_appointment.handler, f"POST {MINE}/dispute", {"words": words}, bearer=bearer or link(), key=key)


def desk(act: str, body: object = None, *, key: str = "", business: str = "lotus") -> Answer:
    return ask(front_desk.handler, f"POST {DESK}/a-1/{act}", body or {}, role="staff", key=key, business=business)


def uphold(reason: str = "came_after_all", **how: Any) -> Answer:
    return desk("uphold-dispute", {"reason": reason}, **how)


def refuse(words: str = "The camera shows nobody.", **how: Any) -> Answer:
    return desk("refuse-dispute", {"words": words}, **how)


def owed() -> int:
    return ledger.balance("lotus", "c-1", "CNY").owed


def opened(cause: OpenedBy = OpenedBy.DISPUTE) -> Any:
    return follow_ups.find("lotus", f"a-1-v1-{cause}")


def told() -> list[tuple[str, MessageStatus]]:
    return [(it.stage, it.status) for it in messages.about("lotus", "a-1") if it.stage.startswith("dispute")]


def page_disputes(words: str = "I was there") -> None:
    browser = Browser(client_pages.handler, "en")
    form = browser.get(f"/a/{link()}").form("/dispute")
    browser.press(form, words=words)


def reply(words: str, *, after: timedelta = MINUTE) -> None:
    """To the letter that says they were missed."""
    business, client = catalogs.load("lotus").business, clients.load("lotus", "c-1")
    letter = to_client(visit(), client, business, "missed_you", now=SAID - HOUR, over=Channel.SMS)
    if messages.find("lotus", letter.id) is None:
        lotus.say(letter.claimed(until=SAID - HOUR).sent(at=SAID - HOUR, provider_id="p"))
    take(brought(words, over=Channel.SMS, id=f"in-{words}", now=SAID + after), now=SAID + after)


def in_book() -> list[str]:
    (page,) = day_pages.load("lotus", "staff:mei", [STARTS.date()])
    return [entry.ref for entry in page.entries]


@pytest.mark.parametrize(
    "says",
    [
        pytest.param(page_disputes, id="on the page, without JavaScript"),
        pytest.param(mine, id="by the API"),
        pytest.param(lambda: reply("I was there"), id="by a reply"),
        pytest.param(lambda: reply("我当时来了，店里没人"), id="by a reply in Chinese"),
        pytest.param(lambda: reply("You charged me a no show fee and I WAS THERE"), id="by a complaint"),
    ],
)
def test_every_door_opens_one_follow_up_with_a_clock(says: Callable[[], Any]) -> None:
    """It names the visit and its words; what asked whether they can be reached is over, for they have answered."""
    says()
    assert visit().is_disputed
    found = opened()
    assert (found.cause, found.about, found.assignee, found.is_over) == (OpenedBy.DISPUTE, "a-1", "mei", False)
    assert found.history[0].why
    assert opened(OpenedBy.NO_SHOW).is_over
    answer = ask(front_desk.handler, f"GET {DESK}/a-1", role="staff").body
    assert answer["disputed"]["state"] == "open"
    assert "WROTE" not in answer["disputed"]["words"]
    assert owed() == 3000  # nothing is decided


@pytest.mark.parametrize(
    "words",
    [
        "when do you open",
        "I will be there tomorrow",
        "can I come tomorrow",
        "ok",
        "明天可以吗",
        "sorry, I forgot",
        "is parking there?",
    ],
)
def test_what_says_no_such_thing_disputes_nothing(words: str) -> None:
    reply(words)
    assert visit().dispute is None


def test_what_they_write_until_it_is_decided_goes_to_the_same() -> None:
    reply("I was there")
    reply("ask Mei, she saw me", after=10 * MINUTE)
    assert [it.what for it in opened().history if it.what == "client_wrote"] == ["client_wrote"]


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("came_after_all", Status.COMPLETED),
        ("our_fault", Status.CANCELLED),
        ("emergency", Status.CANCELLED),
        ("goodwill", Status.CANCELLED),
    ],
)
def test_upheld_everything_is_taken_back_in_one_write(reason: str, status: Status) -> None:
    """The fee, what was waived of it, the mark, what had not gone out, and the follow-up; the client is told."""
    ask_waiver()
    mine()
    assert uphold(reason).status == 200
    after = visit()
    assert (after.status, after.late, after.disputed and after.disputed.state) == (status, False, DisputeState.UPHELD)
    balance = ledger.balance("lotus", "c-1", "CNY")
    assert (balance.owed, balance.waived) == (0, 0)
    assert figures([after]).missed == 0
    assert standing([after], catalogs.load("lotus").business, None, now=SAID).missed == 0
    assert opened().is_over
    assert told() == [("dispute_upheld", MessageStatus.QUEUED)]
    letters = [it.status for it in messages.about("lotus", "a-1") if it.stage == "missed_you"]
    assert MessageStatus.QUEUED not in letters
    assert (in_book() == ["a-1"]) is (status is Status.COMPLETED)


def ask_waiver() -> None:
    import clients as clients_door

    asked = {"minor": 1000, "currency": "CNY", "appointment": "a-1", "reason": "goodwill"}
    answer = ask(clients_door.handler, "POST /v1/desk/clients/c-1/money/waivers", asked, role="owner")
    assert answer.status == 201, answer.body


def test_upheld_where_somebody_else_has_the_slot_by_now_they_came_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The book holds no two of one time; the visit is over, so nobody needs the chair."""
    at(monkeypatch, MARKED)
    assert desk("release").status == 200
    at(monkeypatch, SAID)
    mine()
    lotus.put(replace(an_appointment("a-2"), client="c-1"))
    assert uphold().status == 200
    assert visit().status is Status.COMPLETED


def test_refused_it_stays_and_they_are_told_in_the_words_of_staff() -> None:
    mine()
    assert refuse().status == 200
    assert (visit().status, owed(), opened().is_over) == (Status.NO_SHOW, 3000, True)
    assert told() == [("dispute_refused", MessageStatus.QUEUED)]
    browser = Browser(client_pages.handler, "en")
    assert "The camera shows nobody." in browser.get(f"/a/{link()}").text


@pytest.mark.parametrize(
    ("now", "act", "code"),
    [
        pytest.param(SAID, lambda: uphold(), "not_disputed", id="upheld, and nobody disputes"),
        pytest.param(SAID, lambda: refuse(), "not_disputed", id="refused, and nobody disputes"),
        pytest.param(MARKED + 14 * DAY + MINUTE, mine, "dispute_too_late", id="a minute too late"),
        pytest.param(SAID, lambda: (mine(), refuse(), mine("Again"))[-1], "already_disputed", id="a second time"),
        pytest.param(SAID, lambda: (mine(), uphold(), mine("Again"))[-1], "move_not_allowed", id="after it was upheld"),
        pytest.param(SAID, lambda: (mine(), refuse(), uphold())[-1], "not_disputed", id="decided twice"),
        pytest.param(SAID, lambda: (mine(), refuse(""))[-1], "invalid_request", id="refused without a word"),
        pytest.param(SAID, lambda: (mine(), uphold("mistake"))[-1], "invalid_request", id="a reason that is none"),
        pytest.param(SAID, lambda: mine(bearer="m.k1.lotus.a-1.69cceca0.AAAA"), "link_invalid", id="a forged link"),
        pytest.param(SAID, lambda: (mine(), uphold(business="garage"))[-1], "unknown_appointment", id="of another's"),
        pytest.param(SAID, lambda: mine("x" * 501), "invalid_request", id="too many words"),
    ],
)
def test_what_cannot_be_is_refused(
    monkeypatch: pytest.MonkeyPatch, now: datetime, act: Callable[[], Answer], code: str
) -> None:
    at(monkeypatch, now)
    assert act().body["code"] == code


def test_at_the_last_moment_it_is_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, MARKED + 14 * DAY)
    assert mine().status == 200


def test_said_twice_it_is_one_and_decided_twice_under_one_key_too() -> None:
    """By the same request, by another tap, and by two of the staff at once."""
    first = mine(key=KEY % 1)
    assert mine(key=KEY % 1).body == first.body
    assert mine("Really").status == 200
    assert [line.what for line in visit().history].count("disputed") == 1
    done = uphold("goodwill", key=KEY % 2)
    assert uphold("goodwill", key=KEY % 2).body["status"] == done.body["status"]
    assert refuse().body["code"] == "not_disputed"
    assert told() == [("dispute_upheld", MessageStatus.QUEUED)]


@pytest.mark.parametrize("act", ["reverse-no-show", "undo"])
def test_a_mark_taken_back_otherwise_settles_the_dispute(act: str) -> None:
    mine()
    assert desk(act, {"reason": "our_fault"} if act == "reverse-no-show" else {}).status == 200
    assert (visit().is_disputed, opened().is_over, owed()) == (False, True, 0)
    assert told() == [("dispute_upheld", MessageStatus.QUEUED)]


def test_a_dispute_is_not_closed_but_by_deciding_it() -> None:
    mine()
    path = "POST /v1/desk/follow-ups/a-1-v1-dispute/resolve"
    assert ask(follow_ups_door.handler, path, {"outcome": "Done"}, role="staff").body["code"] == "dispute_open"
    refuse()
    assert opened().is_over


def cancelled_late() -> Appointment:
    """Another visit of hers, cancelled five hours before."""
    other = replace(an_appointment("a-9", starts=STARTS + 2 * DAY), accepted=FEES)
    lotus.put(other)
    answer = ask(
        my_appointment.handler, f"POST {MINE}/cancel", {"reason": "illness"}, bearer=tokens.manage_token(other)
    )
    assert answer.body["late"] is True
    return other


@pytest.mark.parametrize(
    ("reason", "status", "left"), [("emergency", 200, 3000), ("goodwill", 200, 3000), ("came_after_all", 409, 5000)]
)
def test_a_late_cancellation_is_disputed_as_well(
    monkeypatch: pytest.MonkeyPatch, reason: str, status: int, left: int
) -> None:
    """It stays cancelled, and is late no more; nobody came to what they had cancelled."""
    at(monkeypatch, STARTS + 2 * DAY - 5 * HOUR)
    other = cancelled_late()
    assert owed() == 5000
    said = ask(my_appointment.handler, f"POST {MINE}/dispute", {"words": "ill"}, bearer=tokens.manage_token(other))
    assert said.body["dispute"] == "open"
    path = f"POST {DESK}/a-9/uphold-dispute"
    assert ask(front_desk.handler, path, {"reason": reason}, role="staff").status == status
    assert owed() == left
    after = appointments.load("lotus", "a-9")
    assert (after.status, after.late) == (Status.CANCELLED, status != 200)


def test_what_told_of_the_cancellation_stands_though_it_is_late_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, STARTS + 2 * DAY - 5 * HOUR)
    cancelled_late()
    catalog = catalogs.load("lotus")
    disputing.dispute(catalog, "a-9", Change(CLIENT, clock.now()))
    disputing.uphold(catalog, "a-9", ReversalReason.EMERGENCY, Change(MEI, clock.now()))
    said: dict[str, Message] = {it.stage: it for it in messages.about("lotus", "a-9")}
    assert said["cancelled"].status is MessageStatus.QUEUED
    assert "confirmation" not in said


def test_whom_we_kept_waiting_was_not_late_and_goes_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """They came in twelve minutes late, waited for us, and left: neither counts against them."""
    other = replace(an_appointment("a-8", starts=SAID), accepted=FEES)
    lotus.put(other)
    at(monkeypatch, SAID + 12 * MINUTE)
    path = f"POST {DESK}/a-8"
    assert ask(front_desk.handler, f"{path}/check-in", {}, role="staff").status == 200
    assert figures([appointments.load("lotus", "a-8")]).late == 1
    answer = ask(front_desk.handler, f"{path}/kept-waiting", {"minutes": 30}, role="staff")
    assert answer.body["kept_waiting"] == 30
    assert figures([appointments.load("lotus", "a-8")]).late == 0
    gone = ask(front_desk.handler, f"{path}/cancel", {"reason": "time", "for_client": True}, role="staff")
    assert (gone.body["late"], owed()) == (False, 3000)


def test_too_many_words_are_refused_on_the_page_as_well() -> None:
    browser = Browser(client_pages.handler, "en")
    form = browser.get(f"/a/{link()}").form("/dispute")
    before = lotus.everything()
    assert browser.press(form, words="x" * 501).status == 422
    assert lotus.everything() == before
