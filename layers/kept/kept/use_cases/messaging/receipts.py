"""A receipt comes in: the message it is for, its client, and another channel where it did not arrive."""

from datetime import datetime

from kept.follow_up.untold import UNSENT
from kept.messaging.inbound import Receipt
from kept.messaging.message import Message
from kept.messaging.receipts import NEVER_AGAIN, reached, told
from kept.runtime import log
from kept.storage import catalogs, messages
from kept.storage.transaction import Lost
from kept.use_cases.clients.clients import change_client
from kept.use_cases.messaging import client_message, rate_limiter
from kept.use_cases.messaging.channel_fallback import UNREACHED, give_up, told_after_all
from kept.use_cases.messaging.sending import record
from kept.use_cases.optimistic_retry import retried


class NotYetKnown(Exception):
    """The provider was faster than our own record of what it calls the message; it is to come again."""


def take(receipt: Receipt, *, now: datetime) -> None:
    """In any order and however often; what is told a second time changes nothing. Raises NotYetKnown.

    A crash between its writes costs nothing: the receipt comes again, and each part finds itself done.
    """
    message = _message(receipt)
    if message is None:
        log.warning("a receipt for nothing", extra={"channel": receipt.channel, "tells": receipt.tells})
        return
    rate_limiter.told(message, now=now)
    if receipt.tells in NEVER_AGAIN:
        _written_down_with_the_client(message, receipt, now)
    retried(lambda: _told(message.business, message.id, receipt, now))


def _message(receipt: Receipt) -> Message | None:
    id = receipt.message or messages.named(receipt.business, receipt.channel, receipt.provider_id)
    if not id:
        raise NotYetKnown
    return messages.find(receipt.business, id)


def _written_down_with_the_client(message: Message, receipt: Receipt, now: datetime) -> None:
    """Few receipts say anything of the client; the others are spared the reading."""
    if about := client_message.to_client(message, catalogs.load(message.business), now=now):
        change_client(message.business, about.record.id, lambda client: reached(client, receipt, at=about.address))


def _told(business: str, id: str, receipt: Receipt, now: datetime) -> None:
    """Raises Lost."""
    before = messages.find(business, id)
    if before is None or (after := told(before, receipt)) is before:
        return
    if after.status in UNREACHED:
        done = give_up(
            after, client_message.to_client(after, catalogs.load(business), now=now), elsewhere=True, now=now
        )
    else:
        done = record(after) is not None
        if before.status in UNSENT:
            told_after_all(after, client_message.to_client(after, catalogs.load(business), now=now), now=now)
    if not done:
        raise Lost
