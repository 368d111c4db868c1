"""What staff write down about a client: written, changed, taken away and brought back, and the older ones."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept.api.booking.requests import Id
from kept.api.clients import answers
from kept.api.clients.asked import ClientId, asked, shown
from kept.api.clients.requests import ClientNoteRequest, RewriteNoteRequest
from kept.bounds import PART
from kept.storage import client_notes, clients
from kept.use_cases.clients import noting_down

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
NoteId = Annotated[Id, Path()]


@router.post("/v1/desk/clients/<client>/notes", status_code=201)
def write(client: ClientId, told: ClientNoteRequest) -> answers.ClientAnswer:
    catalog, change = asked(router.current_event, "wrote a note", client)
    noted = noting_down.note(catalog.business.id, client, told.text, change, pinned=told.pinned)
    return shown(noted, catalog, router.current_event)


@router.get("/v1/desk/clients/<client>/notes")
def older(client: ClientId, before: Annotated[Id | None, Query()] = None) -> answers.OlderNotesAnswer:
    """Those that the client's page has no room for, the newest first."""
    catalog, _ = asked(router.current_event, "looked at notes", client)
    found = client_notes.before(clients.load(catalog.business.id, client), before, limit=PART)
    return answers.OlderNotesAnswer(notes=answers.notes(found))


@router.patch("/v1/desk/clients/<client>/notes/<note>")
def rewrite(client: ClientId, note: NoteId, told: RewriteNoteRequest) -> answers.ClientAnswer:
    catalog, _ = asked(router.current_event, "changed a note", client)
    noted = noting_down.rewrite(catalog.business.id, client, note, text=told.text, pinned=told.pinned)
    return shown(noted, catalog, router.current_event)


@router.delete("/v1/desk/clients/<client>/notes/<note>")
def take_away(client: ClientId, note: NoteId) -> answers.ClientAnswer:
    """It can be brought back for a day."""
    catalog, change = asked(router.current_event, "took a note away", client)
    left = noting_down.take_away(catalog.business.id, client, note, now=change.at)
    return shown(left, catalog, router.current_event)


@router.post("/v1/desk/clients/<client>/notes/<note>/bring-back")
def bring_back(client: ClientId, note: NoteId) -> answers.ClientAnswer:
    """As it was before it was taken away: who wrote it, when, and pinned or not."""
    catalog, change = asked(router.current_event, "brought a note back", client)
    back = noting_down.bring_back(catalog.business.id, client, note, now=change.at)
    return shown(back, catalog, router.current_event)
