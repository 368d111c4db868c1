"""The rule: whoever a closed day reaches has another time before they hear of the first, hears of it once and in their
turn, and of what is taken back before then nobody ever hears."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

import front_desk
from kept import clock, ids
from kept.actor import CLIENT, KEPT, Actor, Change
from kept.booking import staging
from kept.booking.appointment import Appointment, Slot
from kept.booking.closure import ClosedTime, Scope
from kept.booking.day_page import Entry
from kept.booking.refusals import ClosureUndone, SlotTaken, UnknownClosure
from kept.booking.states import Status
from kept.business.catalog import Catalog
from kept.business.refusals import UnknownRoom, UnknownStaff
from kept.channels import Channel
from kept.events.change import AggregateChange, Kind
from kept.follow_up.follow_up import FollowUp, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import Message, MessageStatus
from kept.messaging.outgoing import UNDO
from kept.reasons import Code, because
from kept.storage import appointments, catalogs, clients, closures, day_pages, follow_ups, messages
from kept.storage.tables import ClientItem
from kept.storage.transaction import together
from kept.use_cases.booking import closing, closure_calls, move_preview, moves, open_times
from kept.use_cases.booking.change import apply_change
from kept.use_cases.booking.closing import ClosureNow, Decision
from kept.use_cases.booking.moves import Move
from kept.use_cases.optimistic_retry import done_once
from tests import lotus
from tests.asking import Answer, ask
from tests.builders import STARTS, a_client, an_appointment
from tests.functions.conftest import cloud, made, queued
from tests.stopping import Killed

__all__ = ["cloud", "made", "queued"]

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW = STARTS - 6 * HOUR
"""Monday 11:00 in Shanghai."""
ILL = ClosedTime(Scope.STAFF, "mei", STARTS - 2 * HOUR, STARTS + 3 * HOUR)
"""Mei goes home at 15:00; she is booked from 16:00 to 19:00."""
DECISION = Decision(ILL, "ill", {"en": "Mei is ill today.", "zh-Hans": "Mei 今天生病了。"})


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, NOW)
    lotus.open_both()
    for n in range(3):
        lotus.known(
            replace(a_client(), id=f"c-{n}", name=("Li Na", "Wu Min", "An")[n], email=f"c{n}@example.com", locale="en")
        )
        lotus.put(replace(an_appointment(f"a-{n}", starts=STARTS + (n - 1) * HOUR), client=f"c-{n}"))


def at(monkeypatch: pytest.MonkeyPatch, now: datetime) -> None:
    monkeypatch.setattr(clock, "now", lambda: now)


def change(key: str = "once", *, now: datetime = NOW) -> Change:
    return Change(Actor("staff", "jun"), now, key=ids.digest(key), body="")


def decided(key: str = "once", decision: Decision = DECISION, *, now: datetime = NOW) -> ClosureNow:
    catalogs.forget()
    return closing.decide(catalogs.load("lotus"), decision, change(key, now=now))


def undone(id: str, *, now: datetime = NOW + MINUTE) -> ClosureNow:
    catalogs.forget()
    return closing.undo(catalogs.load("lotus"), id, change("undo", now=now))


def became(it: ClosureNow) -> list[str]:
    return [f"{one.reached.visit} {one.became}" for one in it.followed]


def visit(id: str) -> Appointment:
    return appointments.load("lotus", id)


def told(id: str) -> list[Message]:
    return [it for it in messages.about("lotus", id) if it.stage == "rescheduled"]


def sent(message: Message, *, now: datetime = NOW + UNDO) -> None:
    with together() as transaction:
        messages.put(message.sent(at=now, provider_id="p-1"), transaction)


def test_a_preview_says_whom_it_would_reach_and_when_they_would_come_and_writes_nothing() -> None:
    """Each another time, as like their own as can be had."""
    before = lotus.everything()
    found = closing.preview(catalogs.load("lotus"), ILL, change())
    assert [it.visit.id for it in found] == ["a-0", "a-1", "a-2"]
    times = [it.instead for it in found]
    assert None not in times
    assert len(set(times)) == 3
    assert all(time and time[0] >= it.visit.starts for it, time in zip(found, times, strict=True))
    assert lotus.everything() == before


def test_each_is_moved_to_a_time_that_is_theirs_and_told_in_their_turn_in_the_business_s_words() -> None:
    now = decided()
    assert (now.complete, became(now)) == (True, ["a-0 waits", "a-1 waits", "a-2 waits"])
    for n in range(3):
        moved, (message,) = visit(f"a-{n}"), told(f"a-{n}")
        assert not ILL.covers(moved.slot)
        assert [it.ref for it in lotus.on_page(moved.slot.staff, moved.slot.local.date()) if it.ref == moved.id]
        assert (message.text, message.due_at, message.occasion) == ("Mei is ill today.", NOW + UNDO, now.closure.id)
        assert moved.history[-1].why == "ill"


def test_what_the_business_has_prepared_is_said_where_nothing_else_is() -> None:
    """In the client's language, or in the business's own; what was decided goes before it."""
    texts = {"en": "The house is closed."}
    catalogs.put("lotus", [replace(lotus.the_salon().business, closing_text="今天停业。", closing_texts=texts)])
    lotus.known(replace(a_client(), id="c-7", email="c7@example.com", locale="zh-Hans"))
    lotus.put(replace(an_appointment("a-7", starts=STARTS + 2 * HOUR), client="c-7"))
    decided(decision=replace(DECISION, words={"en": "Mei is ill today."}))
    assert [told(id)[0].text for id in ("a-0", "a-7")] == ["Mei is ill today.", "今天停业。"]


def test_what_was_free_of_it_cannot_be_booked_any_more() -> None:
    decided()
    catalog = catalogs.load("lotus")
    question = open_times.ask(catalog, "cut", "mei", zone=catalog.business.zone, now=NOW)
    day = STARTS.astimezone(catalog.business.zone).date()
    assert not [slot for slot in open_times.free(question, day, day) if slot.end * 60 > ILL.starts.timestamp()]


def test_asked_again_by_the_same_key_it_is_one_decision_and_one_message_each() -> None:
    first, second = decided(), decided()
    assert first.closure == second.closure
    assert [len(told(f"a-{n}")) for n in range(3)] == [1, 1, 1]
    assert visit("a-0").version == 2


@pytest.mark.parametrize("writes", range(1, 5))
def test_cut_off_anywhere_it_goes_on_when_it_is_asked_again(writes: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the hours, or any of the visits."""
    reschedule, count = moves.reschedule, [0]

    def cut_off(*asked: object, **more: object) -> object:
        count[0] += 1
        if count[0] == writes:
            raise Killed
        return reschedule(*asked, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(closing, "reschedule", cut_off)
    try:
        decided()
    except Killed:
        assert writes < 4
    monkeypatch.setattr(closing, "reschedule", reschedule)
    assert became(decided()) == ["a-0 waits", "a-1 waits", "a-2 waits"]
    assert [len(told(f"a-{n}")) for n in range(3)] == [1, 1, 1]


def test_whom_nobody_told_yet_is_where_they_were_after_it_is_taken_back_and_never_hears_of_it() -> None:
    """Of three one is told already: theirs stays."""
    slots = [visit(f"a-{n}").slot for n in range(3)]
    now = decided()
    sent(told("a-1")[0])
    after = undone(now.closure.id, now=NOW + UNDO + MINUTE)
    assert became(after) == ["a-0 back", "a-1 told", "a-2 back"]
    for n in (0, 2):
        assert visit(f"a-{n}").stands_at(slots[n].starts, "mei")
        assert [it.status for it in told(f"a-{n}")] == [MessageStatus.SKIPPED]
    assert len({it.ref for it in lotus.on_page("mei") if it.is_booking}) == 2


def test_the_hours_are_as_before_after_it_is_taken_back() -> None:
    catalogs.forget()
    before = catalogs.load("lotus").staff["mei"].hours
    undone(decided().closure.id)
    catalogs.forget()
    assert catalogs.load("lotus").staff["mei"].hours == before


def test_taken_back_twice_it_is_taken_back_once_and_goes_on_no_more() -> None:
    id = decided().closure.id
    first, second = undone(id), undone(id, now=NOW + 2 * MINUTE)
    assert became(first) == became(second)
    with pytest.raises(ClosureUndone):
        decided()


def test_a_time_that_somebody_else_has_meanwhile_is_not_taken_from_them() -> None:
    """By hand, into the closed time: the visit stays where it was moved to."""
    id = decided().closure.id
    lotus.put(replace(an_appointment("a-9", starts=STARTS), client="c-0"))
    assert became(undone(id))[1] == "a-1 waits"


def test_who_answered_is_told_from_who_has_not() -> None:
    now = decided()
    for n in range(3):
        sent(told(f"a-{n}")[0])
    confirmed = visit("a-0").confirm(change("confirm"))
    with together() as transaction:
        appointments.put(confirmed, None, transaction)
    assert became(closing.follow(catalogs.load("lotus"), now.closure.id, now=NOW)) == [
        "a-0 answered",
        "a-1 told",
        "a-2 told",
    ]


def test_where_no_other_time_is_free_somebody_has_to_call_and_nothing_is_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "free", lambda *_: [])
    before = visit("a-0")
    assert became(decided()) == ["a-0 call", "a-1 call", "a-2 call"]
    assert visit("a-0") == before


