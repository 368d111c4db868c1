"""The events of a ledger: one for each line, which is written once."""

from collections.abc import Mapping

from kept.events.catalogue import EventType, MoneyTold, OutgoingEvent, an_event
from kept.events.change import Kind
from kept.events.of_appointments import by
from kept.ledger.accounts import LedgerAccount
from kept.ledger.transaction import MoneyAct, Transaction

NAMED: Mapping[MoneyAct, EventType] = {
    MoneyAct.FEE: EventType.FEE_CHARGED,
    MoneyAct.WAIVER: EventType.FEE_WAIVED,
    MoneyAct.PAID: EventType.PAYMENT_RECORDED,
    MoneyAct.REFUNDED: EventType.PAYMENT_REFUNDED,
    MoneyAct.CREDIT: EventType.CREDIT_GIVEN,
    MoneyAct.DEPOSIT_ASKED: EventType.DEPOSIT_ASKED,
    MoneyAct.KEPT: EventType.DEPOSIT_KEPT,
    MoneyAct.FORFEITED: EventType.DEPOSIT_FORFEITED,
    MoneyAct.RETURNED: EventType.DEPOSIT_REFUNDED,
    MoneyAct.POINTS: EventType.POINTS_EARNED,
    MoneyAct.EXCHANGED: EventType.POINTS_EXCHANGED,
}


def event(line: Transaction) -> OutgoingEvent:
    told = MoneyTold(
        what=line.what,
        client=line.client,
        appointment=line.appointment,
        minor=line.minor,
        currency=line.currency,
        means=line.means,
        by=by(line.by),
        reason=line.why.code if line.why else None,
        reverses=line.reverses or None,
    )
    return an_event(_type(line), line.business, Kind.LEDGER, line.id, number=1, at=line.at, data=told)


def _type(line: Transaction) -> EventType:
    """A deposit is refunded when it is the client's again; that it is handed to them is a payment given back."""
    if line.reverses:
        return EventType.LINE_REVERSED
    if line.what is MoneyAct.PAID and line.of(LedgerAccount.DEPOSITS):
        return EventType.DEPOSIT_PAID
    return NAMED[line.what]
