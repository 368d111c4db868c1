"""The messages that an event causes, ready for the transaction that commits it."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from kept.actor import Change
from kept.booking.addressee import addressee
from kept.booking.appointment import Appointment
from kept.business.catalog import Business
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.messaging.message import Message, MessageStatus

DAY_LIST = "day_list"
LIST_IS_NEWS = timedelta(hours=4)
"""From its hour on; later than that it would tell of a day half over."""

NOTICE_DIGEST = "follow_up_digest"
"""What became late while nobody looked, in one list."""

DAY_END = "day_end"
ANSWERED_WITHIN = timedelta(hours=24)
"""About when the next one comes, and what nobody answered is taken as it was ticked."""

UNDO = timedelta(minutes=2)
"""So long what staff do in one tap can be taken back before anybody hears of it."""

STAFF_CHANGES = {
    "booked": "staff_booked",
    "approved": "staff_booked",
    "deposit_paid": "staff_booked",
    "deposit_let_off": "staff_booked",
    "reinstated": "staff_booked",
    "rescheduled": "staff_moved",
    "cancelled": "staff_cancelled",
}
"""What staff are told at once, by what happened."""


def to_client(
    appointment: Appointment,
    client: Client,
    business: Business,
    stage: str,
    *,
    now: datetime,
    useful_until: datetime | None = None,
    over: Channel | None = None,
    occasion: str = "",
) -> Message:
    """One text about their booking over the channel they preferred in it; where none is open to us the ledger will say
    so.

    `over` another channel that the stage or the client chose; `occasion` is the reply that it answers.
    """
    return Message(
        business=appointment.business,
        about=appointment.id,
        version=appointment.version,
        stage=stage,
        channel=over or channel_for(addressee(client, appointment), business, Purpose.TRANSACTIONAL),
        purpose=Purpose.TRANSACTIONAL,
        recipient=client.id,
        created_at=now,
        due_at=now,
        useful_until=useful_until,
        occasion=occasion,
    )


def about_no_visit(
    client: Client,
    stage: str,
    channel: Channel,
    purpose: Purpose = Purpose.TRANSACTIONAL,
    *,
    now: datetime,
    useful_until: datetime | None = None,
    occasion: str = "",
    detail: tuple[str, ...] = (),
) -> Message:
    """To a client, about nothing they have booked; `occasion` is what keeps it from being said twice."""
    return Message(
        business=client.business,
        about=client.id,
        version=1,
        stage=stage,
        channel=channel,
        purpose=purpose,
        recipient=client.id,
        created_at=now,
        due_at=now,
        useful_until=useful_until,
        occasion=occasion,
        detail=detail,
    )


def undoable(message: Message, change: Change) -> Message:
    """What one of the staff did waits out the time in which they may find that it was the wrong line; not what would
    be of no use by then."""
    until = change.at + UNDO
    waits = change.by.is_staff and (message.useful_until is None or message.useful_until > until)
    return replace(message, due_at=until) if waits else message


def can_be_undone(message: Message, *, now: datetime) -> bool:
    """Nobody has heard of it, for it waits for nothing else."""
    until = message.created_at + UNDO
    return message.status is MessageStatus.QUEUED and message.due_at == until > now


def to_staff(appointment: Appointment, stage: str, *, now: datetime) -> Message:
    """To whoever the appointment is with, by e-mail."""
    return Message(
        business=appointment.business,
        about=appointment.id,
        version=appointment.version,
        stage=stage,
        channel=Channel.EMAIL,
        purpose=Purpose.STAFF,
        recipient=appointment.slot.staff,
        created_at=now,
        due_at=now,
    )


def change_of_today(
    before: Appointment | None, after: Appointment, business: Business, change: Change
) -> tuple[Message, ...]:
    """Staff hear at once of what their list of the day does not show; of their own doing they know.

    Once the list has gone out (a business that sends none: all day), for a visit that was or now is today.
    """
    what = after.history[-1].what
    if what not in STAFF_CHANGES:
        return ()
    local = change.at.astimezone(business.zone)
    today = (visit.starts.astimezone(business.zone).date() == local.date() for visit in (before, after) if visit)
    if not any(today) or (business.day_list and local.time() < business.day_list):
        return ()
    told = to_staff(after, STAFF_CHANGES[what], now=change.at)
    everybody = [told]
    if before and before.slot.staff != after.slot.staff:
        everybody.append(replace(told, recipient=before.slot.staff, occasion="left"))
    return tuple(one for one in everybody if one.recipient != change.by.id)


def letter_of_day(business: str, to: str, stage: str, about: str, day: date, *, now: datetime) -> Message:
    """To the business itself (its id) or one of its people, by e-mail, about no single visit: one for each local day,
    of which the version is the number."""
    return Message(
        business=business,
        about=about,
        version=day.toordinal(),
        stage=stage,
        channel=Channel.EMAIL,
        purpose=Purpose.STAFF,
        recipient=to,
        created_at=now,
        due_at=now,
    )


def list_of_the_day(staff: str, business: str, day: date, *, now: datetime) -> Message:
    return replace(
        letter_of_day(business, staff, DAY_LIST, f"day-{staff}", day, now=now), useful_until=now + LIST_IS_NEWS
    )


def end_of_the_day(staff: str, business: str, day: date, *, now: datetime) -> Message:
    """Who of theirs came on that local day; useful until nobody is waited for any more."""
    asked = list_of_the_day(staff, business, day, now=now)
    return replace(asked, stage=DAY_END, useful_until=now + ANSWERED_WITHIN)


def channel_for(client: Client, business: Business, purpose: Purpose) -> Channel:
    usable = client.channels(purpose, business.channels)
    reachable = [channel for channel in business.channels if client.address(channel)]
    return next(iter([*usable, *reachable]), business.channels[0])