def calls() -> list[FollowUp]:
    return [it for it in follow_ups.board("lotus").follow_ups if it.cause is OpenedBy.DAY_CLOSED]


def test_whom_no_other_time_was_found_for_is_called_by_one_person_however_often_it_is_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """By whoever decided it, for Mei is ill; the desk finds it beside the visit."""
    monkeypatch.setattr(closing, "free", lambda *_: [])
    now = decided()
    for key in ("on", "again"):
        closing.go_on(catalogs.load("lotus"), now.closure.id, change(key))
    found = {it.about: it for it in calls()}
    assert (len(calls()), sorted(found)) == (3, ["a-0", "a-1", "a-2"])
    assert {(it.assignee, it.history[0].why) for it in found.values()} == {("jun", "ill")}
    assert {it.reached.visit: it.follow_up for it in now.followed} == {about: it.id for about, it in found.items()}


def test_nobody_calls_about_what_was_moved_after_all_or_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    free = open_times.free
    monkeypatch.setattr(closing, "free", lambda *_: [])
    id = decided().closure.id
    monkeypatch.setattr(closing, "AT_ONCE", 2)
    monkeypatch.setattr(closing, "free", free)
    now = closing.go_on(catalogs.load("lotus"), id, change("on"))
    assert became(now) == ["a-0 waits", "a-1 waits", "a-2 call"]
    assert [it.about for it in calls()] == ["a-2"]
    assert became(undone(id)) == ["a-0 back", "a-1 back", "a-2 back"]
    assert calls() == []


