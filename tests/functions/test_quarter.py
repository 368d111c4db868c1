"""A quarter of one salon, played small: the same seed plays the same, what it tells is what its tables hold, and what
must never happen does not."""

import json
from copy import deepcopy
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from email.message import Message
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pynamodb.connection import Connection

from infra.local import pages
from infra.local.console import Console
from infra.local.place import Place
from infra.local.quarter import runs, truths, view
from infra.local.quarter.memory import Memory
from infra.local.quarter.people import Person, Visit
from infra.local.quarter.playing import Quarter
from infra.local.quarter.rates import RATES, Chance, rate
from infra.local.quarter.recount import REMINDS, Rows
from infra.local.quarter.salon import Policy
from infra.local.quarter.stage import Plan
from kept.storage import tables
from tests.functions.quarter_faults import FAULTS, Fault

SMALL = Plan(frozenset(Policy), clients=120, weeks=2, seed=21)
MANY = 4_000
SOON = datetime(2026, 2, 10, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def quarter() -> Quarter:
    return Quarter(SMALL)


@pytest.fixture(scope="module")
def small(quarter: Quarter) -> runs.Run:
    return runs.played_out(runs.EVERYTHING, quarter)


@pytest.fixture(scope="module")
def rows(quarter: Quarter, small: runs.Run) -> Rows:  # noqa: ARG001 - once it is played
    return Rows(quarter.world.memory.everything)


def lasting(run: runs.Run) -> dict[str, Any]:
    """Without what the machine has to do with it."""
    return asdict(replace(run, seconds=0.0))


def a_visit(number: int, **how: Any) -> Visit:
    """Of a client each, booked eight days ahead."""
    person, ends, booked = Person(number, Chance(7)), SOON + timedelta(minutes=45), SOON - timedelta(days=8)
    costs = {"costs_late": False, "costs_missed": False}
    return Visit(person, 0, f"a-{number}", "", "cut", SOON, ends, 1, booked, **{**costs, **how})


def forgotten(**how: Any) -> set[int]:
    return {number for number in range(MANY) if a_visit(number, **how).is_forgotten}


def test_the_product_tells_what_its_tables_hold(small: runs.Run) -> None:
    """Counted again from the items, by a script that shares nothing with it; and there is something to count."""
    assert small.differs == []
    assert small.numbers == small.recounted
    of_each = (
        "came",
        "no_show",
        "cancelled_late",
        "came_late",
        "confirmed",
        "fees_charged",
        "ladder_tried",
        "credited",
    )
    assert {name: small.numbers[name] for name in of_each if not small.numbers[name]} == {}


def test_whatever_must_never_be_is_not(small: runs.Run) -> None:
    assert small.untrue == []


@pytest.mark.parametrize(("make_it_so", "words"), FAULTS, ids=[fault.__name__ for fault, _ in FAULTS])
def test_what_must_never_be_is_found(quarter: Quarter, rows: Rows, make_it_so: Fault, words: str) -> None:
    there, sent = deepcopy(rows), list(quarter.world.providers.sent)
    make_it_so(quarter, there)
    found = truths.untrue(quarter, there)
    quarter.world.providers.sent = sent
    assert any(words in it for it in found), found


def test_the_same_seed_plays_the_same(small: runs.Run) -> None:
    """To the last number, message and refusal."""
    assert lasting(runs.played_out(runs.EVERYTHING, Quarter(SMALL))) == lasting(small)


def test_with_nothing_switched_on_nothing_of_it_happens() -> None:
    """No reminder, no fee, nobody is tried again; and the product's numbers are those of its tables still."""
    run = runs.played_out(runs.NOTHING, Quarter(replace(SMALL, policies=frozenset())))
    told = run.numbers
    assert (told["fees_charged"], told["ladder_tried"], run.more["reminders_sent"]) == (0, 0, 0)
    assert told["no_show"] > 0
    assert (run.differs, run.untrue) == ([], [])


def test_people_forget_as_often_as_the_rates_say() -> None:
    """One in five without a word; of those whom a reminder reached 14 to 25 % fewer, and none besides."""
    without, reminded = forgotten(), forgotten(reached={"same_day"})
    assert len(without) / MANY == pytest.approx(rate("forgets"), abs=0.02)
    assert reminded < without
    assert rate("reminded_least") - 0.03 < 1 - len(reminded) / len(without) < rate("reminded_most") + 0.03


def test_what_is_no_reminder_lets_nobody_remember() -> None:
    """Nor a fee, which is what the one trial of fines found."""
    assert forgotten(reached={"confirmation", "rescheduled"}) == forgotten() == forgotten(costs_missed=True)


def test_luck_is_of_the_seed_and_of_what_it_is_about_alone() -> None:
    assert Chance(7).of("forgets", 3) == Chance(7).of("forgets", 3)
    assert len({Chance(7).of("forgets", 3), Chance(8).of("forgets", 3), Chance(7).of("forgets", 4)}) == 3


def test_every_rate_says_where_it_is_from() -> None:
    assert [name for name, it in RATES.items() if not it.source or not it.is_of] == []


class Remembering(Memory):
    """With everything that was asked of it, and what it answered; None for a condition that did not hold."""

    def __init__(self) -> None:
        super().__init__(tables.TABLES)
        self.answers: list[tuple[str, dict[str, Any], dict[str, Any] | None]] = []

    def _make_api_call(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        try:
            answer = super()._make_api_call(operation, asked)
        except ClientError:
            self.answers.append((operation, asked, None))
            raise
        self.answers.append((operation, asked, answer))
        return answer


def test_the_tables_of_the_play_answer_as_motos_do() -> None:
    """Request by request of a play, with conditions that do not hold among them."""
    quarter = Quarter(replace(SMALL, clients=12, weeks=2), memory := Remembering())
    with quarter.world.in_place():
        quarter.play()
    moto = Connection().client
    for operation, asked, answer in memory.answers:
        try:
            theirs = _told(moto._make_api_call(operation, asked), asked)
        except ClientError:
            theirs = None
        assert theirs == (None if answer is None else _told(answer, asked)), (operation, asked)
    operations = {operation for operation, _, _ in memory.answers}
    assert operations >= {"GetItem", "PutItem", "UpdateItem", "Query", "BatchGetItem", "TransactWriteItems"}


def _told(answer: dict[str, Any], asked: dict[str, Any]) -> Any:
    """The items: in their order from a table, from an index and by their keys in any."""
    if "Responses" in answer:
        return {name: sorted(map(_plain, items)) for name, items in answer["Responses"].items()}
    if "Items" in answer:
        items = [_plain(item) for item in answer["Items"]]
        return sorted(items) if "IndexName" in asked else items
    attributes = answer.get("Attributes") if asked.get("ReturnValues") == "ALL_NEW" else None
    return _plain(answer.get("Item") or attributes or {})


def _plain(item: dict[str, Any]) -> str:
    return json.dumps(item, sort_keys=True)


def test_the_page_of_a_run_says_what_it_shows(small: runs.Run) -> None:
    """Each chart in words, with its numbers in a table behind it; nothing is fetched from elsewhere."""
    told = runs.as_json(SMALL, [small, replace(small, name=runs.NOTHING)])
    shown = view.shown(told)
    page = pages.quarter(told, is_last=True, alone=True)
    assert page.count('role="img" aria-label="') == page.count("As a table") == len(shown["charts"]) + 1
    assert all(chart.name in page and f"everything: {chart.bars[0].said}" in chart.words for chart in shown["charts"])
    assert "http" not in page.replace("http-equiv", "")


def test_what_comes_with_kept_is_well() -> None:
    told, is_last = view.read(view.SHIPPED.parent / "nowhere")
    assert (is_last, len(told["runs"])) == (False, len(told["policies"]) + 2)
    assert view.shown(told)["wrong"] == []
    assert "All is well" in pages.quarter(told, is_last=is_last)


def test_a_run_from_before_a_number_was_counted_is_shown_still(small: runs.Run) -> None:
    told = json.loads(json.dumps(runs.as_json(SMALL, [small])))
    del told["runs"][0]["numbers"]["credited"], told["runs"][0]["more"]["kept_waiting"]
    assert "All is well" in pages.quarter(told, is_last=True)


def test_the_console_shows_what_was_played_last(small: runs.Run, tmp_path: Path) -> None:
    """Or what comes with Kept, and says which."""
    console = Console.__new__(Console)
    console.place = Place(tmp_path, 8765, 4570)
    shipped = console.answer("GET", "/console/quarter", Message(), b"")
    (tmp_path / "quarter").mkdir()
    (tmp_path / "quarter" / view.JSON).write_text(json.dumps(runs.as_json(SMALL, [small])))
    last = console.answer("GET", "/console/quarter", Message(), b"")
    assert (shipped[0], last[0]) == (200, 200)
    assert (b"a run that comes with Kept" in shipped[2], b"what was played last" in last[2]) == (True, True)
    assert b'<a href="/console/quarter" aria-current="page">' in last[2]


def test_no_two_policies_are_switched_by_one_run() -> None:
    """Everything, nothing, and everything but each."""
    several = runs.scenarios(Policy)
    assert several[runs.EVERYTHING] - several[f"without {Policy.REMINDERS}"] == {Policy.REMINDERS}
    assert len(several) == len(Policy) + 2


def test_reminders_of_the_play_are_the_products() -> None:
    """A stage of another name would let nobody remember."""
    from kept.business.reminder_stages import DEFAULT_STAGES

    assert {stage.name for stage in DEFAULT_STAGES} == set(REMINDS)
