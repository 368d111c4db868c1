"""What goes out: the shapes of the API's answers, and how the trade's things become them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from kept.api.base import Answer
from kept.api.reasons import Facts, told, told_line
from kept.booking.acts import Act, acts
from kept.booking.addressee import other_name
from kept.booking.appointment import Appointment
from kept.booking.busy_hours import Busy
from kept.booking.dispute import DisputeState
from kept.booking.history import DISPUTE_REFUSED, DISPUTE_UPHELD, DISPUTED, NO_SHOW_REVERSED, WROTE, Event
from kept.booking.states import CancelReason, ReversalReason, Status
from kept.booking.told_delay import DelayChoice
from kept.business.catalog import Catalog, Mode, Money, Service
from kept.business.change_rules import Terms
from kept.business.questions import QuestionKind
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.written_number import as_written
from kept.language_tags import FALLBACK
from kept.messaging.reasons_in_words import line_in_words
from kept.policy.accepted import by_standing, shown
from kept.policy.cost import beyond, fee, incurred
from kept.policy.deposit import stands, was_moved_late
from kept.reasons import Code, because

CHOSEN: Mapping[str, Mapping[str, Code]] = {
    "cancelled": {str(it): Code(f"given_up_for_{it}") for it in CancelReason},
    NO_SHOW_REVERSED: {str(it): Code(f"taken_back_{it}") for it in ReversalReason},
    DISPUTE_UPHELD: {str(it): Code(f"upheld_{it}") for it in ReversalReason},
}
"""The reasons that are chosen in one tap, by the line of the history that has them."""

Written = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
"""An instant as JSON already; whoever reads the document knows what it is."""


class PriceAnswer(Answer):
    """Integer minor units: 3900 with USD is 39 dollars."""

    minor: int
    currency: str


class FeesAnswer(Answer):
    """What cancelling or moving costs once it is free no more, and what not coming does, beyond a deposit that is then
    lost; null for nothing."""

    cancelling: PriceAnswer | None
    moving: PriceAnswer | None
    missing: PriceAnswer | None


class ChoiceAnswer(Answer):
    """One of the answers to choose from."""

    id: str
    text: str


class QuestionAnswer(Answer):
    """To be answered in booking, in `answers` by its `id`; `required` or not."""

    id: str
    text: str
    kind: QuestionKind
    required: bool
    choices: list[ChoiceAnswer]


class ServiceAnswer(Answer):
    """Duration in minutes; a change is free until `free_change_minutes` before, then it has its `fees`: whoever books
    agrees to them. A `deposit` is asked of whoever is new, or only of those who have missed visits lately
    (`deposit_by_standing`). `staff` may be asked for by their id. Listed in this order, each under its `category`.
    With `approval` it is asked for, and booked once staff say yes; its `questions` are answered in booking."""

    id: str
    name: str
    category: str
    duration: int
    mode: Mode
    price: PriceAnswer | None
    free_change_minutes: int
    fees: FeesAnswer
    deposit: PriceAnswer | None
    deposit_by_standing: PriceAnswer | None
    staff: dict[str, str]
    approval: bool
    questions: list[QuestionAnswer]


class BusinessAnswer(Answer):
    """What anybody may know of a business."""

    id: str
    name: str
    zone: str
    locale: str
    address: str
    phone: str
    policy_version: int
    policy_text: str
    services: list[ServiceAnswer]


class SlotAnswer(Answer):
    """ISO 8601 with the offset in the asked zone; `staff` are those who are free."""

    start: Written
    end: Written
    staff: list[str]


class FreeSlotAnswer(SlotAnswer):
    """`busy`: how busy the hour is in which it begins, by what is booked of it and what usually is."""

    busy: Busy


class AvailabilityAnswer(Answer):
    """Free starts in order."""

    zone: str
    slots: list[FreeSlotAnswer]


def free(zone: ZoneInfo, slots: list[dict[str, Any]], busy: Sequence[Busy]) -> AvailabilityAnswer:
    """Read together: a thousand models made one by one take three times as long."""
    for slot, its in zip(slots, busy, strict=True):
        slot["busy"] = its
    return AvailabilityAnswer.model_validate({"zone": zone.key, "slots": slots})


class HoldAnswer(Answer):
    """`hold` goes with the booking; after `until` it is worth nothing."""

    hold: str
    start: datetime
    end: datetime
    staff: str
    until: datetime


class AskedDepositAnswer(Answer):
    """`stands`: due (to be paid until `pay_until`), unpaid (so that its slot is gone), held, lost or back; null where
    none was paid, or it went towards the price. It is `bound` where its client has moved it too late: then it is lost
    whenever they cancel."""

    sum: PriceAnswer
    stands: str | None
    pay_until: datetime | None
    bound: bool


class ToldDelayAnswer(Answer):
    """How many `minutes` after its start it was to begin, as its client was told `at` then; 0 is on time again.
    `choice` is their answer, null while there is none."""

    minutes: int
    begins: datetime
    at: datetime
    choice: DelayChoice | None
    chosen_at: datetime | None


class AppointmentAnswer(Answer):
    """Instants with the offset of the client's zone; `version` rises with each move. `costs` is what it has cost them
    as it stands, by the fees they agreed to. What is held against them (missed, or cancelled too late) they may dispute
    until `dispute_until`; `dispute` is what has become of that, null where they have not. What is only asked for is
    answered by `answer_by`, or its slot is free again; null for all else. `delay` is what they were told of our running
    late, and what they chose."""

    id: str
    status: Status
    version: int
    service: str
    staff: str
    room: str | None
    start: datetime
    end: datetime
    zone: str
    reschedules_left: int
    free_change_until: datetime
    late: bool
    fees: FeesAnswer
    costs: PriceAnswer | None
    deposit: AskedDepositAnswer | None
    dispute_until: datetime | None
    dispute: DisputeState | None
    answer_by: datetime | None
    delay: ToldDelayAnswer | None


class LaterTimesAnswer(Answer):
    """Starts on the same day, the soonest first, by the client's clock; none where nothing is free, or we are on
    time."""

    starts: list[datetime]


class BookedAnswer(AppointmentAnswer):
    """With the link to see, confirm, move and cancel it; it is the client's alone."""

    link: str
    page: str


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


