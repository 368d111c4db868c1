"""One thing that needs a person's answer: for whom, and its history, from which everything else is worked out."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from kept.actor import Actor, Change
from kept.clients.client import Client, Tier
from kept.follow_up.append_event import opening, recorded
from kept.follow_up.awaiting import Awaiting, awaiting_whom
from kept.follow_up.clock_inputs import Policies
from kept.follow_up.events import FollowUpEvent, History, HowItEnded, Priority, What, in_force, known, own
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.ownership import owner_at
from kept.follow_up.phases import Phase, phase_at
from kept.follow_up.shortening import MOST, bytes_of_old, shortened


class FollowUpStatus(StrEnum):
    """Whose turn it is: ours, the client's, or nobody's, for the matter is over."""

    OPEN = "open"
    ANSWERED = "answered"
    RESOLVED = "resolved"


STATUS = {
    Awaiting.OURS: FollowUpStatus.OPEN,
    Awaiting.THEIRS: FollowUpStatus.ANSWERED,
    Awaiting.NOBODYS: FollowUpStatus.RESOLVED,
}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """`about` is the appointment it came from, or nothing.

    `processed_until` is how far along its clocks it has been brought: notices before it are sent or recorded as missed.
    `told_ahead` are those at or after it that were told already: what comes before a closing is told earlier than it is
    due, and one reader may be at work where another is not.
    Of a long history the first `archived` of its own lines stand in items of their own; `history` is what is left
    (`shortening.py`), and tells every clock as the whole would.
    """

    business: str
    id: str
    client: str
    about: str
    history: History
    processed_until: Annotated[datetime, Field(alias="looked_until")]
    archived: int = 0
    told_ahead: tuple[str, ...] = ()
    revision: int = 0

    @property
    def opened_at(self) -> datetime:
        """The earliest origin, where others were merged into it."""
        return self.history[0].at

    @property
    def cause(self) -> OpenedBy:
        return OpenedBy(own(self.history, What.OPENED)[0].to)

    @property
    def tier(self) -> Tier:
        return Tier(self._now(What.TIER))

    @property
    def priority(self) -> Priority:
        return Priority(self._now(What.PRIORITY) or Priority.NORMAL)

    @property
    def assignee(self) -> str:
        """The staff id of whose it is, or "" for nobody's yet."""
        return owner_at(self.history, self.last.at)

    @property
    def policies(self) -> frozenset[int]:
        """The numbers of those that its clocks have gone by."""
        return frozenset(int(line.to) for line in self.history if line.what is What.POLICY)

    @property
    def status(self) -> FollowUpStatus:
        return STATUS[awaiting_whom(self.history)]

    @property
    def is_over(self) -> bool:
        return self.phase(self.last.at) is Phase.CLOSED

    @property
    def is_full(self) -> bool:
        """Its client's next words are another matter."""
        return bytes_of_old(self.history) > MOST

    @property
    def is_whole(self) -> bool:
        return not any(line.is_old for line in self.history)

    @property
    def shortened(self) -> tuple["FollowUp", History]:
        """As it is stored, and those of its own lines that then stand in items of their own."""
        history, moved = shortened(self.history)
        return replace(self, history=history, archived=self.archived + len(moved)), moved

    @property
    def last(self) -> FollowUpEvent:
        return self.history[-1]

    def phase(self, now: datetime) -> Phase:
        return phase_at(known(self.history), max(now, self.opened_at))

    def record(self, line: FollowUpEvent, policies: Policies, *, now: datetime) -> "FollowUp":
        """With one more line of history, or as it was where the line changes nothing. Raises what `recorded` does."""
        history = recorded(self.history, line, policies, now=now)
        return self if history is self.history else replace(self, history=history)

    def resolve(self, change: Change, outcome: HowItEnded = HowItEnded.LAPSED) -> "FollowUp":
        """Over, and not by anybody's work on it. Raises FollowUpClosed."""
        return self.record(line(What.RESOLVED, change, to=outcome), {}, now=change.at)

    def ended(self, by: Actor, at: datetime, why: str, outcome: HowItEnded = HowItEnded.LAPSED) -> "FollowUp":
        """Resolved by something that was done elsewhere, whose clock may be behind: never before its last line. Raises
        FollowUpClosed."""
        return self.resolve(Change(by, max(at, self.last.at), why), outcome)

    def looked(self, until: datetime, ahead: tuple[str, ...] = ()) -> "FollowUp":
        """Brought along its clocks; never back."""
        return replace(self, processed_until=max(self.processed_until, until), told_ahead=ahead)

    def event_under(self, key: str) -> FollowUpEvent | None:
        """What was done under this idempotency key, if it was used on this follow-up and the line is not archived."""
        return next((e for e in self.history if key and e.key == key), None)

    def _now(self, what: What) -> str:
        return in_force(own(self.history, what), self.last.at)


def line(what: What, change: Change, *, to: str = "", until: datetime | None = None) -> FollowUpEvent:
    """The line of history that a change leaves."""
    return FollowUpEvent(what, change.at, str(change.by), to, change.why, until, key=change.key, body=change.body)


def open_for(
    client: Client, id: str, *, cause: OpenedBy, about: str = "", assignee: str, policy: int, change: Change
) -> FollowUp:
    """Its clocks begin when it is opened, by the policy of that number and the tier the client then has."""
    first, *named = opening(cause, client.tier, policy, at=change.at, by=str(change.by), assignee=assignee)
    first = replace(first, why=change.why, key=change.key, body=change.body)
    return FollowUp(client.business, id, client.id, about, (first, *named), processed_until=change.at)
