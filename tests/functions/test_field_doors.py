"""Every door: who asks is looked at before what is asked, no answer is kept by anybody, and nothing opens by a trick.

The rule: whatever a request is made of, a function answers it with one of its own refusals or with what was asked; it
never fails, never tells a stranger what was wrong with it, and never shows one business to another.
"""

import base64
import importlib
import json
import re
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from kept import clock
from kept.client_links.links import LinkPurpose
from kept.runtime import aws
from kept.storage.tables import CatalogItem
from tests import lotus
from tests.asking import an_http_event
from tests.builders import STARTS
from tests.refusing import link
from tests.sample_events import Sample, samples, something_set_aside, the_world
from tests.templates import functions, routes

ROUTES = {route: (function.name, by) for function in functions() for route, by in routes(function).items()}
STAFF = {route: name for route, (name, by) in ROUTES.items() if by and by.for_staff}
BY_LINK = {route: name for route, (name, _) in ROUTES.items() if name == "my_appointment"}
PUBLIC = {route: name for route, (name, _) in ROUTES.items() if route not in STAFF and name != "my_appointment"}
LEADERS = {"catalog", "put_back", "follow_up_policy"}
LEADERS_ROUTES = {"POST /v1/desk/clients/{client}/stopped/{channel}/lift"}
SAFE = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=63072000",
    "x-content-type-options": "nosniff",
}
FOR_GOOD = {"/embed.js", "/desk/desk.js", "/desk/desk.css"}
"""Their addresses change with what is in them, so that a browser may keep them."""


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: STARTS)


@pytest.fixture
def world() -> None:
    """In which every sample event is answered as on an ordinary day."""
    the_world()
    something_set_aside()
    aws("sesv2").create_email_identity(EmailIdentity="desk@kept.example")


in_the_world = pytest.mark.usefixtures("world")


def filled(route: str, value: str = "x") -> str:
    return re.sub(r"{\w+}", value, route)


def answer_to(event: dict[str, Any], function: str) -> dict[str, Any]:
    """Names of headers in small letters."""
    answer: dict[str, Any] = importlib.import_module(function).handler(event, None)
    return answer | {"headers": {name.lower(): value for name, value in answer["headers"].items()}}


def by(event: dict[str, Any], groups: str, business: str = "lotus") -> dict[str, Any]:
    email = "sam@garage.example" if business == "garage" else "mei@lotus.example"
    claims = {
        "custom:business": business,
        "custom:staff": "mei",
        "cognito:groups": groups,
        "sub": "u-1",
        "email": email,
    }
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
def test_a_staff_route_says_nothing_of_the_request_to_whom_it_is_not_for(who: str) -> None:
    status, code, made = WHO[who]
    for route, body in product(STAFF, BROKEN.values()):
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


