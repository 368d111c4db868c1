"""The lines of the ledger, and of each client what they come to: one small item, so that no balance is ever added up.

Every line of a client moves their balance on its revision, so whoever writes one has seen all others.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from heapq import merge
from itertools import groupby, islice
from typing import Any

from pynamodb.indexes import GlobalSecondaryIndex
from pynamodb.transactions import TransactWrite

from kept.ledger.balance import Balance
from kept.ledger.transaction import Transaction
from kept.storage.codec import from_json, packed, to_json
from kept.storage.parts import Cursor, by_id
from kept.storage.tables import LedgerItem
from kept.storage.transaction import last

NO_VISIT = "-"
BALANCE = "balance"
OPEN = "open"
"""In place of a day: the balances of all clients who owe something, or are to have something back."""


def line_id(client: str, appointment: str | None, act: str) -> str:
    """The same act is the same line."""
    return f"{client}#{appointment or NO_VISIT}#{act}"


def client_of(id: str) -> str:
    return id.partition("#")[0]


def visit_of(id: str) -> str | None:
    """Which visit a line is about, if it is about one."""
    visit = id.split("#")[1]
    return None if visit == NO_VISIT else visit


def is_balance(id: str) -> bool:
    return id.split("#")[1:2] == [BALANCE]


def balance(business: str, client: str, currency: str) -> Balance:
    """Of this very record; of one that nothing was ever written of, nothing."""
    return balances(business, (client,), currency)[client]


def balances(business: str, clients: Iterable[str], currency: str) -> dict[str, Balance]:
    """Of each record, as they are: in one read."""
    wanted = list(clients)
    keys = [(business, line_id(client, BALANCE, currency)) for client in wanted]
    found = {item.id: _as_balance(item) for item in LedgerItem.batch_get(keys, consistent_read=True)}
    return {
        client: found.get(id, Balance(business, client, currency)) for client, (_, id) in zip(wanted, keys, strict=True)
    }


def of_visit(business: str, client: str, appointment: str, currency: str) -> list[Transaction]:
    """All that was written about it under this record in this currency, in order of time."""
    about = LedgerItem.id.startswith(line_id(client, appointment, ""))
    lines = (as_transaction(item) for item in LedgerItem.query(business, about, consistent_read=True))
    return sorted((line for line in lines if line.currency == currency), key=lambda it: (it.at, it.id))


def several(business: str, ids: Iterable[str]) -> dict[str, Transaction]:
    """Those of them that were written, by their id, as they are."""
    keys = [(business, id) for id in dict.fromkeys(ids) if not is_balance(id)]
    found = LedgerItem.batch_get(keys, consistent_read=True) if keys else ()
    return {item.id: as_transaction(item) for item in found}


def find(business: str, id: str) -> Transaction | None:
    return several(business, (id,)).get(id)


def some(business: str, *, after: str, limit: int) -> tuple[list[Transaction], str | None]:
    """Among so many items of the business behind that id; and the id behind which there may be more."""
    items, more = by_id(LedgerItem, business, after=after, limit=limit)
    return [as_transaction(item) for item in items if not is_balance(item.id)], more


def put(before: Balance, lines: Collection[Transaction], transaction: TransactWrite) -> None:
    """All lines of one record that a write makes, with what it comes to after them: each on the condition that it was
    never written, the balance that it is as it was read. Of several calls in one write, which have read the same, the
    balance is written once. Two units for each line and two for the balance, and one for each index; of the balance
    as well, once or twice, as long as something is open."""
    for line in lines:
        transaction.save(as_item(line), condition=LedgerItem.id.does_not_exist())
    id = line_id(before.client, BALANCE, before.currency)
    written = last(transaction).get(id)
    known = written.lines if isinstance(written, _Balanced) else ()
    last(transaction)[id] = _Balanced(before, (*known, *lines))


@dataclass(frozen=True, slots=True)
class _Balanced:
    """What a record comes to after all that one write says of it."""

    before: Balance
    lines: tuple[Transaction, ...]

    def __call__(self, transaction: TransactWrite) -> None:
        before = self.before
        transaction.save(
            balance_item(before.after(*self.lines), before.revision + 1, self.lines),
            condition=LedgerItem.revision == before.revision if before.revision else LedgerItem.id.does_not_exist(),
        )


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Part of a list, the newest first, and where the next part begins if there is one."""

    lines: tuple[Transaction, ...]
    next: Cursor | None = None


