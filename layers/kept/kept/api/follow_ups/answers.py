"""Follow-ups as staff see them on a list: a line each with its clocks, and what a request has done."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from kept.api.base import Answer
from kept.api.cursors import cursor, of_several
from kept.api.reasons import Facts, told_line
from kept.clients.client import Tier
from kept.clients.written_number import as_written
from kept.follow_up.awaiting import Awaiting, awaiting_whom
from kept.follow_up.clock_inputs import Policies
from kept.follow_up.clocks import Clock, State
from kept.follow_up.events import FollowUpEvent, History, Priority, What
from kept.follow_up.follow_up import FollowUp, FollowUpStatus
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.phases import Phase
from kept.follow_up.policy import ClockKind
from kept.follow_up.shown import shown
from kept.follow_up.staff_hours import StaffHours
from kept.follow_up.view import FollowUpView
from kept.language_tags import FALLBACK
from kept.use_cases.follow_ups.board import PartOfBoard, Queue
from kept.use_cases.follow_ups.handing_over import HandOver
from kept.use_cases.follow_ups.people import Person


class ClockAnswer(Answer):
    """Spans in seconds of the time that counts on this clock; `remaining` is negative by how late it is or was.

    `name` is its own within the follow-up, `step` that of the plan it is for. `due` is none in a pause without an end;
    `answer_by` is the last closing before one that falls while the business is closed, and what staff go by.
    """

    name: str
    kind: ClockKind
    step: str | None
    state: State
    started: datetime
    target: int
    due: datetime | None
    answer_by: datetime | None
    stopped: datetime | None
    spent: int
    remaining: int


class FollowUpAnswer(Answer):
    """A line of a list. `appointment` is what it is about, `assignee` a staff id; either may be empty.

    `answer_by` is its next deadline, past where it is missed, or the last closing before one that falls while the
    business is closed; `back` is when a pause ends; `clock` is the most pressing
    of its clocks, of one that is closed the one that stopped last.
    """

    id: str
    cause: OpenedBy
    status: FollowUpStatus
    phase: Phase
    turn: Awaiting
    client: str
    tier: Tier
    priority: Priority
    appointment: str
    assignee: str
    answer_by: datetime | None
    back: datetime | None
    clock: ClockAnswer | None
    clocks: tuple[ClockAnswer, ...]


class BoardLineAnswer(FollowUpAnswer):
    """A line with whom to speak to about it: their name is empty where they were forgotten since.

    `words` is what they wrote last of it, as a mail shows it; `to_tell` what they are called about where no message
    told it, in the reader's words. `owed_since`: we wronged them then, and have not served them well since; in a
    list of calls they come first.
    """

    client_name: str
    client_phone: str | None
    client_phone_written: str | None
    words: str
    to_tell: str
    owed_since: datetime | None


class BoardAnswer(Answer):
    """Soonest due first; `next` asks for the rest, if there may be more."""

    follow_ups: list[BoardLineAnswer]
    next: str | None


class QueueLineAnswer(BoardLineAnswer):
    """A line of one's own list; `stands_in_for` is the staff id of one who is away, whose it is, or empty."""

    stands_in_for: str


class QueueAnswer(Answer):
    """Soonest due first, what is put off last; `next` asks for the rest, if there may be more."""

    follow_ups: list[QueueLineAnswer]
    next: str | None


class LineAnswer(Answer):
    """One line of the history. `to` names what it is about: a person, a channel, a step, a tier; see `what`.

    `until` is when a pause ends by itself; `thread` is the follow-up it was written on before that became part of this.
    """

    what: What
    at: datetime
    by: str
    to: str
    why: str
    why_code: str
    facts: Facts
    until: datetime | None
    thread: str


class EarlierLinesAnswer(Answer):
    """In order; before them come `earlier` more, and asking for those `before` that number goes on with them."""

    lines: list[LineAnswer]
    earlier: int


class DoneAnswer(LineAnswer):
    """The line that the request wrote; a repeat under its Idempotency-Key is answered with the same.

    `answer_by` is the next deadline as it was right after it.
    """

    id: str
    answer_by: datetime | None


