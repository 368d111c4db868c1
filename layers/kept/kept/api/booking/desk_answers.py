"""What goes out to staff: an appointment with whose it is, its history, and what can be done with it now."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from kept.api.base import Answer
from kept.api.booking.answers import AppointmentAnswer, PriceAnswer, fields_of, money
from kept.api.reasons import Facts, told, told_line
from kept.booking.acts import Act, acts
from kept.booking.addressee import other_name
from kept.booking.appointment import Appointment
from kept.booking.dispute import DisputeState
from kept.booking.history import DISPUTE_REFUSED, DISPUTE_UPHELD, DISPUTED, NO_SHOW_REVERSED, WROTE, Event
from kept.booking.states import CancelReason, ReversalReason
from kept.business.catalog import Catalog, Money
from kept.business.questions import QuestionKind
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.written_number import as_written
from kept.language_tags import FALLBACK
from kept.messaging.reasons_in_words import line_in_words
from kept.reasons import Code, because

CHOSEN: Mapping[str, Mapping[str, Code]] = {
    "cancelled": {str(it): Code(f"given_up_for_{it}") for it in CancelReason},
    NO_SHOW_REVERSED: {str(it): Code(f"taken_back_{it}") for it in ReversalReason},
    DISPUTE_UPHELD: {str(it): Code(f"upheld_{it}") for it in ReversalReason},
}
"""The reasons that are chosen in one tap, by the line of the history that has them."""


class EventAnswer(Answer):
    """One line of the history. What Kept gave as a reason is in the asker's words, with its code and facts.
    `for_client`: staff did it because the client asked."""

    what: str
    at: datetime
    by: str
    why: str
    why_code: str
    facts: Facts
    version: int
    for_client: bool


class EarlierEventsAnswer(Answer):
    """In order; before them come `earlier` more, and asking for those `before` that number goes on with them."""

    history: list[EventAnswer]
    earlier: int


class ClosedChannel(Answer):
    """A channel of the business that is not open to it for this client, and why, as the ledger of messages says it."""

    channel: Channel
    why: str
    why_code: str
    facts: Facts


class DisputedAnswer(Answer):
    """What the client said of what is held against them, and when; once it is decided by whom and when: upheld for a
    `reason`, or refused with an `answer` to them. `reasons` are those for which it can be upheld, while it is open."""

    state: DisputeState
    at: datetime
    words: str
    reason: ReversalReason | None
    decided_by: str
    decided_at: datetime | None
    answer: str
    reasons: list[ReversalReason]


class GivenAnswerTold(Answer):
    """As it is asked in the reader's words; a question that is not asked any more as it was then, and as `text`."""

    asked: str
    said: str
    kind: QuestionKind


class DeskAppointmentAnswer(AppointmentAnswer):
    """As staff see it; `at_risk` marks a visit that is likelier than others to be missed.

    `client_name`, `client_phone` (`_written`: as people write it) and `client_email` are as it was booked;
    `record_name` is the client's own where the booking was made under another. `open_channels` are those over which the
    client can be told of it, in their order; none: somebody has to call. Of a long history the newest lines are here;
    `earlier` before them are asked for by themselves. `acts` are what can be done with it now, the likeliest first,
    each a route of this name; `released` when it was missed and the rest of its slot is offered to others. `disputed`
    is the last time its client said that it was held against them wrongly, `kept_waiting` for how many minutes we made
    them wait, and `made_good` the credit that they got for it. `answers` are what the client said to the service's
    questions.
    """

    client: str
    client_name: str
    record_name: str | None
    client_phone: str | None
    client_phone_written: str | None
    client_email: str | None
    note: str
    at_risk: bool
    evidence: list[str]
    history: list[EventAnswer]
    earlier: int
    open_channels: list[Channel]
    closed_channels: list[ClosedChannel]
    acts: list[Act]
    released: bool
    disputed: DisputedAnswer | None
    kept_waiting: int
    made_good: PriceAnswer | None
    answers: list[GivenAnswerTold]


