"""What a message is about and to whom, read afresh, and the parcel made of it."""

from dataclasses import dataclass, replace
from datetime import datetime

from kept.attendance.in_house import is_here
from kept.booking.addressee import addressee, own_channels
from kept.booking.appointment import Appointment
from kept.booking.refusals import UnknownAppointment
from kept.business.catalog import Catalog
from kept.business.reminder_stages import Stage
from kept.business.text_names import (
    DISMISSAL,
    GOODBYES,
    OF_WAITLIST,
    STAFF_ANSWER,
    SURVEY,
    TIME_GONE,
    TIME_OFFERED,
    TURN_NEAR,
)
from kept.channels import CONVERSATIONS, NUMBERED, Channel, Purpose
from kept.client_links.links import (
    appointment_page,
    booking_page,
    preferences_page,
    queue_page,
    subscribe_page,
    survey_page,
    unsubscribe_page,
    waitlist_page,
)
from kept.client_links.tokens import (
    manage_token,
    preferences_token,
    queue_token,
    subscribe_token,
    survey_token,
    unsubscribe_token,
    wait_token,
)
from kept.clients.booked_as import contacts
from kept.clients.client import Client
from kept.clients.held import ContactKind
from kept.clients.holding import remembered
from kept.clients.preferences import QUESTION
from kept.clients.refusals import UnknownClient
from kept.clients.subscriptions import TapKind
from kept.follow_up.refusals import UnknownFollowUp
from kept.messaging.channels import Parcel
from kept.messaging.decision import AT_THE_HOUR, DeliveryContext
from kept.messaging.free_words import free_until
from kept.messaging.ical import Invitation, invitation
from kept.messaging.letter import Greeting, Letter, Links, OfferedTime, greeting, letter
from kept.messaging.message import Message
from kept.messaging.personal import personal
from kept.messaging.text_forms import TextForm, text_form
from kept.messaging.texts import Rendered, render
from kept.messaging.wechat_forms import WeChatForm, form, kind_of, once_template
from kept.settings import setting
from kept.storage import appointments, clients, day_pages, left_alone, policy_versions, tickets, waitlist
from kept.use_cases.booking.open_times import staff_key
from kept.use_cases.booking.visits_around import visits_around
from kept.use_cases.clients.starting_again import can_be_answered, our_number
from kept.use_cases.follow_ups.addressees import of_follow_up
from kept.use_cases.messaging import short_links
from kept.use_cases.messaging.addressees import respected
from kept.use_cases.messaging.staff_message import ToStaff, to_staff
from kept.use_cases.waitlist.other_times import other_times
from kept.waitlist.entry import SameDay, WaitlistEntry

PAID_BY_LETTERS = frozenset({Channel.SMS, Channel.WEBHOOK})
"""A business's own gateway sends text messages more often than not."""


