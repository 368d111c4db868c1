"""template.yaml and the templates it nests, as tests ask about them."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from samtranslator.yaml_helper import yaml_parse

from infra.local.loops import written_out

ROOT = Path(__file__).parents[1]


@cache
def template(path: str = "template.yaml") -> dict[str, Any]:
    """Its loops (Fn::ForEach) written out, as CloudFormation does."""
    read: dict[str, Any] = yaml_parse((ROOT / path).read_text(encoding="utf-8"))
    return read | {"Resources": dict(written_out(read["Resources"]))}


@dataclass(frozen=True)
class Function:
    """One block; `name` is that of its file in functions/."""

    logical: str
    properties: dict[str, Any]

    @property
    def name(self) -> str:
        name: str = self.properties["Handler"].removesuffix(".handler")
        return name

    @property
    def events(self) -> dict[str, dict[str, Any]]:
        """By their names in small letters, as the sample events are named."""
        return {snake(name): event for name, event in self.properties.get("Events", {}).items()}

    @property
    def statements(self) -> list[dict[str, Any]]:
        return [statement for policy in self.properties["Policies"] for statement in policy["Statement"]]

    @property
    def rules(self) -> dict[str, dict[str, Any]]:
        """The target of each rule that calls it with an input of its own, by the name of the rule within the stack."""
        return {
            block["Properties"]["Name"]["Fn::Sub"].removeprefix("${AWS::StackName}-"): target
            for _, block in _of_type("AWS::Events::Rule")
            for target in block["Properties"]["Targets"]
            if target["Arn"] == {"Fn::GetAtt": [self.logical, "Arn"]}
        }

    def schedules(self) -> int:
        """How many call it."""
        return len(self.rules) + len([event for event in self.events.values() if event["Type"] == "Schedule"])


def functions() -> list[Function]:
    return [Function(name, block["Properties"]) for name, block in _of_type("AWS::Serverless::Function")]


def routes(function: Function) -> dict[str, dict[str, Any]]:
    """What is said of each "GET /path"."""
    http = [event["Properties"] for event in function.events.values() if event["Type"] == "HttpApi"]
    return {f"{said['Method']} {said['Path']}": said for said in http}


def due(lane: str, now: datetime) -> dict[str, Any]:
    """What its rule brings due_sweep at that instant."""
    (swept,) = (function for function in functions() if function.name == "due_sweep")
    template = swept.rules[f"due-{lane}"]["InputTransformer"]["InputTemplate"]
    event: dict[str, Any] = json.loads(template.replace("<time>", json.dumps(now.isoformat())))
    return event


def queues() -> dict[str, str]:
    """The function that works on each queue, by its file; the queue in small letters."""
    files = {function.logical: function.name for function in functions()}
    mappings = [block["Properties"] for _, block in _of_type("AWS::Lambda::EventSourceMapping")]
    return {snake(output_of(said["EventSourceArn"])): files[said["FunctionName"]["Ref"]] for said in mappings}


def output_of(reference: dict[str, Any]) -> str:
    """`Catalog` of a GetAtt to Tables.Outputs.CatalogArn."""
    _, output = reference["Fn::GetAtt"]
    return re.sub(r"^Outputs\.|(Arn|Url)$", "", output)


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _of_type(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((name, block) for name, block in template()["Resources"].items() if block["Type"] == kind)
