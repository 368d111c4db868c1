"""The tables as PynamoDB sees them; infra/tables.yaml is the source of their names and keys.

An aggregate is one item: the attributes that keys, conditions and indexes need, and the rest as one JSON document.
"""

from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model

from kept.settings import table


class RequestTimeouts:
    """Seconds for one attempt, of three: a request that hangs must not take its Lambda's whole time with it."""

    connect_timeout_seconds = 2
    read_timeout_seconds = 5


class ByClient(GlobalSecondaryIndex[Any]):
    """A client's appointments in order of their start."""

    class Meta:
        index_name = "by_client"
        projection = KeysOnlyProjection()

    client_key = UnicodeAttribute(hash_key=True)
    starts = NumberAttribute(range_key=True)


class ByStart(GlobalSecondaryIndex[Any]):
    """All of a business in order of their start, whatever has become of them: what a day is made of.

    With the face alone, so that it is written when something is booked (one unit), moved (two) or shown otherwise
    (one), and by no reminder and no clock.
    """

    class Meta:
        index_name = "by_start"
        projection = IncludeProjection(["face"])

    business = UnicodeAttribute(hash_key=True)
    starts = NumberAttribute(range_key=True)


class Due(GlobalSecondaryIndex[Any]):
    """What must happen by when, sparse: an item with nothing due is not in it."""

    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_lane = UnicodeAttribute(hash_key=True)
    due_at = NumberAttribute(range_key=True)


class Board(GlobalSecondaryIndex[Any]):
    """What is not over yet, in order of when the answer is due; `board` is the business. Sparse as well."""

    class Meta:
        index_name = "board"
        projection = KeysOnlyProjection()

    board = UnicodeAttribute(hash_key=True)
    answer_by = NumberAttribute(range_key=True)


class OfAssigneeIndex(GlobalSecondaryIndex[Any]):
    """The same for each person; `mine` is business#staff."""

    class Meta:
        index_name = "mine"
        projection = KeysOnlyProjection()

    mine = UnicodeAttribute(hash_key=True)
    answer_by = NumberAttribute(range_key=True)


class OfClientIndex(GlobalSecondaryIndex[Any]):
    """A client's follow-ups in order of their opening."""

    class Meta:
        index_name = "of_client"
        projection = KeysOnlyProjection()

    client_key = UnicodeAttribute(hash_key=True)
    opened_at = NumberAttribute(range_key=True)


class Opened(GlobalSecondaryIndex[Any]):
    """All of a business in order of their opening: what figures are made of."""

    class Meta:
        index_name = "opened"
        projection = KeysOnlyProjection()

    opened_in = UnicodeAttribute(hash_key=True)
    opened_at = NumberAttribute(range_key=True)


class Aggregate(Model):
    """One item of one business: its lock, which counts its writes, and its document."""

    business = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    revision = NumberAttribute()
    body = UnicodeAttribute()


class DueAggregate(Aggregate):
    """And the next instant at which something is due for it, in epoch seconds, in the lane of whoever does it."""

    due_lane = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)


class CatalogItem(Model):
    """One thing of a business's catalog; `id` is kind#id. A staff member is due for the list of their day."""

    class Meta(RequestTimeouts):
        table_name = table("catalog")

    business = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    body = UnicodeAttribute()
    due_lane = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)

    due = Due()


class DayPageItem(Model):
    """One page of the appointment book; `calendar` is business#calendar. Or (`day` ends with #busy) what the person's
    own calendar takes of that day."""

    class Meta(RequestTimeouts):
        table_name = table("day_pages")

    calendar = UnicodeAttribute(hash_key=True)
    day = UnicodeAttribute(range_key=True)
    revision = NumberAttribute()
    entries = UnicodeAttribute()


class AppointmentItem(DueAggregate):
    """`starts` and `due_at` are epoch seconds; `face` is a digest of what a screen shows of it."""

    class Meta(RequestTimeouts):
        table_name = table("appointments")

    client_key = UnicodeAttribute(null=True)
    starts = NumberAttribute(null=True)
    face = UnicodeAttribute(null=True)

    by_client = ByClient()
    by_start = ByStart()
    due = Due()


