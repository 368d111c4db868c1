"""One deployed stack for all tests of this folder, apart from the developer's own."""

from collections.abc import Iterator

import pytest

from tests.local.processes import Lab, a_lab
from tests.local.stack import Stack, a_fresh_one
from tests.local.wire import a_wire


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Fresh: nothing of an earlier run is in it."""
    with a_fresh_one("test") as running:
        yield running


@pytest.fixture(scope="session")
def lab(stack: Stack) -> Iterator[Lab]:
    """Tables and queues of their own on the same stack, and processes that work on them and can be killed."""
    with a_wire(stack) as wire, a_lab(stack, wire) as lab:
        yield lab
