"""A client who cancelled asks to be called: about it, or again in two weeks."""

from contextlib import suppress
from datetime import datetime

from kept.actor import KEPT, Change
from kept.booking.appointment import Appointment
from kept.booking.refusals import MoveNotAllowed
from kept.business.catalog import Catalog
from kept.follow_up.assignment import whose
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUp, line, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.policy.winning_back import WayBack, winning_back
from kept.storage import clients, follow_up_policies, follow_ups
from kept.storage.transaction import Lost


def ask_for_call(appointment: Appointment, catalog: Catalog, answer: WayBack, change: Change) -> FollowUp:
    """Of one that they cancelled for that reason; asked for again it is the same one.

    One for now has the client's clock. One for later is answered by the page, waits, and then has the clock of the
    call alone. Raises MoveNotAllowed where no call is on offer.
    """
    offered = winning_back(appointment, catalog)
    if offered is None or offered.answer is not answer:
        raise MoveNotAllowed(state=appointment.status)
    cause = OpenedBy.CALL_LATER if answer is WayBack.LATER else OpenedBy.CALL
    opened = open_for(
        clients.load(catalog.business.id, appointment.client),
        call_id(appointment, cause),
        cause=cause,
        about=appointment.id,
        assignee=whose(appointment.slot.staff, catalog, now=change.at),
        policy=catalog.follow_up_policy,
        change=change,
    )
    if cause is OpenedBy.CALL_LATER:
        opened = _put_off(opened, catalog, now=change.at)
    with suppress(Lost):
        follow_ups.put_alone(opened)
    return opened


def call_id(appointment: Appointment, cause: OpenedBy) -> str:
    """Of the follow-up by which who cancelled it is called."""
    return f"{appointment.id}-v{appointment.version}-{cause}"


def _put_off(opened: FollowUp, catalog: Catalog, *, now: datetime) -> FollowUp:
    """The page has told them when, which answers them; until then, as long as a pause may be, nobody has the turn."""
    number = catalog.follow_up_policy
    policies, told = follow_up_policies.load(catalog.business.id, [number]), Change(KEPT, now)
    answered = opened.record(line(What.ANSWERED, told), policies, now=now)
    return answered.record(line(What.WAITING, told), policies, now=now)
