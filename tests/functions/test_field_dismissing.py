"""A client is dismissed: seen beforehand, decided by who leads, told by a letter, and everything planned ends, whatever
stops in between; and taken back with a reason."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest

import booking
import catalog
import client_pages
import clients as handler
import due_sweep
import due_worker
import message_sender
from kept import clock
from kept.actor import KEPT, Change
from kept.booking.states import Status
from kept.channels import Channel, Purpose
from kept.clients.consent import Consent
from kept.clients.held import ContactKind, Held, How
from kept.clients.merging import Merge, merged
from kept.clients.standing import Standing
from kept.follow_up.follow_up import open_for
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import Message, MessageStatus
from kept.messaging.outgoing import about_no_visit, to_client
from kept.reasons import Code
from kept.storage import appointments, catalogs, clients, dismissals, follow_ups, ledger, messages
from kept.storage.transaction import together
from kept.use_cases.policy import dismissing
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, a_client, an_appointment
from tests.functions.plain_browser import Browser
from tests.stopping import records

DAY = timedelta(days=1)
PATH = "/v1/desk/clients/c-1/dismissal"
KEY = "f3a1c0de-0000-4000-8000-0000000000%02d"
SAID = {"why": "Threats at the desk.", "letter": True, "cancel": True}
CAUSES = (OpenedBy.NO_SHOW, OpenedBy.CALL_LATER, OpenedBy.FADING, OpenedBy.COMPLAINT)


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Li Na has two visits ahead, one that is over, and follow-ups of four kinds."""
    at(monkeypatch, timedelta(0))
    lotus.open_both()
    promoted = Consent(Purpose.PROMOTIONAL, Channel.EMAIL, lotus.NOW, "booking page", "yes")
    li = a_client()
    lotus.known(replace(li, consents=(*li.consents, promoted)))
    for n, days in ((1, 0), (2, 3)):
        lotus.put(an_appointment(f"a-{n}", starts=STARTS + days * DAY))
    past = an_appointment("a-0", starts=STARTS - 7 * DAY)
    lotus.put(past.complete(Change(KEPT, past.ends)))
    for cause in CAUSES:
        lotus.open_follow_up(
            open_for(li, f"f-{cause}", cause=cause, assignee="mei", policy=1, change=Change(KEPT, lotus.NOW))
        )


def at(monkeypatch: pytest.MonkeyPatch, later: timedelta) -> None:
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW + later)


def dismissed(said: dict[str, Any] = SAID, *, role: str = "manager", business: str = "lotus", key: str = "") -> Answer:
    return ask(handler.handler, f"POST {PATH}", said, role=role, business=business, key=key)


def shown(language: str = "en") -> Any:
    return ask(handler.handler, f"GET {PATH}", role="owner", language=language).body


def goes_on(client: str = "c-1") -> None:
    due_worker.handler(records(("lotus", f"dismissal#{client}"), lane="day_list"), None)


def letters() -> list[Message]:
    return [it for it in messages.about("lotus", "c-1") if it.stage == "dismissal"]


def stands() -> tuple[list[Status], list[OpenedBy]]:
    """The visits ahead, and what is open still."""
    visits = [appointments.load("lotus", f"a-{n}").status for n in (1, 2)]
    return visits, [cause for cause in CAUSES if not follow_ups.load("lotus", f"f-{cause}").is_over]


BOOKED, CANCELLED = [Status.BOOKED] * 2, [Status.CANCELLED] * 2


@pytest.mark.parametrize(
    ("language", "subject", "says"),
    [
        pytest.param("en", "About your appointments with Lotus", "has decided to make no further", id="English"),
        pytest.param("zh-Hans", "Lotus：关于您的预约", "今后不再为您安排预约", id="Chinese"),
    ],
)
def test_it_is_seen_before_it_is_done_in_the_clients_language(language: str, subject: str, says: str) -> None:
    """The letter, by which channel, and what ends; it changes nothing, and no link of the client's is in it."""
    li = clients.load("lotus", "c-1")
    clients.put_alone(replace(li, locale=language))
    before = lotus.everything()
    told = shown()
    assert lotus.everything() == before
    letter = told["letter"]
    assert (letter["channel"], letter["language"], letter["subject"]) == ("email", language, subject)
    assert says in letter["text"]
    assert "/p/" not in letter["text"]
    assert [it["id"] for it in told["visits"]] == ["a-1", "a-2"]
    assert {it["cause"] for it in told["follow_ups"]} == {"no_show", "call_later", "fading"}


