"""The inbox of the desk as JSON, and its route."""

from datetime import datetime
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter

from kept import clock
from kept.api import identity
from kept.api.base import Answer
from kept.api.cursors import cursor, place
from kept.api.reasons import Facts, told
from kept.channels import Channel
from kept.clients.client import Tier
from kept.clients.notes import alerts
from kept.messaging.replies.reading import Intent
from kept.use_cases.messaging.inbox import Inbox, InboxLine, inbox
from kept.visible import one_line

router = APIGatewayHttpRouter()  # type: ignore[no-untyped-call]
SHOWN = 200
"""Characters of what they wrote; all of it stands in the conversation."""


class ThreadAnswer(Answer):
    """What a client wrote last, how it was read (`confidence` of 1) and what was done.

    `unanswered`: it was left to a person in `follow_up`, and that still waits for us, to be answered by `answer_by`.
    `alerts` are the pinned notes on the client.
    """

    client: str
    client_name: str
    tier: Tier
    channel: Channel
    at: datetime
    text: str
    intent: Intent
    confidence: float
    appointment: str
    done: str
    done_code: str
    facts: Facts
    unanswered: bool
    follow_up: str | None
    answer_by: datetime | None
    alerts: list[str]


class InboxAnswer(Answer):
    """Newest first, one line for each client; `next` is the `after` of the part that follows."""

    threads: list[ThreadAnswer]
    next: str | None


@router.get("/v1/desk/inbox")
def show(after: Annotated[str | None, Query(max_length=300)] = None) -> InboxAnswer:
    """Fewer lines than fit on a page do not mean that `next` is empty."""
    business, _ = identity.staff(router.current_event)
    found = inbox(business, place(after), now=clock.now())
    return _answer(found, identity.language(router.current_event))


def _answer(it: Inbox, language: str) -> InboxAnswer:
    return InboxAnswer(threads=[_thread(line, language) for line in it.lines], next=cursor(it.more_after))


def _thread(it: InboxLine, language: str) -> ThreadAnswer:
    wrote, matter = it.received, it.matter
    return ThreadAnswer(
        client=it.client.id,
        client_name=it.client.name,
        tier=it.client.tier,
        channel=wrote.channel,
        at=wrote.at,
        text=one_line(wrote.text)[:SHOWN],
        intent=wrote.intent,
        confidence=wrote.confidence,
        appointment=wrote.about,
        **told(wrote.done, "done", language),
        unanswered=it.is_unanswered,
        follow_up=matter.follow_up.id if matter else None,
        answer_by=matter.answer_by if matter and it.is_unanswered else None,
        alerts=list(alerts(it.client)),
    )
