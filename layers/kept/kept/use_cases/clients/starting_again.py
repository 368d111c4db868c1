"""How somebody who once told us STOP takes it back, as it is said to everybody who asks for messages.

Whoever types a number sees the page that follows, and whoever types an address beside it reads what comes there. Said
only to those who did say STOP, it would tell a stranger that the number is known here, and what its owner wants. So it
depends on nothing but what was typed and what this deployment is: not on who is known, nor on what they agreed to.
"""

from collections.abc import Iterable
from enum import StrEnum

from kept.channels import Channel
from kept.settings import setting


class Way(StrEnum):
    """The value is the name of its words: text a number, answer any text of ours, write in the chat."""

    TEXT = "text"
    ANSWER = "answer"
    CHAT = "chat"


def our_number() -> str:
    """The one that texts come from, where they come from one that a person can write to; else nothing."""
    origination = setting("SMS_ORIGINATION")
    return origination if origination.startswith("+") else ""


def can_be_answered() -> bool:
    """Nobody can answer a text message from a name: only what comes from a number."""
    return setting("SMS_ORIGINATION").startswith(("+", "phone-", "pool-", "arn:"))


def ways_to_start(asked_for: Iterable[Channel]) -> tuple[Way, ...]:
    """One for each channel that was ticked and can be answered."""
    ways = {
        Channel.SMS: (Way.TEXT if our_number() else Way.ANSWER) if can_be_answered() else None,
        Channel.WHATSAPP: Way.CHAT,
    }
    return tuple(way for channel in asked_for if (way := ways.get(channel)))
