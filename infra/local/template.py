"""The real template.yaml as ministack can take it: packaged, its SAM resources translated, its routes unfolded."""

import json
import os
from typing import Any

from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.translator.transform import transform
from samtranslator.yaml_helper import yaml_parse
from yaml import YAMLError

from infra.local import loops, routes
from infra.local.package import Uploads, functions_zip, layer_zip, payments_zip
from infra.local.place import PATIENCE, REGION, ROOT

Template = dict[str, Any]

STOOD_IN_FOR = frozenset({"AWS::SMSVOICE::ConfigurationSet"})
"""What ministack does not make, and the stand-in provider does itself: it publishes the receipts of text messages."""

WORKERS_AT_ONCE = 4
"""Of one function: each is a process that imports everything, a second or two of a core, and of the twenty senders that
the cloud may start at once a dozen came up after every first start, for the messages of the demo."""


class _ManagedPolicies:
    """Names of managed policies need no looking up: nothing here asks for permission."""

    def load(self) -> dict[str, str]:
        return {}


class Unusable(Exception):
    """A template that cannot be read or translated; its text says why and where."""


def parameters() -> dict[str, Any]:
    """The template's own, by name."""
    return dict(_read("template.yaml").get("Parameters", {}))


def expanded(uploads: Uploads) -> Template:
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    packaged = _packaged(_read("template.yaml"), uploads)
    try:
        translated: Template = transform(packaged, {}, _ManagedPolicies())
    except InvalidDocumentException as error:
        raise Unusable("; ".join(cause.message for cause in error.causes)) from error
    return translated | {"Resources": routes.unfold(translated["Resources"])}


def _packaged(template: Template, uploads: Uploads) -> Template:
    code = uploads.put(functions_zip(), ".zip")
    layers = {"KeptLayer": uploads.put(layer_zip(), ".zip"), "PaymentsLayer": uploads.put(payments_zip(), ".zip")}
    settings = template.get("Globals", {}).get("Function", {})
    if "CodeUri" in settings:
        settings["CodeUri"] = code
    settings["Timeout"] = PATIENCE  # what a function is given in the cloud, a busy machine may need to start it
    resources = template["Resources"] = {
        name: resource for name, resource in template["Resources"].items() if resource["Type"] not in STOOD_IN_FOR
    }
    for name, resource in resources.items():
        properties = resource.setdefault("Properties", {})
        match resource["Type"]:
            case "AWS::Serverless::Function" if "CodeUri" in properties:
                properties["CodeUri"] = code
            case "AWS::Serverless::LayerVersion":
                properties["ContentUri"] = layers[name]
            case "AWS::Serverless::Application":
                properties["Location"] = uploads.put_template(_nested(properties["Location"]))
            case "AWS::Lambda::EventSourceMapping" if "ScalingConfig" in properties:
                scaling = properties["ScalingConfig"]
                scaling["MaximumConcurrency"] = min(scaling["MaximumConcurrency"], WORKERS_AT_ONCE)
            case "AWS::CloudFormation::Stack":
                properties["TemplateURL"] = uploads.put_template(_nested(properties["TemplateURL"]))
    return template


def _nested(path: str) -> bytes:
    return json.dumps(loops.written_out(_read(path)), default=str).encode()


def _read(path: str) -> Template:
    try:
        template: Template = yaml_parse((ROOT / path).read_text())
    except YAMLError as error:
        raise Unusable(f"{path}: {error}") from error
    return template
