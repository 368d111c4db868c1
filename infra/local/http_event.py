"""A request as API Gateway gives it to a function (payload version 2.0), for those who call functions by themselves."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any


def http_event(
    route: str,
    body: object = None,
    *,
    at: datetime,
    network: str,
    query: Mapping[str, str] | None = None,
    key: str = "",
    bearer: str = "",
) -> dict[str, Any]:
    """`route` is "POST /v1/appointment/cancel"; a body that is text goes as it is."""
    method, _, path = route.partition(" ")
    headers = {"content-type": "application/json"}
    headers |= {"idempotency-key": key} if key else {}
    headers |= {"authorization": f"Bearer {bearer}"} if bearer else {}
    return {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": "",
        "headers": headers,
        "queryStringParameters": dict(query or {}),
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "stage": "$default",
            "http": {"method": method, "path": path, "sourceIp": network, "userAgent": "a browser"},
            "requestId": "r-1",
            "time": f"{at:%d/%b/%Y:%H:%M:%S +0000}",
            "timeEpoch": int(at.timestamp() * 1000),
        },
        "body": body if isinstance(body, str) or body is None else json.dumps(body),
        "isBase64Encoded": False,
    }
