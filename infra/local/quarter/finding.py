"""Looking for a time, as the booking page does."""

from datetime import date
from typing import Any

from infra.local.quarter.people import DAY
from infra.local.quarter.salon import ID
from infra.local.quarter.stage import Stage


def a_slot(stage: Stage, service: str, first: date, days: int, *about: object) -> dict[str, Any] | None:
    """Any that is free on those days, none after the last of the play."""
    first, last = max(first, stage.today), min(first + DAY * (days - 1), stage.plan.last)
    if first > last:
        return None
    query = {"service": service, "from": str(first), "to": str(last)}
    answer = stage.world.ask(f"GET /v1/businesses/{ID}/availability", function="booking", query=query)
    slots: list[dict[str, Any]] = stage.surely(answer, "availability")["slots"]
    return slots[stage.chance.pick(len(slots), *about)] if slots else None
