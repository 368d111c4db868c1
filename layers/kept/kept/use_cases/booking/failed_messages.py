"""What was to be said about the visits of a day and did not arrive, nor anything in its place."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from kept.booking.appointment import Appointment
from kept.business.catalog import Catalog
from kept.messaging.message import Delivery, Message, MessageStatus
from kept.storage import messages
from kept.use_cases.booking.day import whole_day

NOT_SENT = frozenset({MessageStatus.FAILED, MessageStatus.SUPPRESSED, MessageStatus.MISSED})


@dataclass(frozen=True, slots=True)
class FailedMessage:
    """The last try of it, and the visit it was about."""

    visit: Appointment
    message: Message


def failed_messages(catalog: Catalog, day: date) -> list[FailedMessage]:
    """In the order of the visits: asked for by who wants to see them, for it costs a query for each visit."""
    business = catalog.business.id
    return [
        FailedMessage(it, one) for it in whole_day(catalog, day) for one in failed(it, messages.about(business, it.id))
    ]


def failed(visit: Appointment, ledger: Iterable[Message]) -> list[Message]:
    """Of what is so now of the visit; of each text the last that failed, and none where another channel carried it."""
    said: dict[str, list[Message]] = {}
    for message in ledger:
        if message.version == visit.version:
            said.setdefault(f"{message.stage} {message.occasion}", []).append(message)
    return [max(tries, key=lambda one: one.created_at) for tries in said.values() if all(map(_has_failed, tries))]


def _has_failed(message: Message) -> bool:
    return message.status in NOT_SENT or message.delivery is Delivery.FAILED
