"""Who may ask at all, looked at before all else of a request: a refusal tells a stranger nothing more."""

import re
from collections.abc import Callable, Iterable

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from kept import clock
from kept.api import identity

Guard = Callable[[APIGatewayProxyEventV2], object]
NAME = re.compile(r"<\w+>")


def everybody(_: APIGatewayProxyEventV2) -> None:
    """The route looks for itself: it is public, or signed in a way of its own."""


def with_a_link(event: APIGatewayProxyEventV2) -> None:
    """Raises LinkRequired, LinkInvalid, LinkExpired."""
    identity.link(event, now=clock.now())


def staff_only(
    at_least: str = "staff", *, leading: Iterable[str] = (), owning: Iterable[str] = (), writing: str = ""
) -> Guard:
    """`leading` are those routes of the function that only whoever leads the business may ask, `owning` those of its
    owners; `writing` is the role that may do more than look, where it is another."""
    theirs = [
        (re.compile(NAME.sub("[^/]+", route)), role)
        for role, routes in (("manager", leading), ("owner", owning))
        for route in routes
    ]

    def look(event: APIGatewayProxyEventV2) -> None:
        """Raises SignInRequired, RoleRequired."""
        asked = f"{event.request_context.http.method} {event.raw_path}"
        looks = event.request_context.http.method == "GET"
        usual = at_least if looks else writing or at_least
        identity.staff(event, at_least=next((role for route, role in theirs if route.fullmatch(asked)), usual))

    return look
