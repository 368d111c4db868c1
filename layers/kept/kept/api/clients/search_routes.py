"""Clients found as somebody types, all of them by name, and those who may be one."""

from base64 import b64decode, urlsafe_b64encode
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept.api.base import Answer
from kept.api.clients.asked import ClientId, asked
from kept.clients.client import Tier
from kept.clients.notes import alerts
from kept.clients.search_tokens import Matched
from kept.clients.written_number import as_written
from kept.errors import InvalidRequest
from kept.storage import clients
from kept.use_cases.clients.duplicates import Duplicate, duplicates
from kept.use_cases.clients.search import Found, everybody, search

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


class FoundAnswer(Answer):
    """A client as a list needs them; `matched` is what of them was typed."""

    id: str
    name: str
    phone_written: str | None
    email: str | None
    tier: Tier
    do_not_disturb: bool
    alerts: list[str]
    matched: Matched


class FoundClientsAnswer(Answer):
    """`next` goes on with a list of all; what was searched for is found by typing more of it."""

    clients: list[FoundAnswer]
    next: str | None


class DuplicateAnswer(Answer):
    """Somebody who may be the same person, and what of them is the same: phone, email, wechat or name."""

    id: str
    name: str
    phone_written: str | None
    email: str | None
    why: list[str]


@router.get("/v1/desk/clients/<client>/duplicates")
def same(client: ClientId) -> list[DuplicateAnswer]:
    """Who have typed the same number or address, or are called alike, in Chinese and in pinyin; the likeliest first."""
    catalog, change = asked(router.current_event, "looked for duplicates", client)
    found = duplicates(clients.load(catalog.business.id, client), now=change.at)
    return [_duplicate(one, catalog.business.country) for one in found]


@router.get("/v1/desk/clients")
def find(
    q: Annotated[str, Query(max_length=200)] = "",
    after: Annotated[str | None, Query(max_length=400)] = None,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> FoundClientsAnswer:
    """By the beginning of any word of the name, Chinese characters anywhere in it, its pinyin or initials, three digits
    or more anywhere in the number, an e-mail's beginning or its domain. Without `q` all by name."""
    catalog, _ = asked(router.current_event, "searched for clients")
    business = catalog.business
    if q.strip():
        found, more = search(business.id, q, limit=limit), None
    else:
        found, more = everybody(business.id, after=_place(after), limit=limit)
    return FoundClientsAnswer(clients=[_answer(one, business.country) for one in found], next=_cursor(more))


def _answer(found: Found, country: str) -> FoundAnswer:
    it = found.client
    return FoundAnswer(
        id=it.id,
        name=it.name,
        phone_written=it.phone and as_written(it.phone, country),
        email=it.email,
        tier=it.tier,
        do_not_disturb=it.do_not_disturb,
        alerts=list(alerts(it)),
        matched=found.of,
    )


def _duplicate(it: Duplicate, country: str) -> DuplicateAnswer:
    phone = it.client.phone
    return DuplicateAnswer(
        id=it.client.id,
        name=it.client.name,
        phone_written=phone and as_written(phone, country),
        email=it.client.email,
        why=list(it.why),
    )


def _cursor(place: str | None) -> str | None:
    return urlsafe_b64encode(place.encode()).decode() if place else None


def _place(cursor: str | None) -> str | None:
    """Raises InvalidRequest."""
    try:
        return b64decode(cursor.encode(), altchars=b"-_", validate=True).decode() if cursor else None
    except ValueError as error:
        raise InvalidRequest(fields=[{"field": "after", "reason": "Not a cursor of this list."}]) from error
