"""What comes in, checked at the door; inward go dataclasses of the trade. What staff alone ask for stands in
desk_requests.py."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints

from kept.api.base import Body, Whole
from kept.booking.states import CancelReason
from kept.business.questions import LONGEST_ANSWER, MOST_QUESTIONS, NO, YES
from kept.channels import Channel
from kept.clients.names import as_named
from kept.visible import lines

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Before = Annotated[int, Field(ge=1, le=99_999_999)]
"""The number of a line of a history, from 0; what is asked for stands before it."""


def _as(seen: Callable[[str], str]) -> BeforeValidator:
    """Only what can be seen of it counts, for its length as well."""
    return BeforeValidator(lambda given: seen(given) if isinstance(given, str) else given)


Text = Annotated[str, _as(lines), StringConstraints(max_length=500)]
Name = Annotated[str, _as(as_named), StringConstraints(min_length=1, max_length=100)]
FAR = "From 1970-01-02 to 8999-12-31"


def _written_out(given: object) -> object:
    """A number is no moment: it could count seconds or milliseconds. Raises ValueError."""
    if isinstance(given, int | float) or (isinstance(given, str) and "T" not in given.upper() and ":" not in given):
        raise ValueError("it has to be written as 2026-03-02T17:00:00+08:00")
    return given


def _day_written_out(given: object) -> object:
    """Nor is a number a day, and a day has one way to be written: two of them could be the same. Raises ValueError."""
    if isinstance(given, int | float) or (isinstance(given, str) and not DAY.fullmatch(given)):
        raise ValueError("it has to be written as 2026-03-02")
    return given


DAY = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
Instant = Annotated[AwareDatetime, BeforeValidator(_written_out)]
Day = Annotated[date, BeforeValidator(_day_written_out)]
Moment = Annotated[
    AwareDatetime,
    Field(ge=datetime(1970, 1, 2, tzinfo=UTC), lt=datetime(9000, 1, 1, tzinfo=UTC), description=f"{FAR}, with offset"),
    BeforeValidator(_written_out),
]
"""Years in which a day more or less, in any zone, is still a date."""
Date = Annotated[
    date,
    Field(ge=date(1970, 1, 2), lt=date(9000, 1, 1), description=FAR),
    BeforeValidator(_day_written_out),
]


def _as_given(answer: object) -> object:
    """yes and no, and numbers, as JSON has them."""
    if isinstance(answer, bool):
        return YES if answer else NO
    return str(answer) if isinstance(answer, int) else lines(answer) if isinstance(answer, str) else answer


Answers = dict[Id, Annotated[str, BeforeValidator(_as_given), StringConstraints(max_length=LONGEST_ANSWER)]]
"""To the service's questions, by their ids: the id of a choice, true or false, a whole number, or words."""


class ClientDetails(Body):
    """Who books. `agrees_to` are the channels over which they agree to be told about this booking."""

    name: Name
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] | None = None
    locale: Annotated[str, StringConstraints(max_length=20)] | None = None
    zone: Annotated[str, StringConstraints(max_length=64)] | None = None
    agrees_to: tuple[Channel, ...] = ()


class HoldRequest(Body):
    """A slot to be held; without `staff`, anybody's. `instead_of` is the token of one's own hold that is given up for
    it, which is then not in the way."""

    service: Id
    start: Moment
    staff: Id | None = None
    zone: str | None = Field(default=None, max_length=64)
    instead_of: str | None = Field(default=None, max_length=300)


class NewBookingRequest(Body):
    """`hold` is the token that the hold was answered with; `answers` are those to the service's questions."""

    service: Id
    start: Moment
    client: ClientDetails
    staff: Id | None = None
    hold: str | None = Field(default=None, max_length=300)
    note: Text = ""
    answers: Answers = Field(default_factory=dict, max_length=MOST_QUESTIONS)


class RescheduleRequest(Body):
    """`version` is the one seen; left out, whatever it is now. `staff` left out keeps the person."""

    start: Moment
    staff: Id | None = None
    version: Whole | None = None


class ChangeRequest(Body):
    """A move that needs nothing more."""

    version: Whole | None = None


class CancelRequest(ChangeRequest):
    """Why, in one tap; null where they did not say."""

    reason: CancelReason | None = None
    note: Text = ""

    @property
    def why(self) -> str:
        """As it is kept: a note without a reason is another reason."""
        said = self.reason or (CancelReason.OTHER if self.note else None)
        return ": ".join(filter(None, (said, self.note)))


class OnMyWayRequest(ChangeRequest):
    """How many minutes yet."""

    minutes: Annotated[Whole, Field(ge=0, le=240)] | None = None


class DisputeRequest(ChangeRequest):
    """What happened, in a few words, or none."""

    words: Text = ""
