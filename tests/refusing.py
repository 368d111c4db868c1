"""Asking for what has to be refused: a problem document, and nothing changed."""

from datetime import datetime, timedelta
from typing import Any

import booking
import front_desk
import my_appointment
from kept.client_links import signing_keys
from kept.client_links.links import LinkPurpose, sign
from tests import lotus
from tests.asking import Answer, Handler, ask
from tests.builders import STARTS

BOOK = "POST /v1/businesses/lotus/appointments"
HOLD = "POST /v1/businesses/lotus/holds"
MINE = "/v1/appointment"
DESK = "/v1/desk/appointments"
EVENING = "2026-03-02T18:30:00+08:00"
"""Free with Mei and with Jun, an hour and a half after Li Na's hour with Mei begins."""
LI = {"name": "Li Na", "email": "li@example.com", "agrees_to": ["email"]}
CUT = {"service": "cut", "start": EVENING, "client": LI}


def handler_of(path: str) -> Handler:
    if path.startswith("/v1/desk/"):
        return front_desk.handler
    return my_appointment.handler if path.startswith(MINE) else booking.handler


def refused(route: str, body: object = None, **asked: Any) -> Answer:
    """The answer to what has to be refused, after a look at everything that is stored."""
    before = lotus.everything()
    answer = ask(handler_of(route.split()[1]), route, body, **asked)
    assert lotus.everything() == before
    return answer


def is_problem(answer: Answer, status: int, code: str) -> bool:
    """RFC 9457, with the status and the code in the document as well."""
    assert (answer.status, answer.code) == (status, code), answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["type"] == f"urn:kept:problem:{code}"
    assert answer.body["title"].endswith(".")
    assert answer.body["detail"].endswith(".")
    return bool(answer.body["status"] == status)


def link(
    subject: str = "a-1",
    business: str = "lotus",
    *,
    purpose: LinkPurpose = LinkPurpose.MANAGE,
    expires: datetime = STARTS + timedelta(days=30),
) -> str:
    return sign(signing_keys.current(), purpose, business=business, subject=subject, expires=expires)


def cut(**changed: Any) -> dict[str, Any]:
    """A request for a cut on Monday evening that could be had, but for what is changed."""
    return CUT | changed


def by(**changed: Any) -> dict[str, Any]:
    """The same by a client who is different in this."""
    return cut(client=LI | changed)


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in CUT.items() if name not in names}
