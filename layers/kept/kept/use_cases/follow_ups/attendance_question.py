"""The follow-up that asks staff what became of a visit whose day is over: answered by whatever is done to the visit."""

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.opened_by import OpenedBy
from kept.storage import follow_ups
from kept.use_cases.booking.marking import follow_up_id


def question_answered(before: Appointment, after: Appointment, change: Change) -> FollowUp | None:
    """What staff were asked at the end of the visit, closed by their saying how it was; None if nothing is open."""
    if change.at < before.ends or not before.is_expected or after.is_expected:
        return None
    asked = follow_ups.find_open(before.business, follow_up_id(before, OpenedBy.ATTENDANCE_QUESTION))
    return asked and asked.ended(change.by, change.at, after.status)
