"""The cloud in memory is the same for the last test of a process as for the first."""

import pytest
from moto.backend_index import backend_url_patterns
from moto.core.models import RESPONSES_METHODS, responses_mock


@pytest.mark.parametrize("turn", range(3))
def test_no_test_leaves_addresses_behind(turn: int) -> None:  # noqa: ARG001
    """Each method for each pattern once; with those of every test before, a process took over a gigabyte."""
    patterns = len(backend_url_patterns)
    assert len(responses_mock.registered()) == len(RESPONSES_METHODS) * (patterns + 1)
