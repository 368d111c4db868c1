"""The list behind a number: as many lines as it says, each with where it leads."""

from datetime import date, datetime

from kept.api.base import Answer
from kept.business.catalog import Catalog
from kept.insight.behind import Behind
from kept.insight.fact import Fact, FactKind, MessageFact, MoneyFact, kind_of
from kept.use_cases.insight.listing import Named, about, whose


class BehindLine(Answer):
    """A visit, a message, a follow-up or a line of the ledger; `visit` and `follow_up` are ids of what it leads to,
    null for nothing. Who was forgotten, and what is no more, have no name. `minor` and `cause` are of money."""

    kind: FactKind
    day: date
    start: datetime | None
    client: str | None
    client_name: str | None
    service_name: str | None
    staff_name: str | None
    channel: str | None
    visit: str | None
    follow_up: str | None
    minor: int | None
    cause: str | None


class BehindAnswer(Answer):
    """`count` is the number; of more than `most` the file of the figures tells the days apart."""

    figure: Behind
    count: int
    most: int
    lines: list[BehindLine]


def line(fact: Fact, catalog: Catalog, named: Named) -> BehindLine:
    it = about(fact)
    visit, follow_up = named.visits.get(it), named.follow_ups.get(it)
    client = visit.client if visit else follow_up.client if follow_up else whose(fact)
    money = fact if isinstance(fact, MoneyFact) else None
    known = named.clients.get(client) if client else None
    booked_as = visit.booked_as.name if visit and visit.booked_as else None
    staff = visit.slot.staff if visit else follow_up.assignee if follow_up else ""
    return BehindLine(
        kind=kind_of(fact),
        day=fact.day,
        start=visit.starts.astimezone(catalog.business.zone) if visit else None,
        client=client,
        client_name=booked_as or (known.name if known else None),
        service_name=catalog.service_of(visit).name if visit else None,
        staff_name=catalog.staff_name(staff) or None,
        channel=fact.channel if isinstance(fact, MessageFact) else None,
        visit=visit.id if visit else None,
        follow_up=follow_up.id if follow_up else None,
        minor=money.minor if money else None,
        cause=money.cause if money else None,
    )
