"""What staff decide about follow-ups: that there is one, how urgent, whose, part of which, and that it is over."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept.api import identity
from kept.api.booking.requests import Id
from kept.api.follow_ups import requests
from kept.api.follow_ups.answers import DoneAnswer, HandOverAnswer, handed_over
from kept.api.follow_ups.lines import identify, to_response, write
from kept.storage import catalogs
from kept.use_cases.follow_ups import acts
from kept.use_cases.follow_ups.handing_over import hand_over_all
from kept.use_cases.follow_ups.terms_review import settle

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
FollowUpId = Annotated[Id, Path()]


@router.post("/v1/desk/follow-ups", status_code=201)
def open_one(wanted: requests.OpenRequest) -> DoneAnswer:
    business, change = identify(router.current_event, wanted.note)
    matter = acts.NewFollowUp(wanted.client, wanted.cause, wanted.appointment, wanted.assignee)
    return to_response(acts.open_by_hand(catalogs.load(business), matter, change))


@router.post("/v1/desk/follow-ups/<follow_up>/priority")
def priority(follow_up: FollowUpId, wanted: requests.PriorityRequest) -> DoneAnswer:
    return write(router.current_event, follow_up, wanted)


@router.post("/v1/desk/follow-ups/<follow_up>/tier")
def tier(follow_up: FollowUpId, wanted: requests.TierRequest) -> DoneAnswer:
    return write(router.current_event, follow_up, wanted)


@router.post("/v1/desk/follow-ups/<follow_up>/resolve")
def resolve(follow_up: FollowUpId, wanted: requests.ResolveRequest) -> DoneAnswer:
    return write(router.current_event, follow_up, wanted)


@router.post("/v1/desk/follow-ups/<follow_up>/terms")
def settle_terms(follow_up: FollowUpId, wanted: requests.TermsReviewRequest) -> DoneAnswer:
    """Of one that asks whether a client's terms are still right: what was decided, which closes it."""
    business, change = identify(router.current_event)
    leads = identity.leads(router.current_event)
    return to_response(settle(business, follow_up, wanted.word(change), change, leads=leads))


@router.post("/v1/desk/follow-ups/<follow_up>/reopen")
def reopen(follow_up: FollowUpId, wanted: requests.ReopenRequest) -> DoneAnswer:
    return write(router.current_event, follow_up, wanted)


@router.post("/v1/desk/follow-ups/<follow_up>/reassign")
def reassign(follow_up: FollowUpId, wanted: requests.ReassignRequest) -> DoneAnswer:
    business, change = identify(router.current_event, wanted.why)
    return to_response(acts.reassign(catalogs.load(business), follow_up, wanted.to, change))


@router.post("/v1/desk/follow-ups/<follow_up>/merge")
def merge(follow_up: FollowUpId, wanted: requests.MergeRequest) -> DoneAnswer:
    """The other one is closed, and whatever was said on it is part of this one."""
    business, change = identify(router.current_event, wanted.why)
    return to_response(acts.merge(catalogs.load(business), follow_up, wanted.taken, change))


@router.post("/v1/desk/staff/<member>/hand-over")
def hand_over(member: Annotated[Id, Path()], wanted: requests.HandOverRequest) -> HandOverAnswer:
    """What is open and theirs goes to others, by themselves or whoever leads the business; at most 100 at a time."""
    identity.own_or_leading(router.current_event, member)
    business, change = identify(router.current_event, wanted.why)
    return handed_over(hand_over_all(catalogs.load(business), member, wanted.to, change))
