"""One thing that needs a person's answer: why, for whom, whose it is, and what was done about it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from kept.booking.history import Cause as Change
from kept.clients.client import Client, Tier
from kept.errors import FollowUpClosed
from kept.follow_up.targets import FollowUpPolicy, Level, due_after


class Cause(StrEnum):
    """What opened it."""

    NO_SHOW = "no_show"
    UNREAD_REPLY = "unread_reply"
    COMPLAINT = "complaint"
    MISSED_CALL = "missed_call"
    ENQUIRY = "enquiry"
    FAILED_MESSAGE = "failed_message"
    DECLINED_RECALL = "declined_recall"
    FORM = "form"
    MANUAL = "manual"
    ATTENDANCE_QUESTION = "attendance_question"
    CALL = "call"


class FollowUpStatus(StrEnum):
    """Whether an answer is awaited, was given, or the matter is over."""

    OPEN = "open"
    ANSWERED = "answered"
    RESOLVED = "resolved"


MOVES: dict[FollowUpStatus, frozenset[FollowUpStatus]] = {
    FollowUpStatus.OPEN: frozenset({FollowUpStatus.ANSWERED, FollowUpStatus.RESOLVED}),
    FollowUpStatus.ANSWERED: frozenset({FollowUpStatus.ANSWERED, FollowUpStatus.RESOLVED}),
    FollowUpStatus.RESOLVED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the history; `key` and `body` are digests of the Idempotency-Key and the request it came with."""

    what: str
    at: datetime
    by: str
    why: str = ""
    key: str = ""
    body: str = ""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """`about` is the appointment it came from, or nothing; `assignee` the staff id of whose it is, or nobody yet.

    `target`, `thresholds` and `levels` are the policy's when it was opened: an edit of it touches no open clock.
    `looked_until` is how far along its clock it has been brought: notices before it are sent or missed.
    """

    business: str
    id: str
    cause: Cause
    about: str
    client: str
    tier: Tier
    assignee: str
    opened_at: datetime
    target: timedelta
    thresholds: tuple[int, ...]
    levels: tuple[Level, ...]
    looked_until: datetime
    status: FollowUpStatus = FollowUpStatus.OPEN
    answered_at: datetime | None = None
    resolved_at: datetime | None = None
    revision: int = 0
    history: tuple[Event, ...] = ()

    @property
    def due(self) -> datetime:
        """The last instant at which an answer is in time."""
        return due_after(self.opened_at, self.target)

    @property
    def stopped_at(self) -> datetime | None:
        """When the clock stopped: at the first answer, or where the matter ended without one."""
        return self.answered_at or self.resolved_at

    def is_missed(self, *, now: datetime) -> bool:
        """A fact of time, whoever looked and when."""
        return (self.stopped_at or now) > self.due

    def answer(self, change: Change) -> "FollowUp":
        """The first answer stops the clock, later ones are history. Raises FollowUpClosed."""
        answered = self._moved_to(FollowUpStatus.ANSWERED, "answered", change)
        return replace(answered, answered_at=self.answered_at or change.at)

    def resolve(self, change: Change) -> "FollowUp":
        """The matter is over; `why` is its outcome. Raises FollowUpClosed."""
        return replace(self._moved_to(FollowUpStatus.RESOLVED, "resolved", change), resolved_at=change.at)

    def reassign(self, to: str, change: Change) -> "FollowUp":
        """Notices not yet sent go to the new assignee. Raises FollowUpClosed."""
        self._must_be_open()
        return replace(self, assignee=to).noted(f"assigned to {to}", change)

    def noted(self, what: str, change: Change) -> "FollowUp":
        """With one more line of history; a note is not an answer."""
        event = Event(what, change.at, str(change.by), change.why, change.key, change.body)
        return replace(self, history=(*self.history, event))

    def looked(self, until: datetime) -> "FollowUp":
        """Brought along its clock; never back."""
        return replace(self, looked_until=max(self.looked_until, until))

    def event_under(self, key: str) -> Event | None:
        """What was done under this idempotency key, if it was used on this follow-up."""
        return next((e for e in self.history if key and e.key == key), None)

    def _moved_to(self, status: FollowUpStatus, what: str, change: Change) -> "FollowUp":
        if status not in MOVES[self.status]:
            raise FollowUpClosed(state=self.status)
        return replace(self, status=status).noted(what, change)

    def _must_be_open(self) -> None:
        if not MOVES[self.status]:
            raise FollowUpClosed(state=self.status)


def open_for(
    client: Client, id: str, *, cause: Cause, about: str = "", assignee: str, policy: FollowUpPolicy, change: Change
) -> FollowUp:
    """The clock begins when it is opened, by the target of the tier the client then has."""
    return FollowUp(
        business=client.business,
        id=id,
        cause=cause,
        about=about,
        client=client.id,
        tier=client.tier,
        assignee=assignee,
        opened_at=change.at,
        target=policy.first_response.target(client.tier),
        thresholds=policy.thresholds,
        levels=policy.levels,
        looked_until=change.at,
    ).noted("opened", change)
