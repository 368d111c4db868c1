"""How a client stands by their record: a pure function of their visits, with the reason, and when it eases."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Business
from kept.business.standing_rules import StandingRules
from kept.clients.standing import Standing, StandingSet
from kept.reasons import Code, Reason, because


@dataclass(frozen=True, slots=True)
class ClientStanding:
    """`by_record` is what the visits say, `word` what a person set instead, as long as it holds. `missed` and `late`
    are what counts of the record, since the first of them; it `eases_at` the moment from which it is milder by itself.
    """

    standing: Standing
    why: Reason | None
    by_record: Standing
    missed: int
    late: int
    since: datetime | None
    eases_at: datetime | None
    word: StandingSet | None = None


@dataclass(frozen=True, slots=True)
class _Lapses:
    """The starts of the visits that count against a client, in order."""

    missed: tuple[datetime, ...]
    late: tuple[datetime, ...]

    def at(self, now: datetime, rules: StandingRules) -> "_Lapses":
        """What has not decayed: at exactly so long after its start a visit counts no more."""
        return _Lapses(
            tuple(start for start in self.missed if now < start + rules.decay),
            tuple(start for start in self.late if now < start + rules.decay),
        )

    @property
    def all(self) -> tuple[datetime, ...]:
        return tuple(sorted((*self.missed, *self.late)))


def standing(
    visits: Iterable[Appointment], business: Business, word: StandingSet | None, *, now: datetime
) -> ClientStanding:
    """Of all visits that are known; instants by the business's clock. What a person said holds until it ends."""
    found, rules, zone = list(visits), business.standing, business.zone
    lapses = _Lapses(
        tuple(sorted(it.starts.astimezone(zone) for it in found if it.status is Status.NO_SHOW)),
        tuple(sorted(it.starts.astimezone(zone) for it in found if it.status is Status.CANCELLED and it.late)),
    )
    had = len(lapses.all) + sum(it.has_come for it in found)
    lapses = lapses if had >= rules.fewest else _Lapses((), ())
    counted = lapses.at(now, rules)
    by_record = _by(counted, rules)
    holding = word if word and word.holds_at(now) else None
    return ClientStanding(
        standing=holding.standing if holding else by_record,
        why=because(Code.IN_THEIR_WORDS, words=holding.why) if holding else _why(counted, by_record, rules),
        by_record=by_record,
        missed=len(counted.missed),
        late=len(counted.late),
        since=next(iter(counted.all), None),
        eases_at=holding.until if holding else _eases(counted, by_record, rules),
        word=holding,
    )


def _by(lapses: _Lapses, rules: StandingRules) -> Standing:
    missed, late = len(lapses.missed), len(lapses.late)
    if missed >= rules.restricted_missed:
        return Standing.RESTRICTED
    if missed >= rules.deposit_missed or late >= rules.deposit_late:
        return Standing.DEPOSIT_REQUIRED
    return Standing.GOOD


def _why(lapses: _Lapses, by_record: Standing, rules: StandingRules) -> Reason | None:
    """The missed visits, where they alone would ask for it; else those cancelled too late."""
    if by_record is Standing.GOOD:
        return None
    if len(lapses.missed) >= rules.deposit_missed:
        return because(Code.MISSED_LATELY, missed=len(lapses.missed), since=lapses.missed[0])
    return because(Code.CANCELLED_LATE_LATELY, late=len(lapses.late), since=lapses.late[0])


def _eases(lapses: _Lapses, by_record: Standing, rules: StandingRules) -> datetime | None:
    """The first moment at which what is left of the same record is milder."""
    ends = (start + rules.decay for start in lapses.all)
    return next((at for at in ends if _by(lapses.at(at, rules), rules).gravity < by_record.gravity), None)
