"""What an owner says of an endpoint of events, and of what is to be sent again."""

from datetime import datetime, timedelta
from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from kept.api.base import Body
from kept.api.booking.requests import Moment
from kept.events.catalogue import EventType
from kept.outside_address import LONGEST
from kept.storage.event_log import RETENTION
from kept.use_cases.events.endpoints import Wanted

LONGEST_DELIVERY = 1_000


class WebhookSettings(Body):
    """`types` none is all. `on` switches it off and on again; without it that stays as it is."""

    url: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]
    types: Annotated[list[EventType], Field(max_length=len(EventType))] = Field(default_factory=list)
    note: Annotated[str, StringConstraints(max_length=200)] = ""
    on: bool | None = None

    def wanted(self) -> Wanted:
        return Wanted(self.url.strip(), tuple(self.types), self.note.strip(), self.on)


class ReplayRequest(Body):
    """What was written down in [since, until), until now where that is not said; `after` is the `next` of the answer
    before."""

    since: Moment
    until: Moment | None = None
    after: Annotated[str, StringConstraints(max_length=300)] | None = None

    @model_validator(mode="after")
    def _is_a_span(self) -> Self:
        if self.until is not None and not timedelta(0) < self.until - self.since <= RETENTION:
            raise ValueError("It ends after it begins, and within 90 days.")
        return self

    def ends(self, now: datetime) -> datetime:
        return self.until or now


class RedeliverRequest(Body):
    """The `id` of a delivery of this endpoint."""

    delivery: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_DELIVERY)]
