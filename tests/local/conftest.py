"""One deployed stack for all tests of this folder, apart from the developer's own."""

from collections.abc import Iterator

import pytest

from infra.local.place import ROOT
from tests.local.stack import Stack, a_place, command, up


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """Fresh: nothing of an earlier run is in it."""
    place = a_place(ROOT / ".local" / "test")
    command("down", place)
    command("reset", place)
    with up(place) as running:
        yield running
