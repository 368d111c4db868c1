"""The stages of reminding that a business sets: how long before the start, and what they are for."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Stage:
    """`before` the start; `asks` for confirmation while there is none; `unless_confirmed`: pointless after one."""

    name: str
    before: timedelta
    asks: bool = True
    unless_confirmed: bool = False


TWO_DAYS = Stage("two_days", timedelta(hours=48))
SAME_DAY = Stage("same_day", timedelta(hours=3))
DEFAULT_STAGES = (TWO_DAYS, SAME_DAY)
"""Beside the confirmation at booking, which is sent with the booking itself."""
