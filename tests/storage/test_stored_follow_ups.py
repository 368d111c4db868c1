"""Follow-ups as they are stored: where each stands on which list, and what is kept beside its history."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kept.actor import Actor, Change
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUp, line
from kept.storage import follow_ups
from kept.storage.tables import FollowUpItem
from kept.storage.transaction import Lost
from tests import lotus
from tests.builders import STARTS as OPENED
from tests.builders import a_follow_up


@pytest.fixture(autouse=True)
def _open() -> None:
    lotus.open_both()


def at(hours: float) -> datetime:
    return OPENED + timedelta(hours=hours)


def opened(id: str, hours: float = 0, *, to: str = "mei", client: str = "c-1") -> FollowUp:
    new = replace(a_follow_up(opened=at(hours), assignee=to), id=id, client=client)
    return follow_ups.put_alone(new)


def write(it: FollowUp, what: What, hours: float, to: str = "", *, until: float | None = None) -> FollowUp:
    change = Change(Actor("staff", "mei"), at(hours), why="on the telephone")
    new = line(what, change, to=to, until=at(until) if until else None)
    return follow_ups.put_alone(it.record(new, follow_ups.policies(it), now=change.at))


def ids(page: follow_ups.Page) -> list[str]:
    return [it.id for it in page.follow_ups]


def stored(id: str) -> FollowUpItem:
    return FollowUpItem.get("lotus", id)


def test_the_board_begins_with_what_is_due_first_and_ends_with_what_has_no_deadline() -> None:
    opened("later", 1)
    opened("soon")
    settled_but_open = opened("none")
    for what, to in ((What.ANSWERED, ""), (What.STEP_DONE, "call"), (What.STEP_DONE, "offer_times")):
        settled_but_open = write(settled_but_open, what, 1, to)
    assert ids(follow_ups.board("lotus")) == ["soon", "later", "none"]


def test_put_off_it_stands_where_it_comes_back() -> None:
    """Its first response runs on, and is due in 24 hours: that stands, where the pause is longer."""
    write(opened("f-1"), What.SNOOZED, 1, until=5)
    write(opened("f-2"), What.SNOOZED, 1, until=50)
    assert [int(stored(id).answer_by) for id in ("f-1", "f-2")] == [at(5).timestamp(), at(24).timestamp()]


def test_a_queue_is_one_person_s_and_follows_a_reassignment() -> None:
    opened("f-1")
    moved = write(opened("f-2"), What.ASSIGNED, 1, "jun")
    opened("f-3", to="")
    assert [ids(follow_ups.queue("lotus", who)) for who in ("mei", "jun", "", "bo")] == [["f-1"], ["f-2"], ["f-3"], []]
    write(moved, What.RESOLVED, 2, "settled")
    assert ids(follow_ups.queue("lotus", "jun")) == []
    assert [follow_ups.load_of("lotus", who) for who in ("mei", "jun")] == [1, 0]


def test_what_is_over_stands_on_no_board_and_is_still_found() -> None:
    write(opened("f-1"), What.RESOLVED, 1, "settled")
    assert ids(follow_ups.board("lotus")) == []
    assert ids(follow_ups.opened("lotus", at(-1), at(1))) == ["f-1"]
    assert [it.id for it in follow_ups.of_client("lotus", ("c-1",))] == ["f-1"]
    assert stored("f-1").board is None


def test_those_opened_in_a_span_are_those_of_it_half_open() -> None:
    for n, hours in enumerate((-1, 0, 5, 10)):
        opened(f"f-{n}", hours)
    assert ids(follow_ups.opened("lotus", at(0), at(10))) == ["f-1", "f-2"]


def test_a_long_list_is_read_in_pages_and_each_stands_on_one() -> None:
    for n in range(7):
        opened(f"f-{n}", n % 2)
    first = follow_ups.board("lotus", limit=3)
    second = follow_ups.board("lotus", limit=3, after=first.more_after)
    third = follow_ups.board("lotus", limit=3, after=second.more_after)
    seen = [id for page in (first, second, third) for id in ids(page)]
    assert (sorted(seen), third.more_after) == ([f"f-{n}" for n in range(7)], None)


def test_a_client_s_are_in_order_of_their_opening() -> None:
    opened("f-1", 5)
    opened("f-2", 1)
    opened("f-3", 2, client="c-2")
    assert [it.id for it in follow_ups.of_client("lotus", ("c-1",))] == ["f-2", "f-1"]


def test_the_newest_is_the_one_opened_last() -> None:
    assert follow_ups.newest("lotus") is None
    opened("f-1", 5)
    opened("f-2", 1)
    newest = follow_ups.newest("lotus")
    assert newest is not None
    assert newest.id == "f-1"


def test_it_is_looked_at_next_when_its_next_notice_is_owed() -> None:
    """Half of 24 hours are over at five in the morning: before the closing at 20:00. Once looked at that evening, what
    is left of the reminders waits for the next one, and the miss at 17:00 comes first."""
    first = opened("f-1")
    assert datetime.fromtimestamp(int(stored("f-1").due_at), UTC) == at(2)
    reminders = tuple(f"first_response_follow_up_reminder_{percent}" for percent in (50, 75, 90))
    follow_ups.put_alone(first.looked(at(2.1), reminders))
    assert datetime.fromtimestamp(int(stored("f-1").due_at), UTC) == at(24)


def test_another_business_s_lists_hold_none_of_these() -> None:
    opened("f-1")
    for page in (
        follow_ups.board("garage"),
        follow_ups.queue("garage", "mei"),
        follow_ups.opened("garage", at(0), at(1)),
    ):
        assert page.follow_ups == ()
    assert follow_ups.of_client("garage", ("c-1",)) == []


def test_who_writes_second_is_told_so() -> None:
    first = opened("f-1")
    write(first, What.NOTED, 1)
    with pytest.raises(Lost):
        write(first, What.NOTED, 2)
