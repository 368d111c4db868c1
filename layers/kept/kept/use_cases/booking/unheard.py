"""What staff take back before anybody has heard of it: nobody is told that it was, nor that it is not."""

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.history import Event
from kept.booking.states import GONE, Status
from kept.messaging.message import Message, MessageStatus
from kept.messaging.outgoing import UNDO, can_be_undone
from kept.reasons import Code, because
from kept.storage import messages

TELL_OF_IT = frozenset({"confirmation", "rescheduled", "staff_booked", "staff_moved"})
"""The texts by which client and staff know when somebody comes, and to whom."""
UNSENT = frozenset({MessageStatus.QUEUED, MessageStatus.DELAYED})


def unheard(before: Appointment, after: Appointment, change: Change) -> list[Message] | None:
    """What tells of `before`, withdrawn, where `after` is what everybody knows already; None where they are to be told.

    They know it when all that would tell of later versions still waits out the undo time. Does one query, and only
    where the last line is that young.
    """
    if before.is_tentative or not change.by.is_staff or change.at >= before.history[-1].at + UNDO:
        return None
    unsent = [it for it in messages.about(before.business, before.id) if it.stage in TELL_OF_IT and it.status in UNSENT]
    waiting = [message for message in unsent if can_be_undone(message, now=change.at)]
    if not waiting or len(waiting) < len(unsent):
        return None
    first = min(message.version for message in waiting)
    heard = next((line for line in reversed(before.history) if line.version < first), None)
    return [withdrawn(message) for message in waiting] if _is_known(after, heard) else None


def withdrawn(message: Message) -> Message:
    return message.over(MessageStatus.SKIPPED, reason=because(Code.TAKEN_BACK))


def _is_known(visit: Appointment, heard: Event | None) -> bool:
    """`heard` None: they never heard that it was booked."""
    if heard is None or heard.status in GONE:
        return visit.status is Status.CANCELLED
    return visit.status not in GONE and visit.stands_at(heard.starts, heard.staff)
