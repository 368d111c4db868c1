"""A client answers: what they mean, what it is about, and what is done; whatever is not sure goes to a person.

The words are written down first, with how they were read; so a repeat, after a crash or twice at once, does the same
things under the same keys and finds them done.
"""

from dataclasses import dataclass
from datetime import datetime

from kept import ids
from kept.booking.addressee import addressee
from kept.business.catalog import Catalog
from kept.clients.client import Client
from kept.clients.sender import sender
from kept.clients.unknown_sender import stranger
from kept.messaging.answers import lately
from kept.messaging.inbound import Reply
from kept.messaging.received import Received
from kept.messaging.replies.reader import read
from kept.messaging.replies.reading import Asked, Intent, Reading
from kept.messaging.topic import MessageOfOurs, Topic, asked, is_stale, topic
from kept.reasons import Reason
from kept.runtime import log
from kept.settings import setting
from kept.storage import catalogs, clients, left_alone, messages
from kept.storage.transaction import Lost, together
from kept.use_cases.clients.clients import change_client
from kept.use_cases.messaging.conversation import conversation, known_at, visits_to_come
from kept.use_cases.optimistic_retry import retried
from kept.use_cases.replies.answers import Heard, act

LONGEST = 4_000
"""Characters of a reply that are kept; nobody types more."""

WISHES = frozenset({Intent.STOP, Intent.START})
"""About everything that comes from a number, whatever was written last."""

NOBODY_S_WORDS = Reading(Intent.AUTOMATIC, 1.0)


@dataclass(frozen=True, slots=True)
class Written:
    """A reply as it is taken: from where, when it was written, who may have, and what had been said to that address."""

    reply: Reply
    address: str
    at: datetime
    known: tuple[Client, ...]
    said: tuple[MessageOfOurs, ...]
    topic: Topic

    @property
    def key(self) -> str:
        return ids.digest(f"{self.reply.channel}\n{self.reply.provider_id}")

    @property
    def text(self) -> str:
        return self.reply.text[:LONGEST]


def take(reply: Reply, *, now: datetime, came: datetime | None = None) -> None:
    """`came` is when it got to us, where that is known: nothing is written later than that.

    Raises UnknownBusiness for words of a stranger where no business takes them.
    """
    address = sender(reply.channel, reply.address, _country(reply))
    if address is None:
        log.warning("from no number", extra={"channel": reply.channel, "business": reply.business})
        return
    written = _written(reply, address, min(filter(None, (reply.at, came, now))), now)
    wish = _reading_alone(written)
    try:
        for client in _whose(written, wish, now):
            _take(written, client, now)
    finally:
        _wished(written, wish, now)


def _written(reply: Reply, address: str, at: datetime, now: datetime) -> Written:
    known = tuple(known_at(address, reply.business, now=now))
    said = tuple(conversation(known, address, now=now))
    about = topic(said, channel=reply.channel, at=at, named=reply.answers, latest=reply.latest)
    return Written(reply, address, at, known, said, about)


def _wished(written: Written, wish: Reading, now: datetime) -> None:
    """Of the number itself, whatever went wrong with any client: it may be nobody's yet. An old START does nothing."""
    stop, to = wish.intent is Intent.STOP, (written.reply.business, written.reply.channel, written.address)
    if wish.intent in WISHES and wish.is_sure and (stop or not is_stale(written.at, now=now)):
        retried(lambda: left_alone.say(*to, stop=stop, at=written.at, key=written.key))


def _take(written: Written, client: Client, now: datetime) -> None:
    catalog = catalogs.load(client.business)
    received = _written_down(_read(written, client, catalog, now), client)
    if received.done:
        return
    if written.reply.by_hand and not received.is_not_theirs:
        client = change_client(client.business, client.id, lambda it: it.writing(written.reply.channel, at=received.at))
    answered = lately(written.said, received.channel, received.key, now=now)
    speaks_with = _is_for(client, written)
    done = act(Heard(received, client, catalog, now, answered, written.address, written.known, speaks_with))
    _settled(received, done)
    log.info("reply", extra={"business": client.business, "intent": received.intent, "done": done.code})


def _read(written: Written, client: Client, catalog: Catalog, now: datetime) -> Received:
    about, rules = written.topic.about, catalog.business.attendance
    visit = about.visit if about else None
    reading = _reading(written, client, catalog)
    return Received(
        business=client.business,
        client=client.id,
        key=written.key,
        channel=written.reply.channel,
        text=written.text,
        at=written.at,
        about=visit.id if visit else "",
        version=about.message.version if about and visit else 0,
        asked=asked(written.topic, rules, at=written.at),
        intent=reading.intent,
        confidence=reading.confidence,
        wish=reading.wish,
        minutes=reading.minutes,
        says_more=reading.says_more and _is_for(client, written),
        carriers_word=reading.carriers_word,
        answers=about.message.id if about else "",
        could_be=() if about else _could_be(written, client, now),
    )


