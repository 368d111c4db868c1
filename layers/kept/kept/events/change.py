"""One thing of a business as it stood before something was written, and as it stands after it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kept.booking.appointment import Appointment
from kept.business.setting_change import SettingChange
from kept.clients.client import Client
from kept.follow_up.follow_up import FollowUp
from kept.ledger.transaction import Transaction
from kept.messaging.message import Message
from kept.messaging.received import Received

Told = Appointment | Client | Message | Received | FollowUp | SettingChange | Transaction


class Kind(StrEnum):
    """What a change is of; a reply is what a client wrote, of a ledger each is a line."""

    APPOINTMENT = "appointment"
    CLIENT = "client"
    MESSAGE = "message"
    REPLY = "reply"
    FOLLOW_UP = "follow_up"
    SETTING = "setting"
    LEDGER = "ledger"


@dataclass(frozen=True, slots=True)
class AggregateChange:
    """`at` is when the table was written, to the second; `sequence` rises from one write of an item to the next.

    `before` is None for what was not there, `after` for what was deleted: `expired` where its time was over. Of what
    was put back after it had been set aside nobody knows `before` any more: that is None too, and the revision of
    `after` tells it from what is new. The same change comes again, and older ones after newer: whoever takes it in goes
    by the revision of the thing itself.
    """

    business: str
    kind: Kind
    id: str
    before: Told | None
    after: Told | None
    at: datetime
    sequence: str
    expired: bool = False


Change = AggregateChange
"""By its short name where no other change is meant."""
