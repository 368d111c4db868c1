"""template.yaml and the templates it nests, as tests ask about them."""

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from samtranslator.yaml_helper import yaml_parse

from infra.local.loops import written_out

ROOT = Path(__file__).parents[1]
VARIABLE = re.compile(r"{\w+}")


@cache
def template(path: str = "template.yaml") -> dict[str, Any]:
    """Its loops (Fn::ForEach) written out, as CloudFormation does."""
    return written_out(yaml_parse((ROOT / path).read_text(encoding="utf-8")))


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


@dataclass(frozen=True, slots=True)
class GatewayRoute:
    """A route of API Gateway, and the function that it wakes."""

    key: str
    function: str
    said: dict[str, Any]

    @property
    def method(self) -> str:
        return self.key.partition(" ")[0]

    @property
    def path(self) -> str:
        return self.key.partition(" ")[2]

    @property
    def is_greedy(self) -> bool:
        return self.path.endswith("+}")

    @property
    def for_staff(self) -> bool:
        return "Auth" in self.said

    def variables(self, path: str) -> dict[str, str] | None:
        """What stands in the place of its variables; None where the path is none of its."""
        name = r"{(\w+)(\+?)}"
        pattern = re.sub(name, lambda found: f"(?P<{found[1]}>{'.+' if found[2] else '[^/]+'})", self.path)
        matched = re.fullmatch(pattern.replace(".csv", r"\.csv"), path)
        return matched and matched.groupdict()

    def takes(self, method: str, path: str) -> bool:
        return self.method in ("ANY", method) and self.variables(path) is not None


@cache
def gateway_routes() -> list[GatewayRoute]:
    return [
        GatewayRoute(f"{said['Method']} {said['Path']}", function.name, said)
        for function in functions()
        for event in function.events.values()
        if event["Type"] == "HttpApi"
        for said in (event["Properties"],)
    ]


def picked(method: str, path: str) -> GatewayRoute | None:
    """As API Gateway picks: one that is not greedy before one that is, the most specific of several, a method before
    ANY."""
    taken = [route for route in gateway_routes() if route.takes(method, path)]
    return max(taken, key=lambda it: (not it.is_greedy, _literal(it.path), it.method != "ANY"), default=None)


def _literal(path: str) -> int:
    return sum("{" not in part for part in path.split("/"))


def routes(function: Function) -> dict[str, GatewayRoute | None]:
    """Every "GET /path" of its own router, and by which route of API Gateway it is reached. A path with a choice in it
    stands for one route each."""
    return {f"{method} {path}": picked(method, VARIABLE.sub("x", path)) for method, path in _of_router(function.name)}


@cache
def _of_router(function: str) -> list[tuple[str, str]]:
    app = getattr(import_module(function), "app", None)
    return [
        (route.method, path)
        for route in ((*app._static_routes, *app._dynamic_routes) if app else ())
        for path in _paths(route.openapi_path, get_type_hints(route.func, include_extras=True))
    ]


def _paths(path: str, hints: dict[str, Any]) -> Iterator[str]:
    choices = {name: _choice(hint) for name, hint in hints.items() if f"{{{name}}}" in path and _choice(hint)}
    for chosen in itertools.product(*choices.values()):
        filled = path
        for name, value in zip(choices, chosen, strict=True):
            filled = filled.replace(f"{{{name}}}", value)
        yield filled


def _choice(hint: Any) -> tuple[str, ...]:
    literal = get_args(hint)[0] if hasattr(hint, "__metadata__") else hint
    return get_args(literal) if get_origin(literal) is Literal else ()


def asked(function: str, method: str, path: str) -> str:
    """The route of the function's router that answers this; "" where none does."""
    its = [its for its in _of_router(function) if its[0] == method]
    fits = [own for _, own in its if re.fullmatch(VARIABLE.sub("[^/]+", own.replace(".", r"\.")), path)]
    return f"{method} {max(fits, key=_literal)}" if fits else ""


def due(lane: str, now: datetime) -> dict[str, Any]:
    """What its rule brings due_sweep at that instant."""
    (swept,) = (function for function in functions() if function.name == "due_sweep")
    template = swept.rules[f"due-{lane}"]["InputTransformer"]["InputTemplate"]
    event: dict[str, Any] = json.loads(template.replace("<time>", json.dumps(now.isoformat())))
    return event


def queues() -> dict[str, str]:
    """The function that works on each queue, by its file; the queue in small letters."""
    return _mapped("Queues")


def streams() -> dict[str, str]:
    """The function that reads each table's stream, by its file; the table in small letters."""
    return {name.removesuffix("_stream"): function for name, function in _mapped("Tables").items()}


def mappings(stack: str) -> list[dict[str, Any]]:
    """What brings a function work from the queues (Queues) or the tables (Tables)."""
    found = [block["Properties"] for _, block in _of_type("AWS::Lambda::EventSourceMapping")]
    return [said for said in found if said["EventSourceArn"]["Fn::GetAtt"][0] == stack]


def _mapped(stack: str) -> dict[str, str]:
    files = {function.logical: function.name for function in functions()}
    return {snake(output_of(said["EventSourceArn"])): files[said["FunctionName"]["Ref"]] for said in mappings(stack)}


def output_of(reference: dict[str, Any]) -> str:
    """`Catalog` of a GetAtt to Tables.Outputs.CatalogArn."""
    _, output = reference["Fn::GetAtt"]
    return re.sub(r"^Outputs\.|(Arn|Url)$", "", output)


def snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _of_type(kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((name, block) for name, block in template()["Resources"].items() if block["Type"] == kind)
