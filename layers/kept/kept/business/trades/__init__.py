"""What a business of a trade begins with, as a draft for its owner to change: services, hours, buffers, reminders.

Each trade is one file beside this, and its name there is the trade's. Of two languages the business's own is taken,
and the other goes along as its name there.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from kept.business.attendance_rules import AttendanceRules
from kept.business.catalog import Business, Mode, Service
from kept.business.change_rules import ChangeRules
from kept.business.reminder_stages import Stage
from kept.language_tags import meant
from kept.timekeeping.weekly_hours import Window, WorkingHours

FOLDER = Path(__file__).parent
TRADES = tuple(sorted(file.stem for file in FOLDER.glob("*.toml")))
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

USUAL = Service("", "", 0, ())
"""For the product's defaults alone."""


@dataclass(frozen=True, slots=True)
class Trade:
    """`told` is its file, which a test holds to what settings may be."""

    id: str
    told: Mapping[str, Any]

    def name(self, language: str) -> str:
        return _said(self.told["names"], language)

    def hours(self) -> WorkingHours:
        """Of whoever opens the business."""
        weekly = {DAYS.index(day): tuple(map(Window.parse, spans)) for day, spans in self.told["weekly"].items()}
        return WorkingHours(weekly)

    def stages(self) -> tuple[Stage, ...]:
        return tuple(
            Stage(it["name"], timedelta(hours=it["hours"]), at_risk=it.get("at_risk", False))
            for it in self.told["stages"]
        )

    def attendance(self) -> AttendanceRules:
        return AttendanceRules(checks_in=self.told["checks_in"])

    def changes(self) -> ChangeRules:
        return ChangeRules(free_until=timedelta(hours=self.told["free_until_hours"]))

    def services(self, business: Business, staff: str) -> list[Service]:
        """All done by that one person, for there is nobody else yet."""
        return [_service(told, number, business.locale, staff) for number, told in enumerate(self.told["service"])]


@cache
def trade(id: str) -> Trade:
    """Raises KeyError."""
    if id not in TRADES:
        raise KeyError(id)
    return Trade(id, tomllib.loads((FOLDER / f"{id}.toml").read_text(encoding="utf-8")))


def _service(told: Mapping[str, Any], number: int, locale: str, staff: str) -> Service:
    language = meant(locale)
    return Service(
        told["id"],
        _said(told["names"], locale),
        told["duration"],
        staff=(staff,),
        before=told.get("before", 0),
        after=told.get("after", 0),
        notice=told.get("notice", USUAL.notice),
        mode=Mode(told.get("mode", Mode.IN_PERSON)),
        prepare=_said(told["prepare"], locale) if "prepare" in told else "",
        names={tag: name for tag, name in told["names"].items() if tag != language},
        order=number,
    )


def _said(names: Mapping[str, str], locale: str) -> str:
    return names[meant(locale)]
