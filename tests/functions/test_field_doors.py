"""Every door: who asks is looked at before what is asked, no answer is kept by anybody, and nothing opens by a trick.

The rule: whatever a request is made of, a function answers it with one of its own refusals or with what was asked; it
never fails, never tells a stranger what was wrong with it, and never shows one business to another.
"""

import importlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from kept import clock
from kept.runtime import aws
from tests import lotus
from tests.asking import an_http_event
from tests.sample_events import Sample, samples, something_set_aside, the_world
from tests.templates import functions, routes

REAL = {"business": "lotus", "appointment": "a-1", "client": "c-1", "follow_up": "f-thanks", "service": "cut"}
ROUTES = {route: (function.name, said) for function in functions() for route, said in routes(function).items()}
STAFF = {route: name for route, (name, said) in ROUTES.items() if "Auth" in said}
BY_LINK = {route: name for route, (name, _) in ROUTES.items() if name == "my_appointment"}
PUBLIC = {route: name for route, (name, said) in ROUTES.items() if "Auth" not in said and name != "my_appointment"}
LEADERS = {"catalog", "put_back", "follow_up_policy", "follow_up_reapplying", "follow_up_figures"}
LEADERS_ROUTES = {
    "POST /v1/desk/clients/{client}/stopped/{channel}/lift",
    "POST /v1/desk/staff/{member}/hand-over",
}
SAFE = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
}
FOR_GOOD = {"/desk/desk.js", "/desk/desk.css"}
"""Their addresses change with what is in them, so that a browser may keep them."""


@pytest.fixture(autouse=True)
def _world(monkeypatch: pytest.MonkeyPatch) -> None:
    the_world()
    something_set_aside()
    aws("sesv2").create_email_identity(EmailIdentity="desk@kept.example")
    monkeypatch.setattr(clock, "now", lambda: lotus.NOW)


def filled(route: str, value: str = "x") -> str:
    return re.sub(r"{\w+}", value, route)


def answer_to(event: dict[str, Any], function: str) -> dict[str, Any]:
    """Names of headers in small letters."""
    answer: dict[str, Any] = importlib.import_module(function).handler(event, None)
    return answer | {"headers": {name.lower(): value for name, value in answer["headers"].items()}}


def by(event: dict[str, Any], groups: str, business: str = "lotus") -> dict[str, Any]:
    claims = {"custom:business": business, "custom:staff": "mei", "cognito:groups": groups, "sub": "u-1"}
    event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    return event


# Who asks comes first

BROKEN: dict[str, Any] = {
    "no JSON": "{",
    "no object": "[]",
    "nothing": None,
    "empty": "",
    "too large": '{"x": "' + "x" * 20_000 + '"}',
    "a wrong field": {"nobody": "knows"},
    "a wrong type": {"start": 7, "name": [], "reason": {}},
    "very deep": "[" * 8000,
    "NaN": '{"x": NaN}',
    "a name twice": '{"x": 1, "x": 2}',
    "half a character": '{"x": "\\ud800"}',
    "a null character": '{"x": "\\u0000"}',
    "a form": "x=1",
}
WHO: dict[str, tuple[int, str, Callable[[dict[str, Any]], dict[str, Any]]]] = {
    "nobody": (401, "sign_in_required", lambda event: event),
    "claims of nothing": (401, "sign_in_required", lambda event: by(event, "[owner]", business="")),
    "no group": (403, "role_required", lambda event: by(event, "")),
    "a group of others": (403, "role_required", lambda event: by(event, "[client]")),
    "a group that sounds like one": (403, "role_required", lambda event: by(event, "[owners staffs]")),
}


@pytest.mark.parametrize("who", WHO)
@pytest.mark.parametrize("route", STAFF)
def test_a_staff_route_says_nothing_of_the_request_to_whom_it_is_not_for(route: str, who: str) -> None:
    status, code, made = WHO[who]
    for body in BROKEN.values():
        for path, query in (("x", {}), ("!", {"after": "!", "on": "never", "from": "x", "by": "y", "a": "1,2"})):
            answer = answer_to(made(an_http_event(filled(route, path), body, query=query)), STAFF[route])
            assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (status, code)


@pytest.mark.parametrize("route", [r for r, name in STAFF.items() if name in LEADERS or r in LEADERS_ROUTES])
def test_what_leaders_do_says_nothing_to_staff(route: str) -> None:
    for body in BROKEN.values():
        answer = answer_to(by(an_http_event(filled(route), body), "[staff]"), STAFF[route])
        assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (403, "role_required")
    assert answer_to(by(an_http_event(filled(route), "{"), "[manager]"), STAFF[route])["statusCode"] != 403


@pytest.mark.parametrize("route", BY_LINK)
def test_a_link_is_looked_at_before_the_body(route: str) -> None:
    links = {"": (401, "link_required"), "Basic eDp5": (401, "link_required"), "Bearer ": (401, "link_required")}
    links |= {
        "Bearer x": (403, "link_invalid"),
        "bearer m.k1.lotus.a-1.ffffffff.AAAAAAAAAAAAAAAAAAAAAA": (403, "link_invalid"),
    }
    for header, (status, code) in links.items():
        for body in BROKEN.values():
            event = an_http_event(route, body)
            event["headers"] |= {"authorization": header} if header else {}
            answer = answer_to(event, BY_LINK[route])
            assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (status, code)
            assert ("www-authenticate" in answer["headers"]) is (status == 401)


# Headers


