"""The owner's settings as they travel, and made into the trade's: spans in minutes, horizons in days, money in minor units.

What is left out takes the product's default.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

from pydantic import StringConstraints

from kept.api import asking
from kept.api.hours_settings import HoursSettings
from kept.api.requests import Body, Id, Name, Text
from kept.api.setting_types import Clock, Minutes
from kept.booking.catalog import Business, Mode, Money, Resource, Service, StaffMember
from kept.clients.contact import normal_email, normal_phone
from kept.errors import InvalidEmail, InvalidPhone, InvalidSetting, UnknownZone
from kept.follow_up.targets import FirstResponse, FollowUpPolicy, Level
from kept.messaging.contact_window import QuietHours
from kept.policy.attendance_rules import AttendanceRules
from kept.policy.change_rules import ChangeRules
from kept.reminders.stages import DEFAULT_STAGES, Stage

Short = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Long = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
ATTENDANCE, CHANGES, QUIET, FIRST, POLICY = AttendanceRules(), ChangeRules(), QuietHours(), FirstResponse(), FollowUpPolicy()


class StageSettings(Body):
    """A reminder, `before` the start; see the timeline for what the flags do."""

    name: Id
    before: Minutes
    asks: bool = True
    unless_confirmed: bool = False

    def stage(self) -> Stage:
        return Stage(self.name, self.before, self.asks, self.unless_confirmed)
