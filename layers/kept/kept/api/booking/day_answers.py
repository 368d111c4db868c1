"""The desk's day as it goes out: compact, for one request draws all of it."""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from kept.api.base import Answer
from kept.api.booking.answers import SlotAnswer
from kept.booking.acts import Act, acts
from kept.booking.addressee import other_name
from kept.booking.block import Block
from kept.booking.gaps import Gap
from kept.booking.states import Status
from kept.business.catalog import Catalog
from kept.clients.client import Tier
from kept.clients.notes import alerts
from kept.timekeeping.weekly_hours import Span
from kept.use_cases.booking.desk_day import DeskDay, OfMember, ShownHold, ShownVisit, WeekDay
from kept.use_cases.waitlist.gaps import Waiter, WaitingOfDay


class FromToAnswer(Answer):
    """From and to, in the business's zone."""

    start: datetime
    end: datetime


class OffAnswer(FromToAnswer):
    """Time off, as far as it lies on that day."""

    why: str


class DayStaffAnswer(Answer):
    """`hours` are without what they have off, and without what their own calendar takes (`busy`)."""

    id: str
    name: str
    hours: list[FromToAnswer]
    off: list[OffAnswer]
    busy: list[FromToAnswer]


class DayRoomAnswer(Answer):
    """A room, a chair, a lift."""

    id: str
    name: str


class DayServiceAnswer(Answer):
    """What can be booked by hand, and with whom; minutes."""

    id: str
    name: str
    duration: int
    staff: list[str]


class DayVisitAnswer(Answer):
    """A visit in short; the whole of it is asked for by its id.

    `before` and `after` are its buffers in minutes; `record_name` is the client's own where it was made under another;
    `alerts` what everybody who meets them has to know; `phone` whether there is a number to call.
    """

    id: str
    version: int
    status: Status
    service: str
    service_name: str
    staff: str
    room: str | None
    start: datetime
    end: datetime
    before: int
    after: int
    client: str
    client_name: str
    record_name: str | None
    tier: Tier
    note: str
    at_risk: bool
    late: bool
    waits_until: datetime | None
    released: bool
    acts: list[Act]
    alerts: list[str]
    phone: bool


class DayHoldAnswer(FromToAnswer):
    """Kept for somebody who fills in the form, `until` then, or on offer to those who wait (`offered_to`, by name)."""

    staff: str
    room: str | None
    until: datetime
    offered_to: list[str]


class BlockAnswer(FromToAnswer):
    """A time in which somebody is not booked, and why."""

    id: str
    revision: int
    staff: str
    why: str
    by: str


class WeekDayAnswer(Answer):
    """One day of one person."""

    on: date
    hours: list[FromToAnswer]
    off: list[OffAnswer]
    busy: list[FromToAnswer]
    appointments: list[DayVisitAnswer]
    blocks: list[BlockAnswer]


class WeekAnswer(Answer):
    """Seven days of one person, from that day on; a visit over midnight is on both of its days."""

    start: Annotated[date, Field(alias="from")]
    staff: str
    days: list[WeekDayAnswer]


class OpeningsAnswer(Answer):
    """Times that staff may book, soonest first, with those who are free."""

    slots: list[SlotAnswer]


class GapFitAnswer(Answer):
    """A service that fits, by its id, and the first start at which it does."""

    service: str
    start: datetime


class WaiterAnswer(Answer):
    """Somebody on the waitlist (`entry`) whom it fits, and the service with its first start that does."""

    entry: str
    client_name: str
    service: str
    start: datetime
    book_for_me: bool


class GapAnswer(FromToAnswer):
    """Free from now on, and of use to something that they do: all that `fits`, as it is listed, and the first of those
    `waiting` whom it fits, in their order."""

    staff: str
    fits: list[GapFitAnswer]
    waiting: list[WaiterAnswer]


class DayAnswer(Answer):
    """One day of the business; instants with the offset of its zone. Gone, missed and cancelled visits are there."""

    on: date
    zone: str
    now: datetime
    checks_in: bool
    staff: list[DayStaffAnswer]
    rooms: list[DayRoomAnswer]
    services: list[DayServiceAnswer]
    appointments: list[DayVisitAnswer]
    holds: list[DayHoldAnswer]
    blocks: list[BlockAnswer]
    gaps: list[GapAnswer]


RESPONSES: dict[int, Any] = {
    200: {
        "description": "The whole day, and in `ETag` its mark; gzip where it is accepted",
        "content": {"application/json": {"model": DayAnswer}},
    },
    304: {"description": "Nothing of it is shown otherwise than under the mark in `If-None-Match`"},
}