def moved_by_staff(catalog: Catalog) -> None:
    moves.reschedule(catalog, "a-0", Move(STARTS + timedelta(days=1), "mei"), change("move"))


def cancelled_by_staff(catalog: Catalog) -> None:
    apply_change(catalog, "a-0", lambda it: it.cancel(change("no"), rules=catalog.business.changes), change("no"))


def cancelled_by_its_client(catalog: Catalog) -> None:
    theirs = Change(CLIENT, NOW)
    apply_change(catalog, "a-0", lambda it: it.cancel(theirs, rules=catalog.business.changes), theirs)


def came_all_the_same(catalog: Catalog) -> None:
    apply_change(catalog, "a-0", lambda it: it.check_in(change("in")), change("in"))


def named_otherwise(catalog: Catalog) -> None:
    """What changes neither when nor whether they come."""
    apply_change(catalog, "a-0", lambda it: it.confirm(change("yes")), change("yes"))


DONE = {
    "moved by staff": (moved_by_staff, []),
    "cancelled by staff": (cancelled_by_staff, []),
    "cancelled by its client": (cancelled_by_its_client, []),
    "came all the same": (came_all_the_same, []),
    "confirmed where it cannot be": (named_otherwise, ["a-0"]),
}


@pytest.mark.parametrize("known", [True, False], ids=["as it comes", "put back after it was set aside"])
@pytest.mark.parametrize(("act", "left"), DONE.values(), ids=DONE)
def test_whoever_saw_to_it_nobody_has_to_call_any_more(
    monkeypatch: pytest.MonkeyPatch, act: Callable[[Catalog], object], left: list[str], *, known: bool
) -> None:
    """Their follow-up is over by itself, that of the others stays; told twice, and before it was opened, the same."""
    monkeypatch.setattr(closing, "free", lambda *_: [])
    decided()
    before = visit("a-0")
    catalogs.forget()
    act(catalogs.load("lotus"))
    told = AggregateChange("lotus", Kind.APPOINTMENT, "a-0", before if known else None, visit("a-0"), NOW, "1")
    for _ in range(2):
        closure_calls.watch(told)
    assert sorted(it.about for it in calls()) == [*left, "a-1", "a-2"]


