"""Whether a message is sent now, later, never or over another channel, asked at the last moment, with the reason."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kept.actor import CLIENT
from kept.booking.appointment import Appointment
from kept.booking.states import EXPECTED, TO_COME, Status
from kept.business.catalog import Business
from kept.business.contact_window import next_allowed
from kept.business.country_rules import country_of, rules_of
from kept.business.reminder_stages import Stage
from kept.business.text_names import CHANNEL_TRIAL, DISMISSAL, GOODBYES, STAFF_ANSWER, TURN_NEAR, WRONG_NUMBER
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import ConsentWord
from kept.clients.standing import Standing
from kept.clients.subscriptions import TapKind
from kept.clients.texting import texts
from kept.messaging.free_words import WINDOWS, free_until
from kept.messaging.invitation_time import next_invitation
from kept.messaging.legal_hours import next_lawful, places_of
from kept.messaging.message import TELL_OF_READING, Message, MessageStatus
from kept.messaging.to_tell import TOLD_BY
from kept.messaging.wechat_forms import NONE_LEFT, WeChatForm, form, kind_of, subscription
from kept.reasons import Code, Reason, because, is_because

JUST_NOW = timedelta(minutes=10)
"""Whoever booked, moved or cancelled so recently is awake and waits for the answer."""

GIVES_UP, MOST_ATTEMPTS = timedelta(hours=24), 50
"""After so long a provider that takes nothing is asked no more; so many attempts are about a day of them as well."""

SPEAK_OF = {
    "asked_for": frozenset({Status.ASKED_FOR}),
    "deposit_asked": frozenset({Status.AWAITING_DEPOSIT}),
    "rescheduled": TO_COME,
    "move_options": TO_COME,
    "cancelled": frozenset({Status.CANCELLED}),
    "declined": frozenset({Status.CANCELLED}),
    "missed_you": frozenset({Status.NO_SHOW}),
    "missed_again": frozenset({Status.NO_SHOW}),
    "missed_last": frozenset({Status.NO_SHOW}),
    "made_good": frozenset({Status.IN_SERVICE, Status.COMPLETED}),
    "nobodys_fault": frozenset({Status.IN_SERVICE, Status.COMPLETED}),
}
"""The states in which these texts are true; every other one needs a client who is still to come."""

ALWAYS_TRUE = frozenset({"received", "dispute_upheld", "dispute_refused", STAFF_ANSWER})
"""What they wrote was received, decided or answered by a person, whatever has become of the booking."""

UNTRUE = {
    Status.ASKED_FOR: Code.NOT_YET_BOOKED,
    Status.AWAITING_DEPOSIT: Code.NOT_YET_BOOKED,
    Status.BOOKED: Code.STILL_EXPECTED,
    Status.CONFIRMED: Code.STILL_EXPECTED,
    Status.ARRIVED: Code.ALREADY_HERE,
    Status.IN_SERVICE: Code.ALREADY_HERE,
    Status.COMPLETED: Code.ALREADY_OVER,
    Status.NO_SHOW: Code.MARKED_NO_SHOW,
    Status.CANCELLED: Code.CANCELLED,
}

ASK_FOR_CONSENT = frozenset({"confirm_subscription"})
"""The question itself, which the client has just asked for on their page of preferences."""

UNASKED = frozenset({"survey", *GOODBYES})
"""No advertisement, but nothing that anybody waits for either; its occasion is nothing the client has just done."""

TO_THE_DISMISSED = frozenset({DISMISSAL, STAFF_ANSWER, CHANNEL_TRIAL, *GOODBYES})
"""Beside what is said of a visit that they have still, or that was cancelled."""

OVER_ONE_CHANNEL = UNASKED | {STAFF_ANSWER, CHANNEL_TRIAL}
"""Not sent after anybody over another channel; staff who wrote it choose themselves where else it goes, and a channel
is tried for itself."""

ASKED_TODAY, ASKED_LATELY = timedelta(days=1), timedelta(days=7)
"""Since the client last wrote. An answer within a day goes at any hour of theirs, for it is awaited; within a week it
also reaches whoever wants no other messages, and needs no consent for the channel that they wrote over."""

AT_THE_HOUR = frozenset({"on_my_way", TURN_NEAR})
"""Asked at the hour for which the client made the appointment, or told at the one for which they asked today, so it is
not too late in the evening for it."""


@dataclass(frozen=True, slots=True)
class DeliveryContext:
    """The client and the booking, if it is about one, as just read; `stage` is the setting of that text, if any.

    `left_alone`: STOP came from the number that it goes to, whoever wrote it. `is_in_house`: they are here for another
    visit, as far as it was asked. `is_given_up`: what it invites to is; `is_offer_over`: so is what it offers;
    `is_turn_over`: they do not wait for their turn any more.
    """

    client: Client
    business: Business
    appointment: Appointment | None = None
    stage: Stage | None = None
    left_alone: bool = False
    is_in_house: bool = False
    is_given_up: bool = False
    is_offer_over: bool = False
    is_turn_over: bool = False

    def another(self, message: Message, *, now: datetime) -> Message | None:
        """The same over the client's next channel; what they did not ask for is not sent after them.

        An invitation for which WeChat had no subscription left was never on its way.
        """
        promotes = message.purpose is Purpose.PROMOTIONAL
        if message.stage in OVER_ONE_CHANNEL or (promotes and not is_because(message.reason, NONE_LEFT[TapKind.DUE])):
            return None
        return message.instead(self.client.channels(message.purpose, self.business.channels), now=now)


@dataclass(frozen=True, slots=True)
class StaffMatter:
    """Something the business's own people are told: no consent is needed.

    `is_over`: nothing of what it was to tell is still so. `back`: its reader is not at work before then, in the
    business's zone; None where it may come at any hour.
    """

    is_over: bool = False
    back: datetime | None = None


@dataclass(frozen=True, slots=True)
class NotDue:
    """It is over, claimed by another sender, or not yet due."""


@dataclass(frozen=True, slots=True)
class Send:
    """Now."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now; to be decided again then."""

    until: datetime
    reason: Reason


