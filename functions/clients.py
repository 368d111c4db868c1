"""Clients for staff: their record and notes, how each is reached, what they agreed to, all that was said, and money.

What they wrote, and what staff write to them, stands in api/messaging: inbox, staff_answers and saved_replies.
"""

from collections.abc import Callable
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from kept.actor import Change
from kept.api import identity
from kept.api.app import entrance, http_app
from kept.api.booking.requests import Before
from kept.api.clients import (
    answers,
    dismissal_routes,
    merge_routes,
    note_routes,
    record_routes,
    search_routes,
    standing_routes,
)
from kept.api.clients.asked import ClientId, asked, shown
from kept.api.clients.requests import ConsentRequest, ContactsRequest, InviteRequest, PreferencesRequest
from kept.api.guards import staff_only
from kept.api.messaging import inbox, saved_replies, staff_answers
from kept.api.messaging.message_answers import MessageAnswer, messages
from kept.api.money import routes as money_routes
from kept.bounds import PART
from kept.business.catalog import Catalog
from kept.channels import Channel
from kept.clients.client import Client
from kept.storage import clients
from kept.use_cases.clients.inviting import invite
from kept.use_cases.clients.noting import note_contacts
from kept.use_cases.clients.preferences import change_wishes
from kept.use_cases.messaging.correspondence import correspondence

LEADING = [
    "POST /v1/desk/clients/<client>/stopped/<channel>/lift",
    *dismissal_routes.LEADING,
    *saved_replies.LEADING,
    *money_routes.LEADING,
]
app = http_app(staff_only(leading=LEADING), remembered=".*(?<!-preview)")
app.include_router(search_routes.router)
app.include_router(record_routes.router)
app.include_router(note_routes.router)
app.include_router(merge_routes.router)
app.include_router(standing_routes.router)
app.include_router(dismissal_routes.router)
app.include_router(staff_answers.router)
app.include_router(inbox.router)
app.include_router(saved_replies.router)
app.include_router(money_routes.router)
handler = entrance(app)


@app.get("/v1/desk/clients/<client>")
def show(client: ClientId) -> answers.ClientAnswer:
    catalog, _ = _asked("looked at a client", client)
    return shown(clients.load(catalog.business.id, client), catalog, app.current_event)


@app.get("/v1/desk/clients/<client>/conversation")
def said(client: ClientId) -> list[answers.SaidAnswer]:
    """Of the last 180 days, in order of time; of more than 200 lines the latest."""
    catalog, change = _asked("read a conversation", client)
    return answers.conversation(correspondence(clients.load(catalog.business.id, client), now=change.at), _language())


@app.post("/v1/desk/clients/<client>/preferences")
def prefer(client: ClientId, told: PreferencesRequest) -> answers.ClientAnswer:
    catalog, _ = _asked("changed preferences", client)
    return _changed(catalog, client, lambda it: told.of(it, catalog.business))


@app.post("/v1/desk/clients/<client>/contacts")
def contacts(client: ClientId, told: ContactsRequest) -> answers.ClientAnswer:
    """Theirs from now on, whoever typed it before, unless another has shown that it is their own."""
    catalog, change = _asked("noted contacts", client)
    noted = note_contacts(catalog.business.id, client, told.said(catalog.business), now=change.at)
    return shown(noted, catalog, app.current_event)


@app.post("/v1/desk/clients/<client>/consents")
def consent(client: ClientId, told: ConsentRequest) -> answers.ClientAnswer:
    catalog, change = _asked("noted a consent", client)
    return _changed(catalog, client, lambda it: told.of(it, catalog.business, change))


@app.get("/v1/desk/clients/<client>/consents")
def earlier(client: ClientId, before: Annotated[Before | None, Query()] = None) -> answers.EarlierConsentsAnswer:
    """Of a long ledger what they once agreed to or not, the newest part first."""
    catalog, _ = _asked("looked at consents", client)
    found = clients.load(catalog.business.id, client)
    upto = min(before or found.archived, found.archived)
    return answers.earlier(clients.earlier(found, before=upto, limit=PART), upto, _language())


@app.post("/v1/desk/clients/<client>/stopped/<channel>/lift")
def lift(client: ClientId, channel: Annotated[Channel, Path()]) -> answers.ClientAnswer:
    """It reaches them again, as somebody who leads the business has made sure of."""
    catalog, _ = _asked("lifted a stop", client, at_least="manager")
    return _changed(catalog, client, lambda it: it.starting(channel))


@app.post("/v1/desk/clients/<client>/invite", status_code=201)
def ask_back(client: ClientId, wanted: InviteRequest) -> MessageAnswer:
    """It goes out at an hour that suits the client, within their cap; the ledger of messages tells when and why."""
    catalog, change = _asked("invited a client", client)
    return messages([invite(catalog, client, wanted.service, change)], _language())[0]


def _changed(catalog: Catalog, client: str, act: Callable[[Client], Client]) -> answers.ClientAnswer:
    return shown(change_wishes(catalog.business.id, client, act), catalog, app.current_event)


def _language() -> str:
    return identity.language(app.current_event)


def _asked(what: str, client: str, *, at_least: str = "staff") -> tuple[Catalog, Change]:
    return asked(app.current_event, what, client, at_least=at_least)
