"""What a business offers, by whom, where, and by which rules."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Protocol
from zoneinfo import ZoneInfo

from kept.business.attendance_rules import AttendanceRules
from kept.business.change_rules import ChangeRules
from kept.business.contact_rules import ContactRules
from kept.business.contact_window import QuietHours
from kept.business.country_rules import rules_of
from kept.business.figure_rules import FigureRules
from kept.business.loyalty_rules import FadingRules, PointsRules, ReviewRules
from kept.business.make_good_rules import MakeGoodRules
from kept.business.money_rules import MoneyRules
from kept.business.own_text import OwnText
from kept.business.payment_rules import PaymentRules
from kept.business.questions import Question
from kept.business.refusals import StaffLeft, UnknownService, UnknownStaff
from kept.business.reminder_stages import DEFAULT_STAGES, Stage
from kept.business.request_rules import RequestRules
from kept.business.standing_rules import StandingRules
from kept.business.stranger_rules import StrangerRules
from kept.business.text_names import CHANNEL_TRIAL, DISMISSAL, OF_WAITLIST, OWN_STAGES, SURVEY, TURN_NEAR
from kept.business.text_terms import TextTerms
from kept.business.visit_stages import VisitStage
from kept.business.waitlist_rules import WaitlistRules
from kept.channels import Channel
from kept.timekeeping.weekly_hours import WorkingHours

FARTHEST = 730
"""Days that the horizon of a service has at most; links to an appointment and the keys that sign them outlive no more.
"""


class Mode(StrEnum):
    """How the visit happens."""

    IN_PERSON = "in_person"
    VIDEO = "video"
    PHONE = "phone"


@dataclass(frozen=True, slots=True)
class Money:
    """Integer minor units (cents, fen) with an ISO 4217 currency."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Service:
    """All spans in minutes, the horizon in days counted from the client's today; `names` in other languages by tag.

    Listed by `order`, the lowest first, under its `category`, which has names in other languages as well. What is
    `archived` is offered no more and may be again: until then it is among those that are gone. With `approval` whatever
    clients book of it waits for a yes of staff; its `questions` are asked while it is booked. What is `urgent` should
    not wait: whoever cancels it late is asked whether video or telephone would do. Free time shorter than `useful` is
    no gap that it could fill; None is its own length. `visit_stages` are what is done one after the other once somebody
    is in the chair.
    """

    id: str
    name: str
    duration: int
    staff: tuple[str, ...]
    rooms: tuple[str, ...] = ()
    before: int = 0
    after: int = 0
    step: int = 15
    offset: int = 0
    notice: int = 60
    horizon: int = 60
    daily_limit: int | None = None
    price: Money | None = None
    mode: Mode = Mode.IN_PERSON
    where: str = ""
    prepare: str = ""
    stages: tuple[Stage, ...] | None = None
    names: Mapping[str, str] = field(default_factory=dict, hash=False)
    order: int = 0
    category: str = ""
    category_names: Mapping[str, str] = field(default_factory=dict, hash=False)
    archived: bool = False
    approval: bool = False
    questions: tuple[Question, ...] = ()
    urgent: bool = False
    useful: int | None = None
    visit_stages: tuple[VisitStage, ...] = ()

    @property
    def least_useful(self) -> int:
        """Minutes of free time from which on it may fill a gap."""
        return max(self.duration, self.useful or 0)


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A person who is booked; `email` is where their notices go, `role` the level of escalation they stand on.

    `stand_in` has their follow-ups while they are away.
    """

    id: str
    name: str
    hours: WorkingHours
    email: str = ""
    role: str = "staff"
    stand_in: str = ""
    names: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Resource:
    """A room, a chair, a lift: booked together with a person. No hours of its own means always."""

    id: str
    name: str
    hours: WorkingHours | None = None
    names: Mapping[str, str] = field(default_factory=dict, hash=False)


NO_REMINDERS = frozenset({SURVEY, DISMISSAL, CHANNEL_TRIAL, TURN_NEAR, *OF_WAITLIST})
"""Texts for which the template of the general reminder does not stand."""


@dataclass(frozen=True, slots=True)
class Business:
    """One tenant and its settings; every default is product policy and can be changed per business."""

    id: str
    name: str
    tz: str
    country: str
    currency: str
    locale: str
    address: str = ""
    phone: str = ""
    email: str = ""
    closes_on_holidays: bool = True
    stages: tuple[Stage, ...] = DEFAULT_STAGES
    channels: tuple[Channel, ...] = (Channel.EMAIL, Channel.SMS)
    """Those in use, in the order in which they are tried."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """Where a provider wants its own name for a text (WeChat, WhatsApp, text messages to China): `channel/stage` to
    that name. For one-time subscriptions on WeChat the channel is `wechat_once`."""
    quiet_hours: QuietHours = QuietHours()
    contact: ContactRules = ContactRules()
    attendance: AttendanceRules = AttendanceRules()
    changes: ChangeRules = ChangeRules()
    strangers: StrangerRules = StrangerRules()
    standing: StandingRules = StandingRules()
    requests: RequestRules = RequestRules()
    points: PointsRules = PointsRules()
    fading: FadingRules = FadingRules()
    review: ReviewRules = ReviewRules()
    make_good: MakeGoodRules = MakeGoodRules()
    text_countries: tuple[str, ...] = ()
    """Where it sends text messages to, by ISO 3166; none named means its own country."""
    text_terms: TextTerms = TextTerms()
    day_list: time | None = time(7, 30)
    """When staff get the list of their day, in the business's zone; None for never."""
    figures: FigureRules = FigureRules()
    money: MoneyRules = MoneyRules()
    payments: PaymentRules = PaymentRules()
    waitlist: WaitlistRules = WaitlistRules()
    policy_version: int = 1
    policy_text: str = ""
    policy_texts: Mapping[str, str] = field(default_factory=dict)
    deposit_text: str = ""
    deposit_texts: Mapping[str, str] = field(default_factory=dict)
    """Its terms in its own words: `policy_text` in its own language, and in others by their tags."""
    closing_text: str = ""
    closing_texts: Mapping[str, str] = field(default_factory=dict)
    """What it says where a day cannot be, prepared in advance: in its own language, and in others by their tags."""
    embed_origins: tuple[str, ...] = ()
    """The sites that may frame its booking pages, as browsers name origins."""
    findable: bool = True
    """By search engines."""
    names: Mapping[str, str] = field(default_factory=dict)
    """What it is called in other languages, by tag."""
    colour: str = ""
    """Of its booking page, as "#14532d"; the product's own where there is none."""
    tz_before: str = ""
    tz_before_until: datetime | None = None
    """The zone it was in before it was corrected, and until when somebody may still go by that."""

    def book_zones(self, now: datetime) -> tuple[ZoneInfo, ...]:
        """By whose dates the pages are chosen that are written on: for a while by both, so that whoever still knows the
        old zone alone shares a page with whoever knows the new one."""
        both = self.tz_before_until is not None and now < self.tz_before_until
        return (self.zone, ZoneInfo(self.tz_before)) if both else (self.zone,)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tz)

    def place_of(self, service: Service) -> str:
        """Where it is, as its clients are told."""
        return service.where or (self.address if service.mode is Mode.IN_PERSON else "")

    def template(self, channel: str, text: str) -> str:
        """A stage without one is the general reminder to the provider as well."""
        own = self.templates.get(f"{channel}/{text}", "")
        return own or ("" if text in NO_REMINDERS else self.templates.get(f"{channel}/{OWN_STAGES}", ""))

    def promotes_in(self, country: str) -> bool:
        """Whether it sends advertisements as text messages there."""
        return rules_of(country).promotional or country in self.text_terms.promoted_in