class HandOverAnswer(Answer):
    """Who got each follow-up, by their staff id, and how many are still theirs who handed over: ask again for those."""

    given: dict[str, str]
    left: int


def board(part: PartOfBoard, people: Mapping[str, Person], country: str) -> BoardAnswer:
    found = [BoardLineAnswer(**_of_board(one, people, country)) for one in part.lines]
    return BoardAnswer(follow_ups=found, next=cursor(part.more_after))


def queue(part: Queue, people: Mapping[str, Person], country: str) -> QueueAnswer:
    found = [
        QueueLineAnswer(**_of_board(one, people, country), stands_in_for=_stood_in_for(one, part.person))
        for one in part.lines
    ]
    return QueueAnswer(follow_ups=found, next=of_several(part.more_after))


def _of_board(standing: FollowUpView, people: Mapping[str, Person], country: str) -> dict[str, Any]:
    person = people[standing.follow_up.id]
    phone = person.client.phone
    return dict(line(standing)) | {
        "client_name": person.client.name,
        "client_phone": phone,
        "client_phone_written": phone and as_written(phone, country),
        "words": person.words,
        "to_tell": person.to_tell,
        "owed_since": person.owed_since,
    }


def _stood_in_for(standing: FollowUpView, person: str) -> str:
    whose = standing.follow_up.assignee
    return "" if whose == person else whose


def lines(standing: Sequence[FollowUpView]) -> list[FollowUpAnswer]:
    return [line(one) for one in standing]


def line(standing: FollowUpView) -> FollowUpAnswer:
    it, pressing = standing.follow_up, standing.pressing
    return FollowUpAnswer(
        id=it.id,
        cause=it.cause,
        status=it.status,
        phase=standing.phase,
        turn=awaiting_whom(it.history),
        client=it.client,
        tier=it.tier,
        priority=it.priority,
        appointment=it.about,
        assignee=it.assignee,
        answer_by=standing.answer_by,
        back=standing.back,
        clock=clock(pressing, standing.hours) if pressing else None,
        clocks=tuple(clock(one, standing.hours) for one in standing.clocks),
    )


def clock(one: Clock, hours: StaffHours) -> ClockAnswer:
    return ClockAnswer(
        name=one.run.name,
        kind=one.run.kind,
        step=one.run.step.name if one.run.step else None,
        state=one.state,
        started=one.run.started,
        target=seconds(one.target),
        due=one.due,
        answer_by=shown(one, hours),
        stopped=one.run.stopped,
        spent=seconds(one.spent),
        remaining=seconds(one.remaining),
    )


def of_history(event: FollowUpEvent, language: str = FALLBACK) -> LineAnswer:
    """What we wrote down ourselves is told in the asker's words, what anybody else did in theirs."""
    return LineAnswer(
        what=event.what,
        at=event.at,
        by=event.by,
        to=event.to,
        **told_line(event.why, event.by, language),
        until=event.until,
        thread=event.thread,
    )


def earlier(lines: Sequence[FollowUpEvent], upto: int, language: str = FALLBACK) -> EarlierLinesAnswer:
    return EarlierLinesAnswer(lines=[of_history(event, language) for event in lines], earlier=upto - len(lines))


def done(follow_up: FollowUp, event: FollowUpEvent, policies: Policies, hours: StaffHours) -> DoneAnswer:
    then = replace(follow_up, history=_until(event, follow_up.history))
    answer_by = FollowUpView.of(then, policies, now=event.at, hours=hours).answer_by
    return DoneAnswer(**dict(of_history(event)), id=follow_up.id, answer_by=answer_by)


def _until(event: FollowUpEvent, history: History) -> History:
    """With the lines that belong to an opening; all of it for one that changed nothing, and so was not written."""
    if event.what is What.OPENED or event not in history:
        return tuple(line for line in history if line.at <= event.at)
    return history[: history.index(event) + 1]


def handed_over(done: HandOver) -> HandOverAnswer:
    return HandOverAnswer(given=dict(done.given), left=done.left)


def seconds(span: timedelta) -> int:
    return int(span.total_seconds())
