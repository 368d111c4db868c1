"""The tokens that Kept hands to clients: for the page of their appointment, and for a slot held while they type."""

from datetime import UTC, datetime, timedelta

from kept import link_keys
from kept.booking.appointment import Appointment
from kept.desk.book import Held, Hold
from kept.errors import HoldExpired, LinkExpired, LinkInvalid
from kept.links import Link, Purpose, read, sign

LASTS = timedelta(days=30)
"""After the appointment, so that it can still be looked at; a signing key has to outlive the horizon and this."""

HOLD_KNOWN = timedelta(days=1)
"""A hold that ran out is told as *expired* for as long as its page remembers it."""


def manage_token(appointment: Appointment) -> str:
    """Opens the appointment's page and whatever the client may do there."""
    return sign(
        link_keys.current(),
        Purpose.MANAGE,
        business=appointment.business,
        subject=appointment.id,
        expires=appointment.ends + LASTS,
    )


def read_manage(token: str, *, now: datetime) -> Link:
    """Raises LinkInvalid, LinkExpired."""
    return read(link_keys.current(), token, purpose=Purpose.MANAGE, now=now)


def hold_token(business: str, held: Held) -> str:
    subject = f"{held.hold.ref}-{int(held.hold.starts.timestamp()):x}"
    return sign(link_keys.current(), Purpose.HOLD, business=business, subject=subject, expires=held.until + HOLD_KNOWN)


def read_hold(token: str, business: str, *, now: datetime) -> Hold:
    """Raises LinkInvalid, also for a hold of another business, and HoldExpired."""
    try:
        link = read(link_keys.current(), token, purpose=Purpose.HOLD, now=now)
    except LinkExpired as error:
        raise HoldExpired from error
    ref, _, starts = link.subject.rpartition("-")
    if link.business != business:
        raise LinkInvalid
    return Hold(ref, datetime.fromtimestamp(int(starts, 16), UTC))
