"""Two records made one at the desk, and taken apart."""

from typing import Any

import clients as function
from tests.asking import Answer, ask

LI, OTHER, THIRD = "c-1", "c-2", "c-3"


def at_desk(route: str, body: object = None, **asked: Any) -> Answer:
    """`route` is what stands behind /v1/desk/clients: "GET /c-1"."""
    method, _, path = route.partition(" ")
    return ask(function.handler, f"{method} /v1/desk/clients{path}", body, **{"role": "staff"} | asked)


def revision(id: str) -> str:
    return str(at_desk(f"GET /{id}").body["revision"])


def merge(stays: str = LI, goes: str = OTHER, **asked: Any) -> Answer:
    body = {"other": goes, "revision": revision(stays), "other_revision": revision(goes)}
    return at_desk(f"POST /{stays}/merge", body, **asked)


def part(stays: str = LI, goes: str = OTHER, **asked: Any) -> Answer:
    return at_desk(f"POST /{stays}/unmerge", {"other": goes}, **asked)