class ByContact(GlobalSecondaryIndex[Any]):
    """Whose a telephone number is, or who typed it, in whichever business: a reply names nobody else."""

    class Meta:
        index_name = "by_contact"
        projection = KeysOnlyProjection()

    contact = UnicodeAttribute(hash_key=True)


class ClientItem(DueAggregate):
    """A client, or (`id` is contact#digest) the claim of one on a telephone number or e-mail address, or
    (typed#digest#client) that one typed it for a booking and it is not theirs.

    `expires` (epoch seconds) is when what nobody proved or used is forgotten. A client is due to be indexed until the
    search index has them as they are: `indexed` is the mark of what it has.
    """

    class Meta(RequestTimeouts):
        table_name = table("clients")

    contact = UnicodeAttribute(null=True)
    expires = NumberAttribute(null=True)
    indexed = UnicodeAttribute(null=True)

    by_contact = ByContact()
    due = Due()


class GateItem(Model):
    """The gate before one provider: its turns and whether it is shut."""

    class Meta(RequestTimeouts):
        table_name = table("gates")

    name = UnicodeAttribute(hash_key=True)
    revision = NumberAttribute()
    body = UnicodeAttribute()


class ByWriter(GlobalSecondaryIndex[Any]):
    """What a client wrote in order of its writing, sparse: what we say is not in it."""

    class Meta:
        index_name = "by_writer"
        projection = KeysOnlyProjection()

    writer = UnicodeAttribute(hash_key=True)
    written_at = NumberAttribute(range_key=True)


class ByWriting(GlobalSecondaryIndex[Any]):
    """What all clients of a business wrote in order of its writing: sparse as well, and what an inbox is made of."""

    class Meta:
        index_name = "by_writing"
        projection = KeysOnlyProjection()

    business = UnicodeAttribute(hash_key=True)
    written_at = NumberAttribute(range_key=True)


class MessageItem(DueAggregate):
    """A line of the ledger; `id` begins with what it is about. `expires` (epoch seconds) is its retention.

    Of what a client wrote `writer` is business#client, `written_at` in epoch seconds.
    """

    class Meta(RequestTimeouts):
        table_name = table("messages")

    expires = NumberAttribute()
    writer = UnicodeAttribute(null=True)
    written_at = NumberAttribute(null=True)

    due = Due()
    by_writer = ByWriter()
    by_writing = ByWriting()


class FollowUpItem(DueAggregate):
    """Something that needs a person's answer; `answer_by` and `opened_at` are in epoch seconds."""

    class Meta(RequestTimeouts):
        table_name = table("follow_ups")

    board = UnicodeAttribute(null=True)
    mine = UnicodeAttribute(null=True)
    answer_by = NumberAttribute(null=True)
    client_key = UnicodeAttribute()
    opened_in = UnicodeAttribute()
    opened_at = NumberAttribute()

    due = Due()
    by_answer = Board()
    by_assignee = OfAssigneeIndex()
    by_client = OfClientIndex()
    by_opening = Opened()


class LinesOfClient(GlobalSecondaryIndex[Any]):
    """What was written in a client's ledger, in order of its writing (epoch milliseconds)."""

    class Meta:
        index_name = "of_client"
        projection = KeysOnlyProjection()

    client_key = UnicodeAttribute(hash_key=True)
    written_at = NumberAttribute(range_key=True)


class LinesOfDay(GlobalSecondaryIndex[Any]):
    """The same of all clients of a business on one of its days; `day_key` is business#date, and business#open of the
    balances that are not even."""

    class Meta:
        index_name = "of_day"
        projection = KeysOnlyProjection()

    day_key = UnicodeAttribute(hash_key=True)
    written_at = NumberAttribute(range_key=True)


class LedgerItem(Model):
    """A line of a client's ledger (`id` is client#visit#act, or client#-#act), written once; or what all of theirs in
    one currency come to (client#balance#CNY), which alone has a `revision`, and stands in an index while something is
    open."""

    class Meta(RequestTimeouts):
        table_name = table("ledger")

    business = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    body = UnicodeAttribute()
    revision = NumberAttribute(null=True)
    client_key = UnicodeAttribute(null=True)
    day_key = UnicodeAttribute(null=True)
    written_at = NumberAttribute(null=True)

    by_client = LinesOfClient()
    by_day = LinesOfDay()


