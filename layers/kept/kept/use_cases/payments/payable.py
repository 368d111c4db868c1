"""What can be paid of a visit online now."""

from dataclasses import dataclass
from datetime import datetime

from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Catalog, Money
from kept.payments.payment import SecuredBy
from kept.payments.plan import plan
from kept.storage import payments
from kept.use_cases.money.fees import opened


@dataclass(frozen=True, slots=True)
class Payable:
    """What is due of a visit now, until when, and how it would be secured; `replaces`: a saved card was declined."""

    amount: Money
    until: datetime
    plan: SecuredBy
    replaces: bool = False


def payable(catalog: Catalog, visit: Appointment, *, now: datetime) -> Payable | None:
    """None where there is nothing to pay, or not online. A visit that stands is paid for only where its card failed."""
    business = catalog.business
    until = visit.starts if visit.is_expected else visit.held_until
    if not business.payments.online or until is None or now >= until:
        return None
    if not (visit.is_expected or visit.status is Status.AWAITING_DEPOSIT):
        return None
    account = opened(business, visit)
    if not (due := account.visit.deposit_due) or (visit.is_expected and not _has_failed(visit)):
        return None
    how = plan(business.payments.plan, visit.starts, now=now)
    return Payable(Money(due, account.client.currency), until, how, replaces=visit.is_expected)


def came_too_late(visit: Appointment) -> bool:
    """Something was paid when the slot was kept no more, and goes back."""
    return any(it.refused for it in payments.of_visit(visit.business, visit.id))


def _has_failed(visit: Appointment) -> bool:
    return any(it.replaces or it.tries for it in payments.of_visit(visit.business, visit.id)[-1:])
