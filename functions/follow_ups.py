"""Follow-ups for staff: the board with its running clocks, one in full, and what is done about them."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from kept import clock
from kept.api import asking
from kept.api import follow_up_answers as answers
from kept.api.door import door, entrance
from kept.api.follow_up_answers import BoardAnswer, DoneAnswer, WholeFollowUpAnswer
from kept.api.follow_up_requests import (
    AnswerRequest,
    BoardStatus,
    NoteRequest,
    OpenRequest,
    ReassignRequest,
    ResolveRequest,
)
from kept.api.requests import Id
from kept.booking.history import Cause
from kept.desk import follow_ups as desk
from kept.follow_up.follow_up import FollowUpStatus
from kept.storage import catalog, clients, follow_ups

app = door()
handler = entrance(app)
FollowUpId = Annotated[Id, Path()]


@app.get("/v1/desk/follow-ups")
def board(
    status: Annotated[BoardStatus, Query()] = FollowUpStatus.OPEN, after: Annotated[str | None, Query()] = None
) -> BoardAnswer:
    """Open, or answered and not yet resolved; soonest due first."""
    business, _ = asking.staff(app.current_event)
    return answers.board(follow_ups.board(business, status, after=answers.place(after)), now=clock.now())


@app.get("/v1/desk/follow-ups/<follow_up>")
def show(follow_up: FollowUpId) -> WholeFollowUpAnswer:
    business, _ = asking.staff(app.current_event)
    found = follow_ups.load(business, follow_up)
    return answers.whole(found, clients.load(business, found.client), now=clock.now())


@app.post("/v1/desk/follow-ups", status_code=201)
def open_one(wanted: OpenRequest) -> DoneAnswer:
    business, cause = _asked(wanted.note)
    matter = desk.Matter(wanted.client, wanted.cause, wanted.appointment, wanted.assignee)
    return answers.done(desk.open_by_hand(catalog.load(business), matter, cause))


@app.post("/v1/desk/follow-ups/<follow_up>/answer")
def answer(follow_up: FollowUpId, said: AnswerRequest) -> DoneAnswer:
    business, cause = _asked(said.note)
    return answers.done(desk.change(business, follow_up, lambda it: it.answer(cause), cause))


@app.post("/v1/desk/follow-ups/<follow_up>/note")
def note(follow_up: FollowUpId, said: NoteRequest) -> DoneAnswer:
    business, cause = _asked(said.note)
    return answers.done(desk.change(business, follow_up, lambda it: it.noted("note", cause), cause))


@app.post("/v1/desk/follow-ups/<follow_up>/resolve")
def resolve(follow_up: FollowUpId, said: ResolveRequest) -> DoneAnswer:
    business, cause = _asked(said.outcome)
    return answers.done(desk.change(business, follow_up, lambda it: it.resolve(cause), cause))


@app.post("/v1/desk/follow-ups/<follow_up>/reassign")
def reassign(follow_up: FollowUpId, said: ReassignRequest) -> DoneAnswer:
    business, cause = _asked(said.why)
    return answers.done(desk.reassign(catalog.load(business), follow_up, said.to, cause))


def _asked(why: str) -> tuple[str, Cause]:
    business, by = asking.staff(app.current_event)
    return business, asking.cause(app.current_event, by, clock.now(), why=why)
