"""Every operation of the desk that the API's document promises: asked by another business, and by every role.

The rule: whose business it is and what they may comes from the token alone. Another's ids are ids of nothing, and an
operation that nobody guards is a fault, whatever it does.
"""

import base64
import gzip
import json
import re
from functools import cache
from importlib import import_module
from itertools import product
from typing import Any

import pytest
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from kept import clock
from kept.errors import Refusal
from tests import lotus
from tests.asking import an_http_event
from tests.sample_events import ROOT, Sample, samples, something_set_aside, the_world
from tests.templates import picked

VARIABLE = re.compile(r"{\w+}")
ITS_KEY = re.compile(r"'lotus['#]")
ROLES = ("staff", "manager", "owner")
FOR_LEADERS = {
    "DELETE /v1/desk/business/logo",
    "GET /v1/desk/business/logo",
    "GET /v1/desk/business/payment-account",
    "PUT /v1/desk/business/logo",
    "DELETE /v1/desk/rooms/{room}",
    "DELETE /v1/desk/saved-replies/{reply}",
    "DELETE /v1/desk/services/{service}",
    "DELETE /v1/desk/staff/{member}",
    "DELETE /v1/desk/texts/{language}/{stage}",
    "GET /v1/desk/catalog",
    "GET /v1/desk/closures",
    "GET /v1/desk/closures/{closure}",
    "GET /v1/desk/events",
    "GET /v1/desk/figures",
    "GET /v1/desk/figures.csv",
    "GET /v1/desk/figures/list",
    "GET /v1/desk/follow-up-figures",
    "GET /v1/desk/follow-up-figures.csv",
    "GET /v1/desk/follow-up-figures/misses",
    "GET /v1/desk/follow-up-policies",
    "GET /v1/desk/follow-up-policies/{number}",
    "GET /v1/desk/clients/{client}/dismissal",
    "GET /v1/desk/money",
    "GET /v1/desk/money.csv",
    "GET /v1/desk/money/open",
    "GET /v1/desk/set-aside",
    "GET /v1/desk/settings-history",
    "GET /v1/desk/sign-ins",
    "POST /v1/desk/business/logo/put-back",
    "POST /v1/desk/business/preview",
    "POST /v1/desk/business/terms/preview",
    "POST /v1/desk/clients/{client}/dismissal",
    "POST /v1/desk/clients/{client}/dismissal/end",
    "POST /v1/desk/clients/{client}/stopped/{channel}/lift",
    "POST /v1/desk/closures",
    "POST /v1/desk/closures/preview",
    "POST /v1/desk/closures/{closure}/go-on",
    "POST /v1/desk/closures/{closure}/undo",
    "POST /v1/desk/follow-up-policies/{number}/apply",
    "POST /v1/desk/follow-up-policies/{number}/preview",
    "POST /v1/desk/follow-up-policy/preview",
    "POST /v1/desk/rooms/{room}/preview",
    "POST /v1/desk/services/{service}/preview",
    "POST /v1/desk/set-aside/put-back",
    "POST /v1/desk/staff/{member}/preview",
    "POST /v1/desk/terms/dry-run",
    "POST /v1/desk/terms/dry-run.csv",
    "POST /v1/desk/texts/{language}/{stage}/preview",
    "PUT /v1/desk/business",
    "PUT /v1/desk/follow-up-policy",
    "PUT /v1/desk/rooms/{room}",
    "PUT /v1/desk/saved-replies/{reply}",
    "PUT /v1/desk/services/{service}",
    "PUT /v1/desk/staff/{member}",
    "PUT /v1/desk/texts/{language}/{stage}",
}
"""A new operation is for all staff unless it is added here on purpose."""
FOR_OWNERS = {
    "DELETE /v1/desk/webhooks/{webhook}",
    "GET /v1/desk/guide",
    "GET /v1/desk/webhooks",
    "GET /v1/desk/webhooks/{webhook}",
    "GET /v1/desk/webhooks/{webhook}/deliveries",
    "PATCH /v1/desk/sign-ins/{sign_in}",
    "POST /v1/desk/guide/trial",
    "POST /v1/desk/local-times",
    "POST /v1/desk/sign-ins",
    "POST /v1/desk/sign-ins/{sign_in}/deactivate",
    "POST /v1/desk/sign-ins/{sign_in}/invite-again",
    "POST /v1/desk/sign-ins/{sign_in}/reactivate",
    "POST /v1/desk/webhooks/{webhook}/redeliver",
    "POST /v1/desk/webhooks/{webhook}/replay",
    "POST /v1/desk/webhooks/{webhook}/rotate",
    "POST /v1/desk/webhooks/{webhook}/test",
    "PUT /v1/desk/guide",
    "PUT /v1/desk/guide/steps/{step}",
    "PUT /v1/desk/webhooks/{webhook}",
}
NAMED_BY_WHOEVER_PUTS_THEM = {
    "room", "service", "member", "reply", "webhook", "language", "stage", "number", "step"
}  # fmt: skip
"""Two businesses may have a room of the same name: its id leads to each one's own."""
OF_THE_SALON = ("Li Na", "Zhao Lei", "zhao@example.com", "Peanut", "Basin")


