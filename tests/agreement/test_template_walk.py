"""The walk over a whole run of tests: what it tells, of which calls and permissions, and when."""

from collections import defaultdict
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, cast

import pytest

from tests.asked_of_aws import FUNCTIONS, Asked, allowed, asked_by_lambda, meddling, recording
from tests.functions.conftest import cloud, made
from tests.template_walk import EVERY_FILE, Walk, compared
from tests.templates import Function, functions

__all__ = ["cloud", "made"]

A_TEST = "tests/functions/test_booking.py::test_a_booking"
SOMETHING = ("dynamodb:Query", "catalog")


def everything() -> Asked:
    """Each function asked for all it may, by one test."""
    return defaultdict(dict, {function.name: dict.fromkeys(allowed(function), A_TEST) for function in functions()})


def test_a_run_that_used_all_it_may_and_nothing_else_is_told_nothing() -> None:
    assert list(compared(everything(), whole=True)) == []


@pytest.mark.parametrize("whole", [True, False])
def test_a_call_that_is_not_allowed_is_told_after_every_run(whole: bool) -> None:
    asked = everything()
    asked["booking"]["dynamodb:Scan", "clients"] = A_TEST
    assert list(compared(asked, whole=whole)) == [f"not allowed: booking dynamodb:Scan on clients, asked in {A_TEST}"]


def test_another_index_or_table_is_not_what_is_allowed() -> None:
    asked = everything()
    asked["booking"] |= dict.fromkeys([("dynamodb:Query", "appointments"), ("dynamodb:PutItem", "catalog")], A_TEST)
    assert [line.split(",")[0] for line in compared(asked, whole=False)] == [
        "not allowed: booking dynamodb:PutItem on catalog",
        "not allowed: booking dynamodb:Query on appointments",
    ]


def test_a_permission_nobody_used_is_told_after_a_whole_run_alone() -> None:
    asked = everything()
    del asked["booking"][SOMETHING]
    assert list(compared(asked, whole=True)) == ["allowed and never used: booking dynamodb:Query on catalog"]
    assert list(compared(asked, whole=False)) == []


@pytest.mark.parametrize("function", functions(), ids=lambda function: function.name)
def test_what_lambda_asks_for_a_function_is_allowed(function: Function) -> None:
    """Its poller reads the queue, and no test sees it."""
    assert asked_by_lambda(function) <= allowed(function)


def test_workers_hand_over_what_they_saw() -> None:
    walk = Walk()
    try:
        for whole, thing in ((True, "catalog"), (True, "clients")):
            handed = {"asked": {"booking": [["dynamodb:Query", thing, A_TEST]]}, "whole": whole}
            walk.pytest_testnodedown(SimpleNamespace(workeroutput={"walk": handed}))
        assert walk.whole
        assert walk.asked["booking"] == {("dynamodb:Query", thing): A_TEST for thing in ("catalog", "clients")}
        walk.pytest_testnodedown(SimpleNamespace())  # one that died
        assert walk.whole
    finally:
        walk.close()


@pytest.mark.parametrize(
    ("files", "deselected", "whole"),
    [
        pytest.param(EVERY_FILE, False, True, id="all files"),
        pytest.param(EVERY_FILE - {min(EVERY_FILE)}, False, False, id="one file was left out"),
        pytest.param(EVERY_FILE, True, False, id="some of their tests were left out"),
    ],
)
def test_a_run_is_whole_where_nothing_was_left_out(files: set[object], deselected: bool, whole: bool) -> None:
    walk = Walk()
    try:
        if deselected:
            walk.pytest_deselected()
        items = [SimpleNamespace(path=file) for file in files]
        config: Any = SimpleNamespace(args=["tests"])
        walk.pytest_collection_finish(cast("pytest.Session", SimpleNamespace(config=config, items=items)))
        assert walk.whole == whole
    finally:
        walk.close()


@pytest.mark.usefixtures("cloud")
def test_what_a_test_does_in_a_function_s_midst_is_not_the_function_s() -> None:
    from kept.runtime import aws

    def as_if_it_stood_in_a_function(ask: Callable[[], object]) -> None:
        exec(compile("ask()", f"{FUNCTIONS}/of_a_test.py", "exec"), {"ask": ask})

    with recording() as asked:
        as_if_it_stood_in_a_function(aws("secretsmanager").list_secrets)
        with meddling():
            as_if_it_stood_in_a_function(aws("ssm").describe_parameters)
    assert asked["of_a_test"].keys() == {("secretsmanager:ListSecrets", "")}
