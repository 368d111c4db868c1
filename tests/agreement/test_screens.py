"""The screens whose cold start is measured are answered by functions of the template."""

import pytest

from tests.bench.screens import SCREENS, woken
from tests.templates import functions


@pytest.mark.parametrize("screen", SCREENS)
def test_every_request_of_a_screen_is_answered_by_a_function(screen: str) -> None:
    """`woken` raises LookupError for a request that no route takes."""
    assert set(woken(screen)) <= {function.name for function in functions()}


def test_a_route_without_variables_is_asked_before_the_greedy_one() -> None:
    """GET /{path+} takes everything, and shows nobody the desk."""
    assert "client_pages" not in woken("the desk's day")
