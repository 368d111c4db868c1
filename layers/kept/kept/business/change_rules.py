"""What a change costs: until when it is free, how often an appointment may be moved, and what is asked of those who
come too late with it or not at all."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self


@dataclass(frozen=True, slots=True)
class Charge:
    """A sum in minor units, or a share of the price in whole per cent; neither is nothing.

    A share is rounded down to the minor unit, so that nobody pays a fraction more than was said; of a service without a
    price it is nothing.
    """

    minor: int = 0
    percent: int = 0

    def of(self, price: int | None) -> int:
        return self.minor or (price or 0) * self.percent // 100


NO_CHARGE = Charge()


class AskedOf(StrEnum):
    """Of whom a deposit is asked. Whoever stands so that a deposit is required is asked for one in any case."""

    EVERYBODY = "everybody"
    NEW = "new"
    """Of those who have not come yet."""
    STANDING = "standing"


THOUSANDTHS = frozenset({"BHD", "JOD", "KWD", "LYD", "OMR", "TND"})
"""Currencies of which no card pays less than ten of the smallest unit."""
SHORTEST = timedelta(minutes=15)
"""For so long a slot is kept for whoever has to pay first, however soon it is."""


@dataclass(frozen=True, slots=True)
class DepositRules:
    """How much is asked while booking, of whom and above which price; nothing by default. Nobody is asked by a score.

    It is to be paid `within` so long, and never later than so long `before` the start. A change made in time takes it
    along to a date no more than so many days from the one that it was for (`moves`).
    """

    charge: Charge = NO_CHARGE
    of: AskedOf = AskedOf.EVERYBODY
    above: int | None = None
    within: timedelta = timedelta(hours=24)
    before: timedelta = timedelta(hours=2)
    moves: timedelta = timedelta(days=3)

    def pay_until(self, starts: datetime, *, now: datetime, asked_at: datetime | None = None) -> datetime:
        """Counted from when it was asked, which is now unless said. However soon it is, there is the SHORTEST time to
        pay; after the start there is none."""
        usual = min((asked_at or now) + self.within, starts - self.before)
        return min(max(usual, now + SHORTEST), max(starts, now))


@dataclass(frozen=True, slots=True)
class Terms:
    """What a client accepts with a booking, in figures: it stays with it, whatever the business changes later.

    A change is free until so long before the start, and for the grace after booking; then cancelling, moving and not
    coming cost so much, in minor units of the currency. The `deposit` that is asked goes along to a date within
    `deposit_moves` of the one that it was for.
    """

    free_until: timedelta
    grace: timedelta
    late_fee: int = 0
    move_fee: int = 0
    missed_fee: int = 0
    currency: str = ""
    deposit: int = 0
    deposit_moves: timedelta = timedelta(days=3)

    def last_free(self, starts: datetime, booked_at: datetime) -> datetime:
        """A change at exactly this moment is in time. Moving a booking gives it no new grace."""
        return max(starts - self.free_until, min(booked_at + self.grace, starts))

    def is_late(self, starts: datetime, booked_at: datetime, *, now: datetime) -> bool:
        """Once it has begun it is, whatever the notice."""
        return now >= starts or now > self.last_free(starts, booked_at)

    def is_within_notice(self, starts: datetime, *, now: datetime) -> bool:
        """What is booked now has its grace alone."""
        return starts - now < self.free_until

    def milder(self, other: Self) -> Self:
        """Of each the one that asks less."""
        return replace(
            self,
            free_until=min(self.free_until, other.free_until),
            grace=max(self.grace, other.grace),
            late_fee=min(self.late_fee, other.late_fee),
            move_fee=min(self.move_fee, other.move_fee),
            missed_fee=min(self.missed_fee, other.missed_fee),
            deposit=min(self.deposit, other.deposit),
            deposit_moves=max(self.deposit_moves, other.deposit_moves),
        )


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """What is otherwise for a service, a tier of clients, or both; None is any, or as for everybody."""

    service: str | None = None
    tier: str | None = None
    free_until: timedelta | None = None
    late_fee: Charge | None = None
    move_fee: Charge | None = None
    missed_fee: Charge | None = None
    deposit: Charge | None = None

    def matches(self, service: str | None, tier: str | None) -> bool:
        return self.service in (None, service) and self.tier in (None, tier)


@dataclass(frozen=True, slots=True)
class ChangeRules:
    """Four knobs, not one: notice for a free change, the limit of moves, for how long a booking is taken back free
    whenever it is for, and (on the service) notice to book. Of the `rows` the first that matches a booking decides."""

    free_until: timedelta = timedelta(hours=48)
    reschedules: int = 3
    grace: timedelta = timedelta(minutes=15)
    late_fee: Charge = NO_CHARGE
    move_fee: Charge = NO_CHARGE
    missed_fee: Charge = NO_CHARGE
    deposits: DepositRules = DepositRules()
    rows: tuple[ChangeRow, ...] = field(default=())

    def terms(self, service: str, tier: str, price: int | None, currency: str) -> Terms:
        """Of a booking of this service, by a client of this tier, at this price in minor units; with the deposit of
        whoever is asked for one, in thousandths rounded down to ten of them."""
        row = next((row for row in self.rows if row.matches(service, tier)), ChangeRow())

        def fee(own: Charge | None, usual: Charge) -> int:
            return (usual if own is None else own).of(price)

        is_above = self.deposits.above is None or (price or 0) > self.deposits.above
        deposit = fee(row.deposit, self.deposits.charge) if is_above else 0
        return Terms(
            free_until=self.free_until if row.free_until is None else row.free_until,
            grace=self.grace,
            late_fee=fee(row.late_fee, self.late_fee),
            move_fee=fee(row.move_fee, self.move_fee),
            missed_fee=fee(row.missed_fee, self.missed_fee),
            currency=currency,
            deposit=deposit - deposit % 10 if currency in THOUSANDTHS else deposit,
            deposit_moves=self.deposits.moves,
        )

    @property
    def before_any(self) -> Terms:
        """Of what was booked before terms were kept with a booking: nobody was told of a fee then."""
        return Terms(self.free_until, self.grace)