def business(catalog: Catalog) -> BusinessAnswer:
    about = catalog.business
    return BusinessAnswer(
        id=about.id,
        name=about.name,
        zone=about.tz,
        locale=about.locale,
        address=about.address,
        phone=about.phone,
        policy_version=about.policy_version,
        policy_text=about.policy_text,
        services=[_service(service, catalog) for service in catalog.services.values()],
    )


def _service(service: Service, catalog: Catalog) -> ServiceAnswer:
    price, terms = money(service.price), shown(catalog.business, service)
    return ServiceAnswer(
        id=service.id,
        name=service.name,
        category=service.category,
        duration=service.duration,
        mode=service.mode,
        price=price,
        free_change_minutes=int(terms.free_until.total_seconds()) // 60,
        fees=_fees(terms),
        deposit=money(fee(terms.deposit, terms)),
        deposit_by_standing=money(by_standing(catalog.business, service)),
        staff={member.id: member.name for member in catalog.staff_for(service)},
        approval=service.approval,
        questions=[
            QuestionAnswer(
                id=it.id,
                text=it.text,
                kind=it.kind,
                required=it.required,
                choices=[ChoiceAnswer(id=choice.id, text=choice.text) for choice in it.choices],
            )
            for it in service.questions
        ],
    )


def appointment(it: Appointment, catalog: Catalog) -> AppointmentAnswer:
    return AppointmentAnswer(**_appointment(it, catalog))


def booked(it: Appointment, catalog: Catalog, *, link: str, page: str) -> BookedAnswer:
    return BookedAnswer(**_appointment(it, catalog), link=link, page=page)


def desk_appointment(
    it: Appointment, catalog: Catalog, client: Client, record: Client | None, *, now: datetime, language: str = FALLBACK
) -> DeskAppointmentAnswer:
    """`client` as it was booked; of one who was forgotten since there is no record."""
    channels = catalog.business.channels
    closed = dict(client.closed(Purpose.TRANSACTIONAL, channels))
    return DeskAppointmentAnswer(
        **_appointment(it, catalog),
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


def told_delay(it: Appointment) -> ToldDelayAnswer | None:
    """Of what it is now; of a move that they chose it was of the time before."""
    if (told := it.told_delay) is None:
        return None
    return ToldDelayAnswer(
        minutes=told.minutes, begins=told.begins, at=told.at, choice=told.choice, chosen_at=told.chosen_at
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


def _fees(terms: Terms) -> FeesAnswer:
    return FeesAnswer(
        cancelling=money(beyond(fee(terms.late_fee, terms), terms.deposit)),
        moving=money(fee(terms.move_fee, terms)),
        missing=money(beyond(fee(terms.missed_fee, terms), terms.deposit)),
    )


def money(it: Money | None) -> PriceAnswer | None:
    return PriceAnswer(minor=it.minor, currency=it.currency) if it else None


def _deposit(it: Appointment, terms: Terms, zone: ZoneInfo) -> AskedDepositAnswer | None:
    if not terms.deposit:
        return None
    until = it.held_until.astimezone(zone) if it.held_until and it.status is Status.AWAITING_DEPOSIT else None
    sum = PriceAnswer(minor=terms.deposit, currency=terms.currency)
    return AskedDepositAnswer(sum=sum, stands=stands(it) or None, pay_until=until, bound=was_moved_late(it))


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


def _appointment(it: Appointment, catalog: Catalog) -> dict[str, Any]:
    zone, rules = ZoneInfo(it.tz), catalog.business.changes
    terms, until = it.terms(rules), it.disputable_until(catalog.business.attendance.dispute_within)
    return {
        "id": it.id,
        "status": it.status,
        "version": it.version,
        "service": it.service,
        "staff": it.slot.staff,
        "room": it.slot.room,
        "start": it.starts.astimezone(zone),
        "end": it.ends.astimezone(zone),
        "zone": it.tz,
        "reschedules_left": max(0, rules.reschedules - it.reschedules),
        "free_change_until": it.last_free(rules).astimezone(zone),
        "late": it.late,
        "fees": _fees(terms),
        "costs": money(beyond(incurred(it, terms), terms.deposit if stands(it) == "lost" else 0)),
        "deposit": _deposit(it, terms, zone),
        "dispute_until": until.astimezone(zone) if until else None,
        "dispute": it.dispute.state if it.dispute else None,
        "answer_by": it.held_until and it.held_until.astimezone(zone),
        "delay": told_delay(it),
    }
