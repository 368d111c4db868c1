"""The same cloud in memory that functions see."""

from tests.functions.conftest import cloud, queued

__all__ = ["cloud", "queued"]
