"""DynamoDB in memory, asked without HTTP: what botocore checked and wrote out goes to moto's own code at once.

Between the two stood a signature, a request, four parsers and a writer of answers, which no test of ours is about: two
thirds of what a call cost, and calls are most of what the tests of functions do. What moto refuses is asked again over
HTTP, so that an error is what botocore reads from moto's answer; a refused call changes nothing.
"""

import json
from typing import Any

from botocore import xform_name
from botocore.awsrequest import AWSResponse, HTTPHeaders
from botocore.handlers import BUILTIN_HANDLERS
from moto.core.models import DEFAULT_ACCOUNT_ID, botocore_stubber
from moto.dynamodb.responses import DynamoHandler

REGION = "us-east-1"
ADDRESS = f"https://dynamodb.{REGION}.amazonaws.com/"
ABOUT_ITEMS = frozenset(
    {
        "GetItem",
        "PutItem",
        "UpdateItem",
        "DeleteItem",
        "Query",
        "Scan",
        "BatchGetItem",
        "BatchWriteItem",
        "TransactWriteItems",
    }
)


def begin() -> None:
    """For every client that is made from now on."""
    if ("before-call.dynamodb", answered) not in BUILTIN_HANDLERS:
        BUILTIN_HANDLERS.append(("before-call.dynamodb", answered))


def answered(model: Any, params: dict[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]] | None:
    """What botocore would have read from the answer; None for what has to go over HTTP, to moto or to a real server."""
    if not botocore_stubber.enabled or params["url"] != ADDRESS or model.name not in ABOUT_ITEMS:
        return None
    moto = DynamoHandler()
    moto.current_account, moto.region, moto.body = DEFAULT_ACCOUNT_ID, REGION, json.loads(params["body"])
    try:
        result: Any = getattr(moto, xform_name(model.name))().result or {}
    except Exception:  # whatever it is, moto says it again over HTTP
        return None
    members = model.output_shape.members
    said = {name: value for name, value in result.items() if name in members and value is not None}
    said["ResponseMetadata"] = {"HTTPStatusCode": 200, "HTTPHeaders": {}, "RetryAttempts": 0}
    return AWSResponse(ADDRESS, 200, HTTPHeaders(), None), said
