"""The staff's call list: a message that a person speaks is a follow-up, whose first line is the script.

Nothing is said by it until somebody writes down that they reached the client; what else came of a call is written down
as well, and it stays to be made.
"""

from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from kept.actor import KEPT, Change
from kept.follow_up.assignment import whose
from kept.follow_up.follow_up import FollowUp, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import CallOutcome, Message, MessageStatus
from kept.reasons import Code, because
from kept.storage import appointments, clients, follow_ups, messages
from kept.storage.transaction import Lost
from kept.use_cases.messaging.undelivered import arrived

if TYPE_CHECKING:
    from kept.use_cases.messaging.client_message import ToClient


def ask_for_call(about: "ToClient", script: str, *, now: datetime) -> str:
    """The follow-up's id. Its clock is the client's; asked for again, it is the same."""
    message, visit = about.message, about.appointment
    opened = open_for(
        about.client,
        f"{message.about}-v{message.version}-{OpenedBy.CALL}-{message.stage}",
        cause=OpenedBy.CALL,
        about=visit.id if visit else "",
        assignee=whose(visit.slot.staff, about.catalog, now=now) if visit else "",
        policy=about.catalog.follow_up_policy,
        change=Change(KEPT, now, why=script),
    )
    with suppress(Lost):
        follow_ups.put_alone(opened)
    return opened.id


def called(follow_up: FollowUp, outcome: CallOutcome, *, at: datetime) -> None:
    """In the ledger, for a follow-up that stands there as a call.

    Somebody who writes it down twice writes it once; a crash before it leaves a call that was made as one to make.
    """
    if (message := _listed(follow_up)) is None:
        return
    with suppress(Lost):
        messages.put_alone(message.called(outcome, at=at))
    visit = appointments.find(message.business, message.about) if outcome is CallOutcome.REACHED else None
    if visit and (closed := arrived(message, visit, now=at)):
        with suppress(Lost):
            follow_ups.put_alone(closed)


def given_up(follow_up: FollowUp) -> None:
    """It was closed, and nobody has called."""
    if message := _listed(follow_up):
        with suppress(Lost):
            messages.put_alone(message.over(MessageStatus.MISSED, reason=because(Code.NOBODY_CALLED)))


def _listed(follow_up: FollowUp) -> Message | None:
    """Its line in the ledger, while it is to be called."""
    if follow_up.cause is not OpenedBy.CALL:
        return None
    business = follow_up.business
    abouts = (follow_up.about,) if follow_up.about else clients.ids(business, follow_up.client)
    said = (one for about in abouts for one in messages.about(business, about))
    mine = (one for one in said if one.provider_id == follow_up.id)
    return next((one for one in mine if one.status is MessageStatus.TO_CALL), None)
