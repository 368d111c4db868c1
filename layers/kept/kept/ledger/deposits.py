"""What becomes of a visit's deposit: the lines that bring the ledger there, and take back what is not so."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from kept.business.catalog import Money
from kept.ledger import acts
from kept.ledger.accounts import LedgerAccount, Means
from kept.ledger.acts import Occasion
from kept.ledger.refusals import AboveBalance
from kept.ledger.transaction import MoneyAct, Transaction
from kept.ledger.visit_account import ENDS, LEFT, Fate, VisitAccount
from kept.reasons import Code, because

Name = Callable[[str], Occasion]
"""On which occasion a line is written, by the end of its id."""


def ask(account: VisitAccount, minor: int, how: Name) -> None:
    """So much of it as is neither held nor due yet."""
    left = minor - account.visit.deposit - account.visit.deposit_due
    if left > 0:
        account.add(acts.deposit_asked(account.now, how("deposit-asked"), _money(account, left)))


def unask(account: VisitAccount, how: Name) -> None:
    """What is still due is waited for no more."""
    if account.visit.deposit_due and (asked := account.asked):
        account.add(acts.deposit_unasked(account.now, asked, how("deposit-unasked")))


def settle(account: VisitAccount, fate: Fate, how: Name, *, price: int | None = None) -> None:
    """Another end than this is taken back, as far as it can be: what was handed out stays so. What then is held has
    this end, and nothing is due any more. Of one that is kept what is more than the `price`, where that is known, is
    the client's again. Raises UnknownReason."""
    for line in account.ended:
        if ENDS[line.what] is not fate:
            _take_back(account, line, how)
    if fate is Fate.HELD or fate is Fate.DUE:
        return
    unask(account, how)
    for line in _ends(account, fate, how, price):
        account.add(line)


def uncollected(account: VisitAccount, paid: Transaction, how: Name) -> int:
    """It was never `paid` after all: what it came to is taken back with it, and nothing is due. How much of what was
    lost is owed now, in minor units; what was paid otherwise stays lost. `how` says why. Raises UnknownReason."""
    ends = [it for it in account.standing if it.what in ENDS and it.of(LedgerAccount.DEPOSITS) > 0]
    for line in (*ends, paid):
        back = replace(how("back"), id=f"{line.id}-back")
        account.add(acts.reverse(account.now, line, back, is_reversed=False))
    unask(account, how)
    is_lost = any(it.what is MoneyAct.FORFEITED for it in ends)
    if rest := account.visit.deposit:
        end = acts.deposit_forfeited if is_lost else acts.deposit_kept
        account.add(end(account.now, how("deposit-rest"), _money(account, rest)))
    return paid.of(LedgerAccount.STRIPE) if is_lost else 0


def leave(account: VisitAccount, minor: int, how: Name, *, lost: bool) -> None:
    """It ends with the date that it was for, though the visit goes on: `lost`, and no other is asked; or as credit,
    which pays at once for the one that is asked anew."""
    held = account.visit.deposit
    settle(account, Fate.FORFEITED if lost else Fate.RETURNED, lambda name: how(name.replace("deposit-", LEFT[1:], 1)))
    if lost or not held:
        return
    _as_credit(account, how)
    ask(account, minor, how)
    again = _money(account, min(held, account.visit.deposit_due))
    account.add(acts.deposit_paid(account.now, how("deposit-paid"), again, Means.CREDIT))


def _as_credit(account: VisitAccount, how: Name) -> None:
    if owed := account.visit.to_pay_back:
        account.add(acts.paid_back(account.now, how("deposit-credited"), _money(account, owed), Means.CREDIT))


def _ends(account: VisitAccount, fate: Fate, how: Name, price: int | None) -> Iterator[Transaction]:
    held = account.visit.deposit
    if held <= 0:
        return
    if fate is Fate.KEPT:
        kept = held if price is None else min(held, price)
        if kept:
            yield acts.deposit_kept(account.now, how("deposit-kept"), _money(account, kept))
        yield from _returned(account, held - kept, how)
    elif fate is Fate.FORFEITED:
        yield acts.deposit_forfeited(account.now, how("deposit-forfeited"), _money(account, held))
    else:
        yield from _returned(account, held, how)


def _returned(account: VisitAccount, held: int, how: Name) -> Iterator[Transaction]:
    """What was paid by credit is credit again; the rest is to be paid back."""
    credit = min(held, max(_by_credit(account.standing), 0))
    for part, as_credit in ((credit, True), (held - credit, False)):
        if part:
            name = "deposit-credited" if as_credit else "deposit-returned"
            yield acts.deposit_returned(account.now, how(name), _money(account, part), as_credit=as_credit)


def _by_credit(lines: Iterable[Transaction]) -> int:
    about = (it for it in lines if it.of(LedgerAccount.DEPOSITS) or it.of(LedgerAccount.PAYABLE))
    return sum(it.of(LedgerAccount.CREDITS) for it in about if it.what is not MoneyAct.REFUNDED)


def _take_back(account: VisitAccount, line: Transaction, how: Name) -> None:
    back = replace(how("back"), id=f"{line.id}-back", why=because(Code.TAKEN_BACK))
    try:
        account.add(acts.reverse(account.now, line, back, is_reversed=False))
    except AboveBalance:
        room = min(account.visit.earned - account.visit.waived, account.now.client.collected)
        left = min(room, line.of(LedgerAccount.DEPOSITS))
        if line.what is not MoneyAct.RETURNED and left > 0:
            account.add(acts.deposit_held_again(account.now, line, back, left))


def _money(account: VisitAccount, minor: int) -> Money:
    return Money(minor, account.client.currency)
