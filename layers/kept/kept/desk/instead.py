"""What takes the place of a message that does not reach its reader: the next channel, or a person."""

from datetime import datetime

from kept.booking.history import KEPT, Cause
from kept.desk.post import ToClient
from kept.desk.post_to_staff import ToStaff
from kept.follow_up.assignment import whose
from kept.follow_up.causes import Cause as OpenedBy
from kept.follow_up.follow_up import FollowUp, open_for
from kept.messaging.message import Message, MessageStatus
from kept.messaging.purpose import Purpose
from kept.queues import hand_over
from kept.storage import follow_ups, messages
from kept.storage.transaction import Lost, together

UNREACHED = frozenset({MessageStatus.FAILED, MessageStatus.SUPPRESSED})


def give_up(over: Message, about: ToClient | ToStaff | None, *, elsewhere: bool, now: datetime) -> bool:
    """Its end, and what follows from it, in one write; False when somebody else wrote first, who then has it.

    A message about a visit still to come that no channel carries is a matter for a person.
    """
    another = about.matter.another(over, now=now) if elsewhere and isinstance(about, ToClient) else None
    opened = _for_a_person(over, about, now) if another is None and isinstance(about, ToClient) else None
    try:
        with together() as transaction:
            messages.put(over, transaction)
            if another:
                messages.put(another, transaction)
            if opened:
                follow_ups.put(opened, transaction)
    except Lost:
        return False
    if another:
        hand_over([messages.key(another)])
    return True


def _for_a_person(over: Message, about: ToClient, now: datetime) -> FollowUp | None:
    visit = about.appointment
    if over.purpose is not Purpose.TRANSACTIONAL or over.status not in UNREACHED or visit is None:
        return None
    id = f"{visit.id}-v{visit.version}-{OpenedBy.FAILED_MESSAGE}"
    if not visit.is_expected or now >= visit.ends or follow_ups.find(visit.business, id):
        return None
    return open_for(
        about.client,
        id,
        cause=OpenedBy.FAILED_MESSAGE,
        about=visit.id,
        assignee=whose(visit.slot.staff, about.catalog, now=now),
        policy=about.catalog.follow_up_policy,
        change=Cause(KEPT, now, why=f"{over.stage} over {over.channel} {over.reason}"),
    )
