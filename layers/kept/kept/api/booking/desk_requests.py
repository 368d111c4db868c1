"""What comes in from staff, checked as what comes from clients."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator

from kept.api.base import Body, Whole
from kept.api.booking.requests import Answers, CancelRequest, ChangeRequest, Id, Moment, Name, RescheduleRequest, Text
from kept.attendance.day_end import Came
from kept.booking.states import ReversalReason
from kept.business.money_rules import WaiverReason
from kept.business.questions import MOST_QUESTIONS
from kept.channels import Channel
from kept.lanes import Lane

MOST_AT_ONCE = 100
"""Visits that are closed in one request: each is some writes."""


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


class DeskCancelRequest(CancelRequest):
    """With `for_client` the client asked for it, by telephone or at the door: it is late as if they had done it."""

    for_client: bool = False


class PutBackRequest(Body):
    """As the list of what was set aside names it."""

    lane: Lane
    id: Annotated[str, StringConstraints(min_length=1, max_length=300)]


class ReversalRequest(ChangeRequest):
    """Why the no-show is taken back; by `mistake` they are expected as before."""

    reason: ReversalReason
    note: Text = ""


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
