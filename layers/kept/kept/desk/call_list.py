"""The staff's call list: a message that a person speaks is a follow-up, whose first line is the script."""

from contextlib import suppress
from datetime import datetime

from kept.booking.history import KEPT, Cause
from kept.desk.post import ToClient
from kept.follow_up.assignment import whose
from kept.follow_up.causes import Cause as OpenedBy
from kept.follow_up.follow_up import open_for
from kept.storage import follow_ups
from kept.storage.transaction import Lost


def ask_for_call(about: ToClient, script: str, *, now: datetime) -> str:
    """The follow-up's id. Its clock is the client's; asked for again, it is the same."""
    message, visit = about.message, about.appointment
    opened = open_for(
        about.client,
        f"{message.about}-v{message.version}-{OpenedBy.CALL}-{message.stage}",
        cause=OpenedBy.CALL,
        about=visit.id if visit else "",
        assignee=whose(visit.slot.staff, about.catalog, now=now) if visit else "",
        policy=about.catalog.follow_up_policy,
        change=Cause(KEPT, now, why=script),
    )
    with suppress(Lost):
        follow_ups.put_alone(opened)
    return opened.id
