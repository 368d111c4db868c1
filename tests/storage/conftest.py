"""The same cloud in memory that functions see."""

from tests.functions.conftest import cloud, made, queued

__all__ = ["cloud", "made", "queued"]
