"""Tests say what they promise: a docstring on more than a stated share of them, which may only grow."""

import ast
from collections.abc import Iterator

import pytest

from tests.templates import ROOT

SHARES = {"domain": 0.8, "local": 0.55}


def functions_of(folder: str) -> Iterator[ast.FunctionDef]:
    for path in (ROOT / "tests" / folder).glob("test_*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                yield node


@pytest.mark.parametrize(("folder", "share"), SHARES.items(), ids=SHARES)
def test_as_many_tests_say_what_they_promise_as_ever_did(folder: str, share: float) -> None:
    """Where more say it the number above is raised, so that none can be lost unseen."""
    said = [ast.get_docstring(test) is not None for test in functions_of(folder)]
    assert share <= sum(said) / len(said) < share + 0.1
