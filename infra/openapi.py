"""Writes infra/openapi.json, the document of the HTTPS API, from the routes and types of the functions themselves.

`make openapi` after a change of a route; a test holds the file to the functions.
"""

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from infra import openapi_webhooks
from infra.openapi_defaults import put_right
from kept.api.problems import catalogue

FILE = Path(__file__).parent / "openapi.json"
FUNCTIONS = (
    *("booking", "my_appointment", "front_desk", "clients", "follow_ups", "follow_up_policy", "figures", "catalog"),
    *("sign_ins", "guide", "put_back", "webhooks"),
)
PROBLEM = {
    "description": "Declined, and nothing was changed: a problem document with a stable `code` (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
GATEWAY = {
    "schema": {"type": "object", "required": ["message"], "properties": {"message": {"type": "string"}}},
}
"""What API Gateway itself refuses has a shape of its own, and no code."""
ANY_PROBLEM = {"schema": {"$ref": "#/components/schemas/Problem"}}
RESPONSES = {
    "TooMany": {
        "description": "More than is taken from one network, for one contact, or at all; API Gateway's own has no code",
        "headers": {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds; on ours alone"}},
        "content": {"application/problem+json": ANY_PROBLEM, "application/json": GATEWAY},
    },
    "NoToken": {
        "description": 'No token, or one that is not valid: `{"message": "Unauthorized"}` by API Gateway; a problem '
        "document (`sign_in_required`) where the token names no business",
        "content": {"application/json": GATEWAY, "application/problem+json": ANY_PROBLEM},
    },
    "NoLink": {
        "description": "No link came with it (`link_required`)",
        "content": {"application/problem+json": ANY_PROBLEM},
    },
}
NOT_SIGNED_IN = {"staffToken": "NoToken", "clientLink": "NoLink"}
KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "minLength": 8, "maxLength": 255},
    "description": "Repeating a request with the same key gives its first answer; with another body it is refused",
}
KEY_OF_A_DAY = "Repeating a request with the same key gives its first answer for a day; with another body it is refused"
KEY_OF_A_HOLD = "Repeating a request with the same key gives the same hold while it lives; another body is refused"
KEY_OF_A_LINE = (
    "Repeating a request with the same key writes nothing more: the answer is the line that it wrote the first time, "
    "and the follow-up as it is by now; with another body it is refused"
)
KEY_OF_PARTS = (
    "Repeating a request with the same key does nothing twice, and goes on where the first was cut short; the answer "
    "counts what was done under it as far as it still stands"
)
KEY_SHOWN_ONCE = (
    "Repeating a request with the same key does nothing twice, and shows a secret that was made by it once more"
)
KEYS = {
    "webhooks": KEY_SHOWN_ONCE,
    **dict.fromkeys(("catalog", "clients", "sign_ins", "guide", "put_back", "follow_up_policy"), KEY_OF_A_DAY),
    "follow_ups": KEY_OF_A_LINE,
    "/v1/desk/follow-up-policies/{number}/apply": KEY_OF_PARTS,
    "/v1/businesses/{business}/holds": KEY_OF_A_HOLD,
    "/v1/desk/local-times": KEY_OF_A_DAY,
    "/v1/desk/blocks": KEY_OF_A_DAY,
    "/v1/desk/blocks/{block}": KEY_OF_A_DAY,
    "/v1/desk/staff/{member}/hand-over": KEY_OF_PARTS,
}
"""By function or path, where it is not for good; a test repeats a request to each."""
KEYLESS = frozenset(
    {"/v1/desk/follow-up-policies/{number}/preview", "/v1/desk/appointments/{appointment}/move-preview"}
)
"""They change nothing, and answer as things are."""
SEEN = {
    "name": "If-Match",
    "in": "header",
    "required": False,
    "schema": {"type": "string", "maxLength": 64},
    "description": "The `revision` that was read (of the policy its number): where there is a newer one by now it is "
    "refused (409 `outdated`, with the newer `revision`). `*` is any, as long as it is there. Without it nothing is "
    "saved over what others save at the same moment",
}
SETTINGS = frozenset({"catalog", "follow_up_policy"})
SAVED = frozenset({"put", "delete"})
SECURITY = {
    "clientLink": {"type": "http", "scheme": "bearer", "description": "The token of the link in the client's message"},
    "staffToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Cognito's ID token"},
}
NEEDS = {"my_appointment": "clientLink"} | dict.fromkeys(FUNCTIONS[2:], "staffToken")


def document() -> dict[str, Any]:
    """One document for all functions, each path with what it needs to be asked with."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {"Problem": _problem()}
    for function in FUNCTIONS:
        its = said(function)
        for path, methods in its["paths"].items():
            paths.setdefault(path, {}).update({name: _told(name, path, it, function) for name, it in methods.items()})
        schemas |= {name: schema for name, schema in its["components"]["schemas"].items() if "Validation" not in name}
    schemas = openapi_webhooks.schemas() | schemas
    for name, schema in schemas.items():
        put_right(schema, schemas)
        _titled_apart(name, schema)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Kept", "version": "1", "description": "Appointments that are kept."},
        "paths": dict(sorted(paths.items())),
        "webhooks": openapi_webhooks.webhooks(),
        "components": {"schemas": dict(sorted(schemas.items())), "responses": RESPONSES, "securitySchemes": SECURITY},
    }


def _titled_apart(name: str, schema: dict[str, Any]) -> None:
    """What is read and what is answered are two shapes, also for generators, which name theirs after the title."""
    if name.endswith(("-Input", "-Output")):
        schema["title"] = name.replace("-", "")


def _problem() -> dict[str, Any]:
    texts: dict[str, Any] = {name: {"type": "string"} for name in ("type", "title", "detail")}
    codes = {"enum": list(catalogue())}
    properties = texts | {"status": {"type": "integer"}, "code": codes}
    return {"type": "object", "required": list(properties), "properties": properties, "x-refusals": _refusals()}


def _refusals() -> dict[str, Any]:
    """By its code: the status it comes with, and its sentence in each of our languages."""
    return {
        code: {"status": int(kind.status), "en": kind.words, "zh-Hans": kind.words_zh}
        for code, kind in catalogue().items()
    }


def text() -> str:
    return json.dumps(document(), indent=1, ensure_ascii=False, sort_keys=False) + "\n"


def said(function: str) -> dict[str, Any]:
    app = import_module(function).app
    schema: dict[str, Any] = json.loads(app.get_openapi_json_schema(title="Kept", version="1"))
    return schema


def _told(name: str, path: str, method: dict[str, Any], function: str) -> dict[str, Any]:
    answers = {status: answer for status, answer in method["responses"].items() if status.startswith(("2", "304"))}
    needs: dict[str, Any] = {"security": [{NEEDS[function]: []}]} if function in NEEDS else {}
    parameters = [*method.get("parameters", []), *(_headers(name, path, function) if name != "get" else [])]
    refusals = {"401": _named(NOT_SIGNED_IN[NEEDS[function]])} if function in NEEDS else {}
    refusals |= {"429": _named("TooMany")}
    told = {**method, "tags": [function], "responses": {**answers, **refusals, "default": PROBLEM}, **needs}
    return told | ({"parameters": parameters} if parameters else {})


def _headers(method: str, path: str, function: str) -> list[dict[str, Any]]:
    if path in KEYLESS:
        return []
    said = KEYS.get(path, KEYS.get(function, KEY["description"]))
    return [KEY | {"description": said}, *([SEEN] if function in SETTINGS and method in SAVED else [])]


def _named(response: str) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{response}"}


if __name__ == "__main__":
    FILE.write_text(text())
