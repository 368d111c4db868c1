"""What tests are about, showing only what matters to each: a business, a client, a visit, a follow-up."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from kept.actor import CLIENT, KEPT, Change
from kept.booking.appointment import Appointment, Slot, book
from kept.booking.states import Status
from kept.business.attendance_rules import AttendanceRules
from kept.business.catalog import Business, Catalog, Service, StaffMember
from kept.business.text_names import OF_WAITLIST, TURN_NEAR
from kept.business.text_terms import TextTerms
from kept.channels import Channel, Purpose
from kept.clients.client import Client, Tier
from kept.clients.consent import Consent
from kept.follow_up.follow_up import FollowUp, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.timekeeping.weekly_hours import Window, WorkingHours

STARTS = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
"""A Monday, 17:00 in Shanghai."""
BOOKED = STARTS - timedelta(days=2)
CHECKS_IN = AttendanceRules(checks_in=True)
CUT = Service("cut", "Cut", 60, staff=("mei", "jun"))


REGISTERED = {"sms/reminder": "1001", "sms/survey": "1002", "sms/dismissal": "1003"} | {
    f"sms/{text}": str(1004 + n) for n, text in enumerate((*OF_WAITLIST, TURN_NEAR))
}
"""What a business in China has registered, so that its text messages go out at all."""


def a_member(name: str, role: str = "staff", *, email: bool = True) -> StaffMember:
    hours = WorkingHours({weekday: (Window(9 * 60, 20 * 60),) for weekday in range(7)})
    return StaffMember(name, name.title(), hours, email=f"{name}@lotus.example" if email else "", role=role)


def on_duty(name: str, role: str = "staff") -> StaffMember:
    """Somebody at work whenever they are not off, whose notices come at their own instants."""
    member = a_member(name, role)
    weekly = dict.fromkeys(range(7), (Window(0, 24 * 60),))
    return replace(member, hours=replace(member.hours, weekly=weekly))


def a_catalog(*staff: StaffMember, attendance: AttendanceRules = CHECKS_IN) -> Catalog:
    """The Lotus salon in Shanghai, open every day 9:00 to 20:00; Mei cuts, Jun owns it. Clients are checked in, its
    texts are registered, and it may advertise by text message."""
    members = staff or (a_member("mei"), a_member("jun", "owner"))
    business = Business(
        "lotus",
        "Lotus",
        "Asia/Shanghai",
        "CN",
        "CNY",
        "zh-Hans",
        email="desk@lotus.example",
        closes_on_holidays=False,
        attendance=attendance,
        templates=REGISTERED,
        text_terms=TextTerms(promoted_in=("CN",)),
    )
    return Catalog(business, {CUT.id: CUT}, {member.id: member for member in members})


def a_client(tier: Tier = Tier.VIP) -> Client:
    """Reached by e-mail, and agreed to it."""
    agreed = Consent(Purpose.TRANSACTIONAL, Channel.EMAIL, BOOKED, "booking page", "yes")
    return Client(
        "lotus",
        "c-1",
        "Li Na",
        "zh-Hans",
        "Asia/Shanghai",
        email="li@example.com",
        tier=tier,
        consents=(agreed,),
    )


def an_appointment(id: str = "a-1", *, starts: datetime = STARTS) -> Appointment:
    """An hour with Mei, booked by the client two days before."""
    return book(
        "lotus",
        id,
        service="cut",
        client="c-1",
        tz="Asia/Shanghai",
        slot=Slot(starts, starts + timedelta(hours=1), staff="mei"),
        policy_version=1,
        note="",
        change=Change(by=CLIENT, at=starts - timedelta(days=2)),
    )


def an_appointment_asked_for(id: str = "a-1", *, starts: datetime = STARTS, until: datetime) -> Appointment:
    """The same, held until then for staff to approve it."""
    booked = an_appointment(id, starts=starts)
    asked = replace(booked, status=Status.ASKED_FOR, held_until=until, history=())
    return asked.noted(str(Status.ASKED_FOR), Change(by=CLIENT, at=booked.booked_at))


def a_follow_up(
    *,
    opened: datetime = STARTS,
    tier: Tier = Tier.VIP,
    assignee: str = "mei",
    policy: int = 1,
) -> FollowUp:
    """Mei's, about a no-show; by the usual policy a VIP's first response is due after 24 hours."""
    return open_for(
        a_client(tier),
        "f-1",
        cause=OpenedBy.NO_SHOW,
        about="a-1",
        assignee=assignee,
        policy=policy,
        change=Change(by=KEPT, at=opened),
    )
