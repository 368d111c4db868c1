"""What ends with a dispute: its follow-up, and the client is told either way."""

from dataclasses import replace

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.dispute import Dispute, DisputeState
from kept.business.catalog import Catalog
from kept.follow_up.events import HowItEnded
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import Message
from kept.messaging.outgoing import to_client, undoable
from kept.reasons import Code, because
from kept.storage import clients, follow_ups
from kept.use_cases.booking.marking import follow_up_id

TOLD = {DisputeState.UPHELD: "dispute_upheld", DisputeState.REFUSED: "dispute_refused"}
WHY = {DisputeState.UPHELD: Code.DISPUTE_UPHELD, DisputeState.REFUSED: Code.DISPUTE_REFUSED}


def decision(before: Appointment, after: Appointment) -> Dispute | None:
    """The dispute that this step decides."""
    return after.disputed if before.is_disputed and after.disputed and not after.disputed.is_open else None


def settled(before: Appointment, after: Appointment, change: Change) -> FollowUp | None:
    """The follow-up of a dispute that this step decides; None where none was open, or somebody closed it before."""
    if (decided := decision(before, after)) is None:
        return None
    opened = follow_ups.find_open(before.business, follow_up_id(before, OpenedBy.DISPUTE))
    why = str(because(WHY[decided.state]))
    return opened and opened.ended(change.by, change.at, why, HowItEnded.SETTLED)


def told_of_it(before: Appointment, after: Appointment, catalog: Catalog, change: Change) -> list[Message]:
    """In the words of whoever refused it, where they found some."""
    if (decided := decision(before, after)) is None:
        return []
    client = clients.load(after.business, after.client)
    told = to_client(after, client, catalog.business, TOLD[decided.state], now=change.at)
    words = change.why if decided.state is DisputeState.REFUSED else ""
    return [undoable(replace(told, text=words), change)]
