"""A change of what a client wants to hear, with the question that it makes us send."""

from collections.abc import Callable
from datetime import datetime

from kept.channels import Channel
from kept.clients.client import Client
from kept.clients.holding import spoken
from kept.clients.preferences import QUESTION, question_due
from kept.due_work.queues import hand_over
from kept.messaging.message import Message
from kept.messaging.outgoing import about_no_visit
from kept.storage import clients, messages
from kept.storage.transaction import together
from kept.use_cases.optimistic_retry import retried


def change_wishes(business: str, id: str, act: Callable[[Client], Client], *, at: str | None = None) -> Client:
    """As they now are; nothing is written where `act` changes nothing. Raises UnknownClient and what `act` refuses.

    `at` is the contact of theirs whose link they came by. Whoever asks for invitations by e-mail is sent the question
    in the same write, so a form sent twice sends one.
    """

    def attempt() -> Client:
        before = clients.load(business, id)
        after = spoken(before, act(before), at=at)
        if after == before:
            return before
        asked = question_due(before, after)
        with together() as transaction:
            clients.put_changed(before, after, transaction)
            keys = [messages.put(_question(after, asked), transaction)] if asked else []
        hand_over(keys)
        return after

    return retried(attempt)


def _question(client: Client, asked: datetime) -> Message:
    """Whether they want invitations; to the address that is to get them, and no invitation itself."""
    return about_no_visit(client, QUESTION, Channel.EMAIL, now=asked, occasion=f"{int(asked.timestamp()):x}")
