"""What is deployed is what template.yaml says, and answers at the one address."""

import urllib.error
import urllib.request
from typing import Any

import pytest
from samtranslator.yaml_helper import yaml_parse

from infra.local.place import ROOT
from tests.local.stack import Stack

pytestmark = pytest.mark.stack
TEMPLATE = yaml_parse((ROOT / "template.yaml").read_text())


def events() -> list[dict[str, Any]]:
    resources = TEMPLATE["Resources"].values()
    functions = [found for found in resources if found["Type"] == "AWS::Serverless::Function"]
    return [event for found in functions for event in found["Properties"].get("Events", {}).values()]


def routes(*, for_staff: bool) -> set[str]:
    http = [event["Properties"] for event in events() if event["Type"] == "HttpApi"]
    return {f"{said['Method']} {said['Path']}" for said in http if ("Auth" in said) == for_staff}


def test_every_route_is_there_and_those_of_staff_need_a_token(stack: Stack) -> None:
    api = stack.client("apigatewayv2")
    deployed = api.get_routes(ApiId=api.get_apis()["Items"][0]["ApiId"])["Items"]
    with_token = {route["RouteKey"] for route in deployed if route["AuthorizationType"] == "JWT"}
    without = {route["RouteKey"] for route in deployed if route["AuthorizationType"] == "NONE"}
    assert with_token == routes(for_staff=True)
    assert without == routes(for_staff=False)


@pytest.mark.parametrize("route", sorted(routes(for_staff=True)))
@pytest.mark.parametrize("token", ["", "Bearer nonsense"], ids=["no token", "a made-up token"])
def test_a_route_of_staff_refuses_who_is_not_signed_in(route: str, token: str, stack: Stack) -> None:
    """Nor does any path of theirs that there is not, by whatever method."""
    method, _, path = route.replace("ANY", "GET").replace("{proxy+}", "nothing/here").partition(" ")
    headers = {"Authorization": token} if token else {}
    request = urllib.request.Request(stack.base_url + path, method=method, headers=headers)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request)
    refused.value.close()
    assert refused.value.code == 401


STRAY = ["/v1/nothing", "/v1/businesses/lotus/nothing", "/v1/desk", "/v1/inbound/nothing"]


@pytest.mark.parametrize("path", STRAY)
@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_a_path_that_no_function_has_is_answered_by_a_problem_document(method: str, path: str, stack: Stack) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(stack.base_url + path, method=method))
    with refused.value as answer:
        assert (answer.code, answer.headers["Content-Type"]) == (404, "application/problem+json")


def test_every_schedule_calls_its_function(stack: Stack) -> None:
    rules = stack.client("events")
    named = [rule["Name"] for rule in rules.list_rules()["Rules"]]
    called = [target["Arn"] for rule in named for target in rules.list_targets_by_rule(Rule=rule)["Targets"]]
    own = [block for block in TEMPLATE["Resources"].values() if block["Type"] == "AWS::Events::Rule"]
    scheduled = [event for event in events() if event["Type"] == "Schedule"]
    assert len(called) == len(own) + len(scheduled)
    assert len(set(called)) == 1 + len(scheduled)


def test_every_queue_that_is_worked_on_gives_up_into_dead_letters(stack: Stack) -> None:
    mappings = stack.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    sources = [found["EventSourceArn"] for found in mappings if ":sqs:" in found["EventSourceArn"]]
    worked_on = [arn for arn in sources if "DeadLetters" not in arn]
    assert worked_on
    sqs = stack.client("sqs")
    urls = {url.rpartition("/")[2]: url for url in sqs.list_queues()["QueueUrls"]}
    for arn in worked_on:
        known = sqs.get_queue_attributes(QueueUrl=urls[arn.rpartition(":")[2]], AttributeNames=["RedrivePolicy"])
        assert "DeadLetters" in known["Attributes"]["RedrivePolicy"]