def test_cut_off_between_the_search_and_the_call_the_call_is_there_when_it_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def die(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr(closing, "free", lambda *_: [])
    with monkeypatch.context() as cut_off:
        cut_off.setattr(closing, "_ask_a_person", die)
        with pytest.raises(Killed):
            decided()
    assert (calls(), len(decided().followed), len(calls())) == ([], 3, 3)


def test_a_day_full_of_visits_without_another_time_is_gone_through_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that were tried make room for the rest."""
    monkeypatch.setattr(closing, "AT_ONCE", 2)
    monkeypatch.setattr(closing, "free", lambda *_: [])
    first = decided()
    second = closing.go_on(catalogs.load("lotus"), first.closure.id, change("on"))
    assert [(it.complete, sum(bool(one.follow_up) for one in it.followed)) for it in (first, second)] == [
        (False, 2),
        (True, 3),
    ]


def test_a_preview_says_over_what_each_would_hear_and_in_their_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """In groups, none before the undo time; nobody where a person has to call."""
    monkeypatch.setattr(staging, "GROUP", 1)
    found = closing.preview(catalogs.load("lotus"), ILL, change())
    told = [it.told for it in found]
    assert [(it.channel, it.at - NOW) for it in told if it] == [
        (Channel.EMAIL, UNDO),
        (Channel.EMAIL, 10 * MINUTE),
        (Channel.EMAIL, 20 * MINUTE),
    ]
    monkeypatch.setattr(closing, "free", lambda *_: [])
    assert [it.told for it in closing.preview(catalogs.load("lotus"), ILL, change())] == [None] * 3


def test_more_than_fit_into_a_request_go_on_in_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "AT_ONCE", 2)
    first = decided()
    assert (first.complete, became(first)) == (False, ["a-0 waits", "a-1 waits", "a-2 call"])
    assert not closing.follow(catalogs.load("lotus"), first.closure.id, now=NOW).complete
    assert became(closing.go_on(catalogs.load("lotus"), first.closure.id, change("on"))) == [
        "a-0 waits",
        "a-1 waits",
        "a-2 waits",
    ]


def test_a_room_reaches_whoever_is_in_it_and_the_house_reaches_all() -> None:
    slot = Slot(STARTS + 4 * HOUR, STARTS + 5 * HOUR, "mei", "basin", 5, 10)
    lotus.put(replace(an_appointment("a-8"), slot=slot, service="colour", client="c-0"))
    catalog, until = catalogs.load("lotus"), STARTS + 6 * HOUR
    room = closing.preview(catalog, ClosedTime(Scope.ROOM, "basin", NOW, until), change())
    house = closing.preview(catalog, ClosedTime(Scope.HOUSE, "", NOW, until), change())
    assert [it.visit.id for it in room] == ["a-8"]
    assert [it.visit.id for it in house] == ["a-0", "a-1", "a-2", "a-8"]


@pytest.mark.parametrize(
    ("time", "refusal"),
    [
        pytest.param(replace(ILL, of="sam"), UnknownStaff, id="of another business"),
        pytest.param(replace(ILL, scope=Scope.ROOM, of="mei"), UnknownRoom, id="no such room"),
    ],
)
def test_what_cannot_be_decided_leaves_no_trace(time: ClosedTime, refusal: type[Exception]) -> None:
    before = lotus.everything()
    for asked in (
        lambda: closing.preview(catalogs.load("lotus"), time, change()),
        lambda: decided(decision=replace(DECISION, time=time)),
    ):
        with pytest.raises(refusal):
            asked()
    assert lotus.everything() == before


def test_nobody_elses_decision_can_be_seen_or_taken_back() -> None:
    id = decided().closure.id
    garage = catalogs.load("garage")
    with pytest.raises(UnknownClosure):
        closing.follow(garage, id, now=NOW)
    with pytest.raises(UnknownClosure):
        closing.undo(garage, id, change())
    assert closures.find("garage", id) is None


ROUTE = "/v1/desk/closures"
WANTED = {"scope": "staff", "of": "mei", "start": "2026-03-02T15:00:00+08:00", "end": "2026-03-02T20:00:00+08:00"}


def asks(route: str, body: dict[str, Any] | None = None, *, key: str = "", role: str = "manager") -> Answer:
    catalogs.forget()
    return ask(front_desk.handler, route, body, key=key, role=role)


def test_by_the_api_it_is_looked_at_decided_followed_and_taken_back() -> None:
    seen = asks(f"POST {ROUTE}/preview", WANTED).body["reached"]
    assert [(it["client_name"], it["start"][11:16]) for it in seen] == [
        ("Li Na", "16:00"),
        ("Wu Min", "17:00"),
        ("An", "18:00"),
    ]
    made = asks(f"POST {ROUTE}", WANTED | {"why": "ill", "words": {"en": "Mei is ill."}}, key="mei-is-ill")
    again = asks(f"POST {ROUTE}", WANTED | {"why": "ill", "words": {"en": "Mei is ill."}}, key="mei-is-ill")
    assert (made.status, again.body) == (201, made.body)
    id = made.body["id"]
    assert [it["became"] for it in asks(f"GET {ROUTE}/{id}").body["reached"]] == ["waits"] * 3
    assert [it["instead"] for it in seen] == [it["start"] for it in made.body["reached"]]
    assert asks(f"POST {ROUTE}/{id}/go-on").body["complete"]
    back = asks(f"POST {ROUTE}/{id}/undo").body
    assert [it["became"] for it in back["reached"]] == ["back"] * 3
    assert [(it["id"], bool(it["undone_at"])) for it in asks(f"GET {ROUTE}").body] == [(id, True)]


@pytest.mark.parametrize(
    ("changed", "status", "code"),
    [
        pytest.param({"end": WANTED["start"]}, 422, "invalid_request", id="no time"),
        pytest.param({"end": "2026-03-30T20:00:00+08:00"}, 422, "invalid_request", id="a month"),
        pytest.param({"start": "2026-03-02T15:00:01+08:00"}, 422, "invalid_request", id="seconds"),
        pytest.param({"start": "2026-03-02T15:00:00"}, 422, "invalid_request", id="no zone"),
        pytest.param({"of": None}, 422, "invalid_request", id="nobody"),
        pytest.param({"scope": "house"}, 422, "invalid_request", id="the house of somebody"),
        pytest.param({"scope": "street"}, 422, "invalid_request", id="what there is not"),
        pytest.param({"of": "sam"}, 404, "unknown_staff", id="of another business"),
        pytest.param({"words": {"en": "x" * 501}}, 422, "invalid_request", id="too many words"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(changed: dict[str, Any], status: int, code: str) -> None:
    before = lotus.everything()
    answer = asks(f"POST {ROUTE}", WANTED | {"why": "ill"} | changed)
    assert (answer.status, answer.body["code"]) == (status, code)
    assert lotus.everything() == before


def test_what_is_not_there_is_not_found_and_staff_decide_nothing() -> None:
    assert asks(f"GET {ROUTE}/cl-9").body["code"] == "unknown_closure"
    assert asks(f"POST {ROUTE}", WANTED | {"why": "ill"}, role="staff").status == 403
    id = asks(f"POST {ROUTE}", WANTED | {"why": "ill"}).body["id"]
    asks(f"POST {ROUTE}/{id}/undo")
    assert asks(f"POST {ROUTE}/{id}/go-on").body["code"] == "closure_undone"


def test_what_the_book_refuses_stays_and_somebody_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lost to somebody else between the search and the move."""

    def refuse(*_: object, **__: object) -> None:
        raise SlotTaken

    before = visit("a-0")
    monkeypatch.setattr(closing, "reschedule", refuse)
    assert became(decided()) == ["a-0 call", "a-1 call", "a-2 call"]
    assert visit("a-0") == before
    assert sorted(str(it.about) for it in calls()) == ["a-0", "a-1", "a-2"]


def test_of_a_house_that_is_closed_each_calls_their_own_clients(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who is ill cannot; of a house that is closed nobody is."""
    monkeypatch.setattr(closing, "free", lambda *_: [])
    decided(decision=replace(DECISION, time=ClosedTime(Scope.HOUSE, "", ILL.starts, ILL.ends)))
    assert {it.assignee for it in calls()} == {"mei"}


def test_nobody_is_to_call_a_client_who_was_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closing, "free", lambda *_: [])
    ClientItem("lotus", "c-0").delete()
    assert became(decided()) == ["a-0 call", "a-1 call", "a-2 call"]
    assert sorted(str(it.about) for it in calls()) == ["a-1", "a-2"]


def test_what_was_moved_by_hand_meanwhile_is_not_moved_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before its turn came; its time is theirs."""
    monkeypatch.setattr(closing, "AT_ONCE", 1)
    id = decided().closure.id
    by_hand = moves.Move(STARTS + 40 * HOUR, "jun", visit("a-2").version)
    moves.reschedule(catalogs.load("lotus"), "a-2", by_hand, change("by hand"))
    after = visit("a-2")
    for key in ("on", "and on", "to the end"):
        closing.go_on(catalogs.load("lotus"), id, change(key))
    assert visit("a-2") == after
    assert visit("a-1").version == 2


def test_what_leaves_in_that_moment_is_not_taken_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """They have read another time, so that is theirs."""
    id = decided().closure.id

    def sent_first(business: str, of: str, *rest: Any) -> Appointment:
        if of == "a-0":
            sent(told("a-0")[0])
        return done_once(business, of, *rest)

    there = visit("a-0").slot
    monkeypatch.setattr(closing, "done_once", sent_first)
    assert became(undone(id)) == ["a-0 told", "a-1 back", "a-2 back"]
    assert visit("a-0").slot == there


@pytest.mark.parametrize("is_called", [True, False])
def test_whom_no_message_reached_is_found_with_the_call_about_it(is_called: bool) -> None:
    """Which is on the call list; or was opened as the message failed. One that is not there is not shown."""
    now = decided()
    (message,) = told("a-0")
    opened = f"a-0-v2-{OpenedBy.NOT_TOLD}-rescheduled"
    gave_up = message.over(MessageStatus.FAILED, reason=because(Code.NO_ANSWER))
    with together() as transaction:
        messages.put(message.listed("f-9") if is_called else gave_up, transaction)

    def found() -> tuple[str, str | None]:
        it = closing.follow(catalogs.load("lotus"), now.closure.id, now=NOW + HOUR).followed[0]
        return it.became, it.follow_up

    assert found() == ("call", "f-9" if is_called else None)
    client = clients.load("lotus", "c-0")
    why = Change(KEPT, NOW, "because")
    follow_ups.put_alone(
        open_for(client, opened, cause=OpenedBy.NOT_TOLD, about="a-0", assignee="jun", policy=1, change=why)
    )
    assert found() == ("call", "f-9" if is_called else opened)


def test_a_closed_room_is_closed_in_its_hours_and_open_again_when_it_is_taken_back() -> None:
    """Nobody can be booked into it meanwhile."""
    before = catalogs.load("lotus").rooms["basin"]
    time = ClosedTime(Scope.ROOM, "basin", STARTS, STARTS + HOUR)
    id = decided(decision=replace(DECISION, time=time)).closure.id
    catalogs.forget()
    hours = catalogs.load("lotus").rooms["basin"].hours
    assert hours
    assert [(it.starts, it.ends, it.reason) for it in hours.time_off] == [(STARTS, STARTS + HOUR, "ill")]
    undone(id)
    catalogs.forget()
    now = catalogs.load("lotus").rooms["basin"]
    assert (now.hours.time_off if now.hours else ()) == (before.hours.time_off if before.hours else ())


@pytest.mark.parametrize(
    ("how", "over"),
    [
        pytest.param({}, "email", id="by e-mail alone"),
        pytest.param(
            {"phone": "+8613812345678", "preferred": Channel.SMS}, "email", id="no text that they never allowed"
        ),
        pytest.param({"email": None}, None, id="by nothing: somebody calls"),
        pytest.param({"consents": ()}, None, id="by nothing that they allow"),
    ],
)
def test_how_each_would_hear_of_it_is_the_first_way_that_would_carry_it(how: dict[str, Any], over: str | None) -> None:
    """As the sender would decide; nothing is written."""
    before, record = lotus.everything(), replace(clients.load("lotus", "c-0"), **how)
    told = move_preview.telling(catalogs.load("lotus"), visit("a-0"), record, change())
    assert (told.channel if told else None) == over
    assert lotus.everything() == before


KEPT_ONLY = {"asked for": Status.ASKED_FOR, "waiting for its deposit": Status.AWAITING_DEPOSIT}


@pytest.mark.parametrize("status", KEPT_ONLY.values(), ids=KEPT_ONLY)
def test_what_is_kept_and_not_booked_yet_is_moved_told_and_put_back_as_any_other(status: Status) -> None:
    """Nobody has answered before they were told."""
    slot = replace(an_appointment().slot, starts=STARTS + 2 * HOUR, ends=STARTS + 3 * HOUR)
    lotus.put(replace(an_appointment("a-9"), client="c-0", slot=slot, status=status, held_until=NOW + 9 * HOUR))
    made = decided()
    assert became(made)[-1] == "a-9 waits"
    assert told("a-9")
    assert became(undone(made.closure.id))[-1] == "a-9 back"
    assert visit("a-9").starts == slot.starts


STORM = ClosedTime(Scope.HOUSE, "", ILL.starts, ILL.ends)
JUST_SO = Decision(STORM, "ill", {})
OTHERS: dict[str, tuple[Decision, Decision, str]] = {
    "the house, and then her too": (JUST_SO, DECISION, "second"),
    "her, and then the house too": (DECISION, JUST_SO, "first"),
    "her twice": (DECISION, DECISION, "first"),
    "her twice, the second taken back": (DECISION, DECISION, "second"),
    "for another reason": (replace(DECISION, why="storm"), DECISION, "second"),
    "within the other": (Decision(replace(ILL, starts=ILL.starts + HOUR), "ill", {}), DECISION, "first"),
    "around the other": (replace(DECISION, why="storm"), Decision(STORM, "storm", {}), "first"),
}
"""Two decisions about the same hours, and which of them is taken back."""


@pytest.mark.parametrize(("first", "second", "taken_back"), OTHERS.values(), ids=OTHERS)
def test_what_another_decision_closes_stays_closed(first: Decision, second: Decision, taken_back: str) -> None:
    """Whatever was said of it, and nobody is moved back to where they cannot be."""
    made = {"first": decided("first", first), "second": decided("second", second)}
    stands = {it.id: it.starts for it in (visit(f"a-{n}") for n in range(3))}
    undone(made[taken_back].closure.id)
    catalogs.forget()
    mei = catalogs.load("lotus").staff["mei"]
    assert not [1 for it in (visit(id) for id in stands) if it.slot.staff == "mei" and ILL.covers(it.slot)]
    left = made["second" if taken_back == "first" else "first"].closure.time
    assert any(off.starts <= left.starts and left.ends <= off.ends for off in mei.hours.time_off)


def test_what_is_only_on_offer_is_in_nobodys_way_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever waits was offered the hours that were open again before the visit was back: it was theirs first."""
    made = decided()
    back = closing._back

    def offered_first(*args: Any) -> None:
        start, end = ((at.timestamp() // 60) for at in (STARTS - HOUR, STARTS + 2 * HOUR))
        (page,) = day_pages.load("lotus", "staff:mei", [STARTS.date()])
        until = int((NOW + HOUR).timestamp())
        held = Entry("offer#o-1", int(start), int(end), hold_until=until)
        if not page.entries:
            day_pages.put_alone("lotus", page.with_entry(held, now=NOW))
        back(*args)

    monkeypatch.setattr(closing, "_back", offered_first)
    assert became(undone(made.closure.id)) == ["a-0 back", "a-1 back", "a-2 back"]
    assert [it.ref for it in lotus.on_page()] == ["a-0", "a-1", "a-2"]
