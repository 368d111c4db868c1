"""The bench of cold starts has an event for every function, and each is one that its function answers."""

import importlib
from collections.abc import Mapping
from typing import Any

import pytest

from tests.bench import cold_start
from tests.templates import functions

CASES = list(cold_start.cases())


def test_every_function_has_its_case() -> None:
    """And none has one that is not deployed."""
    assert {function for function, _, _ in CASES} == {it.name for it in functions()}


@pytest.mark.parametrize(("function", "does", "event"), CASES, ids=lambda it: it if isinstance(it, str) else "")
def test_the_event_is_answered(function: str, does: str, event: Mapping[str, Any]) -> None:
    """Without an error, though there is nothing: a start that fails early is no start to be measured."""
    answer = importlib.import_module(function).handler(event, None)
    if "routeKey" in event and does == cold_start.AT_ONCE:
        assert answer["statusCode"] in (401, 404)
