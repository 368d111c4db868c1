"""Every number of a made year equals one that is counted again by a script that shares nothing with the product:
read fact by fact, added up night by night, and rebuilt from the tables; whatever order its changes came in."""

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

import figures
from kept import clock
from kept.booking.appointment import Appointment
from kept.events.change import AggregateChange
from kept.insight.behind import Behind
from kept.ledger.transaction import Transaction
from kept.messaging.message import Message
from kept.storage import appointments, figure_days, follow_ups, ledger, messages
from kept.storage.tables import FactItem
from kept.use_cases.insight import adding_up, comparing, rebuilding, recording
from tests import lotus, made_year, recounted
from tests.asking import ask
from tests.functions.conftest import cloud, made, queued
from tests.made_year import FIRST, HOURS, LAST, NOW, ZONE, MadeYear, Stored

__all__ = ["cloud", "made", "queued"]

DAY = timedelta(days=1)
TOMORROW = NOW + DAY
YEAR, SOME = made_year.a_year(), made_year.a_year(7, clients=120)
GROUPS = ("staff", "service", "channel", "source", "tier")
MARCH, NOVEMBER = (date(2026, 3, 2), date(2026, 3, 15)), (date(2026, 10, 26), date(2026, 11, 8))
"""Two weeks round each clock change."""


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    recording.forget()
    lotus.store(YEAR.catalog)


def told(first: date, last: date, by: str = "week", group: str = "all", **more: str) -> dict[str, Any]:
    query = {"from": str(first), "to": str(last), "by": by, "group": group} | more
    answer = ask(figures.handler, "GET /v1/desk/figures", role="manager", query=query)
    assert answer.status == 200, answer.body
    body: dict[str, Any] = answer.body
    return body


def counted(year: MadeYear, first: date, last: date, group: str = "all", member: str = "") -> dict[str, Any]:
    """By the script. A message belongs to no person, service, source or tier, a follow-up to no service or channel,
    money to none of them."""

    def of(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row for row in rows if group == "all" or row.get(group) == member]

    visits = of(recounted.within(year.visits, "start", first, last, ZONE))
    said = of(recounted.within(year.messages, "at", first, last, ZONE))
    matters = of(recounted.within(year.follow_ups, "at", first, last, ZONE))
    whose = (
        HOURS.items() if group == "all" else [(id, it) for id, it in HOURS.items() if (group, id) == ("staff", member)]
    )
    days = (first + DAY * n for n in range((last - first).days + 1))
    offered = recounted.added(recounted.offered(tuple(it for _, it in whose), day, ZONE) for day in days)
    lines = [row for row in year.money if group == "all" and first <= row["day"] <= last]
    return recounted.numbers(visits, said, matters, offered, ZONE, lines, "USD")


def all_is_right(year: MadeYear, first: date, last: date) -> None:
    """The whole, every week, month and day of it, and everybody and everything in every group."""
    for by in ("week", "month"):
        answer = told(first, last, by)
        assert answer["total"] == counted(year, first, last)
        for period in answer["periods"]:
            since, until = date.fromisoformat(period["first_day"]), date.fromisoformat(period["last_day"])
            assert period["numbers"] == counted(year, since, until), (since, until)
    for group in GROUPS:
        members = told(first, last, group=group)["members"]
        for member in members:
            assert member["numbers"] == counted(year, first, last, group, member["id"]), (group, member["id"])
        assert sum(member["numbers"]["booked"] for member in members) == counted(year, first, last)["booked"]


def every_day_is_right(year: MadeYear, first: date, last: date) -> None:
    for period in told(first, last, "day")["periods"]:
        day = date.fromisoformat(period["first_day"])
        assert period["numbers"] == counted(year, day, day), day


def recorded(changes: Iterable[AggregateChange]) -> None:
    for change in changes:
        recording.record(change)


def changes_of(lives: list[list[Stored]]) -> Iterator[AggregateChange]:
    return MadeYear(SOME.catalog, lives).changes()


def empty() -> None:
    with FactItem.batch_write() as batch:
        for item in list(FactItem.query("lotus")):
            batch.delete(item)


def planted(year: MadeYear) -> None:
    """As it stands in the tables in the end."""
    for life in year.lives:
        last = life[-1]
        if isinstance(last, Appointment):
            appointments.as_item(_before(last), None).save()
        elif isinstance(last, Message):
            messages.as_item(_before(last)).save()
        elif isinstance(last, Transaction):
            ledger.as_item(last).save()
        else:
            follow_ups.as_item(_before(last)).save()


def _before(it: Any) -> Any:
    """Storing counts one on."""
    return replace(it, revision=it.revision - 1)


def nights() -> int:
    """Until nothing is due any more; how many runs that took."""
    for run in range(60):
        night = figure_days.night("lotus")
        assert night
        if night.at > TOMORROW:
            return run
        adding_up.add_up("lotus", figure_days.NIGHT, now=TOMORROW)
    raise AssertionError("it never ends")


def stands() -> dict[str, str]:
    """Every fact, as it is stored."""
    found = FactItem.query("lotus", FactItem.id.between("0", "9~"))
    return {
        item.id: f"{item.version} {item.body} {item.reminded} {item.nudged} {item.won_back}"
        for item in found
        if item.body
    }


def test_every_number_of_some_months_equals_its_recount() -> None:
    """And every day round both clock changes."""
    planted(SOME)
    recorded(SOME.changes())
    all_is_right(SOME, FIRST, LAST)
    every_day_is_right(SOME, *MARCH)
    every_day_is_right(SOME, *NOVEMBER)


