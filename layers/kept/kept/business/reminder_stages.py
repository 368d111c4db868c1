"""The stages of reminding that a business sets: how long before the start, and what they are for."""

from dataclasses import dataclass
from datetime import timedelta

from kept.channels import Channel


@dataclass(frozen=True, slots=True)
class Stage:
    """`before` the start; `asks` for confirmation while there is none; `unless_confirmed`: pointless after one.

    `at_risk`: only for appointments that are likelier than others to be missed. `over` a channel of its own, such as a
    call on the staff's list, instead of the client's.
    """

    name: str
    before: timedelta
    asks: bool = True
    unless_confirmed: bool = False
    at_risk: bool = False
    over: Channel | None = None


TWO_DAYS = Stage("two_days", timedelta(hours=48))
SAME_DAY = Stage("same_day", timedelta(hours=3))
AT_RISK = Stage("at_risk", timedelta(hours=24), at_risk=True)
DEFAULT_STAGES = (TWO_DAYS, AT_RISK, SAME_DAY)
"""Beside the confirmation at booking, which is sent with the booking itself."""
