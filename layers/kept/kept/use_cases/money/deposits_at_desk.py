"""A deposit at the desk: received by hand or from credit, and let off with a reason."""

from kept import ids
from kept.booking.appointment import Appointment
from kept.booking.refusals import UnknownAppointment
from kept.business.catalog import Catalog, Money
from kept.business.money_rules import WaiverReason
from kept.ledger.accounts import Means
from kept.ledger.refusals import AboveBalance, DepositNotDue
from kept.storage import appointments, catalogs, clients
from kept.use_cases.money.acts_at_desk import DeskAct, Lines, must_be_allowed
from kept.use_cases.policy import deposits
from kept.use_cases.policy.deposits import DepositOutcome, NotTaken


def receive(it: DeskAct, amount: Money, means: Means) -> Lines:
    """Raises UnknownClient, UnknownAppointment, InvalidAmount, AnotherCurrency, AboveBalance, DepositNotDue and
    KeyReused."""
    visit = _visit(it)
    payment = it.change.key or ids.new("p")
    found = deposits.deposit_received(_catalog(it), visit.id, payment, amount, means, it.change)
    if found.outcome is DepositOutcome.NOT_TAKEN:
        raise AboveBalance(most=found.due) if found.why is NotTaken.TOO_MUCH else DepositNotDue(why=str(found.why))
    return found.lines


def let_off(it: DeskAct, reason: WaiverReason) -> Lines:
    """Raises UnknownClient, UnknownAppointment, DepositNotLost, AnsweredTooLate, WaiverAboveLimit, KeyReused."""
    visit = _visit(it)
    return deposits.let_off(
        _catalog(it), visit.id, reason, it.change, may=lambda minor: must_be_allowed(it, minor)
    ).lines


def _catalog(it: DeskAct) -> Catalog:
    return catalogs.load(it.business.id)


def _visit(it: DeskAct) -> Appointment:
    """Of this very client. Raises UnknownClient, UnknownAppointment."""
    client = clients.load(it.business.id, it.client)
    visit = appointments.load(it.business.id, it.appointment or "")
    if visit.client not in client.ids:
        raise UnknownAppointment
    return visit