@cache
def operations() -> dict[str, str]:
    """Of the desk, as the document has them; each with the function that API Gateway wakes for it."""
    document = json.loads((ROOT / "infra" / "openapi.json").read_text(encoding="utf-8"))
    asked = [(method.upper(), path) for path, its in document["paths"].items() for method in its if "/desk/" in path]
    return {f"{method} {path}": _function(method, path) for method, path in asked}


def _function(method: str, path: str) -> str:
    route = picked(method, VARIABLE.sub("x", path))
    assert route, path
    return route.function


def samples_of(operation: str) -> list[Sample]:
    """The most specific operation that fits is a sample's own."""
    return _sorted_samples().get(operation, [])


@cache
def _sorted_samples() -> dict[str, list[Sample]]:
    found: dict[str, list[Sample]] = {}
    for sample in samples():
        if sample.is_request:
            found.setdefault(_operation_of(sample), []).append(sample)
    return found


def _operation_of(sample: Sample) -> str:
    method, path = sample.event["requestContext"]["http"]["method"], sample.event["rawPath"]

    def fits(operation: str) -> bool:
        its, _, pattern = operation.partition(" ")
        literal = [re.escape(part) for part in VARIABLE.split(pattern)]
        return its == method and re.fullmatch("[^/]+".join(literal), path) is not None

    return max(filter(fits, operations()), key=lambda it: len(VARIABLE.sub("", it)), default="")


def by(event: dict[str, Any], **claims: object) -> dict[str, Any]:
    """The same request with a token that says so."""
    authorizer = {"jwt": {"claims": claims, "scopes": None}} if claims else {}
    return event | {"requestContext": event["requestContext"] | {"authorizer": authorizer}}


def whoever(groups: object, business: str = "lotus", staff: str = "mei") -> dict[str, object]:
    email = f"{staff}@{business}.example"
    return {
        "custom:business": business,
        "custom:staff": staff,
        "cognito:groups": groups,
        "sub": "u-1",
        "email": email,
    }


def refusal(operation: str, claims: dict[str, object]) -> str | None:
    """Of its function's guard alone; None where it lets them in."""
    method, _, path = operation.partition(" ")
    event = by(an_http_event(f"{method} {VARIABLE.sub('x', path)}"), **claims)
    try:
        import_module(operations()[operation]).app._guard(APIGatewayProxyEventV2(event))
    except Refusal as refused:
        return refused.code
    return None


def least(operation: str) -> str:
    """The role that is enough; "nobody's" where not even a sign-in is needed."""
    if refusal(operation, {}) is None:
        return "nobody's"
    return next(role for role in ROLES if refusal(operation, whoever(f"[{role}]")) is None)


