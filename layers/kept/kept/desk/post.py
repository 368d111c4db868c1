"""What a message is about and to whom, read afresh, and the parcel made of it."""

from dataclasses import dataclass
from datetime import datetime

from kept.attendance.no_show import Check
from kept.booking.appointment import Appointment
from kept.booking.catalog import Catalog
from kept.client_links import manage_token
from kept.clients.client import Client
from kept.errors import UnknownAppointment, UnknownClient, UnknownFollowUp
from kept.follow_up.follow_up import FollowUp
from kept.links import appointment_page, booking_page
from kept.messaging.channels import Parcel
from kept.messaging.decision import Matter, StaffMatter
from kept.messaging.ical import invitation
from kept.messaging.letter import Letter, letter, notice
from kept.messaging.message import Message
from kept.messaging.purpose import Channel, Purpose
from kept.messaging.texts import render
from kept.reminders.stages import Stage
from kept.settings import setting
from kept.storage import appointments, clients, follow_ups


@dataclass(frozen=True, slots=True)
class ToClient:
    """About a booking of theirs."""

    message: Message
    catalog: Catalog
    client: Client
    appointment: Appointment

    @property
    def address(self) -> str | None:
        return self.client.address(self.message.channel)

    @property
    def matter(self) -> Matter:
        return Matter(self.client, self.appointment, self.catalog.business.quiet_hours, self._stage)

    def parcel(self, *, now: datetime) -> Parcel:
        """Raises UnknownService for a booking of one that the business has given up."""
        business, to, written = self.catalog.business, self.address or "", self._letter()
        calendar = None
        if self.message.channel is Channel.EMAIL:
            organizer = business.email or setting("SENDER_EMAIL")
            calendar = invitation(
                self.message.stage, self.appointment, written, organizer=organizer, attendee=to, now=now
            )
        rendered = render(self.message.stage, self.message.channel, written)
        return Parcel(to, rendered, sender=business.name, reply_to=business.email, invitation=calendar)

    @property
    def _stage(self) -> Stage | None:
        """The business's setting of this text; None for those that are no stage of reminding."""
        stages = self.catalog.stages(self.catalog.service(self.appointment.service))
        return next((stage for stage in stages if stage.name == self.message.stage), None)

    def _letter(self) -> Letter:
        business, public_url = self.catalog.business.id, setting("PUBLIC_URL")
        token = manage_token(self.appointment)
        return letter(
            self.appointment,
            self.client,
            self.catalog,
            stage=self._stage,
            link=appointment_page(public_url, token),
            rebook=booking_page(public_url, business, self.appointment.service),
        )


@dataclass(frozen=True, slots=True)
class ToStaff:
    """About a follow-up, or about a visit that is over."""

    message: Message
    catalog: Catalog
    client: Client
    visit: Appointment | None
    follow_up: FollowUp | None

    matter = StaffMatter()

    @property
    def address(self) -> str:
        """Theirs, or (of one who left, or has none) the business's own."""
        member = self.catalog.staff.get(self.message.recipient)
        return (member.email if member else "") or self.catalog.business.email

    def parcel(self, *, now: datetime) -> Parcel:  # noqa: ARG002  # the client's has a calendar file with its time
        told = notice(self.message, self.catalog, client=self.client, follow_up=self.follow_up, visit=self.visit)
        business = self.catalog.business
        rendered = render(self.message.stage, self.message.channel, told)
        return Parcel(self.address, rendered, sender=business.name, reply_to=business.email)


def read(message: Message, catalog: Catalog) -> ToClient | ToStaff | None:
    """None when the client, the appointment or the follow-up is gone."""
    try:
        if message.purpose is not Purpose.STAFF:
            appointment = appointments.load(message.business, message.about)
            return ToClient(message, catalog, clients.load(message.business, appointment.client), appointment)
        return _to_staff(message, catalog)
    except (UnknownAppointment, UnknownClient, UnknownFollowUp):
        return None


def _to_staff(message: Message, catalog: Catalog) -> ToStaff:
    if message.stage == Check.ASK_STAFF:
        visit = appointments.load(message.business, message.about)
        return ToStaff(message, catalog, clients.load(message.business, visit.client), visit, None)
    follow_up = follow_ups.load(message.business, message.about)
    about = appointments.find(message.business, follow_up.about) if follow_up.about else None
    return ToStaff(message, catalog, clients.load(message.business, follow_up.client), about, follow_up)
