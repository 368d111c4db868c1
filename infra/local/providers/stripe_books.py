"""What Stripe holds of all accounts: its objects as it shows them, and what it has to tell of them; kept in a file.

Names that begin with an underscore are its own, and shown to nobody.
"""

import json
import secrets
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from pathlib import Path
from typing import Any

from infra.local.providers.answers import Refused, as_json

Thing = dict[str, Any]
API_VERSION = "2026-10-28.endive"


def refusal(status: int, kind: str, message: str, **more: object) -> Refused:
    """As Stripe words it; None is left out."""
    said = {"type": kind, "message": message} | {name: value for name, value in more.items() if value is not None}
    return Refused(f"{kind}: {message}", as_json({"error": said}, status))


def invalid(message: str, code: str | None = None, param: str | None = None) -> Refused:
    return refusal(400, "invalid_request_error", message, code=code, param=param)


class Books:
    """Of one instance. A request works on them alone; what it has to tell is collected until its answer is made."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self.things: dict[str, Thing] = json.loads(file.read_text()) if file and file.exists() else {}
        self.untold: list[Thing] = []

    def make(self, prefix: str, kind: str, business: str, now: datetime, **fields: Any) -> Thing:
        thing = {
            "id": f"{prefix}_{secrets.token_hex(12)}",
            "object": kind,
            "created": int(now.timestamp()),
            "livemode": False,
            "_business": business,
            **fields,
        }
        self.things[thing["id"]] = thing
        return thing

    def find(self, business: str, id: str, kind: str) -> Thing:
        """Raises Refused, also for another account's."""
        thing = self.things.get(id)
        if thing is None or (thing["_business"], thing["object"]) != (business, kind):
            raise refusal(404, "invalid_request_error", f"No such {kind}: '{id}'", code="resource_missing", param="id")
        return thing

    def all(self, kind: str, business: str = "") -> Iterator[Thing]:
        """The newest first."""
        of = (it for it in reversed(list(self.things.values())) if it["object"] == kind)
        return (it for it in of if business in ("", it["_business"]))

    def tell(self, what: str, thing: Thing, now: datetime) -> None:
        """An event with the thing as it is at this moment."""
        event = self.make(
            "evt", "event", thing["_business"], now,
            type=what, api_version=API_VERSION, data={"object": shown(thing)}, pending_webhooks=1, request=None,
        )  # fmt: skip
        self.untold.append(event)

    def told(self) -> list[Thing]:
        """What was not told before, once."""
        untold, self.untold = self.untold, []
        return untold

    def keep(self) -> None:
        """The file is replaced whole."""
        if self._file:
            draft = self._file.with_suffix(".draft")
            draft.write_text(json.dumps(self.things))
            draft.replace(self._file)


def shown(thing: Mapping[str, Any]) -> Thing:
    return deepcopy({name: value for name, value in thing.items() if not name.startswith("_")})
