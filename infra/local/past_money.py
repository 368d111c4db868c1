"""What the demo's past weeks cost whoever did not come or cancelled late: the fees of their terms, paid, let off or
owed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pynamodb.models import Model

from infra.local.playing import FRONT_DESK
from kept.actor import KEPT, Change
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Business, Money
from kept.ledger import acts
from kept.ledger.accounts import Means
from kept.ledger.balance import Balance, Statement
from kept.ledger.transaction import Transaction
from kept.policy.cost import incurred
from kept.reasons import Code, because
from kept.storage import ledger
from kept.use_cases.money.fees import occasion

WHY = {Status.NO_SHOW: Code.FEE_NO_SHOW, Status.CANCELLED: Code.FEE_LATE_CANCELLATION}
FATES = (*Means, "waived", Means.CASH, "owed", Means.TERMINAL, "half waived")
"""What became of one fee after the other; nobody has a credit to pay with."""
LETS_OFF = (Code.MONEY_GOODWILL, Code.MONEY_EMERGENCY, Code.MONEY_OUR_FAULT)
LATELY = timedelta(days=12)
"""What is owed for longer was paid or let off."""


@dataclass
class PastLedger:
    """`lines` as they were written, one after the other; `balances` by client."""

    lines: list[Transaction] = field(default_factory=list)
    balances: dict[str, Balance] = field(default_factory=dict)
    fees: int = 0

    def charge(self, business: Business, visit: Appointment, now: datetime) -> None:
        """Whatever it costs by the terms under which it was booked."""
        cost = incurred(visit, visit.terms(business.changes))
        if cost is None or visit.status not in WHY:
            return
        at = next(line.at for line in reversed(visit.history) if line.status is visit.status)
        act = f"v{visit.version}-fee"
        how = occasion(business, _id(visit, act), Change(KEPT, at), visit.id, because(WHY[visit.status]))
        self._write(acts.fee(self._before(business, visit), how, cost))
        self._settle(business, visit, cost, at, now)

    def items(self) -> Iterator[Model]:
        yield from map(ledger.as_item, self.lines)
        for client, balance in self.balances.items():
            yield ledger.balance_item(balance, 1, [line for line in self.lines if line.client == client])

    def _settle(self, business: Business, visit: Appointment, cost: Money, at: datetime, now: datetime) -> None:
        fate, self.fees = FATES[self.fees % len(FATES)], self.fees + 1
        then = min(at + timedelta(days=1 + self.fees % 4, hours=2), now - timedelta(minutes=1))
        if fate in ("owed", Means.CREDIT):
            if now - at < LATELY:
                return
            fate = Means.TRANSFER
        change, lets_off = Change(FRONT_DESK, then), because(LETS_OFF[self.fees % len(LETS_OFF)])
        if fate in ("waived", "half waived"):
            part = Money(cost.minor if fate == "waived" else cost.minor // 2, cost.currency)
            how = occasion(business, _id(visit, "waived-past"), change, visit.id, lets_off)
            self._write(acts.waived(self._before(business, visit), how, part))
        if fate == "half waived" or fate in set(Means):
            means = Means(fate) if fate in set(Means) else Means.CASH
            before = self._before(business, visit)
            how = occasion(business, _id(visit, "paid-past"), change, visit.id)
            self._write(acts.paid(before, how, Money(before.owed, cost.currency), means))

    def _before(self, business: Business, visit: Appointment) -> Statement:
        client = self.balances.get(visit.client, Balance(business.id, visit.client, business.currency))
        of_visit = Balance(business.id, visit.client, business.currency)
        return Statement(client, of_visit.after(*self._of(visit)))

    def _of(self, visit: Appointment) -> Iterable[Transaction]:
        return (line for line in self.lines if line.appointment == visit.id)

    def _write(self, line: Transaction) -> None:
        self.lines.append(line)
        known = self.balances.get(line.client, Balance(line.business, line.client, line.currency))
        self.balances[line.client] = known.after(line)


def _id(visit: Appointment, act: str) -> str:
    return ledger.line_id(visit.client, visit.id, act)
