"""Asking an HTTP function as API Gateway does, and reading its answer."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from infra.local.http_event import http_event

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
HERE = "203.0.113.7"
"""Where requests come from, unless a test says otherwise."""
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """The status and the JSON body."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def code(self) -> str | None:
        """A problem document's code."""
        return self.body.get("code") if isinstance(self.body, dict) else None


def ask(
    handler: Handler,
    route: str,
    body: object = None,
    *,
    role: str = "",
    business: str = "lotus",
    staff: str = "mei",
    email: str = "",
    key: str = "",
    bearer: str = "",
    query: Mapping[str, str] | None = None,
    network: str = HERE,
    language: str = "",
) -> Answer:
    """`route` is "PUT /v1/desk/business"; with a `role` the token of a staff member comes with it; `language` is
    what they accept."""
    event = an_http_event(route, body, query=query, key=key, bearer=bearer)
    event["requestContext"]["http"]["sourceIp"] = network
    event["headers"] |= {"accept-language": language} if language else {}
    if role:
        claims = {"custom:business": business, "custom:staff": staff, "cognito:groups": f"[{role}]", "sub": "u-1"}
        claims |= {"email": email} if email else {}
        event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    answer = handler(event, None)
    text = answer.get("body") or "null"
    headers = {name.lower(): value for name, value in answer.get("headers", {}).items()}
    return Answer(answer["statusCode"], json.loads(text), headers)


def an_http_event(
    route: str, body: object = None, *, query: Mapping[str, str] | None = None, key: str = "", bearer: str = ""
) -> dict[str, Any]:
    """From here, on the Monday of the tests; a body that is text goes as it is."""
    return http_event(route, body, at=MONDAY, network=HERE, query=query, key=key, bearer=bearer)
