"""An HTTP function: Powertools' resolver, with every refusal answered as a problem document."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from kept.api.bodies import JSON, LARGEST_BODY, must_be_plain
from kept.api.guards import Guard, everybody
from kept.api.problems import problem
from kept.api.repeats import once
from kept.booking.refusals import BookBusy
from kept.client_links.refusals import LinkRequired
from kept.errors import (
    InProgress,
    InvalidRequest,
    MalformedJson,
    Refusal,
    SignInRequired,
    TooManyRequests,
    UnknownRoute,
)
from kept.language_tags import FALLBACK, accepted, meant
from kept.runtime import log

SAFE = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000",
    "X-Content-Type-Options": "nosniff",
}
"""On every answer of ours that does not say otherwise itself: most are somebody's own business."""


class App(APIGatewayHttpResolver):
    """Looks who asks, and at the body, before the validation does, which reads a whole one first and fails on some."""

    def __init__(self, guard: Guard, remembered: str, largest: Mapping[str, int]) -> None:
        super().__init__(enable_validation=True)
        self._largest = largest
        self._guard = guard
        self._remembered = re.compile(remembered)
        self._language = FALLBACK

    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        asked = APIGatewayProxyEventV2(dict(event))
        self._language = meant(*accepted(asked.headers.get("accept-language", "")))
        resolve = super().resolve
        try:
            self._guard(asked)
            must_be_plain(
                asked, self._largest.get(f"{asked.request_context.http.method} {asked.raw_path}", LARGEST_BODY)
            )
            return self._once(asked, lambda: resolve({**event, "headers": _as_json(asked)}, context))
        except Refusal as refusal:
            answer = self.refused(refusal)
            headers = {"Content-Type": answer.content_type, **answer.headers}
            return {"statusCode": answer.status_code, "headers": headers, "body": answer.body, "isBase64Encoded": False}

    def refused(self, refusal: Refusal) -> Response[str]:
        """In words of whoever asks, as far as it has them."""
        return refused(refusal, self._language)

    def _once(self, asked: APIGatewayProxyEventV2, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        method = asked.request_context.http.method
        if method == "GET" or not self._remembered.fullmatch(f"{method} {asked.raw_path}"):
            return work()
        return once(asked, work)


def _as_json(asked: APIGatewayProxyEventV2) -> dict[str, str]:
    """The body was found to be JSON; the validation knows one spelling of that alone."""
    return {**(asked.raw_event.get("headers") or {}), "content-type": JSON}


def http_app(
    guard: Guard = everybody, *, remembered: str = "", largest: Mapping[str, int] = {}
) -> APIGatewayHttpResolver:
    """A resolver that validates by the types of its routes and answers refusals as problem documents.

    `remembered` matches the writes of staff ("PUT /v1/desk/business") whose answers are kept under their
    Idempotency-Key, as nothing else remembers them. `largest` is how many letters the bodies of some routes may have.
    """
    app = App(guard, remembered, largest)
    app.exception_handler(Refusal)(app.refused)
    app.exception_handler(RequestValidationError)(lambda error: app.refused(_invalid(error)))
    app.not_found(lambda _: app.refused(UnknownRoute()))
    return app


def entrance(app: APIGatewayHttpResolver) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """The Lambda's handler: one log line a call, with the route and never the path, which may hold a token.

    The route is `app`'s own, for API Gateway knows most by their beginning alone; where `app` has none, API Gateway's.
    """
    route = ""

    def note(app: APIGatewayHttpResolver, next_middleware: Callable[..., Any]) -> Any:
        nonlocal route
        found = app.context.get("_route")
        if found in (*app._static_routes, *app._dynamic_routes):  # what is not found is a route made of its very path
            route = f"{found.method} {found.openapi_path}"
        return next_middleware(app)

    app.use([note])

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        nonlocal route
        route = ""
        answer: dict[str, Any] = app.resolve(event, context)
        log.info("answered", extra={"route": route or event.get("routeKey"), "status": answer["statusCode"]})
        return _safely(answer)

    return handler


def _safely(answer: dict[str, Any]) -> dict[str, Any]:
    said = answer.get("headers") or {}
    names = {name.lower() for name in said}
    safe = {name: value for name, value in SAFE.items() if name.lower() not in names}
    # An answer without a body has an empty one: not every gateway takes null for that.
    return answer | {"body": answer.get("body") or "", "headers": said | safe}


def refused(refusal: Refusal, language: str = FALLBACK) -> Response[str]:
    body = json.dumps(problem(refusal, language), default=str, ensure_ascii=False)
    headers = {"Content-Language": language, **_beside(refusal)}
    return Response(refusal.status, "application/problem+json", body, headers=headers)


def _beside(refusal: Refusal) -> dict[str, str]:
    match refusal:
        case BookBusy() | InProgress():
            return {"Retry-After": "1"}
        case TooManyRequests():
            return {"Retry-After": str(refusal.facts["retry_after"])}
        case LinkRequired() | SignInRequired():
            return {"WWW-Authenticate": "Bearer"}
    return {}


def _invalid(error: RequestValidationError) -> Refusal:
    """Names each field and what is wrong with it; what was sent is not repeated.

    Where a path has a choice of words, another word makes a path that there is not.
    """
    errors = error.errors()
    if any(e["type"] == "literal_error" and e["loc"][0] == "path" for e in errors):
        return UnknownRoute()
    if any(e["type"] == "json_invalid" or e["loc"] == ("body",) for e in errors):
        return MalformedJson()
    fields = [{"field": ".".join(map(str, e["loc"][1:])), "reason": e["msg"]} for e in errors]
    return InvalidRequest(fields=fields)
