"""What goes out: the shapes of the API's answers, and how the trade's things become them. What staff alone see
stands in desk_answers.py."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from kept.api.base import Answer
from kept.booking.appointment import Appointment
from kept.booking.busy_hours import Busy
from kept.booking.dispute import DisputeState
from kept.booking.states import Status
from kept.booking.told_delay import DelayChoice
from kept.business.catalog import Catalog, Mode, Money, Service
from kept.business.change_rules import Terms
from kept.business.questions import QuestionKind
from kept.policy.accepted import by_standing, shown
from kept.policy.cost import beyond, fee, incurred
from kept.policy.deposit import stands, was_moved_late

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
    return AppointmentAnswer(**fields_of(it, catalog))


def booked(it: Appointment, catalog: Catalog, *, link: str, page: str) -> BookedAnswer:
    return BookedAnswer(**fields_of(it, catalog), link=link, page=page)


def told_delay(it: Appointment) -> ToldDelayAnswer | None:
    """Of what it is now; of a move that they chose it was of the time before."""
    if (told := it.told_delay) is None:
        return None
    return ToldDelayAnswer(
        minutes=told.minutes, begins=told.begins, at=told.at, choice=told.choice, chosen_at=told.chosen_at
    )


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


def fields_of(it: Appointment, catalog: Catalog) -> dict[str, Any]:
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