class DayEndAnswer(Answer):
    """The visits as they are now; of one that is not as it was said, `refused` has its problem's code."""

    appointments: list[DeskAppointmentAnswer]
    refused: dict[str, str]


def appointment(
    it: Appointment, catalog: Catalog, client: Client, record: Client | None, *, now: datetime, language: str = FALLBACK
) -> DeskAppointmentAnswer:
    """`client` as it was booked; of one who was forgotten since there is no record."""
    channels = catalog.business.channels
    closed = dict(client.closed(Purpose.TRANSACTIONAL, channels))
    return DeskAppointmentAnswer(
        **fields_of(it, catalog),
        client=it.client,
        client_name=client.name,
        record_name=other_name(client, record),
        client_phone=client.phone,
        client_phone_written=client.phone and as_written(client.phone, catalog.business.country),
        client_email=client.email,
        note=it.note,
        at_risk=it.at_risk,
        evidence=[line_in_words(line, language) for line in it.evidence],
        history=_history((e for e in it.history if not e.is_old), language),
        earlier=it.archived,
        open_channels=[it for it in client.channels(Purpose.TRANSACTIONAL, channels) if it not in closed],
        closed_channels=[ClosedChannel(channel=it, **told(why, "why", language)) for it, why in closed.items()],
        acts=list(acts(it, checks_in=catalog.business.attendance.checks_in, now=now)),
        released=it.released,
        disputed=_disputed(it),
        kept_waiting=it.kept_waiting,
        made_good=money(Money(it.made_good, catalog.business.currency)) if it.made_good else None,
        answers=_answers(it, catalog, language),
    )


def _disputed(it: Appointment) -> DisputedAnswer | None:
    """Their words and ours as they stand in the history, where it has them still."""
    if (dispute := it.disputed) is None:
        return None
    lines = [line for line in it.history if line.at >= dispute.at]
    said = next((line for line in lines if line.what == DISPUTED), None)
    decided = next((line for line in lines if line.what in (DISPUTE_UPHELD, DISPUTE_REFUSED)), None)
    return DisputedAnswer(
        state=dispute.state,
        at=dispute.at,
        words=said.why.removeprefix(WROTE) if said else "",
        reason=dispute.reason,
        decided_by=decided.by if decided else "",
        decided_at=decided.at if decided else None,
        answer=decided.why if decided and decided.what == DISPUTE_REFUSED else "",
        reasons=[reason for reason in ReversalReason if it.is_disputed and reason in it.reasons_to_uphold],
    )


def _answers(it: Appointment, catalog: Catalog, language: str) -> list[GivenAnswerTold]:
    """In the reader's words, as long as the question is there still; else in those of then."""
    asked = {one.id: one.in_language(language) for one in catalog.service_of(it).questions}
    return [
        GivenAnswerTold(
            asked=asked[one.question].text if one.question in asked else one.asked,
            said=asked[one.question].words_for(one.value) if one.question in asked else one.said,
            kind=asked[one.question].kind if one.question in asked else QuestionKind.TEXT,
        )
        for one in it.answers
    ]


def earlier(lines: Sequence[Event], upto: int, language: str = FALLBACK) -> EarlierEventsAnswer:
    return EarlierEventsAnswer(history=_history(lines, language), earlier=upto - len(lines))


def _history(lines: Iterable[Event], language: str) -> list[EventAnswer]:
    return [
        EventAnswer(
            what=e.what,
            at=e.at,
            by=e.by,
            version=e.version,
            for_client=e.for_client,
            **_why(e, language),
        )
        for e in lines
    ]


def _why(line: Event, language: str) -> dict[str, str | Facts]:
    """What was chosen in one tap in words, with whatever was typed beside it."""
    chosen, _, note = line.why.partition(": ")
    code = CHOSEN.get(line.what, {}).get(chosen)
    if code is None:
        return told_line(line.why, line.by, language)
    said = told(because(code), "why", language)
    words = "" if code is Code.GIVEN_UP_FOR_OTHER else str(said["why"])
    return {**said, "why": ": ".join(filter(None, (words, note)))}
