"""Each night the facts of the day before are compared with a recount of the tables; where they differ people are told,
and putting back what was set aside writes that day's facts anew.

Of messages the recount knows those about that day's visits, and whether each that has a fact says so: they stand in no
index of time. A whole rebuild (rebuilding.py) looks at all of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from kept.business.catalog import Catalog
from kept.follow_up.follow_up import FollowUp
from kept.insight.fact import Fact, Mark, MessageFact, Name, VisitFact, kind_of, same
from kept.insight.fact_of import LineNow, fact_of_follow_up, fact_of_line, fact_of_message, fact_of_visit, marks
from kept.lanes import Key, Lane
from kept.ledger.transaction import MoneyAct, Transaction
from kept.messaging.message import Message
from kept.runtime import log
from kept.storage import appointments, aside, facts, figure_days, follow_ups, ledger, messages
from kept.use_cases.booking.day import bounds, starting
from kept.use_cases.insight.won_back import taken_up
from kept.use_cases.money.fees import reversal_id

PAGE = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """One fact: as it stands and as it should, None where it should not be there or is not."""

    stands: Fact | None
    should: Fact | None

    @property
    def agrees(self) -> bool:
        """Whatever its version: a write that changes nothing of a fact leaves it as it is."""
        return bool(self.stands and self.should and same(self.stands, self.should))


def compare(catalog: Catalog, day: date, *, now: datetime) -> list[Difference]:
    """What differs is set aside until somebody puts it back, and counted by the alarm that tells of all such work."""
    found = differences(catalog, day)
    if not found:
        return []
    business = catalog.business.id
    names = [f"{kind_of(fact)} {fact.id}" for it in found if (fact := it.should or it.stands)]
    log.error("figures differ", extra={"business": business, "day": str(day), "facts": names[:PAGE]})
    with single_metric("SetAside", MetricUnit.Count, 1, namespace="Kept") as metric:
        metric.add_dimension("service", "kept")
    aside.set_aside(Key(Lane.EVENT, business, figure_days.differs(business, day, at=now)), now=now)
    return found


def differences(catalog: Catalog, day: date) -> list[Difference]:
    stands = {_name(fact): fact for it in facts.days(catalog.business.id, day, day) for fact in it.facts}
    should = {_name(fact): fact for fact in recount(catalog, day, stands.values()) if fact.day == day}
    names = sorted(stands.keys() | should.keys())
    both = (Difference(stands.get(it), should.get(it)) for it in names)
    return [it for it in both if not it.agrees]


def mend(catalog: Catalog, found: Iterable[Difference]) -> None:
    """Each fact as it should be. One that is written meanwhile stays, for it is newer."""
    business = catalog.business.id
    for it in found:
        if it.stands:
            facts.drop(business, it.stands)
        if it.should:
            facts.put(business, it.should)
            for mark, slot in (it.should.marks if isinstance(it.should, VisitFact) else {}).items():
                facts.mark(business, it.should.day, it.should.id, mark, slot=slot)


def recount(catalog: Catalog, day: date, stands: Iterable[Fact]) -> Iterator[Fact]:
    """From the tables alone; `stands` tells where else to look."""
    known = list(stands)
    visits = set(starting(catalog, day)).union(it.id for it in known if isinstance(it, VisitFact))
    said: dict[str, Message] = {}
    found = list(appointments.several(catalog.business.id, visits, consistently=True)) if visits else []
    won = {visit.id: {Mark.WON_BACK: visit.version} for visit in taken_up(found)}
    for visit in found:
        of_it = messages.about(catalog.business.id, visit.id)
        said |= {message.id: message for message in of_it}
        if visit.was_booked:
            yield fact_of_visit(visit, catalog).marked(marks(of_it) | won.get(visit.id, {}))
    others = {it.id for it in known if isinstance(it, MessageFact)} - said.keys()
    said |= {message.id: message for message in messages.several(catalog.business.id, others)}
    yield from filter(None, (fact_of_message(message, catalog.business.zone) for message in said.values()))
    for follow_up in _opened(catalog, day):
        if fact := fact_of_follow_up(follow_up, follow_ups.policies(follow_up), catalog.business.zone):
            yield fact
    yield from filter(None, map(fact_of_line, _written(catalog.business.id, day)))


def lines_now(business: str, lines: Iterable[Transaction]) -> list[LineNow]:
    """Each that takes none back, with what has taken it back."""
    known = [line for line in lines if not line.reverses]
    backs = ledger.several(business, [reversal_id(line) for line in known])
    return [LineNow(line, backs.get(reversal_id(line)) or _waited_no_more(business, line)) for line in known]


def _waited_no_more(business: str, asked: Transaction) -> Transaction | None:
    """What ended the wait for a deposit has an id of its own: with a query for each that was asked."""
    if asked.what is not MoneyAct.DEPOSIT_ASKED or not asked.appointment:
        return None
    lines = ledger.of_visit(business, asked.client, asked.appointment, asked.currency)
    return next((line for line in lines if line.reverses == asked.id), None)


def _written(business: str, day: date) -> Iterator[LineNow]:
    after = None
    while True:
        page = ledger.of_day(business, day, after=after, limit=PAGE)
        yield from lines_now(business, page.lines)
        if (after := page.next) is None:
            return


def _opened(catalog: Catalog, day: date) -> Iterator[FollowUp]:
    begins, ends = bounds(catalog, day)
    after = None
    while True:
        page = follow_ups.opened(catalog.business.id, begins, ends, after=after, limit=PAGE)
        yield from page.follow_ups
        if (after := page.more_after) is None:
            return


def _name(fact: Fact) -> Name:
    return kind_of(fact), fact.id
