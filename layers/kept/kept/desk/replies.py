"""A client answers: what they mean, what it is about, and what is done; whatever is not sure goes to a person.

The words are written down first, with how they were read; so a repeat, after a crash or twice at once, does the same
things under the same keys and finds them done.
"""

from datetime import datetime

from kept import ids
from kept.booking.catalog import Catalog
from kept.clients.client import Client
from kept.clients.stranger import stranger
from kept.desk.answers_to_replies import Heard, act
from kept.desk.clients import change_client
from kept.desk.conversation import Topic, topic, wrote_last
from kept.messaging.inbound import Reply
from kept.messaging.received import Received
from kept.messaging.replies.reader import read
from kept.messaging.replies.reading import Reading
from kept.runtime import log
from kept.settings import setting
from kept.storage import catalog, clients, messages
from kept.storage.transaction import Lost, together

LONGEST = 4_000
"""Characters of a reply that are kept; nobody types more."""


def take(reply: Reply, *, now: datetime) -> None:
    """Raises UnknownBusiness for words of a stranger where no business takes them."""
    who = _whose(reply, now)
    if who is None:
        log.warning("from nobody we know", extra={"channel": reply.channel})
        return
    book = catalog.load(who.business)
    received = _written_down(_read(reply, who, book, now))
    if received.done:
        return
    client = change_client(who.business, who.id, lambda it: it.writing(reply.channel, at=received.at))
    done = act(Heard(received, client, book, now))
    _settled(received, done)
    log.info("reply", extra={"business": who.business, "intent": received.intent, "done": done})


def _read(reply: Reply, client: Client, book: Catalog, now: datetime) -> Received:
    about = topic(client, book, reply.channel, now=now)
    reading = _reading(reply.text[:LONGEST], about, client, now)
    return Received(
        business=client.business,
        client=client.id,
        key=ids.digest(f"{reply.channel}\n{reply.provider_id}"),
        channel=reply.channel,
        text=reply.text[:LONGEST],
        at=reply.at or now,
        about=about.appointment.id if about.appointment else "",
        version=about.version,
        asked=about.asked,
        intent=reading.intent,
        confidence=reading.confidence,
        wish=reading.wish,
        minutes=reading.minutes,
    )


def _reading(text: str, about: Topic, client: Client, now: datetime) -> Reading:
    local = now.astimezone(client.zone)
    starts = about.appointment.starts.astimezone(client.zone) if about.appointment else local
    return read(text, asked=about.asked, today=local.date(), starts=starts)


def _written_down(received: Received) -> Received:
    """As it was read the first time, if it came before."""
    if first := messages.find_received(received):
        return first
    try:
        return messages.put_received(received)
    except Lost:
        return messages.find_received(received) or received


def _settled(received: Received, done: str) -> None:
    try:
        messages.put_received(received.settled(done))
    except Lost:
        log.info("somebody was first", extra={"business": received.business})


def _whose(reply: Reply, now: datetime) -> Client | None:
    """Who writes; over a number that several businesses send from, the one that wrote to them last is meant."""
    if reply.business:
        known = clients.by_contact(reply.business, reply.address)
        return known or _new(reply, reply.business, now)
    candidates = clients.anywhere(reply.address)
    if not candidates:
        business = setting("FRONT_BUSINESS")
        return _new(reply, business, now) if business != "-" else None
    return max(candidates, key=lambda one: wrote_last(one, reply.channel, now=now))


def _new(reply: Reply, business: str, now: datetime) -> Client:
    """Somebody who never booked: a prospect, drawn from where they write from, so that two messages make one."""
    book = catalog.load(business)
    new = stranger(reply.channel, reply.address, book.business, ids.from_key("c", business, reply.address), now=now)
    try:
        with together() as transaction:
            clients.put_new(new, transaction)
    except Lost:
        log.info("somebody was first", extra={"business": business})
    return clients.by_contact(business, new.phone, new.email, new.wechat) or clients.load(business, new.id)
