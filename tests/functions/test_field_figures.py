"""The rule: a figure says what is so now and nothing else. Whatever was taken back, moved, repeated, late or another
business's leaves no trace in any number, and of nothing no share is told."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import due_worker
import figures
from kept import clock
from kept.actor import CLIENT, Actor, Change
from kept.booking.appointment import Appointment, Slot
from kept.booking.states import ReversalReason
from kept.business.catalog import Money
from kept.business.change_rules import ChangeRules
from kept.channels import Channel, Purpose
from kept.insight.fact import FactKind
from kept.lanes import Key, Lane
from kept.messaging.message import Message, MessageStatus
from kept.storage import appointments, aside, catalogs, facts, figure_days
from kept.storage.figure_days import Night
from kept.storage.tables import EventItem, FactItem
from kept.use_cases.insight import adding_up, recording
from tests import lotus
from tests.asking import Answer, an_http_event, ask
from tests.builders import STARTS, a_follow_up, an_appointment
from tests.functions.conftest import cloud, made, queued
from tests.made_year import change_of
from tests.stopping import Killed, records

__all__ = ["cloud", "made", "queued"]

NOW = STARTS + timedelta(days=3)
DAY = date(2026, 3, 2)
NOBODY = {"part": 0, "whole": 0, "ratio": None, "enough": False}
STAFF = Actor("staff", "mei")
RULES = ChangeRules()
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    recording.forget()
    lotus.open_both()


def a_visit(id: str = "a-1", *, starts: datetime = STARTS, business: str = "lotus") -> Appointment:
    return replace(an_appointment(id, starts=starts), business=business, revision=1)


def then(visit: Appointment, what: str, at: datetime, *first: object, **told: object) -> Appointment:
    after: Appointment = getattr(visit, what)(*first, Change(STAFF, at), **told)
    return replace(after, revision=visit.revision + 1)


def tell(*life: Any) -> None:
    for before, after in zip([None, *life], life, strict=False):
        recording.record(change_of(before, after, at=NOW))


def show(first: date = DAY, last: date = DAY, *, role: str = "manager", business: str = "lotus", **more: str) -> Answer:
    query = {"from": str(first), "to": str(last)} | more
    return ask(figures.handler, "GET /v1/desk/figures", role=role, business=business, query=query)


def total(first: date = DAY, last: date = DAY, **more: str) -> dict[str, Any]:
    body: dict[str, Any] = show(first, last, **more).body["total"]
    return body


def shares(numbers: dict[str, Any]) -> dict[str, tuple[int, int]]:
    return {name: (it["part"], it["whole"]) for name, it in numbers.items() if isinstance(it, dict) and "part" in it}


def missed(visit: Appointment) -> Appointment:
    return then(visit, "mark_no_show", STARTS + HOUR, evidence=())


def came(visit: Appointment) -> Appointment:
    return then(visit, "check_in", visit.starts)


WITHOUT_TRACE: dict[str, tuple[Callable[[], list[Appointment]], Callable[[], list[Appointment]]]] = {
    "a no-show taken back as a mistake, who then came": (
        lambda: _each(a_visit(), missed, lambda it: then(it, "undo", STARTS + 2 * HOUR), came),
        lambda: _each(a_visit(), came),
    ),
    "a no-show who came after all": (
        lambda: _each(a_visit(), missed, _reversed(ReversalReason.CAME_AFTER_ALL)),
        lambda: _each(a_visit(), came),
    ),
    "a no-show that was our fault": (
        lambda: _each(a_visit(), missed, _reversed(ReversalReason.OUR_FAULT)),
        lambda: _each(a_visit(), lambda it: then(it, "cancel", STARTS - HOUR, rules=RULES)),
    ),
    "one cancelled and on again": (
        lambda: _each(
            a_visit(),
            lambda it: replace(it.cancel(Change(CLIENT, STARTS - HOUR), rules=RULES), revision=2),
            lambda it: then(it, "undo", STARTS - HOUR),
        ),
        lambda: _each(a_visit()),
    ),
    "one ticked as here by mistake": (
        lambda: _each(a_visit(), came, lambda it: then(it, "undo", STARTS + HOUR), missed),
        lambda: _each(a_visit(), missed),
    ),
    "one moved away and back": (
        lambda: _each(a_visit(), _moved(5), _moved(0)),
        lambda: _each(a_visit()),
    ),
    "one moved over midnight and back, then missed": (
        lambda: _each(a_visit(), _moved(1), _moved(-1), _moved(0), missed),
        lambda: _each(a_visit(), missed),
    ),
    "one marked at risk and not": (
        lambda: _each(
            a_visit(),
            lambda it: then(it, "risk", STARTS - HOUR, high=True),
            lambda it: then(it, "risk", STARTS - HOUR, high=False),
        ),
        lambda: _each(a_visit()),
    ),
    "a missed slot released and taken back": (
        lambda: _each(
            a_visit(),
            missed,
            lambda it: then(it, "release", STARTS + HOUR / 2),
            _reversed(ReversalReason.CAME_AFTER_ALL),
        ),
        lambda: _each(a_visit(), came),
    ),
    "completed, undone to nothing": (
        lambda: _each(
            a_visit(), lambda it: then(it, "complete", STARTS + HOUR), lambda it: then(it, "undo", STARTS + 2 * HOUR)
        ),
        lambda: _each(a_visit()),
    ),
}


def _each(visit: Appointment, *steps: Callable[[Appointment], Appointment]) -> list[Appointment]:
    life = [visit]
    for step in steps:
        life.append(step(life[-1]))
    return life


def _reversed(why: ReversalReason) -> Callable[[Appointment], Appointment]:
    return lambda it: then(it, "reverse_no_show", STARTS + 2 * HOUR, why)


def _moved(days: int) -> Callable[[Appointment], Appointment]:
    starts = STARTS + timedelta(days=days)
    slot = Slot(starts, starts + HOUR, "mei")
    return lambda it: then(it, "reschedule", STARTS - 60 * HOUR, slot, rules=RULES)


AROUND = (DAY - timedelta(days=7), DAY + timedelta(days=7))


@pytest.mark.parametrize("name", WITHOUT_TRACE)
def test_what_was_taken_back_leaves_no_trace_in_any_number(name: str) -> None:
    """Of the days around it: the same as if it had never been."""
    life, plain = (made() for made in WITHOUT_TRACE[name])
    tell(*plain)
    right = [total(*AROUND), show(*AROUND, group="staff").body["members"], show(*AROUND).body["heat"]]
    empty()
    tell(*life)
    assert [total(*AROUND), show(*AROUND, group="staff").body["members"], show(*AROUND).body["heat"]] == right


def empty() -> None:
    tables: tuple[type[FactItem] | type[EventItem], ...] = (FactItem, EventItem)
    for item in [item for table in tables for item in table.scan()]:
        item.delete()
    recording.forget()


@pytest.mark.parametrize(
    "order",
    [
        pytest.param([0, 1, 2, 3], id="in order"),
        pytest.param([3, 2, 1, 0], id="the last first"),
        pytest.param([3, 0, 1, 2], id="the last, then all before it"),
        pytest.param([0, 1, 2, 3, 0, 1, 2, 3], id="the whole batch again"),
        pytest.param([0, 1, 2, 3, 1], id="one in the middle again"),
        pytest.param([1, 1, 3, 0, 3, 2], id="repeats among them"),
        pytest.param([2, 3], id="the first ones lost"),
        pytest.param([3], id="all but the last lost"),
    ],
)
def test_a_visit_that_moved_stands_on_its_last_day_alone_in_whatever_order_it_was_told(order: list[int]) -> None:
    life = _each(a_visit(), _moved(1), _moved(3), _moved(2))
    changes = [change_of(before, after, at=NOW) for before, after in zip([None, *life], life, strict=False)]
    for n in order:
        recording.record(changes[n])
    stands = [it.day for it in facts.days("lotus", *AROUND) for _ in it.facts]
    assert stands == [DAY + timedelta(days=2)]


def test_put_back_without_what_it_was_before_it_leaves_nothing_on_its_old_day() -> None:
    """What was set aside comes back as it is now, and nobody knows where it stood."""
    first, moved = _each(a_visit(), _moved(4))
    tell(first)
    recording.record(change_of(None, moved, at=NOW))
    assert [it.day for it in facts.days("lotus", *AROUND) for _ in it.facts] == [DAY + timedelta(days=4)]


def test_a_crash_between_the_old_day_and_the_new_is_made_good_by_the_same_change(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, moved = _each(a_visit(), _moved(4))
    tell(first)

    def fails(*_: object, **__: object) -> bool:
        raise ConnectionError

    with monkeypatch.context() as now:
        now.setattr(facts, "put", fails)
        with pytest.raises(ConnectionError):
            recording.record(change_of(first, moved, at=NOW))
    recording.record(change_of(first, moved, at=NOW))
    assert (total(*AROUND)["booked"], total()["booked"]) == (1, 0)


def test_of_nothing_no_share_is_told() -> None:
    numbers = total()
    assert set(shares(numbers).values()) == {(0, 0)}
    assert [it for it in numbers.values() if isinstance(it, dict) and it.get("ratio") is not None] == []
    assert (numbers["lead"], numbers["satisfaction"], numbers["reminders"]["difference"]) == (None, None, None)
    assert numbers["reminders"]["reminded"] == NOBODY


def test_another_business_s_facts_never_appear() -> None:
    tell(a_visit("a-1"))
    tell(a_visit("a-2", business="garage"), came(a_visit("a-2", business="garage")))
    assert (total()["booked"], total()["came"]) == (1, NOBODY)
    theirs = show(business="garage").body["total"]
    assert (theirs["booked"], theirs["came"]["part"]) == (1, 1)
    query = {"from": str(DAY), "to": str(DAY), "figure": "booked"}
    listed = ask(figures.handler, "GET /v1/desk/figures/list", role="manager", business="garage", query=query)
    assert listed.body["count"] == 1


@pytest.mark.parametrize("path", ["", "/list", ".csv"])
def test_they_are_shown_to_those_who_lead_alone(path: str) -> None:
    query = {"from": str(DAY), "to": str(DAY), "figure": "booked"} if path == "/list" else None
    query = query or {"from": str(DAY), "to": str(DAY)}
    for role, status in (("", 401), ("staff", 403)):
        assert ask(figures.handler, f"GET /v1/desk/figures{path}", role=role, query=query).status == status


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param({"from": "2026-03-02", "to": "2026-03-01"}, id="the last day before the first"),
        pytest.param({"from": "2025-01-01", "to": "2026-03-01"}, id="more than a year"),
        pytest.param({"from": "2026-02-30", "to": "2026-03-01"}, id="no day"),
        pytest.param({"from": "2026-03-01"}, id="no end"),
        pytest.param({"from": "2026-03-01", "to": "2026-03-02", "by": "hour"}, id="by the hour"),
        pytest.param({"from": "2026-03-01", "to": "2026-03-02", "group": "client"}, id="by client"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(asked: dict[str, str]) -> None:
    answer = ask(figures.handler, "GET /v1/desk/figures", role="manager", query=asked)
    assert (answer.status, answer.code) == (422, "invalid_request")


def test_a_reminder_counts_for_the_slot_it_was_about() -> None:
    """Reminded of the first slot, moved, and missed: nobody had reminded them of that one."""
    first, moved = _each(a_visit(), _moved(1))
    stored(moved)
    tell(first, moved, missed(moved))
    tell(*_reminder(slot=1))
    assert total(*AROUND)["reminders"]["others"]["whole"] == 1
    tell(*_reminder(slot=2))
    assert total(*AROUND)["reminders"]["reminded"]["whole"] == 1


@pytest.mark.parametrize("stage", ["confirmation", "confirmed", "on_my_way", "survey", "staff_answer", "rescheduled"])
def test_what_else_is_said_about_a_visit_reminds_nobody(stage: str) -> None:
    visit = a_visit()
    stored(visit)
    tell(visit, came(visit))
    tell(*_reminder(slot=1, stage=stage))
    assert total()["reminders"]["reminded"] == NOBODY
    tell(*_reminder(slot=1, stage="the_day_before"))
    assert total()["reminders"]["reminded"]["part"] == 1


def _reminder(*, slot: int, stage: str = "two_days") -> list[Message]:
    at = STARTS - 48 * HOUR
    new = Message("lotus", "a-1", slot, stage, Channel.EMAIL, Purpose.TRANSACTIONAL, "c-1", at, at, revision=1)
    return [new, replace(new, status=MessageStatus.SENT, sent_at=at, due_at=None, revision=2)]


def stored(visit: Appointment) -> None:
    appointments.as_item(replace(visit, revision=visit.revision - 1), None).save()


def test_what_was_planned_to_cost_stays_what_it_was_when_it_was_booked() -> None:
    """Of what was booked before that was kept it is the price of now; of another currency it is in no sum."""
    catalog = lotus.the_salon()
    dearer = replace(catalog.services["cut"], price=Money(20_000, "CNY"))
    catalogs.put("lotus", [dearer])
    catalogs.forget()
    then_cost = replace(a_visit("a-1"), price=Money(15_000, "CNY"))
    for visit in (then_cost, a_visit("a-2"), replace(a_visit("a-3"), price=Money(9_000, "USD"))):
        tell(visit, came(visit))
    assert (total()["revenue"], total()["unpriced"]) == (35_000, 1)


def test_hours_that_were_offered_stay_what_they_were_once_the_day_is_over() -> None:
    """11 hours of Mei's and Jun's, whatever their hours become."""
    tell(a_visit())
    adding_up.add_up("lotus", figure_days.NIGHT, now=NOW + timedelta(days=1))
    offered = total()["fill"]["whole"]
    assert offered == 2 * 11 * 60
    catalog = catalogs.load("lotus")
    mei = catalog.staff["mei"]
    catalogs.put("lotus", [replace(mei, hours=replace(mei.hours, weekly={}))])
    catalogs.forget()
    tell(a_visit("a-2"))
    adding_up.add_up("lotus", f"{figure_days.DUE}{DAY}", now=NOW + timedelta(days=1))
    assert (total()["booked"], total()["fill"]["whole"]) == (2, offered)


def test_a_day_that_changes_while_it_is_added_up_stays_due() -> None:
    tell(a_visit())
    adding_up.add_up("lotus", figure_days.NIGHT, now=NOW + timedelta(days=1))
    tell(a_visit("a-2"))
    mark = figure_days.mark("lotus", DAY)
    assert mark
    tell(a_visit("a-3"))
    figure_days.done("lotus", DAY, mark)
    assert DAY in figure_days.added_up("lotus").changed
    assert total()["booked"] == 3


@pytest.mark.parametrize("dies", ["before it", "after it"])
@pytest.mark.parametrize("number", [1, 2])
def test_a_late_change_that_is_cut_off_at_a_mark_of_its_day_is_added_up_when_it_comes_again(
    dies: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The day's sums are of before; the fact may stand already when the same change is told once more."""
    booked = a_visit()
    tell(booked)
    adding_up.add_up("lotus", figure_days.NIGHT, now=NOW + timedelta(days=1))
    adding_up.add_up("lotus", f"{figure_days.DUE}{DAY}", now=NOW + timedelta(days=1))
    late, mark, calls = change_of(booked, came(booked), at=NOW), figure_days.changed, []

    def cut_off(*told: Any, **more: Any) -> None:
        calls.append(told)
        if len(calls) < number or dies == "after it":
            mark(*told, **more)
        if len(calls) == number:
            raise Killed

    monkeypatch.setattr(figure_days, "changed", cut_off)
    with pytest.raises(Killed):
        recording.record(late)
    monkeypatch.setattr(figure_days, "changed", mark)
    recording.record(late)
    assert total()["came"]["part"] == 1
    adding_up.add_up("lotus", f"{figure_days.DUE}{DAY}", now=NOW + timedelta(days=1))
    assert figure_days.added_up("lotus").changed == {}
    assert total()["came"]["part"] == 1


