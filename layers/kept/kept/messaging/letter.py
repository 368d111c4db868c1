"""What a message can tell its reader, gathered from the catalog and the booking before any language comes in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from kept.booking.appointment import Appointment
from kept.booking.history import DECLINED, LAPSED
from kept.booking.states import Status
from kept.booking.whose_time import Clocks
from kept.business.catalog import Catalog, Mode, Money
from kept.business.names import in_language
from kept.business.reminder_stages import Stage
from kept.clients.client import Client
from kept.messaging.text_forms import PLAIN, TextForm
from kept.messaging.to_tell import ToTell
from kept.policy.cost import beyond, fee, incurred
from kept.policy.deposit import stands
from kept.policy.winning_back import should_not_wait


@dataclass(frozen=True, slots=True)
class Links:
    """Where a message leads: the page of the booking (or of what is asked), booking anew, preferences, no more."""

    manage: str
    book: str
    preferences: str
    unsubscribe: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """To a client, about their booking. Its times are those of the place for a visit in person, else of the client.

    `clocks` are both zones; `elsewhere` when the client's shows another time than the business's at the start;
    `asks` when they are to confirm, `keys` when a one-key reply reaches us over this channel; `policy` and `free_hours`
    are the words and the notice for a free change that were accepted with it, `late_fee` and `missed_fee` what a later
    cancellation and not coming cost by them, `cost` what it has cost already; `waits_until` and `offered` are local
    too; `named` is whom it is for where that is another than the client on record, so that a short text has to say it;
    empty strings are left out. `answer` is what one of the staff says to it. `restart` is our number, to which whoever
    once told us STOP may text START. `form` is what the reader's country asks of a text message. What is only asked for
    is answered `answer_by` then, local too; of one that was not, it `lapsed`, or `why_not` is what staff wrote. Its
    `deposit` is due (until `pay_until`, local too, and `pay_how` in the business's words), unpaid, held, lost or back.
    With `urgent` work that was cancelled late they are asked whether video or telephone would do.
    They `waited` so many minutes, for which they got a `credit`; by so many minutes we run late (`delay`), so that it
    begins `about` then, local too.
    """

    locale: str
    client: str
    business: str
    address: str
    phone: str
    service: str
    staff: str
    starts: datetime
    ends: datetime
    elsewhere: bool
    clocks: Clocks
    mode: Mode
    where: str
    room: str
    prepare: str
    asks: bool
    policy: str
    free_hours: int
    link: str
    rebook: str
    preferences: str
    keys: bool
    waits_until: datetime | None
    offered: tuple[datetime, ...]
    restart: str = ""
    named: str = ""
    form: TextForm = PLAIN
    late_fee: Money | None = None
    missed_fee: Money | None = None
    cost: Money | None = None
    answer: str = ""
    answer_by: datetime | None = None
    deposit: Money | None = None
    deposit_is: str = ""
    pay_until: datetime | None = None
    urgent: bool = False
    pay_how: str = ""
    lapsed: bool = False
    why_not: str = ""
    waited: int = 0
    credit: Money | None = None
    delay: int = 0
    about: datetime | None = None


@dataclass(frozen=True, slots=True)
class Greeting:
    """To a client, about nothing they have booked: an invitation, whether they want any, or how it went.

    `link` is where they book, say yes, or tell it. To who waits it is their place on the list: a time is held for them
    from `starts`, with `staff`, `until` a deadline, told by `clocks`; `book` is where others are, and some of these
    are free: `others`. It is a `gap` of the same day, of which alone they hear.
    """

    locale: str
    client: str
    business: str
    address: str
    phone: str
    service: str
    link: str
    preferences: str
    unsubscribe: str
    keys: bool
    form: TextForm = PLAIN
    starts: datetime | None = None
    until: datetime | None = None
    staff: str = ""
    clocks: Clocks | None = None
    book: str = ""
    others: tuple[datetime, ...] = ()
    gap: bool = False


@dataclass(frozen=True, slots=True)
class OfferedTime:
    """To who waits: from when, with whom, and until when it is held; or was, and which `others` are free. A `gap` of
    the day is for who only hears of those."""

    starts: datetime
    until: datetime
    staff: str
    others: tuple[datetime, ...] = ()
    gap: bool = False


@dataclass(frozen=True, slots=True)
class VisitOfDay:
    """One line of a day's list; `starts` in the business's zone."""

    starts: datetime
    client: str
    service: str
    status: Status
    at_risk: bool


@dataclass(frozen=True, slots=True)
class DayList:
    """To one of the staff, about their day, in order of time; on a day without visits none is sent.

    `whose` is who has the visits, where the reader stands in for them. `link` leads to where they say who came.
    """

    locale: str
    business: str
    reader: str
    day: date
    visits: tuple[VisitOfDay, ...]
    whose: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class StaffNotice:
    """To the business's own people, about a client. `due` and `visit` are in the business's zone.

    `staff` has the visit, `assignee` the follow-up, where that is somebody else than the reader. `clock` is what is to
    be done by `due` (a first or a next response, a resolution, a `step` of the plan), `percent` how much of its time is
    spent; `late` is a reminder that comes after it. `to_tell` is what they are to be called about, where that is known;
    `words` is what the client wrote last of it, `reach` where to reach them, `link` opens it at the desk.
    """

    locale: str
    business: str
    reader: str
    client: str
    cause: str
    service: str
    staff: str
    visit: datetime | None
    due: datetime | None
    clock: str
    step: str
    percent: int | None
    assignee: str
    late: bool
    to_tell: ToTell | None = None
    words: str = ""
    reach: str = ""
    link: str = ""


def letter(
    appointment: Appointment,
    client: Client,
    catalog: Catalog,
    *,
    stage: Stage | None,
    links: Links,
    keys: bool = False,
    offered: Iterable[datetime] = (),
    restart: str = "",
    record: str = "",
    form: TextForm = PLAIN,
    policy: str | None = None,
    answer: str = "",
) -> Letter:
    """`record` is the name of the client that the booking is filed with, `policy` the words they accepted with it; None
    is those of today."""
    catalog = in_language(catalog, client.locale)
    business, service = catalog.business, catalog.service_of(appointment)
    last = next(reversed(appointment.history), None)
    standing = stands(appointment)
    clocks, terms = Clocks(service.mode, business.zone, client.zone), appointment.terms(business.changes)
    return Letter(
        locale=client.locale,
        client=client.name,
        business=business.name,
        address=business.address,
        phone=business.phone,
        service=service.name,
        staff=catalog.staff_here(appointment.slot.staff),
        starts=clocks.local(appointment.starts),
        ends=clocks.local(appointment.ends),
        elsewhere=clocks.told(appointment.starts).named,
        clocks=clocks,
        mode=service.mode,
        where=business.place_of(service),
        room=_room_name(appointment.slot.room, catalog),
        prepare=service.prepare,
        asks=appointment.status is Status.BOOKED and (stage is None or stage.asks),
        policy=business.policy_text if policy is None else policy,
        free_hours=int(terms.free_until.total_seconds()) // 3600,
        link=links.manage,
        rebook=links.book,
        preferences=links.preferences,
        keys=keys,
        waits_until=appointment.waits_until and clocks.local(appointment.waits_until),
        offered=tuple(map(clocks.local, offered)),
        restart=restart,
        named=client.name if record and record != client.name else "",
        form=form,
        late_fee=fee(terms.late_fee, terms),
        missed_fee=fee(terms.missed_fee, terms),
        cost=beyond(incurred(appointment, terms), terms.deposit if standing == "lost" else 0),
        deposit=fee(terms.deposit, terms) if standing else None,
        deposit_is=standing,
        pay_until=clocks.local(appointment.held_until) if standing == "due" and appointment.held_until else None,
        pay_how=business.deposit_text,
        answer=answer,
        answer_by=clocks.local(appointment.held_until)
        if appointment.status is Status.ASKED_FOR and appointment.held_until
        else None,
        lapsed=last.what == LAPSED if last else False,
        urgent=should_not_wait(appointment, service),
        why_not=last.why if last and last.what == DECLINED else "",
        waited=appointment.kept_waiting,
        credit=Money(appointment.made_good, business.currency) if appointment.made_good else None,
        delay=appointment.told_delay.minutes if appointment.told_delay else 0,
        about=clocks.local(appointment.told_delay.begins) if appointment.told_delay else None,
    )


def greeting(
    client: Client,
    catalog: Catalog,
    *,
    service: str,
    links: Links,
    keys: bool = False,
    form: TextForm = PLAIN,
    time: OfferedTime | None = None,
) -> Greeting:
    """`service` is the id of what they are invited to, if anything. Raises UnknownService."""
    catalog = in_language(catalog, client.locale)
    business = catalog.business
    clocks = Clocks(catalog.service(service).mode, business.zone, client.zone) if time else None
    return Greeting(
        locale=client.locale,
        client=client.name,
        business=business.name,
        address=business.address,
        phone=business.phone,
        service=catalog.service(service).name if service else "",
        link=links.manage,
        preferences=links.preferences,
        unsubscribe=links.unsubscribe,
        keys=keys,
        form=form,
        starts=time.starts if time else None,
        until=time.until if time else None,
        staff=catalog.staff_here(time.staff) if time else "",
        clocks=clocks,
        book=links.book,
        others=time.others if time else (),
        gap=time.gap if time else False,
    )


def day_list(
    reader: str, day: date, visits: Iterable[tuple[Appointment, Client]], catalog: Catalog, *, whose: str = ""
) -> DayList:
    """`whose` day it is, where not the reader's own."""
    catalog = in_language(catalog, catalog.business.locale)
    business = catalog.business
    lines = [
        VisitOfDay(
            visit.starts.astimezone(business.zone),
            client.name,
            catalog.service_of(visit).name,
            visit.status,
            visit.at_risk,
        )
        for visit, client in visits
    ]
    ordered = sorted(lines, key=lambda line: line.starts)
    name = catalog.staff_here(reader) or business.name
    owner = catalog.staff_here(whose) if whose != reader else ""
    return DayList(business.locale, business.name, name, day, tuple(ordered), owner)


def _room_name(room: str | None, catalog: Catalog) -> str:
    resource = catalog.rooms.get(room) if room else None
    return resource.name if resource else ""
