"""Why a message is sent and over what; the purpose decides the rules."""

from enum import StrEnum


class Purpose(StrEnum):
    """Transactional is about a booking they made; staff messages go to the business's own people."""

    TRANSACTIONAL = "transactional"
    PROMOTIONAL = "promotional"
    STAFF = "staff"


class Channel(StrEnum):
    """What carries a message."""

    EMAIL = "email"
    SMS = "sms"