@pytest.mark.parametrize("sample", [s for s in samples() if s.route], ids=str)
def test_no_answer_is_kept_or_guessed_at_by_anybody(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: sample.happens)
    said = answer_to(sample.event, sample.function)["headers"]
    kept = sample.event["rawPath"] in FOR_GOOD
    assert {name: said[name] for name in SAFE} == SAFE | ({"cache-control": said["cache-control"]} if kept else {})
    assert kept == ("max-age" in said["cache-control"])


ERRORS: dict[str, tuple[str, Any]] = {
    "no such route": ("GET {}/nothing/here/at/all", None),
    "another method": ("DELETE {}", None),
    "HEAD": ("HEAD {}", None),
    "OPTIONS": ("OPTIONS {}", None),
    "a body too large": ("POST {}", "x" * 300_000),
    "no JSON": ("POST {}", "{"),
    "no base64": ("POST {}", "!"),
}


@pytest.mark.parametrize("error", ERRORS)
@pytest.mark.parametrize("function", sorted({name for name, _ in ROUTES.values()}))
def test_neither_is_one_that_says_what_is_wrong(function: str, error: str) -> None:
    asked, body = ERRORS[error]
    for route in (route for route, (name, _) in ROUTES.items() if name == function):
        event = an_http_event(asked.format(filled(route).partition(" ")[2]), body)
        for one in (event, by(dict(event), "[owner]"), event | {"isBase64Encoded": True}):
            answer = answer_to(one, function)
            assert 400 <= answer["statusCode"] < 500
            assert {name: answer["headers"][name] for name in SAFE} == SAFE


# Nothing fails

NASTY = {
    "null": "\0",
    "line breaks": "a\r\nSet-Cookie: x=1",
    "very long": "x" * 3000,
    "up and out": "../../etc/passwd",
    "up and out, encoded": "..%2f..%2fetc%2fpasswd",
    "markup": "<script>alert(1)</script>",
    "quotes": "' OR '1'='1",
    "another item's key": "lotus#mei",
    "a full stop": ".",
    "emoji": "🙂" * 50,
    "right to left": "\u202egpj.exe",
    "minus": "-1",
    "huge": "9" * 400,
    "exponent": "1e999",
    "NaN": "NaN",
    "true": "true",
    "a list": "[]",
    "the farthest day": "9999-12-31",
    "the first day": "0001-01-01",
    "a day after the last": "10000-01-01",
    "a day by its week": "2026-W10-1",
    "30 February": "2026-02-30",
    "a moment": "2026-03-02T17:00:00+08:00",
    "a comma": "cut,colour",
    "a template": "{{7*7}}${7*7}",
    "a format": "%s%n{0.__class__}",
    "blank": " ",
    "full width": "２０２６－０３－０２",
}
NAMES = ("service", "staff", "from", "to", "on", "zone", "lang", "day", "start", "hold", "after", "by", "assignee",
         "tier", "missed", "status", "locale", "done", "zones", "people", "saved", "token", "echostr", "signature",
         "timestamp", "nonce")  # fmt: skip
EVERY = sorted(ROUTES)


@pytest.mark.parametrize("kind", NASTY)
def test_whatever_stands_in_a_path_or_a_query_is_answered(kind: str) -> None:
    value = NASTY[kind]
    for route in EVERY:
        function, _ = ROUTES[route]
        path = re.sub(r"{(\w+)}", lambda found: REAL.get(found[1], "x"), route)
        events = [an_http_event(filled(route, value.replace("\\", "")), {})]
        events += [
            an_http_event(path, None, query={"service": "cut", "from": "2026-03-02", "to": "2026-03-02", name: value})
            for name in NAMES
        ]
        for event in events:
            answer = answer_to(by(event, "[owner]"), function)
            assert answer["statusCode"] < 500, (route, event["queryStringParameters"])
            assert not any("\n" in str(said) or "\r" in str(said) for said in answer["headers"].values())


VALUES: dict[str, Any] = {
    "a number as text": "7",
    "a huge number": 10**300,
    "a fraction": 1.5,
    "no end": 1e400,
    "minus": -1,
    "true": True,
    "nothing": None,
    "a list": [[]],
    "an object": {"a": {"b": 1}},
    "half a character": "\ud83d",
    "a null character": "a\0b",
    "line breaks": "a\r\nBcc: x@y.example",
    "very long": "x" * 9000,
    "right to left": "\u202egpj.exe",
    "an encoded word": "=?utf-8?q?=0D=0ABcc:x=40y.example?=",
    "the farthest moment": "9999-12-31T23:59:59-12:00",
    "the first moment": "0001-01-01T00:00:00+14:00",
    "a far day": "8999-12-31",
    "empty": "",
    "blank": " \t ",
    "many": ["x"] * 2000,
}


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("sample", [s for s in samples() if s.route and s.event.get("body")], ids=str)
def test_whatever_stands_in_a_field_is_answered(sample: Sample, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each field of an ordinary body in turn, of those within fields as well."""
    monkeypatch.setattr(clock, "now", lambda: sample.happens)
    if not sample.event["headers"].get("content-type", "").startswith("application/json"):
        pytest.skip("a form")
    body = json.loads(sample.event["body"])
    for changed in each_changed(body, VALUES[kind]):
        answer = answer_to(sample.event | {"body": json.dumps(changed)}, sample.function)
        assert answer["statusCode"] < 500, changed


def each_changed(body: dict[str, Any], value: Any) -> list[dict[str, Any]]:
    found = []
    for name, was in body.items():
        found.append(body | {name: value})
        if isinstance(was, dict):
            found += [body | {name: inner} for inner in each_changed(was, value)]
    return found