@dataclass(frozen=True, slots=True)
class Never:
    """Not now and not later; `elsewhere` where it is the channel that stands in the way and another may do."""

    status: MessageStatus
    reason: Reason
    elsewhere: bool = False


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Sent and not arrived, as far as can be told: the next channel takes over."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class Done:
    """Sent, and whether it arrived does not matter any more."""


Decision = NotDue | Send | Wait | Never | Undelivered | Done


def decide(
    message: Message, matter: DeliveryContext | StaffMatter | None, *, address: str | None, now: datetime
) -> Decision:
    """Of what it is about, None says that it is gone: an erased client, for one."""
    if message.waits(now=now):
        return NotDue()
    if message.status is MessageStatus.SENT:
        return _has_it_arrived(message, matter, now)
    if matter is None:
        return Never(MessageStatus.SKIPPED, because(Code.GONE))
    if isinstance(matter, StaffMatter):
        return (
            _is_it_over(matter)
            or _can_it_be_sent(message, address, now)
            or _are_they_at_work(message, matter, now)
            or Send()
        )
    return (
        _is_it_untrue(message, matter)
        or _are_they_dismissed(message, matter, now)
        or _can_it_be_sent(message, address, now)
        or _is_it_subscribed(message, matter, now)
        or _may_we_write(message, matter, now)
        or _is_it_free(message, matter.client, now)
        or _do_we_text(message, address, matter.business)
        or _may_it_be_a_text(message, address, matter.business)
        or _is_it_down(message, matter, now)
        or _is_it_quiet(message, matter, now)
        or _may_we_invite(message, matter, now)
        or _is_it_lawful(message, matter, address, now)
        or Send()
    )


