"""One save of a setting, kept: by whom, when, and what the thing said before and after."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SettingChange:
    """Of the thing `kind`/`id`; `was` and `now` are all that it said, as it is stored, "" where it was not there."""

    kind: str
    id: str
    by: str
    at: datetime
    was: str
    now: str
