"""What the demo's clients owe, have paid and were let off for the visits of its today."""

from pydantic import BaseModel, ConfigDict

from infra.local.playing import FRONT_DESK, id_of
from kept import ids
from kept.actor import CLIENT, KEPT, Change
from kept.business.catalog import Catalog, Money
from kept.business.money_rules import WaiverReason
from kept.ledger.accounts import Means
from kept.reasons import Code, because
from kept.storage import appointments
from kept.storage.transaction import together
from kept.use_cases.booking.disputing import dispute
from kept.use_cases.money.acts_at_desk import DeskAct, record_payment, waive
from kept.use_cases.money.fees import charge_fee


class Fee(BaseModel):
    """In minor units, for the visit of that number; what of it was paid by `means`, and let off for a `reason`. By
    `disputed` its client says that it is wrong."""

    model_config = ConfigDict(extra="forbid")

    visit: int
    minor: int
    why: Code
    paid: int = 0
    means: Means = Means.CASH
    waived: int = 0
    reason: WaiverReason = WaiverReason.GOODWILL
    disputed: str = ""


def owe(catalog: Catalog, fee: Fee) -> None:
    """Once; of a visit that was left out of its day nothing."""
    business = catalog.business
    visit = appointments.find(business.id, id_of(catalog, fee.visit))
    if visit is None:
        return
    at = max(line.at for line in visit.history)
    with together() as transaction:
        appointments.unchanged(visit, transaction)
        charge_fee(business, visit, fee.minor, because(fee.why), transaction, Change(KEPT, at))
    change = Change(FRONT_DESK, at, key=ids.digest(f"demo fee {fee.visit}"))
    act = DeskAct(business, visit.client, "owner", change, visit.id)
    if fee.paid:
        record_payment(act, Money(fee.paid, business.currency), fee.means)
    if fee.waived:
        waive(act, Money(fee.waived, business.currency), fee.reason)
    if fee.disputed and visit.held_against:
        dispute(catalog, visit.id, Change(CLIENT, at, fee.disputed, ids.digest(f"demo dispute {fee.visit}")))
