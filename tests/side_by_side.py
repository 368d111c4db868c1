"""How the files are shared out to the processes of a parallel run (`make test`).

What takes longest begins first, so that no process is left alone with it at the end. A file stays whole, and so do
those that work on one deployed stack, in their order: a process that needs a stack brings up one of its own. What
mostly waits for Lambdas leaves the cores to what draws pages meanwhile.
"""

from collections import Counter
from functools import cache
from typing import Any

import pytest
from xdist.scheduler import LoadFileScheduling

from tests.templates import ROOT

SLOW = 100
"""A slow test counts as so many others."""
ONE_EACH = "tests/local/test_one_machine.py"
"""Each of its tests starts an instance of its own."""


class OneStackTogether(LoadFileScheduling):  # type: ignore[misc]
    """The files of one stack are shared out as if they were one."""

    def _split_scope(self, nodeid: str) -> str:
        return together_with(nodeid.partition("::")[0])


@cache
def together_with(file: str) -> str:
    """What the lab does is on tables of its own, and no part of the others' story."""
    says = (ROOT / file).read_text(encoding="utf-8")
    if "lab: Lab" in says:
        return "the lab"
    return f"the stack of {file.rpartition('/')[0]}" if "mark.stack" in says and file != ONE_EACH else file


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneStackTogether | None:
    if config.getoption("dist") != "loadfile":
        return None
    config.option.loadscopereorder = False  # it would go by the number of tests alone
    return OneStackTogether(config, log)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """In each process of a parallel run alike; one process alone keeps the order of the files."""
    if not hasattr(config, "workerinput"):
        return
    takes: Counter[str] = Counter()
    for item in items:
        takes[_scope(item)] += SLOW if item.get_closest_marker("slow") else 1
    items.sort(key=lambda item: (-takes[_scope(item)], _scope(item)))


def _scope(item: pytest.Item) -> str:
    return together_with(item.nodeid.partition("::")[0])
