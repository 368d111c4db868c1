"""API Gateway's routes, most of them for all that begins alike, and the routes of the functions' own routers."""

import importlib
import json
from itertools import product
from typing import Any

import pytest

from kept.runtime import log
from tests.asking import an_http_event
from tests.functions.conftest import cloud, made
from tests.templates import Function, GatewayRoute, functions, gateway_routes, picked, routes, template

__all__ = ["cloud", "made"]

CATCH_ALL = "ANY /{proxy+}"
with_routes = pytest.mark.parametrize(
    "function", [function for function in functions() if routes(function)], ids=lambda function: function.name
)
each_route = pytest.mark.parametrize("route", gateway_routes(), ids=lambda route: route.key)


@with_routes
def test_every_route_of_a_function_is_reached(function: Function) -> None:
    """API Gateway wakes this function for it and no other."""
    assert {route: by and by.function for route, by in routes(function).items()} == dict.fromkeys(
        routes(function), function.name
    )


@each_route
def test_no_route_of_api_gateway_leads_to_nothing(route: GatewayRoute) -> None:
    led = [it for function in functions() for it, by in routes(function).items() if by == route]
    assert led or route.key == CATCH_ALL


@with_routes
def test_what_is_the_staff_s_needs_their_token_and_nothing_else_does(function: Function) -> None:
    for route, by in routes(function).items():
        assert by
        assert ("/v1/desk" in route) == (by.said.get("Auth") == {"Authorizer": "Staff"}), route
        assert "/v1/desk" in route or "Auth" not in by.said, route


def test_which_of_two_routes_is_taken_is_never_a_matter_of_the_method() -> None:
    """AWS says that a longer path is taken before a shorter, and a method before ANY, and not which of these comes
    first: so a prefix that begins another route is for ANY method, or for no more methods than that one."""
    greedy = [route for route in gateway_routes() if route.is_greedy]
    for wide, narrow in product(greedy, gateway_routes()):
        begins = narrow.path.startswith(wide.path.partition("{")[0]) and narrow.path != wide.path
        if begins and narrow.is_greedy:
            assert wide.method == "ANY" or narrow.method == wide.method, (wide.key, narrow.key)


def test_a_prefix_is_named_as_the_local_gateway_knows_it() -> None:
    assert {it.path.rpartition("{")[2] for it in gateway_routes() if it.is_greedy} == {"proxy+}"}


def test_a_route_with_a_throttle_of_its_own_is_a_route_of_its_own() -> None:
    """A setting is for one route by its key: under a prefix nothing would be slower than the rest."""
    slower = template()["Resources"]["Api"]["Properties"]["RouteSettings"]
    own = {route.key for route in gateway_routes() if not route.is_greedy}
    assert slower
    assert set(slower) <= own
    for key in slower:
        assert picked(*key.replace("{business}", "lotus").split(" ")).key == key  # type: ignore[union-attr]


def test_no_kind_of_page_shares_its_throttle_with_what_strays_to_us() -> None:
    """Robots that try a thousand addresses slow down neither the way out of invitations nor a booking."""
    for path in (
        "/b/x",
        "/a/x",
        "/a/x/move",
        "/c/x",
        "/k/x",
        "/K/x",
        "/p/x",
        "/u/x",
        "/s/x",
        "/f/x",
        "/q/x",
        "/desk",
        "/v1/appointment",
    ):
        for method in ("GET", "POST"):
            found = picked(method, path)
            assert found
            assert (found.key == CATCH_ALL) == (path == "/desk" and method == "POST")


