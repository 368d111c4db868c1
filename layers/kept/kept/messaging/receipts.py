"""What a receipt makes of a message and of its client; in any order, and however often it comes."""

from dataclasses import replace

from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord
from kept.messaging.inbound import Receipt, ReceiptStatus
from kept.messaging.message import Delivery, Message, MessageStatus
from kept.reasons import Code, because

NEVER_AGAIN = {
    ReceiptStatus.BOUNCED: Code.NO_SUCH_ADDRESS,
    ReceiptStatus.COMPLAINED: Code.MARKED_SPAM,
    ReceiptStatus.OPTED_OUT: Code.OPTED_OUT,
}
"""After these nothing goes to that address over that channel any more."""

COMPLAINTS_BY = {channel: f"{channel} complaint" for channel in Channel}
COMPLAINTS = frozenset(COMPLAINTS_BY.values())
"""Where the ledger of consents has the no of whoever complained from; its words are a reason."""

FAILURES = frozenset({ReceiptStatus.FAILED, ReceiptStatus.BOUNCED, ReceiptStatus.OPTED_OUT})


def told(message: Message, receipt: Receipt) -> Message:
    """The message as the receipt leaves it; itself where that is nothing new.

    That it arrived proves that an attempt was taken, which settles any doubt, and whatever was written down instead.
    """
    if not message.attempts:
        return message
    if receipt.tells in FAILURES:
        return _failed(message, receipt)
    arrived = _arrived(message, receipt)
    if arrived == message:
        return message
    if arrived.status is not MessageStatus.SENT:
        return arrived.sent(at=message.sent_at or receipt.at, provider_id=arrived.provider_id)
    return replace(arrived, due_at=None) if arrived.has_arrived else arrived


def _arrived(message: Message, receipt: Receipt) -> Message:
    """From then on it is called what its provider calls it there: so replies name it, on WhatsApp by another id than
    the one that it was taken under.
    """
    read = receipt.tells is ReceiptStatus.READ
    return replace(
        message,
        provider_id=receipt.provider_id or message.provider_id,
        delivery=Delivery.READ if read or message.delivery is Delivery.READ else Delivery.DELIVERED,
        delivered_at=message.delivered_at or receipt.at,
        read_at=message.read_at or (receipt.at if read else None),
    )


def _failed(message: Message, receipt: Receipt) -> Message:
    """Never after it arrived: a late bounce of a forwarded copy, say; nor of one that ended otherwise."""
    if message.delivery or not (message.is_owed or message.status is MessageStatus.SENT):
        return message
    status = MessageStatus.SUPPRESSED if receipt.tells is ReceiptStatus.OPTED_OUT else MessageStatus.FAILED
    failed = message.over(status, reason=receipt.why or because(NEVER_AGAIN.get(receipt.tells, Code.NOT_DELIVERED)))
    return replace(failed, delivery=Delivery.FAILED)


def reached(client: Client, receipt: Receipt, *, at: str | None = None) -> Client:
    """The client as the receipt leaves them; `at` is the address it tells of, which a booking of theirs may have alone.

    Who marks an e-mail as spam gets no invitations any more, but still what concerns their booking; an address that is
    not the client's gets none anyway.
    """
    if (code := NEVER_AGAIN.get(receipt.tells)) is None:
        return client
    why = because(code)
    if receipt.tells is not ReceiptStatus.COMPLAINED:
        return client.stopping(receipt.channel, why=why, at=receipt.at, address=at)
    if at not in (None, client.address(receipt.channel)):
        return client
    source, words = COMPLAINTS_BY[receipt.channel], str(receipt.why or why)
    return client.stating(
        Consent(Purpose.PROMOTIONAL, receipt.channel, receipt.at, source, words, ConsentWord.WITHDRAWN)
    )
