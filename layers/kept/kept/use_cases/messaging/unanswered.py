"""Messages to somebody who has never answered: whoever types a number may not fill the telephone it belongs to."""

from datetime import datetime, timedelta

from kept.actor import CLIENT
from kept.business.rate_limits import Bound
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import ConsentWord
from kept.clients.held import ContactKind, How
from kept.clients.holding import contact, held
from kept.clients.preferences import CONFIRMED_BY_LINK, QUESTION
from kept.errors import TooManyRequests
from kept.messaging.message import Message
from kept.messaging.to_tell import TOLD_BY
from kept.reasons import Code, because
from kept.use_cases.limits.counting import CountedAdmission, CounterKind, contact_name
from kept.use_cases.messaging.client_message import ToClient

DAY = 24
MESSAGES = CounterKind("messages", timedelta(hours=1), DAY)
REASON = because(Code.NEVER_ANSWERED)


def is_too_much(message: Message, about: ToClient, *, now: datetime) -> bool:
    """Of what answers an act in the client's name; counted as it is sent, once however often it is tried.

    Reminders are not counted, for nobody brings about more of them than bookings, nor what staff brought about.
    """
    address = about.address
    if message.attempts or not address or not _was_asked_for(message, about) or _answers(about, address):
        return False
    business, name = about.catalog.business, contact_name(address)

    bounds = [Bound(name, business.strangers.contact_messages, DAY, "contact")]
    try:
        CountedAdmission(business, MESSAGES, lambda _: bounds, now).take()
    except TooManyRequests:
        return True
    return False


def _was_asked_for(message: Message, about: ToClient) -> bool:
    """By somebody who had nothing to show for it but a link that the booking itself had answered them with."""
    if message.purpose is not Purpose.TRANSACTIONAL:
        return False
    acts = about.appointment.history if about.appointment else ()
    by = [act.by for act in acts if TOLD_BY.get(act.what) == message.stage and act.version == message.version]
    return message.stage == QUESTION or bool(by and by[-1].startswith(CLIENT.kind))


def _answers(about: ToClient, address: str) -> bool:
    """They wrote from there, said yes by the link that was sent there, or it was proved in another way to be theirs."""
    client, channel, visit = about.client, about.message.channel, about.appointment
    by_link = channel is Channel.EMAIL and client.said(*CONFIRMED_BY_LINK) is ConsentWord.GIVEN
    booked = visit.booked_as if visit else None
    proved = {booked.contacts[kind] for kind in booked.proved} if booked else set()
    return by_link or client.wrote_last(channel) is not None or address in proved or address in _proved(about.record)


def _proved(record: Client) -> set[str]:
    ours = {kind for kind in ContactKind if (how := held(record, kind)) and how.how is How.PROVED}
    return {address for kind in ours if (address := contact(record, kind))}
