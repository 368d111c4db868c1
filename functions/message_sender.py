"""Send what is due: decide at the last moment, claim it, hand it to its carrier, record what became of it.

What a crash costs: before the claim nothing, the message stays due. Between the claim and the record the message is in
doubt: when the claim runs out (2 min) a booking's message is sent once more and says so, an advertisement is not.
"""

from datetime import datetime, timedelta

from kept import clock
from kept.desk import post
from kept.messaging.channels import Carrier, InDoubt, Parcel, Rejected, Unavailable
from kept.messaging.channels.email import Email
from kept.messaging.channels.sms import Sms
from kept.messaging.decision import Never, Send, Wait, decide
from kept.messaging.message import CLAIM, Message
from kept.messaging.purpose import Channel
from kept.runtime import aws, log, worker
from kept.settings import setting
from kept.storage import catalog, messages
from kept.storage.transaction import Lost

FIRST_PAUSE = timedelta(minutes=1)
"""Doubled with each attempt: 1, 2, 4, 8, 16 minutes."""


@worker
def handler(business: str, id: str) -> None:
    if message := messages.find(business, id):
        deliver(message, now=clock.now())


def deliver(message: Message, *, now: datetime) -> None:
    about = post.read(message, catalog.load(message.business))
    matter, address = (about.matter, about.address) if about else (None, None)
    decision = decide(message, matter, address=address, now=now)
    match decision:
        case Wait():
            _record(message.delayed(until=decision.until, reason=decision.reason))
        case Never():
            _record(message.over(decision.status, reason=decision.reason))
        case Send() if about:
            _send(message, about.parcel(now=now), now)


def _send(message: Message, parcel: Parcel, now: datetime) -> None:
    if not (claimed := _record(message.claimed(until=now + CLAIM))):
        return
    try:
        provider_id = _carrier(message.channel).send(parcel)
    except InDoubt as doubt:
        log.warning("in doubt", extra={**_ids(message), "error": str(doubt)})
    except Rejected as error:
        _record(claimed.over(error.status, reason=f"{error.status}: {error}"))
    except Unavailable as error:
        again = now + FIRST_PAUSE * 2 ** (claimed.attempts - 1)
        _record(claimed.delayed(until=again, reason=f"delayed: the provider is unavailable ({error})"))
    else:
        _record(claimed.sent(at=now, provider_id=provider_id))


def _record(message: Message) -> Message | None:
    """As written; None when somebody else was first, who then has it."""
    try:
        written = messages.put_alone(message)
    except Lost:
        return None
    log.info("message", extra={**_ids(message), "status": message.status})
    return written


def _ids(message: Message) -> dict[str, str]:
    """What the log may say of it: nothing about a person."""
    return {"business": message.business, "message_id": message.id}


def _carrier(channel: Channel) -> Carrier:
    if channel is Channel.EMAIL:
        return Email(aws("sesv2", attempts=1), sender=setting("SENDER_EMAIL"))
    return Sms(aws("pinpoint-sms-voice-v2", attempts=1), origination=setting("SMS_ORIGINATION"))
