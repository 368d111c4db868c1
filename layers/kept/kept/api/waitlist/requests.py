"""What staff ask of the waitlist."""

from datetime import time
from typing import Annotated

from pydantic import Field

from kept.api.base import Body
from kept.api.booking.requests import Date, Id, Moment, Text
from kept.api.business.setting_types import Clock
from kept.waitlist.entry import OnTheList, SameDay
from kept.waitlist.wish import Wish

Weekday = Annotated[int, Field(ge=0, le=6, strict=True)]


class WishRequest(Body):
    """What they wait for, by the place's clock: any of the services (or those of the appointment that it is to be
    `sooner_than`), with any of `staff` (none: anybody), on days from `first` to `last`, on `weekdays` (0 is Monday;
    none: all), from `opens` to `closes`. `book_for_me`: what fits is booked without asking; `quiet_allowed`: offers may
    come in quiet hours; `same_day`: they only hear of gaps of the day itself, because they are near, or once they are
    due again by their own rhythm."""

    services: Annotated[tuple[Id, ...], Field(max_length=20)] = ()
    first: Date
    last: Date
    staff: Annotated[tuple[Id, ...], Field(max_length=50)] = ()
    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=7)] = ()
    opens: Clock | None = None
    closes: Clock | None = None
    sooner_than: Annotated[str, Field(max_length=64)] = ""
    book_for_me: bool = False
    quiet_allowed: bool = False
    same_day: SameDay = SameDay.NO
    note: Text = ""

    def wish(self) -> Wish:
        hours: tuple[time | None, time | None] = (self.opens, self.closes)
        return Wish(
            self.services, self.first, self.last, self.staff, self.weekdays, *hours, sooner_than=self.sooner_than
        )

    def how(self) -> OnTheList:
        return {
            "book_for_me": self.book_for_me,
            "quiet_allowed": self.quiet_allowed,
            "same_day": self.same_day,
            "note": self.note,
        }


class JoinRequest(WishRequest):
    """For a client on record."""

    client: Id


class PassOverRequest(Body):
    """Why they are not to have this freed time: kept with them."""

    opening: Annotated[str, Field(min_length=1, max_length=100)]
    reason: Text


class OfferRequest(Body):
    """A time that is offered to them, or booked for them: of some freed time (`opening`), or any other."""

    service: Id
    staff: Id
    start: Moment
    opening: Annotated[str, Field(max_length=100)] = ""
