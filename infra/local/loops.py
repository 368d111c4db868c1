"""Loops of a template (Fn::ForEach of AWS::LanguageExtensions) written out, as CloudFormation does it in the cloud."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any


def written_out(resources: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Each loop is [variable, values, body]; &{variable} in a name is the value without what names may not hold."""
    for name, block in resources.items():
        if not name.startswith("Fn::ForEach::"):
            yield name, block
            continue
        variable, values, body = block
        for value in values:
            said = json.dumps(body).replace(f"&{{{variable}}}", re.sub(r"\W|_", "", value))
            yield from json.loads(said.replace(f"${{{variable}}}", value)).items()