def _reading(written: Written, client: Client, catalog: Catalog) -> Reading:
    """Of the words as they stand in this conversation; in the day and the hours of who wrote."""
    if not written.reply.by_hand:
        return NOBODY_S_WORDS
    about = written.topic.about
    visit = about.visit if about else None
    zone = addressee(client, visit).zone if visit else client.zone
    local = written.at.astimezone(zone)
    how = asked(written.topic, catalog.business.attendance, at=written.at)
    starts = visit.starts.astimezone(zone) if visit else local
    if about and how is Asked.OFFERED:
        starts = datetime.fromisoformat(about.message.detail[2]).astimezone(zone)
    name = addressee(client, visit).name if visit else client.name
    return read(written.text, asked=how, today=local.date(), starts=starts, name=name)


def _reading_alone(written: Written) -> Reading:
    """Whatever it is about: whether they want to be left alone, and whether a person wrote at all."""
    if not written.reply.by_hand:
        return NOBODY_S_WORDS
    return read(written.text, asked=Asked.BOOKING, today=written.at.date(), starts=written.at)


def _could_be(written: Written, client: Client, now: datetime) -> tuple[str, ...]:
    """Of that client's business alone; where nothing had reached them, what they have booked."""
    own = [one.visit.id for one in written.topic.could_be if one.visit and one.visit.business == client.business]
    if own or written.topic.could_be:
        return tuple(own)
    theirs = (one for one in written.known if one.business == client.business)
    return tuple(visit.id for visit in visits_to_come(theirs, now=now))


def _written_down(received: Received, client: Client) -> Received:
    """As it was read the first time, if it came before, be it to another record of the same person."""
    if first := messages.received_under(client.business, client.ids, [received.key]):
        return first[0]
    try:
        return messages.put_received(received)
    except Lost:
        return messages.find_received(received) or received


def _settled(received: Received, done: Reason) -> None:
    try:
        messages.put_received(received.settled(done))
    except Lost:
        log.info("somebody was first", extra={"business": received.business})


def _whose(written: Written, wish: Reading, now: datetime) -> list[Client]:
    """Whose conversation it belongs to: everybody's there who is to be left alone, else whoever took it the first time,
    else whom they speak with.
    """
    if not written.known:
        return _from_nobody(written, wish, now)
    if wish.is_sure and wish.intent in WISHES:
        return list(written.known)
    first = [client for client in written.known if messages.was_received(client.business, client.ids, written.key)]
    return first or _spoken_with(written)


def _spoken_with(written: Written) -> list[Client]:
    """The client who was written to; where two businesses could be meant, one of each."""
    if about := written.topic.about:
        return [about.client]
    latest = {one.client.business: one.client for one in reversed(written.topic.could_be)}
    return list(latest.values()) or [_first_of(written.known)]


def _is_for(client: Client, written: Written) -> bool:
    """What they say besides a wish to be left alone, which is for everybody, is for whom they speak with."""
    ids = [(one.business, one.id) for one in (_spoken_with(written) if written.known else ())]
    return not ids or (client.business, client.id) in ids


def _first_of(known: tuple[Client, ...]) -> Client:
    """Of those to whom nothing was written: the business that answers for the number comes first."""
    front = setting("FRONT_BUSINESS")
    return min(known, key=lambda one: (one.business != front, one.business, one.id))


def _from_nobody(written: Written, wish: Reading, now: datetime) -> list[Client]:
    """A new client only where a person wrote who wants something of us, and a business answers for the number."""
    business = written.reply.business or setting("FRONT_BUSINESS")
    says_nothing = wish.is_sure and wish.intent in {*WISHES, Intent.WRONG_NUMBER}
    wants_nothing = wish.intent is Intent.AUTOMATIC or says_nothing
    if wants_nothing or business == "-":
        log.warning("from nobody we know", extra={"channel": written.reply.channel, "intent": wish.intent})
        return []
    return [_new(written.reply, written.address, business, now)]


def _new(reply: Reply, address: str, business: str, now: datetime) -> Client:
    """Somebody who never booked: a prospect, drawn from where they write from, so that two messages make one."""
    catalog = catalogs.load(business)
    new = stranger(reply.channel, address, catalog.business, ids.from_key("c", business, address), now=now)
    try:
        with together() as transaction:
            clients.put_new(new, transaction)
    except Lost:
        log.info("somebody was first", extra={"business": business})
    return clients.by_contact(business, new.phone, new.email, new.wechat) or clients.load(business, new.id)


def _country(reply: Reply) -> str:
    """A gateway writes numbers as its business does."""
    return catalogs.load(reply.business).business.country if reply.business else ""
