"""What was said and done about a follow-up, each a line of its history: by the client, by staff, or to wait."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept.api.booking.requests import Id
from kept.api.follow_ups import requests
from kept.api.follow_ups.answers import DoneAnswer
from kept.api.follow_ups.lines import identify, to_response, write
from kept.use_cases.messaging import calls

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
FollowUpId = Annotated[Id, Path()]


@router.post("/v1/desk/follow-ups/<follow_up>/answer")
def answer(follow_up: FollowUpId, done: requests.AnswerRequest) -> DoneAnswer:
    return write(router.current_event, follow_up, done)


@router.post("/v1/desk/follow-ups/<follow_up>/note")
def note(follow_up: FollowUpId, done: requests.NoteRequest) -> DoneAnswer:
    return write(router.current_event, follow_up, done)


@router.post("/v1/desk/follow-ups/<follow_up>/message")
def message(follow_up: FollowUpId, done: requests.MessageRequest) -> DoneAnswer:
    return write(router.current_event, follow_up, done)


@router.post("/v1/desk/follow-ups/<follow_up>/tried")
def tried(follow_up: FollowUpId, done: requests.TriedRequest) -> DoneAnswer:
    return write(router.current_event, follow_up, done)


@router.post("/v1/desk/follow-ups/<follow_up>/call")
def call(follow_up: FollowUpId, done: requests.CallRequest) -> DoneAnswer:
    business, change = identify(router.current_event, done.note)
    return to_response(calls.call(business, follow_up, done.outcome, change, at=done.when, step=done.step or ""))


@router.post("/v1/desk/follow-ups/<follow_up>/step")
def step(follow_up: FollowUpId, done: requests.StepRequest) -> DoneAnswer:
    return write(router.current_event, follow_up, done)


@router.post("/v1/desk/follow-ups/<follow_up>/wait")
def wait(follow_up: FollowUpId, done: requests.WaitRequest) -> DoneAnswer:
    return write(router.current_event, follow_up, done)


@router.post("/v1/desk/follow-ups/<follow_up>/snooze")
def snooze(follow_up: FollowUpId, done: requests.SnoozeRequest) -> DoneAnswer:
    return write(router.current_event, follow_up, done)


@router.post("/v1/desk/follow-ups/<follow_up>/resume")
def resume(follow_up: FollowUpId, done: requests.ResumeRequest) -> DoneAnswer:
    return write(router.current_event, follow_up, done)


@router.post("/v1/desk/follow-ups/<follow_up>/dismiss")
def dismiss(follow_up: FollowUpId, done: requests.DismissRequest) -> DoneAnswer:
    return write(router.current_event, follow_up, done)