def test_it_is_in_the_business_s_own_words_where_it_has_some() -> None:
    own = {"body": "{{ client }}：不再预约。"}
    assert ask(catalog.handler, "PUT /v1/desk/texts/zh-Hans/dismissal", own, role="owner").status == 200
    catalogs.forget()
    assert "不再预约。" in shown()["letter"]["text"]


def test_by_night_the_letter_is_seen_with_the_hour_at_which_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is woken by it, and whoever decides it knows."""
    assert shown()["letter"]["until"] is None
    at(monkeypatch, timedelta(hours=14))
    letter = shown()["letter"]
    assert datetime.fromisoformat(letter["until"]) == datetime.fromisoformat("2026-03-01T08:00+08:00")
    assert "quiet" in letter["waits"].lower()


def test_what_no_channel_carries_is_told_with_the_reasons(monkeypatch: pytest.MonkeyPatch) -> None:
    clients.put_alone(replace(clients.load("lotus", "c-1"), do_not_disturb=True))
    told = shown()
    assert told["letter"] is None
    assert {it["channel"]: it["why"] for it in told["closed"]}["email"] == "The client does not want to be disturbed"
    assert dismissed().status == 200
    assert letters() == []
    at(monkeypatch, DAY)
    goes_on()
    assert stands()[0] == CANCELLED


def test_everything_ends_with_one_decision_and_costs_the_client_nothing() -> None:
    answer = dismissed(key=KEY % 1)
    assert (answer.status, answer.body["standing"]["standing"]) == (200, "dismissed")
    (letter,) = letters()
    assert (letter.status, letter.due_at) == (MessageStatus.QUEUED, lotus.NOW + timedelta(minutes=2))
    goes_on()
    assert stands() == (CANCELLED, [OpenedBy.COMPLAINT])
    assert ledger.balance("lotus", "c-1", "CNY").revision == 0
    assert dismissals.find("lotus", "c-1") is None
    assert not appointments.load("lotus", "a-1").late


def test_what_is_booked_stays_where_nobody_says_otherwise() -> None:
    dismissed(SAID | {"cancel": False, "letter": False})
    goes_on()
    assert (stands()[0], letters()) == (BOOKED, [])


def test_again_it_is_done_once() -> None:
    """Under the same key, another, or by the sweep."""
    for key in (KEY % 1, KEY % 1, KEY % 2):
        assert dismissed(key=key).status == 200
    goes_on()
    before = lotus.everything()
    goes_on()
    due_sweep.handler({"lane": "day_list", "time": "2026-03-05T09:00:00Z"}, None)
    assert lotus.everything() == before
    assert len(letters()) == 1


@pytest.mark.parametrize("stop", range(6))
def test_what_stops_in_the_middle_goes_on(monkeypatch: pytest.MonkeyPatch, stop: int) -> None:
    """Killed before each of its writes, then found by the sweep: all of it is done once."""
    dismissed()
    left = [stop]

    def killed(act: Callable[..., Any]) -> Callable[..., Any]:
        def some(*args: Any, **kwargs: Any) -> Any:
            if left[0] == 0:
                left[0] = -1
                raise KeyboardInterrupt
            left[0] -= 1
            return act(*args, **kwargs)

        return some

    with monkeypatch.context() as patch:
        patch.setattr(dismissing, "_close", killed(dismissing._close))
        patch.setattr(dismissing, "_cancel", killed(dismissing._cancel))
        patch.setattr(dismissals, "done", killed(dismissals.done))
        try:
            dismissing.go_on("lotus", "c-1", now=lotus.NOW)
        except KeyboardInterrupt:
            assert dismissals.find("lotus", "c-1")
    goes_on()
    assert stands() == (CANCELLED, [OpenedBy.COMPLAINT])
    assert dismissals.find("lotus", "c-1") is None
    told = [it for n in (1, 2) for it in messages.about("lotus", f"a-{n}") if it.stage == "cancelled"]
    assert len(told) == 2


def test_it_is_due_from_the_write_on_so_that_no_crash_forgets_it(queued: Callable[[str], list[Any]]) -> None:
    """Whatever becomes of the queue, the sweep of its lane finds it."""
    dismissed()
    queued("DUE_QUEUE")
    due_sweep.handler({"lane": "day_list", "time": "2026-02-28T09:01:00Z"}, None)
    assert "dismissal#c-1" in str(queued("DUE_QUEUE"))


# What was planned.


def planned(stage: str, purpose: Purpose = Purpose.TRANSACTIONAL, *, about: str = "") -> Message:
    li = clients.load("lotus", "c-1")
    if about:
        visit = appointments.load("lotus", about)
        return to_client(visit, li, lotus.the_salon().business, stage, now=lotus.NOW)
    detail = ("f-complaint",) if stage == "survey" else ()
    return about_no_visit(li, stage, Channel.EMAIL, purpose, now=lotus.NOW, detail=detail)


@pytest.mark.parametrize(
    ("message", "goes"),
    [
        pytest.param(lambda: planned("recall", Purpose.PROMOTIONAL), False, id="an invitation"),
        pytest.param(lambda: planned("confirm_subscription"), False, id="a subscription to confirm"),
        pytest.param(lambda: planned("survey"), False, id="how it went"),
        pytest.param(lambda: planned("missed_you", about="a-0"), False, id="what wins back who was missed"),
        pytest.param(lambda: planned("two_days", about="a-2"), True, id="a reminder of a visit that stands"),
        pytest.param(lambda: planned("dismissal"), True, id="the letter itself"),
    ],
)
def test_nothing_that_was_planned_reaches_them(
    monkeypatch: pytest.MonkeyPatch, message: Callable[[], Message], goes: bool
) -> None:
    """By whatever it was planned, for it is asked when it would go out."""
    missed = an_appointment("a-0", starts=STARTS - 7 * DAY)
    before = appointments.load("lotus", "a-0")
    gone = replace(missed.mark_no_show(Change(KEPT, missed.starts + DAY / 24), evidence=()), revision=before.revision)
    with together() as transaction:
        appointments.put(gone, None, transaction)
    dismissed(SAID | {"letter": False, "cancel": False})
    key = lotus.say(message())
    at(monkeypatch, timedelta(hours=17))
    message_sender.handler(records(("lotus", key.id), lane="message"), None)
    found = messages.find("lotus", key.id)
    assert found
    because_of_it = found.status is MessageStatus.SKIPPED and found.reason and found.reason.code == Code.DISMISSED
    assert bool(because_of_it) is not goes, found


# Taken back.


def taken_back(why: str = "We have talked.", *, role: str = "owner") -> Answer:
    return ask(handler.handler, f"POST {PATH}/end", {"why": why}, role=role)


def test_it_is_taken_back_with_a_reason_and_the_letter_does_not_go() -> None:
    dismissed()
    answer = taken_back()
    assert (answer.status, answer.body["standing"]["set"]) == (200, None)
    assert answer.body["notes"][0]["text"] == "已恢复服务：We have talked."
    assert [it.status for it in letters()] == [MessageStatus.SKIPPED]
    goes_on()
    assert stands() == (BOOKED, list(CAUSES)), "nothing was begun yet"
    assert dismissals.find("lotus", "c-1") is None
    before = lotus.everything()
    assert taken_back().status == 200
    assert lotus.everything() == before, "of one who is not dismissed nothing is done"


def test_dismissed_again_after_that_they_get_another_letter() -> None:
    dismissed(key=KEY % 1)
    taken_back()
    dismissed(key=KEY % 2)
    assert [it.status for it in letters()].count(MessageStatus.QUEUED) == 1


@pytest.mark.parametrize(
    ("act", "said", "asker", "status"),
    [
        pytest.param("", SAID, {"role": "staff"}, 403, id="staff dismiss"),
        pytest.param("", SAID, {"role": "owner", "business": "garage"}, 404, id="another business"),
        pytest.param("", SAID | {"why": " "}, {"role": "owner"}, 422, id="no reason"),
        pytest.param("", SAID | {"why": "x" * 501}, {"role": "owner"}, 422, id="a reason without end"),
        pytest.param("", SAID | {"fee": 1}, {"role": "owner"}, 422, id="a field that there is not"),
        pytest.param("/end", {"why": "x"}, {"role": "staff"}, 403, id="staff take back"),
        pytest.param("/end", {"why": ""}, {"role": "owner"}, 422, id="taken back without a reason"),
        pytest.param("/end", {"why": "x"}, {"role": "owner", "business": "garage"}, 404, id="taken back elsewhere"),
    ],
)
def test_it_is_for_who_leads_and_needs_its_reason(
    act: str, said: dict[str, Any], asker: dict[str, Any], status: int
) -> None:
    before = lotus.everything()
    assert ask(handler.handler, f"POST {PATH}{act}", said, **asker).status == status
    assert ask(handler.handler, f"GET {PATH}", role="staff").status == 403
    assert lotus.everything() == before


def test_it_goes_along_where_two_are_made_one() -> None:
    """Whoever was dismissed as one of them is so as both, and what is still to end ends."""
    lotus.known(replace(a_client(), id="c-2", email="other@example.com"))
    dismissed()
    stays, goes = clients.load("lotus", "c-2"), clients.load("lotus", "c-1")
    after, gone = merged(stays, goes, Merge("mei", lotus.NOW))
    with together() as transaction:
        for it in (after, gone):
            clients.put(it, transaction)
    word = clients.load("lotus", "c-1").standing_set
    assert word
    assert (clients.load("lotus", "c-1").id, word.standing) == ("c-2", Standing.DISMISSED)
    goes_on()
    assert stands() == (CANCELLED, [OpenedBy.COMPLAINT])


ADDRESS = "lina@example.com"
READS: dict[str, tuple[tuple[Held, ...], dict[str, Any], bool, timedelta, int]] = {
    "proved": ((Held(ContactKind.EMAIL, How.PROVED),), {}, True, 2 * DAY, 1),
    "proved, under another name": ((Held(ContactKind.EMAIL, How.PROVED),), {"name": "Somebody"}, True, 2 * DAY, 1),
    "only typed": ((Held(ContactKind.EMAIL, How.TYPED, lotus.NOW + 90 * DAY),), {}, True, 2 * DAY, 0),
    "used, and never proved": ((Held(ContactKind.EMAIL, How.USED),), {}, True, 2 * DAY, 0),
    "a stranger": ((Held(ContactKind.EMAIL, How.PROVED),), {"email": "else@example.com"}, True, 2 * DAY, 0),
    "dismissed without a letter": ((Held(ContactKind.EMAIL, How.PROVED),), {}, False, 2 * DAY, 0),
    "the letter has just gone": ((Held(ContactKind.EMAIL, How.PROVED),), {}, True, DAY - timedelta(seconds=1), 0),
    "a day later": ((Held(ContactKind.EMAIL, How.PROVED),), {}, True, DAY, 1),
}


def known_at(held: tuple[Held, ...]) -> None:
    clients.put_alone(replace(clients.load("lotus", "c-1"), email=ADDRESS, held=held))
    li = clients.load("lotus", "c-1")
    with together() as transaction:
        clients.put_changed(replace(li, email=None), li, transaction, now=lotus.NOW)


@pytest.mark.parametrize("case", READS)
def test_who_proved_an_address_and_was_dismissed_reads_the_letter_again_when_they_book(
    monkeypatch: pytest.MonkeyPatch, case: str
) -> None:
    """Over what they have proved alone; whoever types it learns nothing, for the answer and the page are the same."""
    held, typed, by_letter, later, again = READS[case]
    known_at(held)
    assert dismissed({**SAID, "letter": by_letter}).status == 200
    at(monkeypatch, later)
    client = {"name": "Li Na", "email": ADDRESS, "agrees_to": ["email"], **typed}
    body = {"service": "cut", "start": (STARTS + 9 * DAY).isoformat(), "client": client}
    made = ask(booking.handler, "POST /v1/businesses/lotus/appointments", body)
    assert made.status == 201, made.body
    assert made.body["status"] == ("booked" if case == "a stranger" else "asked_for")
    anew = [it for it in letters() if it.created_at > lotus.NOW]
    assert [(it.channel, it.recipient) for it in anew] == [(Channel.EMAIL, "c-1")] * again


def test_the_pages_send_it_as_well_and_show_what_any_request_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    known_at((Held(ContactKind.EMAIL, How.PROVED),))
    dismissed()
    at(monkeypatch, 2 * DAY)
    browser = Browser(client_pages.handler, "en")
    chosen = {"service": "cut", "staff": "mei", "start": (STARTS + 9 * DAY).isoformat()}
    form = browser.get(f"/b/lotus/book?{urlencode(chosen)}").form("/book")
    page = browser.press(form, name="Li Na", email=ADDRESS, agrees_to="email")
    assert "You will hear from us" in page.text
    assert "no further appointments" not in page.text
    assert len(letters()) == 2
