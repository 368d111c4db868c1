"""The follow-up of an asked-for appointment: opened by the booking's own write, over with the answer to it."""

from collections.abc import Iterable

from kept.actor import KEPT, Change
from kept.booking.appointment import Appointment
from kept.booking.history import LAPSED
from kept.booking.states import Status
from kept.business.catalog import Catalog
from kept.clients.client import Client
from kept.follow_up.assignment import whose
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUp, line, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.reasons import Code, Reason, because
from kept.storage import follow_ups


def request_id(appointment: Appointment) -> str:
    """One for each appointment, wherever it is moved to."""
    return f"{appointment.id}-{OpenedBy.ASKED_FOR}"


def request_to_answer(
    appointment: Appointment, client: Client, catalog: Catalog, why: Iterable[Reason], change: Change
) -> FollowUp:
    """With each reason for which staff are asked as a line of its own."""
    opened = open_for(
        client,
        request_id(appointment),
        cause=OpenedBy.ASKED_FOR,
        about=appointment.id,
        assignee=whose(appointment.slot.staff, catalog, now=change.at),
        policy=catalog.follow_up_policy,
        change=Change(KEPT, change.at),
    )
    for reason in why:
        opened = opened.record(line(What.NOTED, Change(KEPT, change.at, str(reason))), {}, now=change.at)
    return opened


def request_answered(before: Appointment, after: Appointment, change: Change) -> FollowUp | None:
    """Over with whatever answered it. Of one that nobody answered in time it stays open with a note, for somebody to
    call them. None where it is not answered, or nothing is open."""
    if before.status is not Status.ASKED_FOR or after.status is Status.ASKED_FOR:
        return None
    opened, how = follow_ups.find_open(before.business, request_id(before)), after.history[-1].what
    if opened and how == LAPSED:
        noted = Change(KEPT, max(change.at, opened.last.at), str(because(Code.NOT_ANSWERED_IN_TIME)))
        return opened.record(line(What.NOTED, noted), {}, now=noted.at)
    return opened and opened.ended(change.by, change.at, how)
