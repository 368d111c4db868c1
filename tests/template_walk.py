"""Over a whole run of tests: every AWS call of a function is allowed by template.yaml, and every permission is used.

Each worker of a parallel run hands over what it saw; the process that began the run compares. A call that is not
allowed fails every run, a permission that is not used only one in which all tests of functions ran and passed.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.asked_of_aws import Asked, allowed, asked_by_lambda, recording
from tests.templates import ROOT, Function, functions

Seen = dict[str, list[list[str]]]
"""By function an action, its object and the test that asked first: what can be handed from process to process."""

EVERY_FILE = {*(ROOT / "tests/functions").glob("test_*.py"), ROOT / "tests/agreement/test_permissions.py"}


class Walk:
    """What was asked in this process and, where there are any, in its workers."""

    def __init__(self) -> None:
        self._until_closed = ExitStack()
        self.asked: Asked = self._until_closed.enter_context(recording())
        self.whole = False
        self._left_out = False
        self._told: list[str] = []

    def close(self) -> None:
        self._until_closed.close()

    def pytest_deselected(self) -> None:
        self._left_out = True

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """A test by name may be all that is asked for of its file."""
        by_name = any("::" in argument for argument in session.config.args)
        self.whole = not by_name and not self._left_out and {item.path for item in session.items} >= EVERY_FILE

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Every worker collects the same. One that died has nothing to hand over, and then not all tests passed."""
        handed = getattr(node, "workeroutput", {}).get("walk", {"asked": {}, "whole": self.whole})
        self.whole = handed["whole"]
        for function, seen in handed["asked"].items():
            for action, thing, test in seen:
                self.asked[function].setdefault((action, thing), test)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        self.close()
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["walk"] = {"asked": self._as_lists(), "whole": self.whole}
            return
        passed = exitstatus == pytest.ExitCode.OK
        self._told = list(compared(self.asked, whole=self.whole and passed))
        if self._told and passed:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _as_lists(self) -> Seen:
        return {name: [[*needed, test] for needed, test in seen.items()] for name, seen in self.asked.items()}

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._told:
            terminalreporter.section("AWS calls and template.yaml", red=True)
            for line in self._told:
                terminalreporter.line(line)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Walk(), "walk")


def compared(asked: Asked, *, whole: bool) -> Iterator[str]:
    """One line for each call that is not allowed and, after a whole run, for each permission nobody used."""
    for function in functions():
        seen, may = asked[function.name], allowed(function)
        for needed in sorted(seen.keys() - may):
            yield f"not allowed: {_said(function, needed)}, asked in {seen[needed]}"
        for needed in sorted(may - seen.keys() - asked_by_lambda(function)) if whole else ():
            yield f"allowed and never used: {_said(function, needed)}"


def _said(function: Function, needed: tuple[str, str]) -> str:
    action, thing = needed
    return f"{function.name} {action} on {thing or 'something without a name'}"