@in_the_world
@pytest.mark.parametrize("sample", [s for s in samples() if s.is_request], ids=str)
def test_no_answer_is_kept_or_guessed_at_by_anybody(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for what is the same for all; and a calendar, which its reader keeps and asks for again each time."""
    monkeypatch.setattr(clock, "now", lambda: sample.happens)
    said = answer_to(sample.event, sample.function)["headers"]
    kept = sample.event["rawPath"] in FOR_GOOD or sample.event["rawPath"].startswith("/b/lotus/logo/")
    theirs = {"cache-control": "private, no-cache"} if sample.event["rawPath"].startswith("/c/") else {}
    assert {name: said[name] for name in SAFE} == (
        SAFE | theirs | ({"cache-control": said["cache-control"]} if kept else {})
    )
    assert kept == ("max-age" in said["cache-control"])


ERRORS: dict[str, tuple[str, Any]] = {
    "no such route": ("GET {}/nothing/here/at/all", None),
    "another method": ("PATCH {}", None),
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
ASKED = {
    "booking": ("service", "staff", "from", "to", "zone"),
    "client_pages": (
        *("service", "staff", "zone", "lang", "day", "from", "start", "hold", "done", "zones", "people", "saved"),
    ),
    "desk_pages": ("code", "state"),
    "follow_up_policy": ("from", "to", "by"),
    "follow_ups": ("after", "assignee", "tier", "cause", "status", "missed", "locale"),
    "front_desk": ("on",),
    "inbound_calls": ("echostr", "signature", "timestamp", "nonce"),
}
REAL = {"business": "lotus", "appointment": "a-1", "client": "c-1", "follow_up": "f-thanks", "service": "cut"}
TOKENS = {
    "a": (LinkPurpose.MANAGE, "a-1"), "p": (LinkPurpose.PREFERENCES, "c-1"),
    "u": (LinkPurpose.UNSUBSCRIBE, "c-1"), "s": (LinkPurpose.SUBSCRIBE, "c-2"), "f": (LinkPurpose.SURVEY, "f-over"),
    "q": (LinkPurpose.QUEUE, "2026-03-02-001"), "w": (LinkPurpose.WAIT, "c-1-w2"),
}  # fmt: skip


def a_real_path(route: str) -> str:
    """To something that is there, by a link that is good."""
    kind = route.partition("/")[2][:1]
    token = link(TOKENS[kind][1], purpose=TOKENS[kind][0]) if "{token}" in route else ""
    return re.sub(r"{(\w+)}", lambda found: token if found[1] == "token" else REAL.get(found[1], "x"), route)


@in_the_world
@pytest.mark.parametrize("kind", NASTY)
def test_whatever_stands_in_a_path_or_a_query_is_answered(kind: str) -> None:
    value = NASTY[kind]
    for route, (function, _) in ROUTES.items():
        events = [an_http_event(filled(route, value.replace("\\", "")), {})]
        usual = {"service": "cut", "from": "2026-03-02", "to": "2026-03-02"} if function != "follow_ups" else {}
        if route.startswith("GET"):
            names = ASKED.get(function, ())
            events += [an_http_event(a_real_path(route), None, query=usual | {name: value}) for name in names]
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


WITH_JSON = [s for s in samples() if s.event.get("headers", {}).get("content-type", "").startswith("application/json")]


@in_the_world
@pytest.mark.parametrize("kind", VALUES)
def test_whatever_stands_in_a_field_is_answered(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each field of an ordinary body in turn, of those within fields as well."""
    for sample in (sample for sample in WITH_JSON if sample.event.get("body")):
        monkeypatch.setattr(clock, "now", lambda happens=sample.happens: happens)
        for changed in each_changed(json.loads(sample.event["body"]), VALUES[kind]):
            answer = answer_to(sample.event | {"body": json.dumps(changed)}, sample.function)
            assert answer["statusCode"] < 500, (sample, changed)


def each_changed(body: dict[str, Any], value: Any) -> list[dict[str, Any]]:
    found = []
    for name, was in body.items():
        found.append(body | {name: value})
        if isinstance(was, dict):
            found += [body | {name: inner} for inner in each_changed(was, value)]
    return found


FORMS: dict[str, str] = {
    "ten thousand fields": "&".join(f"x{n}=1" for n in range(1_200)),
    "many of one name": "service=cut&" * 30 + "x=1",
    "a field without a name": "=cut",
    "no form": "\0\x01\x02",
    "half a character": "name=%ED%A0%80",
    "no UTF-8": "name=%FF%FE",
    "a null character": "name=a%00b",
    "line breaks": "name=a%0D%0ABcc:%20x@y.example",
    "an encoded word": "name=%3D%3Futf-8%3Fq%3F%3D0D%3D0A%3F%3D",
    "JSON": '{"service": "cut"}',
    "multipart": '--x\r\nContent-Disposition: form-data; name="service"\r\n\r\ncut\r\n--x--',
    "broken escapes": "name=%&service=%c",
    "a huge version": "version=" + "9" * 4000,
    "a version that is none": "version=-1",
    "far": "start=9999-12-31T23:59:59-12:00&service=cut",
    "a start without an offset": "start=2026-03-02T10:00:00&service=cut",
    "nothing": "",
}
PAGES = [(route, name) for route, (name, _) in ROUTES.items() if route.startswith("POST /") and "/v1/" not in route]


@in_the_world
@pytest.mark.parametrize("kind", FORMS)
def test_whatever_is_sent_by_a_form_is_answered(kind: str) -> None:
    for (route, function), business in product(PAGES, ["lotus", "nobody", "x" * 3000]):
        path = a_real_path(route.replace("{business}", business))
        event = an_http_event(path, base64.b64encode(FORMS[kind].encode()).decode())
        event |= {"headers": {"content-type": "application/x-www-form-urlencoded"}, "isBase64Encoded": True}
        answer = answer_to(event, function)
        assert answer["statusCode"] < 500, route
        assert not any("\n" in str(said) or "\r" in str(said) for said in answer["headers"].values())


def test_a_business_with_a_name_longer_than_any_is_not_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """DynamoDB fails on a key of more than 2,048 bytes, which moto takes."""

    def asked(*_: object, **__: object) -> None:
        raise AssertionError("it was looked for")

    monkeypatch.setattr(CatalogItem, "query", asked)
    for route in ("GET /b/" + "x" * 65, "POST /b/" + "ü" * 3000 + "/book", "POST /b/" + "x" * 3000 + "/hold"):
        answer = answer_to(an_http_event(route, "service=cut"), "client_pages")
        assert answer["statusCode"] == 404


# What two could read differently

AMBIGUOUS = {
    "a name twice": ('{"service": "cut", "service": "colour"}', 400, "malformed_json"),
    "a name twice, inside": ('{"client": {"name": "A", "name": "B"}}', 400, "malformed_json"),
    "a name twice, once escaped": ('{"service": "cut", "s\\u0065rvice": "colour"}', 400, "malformed_json"),
    "NaN": ('{"version": NaN}', 400, "malformed_json"),
    "Infinity": ('{"version": Infinity}', 400, "malformed_json"),
    "minus Infinity, in a list": ('{"x": [-Infinity]}', 400, "malformed_json"),
    "half a character": ('{"note": "\\ud800"}', 422, "invalid_request"),
    "its other half": ('{"note": "\\udfff"}', 422, "invalid_request"),
    "half a character in a name": ('{"\\ud800": 1}', 422, "invalid_request"),
    "a null character": ('{"note": "a\\u0000"}', 422, "invalid_request"),
    "a null character in a name": ('{"a\\u0000": 1}', 422, "invalid_request"),
    "a byte order mark": ("\ufeff{}", 400, "malformed_json"),
    "more behind it": ("{} {}", 400, "malformed_json"),
    "a comment": ("{} // nothing", 400, "malformed_json"),
    "single quotes": ("{'a': 1}", 400, "malformed_json"),
    "a comma too many": ('{"a": 1,}', 400, "malformed_json"),
    "a number in hexadecimal": ('{"a": 0x1}', 400, "malformed_json"),
}
BOOK = "POST /v1/businesses/lotus/appointments"


@pytest.mark.parametrize(("body", "status", "code"), AMBIGUOUS.values(), ids=AMBIGUOUS)
def test_a_body_means_one_thing_only(body: str, status: int, code: str) -> None:
    answer = answer_to(an_http_event(BOOK, body), "booking")
    assert (answer["statusCode"], json.loads(answer["body"])["code"]) == (status, code)


@in_the_world
def test_a_backslash_that_somebody_typed_is_no_null_character() -> None:
    note = {"note": "C:\\u0000, and \\\\u0000"}
    body = json.loads(next(s for s in samples() if str(s) == "booking/book").event["body"]) | note
    assert answer_to(an_http_event(BOOK, body), "booking")["statusCode"] != 422


@pytest.mark.parametrize("kind", ["application/jsonx", "text/json", "application/json, text/plain", "", "x"])
def test_what_does_not_say_it_is_json_is_refused(kind: str) -> None:
    event = an_http_event(BOOK, {})
    event["headers"]["content-type"] = kind
    assert answer_to(event, "booking")["statusCode"] == 400


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON", "application/json; charset=utf-8"])
def test_what_says_so_in_any_spelling_is_read(kind: str) -> None:
    event = an_http_event(BOOK, {})
    event["headers"]["content-type"] = kind
    assert answer_to(event, "booking")["statusCode"] == 422


def test_what_is_asked_twice_is_refused_and_not_half_read() -> None:
    """API Gateway joins both by a comma."""
    query = {"service": "cut,colour", "from": "2026-03-02", "to": "2026-03-02,2026-03-09"}
    answer = answer_to(an_http_event("GET /v1/businesses/lotus/availability", query=query), "booking")
    fields = json.loads(answer["body"])["fields"]
    assert (answer["statusCode"], {field["field"] for field in fields}) == (422, {"service", "to"})


# Another business


@in_the_world
@pytest.mark.parametrize("route", [route for route in STAFF if "{" in route and not route.startswith("PUT")])
def test_nobody_of_another_business_finds_anything_by_its_id(route: str) -> None:
    """Nor changes it; what is not there is told in the same words as what is not theirs."""
    sample = next(s for s in samples() if s.route == route)
    before = lotus.everything()
    event = by(json.loads(json.dumps(sample.event)), "[owner]", business="garage")
    answer = answer_to(event, STAFF[route])
    assert answer["statusCode"] in (200, 404, 409, 422)
    assert not any(theirs in answer["body"] for theirs in ("lotus", "Li Na", "Mei")), answer["body"]
    after = lotus.everything()
    assert all(_of_lotus(after[name]) == _of_lotus(before[name]) for name in before)


def _of_lotus(items: Any) -> list[str]:
    return [item for item in items if "lotus" in item]
