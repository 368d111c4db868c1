"""The states of an appointment, the one table of allowed moves, and the reasons that some of them ask for."""

from enum import StrEnum


class Status(StrEnum):
    """Held and expired are the states of a hold, which lives on the day page alone until it is booked. Asked for (it
    waits for staff to approve it) and awaiting its deposit are appointments that keep their slot until they are
    answered for."""

    HELD = "held"
    ASKED_FOR = "asked_for"
    AWAITING_DEPOSIT = "awaiting_deposit"
    BOOKED = "booked"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    IN_SERVICE = "in_service"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    EXPIRED = "expired"


MOVES: dict[Status, frozenset[Status]] = {
    Status.HELD: frozenset({Status.BOOKED, Status.EXPIRED, Status.CANCELLED}),
    Status.ASKED_FOR: frozenset({Status.BOOKED, Status.AWAITING_DEPOSIT, Status.CANCELLED}),
    Status.AWAITING_DEPOSIT: frozenset({Status.BOOKED, Status.CANCELLED}),
    Status.BOOKED: frozenset({Status.CONFIRMED, Status.ARRIVED, Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW}),
    Status.CONFIRMED: frozenset({Status.ARRIVED, Status.COMPLETED, Status.CANCELLED, Status.NO_SHOW}),
    Status.ARRIVED: frozenset({Status.IN_SERVICE, Status.COMPLETED, Status.CANCELLED}),
    Status.IN_SERVICE: frozenset({Status.COMPLETED}),
    Status.NO_SHOW: frozenset({Status.ARRIVED, Status.CANCELLED}),
    Status.COMPLETED: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.EXPIRED: frozenset(),
}
"""A no-show that is taken back becomes arrived (they came after all) or cancelled (our fault, an emergency).

Where nobody checks clients in, who was expected is completed in one move. What is taken back as a mistake goes back to
where it was before, which is no move forward and stands in no row.
"""

EXPECTED = frozenset({Status.BOOKED, Status.CONFIRMED})
"""The states in which the client is still to come."""

TENTATIVE = frozenset({Status.ASKED_FOR, Status.AWAITING_DEPOSIT})
"""The states in which the slot is theirs until it is answered for, or `held_until`: nobody is reminded, missed, late or
counted before it is booked."""

TO_COME = EXPECTED | TENTATIVE
"""The states of whatever keeps a slot that nobody has come to yet."""

OPEN = EXPECTED | {Status.ARRIVED, Status.IN_SERVICE}
"""The states in which nobody has said yet how it ended."""

CAME = frozenset({Status.ARRIVED, Status.IN_SERVICE, Status.COMPLETED})

GONE = frozenset({Status.CANCELLED, Status.NO_SHOW})
"""The states in which nobody sits in the chair: whoever takes one back has to see that it is free still."""


class CancelReason(StrEnum):
    """Why clients cancel (asked in one tap), and why staff or the system do."""

    CONVENIENCE = "convenience"
    TIME = "time"
    EXPECTATION = "expectation"
    COST = "cost"
    NEED = "need"
    ILLNESS = "illness"
    OTHER = "other"


class ReversalReason(StrEnum):
    """Why a no-show is taken back."""

    CAME_AFTER_ALL = "came_after_all"
    OUR_FAULT = "our_fault"
    EMERGENCY = "emergency"
    MISTAKE = "mistake"