@dataclass(frozen=True, slots=True)
class ToClient:
    """About a booking of theirs or, where there is none, about their own wishes, or how it went.

    `client` is spoken to as the booking was made; `record` is the client as they stand.
    """

    message: Message
    catalog: Catalog
    client: Client
    appointment: Appointment | None
    record: Client
    is_in_house: bool = False
    is_offer_over: bool = False
    other_times: tuple[datetime, ...] = ()
    is_gap: bool = False
    is_turn_over: bool = False

    @property
    def address(self) -> str | None:
        return self.client.address(self.message.channel)

    @property
    def is_their_own(self) -> bool:
        """It goes to an address of the client's, and not to one that was only typed for this booking."""
        return self.message.channel in own_channels(self.record, self.client)

    @property
    def matter(self) -> DeliveryContext:
        return DeliveryContext(
            self.client,
            self.catalog.business,
            self.appointment,
            self._stage,
            self._is_left_alone,
            self.is_in_house,
            self._is_given_up,
            self.is_offer_over,
            self.is_turn_over,
        )

    def parcel(self, *, now: datetime) -> Parcel:
        message, business, links = self.message, self.catalog.business, self._links(now)
        written = self._letter(links)
        how = self._on_wechat(now)
        return Parcel(
            message.business,
            message.id,
            self.address or "",
            self._rendered(links, now),
            sender=business.name,
            reader=self.client.name,
            reply_to=business.email,
            invitation=self._invitation(written, now) if isinstance(written, Letter) else None,
            unsubscribe=links.unsubscribe,
            template=once_template(message, business.templates) if how is WeChatForm.ONCE else self._template,
            free_words=self._is_free(how, now),
            once=how is WeChatForm.ONCE,
        )

    def seen_before(self) -> Rendered:
        """As it would be read, with no link of theirs in it: for staff, before it is written."""
        page = f"{setting('PUBLIC_URL')}/…"
        return render(self.message.stage, self.message.channel, self._letter(Links(page, page, "")), self.catalog.texts)

    def _rendered(self, links: Links, now: datetime) -> Rendered:
        """With short links where letters are paid for; with the long ones should their letters be another link's."""
        message, texts = self.message, self.catalog.texts
        if message.stage == STAFF_ANSWER:
            return personal(message.text, message.channel, self._greeting(links))
        if message.channel in PAID_BY_LETTERS:
            short, known = short_links.shortened(links, setting("PUBLIC_URL"), now=now)
            rendered = render(message.stage, message.channel, self._letter(short), texts)
            if short_links.keep_those_in(rendered.text, known):
                return rendered
        return render(message.stage, message.channel, self._letter(links), texts)

    def takes(self, *, now: datetime) -> TapKind | None:
        """The kind of one-time subscription that sending it takes, if any."""
        return kind_of(self.message) if self._on_wechat(now) is WeChatForm.ONCE else None

    def _on_wechat(self, now: datetime) -> WeChatForm | None:
        if self.message.channel is not Channel.WECHAT:
            return None
        return form(self.message, self.client, self.catalog.business.templates, now=now)

    @property
    def _is_left_alone(self) -> bool:
        """Whether STOP came from that very number, to whichever business writes from the same sender."""
        channel, address = self.message.channel, self.address
        if address is None or channel not in NUMBERED:
            return False
        return left_alone.is_left_alone(self.message.business, channel, address)

    @property
    def _is_given_up(self) -> bool:
        """What they are invited to is not offered any more; what they have booked they have all the same."""
        return self.appointment is None and self._service != "" and not self.catalog.offers(self._service)

    @property
    def _stage(self) -> Stage | None:
        """The business's setting of this text; None for those that are no stage of reminding."""
        if self.appointment is None:
            return None
        stages = self.catalog.stages(self.catalog.service_of(self.appointment))
        return next((stage for stage in stages if stage.name == self.message.stage), None)

    @property
    def _template(self) -> str:
        """The last word to a number is no stage to the provider."""
        stage = self.message.stage
        return "" if stage in (*GOODBYES, STAFF_ANSWER) else self.catalog.business.template(self.message.channel, stage)

    def _is_free(self, how: WeChatForm | None, now: datetime) -> bool:
        """Any words may be sent: those of an answer, or as the channel takes them."""
        if self.message.stage in GOODBYES:
            return True
        until = free_until(self.message.channel, self.client)
        return how is WeChatForm.FREE if how else until is not None and now < until

    @property
    def _takes_keys(self) -> bool:
        if self.message.channel is Channel.SMS:
            return can_be_answered()
        return self.message.channel in CONVERSATIONS

    def _letter(self, links: Links) -> Letter | Greeting:
        message = self.message
        if self.appointment is None or message.stage == STAFF_ANSWER:
            return self._greeting(links)
        return letter(
            self.appointment,
            self.client,
            self.catalog,
            stage=self._stage,
            links=links,
            keys=self._takes_keys,
            offered=[datetime.fromisoformat(at) for at in message.detail],
            restart=self._restart,
            record=self.record.name,
            answer=message.text,
            form=self.form,
            policy=policy_versions.words_of(self.catalog.business, self.appointment.policy_version, self.client.locale),
        )

    def _greeting(self, links: Links) -> Greeting:
        return greeting(
            self.client,
            self.catalog,
            service=self._service,
            links=links,
            keys=self._takes_keys,
            form=self.form,
            time=self._time,
        )

    @property
    def _time(self) -> OfferedTime | None:
        """What is held for who waits; or by when they should be here."""
        if self.message.stage == TURN_NEAR:
            back = datetime.fromisoformat(self.message.detail[2])
            return OfferedTime(back, back, "")
        if self.message.stage not in (TIME_OFFERED, TIME_GONE):
            return None
        starts, until, staff = self.message.detail[2:]
        held = (datetime.fromisoformat(starts), datetime.fromisoformat(until))
        return OfferedTime(*held, staff, self.other_times, self.is_gap)

    @property
    def form(self) -> TextForm:
        """As the reader's country asks for it."""
        business = self.catalog.business
        return text_form(
            self.message.channel,
            self.address,
            name=business.name,
            on_wechat=Channel.WECHAT in business.channels,
            terms=business.text_terms,
        )

    @property
    def _restart(self) -> str:
        """The number to text START to, for whoever reads the confirmation elsewhere: see clients/starting_again.py."""
        texts = Channel.SMS in self.catalog.business.channels and self.client.phone
        elsewhere = self.message.stage == "confirmation" and self.message.channel is Channel.EMAIL
        return our_number() if texts and elsewhere else ""

    def _links(self, now: datetime) -> Links:
        """An advertisement carries its own way out beside the page of preferences; that page opens the client's wishes,
        so no link to it goes to an address that is not theirs."""
        url, business, client, at = setting("PUBLIC_URL"), self.catalog.business.id, self.record, self.address
        booking = booking_page(url, business, self._service)
        promotional = self.message.purpose is Purpose.PROMOTIONAL
        return Links(
            manage=self._page(url, now) or booking,
            book=booking,
            preferences=preferences_page(url, preferences_token(client, now=now, sent_to=at))
            if self.is_their_own
            else "",
            unsubscribe=unsubscribe_page(url, unsubscribe_token(client, now=now, sent_to=at)) if promotional else "",
        )

    @property
    def _sent_to(self) -> ContactKind | None:
        """A call is spoken, so no link goes anywhere by it."""
        sent = self.address if self.message.channel is not Channel.CALL else None
        return next((kind for kind, contact in contacts(self.client).items() if contact == sent), None)

    @property
    def _service(self) -> str:
        """What they may book: what they have booked, as long as it is offered, or are invited to; "" for anything."""
        if self.appointment:
            return self.appointment.service if self.catalog.offers(self.appointment.service) else ""
        return "" if self.message.stage in (SURVEY, DISMISSAL) else next(iter(self.message.detail), "")

    def _page(self, url: str, now: datetime) -> str:
        if self.appointment:
            return appointment_page(url, manage_token(self.appointment, sent_to=self._sent_to))
        if self.message.stage == DISMISSAL:
            token = preferences_token(self.record, now=now, sent_to=self.address)
            return preferences_page(url, token) if self.is_their_own else ""
        if self.message.stage in OF_WAITLIST:
            return waitlist_page(url, wait_token(self.message.business, self.message.detail[1], now=now))
        if self.message.stage == TURN_NEAR:
            return queue_page(url, queue_token(self.message.business, self.message.detail[1], now=now))
        if self.message.stage == SURVEY:
            return survey_page(url, survey_token(self.message.business, self.message.detail[0], now=now))
        if self.message.stage != QUESTION:
            return ""
        return subscribe_page(url, subscribe_token(self.record, now=now, sent_to=self.address))

    def _invitation(self, written: Letter, now: datetime) -> Invitation | None:
        if self.message.channel is not Channel.EMAIL or self.appointment is None:
            return None
        organizer = self.catalog.business.email or setting("SENDER_EMAIL")
        return invitation(
            self.message.stage, self.appointment, written, organizer=organizer, attendee=self.address, now=now
        )


