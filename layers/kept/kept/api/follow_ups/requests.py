"""What staff say about a follow-up, and the line of its history that each becomes."""

from datetime import UTC, datetime
from typing import Annotated, Literal, Protocol

from pydantic import Field, StringConstraints

from kept.actor import Change
from kept.api.base import Body
from kept.api.booking.requests import Id, Moment, Text
from kept.bounds import WORDS
from kept.channels import Channel
from kept.clients.client import Tier
from kept.clients.standing import Standing, StandingSet
from kept.errors import InvalidRequest
from kept.follow_up.events import HowItEnded, Priority, What
from kept.follow_up.follow_up import FollowUpStatus
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import CallOutcome
from kept.use_cases.follow_ups.acts import HappenedNow
from kept.use_cases.follow_ups.board import BoardFilter

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Letter = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]

ByHand = Literal[
    OpenedBy.MANUAL, OpenedBy.COMPLAINT, OpenedBy.MISSED_CALL, OpenedBy.ENQUIRY, OpenedBy.DECLINED_RECALL, OpenedBy.FORM
]
"""What a person notices; the other causes are found by Kept."""

BoardStatus = Literal[FollowUpStatus.OPEN, FollowUpStatus.ANSWERED]
"""What still stands on the board."""


class BoardRequest(Body):
    """What to look for, each left out for any. `assignee` "" is what nobody has yet; `missed` is any of its clocks,
    running or stopped; `after` is the `next` of the part before, asked for in the same way."""

    assignee: Annotated[str, StringConstraints(max_length=64, pattern=r"^[A-Za-z0-9_-]*$")] | None = None
    tier: Tier | None = None
    cause: OpenedBy | None = None
    priority: Priority | None = None
    status: BoardStatus | None = None
    missed: bool | None = None
    after: str | None = None

    def wanted(self) -> BoardFilter:
        return BoardFilter(self.assignee, self.tier, self.cause, self.priority, self.status, self.missed)


class OpenRequest(Body):
    """`appointment` is the one it is about, if any; without `assignee` it is theirs who opens it."""

    client: Id
    cause: ByHand = OpenedBy.MANUAL
    appointment: Annotated[str, Field(max_length=64)] = ""
    assignee: Id | None = None
    note: Text = ""


StepName = Annotated[str, StringConstraints(min_length=1, max_length=64)]


class BodyOfLine(Protocol):
    """A body that becomes one line of the history, with these words as its `why`."""

    def act(self) -> HappenedNow: ...

    def in_words(self) -> str: ...


class AnswerRequest(Body):
    """How the client was answered; `at` is when, if it was earlier than now.

    `step` is the step of the plan that is done by it, as when they were reached by the call that was due.
    """

    note: Text = ""
    at: Moment | None = None
    step: StepName | None = None

    def act(self) -> HappenedNow:
        return HappenedNow(What.ANSWERED, at=_utc(self.at), step=self.step or "")

    def in_words(self) -> str:
        return self.note


class MessageRequest(Body):
    """What the client wrote or said where Kept does not hear it; `at` is when, if it was earlier than now."""

    words: Letter
    at: Moment | None = None

    def act(self) -> HappenedNow:
        return HappenedNow(What.CLIENT_WROTE, at=_utc(self.at))

    def in_words(self) -> str:
        return self.words


class NoteRequest(Body):
    """Something to remember; it is no answer and stops no clock."""

    note: Words

    def act(self) -> HappenedNow:
        return HappenedNow(What.NOTED)

    def in_words(self) -> str:
        return self.note


class TriedRequest(Body):
    """They were called or written to, and nobody was reached."""

    channel: Channel
    note: Text = ""

    def act(self) -> HappenedNow:
        return HappenedNow(What.TRIED, self.channel)

    def in_words(self) -> str:
        return self.note


