"""What other terms would have done, as it goes out: sums with what they are of, and the list behind them."""

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from kept.api.base import Answer
from kept.api.booking.answers import PriceAnswer, money
from kept.api.insight.figure_file import BOM, harmless
from kept.business.catalog import Catalog
from kept.clients.client import Client
from kept.policy.dry_run import Breach, Tally, TermsHit, Verdict
from kept.use_cases.policy.dry_run import TriedRules

COLUMNS = (
    "start", "client", "service", "staff", "what", "at", "counted_then", "cost_then", "deposit_lost_then",
    "currency_then", "would_count", "would_cost", "deposit_would_be_lost", "currency", "appointment",
)  # fmt: skip


class TallyAnswer(Answer):
    """How many count by those terms, how many of them cost something (`charged`), and how much, a sum for each
    currency; how many `deposits` are lost, which come to `lost`, and of which what it costs is paid first."""

    count: int
    charged: int
    sums: list[PriceAnswer]
    deposits: int
    lost: list[PriceAnswer]


class BreachAnswer(Answer):
    """What really happened under the terms that each accepted (`then`), and what those asked about would have made of
    the same (`would`)."""

    then: TallyAnswer
    would: TallyAnswer


class VerdictAnswer(Answer):
    """The `deposit` that is lost, and what it costs beyond that; null for nothing."""

    counts: bool
    cost: PriceAnswer | None
    deposit: PriceAnswer | None


class HitAnswer(Answer):
    """One visit; `at` is when it was cancelled, moved or marked as missed, null where that is not known any more."""

    appointment: str
    client: str
    client_name: str
    service_name: str
    staff_name: str
    start: datetime
    breach: Breach
    at: datetime | None
    then: VerdictAnswer
    would: VerdictAnswer


class DryRunAnswer(Answer):
    """Of the `visits` that begin on these days; where there are too many the earliest are `left_out`, and those `since`
    then were tried. `clients` is whom it would have cost something. Of more than `most` lines the file has them all."""

    first_day: date
    last_day: date
    visits: int
    left_out: int
    since: datetime | None
    clients: int
    breaches: dict[Breach, BreachAnswer]
    count: int
    most: int
    lines: list[HitAnswer]


def answer(it: TriedRules, named: Iterable[tuple[TermsHit, Client]], catalog: Catalog, *, most: int) -> DryRunAnswer:
    """Instants by the business's clock."""
    run = it.run
    return DryRunAnswer(
        first_day=it.days.first,
        last_day=it.days.last,
        visits=run.visits,
        left_out=it.left_out,
        since=it.since and it.since.astimezone(catalog.business.zone),
        clients=run.clients,
        breaches={one: BreachAnswer(then=_tally(run.then(one)), would=_tally(run.would(one))) for one in Breach},
        count=len(run.hits),
        most=most,
        lines=[_line(hit, client, catalog) for hit, client in named],
    )


def file(named: Iterable[tuple[TermsHit, Client]], catalog: Catalog) -> str:
    """As RFC 4180 has it, sums in minor units. What a spreadsheet would reckon with begins with an apostrophe."""
    text = io.StringIO()
    rows = [COLUMNS, *(_row(_line(hit, client, catalog)) for hit, client in named)]
    csv.writer(text).writerows([harmless(cell) for cell in row] for row in rows)
    return BOM + text.getvalue()


def _line(it: TermsHit, client: Client, catalog: Catalog) -> HitAnswer:
    zone = catalog.business.zone
    return HitAnswer(
        appointment=it.visit.id,
        client=it.visit.client,
        client_name=client.name,
        service_name=catalog.service_of(it.visit).name,
        staff_name=catalog.staff_name(it.visit.slot.staff),
        start=it.visit.starts.astimezone(zone),
        breach=it.breach,
        at=it.at and it.at.astimezone(zone),
        then=_verdict(it.then),
        would=_verdict(it.would),
    )


def _row(it: HitAnswer) -> tuple[str, ...]:
    at = it.at.isoformat() if it.at else ""
    about = (it.start.isoformat(), it.client_name, it.service_name, it.staff_name, str(it.breach), at)
    return *about, *_cells(it.then), *_cells(it.would), it.appointment


def _cells(it: VerdictAnswer) -> tuple[str, ...]:
    currency = next((sum.currency for sum in (it.cost, it.deposit) if sum), "")
    cost, lost = (str(sum.minor if sum else 0) for sum in (it.cost, it.deposit))
    return "yes" if it.counts else "no", cost, lost, currency


def _tally(it: Tally) -> TallyAnswer:
    return TallyAnswer(
        count=it.count, charged=it.charged, sums=_sums(it.sums), deposits=it.deposits, lost=_sums(it.lost)
    )


def _sums(of: Mapping[str, int]) -> list[PriceAnswer]:
    return [PriceAnswer(minor=minor, currency=currency) for currency, minor in of.items()]


def _verdict(it: Verdict) -> VerdictAnswer:
    return VerdictAnswer(counts=it.counts, cost=money(it.cost), deposit=money(it.deposit))
