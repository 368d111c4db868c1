"""The catalogue of events in the API's document: what is sent to a business's addresses, type by type (OpenAPI 3.1)."""

from typing import Any

from pydantic import TypeAdapter

from kept.events.catalogue import TELLS, VERSION, EventType
from kept.events.envelope import About

REF = "#/components/schemas/{model}"
HEADERS = {
    "webhook-id": "The event's `id`: the same in every attempt, so that whoever gets it twice has it once",
    "webhook-timestamp": "Of this attempt, in seconds since 1970",
    "webhook-signature": "Standard Webhooks 1.0: HMAC-SHA256 of id, timestamp and body; two while a secret changes",
}
ANSWERS = {
    "2XX": {"description": "Taken. Anything else is tried again, ten times within 75 hours, a redirect too"},
    "410": {"description": "Nothing goes there any more until the owner switches it on again"},
    "429": {"description": "And 502, 503, 504: later, after Retry-After where that is said"},
}


def schemas() -> dict[str, Any]:
    """Of what each type carries, and of the envelope around it."""
    found: dict[str, Any] = {}
    for told in (About, *dict.fromkeys(TELLS.values())):
        schema = TypeAdapter(told).json_schema(ref_template=REF)
        found |= schema.pop("$defs", {})
        found[told.__name__] = schema
    return found


def webhooks() -> dict[str, Any]:
    return {type.value: {"post": _post(type)} for type in EventType}


def _post(type: EventType) -> dict[str, Any]:
    told = TELLS[type].__name__
    return {
        "operationId": f"told_{type.value.replace('.', '_')}",
        "summary": type.value,
        "tags": ["events"],
        "parameters": [
            {"name": name, "in": "header", "required": True, "schema": {"type": "string"}, "description": said}
            for name, said in HEADERS.items()
        ],
        "requestBody": {"required": True, "content": {"application/json": {"schema": _envelope(type, told)}}},
        "responses": ANSWERS,
    }


def _envelope(type: EventType, told: str) -> dict[str, Any]:
    properties = {
        "id": {"type": "string"},
        "type": {"const": type.value},
        "version": {"const": VERSION},
        "timestamp": {"type": "string", "format": "date-time"},
        "business": {"type": "string"},
        "about": {"$ref": REF.format(model=About.__name__)},
        "data": {"$ref": REF.format(model=told)},
    }
    return {"type": "object", "required": list(properties), "properties": properties}