def test_what_differs_from_the_tables_is_told_set_aside_and_mended_when_it_is_put_back(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A fact that nobody wrote, one that is missing, and one that is wrong: counted once by the alarm."""
    for n, visit in enumerate((a_visit("a-1"), a_visit("a-2"), a_visit("a-3"))):
        stored(visit)
        if n:
            tell(visit)
    facts.put("lotus", replace(_fact("a-2"), staff="nobody", version=9), anew=True)
    facts.put("lotus", replace(_fact("a-3"), id="a-9"))
    yesterday = DAY
    empty_but_facts()
    recording.arrange(catalogs.load("lotus"), now=STARTS)
    adding_up.add_up("lotus", figure_days.NIGHT, now=datetime(2026, 3, 2, 20, tzinfo=UTC))
    assert aside_ids() == [f"figures#{yesterday}#differs"]
    counted = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "_aws" in line]
    assert [line["SetAside"] for line in counted] == [[1.0]]
    aside.put_back(Key(Lane.EVENT, "lotus", aside_ids()[0]))
    body = json.dumps([{"lane": "event", "business": "lotus", "id": f"figures#{yesterday}#differs"}])
    assert due_worker.handler(records(body), None) == {"batchItemFailures": []}
    assert sorted(it.id for day in facts.days("lotus", DAY, DAY) for it in day.facts) == ["a-1", "a-2", "a-3"]
    assert {it["id"]: it["numbers"]["booked"] for it in show(group="staff").body["members"]} == {"mei": 3, "jun": 0}
    assert figure_days.added_up("lotus").changed == {}


def _fact(id: str) -> Any:
    return next(it for day in facts.days("lotus", DAY, DAY) for it in day.facts if it.id == id)


def aside_ids() -> list[str]:
    return [it.id for it in aside.waiting("lotus")]


def empty_but_facts() -> None:
    for due in list(EventItem.scan()):
        due.delete()
    for sums in list(FactItem.query("lotus", FactItem.id.startswith("sum#"))):
        sums.delete()
    recording.forget()


@pytest.mark.parametrize("name", ["=1+1", "+cmd", "-2", "@SUM(A1)", " =1", "\t=1", "＝1", "\r=1"])
def test_no_cell_of_the_file_is_a_formula_and_excel_knows_its_letters(name: str) -> None:
    mei = catalogs.load("lotus").staff["mei"]
    catalogs.put("lotus", [replace(mei, name=name)])
    catalogs.forget()
    tell(a_visit())
    text = file(group="staff")
    assert text.startswith("\ufefffirst_day,")
    assert f"'{name}".strip() in text.replace('"', "")
    assert text.splitlines()[1].startswith("2026-03-02,2026-03-02,all,,,1,")


def file(**more: str) -> str:
    event = an_http_event("GET /v1/desk/figures.csv", query={"from": str(DAY), "to": str(DAY)} | more)
    claims = {"custom:business": "lotus", "custom:staff": "mei", "cognito:groups": "[manager]", "sub": "u-1"}
    event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    answer = figures.handler(event, None)
    assert answer["headers"]["Content-Type"] == "text/csv; charset=utf-8"
    return str(answer["body"])


@pytest.mark.parametrize(
    ("count", "enough"), [pytest.param(49, False, id="49 are too few"), pytest.param(50, True, id="50 are not")]
)
def test_of_too_few_no_change_is_told(count: int, enough: bool) -> None:
    for week in (0, 7):
        for n in range(count):
            visit = a_visit(f"a-{week}-{n}", starts=STARTS + timedelta(days=week, minutes=n))
            tell(visit, replace(came(visit), revision=2) if n % 2 or week else missed(visit))
    answer = show(DAY + timedelta(days=7), DAY + timedelta(days=13)).body
    assert answer["before"]["first_day"] == str(DAY)
    assert answer["total"]["came"]["enough"] is enough
    assert (answer["change"]["came"] is not None) is enough
    assert answer["change"]["attainment"] is None


def test_what_was_left_on_an_old_day_is_forgotten_in_time() -> None:
    tell(*_each(a_visit(), _moved(4)))
    item = FactItem.get("lotus", f"{DAY}#{FactKind.VISIT}#a-1")
    assert item.body is None
    assert item.version == 2
    assert item.expires == int((NOW + timedelta(days=30)).timestamp())


def test_a_night_finds_no_difference_in_what_is_said_and_asked_beside_visits(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message about another day's visit, and a follow-up."""
    at, day = STARTS - 48 * HOUR, DAY - timedelta(days=2)
    sent = replace(_reminder(slot=1)[1], about="a-9", revision=0)
    asked = a_follow_up(opened=at)
    lotus.say(sent)
    lotus.open_follow_up(asked)
    recording.record(change_of(None, replace(sent, revision=1), at=NOW))
    recording.record(change_of(None, asked, at=NOW))
    (known,) = facts.days("lotus", day, day)
    assert len(known.facts) == 2
    monkeypatch.setattr(clock, "now", lambda: at + timedelta(days=1))
    figure_days.begin(Night("lotus", day - timedelta(days=1), at))
    assert due_worker.handler(records(("lotus", figure_days.NIGHT), lane="event"), None) == {"batchItemFailures": []}
    assert figure_days.added_up("lotus").until == day
    assert aside_ids() == []


def test_a_day_that_nothing_changed_is_not_added_up_again() -> None:
    """Asked for twice, as due work may be, the second time does nothing."""
    tell(a_visit())
    adding_up.add_up("lotus", figure_days.NIGHT, now=NOW + timedelta(days=1))
    tell(a_visit("a-2"))
    adding_up.add_up("lotus", f"{figure_days.DUE}{DAY}", now=NOW + timedelta(days=1))
    before = lotus.everything()
    adding_up.add_up("lotus", f"{figure_days.DUE}{DAY}", now=NOW + timedelta(days=1))
    assert lotus.everything() == before
    assert figure_days.mark("lotus", DAY) is None
