"""Money of a made year: lines of a ledger about one visit as they stand in the table, and of each in a plain row what
is left of it in the end."""

import random
from datetime import date, datetime, timedelta
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from kept.ledger.accounts import LedgerAccount
from kept.ledger.transaction import MoneyAct, Posting, Transaction
from kept.reasons import Reason
from tests.builders import STARTS

Row = dict[str, Any]
HOUR = timedelta(hours=1)
FEES = ("fee_no_show", "fee_late_cancellation", "fee_late_move")
WAIVERS = ("money_goodwill", "money_emergency", "money_our_fault")
MEANS = ("cash", "terminal", "transfer", "credits")


SHANGHAI = ZoneInfo("Asia/Shanghai")
ACCOUNTS = {
    "fee": (MoneyAct.FEE, {"receivable": 1, "fees": -1}, "fee_no_show"),
    "waived": (MoneyAct.WAIVER, {"waived": 1, "receivable": -1}, "money_goodwill"),
    "paid": (MoneyAct.PAID, {"cash": 1, "receivable": -1}, ""),
    "refunded": (MoneyAct.REFUNDED, {"cash": -1, "waived": 1}, "money_our_fault"),
    "credited": (MoneyAct.CREDIT, {"given": 1, "credits": -1}, "money_goodwill"),
    "deposit_asked": (MoneyAct.DEPOSIT_ASKED, {"deposits_due": 1, "deposits_asked": -1}, ""),
    "deposit_paid": (
        MoneyAct.PAID,
        {"terminal": 1, "deposits": -1, "deposits_due": -1, "deposits_asked": 1},
        "",
    ),
    "deposit_kept": (MoneyAct.KEPT, {"deposits": 1, "applied": -1}, ""),
    "deposit_forfeited": (MoneyAct.FORFEITED, {"deposits": 1, "forfeited": -1}, "fee_no_show"),
    "deposit_refunded": (MoneyAct.REFUNDED, {"deposits": 1, "transfer": -1}, ""),
}


def line(
    what: str, minor: int = 500, *, at: datetime = STARTS, act: str = "one", back: bool = False, currency: str = "CNY"
) -> Transaction:
    """Or what takes it back, that many of it."""
    kind, moved, why = ACCOUNTS[what]
    sign = -minor if back else minor
    entries = tuple(Posting(LedgerAccount(name), sign * many, currency) for name, many in moved.items())
    id = f"c-1#a-1#{act}"
    day = at.astimezone(SHANGHAI).date()
    because = Reason("money_mistake" if back else why) if why or back else None
    name = f"{id}-back" if back else id
    return Transaction("lotus", name, "c-1", kind, at, day, "staff:mei", entries, "a-1", because, id if back else "")


class Ledgers(Protocol):
    """Where it is written down."""

    lives: list[list[Any]]
    money: list[Row]


