"""Money as it is answered: what a client owes and has, and the lines it came from."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from kept.api.base import Answer
from kept.api.cursors import cursor
from kept.api.reasons import Facts, code_of, facts_of
from kept.business.catalog import Business
from kept.ledger.accounts import BY_HAND, MONEY, LedgerAccount, Means
from kept.ledger.acts import payable, refundable
from kept.ledger.balance import Balance, Statement
from kept.ledger.day_sums import DaySums
from kept.ledger.transaction import MoneyAct, Transaction
from kept.messaging.reasons_in_words import in_words
from kept.storage.ledger import BalancePage, LedgerPage


class PostingAnswer(Answer):
    """Debits are positive, credits negative; those of one line sum to nothing."""

    account: LedgerAccount
    minor: int
    currency: str


class LedgerLineAnswer(Answer):
    """`minor` is how much it is about, in `currency`; `means` by what it was paid or given back; `by` client, kept or
    staff:id. `reverses` names the line that this one takes back."""

    id: str
    what: MoneyAct
    at: datetime
    day: date
    by: str
    client: str
    appointment: str | None
    minor: int
    currency: str
    means: LedgerAccount | None
    why: str
    why_code: str
    facts: Facts
    reverses: str | None
    entries: list[PostingAnswer]


class PointsOfferAnswer(Answer):
    """So many points for a credit in minor units."""

    points: int
    minor: int
    currency: str


class BalanceAnswer(Answer):
    """In minor units: what is owed (deposits that are only asked apart), paid for nothing, held as deposit, what of
    deposits is to be paid back, and what the client may pay with. `waives` is how much whoever asks may let off, null
    for any amount. `points` are those of kept visits, and `points_buy` what so many of them buy, null where that is
    nothing."""

    currency: str
    owed: int
    overpaid: int
    deposit_due: int
    deposit: int
    to_pay_back: int
    credit: int
    waives: int | None
    points: int
    points_buy: PointsOfferAnswer | None


class LedgerAnswer(Answer):
    """The newest first; `next` asks for what came before. A line that was written this very second may be missing."""

    balance: BalanceAnswer
    entries: list[LedgerLineAnswer]
    next: str | None


class WrittenLinesAnswer(Answer):
    """The lines that were written, and what there is after them."""

    balance: BalanceAnswer
    entries: list[LedgerLineAnswer]


class DepositAnswer(Answer):
    """Of one visit's deposit in minor units: what is still due, held, lost, and to be paid back; and of that, how much
    may go back by each means."""

    due: int
    held: int
    lost: int
    to_pay_back: int
    payable: Mapping[Means, int]


class VisitMoneyAnswer(Answer):
    """Of one visit: what is owed for it, what may be given back by each means, its deposit (null where none was ever
    asked), and its lines in order of time."""

    balance: BalanceAnswer
    owed: int
    waived: int
    refundable: Mapping[Means, int]
    deposit: DepositAnswer | None
    entries: list[LedgerLineAnswer]


class DaySumsAnswer(Answer):
    """Of one currency, less what was taken back on that day. `taken` and `given_back` by means, `net` what is left of
    money itself; `charged` in fees, `waived` of these, `credited` for later, of which `made_good` for having
    waited."""

    currency: str
    taken: Mapping[LedgerAccount, int]
    given_back: Mapping[LedgerAccount, int]
    net: int
    charged: int
    waived: int
    credited: int
    made_good: int


class DayLedgerAnswer(Answer):
    """All that was written on one day of the business, the newest first, and, with the first of them, what it comes to
    by currency, the business's own always and first; `names` of the clients by the ids in the lines, of who was
    forgotten none."""

    day: date
    sums: list[DaySumsAnswer]
    entries: list[LedgerLineAnswer]
    names: Mapping[str, str]
    next: str | None


class OpenBalanceAnswer(Answer):
    """What a client owes, or is to have back."""

    client: str
    name: str | None
    currency: str
    owed: int
    overpaid: int


class OpenBalancesAnswer(Answer):
    """Those first of whom something was written last. What was written this very second may be missing."""

    entries: list[OpenBalanceAnswer]
    next: str | None


def balance(it: Balance, business: Business, role: str) -> BalanceAnswer:
    return BalanceAnswer(
        currency=it.currency,
        owed=it.owed,
        overpaid=it.overpaid,
        deposit_due=it.deposit_due,
        deposit=it.deposit,
        to_pay_back=it.to_pay_back,
        credit=it.credit,
        waives=business.money.limit(role),
        points=it.points,
        points_buy=points_offer(business),
    )


def points_offer(business: Business) -> PointsOfferAnswer | None:
    it = business.points
    return PointsOfferAnswer(points=it.price, minor=it.credit, currency=business.currency) if it.buy else None


def visit(before: Statement, entries: Iterable[Transaction], total: BalanceAnswer, language: str) -> VisitMoneyAnswer:
    found = list(entries)
    return VisitMoneyAnswer(
        balance=total,
        owed=before.owed,
        waived=before.visit.waived if before.visit else 0,
        refundable={means: max(refundable(before, means), 0) for means in BY_HAND},
        deposit=_deposit(before) if any(it.what is MoneyAct.DEPOSIT_ASKED for it in found) else None,
        entries=lines(found, language),
    )


def _deposit(before: Statement) -> DepositAnswer:
    of = before.visit or before.client
    return DepositAnswer(
        due=of.deposit_due,
        held=of.deposit,
        lost=-of.of(LedgerAccount.FORFEITED),
        to_pay_back=of.to_pay_back,
        payable={means: max(payable(before, means), 0) for means in BY_HAND},
    )


def page(found: LedgerPage, total: BalanceAnswer, language: str) -> LedgerAnswer:
    return LedgerAnswer(balance=total, entries=lines(found.lines, language), next=cursor(found.next))


def day(
    on: date,
    found: LedgerPage,
    sums: Mapping[str, DaySums] | None,
    names: Mapping[str, str],
    currency: str,
    language: str,
) -> DayLedgerAnswer:
    ordered = {} if sums is None else {currency: sums.get(currency, DaySums()), **sums}
    return DayLedgerAnswer(
        day=on,
        sums=[_sums(of, it) for of, it in ordered.items()],
        entries=lines(found.lines, language),
        names=names,
        next=cursor(found.next),
    )


def _sums(currency: str, it: DaySums) -> DaySumsAnswer:
    net = sum(it.taken.get(means, 0) - it.given_back.get(means, 0) for means in MONEY)
    return DaySumsAnswer(
        currency=currency,
        taken=it.taken,
        given_back=it.given_back,
        net=net,
        charged=it.charged,
        waived=it.waived,
        credited=it.credited,
        made_good=it.made_good,
    )


def open_balances(found: BalancePage, names: Mapping[str, str]) -> OpenBalancesAnswer:
    rows = [
        OpenBalanceAnswer(
            client=it.client, name=names.get(it.client), currency=it.currency, owed=it.owed, overpaid=it.overpaid
        )
        for it in found.balances
    ]
    return OpenBalancesAnswer(entries=rows, next=cursor(found.next))


def lines(found: Iterable[Transaction], language: str) -> list[LedgerLineAnswer]:
    return [_line(it, language) for it in found]


def _line(it: Transaction, language: str) -> LedgerLineAnswer:
    return LedgerLineAnswer(
        id=it.id,
        what=it.what,
        at=it.at,
        day=it.day,
        by=it.by,
        client=it.client,
        appointment=it.appointment,
        minor=it.minor,
        currency=it.currency,
        means=it.means,
        why=in_words(it.why, language),
        why_code=code_of(it.why),
        facts=facts_of(it.why),
        reverses=it.reverses or None,
        entries=[PostingAnswer(account=e.account, minor=e.minor, currency=e.currency) for e in it.entries],
    )
