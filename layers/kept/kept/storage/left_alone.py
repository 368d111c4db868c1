"""Numbers that said STOP: kept by a digest of the number, whoever holds it, and asked before anything is sent there."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from kept.channels import NUMBERED, Channel
from kept.clients.sender import spellings
from kept.storage.codec import from_json, whole_json
from kept.storage.tables import ClientItem
from kept.storage.transaction import alone

EVERY = "*"
"""In place of a business, for the numbers from which all of them write."""

SHARED = frozenset({Channel.SMS, Channel.WHATSAPP})
"""Channels with one sender for all businesses: who writes STOP there cannot say to which."""


REMEMBERED = 20
"""Keys of replies; more of them do not come twice within the two weeks for which a queue keeps anything."""


@dataclass(frozen=True, slots=True)
class LastWord:
    """The last word that came from a number over a channel, and when it was written; `keys` of the replies that said
    so, which may come a second time.
    """

    stop: bool
    at: datetime
    keys: tuple[str, ...] = ()
    revision: int = 0


def wish(business: str, channel: Channel, address: str) -> LastWord | None:
    try:
        item = ClientItem.get(*_key(business, channel, address), consistent_read=True)
    except ClientItem.DoesNotExist:
        return None
    return from_json(LastWord, item.body)


def is_left_alone(business: str, channel: Channel, address: str) -> bool:
    found = wish(business, channel, address)
    return found is not None and found.stop


def say(business: str, channel: Channel, address: str, *, stop: bool, at: datetime, key: str) -> None:
    """STOP stands until a START that was written later; a START from before it does nothing. Raises Lost.

    A STOP that was written before a START and comes after it stops: which of the two errs, it errs towards silence.
    """
    if channel not in NUMBERED:
        return
    before = wish(business, channel, address)
    if before and (key in before.keys or (at < before.at and not stop)):
        return
    revision, keys = (before.revision, before.keys) if before else (0, ())
    said = LastWord(stop, max(at, before.at) if before else at, (*keys, key)[-REMEMBERED:], revision + 1)
    item = ClientItem(*_key(business, channel, address), revision=said.revision, body=whole_json(said))
    with alone():
        item.save(condition=ClientItem.revision == revision if before else ClientItem.id.does_not_exist())


def _key(business: str, channel: Channel, address: str) -> tuple[str, str]:
    """Every spelling of a number is one."""
    digest = sha256(spellings(address)[0].encode()).hexdigest()[:32]
    return EVERY if channel in SHARED else business, f"left_alone#{channel}#{digest}"
