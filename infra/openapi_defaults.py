"""The defaults of the API's document as they travel: pydantic writes them down as their Python types would be."""

import re
from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from pydantic import TypeAdapter, ValidationError

DURATION, CLOCK = TypeAdapter(timedelta), TypeAdapter(time)


def put_right(schema: dict[str, Any], schemas: Mapping[str, Any]) -> None:
    """Of every property of it: "PT5M" becomes 5, "21:00:00" 21:00, and two of these a span."""
    for part in schema.get("properties", {}).values():
        if "default" in part:
            part["default"] = _travels(part["default"], part, schemas)


def _travels(value: Any, schema: Mapping[str, Any], schemas: Mapping[str, Any]) -> Any:
    if "$ref" in schema:
        return _travels(value, schemas[schema["$ref"].rpartition("/")[2]], schemas)
    for kind in (*schema.get("allOf", ()), *schema.get("anyOf", ())):
        value = _travels(value, kind, schemas)
    if isinstance(value, dict):
        known = schema.get("properties", {})
        return {name: _travels(it, known.get(name, {}), schemas) for name, it in value.items()}
    if isinstance(value, list) and schema.get("type") == "array":
        return [_travels(it, schema.get("items", {}), schemas) for it in value]
    return _one(value, schema)


def _one(value: Any, schema: Mapping[str, Any]) -> Any:
    """Itself where it travels so already, as all does that is part of a model's own default."""
    try:
        if schema.get("type") == "integer" and isinstance(value, str):
            return int(DURATION.validate_python(value).total_seconds()) // 60
        if schema.get("type") == "string" and "pattern" in schema:
            clocks = value if isinstance(value, list) else [value]
            travels = isinstance(value, str) and re.search(schema["pattern"], value)
            return value if travels else "-".join(f"{CLOCK.validate_python(at):%H:%M}" for at in clocks)
    except ValidationError:
        return value
    return value