def day(it: DeskDay, catalog: Catalog, waiting: WaitingOfDay, *, now: datetime) -> DayAnswer:
    zone = catalog.business.zone
    return DayAnswer(
        on=it.on,
        zone=zone.key,
        now=now.astimezone(zone),
        checks_in=catalog.business.attendance.checks_in,
        staff=[_member(one, zone) for one in it.members],
        rooms=[DayRoomAnswer(id=room.id, name=room.name) for room in catalog.rooms.values()],
        services=_services(catalog),
        appointments=[visit(one, catalog, now=now) for one in it.visits],
        holds=[_hold(one, waiting.offered.get(one.entry.ref, []), zone) for one in it.holds],
        blocks=[block(one, zone) for one in it.blocks],
        gaps=[
            _gap(one.member.id, gap, waiting.fit[one.member.id, gap], zone) for one in it.members for gap in one.gaps
        ],
    )


def week(staff: str, days: list[WeekDay], catalog: Catalog, *, now: datetime) -> WeekAnswer:
    zone = catalog.business.zone
    told = [
        WeekDayAnswer(
            on=it.on,
            **_hours(it, zone),
            appointments=[visit(one, catalog, now=now) for one in it.visits],
            blocks=[block(one, zone) for one in it.blocks],
        )
        for it in days
    ]
    return WeekAnswer.model_validate({"from": days[0].on, "staff": staff, "days": told})


def visit(it: ShownVisit, catalog: Catalog, *, now: datetime) -> DayVisitAnswer:
    about, slot, zone = it.visit, it.visit.slot, catalog.business.zone
    return DayVisitAnswer(
        id=about.id,
        version=about.version,
        status=about.status,
        service=about.service,
        service_name=catalog.service_of(about).name,
        staff=slot.staff,
        room=slot.room,
        start=slot.starts.astimezone(zone),
        end=slot.ends.astimezone(zone),
        before=slot.before,
        after=slot.after,
        client=about.client,
        client_name=it.client.name,
        record_name=other_name(it.client, it.record),
        tier=it.client.tier,
        note=about.note,
        at_risk=about.at_risk,
        late=about.late,
        waits_until=about.waits_until and about.waits_until.astimezone(zone),
        released=about.released,
        acts=list(acts(about, checks_in=catalog.business.attendance.checks_in, now=now)),
        alerts=list(alerts(it.record)) if it.record else [],
        phone=bool(it.client.phone),
    )


def block(it: Block, zone: ZoneInfo) -> BlockAnswer:
    return BlockAnswer(
        id=it.id,
        revision=it.revision,
        staff=it.slot.staff,
        why=it.why,
        by=it.by,
        start=it.slot.starts.astimezone(zone),
        end=it.slot.ends.astimezone(zone),
    )


def _member(it: OfMember, zone: ZoneInfo) -> DayStaffAnswer:
    return DayStaffAnswer(id=it.member.id, name=it.member.name, **_hours(it, zone))


def _hours(it: OfMember | WeekDay, zone: ZoneInfo) -> dict[str, Any]:
    return {
        "hours": [FromToAnswer(**_from_to(span, zone)) for span in it.hours],
        "off": [OffAnswer(why=why, **_from_to(span, zone)) for span, why in it.off],
        "busy": [FromToAnswer(**_from_to(span, zone)) for span in it.busy],
    }


def _services(catalog: Catalog) -> list[DayServiceAnswer]:
    return [
        DayServiceAnswer(
            id=it.id, name=it.name, duration=it.duration, staff=[member.id for member in catalog.staff_for(it)]
        )
        for it in catalog.services.values()
    ]


def _gap(staff: str, it: Gap, waiting: list[Waiter], zone: ZoneInfo) -> GapAnswer:
    told = [
        WaiterAnswer(
            entry=one.entry.id,
            client_name=one.client.name if one.client else "",
            service=one.service,
            start=one.starts.astimezone(zone),
            book_for_me=one.entry.book_for_me,
        )
        for one in waiting
    ]
    fits = [GapFitAnswer(service=one.service, start=_local(one.start, zone)) for one in it.fits]
    return GapAnswer(staff=staff, fits=fits, waiting=told, **_from_to((it.start, it.end), zone))


def _hold(it: ShownHold, offered_to: list[str], zone: ZoneInfo) -> DayHoldAnswer:
    until = datetime.fromtimestamp(it.entry.hold_until or 0, UTC).astimezone(zone)
    when = _from_to((it.entry.start, it.entry.end), zone)
    return DayHoldAnswer(staff=it.staff, room=it.room, until=until, offered_to=offered_to, **when)


def _from_to(span: Span, zone: ZoneInfo) -> dict[str, datetime]:
    return {"start": _local(span[0], zone), "end": _local(span[1], zone)}


def _local(minute: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(minute * 60, UTC).astimezone(zone)
