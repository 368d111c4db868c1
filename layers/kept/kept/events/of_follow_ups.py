"""The events of a follow-up: one for each line that its history has more than before, and for each clock that ran out
since the last look."""

from collections.abc import Iterator
from dataclasses import replace

from kept.events.catalogue import EventType, FollowUpTold, OutgoingEvent, an_event
from kept.events.change import Kind
from kept.events.of_appointments import STEP, by
from kept.follow_up.clock_inputs import Policies
from kept.follow_up.events import RETARGETING, FollowUpEvent, What
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.timeline import ClockNotice, NoticeKind, Timeline, timeline

NAMED = {
    What.OPENED: EventType.OPENED,
    What.ANSWERED: EventType.ANSWERED,
    What.ASSIGNED: EventType.ASSIGNED,
    What.RESOLVED: EventType.RESOLVED,
    What.REOPENED: EventType.REOPENED,
}
MISSED = {NoticeKind.BREACH: EventType.BREACHED, NoticeKind.ESCALATION: EventType.ESCALATED}
BEGINNING = RETARGETING | {What.ASSIGNED}
"""Lines of the very instant of its opening, which only say as what it was opened."""
NAMES_SOMETHING = frozenset(
    {What.OPENED, What.ASSIGNED, What.TIER, What.PRIORITY, What.POLICY, What.MERGED, What.TRIED}
)
NAMES_ITS_END = frozenset({What.RESOLVED, What.REOPENED, What.STEP_DONE, What.SURVEYED})


def events(before: FollowUp | None, after: FollowUp, policies: Policies) -> Iterator[OutgoingEvent]:
    known = before.archived + len(_own(before)) if before else 0
    lines = _own(after)
    for n, line in enumerate(lines, start=after.archived):
        if n >= known and not _is_of_the_opening(line, after):
            yield _event(line, n, after)
    for n, notice in enumerate(_missed(before, after, policies), start=1):
        yield _breach(notice, (after.archived + len(lines)) * STEP + n, after)


def _own(follow_up: FollowUp) -> list[FollowUpEvent]:
    """What stands in it still of what was written on it itself; lines before these have the numbers before."""
    return [line for line in follow_up.history if not line.is_old and not line.thread]


def _is_of_the_opening(line: FollowUpEvent, follow_up: FollowUp) -> bool:
    opened = next((it for it in _own(follow_up) if it.what is What.OPENED), None)
    return opened is not None and line.what in BEGINNING and line.at == opened.at


def _missed(before: FollowUp | None, after: FollowUp, policies: Policies) -> list[ClockNotice]:
    """Those whose telling was settled by this write; in order of time."""
    if before and (before.processed_until, before.told_ahead) == (after.processed_until, after.told_ahead):
        return []
    known = policies.keys() >= after.policies
    found = _each(timeline(after.history, policies)) if known else ()
    return [one for one in found if _is_past(one, after) and not (before and _is_past(one, before))]


def _each(line: Timeline) -> Iterator[ClockNotice]:
    """Of every clock that was missed its breach: where the policy tells a miss to nobody but those above, with that."""
    missed = [notice for notice in line if notice.tells in MISSED]
    breached = {notice.clock for notice in missed if notice.tells is NoticeKind.BREACH}
    for notice in missed:
        if notice.clock not in breached:
            breached.add(notice.clock)
            yield replace(notice, tells=NoticeKind.BREACH, step="0")
        yield notice


def _is_past(notice: ClockNotice, follow_up: FollowUp) -> bool:
    return notice.at < follow_up.processed_until or notice.stage in follow_up.told_ahead


def _event(line: FollowUpEvent, n: int, follow_up: FollowUp) -> OutgoingEvent:
    type = NAMED.get(line.what, EventType.FOLLOW_UP_CHANGED)
    to = line.to if line.what in NAMES_SOMETHING | NAMES_ITS_END else ""
    told = _told(follow_up, line.what, by=by(line.by), to=to)
    number = (n + 1) * STEP
    return an_event(
        type, follow_up.business, Kind.FOLLOW_UP, follow_up.id, number=number, at=line.at, data=told, of=str(n)
    )


def _breach(notice: ClockNotice, number: int, follow_up: FollowUp) -> OutgoingEvent:
    type = MISSED[notice.tells]
    told = _told(follow_up, type.partition(".")[2], to=notice.to, clock=notice.clock, level=notice.step)
    return an_event(
        type,
        follow_up.business,
        Kind.FOLLOW_UP,
        follow_up.id,
        number=number,
        at=notice.at,
        data=told,
        of=notice.stage,
    )


def _told(
    follow_up: FollowUp,
    what: str,
    *,
    by: str = "kept",
    to: str = "",
    clock: str | None = None,
    level: str | None = None,
) -> FollowUpTold:
    return FollowUpTold(
        what=what,
        client=follow_up.client,
        about=follow_up.about,
        cause=follow_up.cause,
        status=follow_up.status,
        tier=follow_up.tier,
        priority=follow_up.priority,
        assignee=follow_up.assignee,
        by=by,
        to=to,
        clock=clock,
        level=level,
    )
