"""The clocks against a slow walk, quarter of an hour by quarter of an hour, that knows nothing of spans and sums."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from kept.clients.client import Tier
from kept.follow_up.clocks import Clock, State, clocks
from kept.follow_up.events import FollowUpEvent, History, Reopening, What, in_force, own
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.policy import ClockKind
from tests.domain.test_clock_replay import POLICIES, histories
from tests.histories import MINUTE, at

QUARTER = 15 * MINUTE


@dataclass
class Walker:
    """A follow-up that lives through its history; `ticking` are its running clocks with the quarters each has seen."""

    until: datetime | None = None
    is_paused: bool = False
    is_closed: bool = False
    is_answered: bool = False
    ticking: dict[ClockKind, list[datetime]] = field(default_factory=dict)

    def meets(self, event: FollowUpEvent) -> None:
        match event.what:
            case What.OPENED:
                self.begins(ClockKind.FIRST, ClockKind.RESOLUTION)
            case What.REOPENED:
                self.is_closed = self.is_paused = False
                if event.to == Reopening.NEW_CYCLE:
                    self.is_answered = False
                    self.begins(ClockKind.FIRST, ClockKind.RESOLUTION)
            case What.RESOLVED:
                self.is_closed, self.is_paused = True, False
            case What.WAITING | What.SNOOZED:
                self.is_paused, self.until = True, event.until
            case What.RESUMED | What.CLIENT_WROTE:
                self.is_paused = False
            case What.ANSWERED:
                self.is_answered = True

    def begins(self, *kinds: ClockKind) -> None:
        self.ticking |= {kind: [] for kind in kinds}

    def lives_through(self, quarter: datetime) -> None:
        if self.is_paused and self.until is not None and self.until <= quarter:
            self.is_paused = False
        if self.is_closed:
            return
        if not self.is_answered:
            self.ticking[ClockKind.FIRST].append(quarter)
        if not self.is_paused:
            self.ticking[ClockKind.RESOLUTION].append(quarter)


def walked(history: History, now: datetime) -> dict[ClockKind, list[datetime]]:
    """The quarters that the turn alone would count, whatever the calendar."""
    walker, lines, quarter = Walker(), list(history), history[0].at
    while quarter < now:
        while lines and lines[0].at <= quarter:
            walker.meets(lines.pop(0))
        walker.lives_through(quarter)
        quarter += QUARTER
    return walker.ticking


def the_last(found: tuple[Clock, ...], kind: ClockKind) -> Clock | None:
    return next((clock for clock in reversed(found) if clock.run.kind is kind), None)


@given(histories(), st.integers(1, 4 * 24 * 4))
@settings(max_examples=60, deadline=None)
def test_the_clocks_count_what_a_walk_counts(history: History, quarters: int) -> None:
    """Whatever happened, no open time of theirs is lost or counted twice, and more than the target is a miss."""
    now = at(quarters / 4)
    known = tuple(event for event in history if event.at < now)  # what happens at the very instant is not lived through
    ticking = walked(known, now)
    found = clocks(known, POLICIES, now)
    for kind in (ClockKind.FIRST, ClockKind.RESOLUTION):
        if (clock := the_last(found, kind)) is not None:
            open_ones = [quarter for quarter in ticking[kind] if clock.calendar.is_open(quarter)]
            assert clock.spent == len(open_ones) * QUARTER
            assert clock.target == promised(known, clock, kind, now)
            if len(open_ones) * QUARTER > clock.target:
                assert clock.state is State.MISSED
            if len(open_ones) * QUARTER < clock.target:
                assert clock.state is not State.MISSED


def promised(history: History, clock: Clock, kind: ClockKind, now: datetime) -> timedelta | None:
    """By the last tier and policy before it stopped, or until now."""
    end = clock.run.stopped or now
    number, tier = (in_force(own(history, what), end) for what in (What.POLICY, What.TIER))
    row = POLICIES[int(number)].row(Tier(tier), OpenedBy.MANUAL, None)
    return row.target(kind) if row else None
