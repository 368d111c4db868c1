"""In a parallel run all tests of one deployed stack go to one worker, or each worker would bring up another."""

import re

import pytest

from tests.side_by_side import ONE_EACH, together_with
from tests.templates import ROOT

ON_A_STACK = sorted(
    str(path.relative_to(ROOT))
    for folder in ("local", "browser")
    for path in (ROOT / "tests" / folder).glob("test_*.py")
    if re.search(r"\b(stack: Stack|lab: Lab|studio: Studio)\b", path.read_text(encoding="utf-8"))
)


@pytest.mark.parametrize("file", ON_A_STACK)
def test_a_file_that_needs_a_stack_goes_with_the_others_of_it(file: str) -> None:
    others = [other for other in ON_A_STACK if other != file and together_with(other) == together_with(file)]
    assert bool(others) == (file != ONE_EACH)


def test_any_other_file_goes_alone() -> None:
    assert together_with("tests/domain/test_hours.py") == "tests/domain/test_hours.py"
