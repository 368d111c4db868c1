"""What staff say about a follow-up."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from kept.api.requests import Id, Text
from kept.api.shapes import Body
from kept.follow_up.follow_up import Cause, FollowUpStatus

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]

ByHand = Literal[Cause.MANUAL, Cause.COMPLAINT, Cause.MISSED_CALL, Cause.ENQUIRY, Cause.DECLINED_RECALL, Cause.FORM]
"""What a person notices; the other causes are found by Kept."""

BoardStatus = Literal[FollowUpStatus.OPEN, FollowUpStatus.ANSWERED]
"""What still stands on the board."""


class OpenRequest(Body):
    """`appointment` is the one it is about, if any; without `assignee` it is theirs who opens it."""

    client: Id
    cause: ByHand = Cause.MANUAL
    appointment: Annotated[str, Field(max_length=64)] = ""
    assignee: Id | None = None
    note: Text = ""


class AnswerRequest(Body):
    """How the client was answered."""

    note: Text = ""


class NoteRequest(Body):
    """Something to remember; it is no answer and stops no clock."""

    note: Words


class ResolveRequest(Body):
    """How the matter ended."""

    outcome: Words


class ReassignRequest(Body):
    """Whose it is from now on, by staff id."""

    to: Id
    why: Text = ""
