"""The two demo businesses, as demo/ describes them in the shapes of the settings API: who they are and who signs in."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DEMO = Path(__file__).with_name("demo")


@dataclass(frozen=True, slots=True)
class Business:
    """A demo business, as the start page shows it."""

    id: str
    name: str
    zone: str
    page: str
    """Path of its booking page."""


@dataclass(frozen=True, slots=True)
class StaffLogin:
    """A person who signs in at the front desk; `staff` is their id in the catalog, the group says what they may do."""

    business: str
    staff: str
    email: str
    group: str


PASSWORD = "Kept-demo-2026"  # noqa: S105 - of the demo's sign-ins, on loopback only
TOLD: Mapping[str, Any] = {id: json.loads((DEMO / f"{id}.json").read_text()) for id in ("lanting", "hudson-garage")}

BUSINESSES = tuple(
    Business(id, told["business"]["name"], told["business"]["tz"], page=f"/b/{id}") for id, told in TOLD.items()
)
STAFF = tuple(
    StaffLogin(business, id, member["email"], member.get("role", "staff"))
    for business, told in TOLD.items()
    for id, member in told["staff"].items()
)


if __name__ == "__main__":
    from infra.local import past, planting

    planting.plant(TOLD)
    if "past" in sys.argv[1:]:
        past.plant(TOLD)
