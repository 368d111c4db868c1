"""The loops of a template (Fn::ForEach) written out, as CloudFormation does: ministack does not in a nested stack."""

import json
import re
from collections.abc import Iterator
from typing import Any

LOOP = "Fn::ForEach::"


def written_out(template: dict[str, Any]) -> dict[str, Any]:
    """The same, without them; a list to go through is written down as it is, and loops stand among the resources."""
    rest = {name: said for name, said in template.items() if name != "Transform"} if has_loops(template) else template
    return rest | {"Resources": dict(_resources(template["Resources"]))}


def has_loops(template: dict[str, Any]) -> bool:
    return any(name.startswith(LOOP) for name in template["Resources"])


def _resources(resources: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """&{Name} is the value without what no logical name may have in it, ${Name} the value."""
    for name, block in resources.items():
        if not name.startswith(LOOP):
            yield name, block
            continue
        variable, values, body = block
        for value in values:
            said = json.dumps(body).replace(f"&{{{variable}}}", re.sub(r"[\W_]", "", value))
            yield from json.loads(said.replace(f"${{{variable}}}", value)).items()