def read(message: Message, catalog: Catalog, *, now: datetime) -> ToClient | ToStaff | None:
    """None when the client, the appointment or the follow-up is gone."""
    if message.purpose is not Purpose.STAFF:
        about = to_client(message, catalog, now=now)
        if about is None or about.appointment is None or message.stage not in AT_THE_HOUR:
            return about
        return replace(about, is_in_house=is_here(visits_around(about.appointment, now=now), now=now))
    try:
        return to_staff(message, catalog, now=now)
    except (UnknownAppointment, UnknownClient, UnknownFollowUp):
        return None


def to_client(message: Message, catalog: Catalog, *, now: datetime) -> ToClient | None:
    """None also for what goes to staff."""
    if message.purpose is Purpose.STAFF:
        return None
    try:
        if message.about == message.recipient:
            return _about_themselves(message, catalog, now)
        appointment = appointments.load(message.business, message.about)
        record = clients.load(message.business, appointment.client)
    except (UnknownAppointment, UnknownClient):
        return None
    reached = respected(record, addressee(record, appointment), message.channel, now=now)
    return ToClient(message, catalog, reached, appointment, record)


def _about_themselves(message: Message, catalog: Catalog, now: datetime) -> ToClient:
    """How it went is asked where the visit was spoken of, all else where nothing but the client's own is left.

    Raises UnknownClient.
    """
    record = remembered(clients.load(message.business, message.recipient), now=now)
    told = of_follow_up(message.business, message.detail[0], record) if message.stage == SURVEY else record
    entry = waitlist.find(message.business, message.detail[1]) if message.stage in (TIME_OFFERED, TIME_GONE) else None
    return ToClient(
        message,
        catalog,
        told,
        None,
        record,
        is_offer_over=_is_offer_over(message, entry, catalog, now),
        other_times=_other_times(message, entry, catalog, now),
        is_gap=entry is not None and entry.same_day is not SameDay.NO,
        is_turn_over=_is_turn_over(message),
    )


def _is_offer_over(message: Message, entry: WaitlistEntry | None, catalog: Catalog, now: datetime) -> bool:
    """As it is in this moment: of an offer that was answered or withdrawn, or whose time somebody has by now, nobody is
    told any more."""
    if message.stage != TIME_OFFERED:
        return False
    offer = entry.offer if entry else None
    if offer is None or offer.id != message.occasion or not offer.is_open(now=now):
        return True
    day = offer.starts.astimezone(catalog.business.zone).date()
    return not day_pages.has(message.business, staff_key(offer.staff), [day], offer.hold)


def _other_times(
    message: Message, entry: WaitlistEntry | None, catalog: Catalog, now: datetime
) -> tuple[datetime, ...]:
    """Free in this moment, for whoever came too late for one."""
    if entry is None or message.stage != TIME_GONE:
        return ()
    gone = next((it for it in entry.offers if it.id == message.occasion), None)
    return tuple(other_times(catalog, entry, gone, now=now)) if gone else ()


def _is_turn_over(message: Message) -> bool:
    """Begun or gone since; nobody is asked back to what is over."""
    if message.stage != TURN_NEAR:
        return False
    ticket = tickets.find(message.business, message.detail[1])
    return ticket is None or not ticket.is_waiting
