"""All facts of a business made anew from its tables, and all its days added up: for a business that was there before
figures were, after a stream was lost, and to be sure.

`python -m kept.use_cases.insight.rebuilding lotus` with the deployment's TABLE_PREFIX and somebody's credentials.
Page by page, so that memory stays flat; what is written meanwhile is newer and stays. What stands as it should is read,
a hundred a request, and not written: once more changes nothing and costs no unit of writing.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from kept import clock
from kept.booking.appointment import Appointment
from kept.business.catalog import Catalog
from kept.insight.fact import Fact, FactKind, Mark, Name, bare, kind_of
from kept.insight.fact_of import fact_of_visit, marks_of
from kept.messaging.message import Message
from kept.runtime import log
from kept.storage import appointments, catalogs, facts, figure_days, figure_sums, follow_ups, ledger, messages
from kept.storage.figure_days import Night
from kept.use_cases.insight import recording
from kept.use_cases.insight.comparing import lines_now
from kept.use_cases.insight.recording import Known
from kept.use_cases.insight.won_back import taken_up

T = TypeVar("T")
PAGE = 1_000
"""Things at once: of most less than the megabyte that DynamoDB reads for a request."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Of that version of a visit's slot it is so."""

    visit: str
    mark: Mark
    slot: int


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many facts stand as they should, and how many were dropped because they stood where they should not."""

    facts: int = 0
    dropped: int = 0


def rebuild(business: str, *, now: datetime) -> Rebuilt:
    """Facts first, then what they do not explain is dropped, then the nights begin again with the first day."""
    catalog = catalogs.load(business)
    written = sum(_write(catalog, some, now=now) for some in _everything(business))
    dropped = sum(facts.drop(business, fact) for fact in _strays(catalog))
    figure_sums.drop_all(business)
    figure_days.begin(Night(business, None, now))
    log.info("figures rebuilt", extra={"business": business, "facts": written, "dropped": dropped})
    return Rebuilt(written, dropped)


def _write(catalog: Catalog, some: Sequence[Known], *, now: datetime) -> int:
    """How many of these have a fact that stands as it should, now or before."""
    business, should = catalog.business.id, [(it, recording.fact(it, catalog)) for it in some]
    stands = facts.several(business, [fact for _, fact in should if fact])
    for it, fact in should:
        for day in recording.places(it, catalog.business.zone) - ({fact.day} if fact else set()):
            facts.leave(business, day, recording.kind(it), it.id, version=it.revision, now=now)
    written = sum(_stands(fact, stands) or facts.put(business, fact, anew=True) for _, fact in should if fact)
    _mark_all(
        catalog, [Marked(it.about, mark, it.version) for it in some if isinstance(it, Message) for mark in marks_of(it)]
    )
    won = taken_up(it for it in some if isinstance(it, Appointment))
    _mark_all(catalog, [Marked(it.id, Mark.WON_BACK, it.version) for it in won])
    return written


def _stands(fact: Fact, stands: Mapping[Name, Fact]) -> bool:
    """Of the same version; its marks are written apart."""
    found = stands.get((kind_of(fact), fact.id))
    return found is not None and fact == bare(found)


def _mark_all(catalog: Catalog, marked: Sequence[Marked]) -> None:
    """The facts of their visits were written before."""
    business, ids = catalog.business.id, {it.visit for it in marked}
    visits = appointments.several(business, ids, consistently=True) if ids else ()
    should = {it.id: fact_of_visit(it, catalog) for it in visits}
    known = facts.several(business, list(should.values()))
    for it in marked:
        if (fact := should.get(it.visit)) is None:
            continue
        stands = known.get((FactKind.VISIT, it.visit), fact)
        if getattr(stands, it.mark) < it.slot:
            facts.mark(business, fact.day, fact.id, it.mark, slot=it.slot)


def _everything(business: str) -> Iterator[Sequence[Known]]:
    yield from _all(business, appointments.some)
    yield from _all(business, messages.some)
    yield from _all(business, follow_ups.some)
    for lines in _all(business, ledger.some):
        yield lines_now(business, lines)


def _all(business: str, some: Callable[..., tuple[list[T], str | None]]) -> Iterator[list[T]]:
    after: str | None = ""
    while after is not None:
        found, after = some(business, after=after, limit=PAGE)
        yield found


def _strays(catalog: Catalog) -> Iterator[Fact]:
    """Facts that stand on a day on which they do not belong. Of what is gone from its table the fact stays."""
    after: str | None = ""
    while after is not None:
        page = facts.some(catalog.business.id, after=after, limit=PAGE)
        known = _known(catalog.business.id, page.facts)
        for fact in page.facts:
            it = known.get((kind_of(fact), fact.id))
            should = recording.fact(it, catalog) if it else None
            if it and (should is None or should.day != fact.day):
                yield fact
        after = page.more_after


def _known(business: str, some: Iterable[Fact]) -> dict[Name, Known]:
    ids = {kind: {fact.id for fact in some if kind_of(fact) is kind} for kind in FactKind}
    found: list[Known] = [
        *(appointments.several(business, ids[FactKind.VISIT], consistently=True) if ids[FactKind.VISIT] else ()),
        *messages.several(business, ids[FactKind.MESSAGE]),
        *(follow_ups.several(business, ids[FactKind.FOLLOW_UP]).values() if ids[FactKind.FOLLOW_UP] else ()),
        *lines_now(business, ledger.several(business, ids[FactKind.MONEY]).values()),
    ]
    return {(recording.kind(it), it.id): it for it in found}


if __name__ == "__main__":
    for name in sys.argv[1:]:
        rebuild(name, now=clock.now())
