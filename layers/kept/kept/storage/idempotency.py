"""The first answers to requests that came with an Idempotency-Key and leave no history of their own to find them in."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil

from pynamodb.expressions.condition import Condition
from pynamodb.transactions import TransactWrite

from kept.storage.tables import IdempotencyItem
from kept.storage.transaction import alone


@dataclass(frozen=True, slots=True)
class Known:
    """The digest of the request that a key was first used for, and its answer; None while it is still worked on."""

    request: str
    answer: str | None


def find(business: str, key: str, *, now: datetime) -> Known | None:
    """What is over is none any more, though it may not have been swept yet."""
    try:
        item = IdempotencyItem.get(business, key, consistent_read=True)
    except IdempotencyItem.DoesNotExist:
        return None
    return Known(item.request, item.answer) if item.expires > now.timestamp() else None


def claim(business: str, key: str, request: str, *, until: datetime, now: datetime) -> None:
    """Worked on from now on, by nobody else until then. Raises Lost."""
    with alone():
        _item(business, key, Known(request, None), until).save(condition=_free(now))


def remember(business: str, key: str, known: Known, *, until: datetime) -> None:
    """Over whatever stands there: to be called by whoever claimed it."""
    _item(business, key, known, until).save()


def forget(business: str, key: str) -> None:
    """It was refused, and may be asked again."""
    IdempotencyItem(business, key).delete()


def put(business: str, key: str, known: Known, transaction: TransactWrite, *, until: datetime, now: datetime) -> None:
    """Together with what the request does, on the condition that the key was not used before."""
    transaction.save(_item(business, key, known, until), condition=_free(now))


def _free(now: datetime) -> Condition:
    free: Condition = IdempotencyItem.id.does_not_exist() | (IdempotencyItem.expires <= int(now.timestamp()))
    return free


def _item(business: str, key: str, known: Known, until: datetime) -> IdempotencyItem:
    return IdempotencyItem(business, key, request=known.request, answer=known.answer, expires=ceil(until.timestamp()))
