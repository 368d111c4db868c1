"""One save of a setting, kept: by whom, when, and what the thing said before and after."""

from dataclasses import dataclass
from datetime import datetime

FOLLOW_UP_POLICY, LOGO, SIGN_IN = "follow_up_policy", "logo", "sign_in"
"""Kinds of what is no part of the catalog itself."""


@dataclass(frozen=True, slots=True)
class SettingChange:
    """Of the thing `kind`/`id`; `was` and `now` are all that it said, as it is stored, "" where it was not there.

    Of a follow-up policy they are the numbers of its versions, of a logo the names of its pictures.
    """

    kind: str
    id: str
    by: str
    at: datetime
    was: str
    now: str
