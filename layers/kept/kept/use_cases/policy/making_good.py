"""A wait beyond the standard is made good in the very write of the step that ends it: the credit, the word to the
client and that they come first from now on; and all of it is taken back with that step.

What one local day costs is counted in the same write, on the condition that it stays within the cap: of two that begin
at once, the second decides on what the first has left. Nothing is read where nobody was kept waiting.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial

from pynamodb.transactions import TransactWrite

from kept.actor import Change
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Business, Catalog, Money
from kept.business.money_rules import MOST
from kept.clients.client import Client
from kept.clients.wrongs import made_up, open_again, righted, wronged
from kept.ledger import acts
from kept.ledger.balance import Statement
from kept.ledger.day_sums import FOR_WAITING
from kept.ledger.taking_back import not_reversed
from kept.ledger.transaction import Transaction
from kept.messaging.message import Message
from kept.messaging.outgoing import to_client, undoable
from kept.policy.make_good import is_our_fault, percent_for, share, waited
from kept.reasons import Code, because, is_because
from kept.storage import clients, counters, ledger, messages
from kept.use_cases.booking.unheard import UNSENT, withdrawn
from kept.use_cases.clients.filing import Becoming, becoming, came, keep_longer
from kept.use_cases.money.fees import occasion, opened_in, reversal_id, written

MADE_GOOD, NOBODYS_FAULT = "made_good", "nobodys_fault"
TELL_OF_IT = frozenset({MADE_GOOD, NOBODYS_FAULT})
KIND, SPENT = "made_good", "minor"
"""How the day's credits are counted."""
REMEMBERED = timedelta(days=3)
"""Longer than any local day lasts."""
HEARD = timedelta(hours=4)
"""So long after it began it is worth telling."""


def as_made_good(catalog: Catalog, before: Appointment, after: Appointment, change: Change) -> Appointment:
    """With what it is made good by: no more than the day's cap has left, nothing for the same wait twice."""
    if before.kept_waiting == after.kept_waiting:
        return after
    business = catalog.business
    price = after.price or catalog.service_of(after).price
    minor = share(price, percent_for(after, business, now=change.at), business)
    if after.made_good and minor:
        return after
    return replace(after, made_good=min(minor, _left(business, change.at)) if minor else 0)


def make_good(
    catalog: Catalog, before: Appointment, after: Appointment, transaction: TransactWrite, change: Change
) -> list[Message]:
    """The ledger's line, and what is said; what was said and has not gone out is not, where it is no more so."""
    if before.kept_waiting == after.kept_waiting:
        return []
    if before.made_good != after.made_good:
        _write_line(catalog.business, after, transaction, change)
    return _said(catalog, before, after, change)


def give_room(business: Business, line: Transaction, transaction: TransactWrite, *, now: datetime) -> None:
    """What was credited today and is taken back by hand may be credited to others today."""
    if is_because(line.why, Code.WAITING_MADE_GOOD) and line.day == _day(business, now):
        _count(business, -line.minor, transaction, now)


def regarding(business: Business, before: Appointment, after: Appointment, change: Change) -> Becoming:
    """What the step makes of whoever its client is when it is written."""
    return partial(_as_regarded, business=business, before=before, after=after, change=change)


def _as_regarded(client: Client, business: Business, before: Appointment, after: Appointment, change: Change) -> Client:
    """With what this step did to them: kept waiting, or cancelled or moved by us at short notice; or they were served
    well at last. What is taken back of it is taken back here as well."""
    wrongs = client.wrongs
    is_wrong, was_wrong = is_our_fault(after, business), is_our_fault(before, business)
    if is_wrong and not was_wrong:
        wrongs = wronged(wrongs, after.id, at=change.at)
    if was_wrong and not is_wrong:
        wrongs = righted(wrongs, after.id)
    if _went_well(after):
        wrongs = made_up(wrongs, after.id)
    elif _went_well(before):
        wrongs = open_again(wrongs, after.id)
    return client if wrongs == client.wrongs else replace(client, wrongs=wrongs)


