"""Why a message is sent and over what; the purpose decides the rules."""

from enum import StrEnum


class Purpose(StrEnum):
    """Transactional is about a booking they made; staff messages go to the business's own people."""

    TRANSACTIONAL = "transactional"
    PROMOTIONAL = "promotional"
    STAFF = "staff"


class Channel(StrEnum):
    """What carries a message; a webhook is the business's own gateway, a call stands on the staff's list."""

    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"
    WECHAT = "wechat"
    WEBHOOK = "webhook"
    CALL = "call"


TYPED = (Channel.EMAIL, Channel.SMS, Channel.WHATSAPP)
"""Those that anybody can agree to where they type a number or an address."""

NUMBERED = frozenset({Channel.SMS, Channel.WHATSAPP, Channel.WEBHOOK})
"""Those that reach a number whoever it belongs to, and so ask the number itself whether it said STOP."""

CONVERSATIONS = frozenset({Channel.SMS, Channel.WHATSAPP, Channel.WECHAT, Channel.WEBHOOK})
"""Those that are answered in place, with a key or a few words."""
