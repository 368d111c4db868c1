"""The demo's past: as if it had been lived, so that every way of counting it gives the same numbers."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine

import figures
from infra.local import past, seed
from infra.local.past import WEEKS, Life
from infra.local.planting import plant
from kept.booking.states import Status
from kept.insight.behind import Behind
from kept.insight.fact import MoneyKind
from kept.insight.fact_of import local_day
from kept.storage import appointments, catalogs, figure_days, follow_ups, ledger, messages
from kept.storage.tables import AppointmentItem, EventItem, FactItem, FollowUpItem, MessageItem
from kept.use_cases.insight import adding_up, comparing, rebuilding, recording
from tests import lotus
from tests.asking import ask
from tests.functions.conftest import cloud, made
from tests.made_year import Stored, change_of

__all__ = ["cloud", "made"]

SATURDAY = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
DAY = timedelta(days=1)
NOT_PLANTED = {Behind(it) for it in MoneyKind if it.startswith("deposit")} | {Behind.REFUNDED, Behind.CREDITED}
"""Of these the demo has none."""
businesses = pytest.mark.parametrize("business", seed.TOLD)


def planted(business: str, at: datetime = SATURDAY) -> Life:
    """And what was planted, made up once more."""
    told = {business: seed.TOLD[business]}
    recording.forget()
    with time_machine.travel(at, tick=False):
        plant(told)
        past.plant(told)
        return past.live(catalogs.load(business), past.Past.model_validate(told[business]["past"]), at)


def everything(life: Life) -> list[Stored]:
    return [*life.visits, *life.messages, *life.follow_ups, *life.money.lines]


def days(business: str, at: datetime = SATURDAY) -> tuple[date, date]:
    """From the first that was planted to yesterday."""
    today = local_day(at, catalogs.load(business).business.zone)
    return today - DAY * (today.weekday() + 7 * WEEKS), today - DAY


def told(business: str, first: date, last: date, **more: str) -> Any:
    query = {"from": str(first), "to": str(last)} | more
    with time_machine.travel(SATURDAY, tick=False):
        answer = ask(figures.handler, "GET /v1/desk/figures", role="manager", business=business, query=query)
    assert answer.status == 200, answer.body
    return answer.body


def nights(business: str, now: datetime = SATURDAY) -> None:
    while (night := figure_days.night(business)) and night.at <= now:
        adding_up.add_up(business, figure_days.NIGHT, now=now)


def stands() -> dict[str, str]:
    """Every fact, as it is known."""
    found = FactItem.scan(FactItem.body.exists() & ~FactItem.id.startswith("sum#"))
    return {
        f"{item.business} {item.id}": f"{item.version} {item.body} {item.reminded} {item.nudged} {item.won_back}"
        for item in found
    }


def marks_of(item: FactItem) -> str:
    return f"{item.reminded} {item.nudged} {item.won_back}"


@businesses
def test_a_recount_of_the_tables_and_a_rebuild_give_the_numbers_that_stand_there(business: str) -> None:
    """Before a night has added anything up and after; and days of all weeks find nothing that differs."""
    planted(business)
    first, last = days(business)
    before = told(business, first, last)
    nights(business)
    catalog = catalogs.load(business)
    some = [first + DAY * n for n in range(0, (last - first).days, 9)]
    assert [day for day in some if comparing.differences(catalog, day)] == []
    assert not [it.id for it in EventItem.query(business) if it.id.endswith(figure_days.DIFFERS)]
    assert told(business, first, last) == before
    as_planted = {name: body for name, body in stands().items() if name.split(" ")[1][:10] <= str(last)}
    rebuilding.rebuild(business, now=SATURDAY)
    assert {name: body for name, body in stands().items() if name in as_planted} == as_planted
    nights(business)
    assert told(business, first, last) == before


@businesses
def test_the_streams_find_every_fact_written_already(business: str) -> None:
    life = planted(business)
    before = stands()
    for n, it in enumerate(everything(life)):
        recording.record(change_of(None, it, sequence=n, at=SATURDAY))
    assert stands() == before
    assert figure_days.added_up(business).changed == {}


@businesses
def test_what_is_made_up_is_what_stands_in_the_tables_and_nothing_of_it_is_due(business: str) -> None:
    life = planted(business)
    assert [appointments.load(business, it.id) for it in life.visits] == life.visits
    assert [messages.find(business, it.id) for it in life.messages] == life.messages
    assert [follow_ups.load(business, it.id) for it in life.follow_ups] == life.follow_ups
    assert [ledger.find(business, it.id) for it in life.money.lines] == life.money.lines
    for client, balance in life.money.balances.items():
        assert ledger.balance(business, client, balance.currency).totals == balance.totals
        assert balance.is_sound
    ours = {it.id for it in everything(life)}
    tables: list[Any] = [AppointmentItem, MessageItem, FollowUpItem]
    for table in tables:
        assert ours.isdisjoint(it.id for it in table.scan(table.due_lane.exists()))
    assert ours.isdisjoint(it.id for it in follow_ups.board(business, limit=100).follow_ups)


@businesses
def test_the_page_tells_of_everything_it_can_and_each_number_has_its_list(business: str) -> None:
    planted(business)
    first, last = days(business)
    told_of = told(business, first, last)
    total, middle = told_of["total"], first + DAY * 7 * WEEKS // 2
    for name in ("confirmed", "came", "no_show", "late", "cancelled", "cancelled_late", "fill", "attainment"):
        assert 0 < total[name]["part"] < total[name]["whole"], name
        assert total[name]["enough"] or name in ("late", "attainment"), name
    for name in ("booked", "revenue", "lost", "lead", "satisfaction", "follow_ups"):
        assert total[name], name
    assert total["messages"]["sent"] > total["messages"]["failed"] > 0
    assert total["messages"]["parts"]
    assert total["reminders"]["difference"] > 0
    assert all(target for name, target in told_of["targets"].items())
    assert len(told_of["heat"]) > 40
    half, other = told(business, first, middle)["total"], told(business, middle + DAY, last)["total"]
    assert half["no_show"]["ratio"] > other["no_show"]["ratio"]
    assert half["booked"] < other["booked"]
    assert total["money"]["fee"]["count"] > total["money"]["waived"]["count"] > 0
    assert len(total["money"]["fee"]["causes"]) == 2
    assert 0 < total["said_why"]["part"] < total["said_why"]["whole"]
    for figure in sorted(set(Behind) - NOT_PLANTED):
        if figure in ("nudged", "rescued") and not catalogs.load(business).business.attendance.checks_in:
            continue
        query = {"from": str(first), "to": str(last), "figure": str(figure)}
        answer = ask(figures.handler, "GET /v1/desk/figures/list", role="manager", business=business, query=query)
        assert answer.body["count"] > 0, figure
        assert len(answer.body["lines"]) == min(answer.body["count"], answer.body["most"])


@pytest.mark.parametrize(
    "at",
    [
        pytest.param(datetime(2026, 11, 22, 16, 1, tzinfo=UTC), id="just after a midnight in Shanghai"),
        pytest.param(datetime(2026, 11, 22, 15, 59, tzinfo=UTC), id="just before it, a Sunday"),
        pytest.param(datetime(2026, 3, 9, 4, 30, tzinfo=UTC), id="the day after the clocks changed in New York"),
    ],
)
@businesses
def test_it_ends_with_yesterday_and_nothing_in_it_is_of_the_future_or_clashes(business: str, at: datetime) -> None:
    life = planted(business, at)
    zone = life.catalog.business.zone
    first, last = days(business, at)
    assert local_day(life.visits[-1].starts, zone) >= last - DAY
    assert all(first <= local_day(it.starts, zone) <= last for it in life.visits)
    assert all(life.since <= line.at <= at for it in life.visits for line in it.history)
    assert all(line.at <= at for it in life.follow_ups for line in it.history)
    assert all(life.since <= it.created_at <= at for it in life.messages)
    kept = [it for it in life.visits if it.status is not Status.CANCELLED]
    for one in kept:
        others = (it for it in kept if it.id != one.id and it.slot.staff == one.slot.staff)
        assert not [it for it in others if it.starts < one.ends and one.starts < it.ends]


def test_planted_again_on_another_day_nothing_is_changed() -> None:
    planted("lanting")
    before = lotus.everything()
    planted("lanting", SATURDAY + 3 * DAY)
    assert lotus.everything() == before
