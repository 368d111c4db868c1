"""Blocking somebody's time on the calendar: a break, an errand."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept.api.booking import day_answers
from kept.api.booking.day_answers import BlockAnswer
from kept.api.booking.day_routes import identify
from kept.api.booking.desk_requests import BlockChangeRequest, BlockRequest, Revision
from kept.api.booking.requests import Id
from kept.use_cases.booking import blocks
from kept.use_cases.booking.blocks import BlockChange

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
REMEMBERED = "(POST|PATCH|DELETE) /v1/desk/blocks.*"
"""A block has no history that would know a repeat."""
BlockId = Annotated[Id, Path()]


@router.post("/v1/desk/blocks", status_code=201)
def put_in(wanted: BlockRequest) -> BlockAnswer:
    """Over a booking, a hold or another block: 409 `slot_taken`, with who has the time in `taken_by`."""
    catalog, change = identify(router.current_event)
    made = blocks.put_in(catalog, wanted.staff, wanted.start, wanted.end, wanted.why, change)
    return day_answers.block(made, catalog.business.zone)


@router.patch("/v1/desk/blocks/<block>")
def change_one(block: BlockId, wanted: BlockChangeRequest) -> BlockAnswer:
    """What is left out stays. Where somebody has changed it since `revision`: 409 `outdated`."""
    catalog, change = identify(router.current_event)
    to = BlockChange(wanted.revision, wanted.start, wanted.end, wanted.staff, wanted.why)
    return day_answers.block(blocks.change_one(catalog, block, to, change), catalog.business.zone)


@router.delete("/v1/desk/blocks/<block>")
def take_out(block: BlockId, revision: Annotated[Revision, Query()]) -> BlockAnswer:
    """As it was; the time can be booked again."""
    catalog, change = identify(router.current_event)
    return day_answers.block(blocks.take_out(catalog, block, revision, now=change.at), catalog.business.zone)