def of_client(business: str, clients: Iterable[str], *, after: Cursor | None, limit: int) -> LedgerPage:
    """Of all records of one client; eventually consistent in its order."""
    return _page(LedgerItem.by_client, business, [f"{business}#{client}" for client in clients], after, limit)


def of_day(business: str, day: date, *, after: Cursor | None, limit: int) -> LedgerPage:
    """Of all clients of the business; eventually consistent in its order."""
    return _page(LedgerItem.by_day, business, [f"{business}#{day.isoformat()}"], after, limit)


@dataclass(frozen=True, slots=True)
class BalancePage:
    """Some balances, those first of which something was written last."""

    balances: tuple[Balance, ...]
    next: Cursor | None = None


def open_balances(business: str, *, after: Cursor | None, limit: int) -> BalancePage:
    """Of all clients who owe something or are to have something back, in any currency."""
    rows, following = _rows(LedgerItem.by_day, [f"{business}#{OPEN}"], after, limit)
    found = LedgerItem.batch_get([(business, row.id) for row in rows], consistent_read=True) if rows else ()
    known = {item.id: _as_balance(item) for item in found}
    still = (known[row.id] for row in rows if row.id in known)
    return BalancePage(tuple(it for it in still if it.owed or it.overpaid), following)


def count(business: str, client: str) -> int:
    """How many lines stand under this very record."""
    return LedgerItem.by_client.count(f"{business}#{client}")


def _page(
    index: GlobalSecondaryIndex[Any], business: str, keys: Iterable[str], after: Cursor | None, limit: int
) -> LedgerPage:
    rows, following = _rows(index, keys, after, limit)
    known = several(business, (row.id for row in rows))
    return LedgerPage(tuple(known[row.id] for row in rows if row.id in known), following)


def _rows(
    index: GlobalSecondaryIndex[Any], keys: Iterable[str], after: Cursor | None, limit: int
) -> tuple[list[Cursor], Cursor | None]:
    """It goes on behind the place by what stands there, so that it may have begun under another record of theirs."""
    rows = merge(*(_ordered(index, key, after, limit + 1) for key in keys), key=lambda row: (-row.at, row.id))
    behind = (row for row in rows if after is None or (-row.at, row.id) > (-after.at, after.id))
    found = list(islice(behind, limit + 1))
    return found[:limit], found[limit - 1] if len(found) > limit else None


def _ordered(index: GlobalSecondaryIndex[Any], key: str, after: Cursor | None, page: int) -> Iterator[Cursor]:
    """Those of one millisecond by their id."""
    span = LedgerItem.written_at <= after.at if after else None
    found = index.query(key, span, page_size=page, scan_index_forward=False)
    rows: Iterable[Cursor] = (Cursor(int(item.written_at), item.id) for item in found)
    for _, together in groupby(rows, key=lambda row: row.at):
        yield from sorted(together, key=lambda row: row.id)


def as_item(line: Transaction) -> LedgerItem:
    return LedgerItem(
        line.business,
        line.id,
        body=packed(to_json(line)),
        client_key=f"{line.business}#{line.client}",
        day_key=f"{line.business}#{line.day.isoformat()}",
        written_at=_milliseconds(line),
    )


def balance_item(it: Balance, revision: int, lines: Iterable[Transaction]) -> LedgerItem:
    """As it is after these."""
    is_open = it.owed or it.overpaid
    return LedgerItem(
        it.business,
        line_id(it.client, BALANCE, it.currency),
        body=packed(to_json(replace(it, revision=0))),
        revision=revision,
        day_key=f"{it.business}#{OPEN}" if is_open else None,
        written_at=max(map(_milliseconds, lines)) if is_open else None,
    )


def _milliseconds(line: Transaction) -> int:
    return int(line.at.timestamp() * 1000)


def as_transaction(item: LedgerItem) -> Transaction:
    return from_json(Transaction, item.body)


def _as_balance(item: LedgerItem) -> Balance:
    return replace(from_json(Balance, item.body), revision=int(item.revision))