@pytest.mark.slow
def test_every_number_of_a_year_equals_its_recount_however_it_is_read() -> None:
    """600 clients: fact by fact; added up night by night; and rebuilt from the tables after the facts were lost."""
    planted(YEAR)
    recorded(YEAR.changes())
    all_is_right(YEAR, FIRST, LAST)
    nights()
    all_is_right(YEAR, FIRST, LAST)
    before = facts_of(stands())
    empty()
    rebuilding.rebuild("lotus", now=NOW)
    assert facts_of(stands()) == before
    nights()
    all_is_right(YEAR, FIRST, LAST)


def facts_of(items: dict[str, str]) -> dict[str, str]:
    """Without the hours that were offered, and without versions: what changes nothing of a fact writes none."""
    facts = {id: item for id, item in items.items() if not id.endswith("#hours")}
    return {id: re.sub(r'"version":\d+,?', "", item.partition(" ")[2]) for id, item in facts.items()}


def test_repeats_reorderings_and_whole_batches_again_end_the_same() -> None:
    planted(SOME)
    changes = list(SOME.changes())
    recorded(changes)
    in_order = stands()
    recorded(changes[: len(changes) // 2])
    assert stands() == in_order
    empty()
    random.Random(1).shuffle(changes)
    recorded([*changes, *changes[:200]])
    assert facts_of(stands()) == facts_of(in_order)


@pytest.mark.slow
def test_added_up_by_night_they_say_the_same_and_so_they_do_when_a_day_changes_late() -> None:
    planted(SOME)
    late, early = SOME.lives[:40], SOME.lives[40:]
    recorded(changes_of(early))
    assert nights() > 5
    recorded(changes_of(late))
    all_is_right(SOME, FIRST, LAST)
    changed = figure_days.added_up("lotus").changed
    assert changed
    for day in changed:
        adding_up.add_up("lotus", f"{figure_days.DUE}{day}", now=TOMORROW)
    assert figure_days.added_up("lotus").changed == {}
    all_is_right(SOME, FIRST, LAST)


def test_a_rebuild_from_the_tables_ends_the_same_whatever_stands_there() -> None:
    """Also where facts are missing, wrong, or stand on a day on which they do not belong."""
    planted(SOME)
    recorded(SOME.changes())
    rebuilding.rebuild("lotus", now=NOW)
    right = stands()
    some = sorted(right)[::7]
    for id in some[:20]:
        FactItem("lotus", id).delete()
    for id in some[20:30]:
        item = FactItem.get("lotus", id)
        item.body = item.body.replace('"channel":"', '"channel":"x').replace('"staff":"', '"staff":"x')
        item.save()
    strayed = FactItem.get("lotus", some[40])
    body = strayed.body.replace(some[40][:10], "2026-02-17")
    FactItem("lotus", f"2026-02-17{some[40][10:]}", version=strayed.version, body=body).save()
    assert stands() != right
    rebuilt = rebuilding.rebuild("lotus", now=NOW)
    now = stands()
    assert {id for id in now.keys() | right.keys() if now.get(id) != right.get(id)} == set()
    assert rebuilt.dropped == 1
    all_is_right(SOME, FIRST, LAST)


def test_a_recount_of_any_day_finds_no_difference() -> None:
    planted(SOME)
    recorded(SOME.changes())
    for n in range(40):
        found = comparing.differences(SOME.catalog, MARCH[0] + DAY * n)
        assert found == []


def test_the_list_behind_a_number_has_as_many_lines_as_it_says() -> None:
    planted(SOME)
    recorded(SOME.changes())
    total = told(FIRST, LAST)["total"]
    messages = total["messages"]
    counts = {
        "booked": total["booked"],
        **{
            name: total[name]["part"]
            for name in ("confirmed", "came", "no_show", "late", "cancelled", "cancelled_late")
        },
        **{name: total["reminders"][name]["whole"] for name in ("reminded", "others")},
        **{name: messages[name] for name in ("sent", "failed", "not_sent")},
        "follow_ups": total["follow_ups"],
        "rated": total["rated"]["part"],
        **{name: total[name]["part"] for name in ("moved_late", "rescued", "won_back", "said_why")},
        "nudged": total["rescued"]["whole"],
        "offered_back": total["won_back"]["whole"],
        **{f"reason_{reason}": it["part"] for reason, it in total["reasons"].items()},
        **{what: it["count"] for what, it in total["money"].items()},
    }
    assert set(counts) == set(Behind) - {"missed"}
    assert sum(map(bool, counts.values())) > len(counts) - 3, counts
    for figure, count in counts.items():
        behind = listed(figure)
        assert (behind["count"], len(behind["lines"])) == (count, min(count, behind["most"])), figure
    missed = listed("no_show", group="staff", member="dov")
    assert missed["count"] == counted(SOME, FIRST, LAST, "staff", "dov")["no_show"]["part"] > 0
    assert {line["staff_name"] for line in missed["lines"]} == {"Dov"}


def listed(figure: str, **more: str) -> dict[str, Any]:
    query = {"from": str(FIRST), "to": str(LAST), "figure": figure} | more
    answer = ask(figures.handler, "GET /v1/desk/figures/list", role="manager", query=query)
    assert answer.status == 200, answer.body
    body: dict[str, Any] = answer.body
    return body