def _has_it_arrived(
    message: Message, matter: DeliveryContext | StaffMatter | None, now: datetime
) -> Undelivered | Done:
    """Whoever has done something about the appointment since has seen it."""
    if not isinstance(matter, DeliveryContext) or message.has_arrived or _is_it_untrue(message, matter):
        return Done()
    if message.useful_until and now >= message.useful_until:
        return Done()
    acts = matter.appointment.history if matter.appointment else ()
    if any(act.by.startswith(CLIENT.kind) and message.sent_at and act.at > message.sent_at for act in acts):
        return Done()
    if matter.another(message, now=now) is None:
        return Done()
    is_unread = message.channel in TELL_OF_READING
    return Undelivered(because(Code.NOT_READ_ELSEWHERE if is_unread else Code.NOT_DELIVERED_ELSEWHERE))


def _is_it_over(matter: StaffMatter) -> Never | None:
    return Never(MessageStatus.SKIPPED, because(Code.ALL_ANSWERED)) if matter.is_over else None


def _are_they_at_work(message: Message, matter: StaffMatter, now: datetime) -> Wait | Never | None:
    if matter.back is None or matter.back <= now:
        return None
    return _wait(message, matter.back, because(Code.NOT_AT_WORK, until=matter.back))


def _is_it_untrue(message: Message, matter: DeliveryContext) -> Never | None:
    """Of one that was moved that is said, unless worse has become of it since."""
    if matter.is_given_up:
        return Never(MessageStatus.SKIPPED, because(Code.NOT_OFFERED))
    if matter.is_offer_over:
        return Never(MessageStatus.SKIPPED, because(Code.OFFER_ENDED))
    if matter.is_turn_over:
        return Never(MessageStatus.SKIPPED, because(Code.TURN_OVER))
    if matter.appointment is None or message.stage in ALWAYS_TRUE:
        return None
    status, stage = matter.appointment.status, matter.stage
    moved, speaks_of = message.version != matter.appointment.version, SPEAK_OF.get(message.stage, EXPECTED)
    if moved and (status in EXPECTED or status in speaks_of):
        return Never(MessageStatus.SKIPPED, because(Code.MOVED))
    if status not in speaks_of:
        return Never(MessageStatus.SKIPPED, because(UNTRUE[status]))
    if message.stage in AT_THE_HOUR and matter.is_in_house:
        return Never(MessageStatus.SKIPPED, because(UNTRUE[Status.ARRIVED]))
    if status is Status.CONFIRMED and stage and stage.unless_confirmed:
        return Never(MessageStatus.SKIPPED, because(Code.ALREADY_CONFIRMED))
    return None


def _are_they_dismissed(message: Message, matter: DeliveryContext, now: datetime) -> Never | None:
    """Nothing that was planned reaches whoever is dismissed by now: no invitation, no question, no win-back."""
    word, visit = matter.client.standing_set, matter.appointment
    if word is None or word.standing is not Standing.DISMISSED or not word.holds_at(now):
        return None
    is_theirs = visit is not None and (visit.is_expected or visit.status is Status.CANCELLED)
    if message.stage in TO_THE_DISMISSED or is_theirs:
        return None
    return Never(MessageStatus.SKIPPED, because(Code.DISMISSED))


def _can_it_be_sent(message: Message, address: str | None, now: datetime) -> Never | None:
    if message.useful_until and now >= message.useful_until:
        return Never(MessageStatus.MISSED, because(Code.OF_NO_USE))
    if message.status is MessageStatus.SENDING and not _may_be_repeated(message):
        return Never(MessageStatus.FAILED, because(Code.IN_DOUBT))
    if _was_tried_enough(message, now):
        return Never(MessageStatus.FAILED, because(Code.GIVEN_UP, attempts=message.attempts), elsewhere=True)
    if not address:
        return Never(MessageStatus.SKIPPED, because(Code.NO_ADDRESS, channel=message.channel), elsewhere=True)
    return None


def _was_tried_enough(message: Message, now: datetime) -> bool:
    """Counted from when it was refused, for it may have waited long before."""
    is_down = message.down_since is not None and now - message.down_since >= GIVES_UP
    return is_down or message.attempts >= MOST_ATTEMPTS


