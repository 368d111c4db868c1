"""What a reply is taken to mean, and how sure that is."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class Intent(StrEnum):
    """What the client wants. UNCLEAR is whatever a careful receptionist would ask about; AUTOMATIC is what no person
    wrote (a reaction, a ready answer, an away message, a code, another robot): logged, and neither done nor answered.
    WRONG_NUMBER is whoever says that the number is not the client's, DECLINE whoever lets an offered time pass.
    """

    CONFIRM = "confirm"
    CANCEL = "cancel"
    MOVE = "move"
    LATE = "late"
    QUESTION = "question"
    STOP = "stop"
    START = "start"
    COMPLAINT = "complaint"
    THANKS = "thanks"
    DECLINE = "decline"
    WRONG_NUMBER = "wrong_number"
    AUTOMATIC = "automatic"
    UNCLEAR = "unclear"


ACTIONS = frozenset(
    {
        Intent.CONFIRM,
        Intent.CANCEL,
        Intent.MOVE,
        Intent.LATE,
        Intent.STOP,
        Intent.START,
        Intent.WRONG_NUMBER,
        Intent.DECLINE,
    }
)
"""What is done at once when the reading is sure; everything else is for a person, or needs nothing."""

SURE = 0.8
"""A wrong action is worse than a person's minute: any doubt but the smallest brings a reading below this."""


class PartOfReply(StrEnum):
    """A part of the day, as people say it."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Asked(StrEnum):
    """What our last message asked, which is what the keys 1, 2 and 3 answer."""

    BOOKING = "booking"
    ON_THE_DAY = "on_the_day"
    HOW_IT_WENT = "how_it_went"
    BY_STAFF = "by_staff"
    OFFERED = "offered"
    DELAYED = "delayed"


@dataclass(frozen=True, slots=True)
class RequestedTime:
    """When they would rather come, in the zone of the appointment; what they left open is None."""

    day: date | None = None
    part: PartOfReply | None = None
    at: time | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """`minutes` is how late they say they are, or how far away.

    `carriers_word`: the whole reply is a word that carriers take for an opt-out, be it CANCEL; `says_more`: besides the
    wish to be left alone they said something that a person should read.
    """

    intent: Intent
    confidence: float
    wish: RequestedTime = RequestedTime()
    minutes: int | None = None
    carriers_word: bool = False
    says_more: bool = False

    @property
    def is_sure(self) -> bool:
        return self.confidence >= SURE