class MadeMoney:
    """Of one visit: a deposit, or a fee with what became of it. One in ten is of another currency."""

    def __init__(self, chance: random.Random, visit: Row, zone: ZoneInfo) -> None:
        self.chance, self.visit, self.zone = chance, visit, zone
        self.currency = chance.choice(["USD"] * 9 + ["EUR"])
        self.minor, self.means = chance.randint(5, 90) * 100, chance.choice(MEANS)
        self.lines: list[Transaction] = []
        self.rows: list[Row] = []

    def happens(self, year: Ledgers) -> None:
        if self.chance.random() < 0.4:
            self.deposit()
        else:
            self.fee()
        year.lives += [[line] for line in self.lines]
        year.money += [row for row in self.rows if row["minor"]]

    def line(
        self, act: str, what: MoneyAct, hours: int, moved: dict[str, int], *, why: str = "", reverses: str = ""
    ) -> str:
        at = self.visit["start"] + (2 + hours) * HOUR
        entries = tuple(Posting(LedgerAccount(name), many, self.currency) for name, many in moved.items())
        id, because = f"{self.visit['client']}#{self.visit['name']}#{act}", Reason(why) if why else None
        about = ("staff:ann", entries, self.visit["name"], because, reverses)
        self.lines.append(Transaction("lotus", id, self.visit["client"], what, at, self.day(hours), *about))
        return id

    def back(self, id: str, what: MoneyAct, hours: int, moved: dict[str, int]) -> None:
        opposite = {name: -many for name, many in moved.items()}
        self.line(f"{id.rpartition('#')[2]}-back", what, hours, opposite, why="money_mistake", reverses=id)

    def counts(self, hours: int, what: str, cause: str, left: int) -> None:
        row = {"day": self.day(hours), "what": what, "cause": cause, "minor": left, "currency": self.currency}
        self.rows.append(row)

    def day(self, hours: int) -> date:
        at = self.visit["start"] + (2 + hours) * HOUR
        found: date = at.astimezone(self.zone).date()
        return found

    def deposit(self) -> None:
        minor, means = self.minor, self.means
        self.line("asked", MoneyAct.DEPOSIT_ASKED, -90, {"deposits_due": minor, "deposits_asked": -minor})
        self.counts(-90, "deposit_asked", "", minor)
        held = {means: minor, "deposits": -minor, "deposits_due": -minor, "deposits_asked": minor}
        self.line("held", MoneyAct.PAID, -80, held)
        self.counts(-80, "deposit_paid", means, minor)
        match self.chance.randrange(3):
            case 0:
                self.line("kept", MoneyAct.KEPT, 1, {"deposits": minor, "applied": -minor})
                self.counts(1, "deposit_kept", "", minor)
            case 1:
                lost, taken_back = {"deposits": minor, "forfeited": -minor}, self.chance.random() < 0.5
                id = self.line("lost", MoneyAct.FORFEITED, 1, lost, why="fee_no_show")
                self.counts(1, "deposit_forfeited", "fee_no_show", 0 if taken_back else minor)
                if taken_back:
                    self.back(id, MoneyAct.FORFEITED, 50, lost)
            case _:
                self.line("given", MoneyAct.REFUNDED, 30, {"deposits": minor, means: -minor})
                self.counts(30, "deposit_refunded", means, minor)

    def fee(self) -> None:
        cause, owes = self.chance.choice(FEES), {"receivable": self.minor, "fees": -self.minor}
        fee, fate = self.line("v1-fee", MoneyAct.FEE, 0, owes, why=cause), self.chance.randrange(6)
        self.counts(0, "fee", cause, 0 if fate == 5 else self.minor)
        match fate:
            case 0:
                self.paid()
            case 1:
                self.paid(taken_back=True)
            case 2:
                self.waived()
            case 3:
                self.paid()
                back = {self.means: -self.minor, "waived": self.minor}
                self.line("refunded-1", MoneyAct.REFUNDED, 70, back, why="money_our_fault")
                self.counts(70, "refunded", self.means, self.minor)
            case 4:
                self.line("credit-1", MoneyAct.CREDIT, 3, {"given": 500, "credits": -500}, why="money_goodwill")
                self.counts(3, "credited", "money_goodwill", 500)
                self.line("points-1", MoneyAct.POINTS, 4, {"points_earned": 3, "points": -3})
            case _:
                self.back(fee, MoneyAct.FEE, self.chance.choice([1, 100]), owes)

    def paid(self, *, taken_back: bool = False) -> None:
        pays = {self.means: self.minor, "receivable": -self.minor}
        id = self.line("paid-1", MoneyAct.PAID, 5, pays)
        self.counts(5, "paid", self.means, 0 if taken_back else self.minor)
        if taken_back:
            self.back(id, MoneyAct.PAID, 6, pays)

    def waived(self) -> None:
        """Some of which may be claimed again."""
        why, part = self.chance.choice(WAIVERS), self.minor // 2
        id = self.line("waived-1", MoneyAct.WAIVER, 40, {"waived": part, "receivable": -part}, why=why)
        again = self.chance.choice([0, part // 4])
        self.counts(40, "waived", why, part - again)
        if again:
            opposite = {"receivable": again, "waived": -again}
            self.line("waived-1-back", MoneyAct.WAIVER, 60, opposite, why="taken_back", reverses=id)
