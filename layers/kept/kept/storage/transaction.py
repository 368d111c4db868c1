"""Several items written together or not at all, each on the condition that it is still as it was read."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from weakref import WeakKeyDictionary

from pynamodb.connection import Connection
from pynamodb.exceptions import DeleteError, PutError, TransactWriteError, UpdateError
from pynamodb.transactions import TransactWrite

from kept.storage.tables import RequestTimeouts


class Lost(Exception):
    """Somebody else wrote first; nothing was changed. Read again and decide again, or leave it to them."""


Last = Callable[[TransactWrite], object]
"""A write that is made when the block is left."""

_last: WeakKeyDictionary[TransactWrite, dict[str, Last]] = WeakKeyDictionary()

LOST = frozenset({"ConditionalCheckFailed", "TransactionConflict"})


@cache
def connection() -> Connection:
    return Connection(
        connect_timeout_seconds=RequestTimeouts.connect_timeout_seconds,
        read_timeout_seconds=RequestTimeouts.read_timeout_seconds,
    )


@contextmanager
def together() -> Iterator[TransactWrite]:
    """Commits on leaving the block. Raises Lost."""
    try:
        with TransactWrite(connection=connection()) as transaction:
            yield transaction
            for write in last(transaction).values():
                write(transaction)
    except TransactWriteError as error:
        if any(reason and reason.code in LOST for reason in error.cancellation_reasons):
            raise Lost from error
        raise


def last(transaction: TransactWrite) -> dict[str, Last]:
    """By the name of the item: what several parts of one write have changed of it is written once."""
    return _last.setdefault(transaction, {})


@contextmanager
def alone() -> Iterator[None]:
    """Around one conditional write. Raises Lost."""
    try:
        yield
    except (PutError, UpdateError, DeleteError) as error:
        if error.cause_response_code == "ConditionalCheckFailedException":
            raise Lost from error
        raise


def is_written(write: Callable[[], object]) -> bool:
    """One conditional write, alone; False where it was lost, which is as good."""
    try:
        with alone():
            write()
    except Lost:
        return False
    return True
