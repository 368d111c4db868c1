"""The history of an appointment: the line that each change leaves, and what it was after it."""

from dataclasses import dataclass, replace
from datetime import datetime

from kept.actor import CLIENT
from kept.booking.states import Status
from kept.bounds import moving

BOOKED, RESCHEDULED = "booked", "rescheduled"
LOCAL_TIME_KEPT = "local_time_kept"
UNDONE, REINSTATED = "undone", "reinstated"
"""A step taken back; and of one that was cancelled, that it is on again."""
NO_SHOW_REVERSED = "no_show_reversed"
RELEASED, MENDED = "released", "mended"
RESIZED = "resized"
"""Its end alone is another one."""
DISPUTED, DISPUTE_UPHELD, DISPUTE_REFUSED = "disputed", "dispute_upheld", "dispute_refused"
"""Its client says that it is held against them wrongly; and what was made of that."""
KEPT_WAITING, NOT_KEPT_WAITING = "kept_waiting", "not_kept_waiting"
"""We made them wait, or it turned out that we did not."""
TOLD_DELAY, DELAY_ANSWERED = "told_delay", "delay_answered"
"""They were told that we run late; and what they chose."""
ASKED_FOR, AWAITING_DEPOSIT = "asked_for", "awaiting_deposit"
"""Begun as one that is still to be answered for."""
APPROVED, DECLINED = "approved", "declined"
WITHDRAWN, LAPSED = "withdrawn", "lapsed"
"""By its client, and by nobody: the time for which it held its slot ran out."""
DEPOSIT_PAID, DEPOSIT_LET_OFF, DEPOSIT_UNPAID = "deposit_paid", "deposit_let_off", "deposit_unpaid"
"""What its deposit was waited for until; and that it is waited for again, for the payment was recorded by mistake."""
AT_RISK, NOT_AT_RISK = "at_risk", "not_at_risk"
WROTE = "wrote: "
"""How the reason of a line begins where somebody did it by a message."""


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history: what it was after the change, so that any earlier answer can be given again.

    `key` is the digest of the Idempotency-Key it came with, `body` that of the request. `is_old`: it stands whole in
    an item of its own, and here without its words and its key. `for_client`: staff did it because the client asked.
    """

    what: str
    at: datetime
    by: str
    version: int
    status: Status
    starts: datetime
    ends: datetime
    staff: str
    room: str | None = None
    why: str = ""
    key: str = ""
    body: str = ""
    reschedules: int = 0
    late: bool = False
    at_risk: bool = False
    is_old: bool = False
    for_client: bool = False

    @property
    def is_clients(self) -> bool:
        return self.by.startswith(CLIENT.kind)

    @property
    def is_asked_by_client(self) -> bool:
        return self.is_clients or self.for_client

    @property
    def bare(self) -> "Event":
        return replace(self, why="", key="", body="")


History = tuple[Event, ...]


def shortened(history: History) -> tuple[History, History]:
    """What the appointment keeps, and the lines that move out of it now, if it has too many.

    Of old ones it keeps, of each kind of line, the last by a client and the last by anybody else: all that any rule
    asks for is the last of a kind. The booking itself stays as well.
    """
    marked, moved = moving(history, lambda line: line.why)
    if not moved:
        return history, ()
    last = {(line.what, line.is_clients): n for n, line in enumerate(marked)}.values()
    kept = (n for n, line in enumerate(marked) if not line.is_old or n in last or n == 0)
    return tuple(marked[n].bare if marked[n].is_old else marked[n] for n in kept), moved