def _may_be_repeated(message: Message) -> bool:
    """A claim ran out unrecorded: once more for what somebody waits for, never for an advertisement."""
    return message.purpose is not Purpose.PROMOTIONAL and not message.in_doubt


def _may_we_write(message: Message, matter: DeliveryContext, now: datetime) -> Never | None:
    """The last word goes to whoever wants no more; one about a wrong number not where STOP came from it.

    Whoever asked is answered, though they want no other messages; STOP holds for answers as well.
    """
    client = matter.client
    was_asked = message.stage == STAFF_ANSWER and _wrote_within(ASKED_LATELY, client, now)
    if message.stage in GOODBYES:
        refuses = matter.left_alone and message.stage == WRONG_NUMBER
        return Never(MessageStatus.SUPPRESSED, because(Code.STOP_FROM_NUMBER)) if refuses else None
    if client.do_not_disturb and not was_asked:
        return Never(MessageStatus.SKIPPED, because(Code.DO_NOT_DISTURB))
    if (why := client.stopped_because(message.channel)) is not None:
        return Never(MessageStatus.SUPPRESSED, why, elsewhere=True)
    if matter.left_alone and (client.agreed(message.purpose, message.channel) or was_asked):
        return Never(MessageStatus.SUPPRESSED, because(Code.STOP_FROM_NUMBER), elsewhere=True)
    asked_here = was_asked and _asked_here(message, client)
    if message.stage not in ASK_FOR_CONSENT and not asked_here and not _agreed(message, client):
        return Never(MessageStatus.SKIPPED, because(Code.NO_CONSENT, channel=message.channel), elsewhere=True)
    return None


def _agreed(message: Message, client: Client) -> bool:
    """A tap on WeChat is a consent to what it was for, and to nothing else."""
    if message.channel is not Channel.WECHAT:
        return client.agreed(message.purpose, message.channel)
    return (
        client.said(message.purpose, message.channel) is ConsentWord.GIVEN or subscription(message, client) is not None
    )


def _asked_here(message: Message, client: Client) -> bool:
    """They wrote over this channel themselves, and have not taken back since that they may be written to."""
    withdrew = client.said(message.purpose, message.channel) is ConsentWord.WITHDRAWN
    return client.wrote_last(message.channel) is not None and not withdrew


def _wrote_within(time: timedelta, client: Client, now: datetime) -> bool:
    """Over whichever channel."""
    return any(now - wrote.at < time for wrote in client.wrote)


def _is_it_free(message: Message, client: Client, now: datetime) -> Never | None:
    """Words of our own go only as long as the channel takes free words; there is no template for them."""
    if message.stage != STAFF_ANSWER or message.channel not in WINDOWS:
        return None
    until = free_until(message.channel, client)
    if until and now < until:
        return None
    hours = int(WINDOWS[message.channel].total_seconds()) // 3600
    return Never(MessageStatus.SKIPPED, because(Code.FREE_WORDS_OVER, channel=message.channel, hours=hours))


def _is_it_subscribed(message: Message, matter: DeliveryContext, now: datetime) -> Never | None:
    """Over WeChat, what goes by one-time subscription needs one that is left."""
    if message.channel is not Channel.WECHAT or (kind := kind_of(message)) is None:
        return None
    by_tap = form(message, matter.client, matter.business.templates, now=now) is WeChatForm.ONCE
    if not by_tap or subscription(message, matter.client):
        return None
    return Never(MessageStatus.SKIPPED, because(NONE_LEFT[kind]), elsewhere=True)


def _do_we_text(message: Message, address: str | None, business: Business) -> Never | None:
    """A client stored before may have a number of a country, or of a kind, that is not served."""
    if message.channel is not Channel.SMS or texts(business, address):
        return None
    return Never(MessageStatus.SUPPRESSED, because(Code.NOT_TEXTED), elsewhere=True)


