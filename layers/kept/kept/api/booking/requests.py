"""What comes in, checked at the door; inward go dataclasses of the trade."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BeforeValidator, Field, StringConstraints, model_validator

from kept.api.base import Body, Whole
from kept.attendance.day_end import Came
from kept.booking.states import CancelReason, ReversalReason
from kept.business.money_rules import WaiverReason
from kept.business.questions import LONGEST_ANSWER, MOST_QUESTIONS, NO, YES
from kept.channels import Channel
from kept.clients.names import as_named
from kept.lanes import Lane
from kept.visible import lines

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
MOST_AT_ONCE = 100
"""Visits that are closed in one request: each is some writes."""
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


class DeskClientDetails(Body):
    """Who is booked: a client on record by their `id` alone, or somebody by their name, with or without contacts."""

    id: Id | None = None
    name: Name | None = None
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] | None = None
    locale: Annotated[str, StringConstraints(max_length=20)] | None = None
    zone: Annotated[str, StringConstraints(max_length=64)] | None = None
    agrees_to: tuple[Channel, ...] = ()

    @model_validator(mode="after")
    def _one_of_two(self) -> "DeskClientDetails":
        if self.id and (self.name or self.phone or self.email or self.locale or self.zone or self.agrees_to):
            raise ValueError("an id stands alone: what is on record is changed on the client's own page")
        if not (self.id or self.name):
            raise ValueError("an id or a name")
        return self


class DeskBookingRequest(Body):
    """`hold` is the token that the hold was answered with. With `walk_in` instead of a start they stand at the desk: it
    begins now, and they are checked in.

    Notice and horizon bind clients alone. Staff may book outside hours, step and daily limit when they say why
    (`override`), and a client who leaves neither number nor address, or agrees to no messages: then none are sent, and
    nobody is asked to call. With a `deposit` or without one, null is by the rules; to go without one that these ask for
    they say why (`no_deposit_because`).
    """

    service: Id
    client: DeskClientDetails
    start: Moment | None = None
    walk_in: bool = False
    staff: Id | None = None
    hold: str | None = Field(default=None, max_length=300)
    note: Text = ""
    override: Text = ""
    deposit: bool | None = None
    no_deposit_because: WaiverReason | None = None
    answers: Answers = Field(default_factory=dict, max_length=MOST_QUESTIONS)


class DeclineRequest(Body):
    """`note` is what the client is told; with `times` they are offered some that are free."""

    version: Whole | None = None
    note: Text = ""
    times: bool = True


class MendRequest(Body):
    """What is left out stays; `""` takes a number or an address away. `agrees_to` all anew, as in booking."""

    name: Name | None = None
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] | None = None
    agrees_to: tuple[Channel, ...] | None = None
    note: Text | None = None
    version: Whole | None = None


class RescheduleRequest(Body):
    """`version` is the one seen; left out, whatever it is now. `staff` left out keeps the person."""

    start: Moment
    staff: Id | None = None
    version: Whole | None = None


class DeskRescheduleRequest(RescheduleRequest):
    """Staff may move outside the rules for clients when they say why; `minutes` is how long it is from then on. With
    `for_client` the client asked for it, and it is late as if they had done it."""

    override: Text = ""
    minutes: Annotated[Whole, Field(ge=1, le=1440)] | None = None
    for_client: bool = False


class MovePreviewRequest(Body):
    """What a move would do, before it is made."""

    start: Moment
    staff: Id | None = None
    minutes: Annotated[Whole, Field(ge=1, le=1440)] | None = None
    for_client: bool = False


class RunningLateRequest(Body):
    """How many minutes after its start they said they would be here, or from now on where it has begun."""

    minutes: Whole = Field(ge=1, le=240)
    version: Whole | None = None


Revision = Annotated[int, Field(ge=1, le=99_999_999)]


class BlockRequest(Body):
    """Somebody's time that nobody is to book, and why."""

    staff: Id
    start: Moment
    end: Moment
    why: Text = ""


class BlockChangeRequest(Body):
    """`revision` is the one seen; what is left out stays."""

    revision: Revision
    start: Moment | None = None
    end: Moment | None = None
    staff: Id | None = None
    why: Text | None = None


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


class DeskCancelRequest(CancelRequest):
    """With `for_client` the client asked for it, by telephone or at the door: it is late as if they had done it."""

    for_client: bool = False


class OnMyWayRequest(ChangeRequest):
    """How many minutes yet."""

    minutes: Annotated[Whole, Field(ge=0, le=240)] | None = None


class PutBackRequest(Body):
    """As the list of what was set aside names it."""

    lane: Lane
    id: Annotated[str, StringConstraints(min_length=1, max_length=300)]


class ReversalRequest(ChangeRequest):
    """Why the no-show is taken back; by `mistake` they are expected as before."""

    reason: ReversalReason
    note: Text = ""


class DisputeRequest(ChangeRequest):
    """What happened, in a few words, or none."""

    words: Text = ""


class UpholdRequest(ChangeRequest):
    """Why nothing of it counts any more."""

    reason: Literal[
        ReversalReason.CAME_AFTER_ALL, ReversalReason.OUR_FAULT, ReversalReason.EMERGENCY, ReversalReason.GOODWILL
    ]
    note: Text = ""


class RefuseRequest(ChangeRequest):
    """What the client is told, in one's own words."""

    words: Annotated[Text, StringConstraints(min_length=1)]


class KeptWaitingRequest(ChangeRequest):
    """For how many minutes; 0 takes it back."""

    minutes: Whole = Field(ge=0, le=600)


class UndoRequest(ChangeRequest):
    """The last step is taken back."""

    note: Text = ""


class DayEndRequest(Body):
    """How visits that are over ended, each by its id; what is left out stays as it is."""

    said: Annotated[dict[Id, Came], Field(min_length=1, max_length=MOST_AT_ONCE)]
