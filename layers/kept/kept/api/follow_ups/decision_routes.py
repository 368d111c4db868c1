"""What staff decide about follow-ups: that there is one, how urgent, whose, part of which, and that it is over."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept.api.booking.requests import Id
from kept.api.follow_ups import requests as said
from kept.api.follow_ups.answers import DoneAnswer, HandOverAnswer, handed_over
from kept.api.follow_ups.lines import asked, told, write
from kept.storage import catalogs
from kept.use_cases.follow_ups import acts as desk
from kept.use_cases.follow_ups.handing_over import hand_over_all

app = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
FollowUpId = Annotated[Id, Path()]


@app.post("/v1/desk/follow-ups", status_code=201)
def open_one(wanted: said.OpenRequest) -> DoneAnswer:
    business, change = asked(app.current_event, wanted.note)
    matter = desk.NewFollowUp(wanted.client, wanted.cause, wanted.appointment, wanted.assignee)
    return told(desk.open_by_hand(catalogs.load(business), matter, change))


@app.post("/v1/desk/follow-ups/<follow_up>/priority")
def priority(follow_up: FollowUpId, wanted: said.PriorityRequest) -> DoneAnswer:
    return write(app.current_event, follow_up, wanted)


@app.post("/v1/desk/follow-ups/<follow_up>/tier")
def tier(follow_up: FollowUpId, wanted: said.TierRequest) -> DoneAnswer:
    return write(app.current_event, follow_up, wanted)


@app.post("/v1/desk/follow-ups/<follow_up>/resolve")
def resolve(follow_up: FollowUpId, wanted: said.ResolveRequest) -> DoneAnswer:
    return write(app.current_event, follow_up, wanted)


@app.post("/v1/desk/follow-ups/<follow_up>/reopen")
def reopen(follow_up: FollowUpId, wanted: said.ReopenRequest) -> DoneAnswer:
    return write(app.current_event, follow_up, wanted)


@app.post("/v1/desk/follow-ups/<follow_up>/reassign")
def reassign(follow_up: FollowUpId, wanted: said.ReassignRequest) -> DoneAnswer:
    business, change = asked(app.current_event, wanted.why)
    return told(desk.reassign(catalogs.load(business), follow_up, wanted.to, change))


@app.post("/v1/desk/follow-ups/<follow_up>/merge")
def merge(follow_up: FollowUpId, wanted: said.MergeRequest) -> DoneAnswer:
    """The other one is closed, and whatever was said on it is part of this one."""
    business, change = asked(app.current_event, wanted.why)
    return told(desk.merge(catalogs.load(business), follow_up, wanted.taken, change))


@app.post("/v1/desk/staff/<member>/hand-over")
def hand_over(member: Annotated[Id, Path()], wanted: said.HandOverRequest) -> HandOverAnswer:
    """What is open and theirs goes to others, by whoever leads the business; at most 100 at a time."""
    business, change = asked(app.current_event, wanted.why, at_least="manager")
    return handed_over(hand_over_all(catalogs.load(business), member, wanted.to, change))