def regard(
    business: Business, before: Appointment, after: Appointment, transaction: TransactWrite, change: Change
) -> None:
    """What the step makes of its client: that they came, and what was done to them. Most steps read no client."""
    also = regarding(business, before, after, change)
    if after.has_come and not before.has_come:
        came(after, transaction, now=change.at, also=also)
    elif _may_be_regarded(business, before, after):
        becoming(after, transaction, also, now=change.at)


def keep_longer_regarded(
    business: Business, before: Appointment, after: Appointment, transaction: TransactWrite, change: Change
) -> None:
    """Of one that is on again, whose client may be somebody no more."""
    if client := clients.find(before.business, before.client):
        also = regarding(business, before, after, change)
        keep_longer(client, after, transaction, now=change.at, also=also)


def _may_be_regarded(business: Business, before: Appointment, after: Appointment) -> bool:
    """Known of the visit alone, so that most steps read no client."""
    is_other = is_our_fault(after, business) is not is_our_fault(before, business)
    return is_other or _went_well(after) is not _went_well(before)


def _went_well(visit: Appointment) -> bool:
    return visit.status is Status.COMPLETED and not visit.kept_waiting


def _write_line(business: Business, after: Appointment, transaction: TransactWrite, change: Change) -> None:
    account = opened_in(business.currency, business, after)
    standing = [it for it in not_reversed(account.lines) if is_because(it.why, Code.WAITING_MADE_GOOD)]
    for line in standing:
        if account.client.credit < line.minor:
            continue  # spent by now: nobody owes us what was to make good
        how = occasion(business, reversal_id(line), change, after.id, because(Code.DID_NOT_WAIT))
        account.add(acts.reverse(Statement(account.client), line, how, is_reversed=False))
        give_room(business, line, transaction, now=change.at)
    if after.made_good and not standing:
        percent = percent_for(after, business, now=change.at)
        why = because(Code.WAITING_MADE_GOOD, minutes=after.kept_waiting, percent=percent)
        how = occasion(
            business, ledger.line_id(after.client, after.id, account.free(FOR_WAITING)), change, after.id, why
        )
        account.add(acts.credited(account.now, how, Money(after.made_good, business.currency)))
        _count(business, after.made_good, transaction, change.at)
    written(account, transaction)


def _said(catalog: Catalog, before: Appointment, after: Appointment, change: Change) -> list[Message]:
    """Of a wait that was measured; what a person says of one they have said to the client."""
    known = messages.about(after.business, after.id) if before.kept_waiting else ()
    back = [withdrawn(it) for it in known if it.stage in TELL_OF_IT and it.status in UNSENT]
    business, long = catalog.business, waited(after)
    if not after.kept_waiting or not business.make_good.on or long is None or not business.make_good.step(long):
        return back
    client = clients.load(after.business, after.client)
    stage = NOBODYS_FAULT if business.make_good.is_nobodys_fault(_day(business, change.at)) else MADE_GOOD
    occasion = f"{after.archived + len(after.history)}"
    told = to_client(after, client, business, stage, now=change.at, useful_until=change.at + HEARD, occasion=occasion)
    return [*back, undoable(told, change)]


def _left(business: Business, at: datetime) -> int:
    cap = business.make_good.day_cap
    if cap is None:
        return MOST
    window = _day(business, at).toordinal()
    spent = counters.counts(business.id, KIND, (window,)).get(window, {}).get(SPENT, 0)
    return max(cap - spent, 0)


def _count(business: Business, minor: int, transaction: TransactWrite, at: datetime) -> None:
    cap, window = business.make_good.day_cap, _day(business, at).toordinal()
    most = MOST if cap is None else cap
    counters.add(business.id, KIND, window, (SPENT, minor), transaction, most=most, until=at + REMEMBERED)


def _day(business: Business, at: datetime) -> date:
    return at.astimezone(business.zone).date()
