"""The environment of a function, before any module that reads it is imported."""

from tests.functions import conftest

__all__ = ["conftest"]