STRAY = {
    "/v1/desk/nothing": ("front_desk", True),
    "/v1/desk/follow-ups/f-1/nothing": ("follow_ups", True),
    "/v1/desk/follow-ups/f-1/call/again": ("follow_ups", True),
    "/v1/desk/follow-upsx": ("front_desk", True),
    "/v1/desk/follow-up-policies/1/nothing": ("follow_up_policy", True),
    "/v1/desk/follow-up-policies/": ("front_desk", True),
    "/v1/desk/follow-up-figures/nothing": ("follow_up_policy", True),
    "/v1/desk/figures/nothing": ("figures", True),
    "/v1/desk/figures.xls": ("front_desk", True),
    "/v1/desk/follow-up-figures.xls": ("front_desk", True),
    "/v1/desk/clients/c-1/nothing": ("clients", True),
    "/v1/desk/clients/c-1/follow-ups/f-1": ("clients", True),
    "/v1/desk/services/cut/nothing": ("catalog", True),
    "/v1/desk/staff/mei/nothing": ("catalog", True),
    "/v1/desk/rooms/chair/nothing": ("catalog", True),
    "/v1/desk/texts/en": ("catalog", True),
    "/v1/desk/set-aside/nothing": ("put_back", True),
    "/v1/desk/appointments/a-1/confirm/twice": ("front_desk", True),
    "/v1/desk/../businesses/lotus": ("front_desk", True),
    "/v1/businesses/lotus/nothing": ("booking", False),
    "/v1/businesses/lotus/holds/h-1": ("booking", False),
    "/v1/appointment/nothing": ("my_appointment", False),
    "/v1/appointments": ("client_pages", False),
    "/v1/desk": ("client_pages", False),
    "/v1/nothing": ("client_pages", False),
    "/v1/inbound/nothing/lotus": ("client_pages", False),
    "/v2/desk/catalog": ("client_pages", False),
    "/b/lotus/nothing": ("client_pages", False),
    "/a/x/nothing": ("client_pages", False),
    "/wp-login.php": ("client_pages", False),
}
"""What no function has, whom it wakes, and whether only with a token."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")


@pytest.mark.parametrize("path", STRAY)
@pytest.mark.parametrize("method", METHODS)
def test_a_path_that_no_function_has_is_answered_by_a_problem_document(path: str, method: str) -> None:
    """Of the staff's not before a token is seen: by API Gateway, which then wakes nobody, and by the function too."""
    route = picked(method, path)
    assert route
    assert (route.function, route.for_staff) == STRAY[path]
    answer = _answered(route, method, path, signed_in=route.for_staff)
    assert answer["statusCode"] in (401, 404) if route.function == "my_appointment" else answer["statusCode"] == 404
    if path.startswith("/v1/"):
        assert answer["headers"]["Content-Type"] == "application/problem+json"
        assert json.loads(answer["body"])["code"] in ("unknown_route", "link_required")
    if route.for_staff:
        stranger = _answered(route, method, path, signed_in=False)
        assert (stranger["statusCode"], json.loads(stranger["body"])["code"]) == (401, "sign_in_required")


@with_routes
def test_another_method_of_a_path_is_answered_by_a_problem_document(function: Function) -> None:
    """For every path there is. Pages answer with a page, and what people only mistype leads on."""
    known = set(routes(function))
    for path in {route.partition(" ")[2].replace("{", "").replace("}", "") for route in known}:
        there = {route.partition(" ")[0] for function in functions() for route in _taking(function, path)}
        for method in set(METHODS) - there - {"GET"}:
            route = picked(method, path)
            assert route
            answer = _answered(route, method, path, signed_in=route.for_staff)
            wanted = (401, 404) if route.function == "my_appointment" else (404,)
            assert answer["statusCode"] in wanted, (method, path)
            if path.startswith("/v1/"):
                assert answer["headers"]["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("POST /v1/desk/follow-ups/f-1/note", "ANY /v1/desk/follow-ups/{proxy+}"),
        ("GET /v1/desk/follow-ups/f-1", "GET /v1/desk/follow-ups/{follow_up}"),
        ("GET /a/token", "GET /a/{token}"),
        ("GET /a/token/nothing", "ANY /a/{proxy+}"),
        ("GET /desk", "GET /desk"),
    ],
    ids=["refused before", "by its own route", "a page", "no route", "files"],
)
def test_the_log_names_the_route_and_never_the_path(asked: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the function's own router, which tells pages and acts apart; what it has not, or refuses before it looks, is
    named as API Gateway does. A path may hold a client's token."""
    lines: list[dict[str, Any]] = []
    monkeypatch.setattr(log, "info", lambda _, extra: lines.append(extra))
    method, _, path = asked.partition(" ")
    route = picked(method, path)
    assert route
    _answered(route, method, path, signed_in=method == "GET")
    assert [line["route"] for line in lines] == [told]


def test_there_is_room_for_three_times_as_many() -> None:
    """Of the 300 routes that API Gateway gives, and the 500 resources of CloudFormation: what each route, schedule and
    function of the template becomes."""
    assert len(gateway_routes()) <= 75
    resources = template()["Resources"].values()
    made = sum(2 if block["Type"] == "AWS::Serverless::Function" else 1 for block in resources) + len(gateway_routes())
    assert made <= 170


def _taking(function: Function, path: str) -> list[str]:
    return [route for route in routes(function) if route.partition(" ")[2].replace("{", "").replace("}", "") == path]


def _answered(route: GatewayRoute, method: str, path: str, *, signed_in: bool) -> dict[str, Any]:
    event = an_http_event(f"{method} {path}", None if method in ("GET", "HEAD") else {}) | {"routeKey": route.key}
    if signed_in:
        claims = {"custom:business": "lotus", "custom:staff": "mei", "cognito:groups": "[owner]", "sub": "u-1"}
        event["requestContext"]["authorizer"] = {"jwt": {"claims": claims, "scopes": None}}
    answer: dict[str, Any] = importlib.import_module(route.function).handler(event, None)
    return answer
