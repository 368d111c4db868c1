"""Follow-ups as staff see them: the board, one with its clock explained, and what a request has done."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from kept.api.shapes import Answer
from kept.clients.client import Client, Tier
from kept.errors import InvalidRequest
from kept.follow_up.clock import State, explain
from kept.follow_up.follow_up import Cause, Event, FollowUp, FollowUpStatus
from kept.storage.follow_ups import Page, Place


class ClockAnswer(Answer):
    """Why it is due when it is. Spans in seconds of wall time; `remaining` is negative by how late it is or was."""

    state: State
    started: datetime
    target: int
    due: datetime
    stopped: datetime | None
    spent: int
    remaining: int


class FollowUpAnswer(Answer):
    """A line of the board. `appointment` is what it is about, `assignee` a staff id; either may be empty."""

    id: str
    cause: Cause
    status: FollowUpStatus
    client: str
    tier: Tier
    appointment: str
    assignee: str
    clock: ClockAnswer


class BoardAnswer(Answer):
    """Soonest due first; `next` asks for the rest, if there is more."""

    follow_ups: list[FollowUpAnswer]
    next: str | None


class LineAnswer(Answer):
    """One line of the history."""

    what: str
    at: datetime
    by: str
    why: str


class WholeFollowUpAnswer(FollowUpAnswer):
    """With whom to answer and what was done so far."""

    client_name: str
    client_phone: str | None
    client_email: str | None
    history: list[LineAnswer]


class DoneAnswer(LineAnswer):
    """The line that the request wrote; a repeat under its Idempotency-Key is answered with the same."""

    id: str
    due: datetime


def board(page: Page, *, now: datetime) -> BoardAnswer:
    after = page.more_after
    return BoardAnswer(
        follow_ups=[_line_of_board(follow_up, now) for follow_up in page.follow_ups],
        next=f"{after.answer_by}.{after.id}" if after else None,
    )


def place(cursor: str | None) -> Place | None:
    """Of a `next`. Raises InvalidRequest."""
    if cursor is None:
        return None
    at, _, id = cursor.partition(".")
    if not (at.isdecimal() and at.isascii() and len(at) <= 12 and id):
        raise InvalidRequest(fields=[{"field": "after", "reason": "Not a cursor of this list."}])
    return Place(int(at), id)


def whole(follow_up: FollowUp, client: Client, *, now: datetime) -> WholeFollowUpAnswer:
    return WholeFollowUpAnswer(
        **dict(_line_of_board(follow_up, now)),
        client_name=client.name,
        client_phone=client.phone,
        client_email=client.email,
        history=_lines(follow_up.history),
    )


def done(what: tuple[FollowUp, Event]) -> DoneAnswer:
    follow_up, event = what
    return DoneAnswer(id=follow_up.id, due=follow_up.due, what=event.what, at=event.at, by=event.by, why=event.why)


def _line_of_board(follow_up: FollowUp, now: datetime) -> FollowUpAnswer:
    return FollowUpAnswer(
        id=follow_up.id,
        cause=follow_up.cause,
        status=follow_up.status,
        client=follow_up.client,
        tier=follow_up.tier,
        appointment=follow_up.about,
        assignee=follow_up.assignee,
        clock=_clock(follow_up, now),
    )


def _clock(follow_up: FollowUp, now: datetime) -> ClockAnswer:
    why = explain(follow_up, now=now)
    return ClockAnswer(
        state=why.state,
        started=why.started,
        target=_seconds(why.target),
        due=why.due,
        stopped=why.stopped,
        spent=_seconds(why.spent),
        remaining=_seconds(why.remaining),
    )


def _seconds(span: timedelta) -> int:
    return int(span.total_seconds())


def _lines(history: Sequence[Event]) -> list[LineAnswer]:
    return [LineAnswer(what=event.what, at=event.at, by=event.by, why=event.why) for event in history]
