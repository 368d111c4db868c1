"""A day's money as a file for a spreadsheet: a line for each line of the ledger, the oldest first."""

from collections.abc import Iterable, Iterator, Mapping

from kept.api.spreadsheet import BOM, as_csv
from kept.business.catalog import Catalog
from kept.ledger.transaction import Transaction
from kept.messaging.reasons_in_words import in_words

COLUMNS = ("time", "what", "takes_back", "client", "means", "minor", "currency", "why", "by", "visit", "line")


def file(lines: Iterable[Transaction], names: Mapping[str, str], catalog: Catalog, language: str) -> str:
    """Sums in minor units; what takes another line back names it."""
    return BOM + as_csv([COLUMNS, *(tuple(_row(it, names, catalog, language)) for it in lines)])


def _row(it: Transaction, names: Mapping[str, str], catalog: Catalog, language: str) -> Iterator[str]:
    yield it.at.astimezone(catalog.business.zone).isoformat(timespec="seconds")
    yield from (it.what, it.reverses, names.get(it.client, ""), it.means or "", str(it.minor), it.currency)
    yield from (in_words(it.why, language), _who(it.by, catalog), it.appointment or "", it.id)


def _who(by: str, catalog: Catalog) -> str:
    kind, _, id = by.partition(":")
    return (catalog.staff_name(id) or id) if id else kind
