"""What a move would do, before it is made: whether it can be, and who would hear of it over what and when."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from kept.actor import Change
from kept.booking.addressee import addressee
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Catalog, Money
from kept.channels import NUMBERED, Channel
from kept.clients.client import Client
from kept.errors import Refusal
from kept.messaging.decision import DeliveryContext, Never, Send, Wait, decide
from kept.messaging.message import Message
from kept.messaging.outgoing import to_client, undoable
from kept.policy.cost import beyond, incurred
from kept.policy.deposit import DepositMove, deposit_move
from kept.storage import appointments, clients, left_alone
from kept.use_cases.booking.moves import Move, planned
from kept.use_cases.booking.unheard import unheard


@dataclass(frozen=True, slots=True)
class ClientTold:
    """The client would be told over this channel, at this address, then."""

    channel: Channel
    to: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MovePreview:
    """`refusal` is why it cannot be; `overridable` where staff could do it with a reason. `call`: nobody would be told,
    so somebody has to call. `late`: too late for a free change, which has its `cost`, or none. `deposit`: what
    becomes of one that is held; `pay_until`: when one that is due has to be paid by then."""

    refusal: Refusal | None = None
    overridable: bool = False
    tells: tuple[ClientTold, ...] = ()
    call: bool = False
    late: bool = False
    cost: Money | None = None
    deposit: DepositMove | None = None
    pay_until: datetime | None = None


def preview(catalog: Catalog, id: str, move: Move, change: Change) -> MovePreview:
    """Nothing is written. Raises UnknownAppointment."""
    visit = appointments.load(catalog.business.id, id)
    if move.is_done(visit):
        return MovePreview()
    try:
        plan = planned(catalog, visit, move, change)
    except Refusal as refusal:
        return MovePreview(refusal, overridable=_can_be(catalog, visit, replace(move, by_hand=True), change))
    if plan.after.version == visit.version:
        return MovePreview()
    terms = visit.terms(catalog.business.changes)
    moves = deposit_move(visit, plan.after, change)
    lost = terms.deposit if moves is DepositMove.LOST else 0
    cost = beyond(incurred(plan.after, terms), lost)
    is_due = plan.after.status is Status.AWAITING_DEPOSIT
    until = plan.after.held_until if is_due else None
    costs = MovePreview(late=plan.after.late, cost=cost, deposit=moves, pay_until=until)
    if unheard(visit, plan.after, change) is not None:
        return costs
    record = clients.find(visit.business, visit.client)
    told = telling(catalog, plan.after, record, change) if record else None
    return replace(costs, tells=(told,) if told else (), call=told is None)


def _can_be(catalog: Catalog, visit: Appointment, move: Move, change: Change) -> bool:
    try:
        planned(catalog, visit, move, change)
    except Refusal:
        return False
    return True


def telling(
    catalog: Catalog, visit: Appointment, record: Client, change: Change, *, since: datetime | None = None
) -> ClientTold | None:
    """How its client would hear that it was moved to where it stands; not before `since`, where somebody says so."""
    message = to_client(visit, record, catalog.business, "rescheduled", now=change.at, useful_until=visit.starts)
    message = undoable(message, change)
    due = message.due_at or change.at
    return next(_tellings(catalog, visit, record, replace(message, due_at=max(due, since or due))), None)


def _tellings(catalog: Catalog, visit: Appointment, record: Client, message: Message) -> Iterator[ClientTold]:
    """Over the first channel that would take it, as the sender will decide; what goes wrong on the way nobody knows."""
    business, client = catalog.business, addressee(record, visit)
    now = message.due_at or message.created_at
    while message:
        address = client.address(message.channel)
        stopped = bool(address) and message.channel in NUMBERED
        alone = stopped and left_alone.is_left_alone(business.id, message.channel, address or "")
        matter = DeliveryContext(client, business, visit, left_alone=alone)
        match decide(message, matter, address=address, now=now):
            case Send():
                yield ClientTold(message.channel, address or "", now)
            case Wait(until=until):
                yield ClientTold(message.channel, address or "", until)
            case Never(elsewhere=False):
                return
        following = matter.another(message, now=now)
        if following is None:
            return
        message = following
