"""Asking the deployed product over HTTP, in the words of those who use it."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from infra.local.place import PATIENCE
from tests.asking import Answer
from tests.reasons import as_told


@dataclass(frozen=True, slots=True)
class Api:
    """A client's view, or with their `token` (of a link, or of a sign-in) somebody's own."""

    url: str
    token: str = ""

    def free(self, business: str, service: str, day: date) -> list[datetime]:
        query = urlencode({"service": service, "from": day, "to": day})
        slots = self.ask("GET", f"/v1/businesses/{business}/availability?{query}").body["slots"]
        return [datetime.fromisoformat(slot["start"]) for slot in slots]

    def book(self, business: str, service: str, start: datetime, *, key: str = "", **client: object) -> Answer:
        """`client` has a name and an e-mail address or a telephone number, and agrees to be told there."""
        agrees_to = ["email" if "email" in client else "sms"]
        body = {"service": service, "start": start.isoformat(), "client": client | {"agrees_to": agrees_to}}
        return self.ask("POST", f"/v1/businesses/{business}/appointments", body, key=key or str(uuid4()))

    def mine(self) -> Any:
        return self.ask("GET", "/v1/appointment").body

    def move(self, start: datetime) -> Answer:
        return self.ask("POST", "/v1/appointment/reschedule", {"start": start.isoformat()})

    def cancel(self, reason: str) -> Answer:
        return self.ask("POST", "/v1/appointment/cancel", {"reason": reason})

    def check_in(self, appointment: str) -> Answer:
        return self.ask("POST", f"/v1/desk/appointments/{appointment}/check-in", {})

    def at_the_desk(self, appointment: str) -> Any:
        return self.ask("GET", f"/v1/desk/appointments/{appointment}").body

    def ledger(self, appointment: str) -> list[tuple[str, str]]:
        """Stage and status of everything that was, or was not, said of it, in order."""
        lines = self.ask("GET", f"/v1/desk/appointments/{appointment}/messages").body
        return [(f"{line['stage']} v{line['version']}", as_told(line)) for line in lines]

    def open_follow_up(self, client: str, assignee: str) -> str:
        """Its id."""
        return str(self.ask("POST", "/v1/desk/follow-ups", {"client": client, "assignee": assignee}).body["id"])

    def follow_ups(self) -> list[Any]:
        """The open ones."""
        found: list[Any] = self.ask("GET", "/v1/desk/follow-ups?status=open").body["follow_ups"]
        return found

    def ask(self, method: str, path: str, body: object = None, *, key: str = "") -> Answer:
        headers = {"content-type": "application/json"}
        headers |= {"idempotency-key": key} if key else {}
        headers |= {"authorization": f"Bearer {self.token}"} if self.token else {}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return Answer(answer.status, json.load(answer), dict(answer.headers))
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.code, json.loads(refused.read() or b"null"), dict(refused.headers))
