"""A client says that a visit is held against them wrongly: that they came, or had a reason to cancel so late."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from kept.booking.states import ReversalReason


class DisputeState(StrEnum):
    """OPEN until somebody of the business decides."""

    OPEN = "open"
    UPHELD = "upheld"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Dispute:
    """Of this `version` of the visit, and since when; `reason` is why it was upheld. What the client says of it and
    what they are answered stands in the history."""

    version: int
    at: datetime
    state: DisputeState = DisputeState.OPEN
    reason: ReversalReason | None = None

    @property
    def is_open(self) -> bool:
        return self.state is DisputeState.OPEN

    def upheld(self, reason: ReversalReason) -> "Dispute":
        return replace(self, state=DisputeState.UPHELD, reason=reason)

    def refused(self) -> "Dispute":
        return replace(self, state=DisputeState.REFUSED)
