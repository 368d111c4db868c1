"""Two records of one person: what would go along, made one, and taken apart again."""

from datetime import datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from pydantic import Field

from kept.api.base import Answer, Body
from kept.api.booking.requests import Id
from kept.api.clients import answers
from kept.api.clients.asked import ClientId, asked, shown
from kept.clients.merging import undo_until
from kept.clients.written_number import as_written
from kept.use_cases.clients import merging

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
Revision = Annotated[str, Field(min_length=1, max_length=40)]


class OtherRecordRequest(Body):
    """The record that is, or becomes, part of the client."""

    other: Id


class MergeClientsRequest(OtherRecordRequest):
    """Both as they were read."""

    revision: Revision
    other_revision: Revision


class GoesAlongAnswer(Answer):
    """How much comes with the other record; `messages` are those of the last 180 days, 200 at the most, `money` the
    lines of their ledger."""

    visits: int
    messages: int
    follow_ups: int
    notes: int
    consents: int
    money: int
    contacts: list[str]


class MergedClientAnswer(answers.ClientAnswer):
    """The client who stays; until `undo_until` it can be taken back."""

    undo_until: datetime


@router.post("/v1/desk/clients/<client>/merge-preview")
def preview_merge(client: ClientId, told: OtherRecordRequest) -> GoesAlongAnswer:
    """Changes nothing."""
    catalog, change = asked(router.current_event, "looked at a merge", client)
    found = merging.preview(catalog.business.id, client, told.other, now=change.at)
    known = [as_written(one, catalog.business.country) if one.startswith("+") else one for one in found.contacts]
    return GoesAlongAnswer(
        visits=found.visits,
        messages=found.messages,
        follow_ups=found.follow_ups,
        notes=found.notes,
        consents=found.consents,
        money=found.money,
        contacts=known,
    )


@router.post("/v1/desk/clients/<client>/merge")
def merge(client: ClientId, told: MergeClientsRequest) -> MergedClientAnswer:
    """The other's visits, messages and follow-ups are the client's from now on, and whoever asks for the other is shown
    the client. Refused where somebody has edited either since, with what that one is now."""
    catalog, change = asked(router.current_event, "merged two clients", client)
    event = router.current_event
    pair = merging.Pair(
        client,
        told.other,
        (told.revision, told.other_revision),
        lambda it: shown(it, catalog, event).model_dump(mode="json"),
    )
    after, one = merging.merge(catalog.business.id, pair, change)
    return MergedClientAnswer(**dict(shown(after, catalog, event)), undo_until=undo_until(one))


@router.post("/v1/desk/clients/<client>/unmerge")
def unmerge(client: ClientId, told: OtherRecordRequest) -> answers.ClientAnswer:
    """Within a day. What was booked, written and noted meanwhile stays with the client, and their own numbers and
    addresses go back to the other."""
    catalog, change = asked(router.current_event, "took two clients apart", client)
    after = merging.unmerge(catalog.business.id, client, told.other, change)
    return shown(after, catalog, router.current_event)
