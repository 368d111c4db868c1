"""What each clock of each follow-up came to: the rows under every figure, and what is written to a CSV file."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kept.follow_up.clock_inputs import Policies
from kept.follow_up.clocks import Clock, State, clocks
from kept.follow_up.events import History, What, in_force, own
from kept.follow_up.merging import merged_into
from kept.follow_up.ownership import answerable, time_by_owner
from kept.follow_up.policy import ClockKind

COLUMNS = (
    "follow_up", "clock", "state", "tier", "cause", "person", "week", "started", "due", "stopped", "ended_by",
    "target_s", "spent_s", "wall_s", "late_s", "paused_s", "by_owner",
)  # fmt: skip
DECIDED = (State.MET, State.MISSED)


@dataclass(frozen=True, slots=True)
class Measured:
    """One clock. `wall` is its time by the wall clock; `by_owner` splits what it spent among those who had it.

    `person` is who answers for it, `week` the ISO week, in the business's zone, in which it was met or missed.
    """

    follow_up: str
    clock: Clock
    tier: str
    cause: str
    person: str
    week: str
    wall: timedelta
    paused: timedelta
    by_owner: tuple[tuple[str, timedelta], ...]

    @property
    def counts(self) -> bool:
        """In the attainment: a miss always; in time only what was really done, not a message that was dismissed nor
        a matter closed without an answer. What still runs is not decided."""
        if self.clock.run.kind in (ClockKind.FIRST, ClockKind.NEXT) and self.clock.state is State.MET:
            return self.clock.run.ended_by is What.ANSWERED
        return self.clock.state in DECIDED


def measured(id: str, history: History, policies: Policies, *, now: datetime, zone: ZoneInfo) -> tuple[Measured, ...]:
    """None of a follow-up that was taken in: its time is in the one that took it."""
    if merged_into(history):
        return ()
    return tuple(_row(id, clock, history, now, zone) for clock in clocks(history, policies, now))


def csv_rows(rows: Iterable[Measured]) -> Iterator[tuple[str, ...]]:
    """With the names of the columns first; instants in UTC, lengths in seconds, and nothing where there is nothing."""
    yield COLUMNS
    for row in rows:
        run, clock = row.clock.run, row.clock
        lengths = (clock.target, clock.spent, row.wall, clock.late, row.paused)
        yield (
            *(row.follow_up, run.name, clock.state, row.tier, row.cause, row.person, row.week),
            *(at.isoformat() if at else "" for at in (run.started, clock.due, run.stopped)),
            run.ended_by or "",
            *(str(round(length.total_seconds())) for length in lengths),
            " ".join(f"{owner}:{round(took.total_seconds())}" for owner, took in row.by_owner),
        )


def _row(id: str, clock: Clock, history: History, now: datetime, zone: ZoneInfo) -> Measured:
    end = clock.run.stopped or now
    decided = clock.due if clock.state is State.MISSED and clock.due else end
    cut_out = (min(s.ends or end, end) - s.begins for s in clock.spans if not s.counts and s.begins < end)
    return Measured(
        follow_up=id,
        clock=clock,
        tier=in_force(own(history, What.TIER), decided),
        cause=own(history, What.OPENED)[0].to,
        person=answerable(clock, history, now),
        week="{}-W{:02}".format(*decided.astimezone(zone).isocalendar()),
        wall=max(end - clock.run.started, timedelta(0)),
        paused=sum(cut_out, timedelta(0)),
        by_owner=tuple(time_by_owner(clock, history, now).items()),
    )
