"""The rule: money, reasons, late moves and what won a client back are figures of what is so now. A line of the ledger
counts what is left of it, on its own day, in its own currency; whatever order things are told in."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

import figures
from kept import clock
from kept.actor import CLIENT, KEPT, Actor, Change
from kept.booking.appointment import Appointment, Slot
from kept.booking.states import CancelReason, ReversalReason
from kept.business.change_rules import ChangeRules
from kept.channels import Channel, Purpose
from kept.insight.fact import MoneyFact
from kept.insight.fact_of import fact_of_visit
from kept.ledger.accounts import LedgerAccount
from kept.ledger.transaction import MoneyAct, Posting, Transaction
from kept.messaging.message import Message, MessageStatus
from kept.policy.winning_back import WayBack
from kept.storage import appointments, facts, figure_days, ledger
from kept.storage.tables import FactItem
from kept.use_cases.follow_ups.asked_to_call import ask_for_call
from kept.use_cases.insight import adding_up, comparing, rebuilding, recording
from tests import lotus
from tests.asking import ask
from tests.builders import STARTS, a_follow_up, an_appointment
from tests.functions.conftest import cloud, made, queued
from tests.made_money import ACCOUNTS, line
from tests.made_year import change_of

__all__ = ["cloud", "made", "queued"]

NOW, DAY, HOUR = STARTS + timedelta(days=30), date(2026, 3, 2), timedelta(hours=1)
MEI = Actor("staff", "mei")
RULES = ChangeRules()
Life = list[Any]


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    recording.forget()
    lotus.open_both()


def tell(*life: Any) -> None:
    for before, after in zip([None, *life], life, strict=False):
        recording.record(change_of(before, after, at=NOW))


def total(first: date = date(2026, 2, 1), last: date = date(2026, 4, 1), **more: str) -> Any:
    query = {"from": str(first), "to": str(last)} | more
    answer = ask(figures.handler, "GET /v1/desk/figures", role="manager", query=query)
    assert answer.status == 200, answer.body
    return answer.body["total"]


def of(share: dict[str, Any]) -> tuple[int, int]:
    return share["part"], share["whole"]


def visit(id: str = "a-1", *, days: int = 0, client: str = "c-1") -> Appointment:
    it, at = an_appointment(id, starts=STARTS + timedelta(days=days)), STARTS - timedelta(days=20)
    return replace(it, client=client, booked_at=at, history=(replace(it.history[0], at=at),), revision=1)


def cancelled(
    it: Appointment, why: str = "", *, by: Actor = CLIENT, hours: int = 50, theirs: bool = False
) -> Appointment:
    change = Change(by, it.starts - hours * HOUR, why, for_client=theirs)
    return replace(it.cancel(change, rules=RULES), revision=it.revision + 1)


def moved(it: Appointment, at: datetime, *, by: Actor = CLIENT, theirs: bool = False, days: int = 3) -> Appointment:
    starts = it.starts + timedelta(days=days)
    slot, change = Slot(starts, starts + HOUR, "mei"), Change(by, at, for_client=theirs)
    return replace(it.reschedule(slot, change, rules=RULES), revision=it.revision + 1)


def missed_and_taken_back(why: ReversalReason) -> Appointment:
    gone = visit().mark_no_show(Change(KEPT, STARTS + HOUR), evidence=())
    return gone.reverse_no_show(why, Change(MEI, STARTS + 2 * HOUR))


def on_again_then_our_fault() -> Appointment:
    again = cancelled(visit(), "cost").undo(Change(MEI, STARTS - 2 * HOUR))
    gone = again.mark_no_show(Change(KEPT, STARTS + HOUR), evidence=())
    return gone.reverse_no_show(ReversalReason.OUR_FAULT, Change(MEI, STARTS + 2 * HOUR))


@pytest.mark.parametrize(
    ("it", "reason", "offered"),
    [
        *(pytest.param(cancelled(visit(), why), why, True, id=why) for why in CancelReason),
        pytest.param(cancelled(visit(), "cost: too dear for me"), "cost", True, id="with a note"),
        pytest.param(cancelled(visit()), "not_said", False, id="they did not say"),
        pytest.param(cancelled(visit(), "costly, I think"), "not_said", False, id="words that begin like a reason"),
        pytest.param(cancelled(visit(), "need", by=MEI), "", False, id="by us"),
        pytest.param(cancelled(visit(), "need", by=KEPT), "", False, id="by Kept"),
        pytest.param(cancelled(visit(), "time", by=MEI, theirs=True), "time", False, id="told to us by telephone"),
        pytest.param(cancelled(visit(), by=MEI, theirs=True), "not_said", False, id="by telephone, without a reason"),
        pytest.param(visit().cannot_come(Change(CLIENT, STARTS + HOUR / 4)), "not_said", False, id="after the start"),
        pytest.param(cancelled(visit(), "cost").undo(Change(MEI, STARTS - HOUR)), "", False, id="on again"),
        pytest.param(missed_and_taken_back(ReversalReason.OUR_FAULT), "", False, id="missed, and our fault"),
        pytest.param(on_again_then_our_fault(), "", False, id="cancelled once, on again, and our fault in the end"),
        pytest.param(visit(), "", False, id="not cancelled"),
    ],
)
def test_why_a_client_cancelled_is_what_they_said_of_the_visit_as_it_is(
    it: Appointment, reason: str, offered: bool
) -> None:
    fact = fact_of_visit(it, lotus.the_salon())
    assert (fact.reason, fact.offered_back) == (reason, offered)


NOTICE = STARTS - 48 * HOUR


@pytest.mark.parametrize(
    ("it", "late"),
    [
        pytest.param(moved(visit(), NOTICE), False, id="at 48 hours 0 seconds"),
        pytest.param(moved(visit(), NOTICE + timedelta(seconds=1)), True, id="a second later"),
        pytest.param(moved(visit(), STARTS - HOUR, by=MEI), False, id="by us"),
        pytest.param(moved(visit(), STARTS - HOUR, by=MEI, theirs=True), True, id="by us because they asked"),
        pytest.param(moved(moved(visit(), STARTS - HOUR), STARTS, by=MEI), False, id="late, then by us"),
        pytest.param(moved(moved(visit(), STARTS - HOUR), STARTS), False, id="late, then in time"),
        pytest.param(cancelled(moved(visit(), STARTS - HOUR)), True, id="late, then cancelled in time"),
        pytest.param(moved(visit(), STARTS - HOUR).check_in(Change(MEI, STARTS + 72 * HOUR)), True, id="and came"),
        pytest.param(cancelled(visit(), hours=2), False, id="cancelled late and never moved"),
    ],
)
def test_a_late_move_is_one_for_which_the_client_asked_too_late(it: Appointment, late: bool) -> None:
    assert fact_of_visit(it, lotus.the_salon()).moved_late is late


def asked(stage: str = "on_my_way", *, slot: int = 1, status: MessageStatus = MessageStatus.SENT) -> Life:
    at = STARTS - HOUR
    new = Message("lotus", "a-1", slot, stage, Channel.SMS, Purpose.TRANSACTIONAL, "c-1", at, at, revision=1)
    sent_at = at if status is MessageStatus.SENT else None
    return [new, replace(new, status=status, sent_at=sent_at, due_at=None, revision=2)]


def came(it: Appointment) -> Appointment:
    return replace(it.check_in(Change(MEI, it.starts + HOUR / 8)), revision=it.revision + 1)


def missed(it: Appointment) -> Appointment:
    return replace(it.mark_no_show(Change(KEPT, it.starts + HOUR), evidence=()), revision=it.revision + 1)


def after_all(it: Appointment) -> Appointment:
    back = it.reverse_no_show(ReversalReason.CAME_AFTER_ALL, Change(MEI, it.starts + 2 * HOUR))
    return replace(back, revision=it.revision + 1)


@pytest.mark.parametrize(
    ("said", "steps", "rescued"),
    [
        pytest.param(asked(), [came], (1, 1), id="asked and came"),
        pytest.param(asked("at_risk"), [came], (1, 1), id="at risk, asked and came"),
        pytest.param(asked(), [missed], (0, 1), id="asked and did not"),
        pytest.param(asked(), [missed, after_all], (1, 1), id="asked, missed, and came after all"),
        pytest.param(asked("two_days"), [came], (0, 0), id="only reminded"),
        pytest.param(asked(status=MessageStatus.SKIPPED), [came], (0, 0), id="it was not sent"),
        pytest.param(asked(slot=2), [came], (0, 0), id="about another slot"),
        pytest.param(asked(), [], (0, 0), id="still to come"),
        pytest.param(asked(), [lambda it: cancelled(it, "illness", hours=1)], (0, 0), id="cancelled"),
        pytest.param(asked() + asked(), [came, came], (1, 1), id="asked twice"),
    ],
)
def test_a_rescued_visit_is_one_whose_client_came_after_they_were_asked(
    said: Life, steps: list[Callable[[Appointment], Appointment]], rescued: tuple[int, int]
) -> None:
    life = [visit()]
    for step in steps[:2]:
        life.append(step(life[-1]) if step is not came or len(life) == 1 else life[-1])
    stored(life[-1])
    for changes in (life, said):
        tell(*changes[:2])
        tell(*changes[2:]) if len(changes) > 2 else None
    assert of(total()["rescued"]) == rescued


def stored(*visits: Appointment) -> None:
    for it in visits:
        appointments.as_item(replace(it, revision=it.revision - 1), None).save()


def booked(id: str, after: timedelta, *, client: str = "c-1") -> Appointment:
    """So long after the other one was cancelled, which was 50 hours before its start."""
    at = STARTS - 50 * HOUR + after
    it = visit(id, days=25, client=client)
    return replace(it, booked_at=at, history=(replace(it.history[0], at=at),))


FORTNIGHT = timedelta(days=14)


@pytest.mark.parametrize(
    ("why", "others", "won"),
    [
        pytest.param("cost", [booked("a-2", HOUR)], (1, 1), id="booked an hour later"),
        pytest.param("cost", [booked("a-2", FORTNIGHT)], (1, 1), id="after 14 days 0 seconds"),
        pytest.param("cost", [booked("a-2", FORTNIGHT + timedelta(seconds=1))], (0, 1), id="a second later"),
        pytest.param("cost", [booked("a-2", -HOUR)], (0, 1), id="booked before they cancelled"),
        pytest.param("cost", [booked("a-2", HOUR, client="c-2")], (0, 1), id="another client"),
        pytest.param("cost", [booked("a-2", HOUR), booked("a-3", HOUR)], (1, 1), id="booked twice"),
        pytest.param("cost", [cancelled(booked("a-2", HOUR), "time", hours=90)], (1, 2), id="cancelled as well"),
        pytest.param("", [booked("a-2", HOUR)], (0, 0), id="who did not say was offered nothing"),
        pytest.param("cost", [], (0, 1), id="nothing came of it"),
    ],
)
@pytest.mark.parametrize("order", ["as it was", "the other way round", "twice"])
def test_won_back_is_whoever_books_anew_within_a_fortnight(
    why: str, others: list[Appointment], won: tuple[int, int], order: str
) -> None:
    """Whichever is told first; and a recount and a rebuild of the tables say so too."""
    gone = cancelled(visit(), why)
    everything = [gone, *others]
    stored(*everything)
    changes = [change_of(None, it, at=NOW) for it in everything]
    changes = {"as it was": changes, "the other way round": changes[::-1], "twice": changes * 2}[order]
    for change in changes:
        recording.record(change)
    assert of(total()["won_back"]) == won
    catalog = lotus.the_salon()
    assert [it for day in (DAY, DAY + timedelta(days=25)) for it in comparing.differences(catalog, day)] == []
    for item in [*FactItem.query("lotus")]:
        item.delete()
    rebuilding.rebuild("lotus", now=NOW)
    assert of(total()["won_back"]) == won


@pytest.mark.parametrize(
    ("why", "answer"),
    [pytest.param("expectation", WayBack.TALK, id="now"), pytest.param("need", WayBack.LATER, id="later")],
)
@pytest.mark.parametrize("first", ["the visit", "the follow-up"])
def test_who_asks_to_be_called_was_won_back(why: str, answer: WayBack, first: str) -> None:
    gone, catalog = cancelled(visit(), why), lotus.the_salon()
    lotus.known()
    stored(gone)
    asks = ask_for_call(gone, catalog, answer, Change(CLIENT, STARTS - 49 * HOUR))
    for it in (gone, asks) if first == "the visit" else (asks, gone):
        recording.record(change_of(None, it, at=NOW))
    assert of(total()["won_back"]) == (1, 1)
    assert comparing.differences(catalog, DAY) == []


def test_a_call_that_the_business_made_of_its_own_wins_nobody_back() -> None:
    gone = cancelled(visit(), "cost")
    stored(gone)
    tell(visit(), gone)
    tell(replace(a_follow_up(opened=STARTS), about="a-1", revision=1))
    assert of(total()["won_back"]) == (0, 1)


def test_who_was_won_back_and_whose_visit_is_on_again_leaves_no_trace() -> None:
    gone = cancelled(visit(), "cost")
    again = replace(gone.undo(Change(MEI, STARTS - HOUR)), revision=3)
    stored(gone, booked("a-2", HOUR))
    tell(visit(), gone)
    tell(booked("a-2", HOUR))
    assert of(total()["won_back"]) == (1, 1)
    stored(again)
    recording.record(change_of(gone, again, at=NOW))
    assert of(total()["won_back"]) == (0, 0)
    assert total()["reasons"]["cost"]["whole"] == 0


CAUSES = {"paid": "cash", "refunded": "cash", "deposit_paid": "terminal", "deposit_refunded": "transfer"}


def written(*lines: Transaction) -> None:
    for it in lines:
        ledger.as_item(it).save()


def told(what: str, first: date = date(2026, 2, 1), last: date = date(2026, 4, 1)) -> tuple[int, int]:
    it = total(first, last)["money"][what]
    return it["count"], it["minor"]


@pytest.mark.parametrize("what", ACCOUNTS)
def test_each_kind_of_line_counts_once_with_its_cause_and_taken_back_it_leaves_no_trace(what: str) -> None:
    it, back = line(what), line(what, back=True, at=STARTS + timedelta(days=9))
    written(it)
    tell(it)
    tell(it)
    cause = CAUSES.get(what) or ACCOUNTS[what][2]
    money = total()["money"]
    assert money.pop(what) == {"count": 1, "minor": 500, "causes": {cause: {"count": 1, "minor": 500}}}
    assert {name for name, it in money.items() if it["count"]} == set()
    written(back)
    tell(back)
    assert (told(what), total()["money"][what]["causes"]) == ((0, 0), {})


@pytest.mark.parametrize(
    ("order", "left"),
    [
        pytest.param("abc", 300, id="in order"),
        pytest.param("ba", 300, id="what takes it back first"),
        pytest.param("bab", 300, id="and again"),
        pytest.param("b", 300, id="the line itself lost"),
        pytest.param("aab", 300, id="a repeat between"),
        pytest.param("abaa", 300, id="old ones after new"),
    ],
)
def test_what_is_taken_back_in_part_counts_what_is_left_in_whatever_order_it_is_told(order: str, left: int) -> None:
    """A waiver of five yuan, two of which are claimed again weeks later: it counts three, on its own day."""
    it, back = line("waived"), line("waived", 200, back=True, at=STARTS + timedelta(days=20))
    written(it, back)
    for name in order.replace("c", ""):
        tell({"a": it, "b": back}[name])
    assert told("waived", first=DAY, last=DAY) == (1, left)
    assert told("waived") == (1, left)
    assert comparing.differences(lotus.the_salon(), DAY) == []
    assert comparing.differences(lotus.the_salon(), DAY + timedelta(days=20)) == []


@pytest.mark.parametrize(
    ("at", "day"),
    [
        pytest.param("2026-03-02T15:59:59+00:00", date(2026, 3, 2), id="a second before midnight in Shanghai"),
        pytest.param("2026-03-02T16:00:00+00:00", date(2026, 3, 3), id="at midnight"),
    ],
)
def test_money_counts_on_the_day_on_which_it_was_written_down_at_the_business(at: str, day: date) -> None:
    tell(line("fee", at=datetime.fromisoformat(at).astimezone(UTC)))
    assert told("fee", first=day, last=day) == (1, 500)


def test_money_of_two_currencies_is_never_added_and_the_other_is_said_to_be_there() -> None:
    tell(line("fee"))
    tell(line("fee", 900, currency="USD", act="two"))
    tell(line("fee", 70, currency="USD", act="three"))
    found = total()
    assert (told("fee"), found["other_currencies"]) == ((1, 500), 2)
    query = {"from": str(DAY), "to": str(DAY), "figure": "fee"}
    listed = ask(figures.handler, "GET /v1/desk/figures/list", role="manager", query=query).body
    assert [(it["minor"], it["cause"]) for it in listed["lines"]] == [(500, "fee_no_show")]


def test_points_are_no_money_of_the_business() -> None:
    entries = (Posting(LedgerAccount.POINTS_EARNED, 3, "points"), Posting(LedgerAccount.POINTS, -3, "points"))
    earned = replace(line("fee"), what=MoneyAct.POINTS, entries=entries, why=None)
    tell(earned)
    assert [it for day in facts.days("lotus", DAY, DAY) for it in day.facts if isinstance(it, MoneyFact)] == []


def test_a_line_taken_back_after_its_day_was_added_up_has_the_day_added_up_anew() -> None:
    it = line("paid")
    written(it)
    tell(it)
    later = NOW + timedelta(days=1)
    while (night := figure_days.night("lotus")) and night.at <= later:
        adding_up.add_up("lotus", figure_days.NIGHT, now=later)
    for day in figure_days.added_up("lotus").changed:
        adding_up.add_up("lotus", f"{figure_days.DUE}{day}", now=later)
    assert figure_days.added_up("lotus").has(DAY)
    back = line("paid", back=True, at=STARTS + timedelta(days=9))
    written(back)
    tell(back)
    assert told("paid") == (0, 0)
    assert DAY in figure_days.added_up("lotus").changed


def test_another_business_s_money_never_appears() -> None:
    tell(replace(line("fee"), business="garage"))
    assert told("fee") == (0, 0)


@pytest.mark.parametrize(("fees", "tells"), [(49, False), (50, True)])
def test_of_too_few_fees_no_change_is_told(fees: int, tells: bool) -> None:
    for week in (0, 7):
        for n in range(fees):
            tell(line("fee", at=STARTS + timedelta(days=week), act=f"{week}-{n}"))
        tell(line("waived", at=STARTS + timedelta(days=week), act=f"{week}-waived"))
    query = {"from": str(DAY + timedelta(days=7)), "to": str(DAY + timedelta(days=13))}
    answer = ask(figures.handler, "GET /v1/desk/figures", role="manager", query=query).body
    assert of(answer["total"]["fees_waived"]) == (1, fees)
    assert (answer["change"]["fees_waived"] is not None) is tells
