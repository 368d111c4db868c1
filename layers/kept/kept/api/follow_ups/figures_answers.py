"""Figures as managers see them: every share with its denominator, lengths in seconds, and a file for a spreadsheet."""

from datetime import date, datetime, timedelta

from kept.api.base import Answer
from kept.api.spreadsheet import as_csv
from kept.errors import InvalidRequest
from kept.follow_up.attainment import By, Share, Times, misses
from kept.follow_up.clock_metrics import Measured, csv_rows
from kept.follow_up.in_words import in_words
from kept.follow_up.policy import ClockKind
from kept.use_cases.follow_ups.figures import Days, FoundFollowUps, Group, groups, total

MOST_MISSES = 100
MOST_SENTENCES = 100
"""For one miss: what was open for a year has a thousand."""
LARGEST_FILE = 5_000_000
"""Bytes: what a Lambda can answer with, less what its envelope needs."""


class ShareAnswer(Answer):
    """`part` of `whole`; the ratio is null of nothing, for no evidence is neither all nor none."""

    part: int
    whole: int
    ratio: float | None


class TimesAnswer(Answer):
    """Of `count` that were done: the median, and what nine of ten did not exceed."""

    count: int
    median: int | None
    p90: int | None


class KindAnswer(Answer):
    """Those of one kind: kept of decided, and how long it took by the business's hours and by the wall clock."""

    attainment: ShareAnswer
    business: TimesAnswer
    wall: TimesAnswer


class GroupAnswer(Answer):
    """`running` clocks are not decided yet. `reopened` of the closed, `rated` of those asked; stars from 1 to 5."""

    clocks: dict[ClockKind, KindAnswer]
    running: int
    reopened: ShareAnswer
    rated: ShareAnswer
    satisfaction: float | None


class FiguresAnswer(Answer):
    """Of the follow-ups opened on these days of the business's calendar, as they stood `as_of`."""

    first_day: date
    last_day: date
    as_of: datetime
    follow_ups: int
    total: GroupAnswer
    by: By | None
    groups: dict[str, GroupAnswer]


class MissAnswer(Answer):
    """A clock that was missed. `person` answers for it; `late` is counted time; `explained` tells every span, but for
    so many as are `left_out`, and those the follow-up's own explanation tells too."""

    follow_up: str
    clock: str
    tier: str
    cause: str
    person: str
    week: str
    started: datetime
    due: datetime | None
    stopped: datetime | None
    late: int
    explained: list[str]
    left_out: int


class MissesAnswer(Answer):
    """The most late first, a hundred of them; `total` is how many there are, and the file has them all."""

    total: int
    misses: list[MissAnswer]


def figures(found: FoundFollowUps, days: Days, by: By | None) -> FiguresAnswer:
    return FiguresAnswer(
        first_day=days.first,
        last_day=days.last,
        as_of=found.now,
        follow_ups=len(found.histories),
        total=_group(total(found)),
        by=by,
        groups={name: _group(group) for name, group in groups(found, by).items()} if by else {},
    )


def missed(found: FoundFollowUps, locale: str) -> MissesAnswer:
    rows = misses(found.rows)
    return MissesAnswer(total=len(rows), misses=[_miss(row, found, locale) for row in rows[:MOST_MISSES]])


def file(found: FoundFollowUps) -> str:
    """A line for each clock. Raises InvalidRequest where it would be too large."""
    text = as_csv(csv_rows(found.rows))
    if len(text.encode()) > LARGEST_FILE:
        raise InvalidRequest(fields=[{"field": "to", "reason": "The file would be too large; ask for fewer days."}])
    return text


def _group(group: Group) -> GroupAnswer:
    found, ended = group.figures, group.outcomes
    return GroupAnswer(
        clocks={
            kind: KindAnswer(
                attainment=_share(found.attainment[kind]),
                business=_times(found.business[kind]),
                wall=_times(found.wall[kind]),
            )
            for kind in ClockKind
        },
        running=found.running,
        reopened=_share(ended.reopened),
        rated=_share(ended.rated),
        satisfaction=ended.satisfaction,
    )


def _miss(row: Measured, found: FoundFollowUps, locale: str) -> MissAnswer:
    run = row.clock.run
    sentences = in_words(row.clock, found.now, zone=found.zone, locale=locale)
    return MissAnswer(
        follow_up=row.follow_up,
        clock=run.name,
        tier=row.tier,
        cause=row.cause,
        person=row.person,
        week=row.week,
        started=run.started,
        due=row.clock.due,
        stopped=run.stopped,
        late=_seconds(row.clock.late),
        explained=list(sentences[:MOST_SENTENCES]),
        left_out=len(sentences[MOST_SENTENCES:]),
    )


def _share(share: Share) -> ShareAnswer:
    return ShareAnswer(part=share.part, whole=share.whole, ratio=share.ratio)


def _times(times: Times) -> TimesAnswer:
    median, p90 = (None if length is None else _seconds(length) for length in (times.median, times.p90))
    return TimesAnswer(count=times.count, median=median, p90=p90)


def _seconds(length: timedelta) -> int:
    return round(length.total_seconds())
