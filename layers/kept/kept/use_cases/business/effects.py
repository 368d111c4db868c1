"""What a change of settings does to visits to come. It is saved all the same, for the owner knows why, and says so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from kept.business.catalog import Catalog
from kept.business.refusals import UnknownBusiness
from kept.use_cases.booking.breaks import Breaks, breaks
from kept.use_cases.booking.local_times import Report, corrected
from kept.use_cases.business import settings
from kept.use_cases.business.moved_places import MovedPlaces, moved_places

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Effects:
    """Which visits could not be had so any more, which are at another place, what keeping their local time would do
    after a corrected zone; and by which clock all that is told."""

    zone: ZoneInfo
    breaks: Breaks
    places: MovedPlaces
    local_times: Report


def saving(business: str, save: Callable[[], T], *, now: datetime) -> tuple[T, Effects]:
    """What was saved, and what that does; the first save of a business does nothing.

    Raises what `save` does. Whoever books in the minute in which another function still knows the old settings is not
    among them.
    """
    try:
        before: Catalog | None = settings.read(business)
    except UnknownBusiness:
        before = None
    saved = save()
    after = settings.read(business)
    return saved, effects(before or after, after, now=now)


def effects(before: Catalog, after: Catalog, *, now: datetime) -> Effects:
    return Effects(
        after.business.zone,
        breaks(before, after, now=now),
        moved_places(before, after, now=now),
        corrected(after, now=now),
    )
