"""Bringing the stack to what the files say; nothing is done when it is there already."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from infra.local.package import Uploads, functions_zip, layer_zip, templates
from infra.local.place import HERE, STACK_NAME, NotNow, Place, fingerprint
from infra.local.stack import client

_CONTENT_TAG = "kept-content"
_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_GIVE_UP_AFTER = 120.0


class NeverDeployed(NotNow):
    """A first deployment that failed: what it left cannot be updated and holds nothing."""


def deploy(place: Place, say: Callable[[str], None]) -> None:
    """Raises NotNow with the reason; NeverDeployed when it is the first time."""
    cloudformation = client(place, "cloudformation")
    content, stack = _content(place), _stack(cloudformation)
    if not stack or _tags(stack).get(_CONTENT_TAG) != content:
        say("deploying template.yaml")
        _bring_up(place, cloudformation, content, exists=stack is not None)


def api_id(place: Place) -> str:
    """The one HTTP API of the stack."""
    return str(client(place, "apigatewayv2").get_apis()["Items"][0]["ApiId"])


def _bring_up(place: Place, cloudformation: Any, content: str, *, exists: bool) -> None:
    from infra.local import template  # a second's import, not needed when nothing has changed

    uploads, failure = Uploads(place), NotNow if exists else NeverDeployed
    try:
        call = cloudformation.update_stack if exists else cloudformation.create_stack
        call(
            StackName=STACK_NAME,
            TemplateURL=uploads.put_template(json.dumps(template.expanded(uploads), default=str).encode()),
            Parameters=_parameters(place, template.parameters()),
            Capabilities=_CAPABILITIES,
            Tags=[{"Key": _CONTENT_TAG, "Value": content}],
        )
    except (ClientError, template.Unusable) as error:
        raise failure(f"template.yaml cannot be deployed: {error}") from error
    _until_done(cloudformation, failure)


def _parameters(place: Place, known: dict[str, Any]) -> list[dict[str, str]]:
    """What a deployment has to say of itself, as far as the template asks."""
    values = {
        "Protection": "no",
        "PublicUrl": place.url,
        "SenderEmail": "desk@kept.example",
        "SmsOrigination": "+12025550100",
        "SmsEvents": "yes",
        "WhatsappNumber": "phone-number-id-0123456789abcdef0123456789abcdef",
        "SendingRates": "email=100 sms=100 whatsapp=100 wechat=100 webhook=100",
        "FrontBusiness": "lanting",
        "SignInUrl": place.stack_url,
    }
    return [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items() if key in known]


def _until_done(cloudformation: Any, failure: type[NotNow]) -> None:
    give_up = time.monotonic() + _GIVE_UP_AFTER
    while time.monotonic() < give_up:
        stack = _stack(cloudformation) or {"StackStatus": "DELETE_COMPLETE"}
        status = stack["StackStatus"]
        if status in ("CREATE_COMPLETE", "UPDATE_COMPLETE"):
            return
        if status.endswith(("_FAILED", "_COMPLETE")) and "CLEANUP" not in status:
            raise failure(f"The stack could not be deployed ({status}): {_first_failure(cloudformation)}")
        time.sleep(0.1)
    raise failure("The stack could not be deployed in two minutes.")


def _first_failure(cloudformation: Any) -> str:
    events = cloudformation.describe_stack_events(StackName=STACK_NAME)["StackEvents"]
    failed = [event for event in events if event["ResourceStatus"].endswith("_FAILED")]
    reasons = [f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}" for event in failed]
    return reasons[-1] if reasons else "no reason was given"


def _stack(cloudformation: Any) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = cloudformation.describe_stacks(StackName=STACK_NAME)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        return None
    return found


def _tags(stack: dict[str, Any]) -> dict[str, str]:
    return {tag["Key"]: tag["Value"] for tag in stack.get("Tags", [])}


def _content(place: Place) -> str:
    """A fingerprint of everything a deployment is made of, its parameters and the way it is made included."""
    ours = (HERE / name for name in ("deploy.py", "loops.py", "template.py", "routes.py"))
    sources: list[Path] = [*templates(), *ours]
    return fingerprint(functions_zip(), layer_zip(), place.url.encode(), *(path.read_bytes() for path in sources))
