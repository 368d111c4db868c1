"""What comes in, checked at the door; inward go dataclasses of the trade."""

from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from kept.booking.appointment import CancelReason, ReversalReason
from kept.messaging.purpose import Channel

Id = Annotated[str, StringConstraints(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$")]
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class Body(BaseModel):
    """A field that no route knows is refused: it is a mistake of the caller's."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ClientDetails(Body):
    """Who books. `agrees_to` are the channels over which they agree to be told about this booking."""

    name: Name
    phone: Annotated[str, StringConstraints(strip_whitespace=True, max_length=40)] | None = None
    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] | None = None
    locale: Annotated[str, StringConstraints(max_length=20)] | None = None
    zone: Annotated[str, StringConstraints(max_length=64)] | None = None
    agrees_to: tuple[Channel, ...] = ()


class HoldRequest(Body):
    """A slot to be held; without `staff`, anybody's."""

    service: Id
    start: AwareDatetime
    staff: Id | None = None
    zone: str | None = Field(default=None, max_length=64)


class BookingRequest(Body):
    """`hold` is the token that the hold was answered with."""

    service: Id
    start: AwareDatetime
    client: ClientDetails
    staff: Id | None = None
    hold: str | None = Field(default=None, max_length=300)
    note: Text = ""


class DeskBookingRequest(BookingRequest):
    """Staff may book outside the rules for clients when they say why."""

    override: Text = ""


class RescheduleRequest(Body):
    """`version` is the one seen; left out, whatever it is now. `staff` left out keeps the person."""

    start: AwareDatetime
    staff: Id | None = None
    version: int | None = None


class DeskRescheduleRequest(RescheduleRequest):
    """Staff may move outside the rules for clients when they say why."""

    override: Text = ""


class ChangeRequest(Body):
    """A move that needs nothing more."""

    version: int | None = None


class CancelRequest(ChangeRequest):
    """Why, in one tap."""

    reason: CancelReason = CancelReason.OTHER
    note: Text = ""


class OnMyWayRequest(ChangeRequest):
    """How many minutes yet."""

    minutes: int | None = Field(default=None, ge=0, le=240)


class ReversalRequest(Body):
    """Why the no-show is taken back."""

    reason: ReversalReason
    note: Text = ""