@dataclass(frozen=True, slots=True)
class NoLongerOffered:
    """What was given up, as it last was: it names what stands in the book and in old records, and is never offered."""

    services: Mapping[str, Service] = field(default_factory=dict)
    staff: Mapping[str, StaffMember] = field(default_factory=dict)
    rooms: Mapping[str, Resource] = field(default_factory=dict)


class BookedTime(Protocol):
    """The time somebody has, as far as the catalog asks: with whom, where, from when to when, minutes around it."""

    @property
    def staff(self) -> str: ...
    @property
    def room(self) -> str | None: ...
    @property
    def starts(self) -> datetime: ...
    @property
    def ends(self) -> datetime: ...
    @property
    def before(self) -> int: ...
    @property
    def after(self) -> int: ...


class Booked(Protocol):
    """What was booked once, of whatever the catalog offers by now."""

    @property
    def service(self) -> str: ...
    @property
    def slot(self) -> BookedTime: ...


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything about one business that changes seldom; read whole."""

    business: Business
    services: Mapping[str, Service] = field(default_factory=dict)
    staff: Mapping[str, StaffMember] = field(default_factory=dict)
    rooms: Mapping[str, Resource] = field(default_factory=dict)
    texts: Mapping[str, OwnText] = field(default_factory=dict)
    """What it says in its own words, by `language/stage`."""
    follow_up_policy: int = 1
    """The number of the policy by which follow-ups are opened now."""
    gone: NoLongerOffered = field(default_factory=NoLongerOffered)
    logo: str = ""
    """The name of the picture beside its own; "" for none."""
    revisions: Mapping[str, str] = field(default_factory=dict, compare=False)
    """Of each thing as it was read, by `kind#id`: another one once anything of it has changed."""

    def revision(self, name: str) -> str:
        """ "" for what is not there."""
        return self.revisions.get(name, "")

    def service(self, service: str) -> Service:
        """Raises UnknownService."""
        if service not in self.services:
            raise UnknownService
        return self.services[service]

    def service_of(self, visit: Booked) -> Service:
        """What was booked, be it offered still or not.

        One that nobody remembers is as long as it was booked for, by whoever it was booked with, and goes by its id.
        """
        return self.services.get(visit.service) or self.gone.services.get(visit.service) or _given_up(visit)

    def staff_name(self, id: str) -> str:
        """Of one who has left as well; "" for one nobody remembers."""
        member = self.staff.get(id) or self.gone.staff.get(id)
        return member.name if member else ""

    def staff_here(self, id: str) -> str:
        """The name of one who is here; "" for one who has left, and for the business's own address."""
        member = self.staff.get(id)
        return member.name if member else ""

    def offers(self, service: str) -> bool:
        return service in self.services

    def by_category(self) -> Mapping[str, list[Service]]:
        """What is offered, in its order; a category stands where the first of its services does, and "" is none."""
        listed: dict[str, list[Service]] = {}
        for service in self.services.values():
            listed.setdefault(service.category, []).append(service)
        return listed

    def archived(self) -> tuple[Service, ...]:
        """Those that may be offered again, unlike what was given up."""
        return tuple(it for it in self.gone.services.values() if it.archived)

    def with_service(self, service: Service) -> "Catalog":
        """The same with this one, offered or archived, in the order in which it is listed."""
        known = {**self.services, **{it.id: it for it in self.archived()}}
        given_up = {id: it for id, it in self.gone.services.items() if not it.archived}
        offered, archived = in_order((known | {service.id: service}).values())
        return replace(self, services=offered, gone=replace(self.gone, services=given_up | archived))

    def staff_for(self, service: Service, staff: str | None = None) -> tuple[StaffMember, ...]:
        """Who may do it: the one asked for, or all who are still here in the service's order. Raises UnknownStaff."""
        here = tuple(self.staff[s] for s in service.staff if s in self.staff)
        if staff is None:
            return here
        if not (found := tuple(member for member in here if member.id == staff)):
            raise UnknownStaff
        return found

    def staff_to_move(self, visit: Booked, staff: str | None = None) -> tuple[StaffMember, ...]:
        """With whom a visit may be had at another time: somebody who does the service, or whoever it is with (None).

        These it may stay with as long as they are here at all. Raises StaffLeft, UnknownStaff.
        """
        service, theirs = self.service_of(visit), visit.slot.staff
        if staff not in (None, theirs):
            return self.staff_for(service, staff)
        if theirs not in self.staff:
            raise StaffLeft(staff={member.id: member.name for member in self.staff_for(service)})
        return (self.staff[theirs],)

    def people_to_move(self, visit: Booked) -> tuple[StaffMember, ...]:
        """All of them, whoever it is with first."""
        theirs = self.staff.get(visit.slot.staff)
        others = (member for member in self.staff_for(self.service_of(visit)) if member is not theirs)
        return (*([theirs] if theirs else []), *others)

    def rooms_for(self, service: Service) -> tuple[Resource, ...]:
        return tuple(self.rooms[r] for r in service.rooms if r in self.rooms)

    def stages(self, service: Service) -> tuple[Stage, ...]:
        """The service's own stages, or the business's."""
        return self.business.stages if service.stages is None else service.stages


def in_order(services: Iterable[Service]) -> tuple[dict[str, Service], dict[str, Service]]:
    """Those that are offered, as they are listed, and those that are archived."""
    listed = sorted(services, key=lambda it: (it.order, it.id))
    offered = {it.id: it for it in listed if not it.archived}
    return offered, {it.id: it for it in listed if it.archived}


def _given_up(visit: Booked) -> Service:
    slot = visit.slot
    return Service(
        visit.service,
        visit.service,
        (slot.ends - slot.starts) // timedelta(minutes=1),
        staff=(slot.staff,),
        rooms=(slot.room,) if slot.room else (),
        before=slot.before,
        after=slot.after,
    )
