"""A deposit that is to be paid back by hand is somebody's to do, until they say that it was: never taken for done."""

from pynamodb.transactions import TransactWrite

from kept.actor import KEPT, Change
from kept.booking.appointment import Appointment
from kept.follow_up.assignment import whose
from kept.follow_up.follow_up import FollowUp, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.ledger.accounts import LedgerAccount
from kept.ledger.transaction import Transaction
from kept.ledger.visit_account import VisitAccount
from kept.storage import catalogs, clients, follow_ups


def follow_up_paying_back(
    account: VisitAccount, visit: Appointment, transaction: TransactWrite, change: Change
) -> None:
    """Opened by the line that owes it to the client, and over with the one that hands the last of it back, or takes the
    first back. What came by Stripe goes back by itself."""
    if account.to_hand_back:
        for line in filter(_owes, account.made):
            follow_ups.put(_opened(line, visit, change), transaction)
    elif any(line.of(LedgerAccount.PAYABLE) > 0 for line in account.made):
        for line in filter(_owes, account.lines):
            if one := follow_ups.find_open(visit.business, _id(line)):
                follow_ups.put(one.ended(change.by, change.at, change.why), transaction)


def _owes(line: Transaction) -> bool:
    """Also where handing it back is taken back."""
    return line.of(LedgerAccount.PAYABLE) < 0


def _id(line: Transaction) -> str:
    return f"{line.appointment}-{line.id.rpartition('#')[2]}"


def _opened(line: Transaction, visit: Appointment, change: Change) -> FollowUp:
    catalog = catalogs.load(visit.business)
    return open_for(
        clients.load(visit.business, visit.client),
        _id(line),
        cause=OpenedBy.DEPOSIT_BACK,
        about=visit.id,
        assignee=whose(visit.slot.staff, catalog, now=change.at),
        policy=catalog.follow_up_policy,
        change=Change(KEPT, change.at),
    )