def _may_it_be_a_text(message: Message, address: str | None, business: Business) -> Never | None:
    """By the country of the reader's number: an advertisement where there are to be none, a text not registered."""
    if message.channel is not Channel.SMS or address is None:
        return None
    country = country_of(address)
    if message.purpose is Purpose.PROMOTIONAL and not business.promotes_in(country):
        return Never(MessageStatus.SUPPRESSED, because(Code.NO_ADVERTISING, country=country), elsewhere=True)
    if rules_of(country).template and not business.template(message.channel, message.stage):
        return Never(MessageStatus.FAILED, because(Code.NOT_REGISTERED, country=country), elsewhere=True)
    return None


def _is_it_lawful(message: Message, matter: DeliveryContext, address: str | None, now: datetime) -> Wait | Never | None:
    """Waits for the hours that the law of the number's country allows, unless it answers what they just did.

    Where it would be of no use by then, it goes elsewhere: no law is against an e-mail at night.
    """
    if address is None or _answers_the_client(message, matter, now, within=JUST_NOW):
        return None
    until = next_lawful(address, matter.client.tz, message.channel, message.purpose, now=now)
    if until == now:
        return None
    country = country_of(address)
    if until is None or (message.useful_until and until >= message.useful_until):
        return Never(MessageStatus.MISSED, because(Code.OUTSIDE_LAWFUL_HOURS, country=country), elsewhere=True)
    place = places_of(address, matter.client.tz)[0]
    return Wait(until, because(Code.LAWFUL_FROM, country=country, until=until.astimezone(place)))


def _is_it_down(message: Message, matter: DeliveryContext, now: datetime) -> Never | None:
    """Not worth waiting for any longer, where another channel is open."""
    if message.down_since is None or now - message.down_since < matter.business.contact.unread_after:
        return None
    if matter.another(message, now=now) is None:
        return None
    return Never(MessageStatus.FAILED, because(Code.PROVIDER_DOWN), elsewhere=True)


def _is_it_quiet(message: Message, matter: DeliveryContext, now: datetime) -> Wait | Never | None:
    """Waits for the end of the client's quiet hours, unless they are plainly awake or it would be of no use by then.

    An invitation has hours of its own, which the quiet ones are no part of.
    """
    if message.purpose is Purpose.PROMOTIONAL:
        return None
    zone = matter.client.zone
    until = next_allowed(now, zone, matter.business.quiet_hours)
    if until == now or message.stage in AT_THE_HOUR:
        return None
    if _answers_the_client(message, matter, now, within=ASKED_TODAY):
        return None
    return _wait(message, until, because(Code.QUIET_HOURS, until=until.astimezone(zone)))


def _may_we_invite(message: Message, matter: DeliveryContext, now: datetime) -> Wait | Never | None:
    """One that was tried before is counted among the client's invitations already, and not against itself."""
    if message.purpose is not Purpose.PROMOTIONAL:
        return None
    business = matter.business
    client = replace(matter.client, invited_at=()) if message.attempts else matter.client
    until, why = next_invitation(client, business.contact, business.country, quiet=business.quiet_hours, now=now)
    return _wait(message, until, why) if why else None


def _wait(message: Message, until: datetime, why: Reason) -> Wait | Never:
    if message.useful_until and until >= message.useful_until:
        return Never(MessageStatus.MISSED, why)
    return Wait(until, why)


def _answers_the_client(message: Message, matter: DeliveryContext, now: datetime, *, within: timedelta) -> bool:
    """`within`: how lately they must have written for an answer of staff to be one; what answers by itself does so at
    once, or not at all."""
    appointment = matter.appointment
    if message.stage == STAFF_ANSWER:
        return _wrote_within(within, matter.client, now)
    if message.stage == DISMISSAL or (message.stage in UNASKED and message.stage not in GOODBYES):
        return False
    if message.occasion:
        return now - message.created_at <= JUST_NOW
    acts = (
        (e for e in appointment.history if TOLD_BY.get(e.what) == message.stage and e.version == message.version)
        if appointment
        else ()
    )
    return any(act.by.startswith(CLIENT.kind) and now - act.at <= JUST_NOW for act in acts)
