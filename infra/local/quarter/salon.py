"""The salon of the play: its people, services and hours, and what each policy is in its settings."""

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from infra.local.quarter.rates import rate
from infra.local.quarter.world import World

ID, OWNER = "bower", "ada"
ZONE = ZoneInfo("America/New_York")
FIRST = date(2026, 2, 2)
"""A Monday; the clocks go forward on 8 March."""
MORNING, LONG, MIDDLE, EARLY = (
    ("09:00-13:00", "13:30-17:30"),
    ("11:00-15:00", "15:30-19:30"),
    ("10:00-14:00", "14:30-18:30"),
    ("09:00-13:00", "13:30-18:00"),
)
STAFF: dict[str, dict[str, tuple[str, ...]]] = {
    "ada": dict.fromkeys(("tue", "wed", "thu", "fri", "sat"), MORNING),
    "ben": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), LONG),
    "cleo": dict.fromkeys(("mon", "wed", "thu", "fri", "sat"), MIDDLE),
    "dov": dict.fromkeys(("tue", "wed", "fri", "sat"), EARLY),
}
SERVICES: dict[str, tuple[int, int, float]] = {
    "cut": (45, 6_500, 0.55),
    "colour": (120, 16_000, 0.3),
    "beard": (30, 3_500, 0.15),
}
"""Minutes, price in cents, and the share of the bookings."""
OPENS, CLOSES = 9, 19


class Policy(StrEnum):
    """What a business can have or not; the value is its name in the pages and files of a run."""

    REMINDERS = "reminders"
    FEES = "fees"
    STANDING = "standing"
    LADDER = "ladder"
    DEPOSITS = "deposits"
    WAITLIST = "waitlist"


MEANS = {
    Policy.REMINDERS: "reminders two days and three hours before",
    Policy.FEES: "fees for late cancellations and missed visits",
    Policy.STANDING: "more is asked of those who missed visits lately",
    Policy.LADDER: "who missed a visit is tried again: the same day, after two and seven days",
    Policy.DEPOSITS: "a deposit when booking",
    Policy.WAITLIST: "time that comes free is offered to who waits for it",
}
UNREACHABLE = 100
"""Missed visits that nobody ever has."""


def open_for_business(world: World, policies: Iterable[Policy]) -> None:
    """By its owner, through the settings."""
    on = frozenset(policies)
    _save(world, "business", _business(on))
    for id, weekly in STAFF.items():
        _save(world, f"staff/{id}", {"name": id.title(), "hours": {"weekly": weekly}})
    for id, (minutes, price, _) in SERVICES.items():
        told = {"name": id.title(), "duration": minutes, "staff": [*STAFF], "step": 15, "notice": 60}
        _save(world, f"services/{id}", told | {"price": {"minor": price, "currency": "USD"}})
    if Policy.LADDER not in on:
        told = {"ladder": {"writes": []}, "levels": [{"role": "assignee"}]}
        _save(world, "follow-up-policy", told, function="follow_up_policy")


def _business(on: frozenset[Policy]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": "Bower Hair",
        "tz": ZONE.key,
        "country": "US",
        "currency": "USD",
        "locale": "en",
        "closes_on_holidays": False,
        "channels": ["sms", "email"],
        "day_list": None,
        "figures": {"letter": False},
        "attendance": {"checks_in": True},
    }
    if Policy.REMINDERS not in on:
        told["stages"] = []
    told["changes"] = _changes(on)
    if Policy.STANDING not in on:
        told["standing"] = dict.fromkeys(("deposit_missed", "deposit_late", "restricted_missed"), UNREACHABLE)
    return told


def _changes(on: frozenset[Policy]) -> dict[str, Any]:
    """A deposit is asked of everybody, or only of whom standing asks it."""
    told: dict[str, Any] = {}
    if Policy.FEES in on:
        told = {f"{name}_fee": _share(f"{name}_fee") for name in ("late", "missed")}
    if on & {Policy.DEPOSITS, Policy.STANDING}:
        of = "everybody" if Policy.DEPOSITS in on else "standing"
        told["deposits"] = {"charge": _share("deposit_share"), "of": of}
    return told


def _share(name: str) -> dict[str, int]:
    return {"percent": round(100 * rate(name))}


def _save(world: World, what: str, told: dict[str, Any], *, function: str = "catalog") -> None:
    answer = world.ask(f"PUT /v1/desk/{what}", told, function=function, role="owner", staff=OWNER)
    if answer.code:
        raise ValueError(f"{what} cannot be so: {answer.body}")


def is_open(day: date) -> bool:
    return any(f"{day:%a}".lower() in weekly for weekly in STAFF.values())


def local(day: date, hour: float) -> datetime:
    """By the clock on the salon's wall."""
    minutes = round(hour * 60)
    return datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=ZONE)
