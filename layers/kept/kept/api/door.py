"""An HTTP function: Powertools' resolver, with every refusal answered as a problem document."""

import json
from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from kept.api.problems import STATUS, problem
from kept.errors import BodyTooLarge, BookBusy, InvalidRequest, MalformedJson, Refusal, UnknownRoute
from kept.runtime import log

LARGEST_BODY = 16 * 1024
"""Bytes; no route needs a tenth of it."""


def door() -> APIGatewayHttpResolver:
    """A resolver that validates by the types of its routes and answers refusals by the one table."""
    app = APIGatewayHttpResolver(enable_validation=True)
    app.use([_within_size])
    app.exception_handler(Refusal)(refused)
    app.exception_handler(RequestValidationError)(_invalid)
    app.not_found(_not_found)
    return app


def entrance(app: APIGatewayHttpResolver) -> Callable[[dict[str, Any], Any], dict[str, Any]]:
    """The Lambda's handler: one log line a call, with the route and never the path, which may hold a token."""

    def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
        answer: dict[str, Any] = app.resolve(event, context)
        log.info("answered", extra={"route": event.get("routeKey"), "status": answer["statusCode"]})
        return answer

    return handler


def refused(refusal: Refusal) -> Response[str]:
    status = STATUS[type(refusal)]
    body = json.dumps(problem(refusal), default=str, ensure_ascii=False)
    headers = {"Retry-After": "1"} if isinstance(refusal, BookBusy) else {}
    return Response(status, "application/problem+json", body, headers=headers)


def _within_size(app: APIGatewayHttpResolver, next_middleware: Callable[..., Response[Any]]) -> Response[Any]:
    if len(app.current_event.get("body") or "") > LARGEST_BODY:
        raise BodyTooLarge(largest=LARGEST_BODY)
    return next_middleware(app)


def _invalid(error: RequestValidationError) -> Response[str]:
    """Names each field and what is wrong with it; what was sent is not repeated."""
    errors = error.errors()
    if any(e["type"] == "json_invalid" or e["loc"] == ("body",) for e in errors):
        return refused(MalformedJson())
    fields = [{"field": ".".join(map(str, e["loc"][1:])), "reason": e["msg"]} for e in errors]
    return refused(InvalidRequest(fields=fields))


def _not_found(_: NotFoundError) -> Response[str]:
    return refused(UnknownRoute())
