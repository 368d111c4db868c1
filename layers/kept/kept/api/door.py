"""An HTTP function: Powertools' resolver, with every refusal answered as a problem document."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from kept.api.problems import STATUS, problem
from kept.errors import BodyTooLarge, BookBusy, InvalidRequest, MalformedJson, Refusal, UnknownRoute
from kept.runtime import log

JSON = "application/json"
LARGEST_BODY = 16 * 1024
"""Bytes; no route needs a tenth of it."""


class Door(APIGatewayHttpResolver):
    """Looks at the body before the validation does, which reads a whole one first and fails on one it cannot read."""

    def resolve(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        try:
            _readable(APIGatewayProxyEventV2(dict(event)))
        except Refusal as refusal:
            answer = refused(refusal)
            headers = {"Content-Type": answer.content_type}
            return {"statusCode": answer.status_code, "headers": headers, "body": answer.body, "isBase64Encoded": False}
        resolved: dict[str, Any] = super().resolve(event, context)
        return resolved


def door() -> APIGatewayHttpResolver:
    """A resolver that validates by the types of its routes and answers refusals by the one table."""
    app = Door(enable_validation=True)
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


def _readable(event: APIGatewayProxyEventV2) -> None:
    """Raises BodyTooLarge, and MalformedJson for a body that is no JSON object, however it fails to be one."""
    if event.get("body") is None:
        return
    if len(event["body"]) > LARGEST_BODY:
        raise BodyTooLarge(largest=LARGEST_BODY)
    if not event.headers.get("content-type", JSON).startswith(JSON):
        raise MalformedJson
    try:
        read = event.json_body
    except (ValueError, RecursionError) as error:  # no base64, no UTF-8, no JSON, a number of 5,000 digits; too deep
        raise MalformedJson from error
    if not isinstance(read, dict):
        raise MalformedJson


def _invalid(error: RequestValidationError) -> Response[str]:
    """Names each field and what is wrong with it; what was sent is not repeated."""
    errors = error.errors()
    if any(e["type"] == "json_invalid" or e["loc"] == ("body",) for e in errors):
        return refused(MalformedJson())
    fields = [{"field": ".".join(map(str, e["loc"][1:])), "reason": e["msg"]} for e in errors]
    return refused(InvalidRequest(fields=fields))


def _not_found(_: NotFoundError) -> Response[str]:
    return refused(UnknownRoute())
