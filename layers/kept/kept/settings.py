"""The environment a function runs in, read once and checked; a missing name fails with that name."""

import os
from functools import cache


class MissingSetting(Exception):
    """The template did not give this function what it uses."""


@cache
def setting(name: str) -> str:
    """Raises MissingSetting."""
    if not (value := os.environ.get(name)):
        raise MissingSetting(name)
    return value


def table(name: str) -> str:
    """The full name of a table of this deployment."""
    return f"{setting('TABLE_PREFIX')}-{name}"
