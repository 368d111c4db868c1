"""A follow-up as it is handed about: what it says of itself, and what closes it from outside."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kept.actor import Actor, Change
from kept.clients.client import Tier
from kept.follow_up.events import HowItEnded, Priority, What
from kept.follow_up.follow_up import FollowUp, FollowUpStatus, line
from kept.follow_up.refusals import FollowUpClosed
from tests.builders import STARTS as OPENED
from tests.builders import a_follow_up

MEI = Actor("staff", "mei")
HOUR = timedelta(hours=1)


def by_mei(hours: float, *, why: str = "", key: str = "") -> Change:
    return Change(by=MEI, at=OPENED + hours * HOUR, why=why, key=key)


def done(what: What, hours: float = 1, to: str = "", *, after: FollowUp | None = None, key: str = "") -> FollowUp:
    change = by_mei(hours, key=key)
    return (after or a_follow_up()).record(line(what, change, to=to), {}, now=change.at)


def test_it_begins_with_all_it_is_about() -> None:
    """Whom it is for, why, how urgent and under which policy, all as of the instant it was opened."""
    opened = a_follow_up()
    assert (opened.cause, opened.tier, opened.priority) == ("no_show", Tier.VIP, Priority.NORMAL)
    assert (opened.assignee, opened.policies, opened.opened_at) == ("mei", frozenset({1}), OPENED)
    assert {entry.at for entry in opened.history} == {OPENED}


@pytest.mark.parametrize(
    ("what", "status"),
    [
        (What.NOTED, FollowUpStatus.OPEN),
        (What.TRIED, FollowUpStatus.OPEN),
        (What.ANSWERED, FollowUpStatus.ANSWERED),
        (What.RESOLVED, FollowUpStatus.RESOLVED),
    ],
)
def test_whose_turn_it_is_after_one_line(what: What, status: FollowUpStatus) -> None:
    """Only an answer or a close takes it from staff; a note or a try leaves it open."""
    assert done(what).status is status


def test_a_message_of_the_client_gives_the_turn_back() -> None:
    answered = done(What.ANSWERED)
    assert done(What.CLIENT_WROTE, 2, after=answered).status is FollowUpStatus.OPEN


def test_what_ends_it_from_outside_says_how_and_why() -> None:
    """It lapsed rather than was settled, and the history says who ended it."""
    over = a_follow_up().resolve(by_mei(1, why="came in by themselves"))
    assert over.is_over
    assert (over.last.to, over.last.why, over.last.by) == (HowItEnded.LAPSED, "came in by themselves", "staff:mei")


def test_over_is_over() -> None:
    """It can be neither closed a second time nor handed to anybody."""
    over = a_follow_up().resolve(by_mei(1))
    with pytest.raises(FollowUpClosed):
        over.resolve(by_mei(2))
    with pytest.raises(FollowUpClosed):
        done(What.ASSIGNED, 2, "jun", after=over)


def test_from_the_instant_of_a_reassignment_it_is_the_new_one_s() -> None:
    moved = done(What.ASSIGNED, 1, "jun")
    assert moved.assignee == "jun"
    assert (moved.last.at, moved.last.by) == (OPENED + HOUR, "staff:mei")


def test_handing_it_to_whoever_has_it_writes_nothing() -> None:
    """A second click fills no history and moves no clock."""
    before = a_follow_up()
    assert done(What.ASSIGNED, 1, "mei", after=before) is before


def test_what_was_done_under_an_idempotency_key_is_found_again() -> None:
    """A repeated attempt finds what the first one did; without a key nothing is found."""
    answered = done(What.ANSWERED, key="k")
    assert answered.event_under("k") == answered.last
    assert answered.event_under("other") is None
    assert answered.event_under("") is None


def test_it_is_never_looked_at_backwards() -> None:
    """A look that comes late does not bring back what has been looked at since."""
    later: datetime = OPENED + 2 * HOUR
    assert a_follow_up().looked(later).looked(OPENED + HOUR) == replace(a_follow_up(), processed_until=later)