STRANGERS: dict[str, tuple[dict[str, object], int]] = {
    "nobody": ({}, 401),
    "no business": ({**whoever("[owner]"), "custom:business": ""}, 401),
    "no business at all": ({"custom:staff": "mei", "cognito:groups": "[owner]", "sub": "u-1"}, 401),
    "nobody of the business": ({"custom:business": "lotus", "cognito:groups": "[owner]"}, 401),
    "no group": (whoever(""), 403),
    "groups of nothing": (whoever("[]"), 403),
    "no groups at all": ({"custom:business": "lotus", "custom:staff": "mei", "sub": "u-1"}, 403),
    "a client": (whoever("[client]"), 403),
    "a group that sounds like one": (whoever("[owners staffs]"), 403),
    "in capitals": (whoever("[OWNER]"), 403),
    "within another word": (whoever("[not-owner]"), 403),
    "garbage": (whoever("]['\\u0000 {}"), 403),
    "very long": (whoever("x" * 5000), 403),
    "a list of nothing": (whoever([]), 403),
    "a list of others": (whoever(["client", ""]), 403),
}
CODES = {401: "sign_in_required", 403: "role_required"}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> None:
    the_world()
    something_set_aside()
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)


def answer_to(event: dict[str, Any], operation: str) -> tuple[int, Any]:
    answer = import_module(operations()[operation]).handler(event, None)
    text = answer.get("body") or "null"
    if answer.get("isBase64Encoded"):
        text = gzip.decompress(base64.b64decode(text)).decode()
    is_json = "json" in str({name.lower(): said for name, said in answer["headers"].items()}.get("content-type", ""))
    return answer["statusCode"], json.loads(text) if is_json else text


def test_every_operation_is_guarded_and_those_of_leaders_are_known() -> None:
    table = {operation: least(operation) for operation in operations()}
    known = dict.fromkeys(FOR_LEADERS, "manager") | dict.fromkeys(FOR_OWNERS, "owner")
    assert table == {it: known.get(it, "staff") for it in operations()}


def test_every_operation_has_a_sample_that_it_can_be_tried_with() -> None:
    assert [operation for operation in operations() if not samples_of(operation)] == []


@pytest.mark.usefixtures("world")
def test_whom_the_desk_is_not_for_gets_nowhere() -> None:
    """With the very requests that are answered to whoever it is for."""
    before = lotus.everything()
    for operation, (who, (claims, status)) in product(operations(), STRANGERS.items()):
        for sample in samples_of(operation):
            said, body = answer_to(by(sample.event, **claims), operation)
            assert (said, body["code"]) == (status, CODES[status]), (operation, who)
    assert lotus.everything() == before


@pytest.mark.usefixtures("world")
def test_what_leaders_do_staff_cannot() -> None:
    before = lotus.everything()
    for operation, lesser in (*product(sorted(FOR_LEADERS), ["staff"]), *product(sorted(FOR_OWNERS), ["manager"])):
        for sample in samples_of(operation):
            assert answer_to(by(sample.event, **whoever(f"[{lesser}]")), operation)[0] == 403, operation
    assert lotus.everything() == before


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("role", ROLES)
def test_whoever_may_is_let_in(role: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes of it is for other tests to say."""
    for operation in operations():
        if refusal(operation, whoever(f"[{role}]")):
            continue
        for sample in samples_of(operation):
            monkeypatch.setattr(clock, "now", lambda happens=sample.happens: happens)
            status, body = answer_to(by(sample.event, **whoever(f"[{role}]")), operation)
            assert status not in (401, 403), (operation, body)
            assert status < 500, (operation, body)


def salon() -> list[str]:
    """All that is stored of it."""
    stored = lotus.everything()
    return [item for items in stored.values() if isinstance(items, list) for item in items if ITS_KEY.search(item)]


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("function", sorted(set(operations().values())))
def test_the_ids_of_another_business_lead_nowhere(function: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The owner of the garage asks with everything that stands in the salon's own request."""
    theirs = [(it, sample) for it, its in operations().items() if its == function for sample in samples_of(it)]
    for operation, sample in theirs:
        own = set(re.findall(r"{(\w+)}", operation)) <= NAMED_BY_WHOEVER_PUTS_THEM
        monkeypatch.setattr(clock, "now", lambda happens=sample.happens: happens)
        before = salon()
        status, body = answer_to(by(sample.event, **whoever("[owner]", "garage", "sam")), operation)
        assert status < 500, (sample, body)
        assert status >= 400 or own, (sample, body)
        sent = sample.event.get("body") or ""
        told = [word for word in OF_THE_SALON if word in json.dumps(body, ensure_ascii=False) and word not in sent]
        assert told == [], (sample, body)
        assert salon() == before, sample