class CounterItem(Model):
    """What strangers did in one window of time, what waiting was credited on a day, or who was told on it that it runs
    late; `id` is kind#window, and beside these stands an attribute a counter."""

    class Meta(RequestTimeouts):
        table_name = table("counters")

    business = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    expires = NumberAttribute(null=True)


class LinkItem(Model):
    """What a short link stands for; `name` is a keyed digest of its letters. `expires`: some time after its end.

    Or what the link of a calendar does (`name` is calendar#digest); or (calendar-of#whose) which link is theirs now.
    """

    class Meta(RequestTimeouts):
        table_name = table("links")

    name = UnicodeAttribute(hash_key=True)
    body = UnicodeAttribute()
    expires = NumberAttribute(null=True)


class IdempotencyItem(Model):
    """What an Idempotency-Key stands for: the digest of its request and, once it is known, the first answer."""

    class Meta(RequestTimeouts):
        table_name = table("idempotency")

    business = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    request = UnicodeAttribute()
    answer = UnicodeAttribute(null=True)
    expires = NumberAttribute()


class Listed(GlobalSecondaryIndex[Any]):
    """The items of one list in order of when they were put there, in epoch milliseconds: sparse."""

    class Meta:
        index_name = "listed"
        projection = KeysOnlyProjection()

    listing = UnicodeAttribute(hash_key=True)
    listed_at = NumberAttribute(range_key=True)


class EventItem(Model):
    """An event (`id` is event#id), listed in its business's log. An endpoint (endpoint#id), due where something waits
    for it and woken last at `woken_at` (epoch milliseconds); its lease (lease#id); and each delivery to it
    (delivery#...), listed by when it is due, or elsewhere once it is over. Where somebody's own calendar is
    (calendar#mei), due when it is read next. A payment online (payment#visit-1), listed by when it was begun and due
    when it is looked at, and (payment-night#all) when all of them are compared. How far the stream of a table was read
    (`business` is *, `id` bookmark#table), or (aside#consumer#kind#id) what of a change could not be taken in, or
    (figures#day) which days of figures are due. When freed time (waitlist#free#id) or somebody who waits
    (waitlist#wait#id) is looked at next.

    `expires`: in epoch seconds, when DynamoDB may drop it.
    """

    class Meta(RequestTimeouts):
        table_name = table("events")

    business = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    body = UnicodeAttribute()
    expires = NumberAttribute(null=True)
    listing = UnicodeAttribute(null=True)
    listed_at = NumberAttribute(null=True)
    due_lane = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    woken_at = NumberAttribute(null=True)

    listed = Listed()
    due = Due()


class FactItem(Model):
    """A fact (`id` is day#kind#id), the hours that were offered on a day (day#hours), the sums of a month
    (sum#group#month), or how full hours usually are (usual_hours).

    `version` is that of what the fact is of; `reminded`, `nudged` and `won_back` are a visit's marks: the last version
    of its slot of which each is so. A fact that went to another day leaves its version behind, with no body, and is
    forgotten when it `expires`.
    """

    class Meta(RequestTimeouts):
        table_name = table("facts")

    business = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)
    version = NumberAttribute(null=True)
    body = UnicodeAttribute(null=True)
    reminded = NumberAttribute(null=True)
    nudged = NumberAttribute(null=True)
    won_back = NumberAttribute(null=True)
    expires = NumberAttribute(null=True)


class WaitlistItem(Aggregate):
    """Somebody who waits (`id` is wait#id) or, once that is over, did (waited#id); and time that came free (free#id).

    `expires`: in epoch seconds, when what is over may be dropped.
    """

    class Meta(RequestTimeouts):
        table_name = table("waitlist")

    expires = NumberAttribute(null=True)


TABLES: tuple[type[Model], ...] = (
    CatalogItem,
    DayPageItem,
    AppointmentItem,
    ClientItem,
    MessageItem,
    FollowUpItem,
    LedgerItem,
    GateItem,
    CounterItem,
    LinkItem,
    IdempotencyItem,
    EventItem,
    FactItem,
    WaitlistItem,
)