class CallRequest(Body):
    """They were called, and what came of it: only who was reached was answered. A wrong number is not written to again.

    `at` is when, if it was earlier than now; `step` is the step of the plan that is done by it.
    """

    outcome: CallOutcome
    note: Text = ""
    at: Moment | None = None
    step: StepName | None = None

    @property
    def when(self) -> datetime | None:
        return _utc(self.at)


class _WithWhy(Body):
    """Why, if somebody wants to say it."""

    why: Text = ""

    def in_words(self) -> str:
        return self.why


class _WithReason(Body):
    """Why, which must be said."""

    why: Words

    def in_words(self) -> str:
        return self.why


class WaitRequest(_WithWhy):
    """The client has the turn; without `until`, for as long as the policy allows."""

    until: Moment | None = None

    def act(self) -> HappenedNow:
        return HappenedNow(What.WAITING, until=_utc(self.until))


class SnoozeRequest(_WithReason):
    """Put off by ourselves."""

    until: Moment

    def act(self) -> HappenedNow:
        return HappenedNow(What.SNOOZED, until=_utc(self.until))


class ResumeRequest(_WithWhy):
    """The pause is over before its time."""

    def act(self) -> HappenedNow:
        return HappenedNow(What.RESUMED)


class DismissRequest(_WithReason):
    """The client's last message needs no answer, such as thanks."""

    def act(self) -> HappenedNow:
        return HappenedNow(What.DISMISSED)


class StepRequest(Body):
    """A step of the plan is done, and what came of it."""

    step: StepName
    outcome: Words

    def act(self) -> HappenedNow:
        return HappenedNow(What.STEP_DONE, self.step)

    def in_words(self) -> str:
        return self.outcome


class PriorityRequest(_WithWhy):
    """Its clocks go by the targets of that priority, counted from their beginning."""

    priority: Priority

    def act(self) -> HappenedNow:
        return HappenedNow(What.PRIORITY, self.priority)


class TierRequest(_WithWhy):
    """The same by tier, on this follow-up alone; the client's own tier stays."""

    tier: Tier

    def act(self) -> HappenedNow:
        return HappenedNow(What.TIER, self.tier)


class ResolveRequest(Body):
    """How the matter ended, in words; ghosted is one whose client never answered, and who is asked nothing more."""

    outcome: Words
    ended: Literal[HowItEnded.SETTLED, HowItEnded.GHOSTED] = Field(default=HowItEnded.SETTLED, alias="as")

    def act(self) -> HappenedNow:
        return HappenedNow(What.RESOLVED, self.ended)

    def in_words(self) -> str:
        return self.outcome


class TermsReviewRequest(Body):
    """The terms stay (`kept`); or are `changed`: how the client stands from now on, why, and until when (null until it
    is ended)."""

    outcome: Literal["kept", "changed"]
    standing: Literal[Standing.GOOD, Standing.DEPOSIT_REQUIRED, Standing.RESTRICTED] | None = None
    why: Annotated[str, StringConstraints(strip_whitespace=True, max_length=WORDS)] = ""
    until: Moment | None = None

    def word(self, change: Change) -> StandingSet | None:
        """Raises InvalidRequest."""
        if (self.outcome == "changed") is not bool(self.standing and self.why):
            raise InvalidRequest(
                fields=[{"field": "standing", "reason": "with its reason, where the terms are changed"}]
            )
        if self.standing is None:
            return None
        return StandingSet(self.standing, self.why, change.by.id, change.at, self.until)


class ReopenRequest(_WithReason):
    """It was not over after all; the policy says whether its clocks go on or begin anew."""

    def act(self) -> HappenedNow:
        return HappenedNow(What.REOPENED)


class ReassignRequest(_WithWhy):
    """Whose it is from now on, by staff id."""

    to: Id


class MergeRequest(_WithWhy):
    """The follow-up of the same client that becomes part of this one."""

    taken: Id


class HandOverRequest(_WithWhy):
    """Without `to` it goes to whoever stands in for them, or else each to whoever has least."""

    to: Id | None = None


def _utc(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC) if at else None
