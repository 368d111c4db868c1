"""The question how it went, which a client is asked when a matter of theirs was settled."""

from dataclasses import replace
from datetime import datetime, timedelta

from kept.business.catalog import Catalog
from kept.business.text_names import SURVEY
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.refusals import UnknownClient
from kept.due_work.queues import hand_over
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.survey import is_asked
from kept.messaging.message import Message
from kept.messaging.outgoing import about_no_visit, channel_for
from kept.storage import catalogs, clients, follow_ups, messages
from kept.storage.transaction import together
from kept.use_cases.messaging.addressees import of_matter

OF_USE = timedelta(days=7)
"""Later than that nobody remembers."""


def survey_message(follow_up: FollowUp, client: Client, catalog: Catalog, now: datetime) -> Message | None:
    """By the close that it ends with, over the channel they prefer (for a visit: in that booking); nobody is called.

    Whether they may be written to at all is decided when it is sent.
    """
    channel = channel_for(client, catalog.business, Purpose.TRANSACTIONAL)
    if channel is Channel.CALL or not is_asked(follow_up.history):
        return None
    return about_no_visit(
        client,
        SURVEY,
        channel,
        now=now,
        useful_until=now + OF_USE,
        occasion=follow_up.id,
        detail=(follow_up.id,),
    )


def put_and_ask(follow_up: FollowUp, *, now: datetime) -> FollowUp:
    """A change with the question that it causes, if any, in one write. Raises Lost."""
    survey = _survey(follow_up, now)
    if survey is None:
        return follow_ups.put_alone(follow_up)
    with together() as transaction:
        follow_ups.put(follow_up, transaction)
        key = messages.put(survey, transaction)
    hand_over([key])
    return replace(follow_up, revision=follow_up.revision + 1)


def _survey(follow_up: FollowUp, now: datetime) -> Message | None:
    """With what it needs read only where the last line is such a close; an erased client is not asked."""
    if follow_up.last.what is not What.RESOLVED or not is_asked(follow_up.history):
        return None
    try:
        client = clients.load(follow_up.business, follow_up.client)
    except UnknownClient:
        return None
    told = of_matter(client.business, follow_up.about, client)
    return survey_message(follow_up, told, catalogs.load(follow_up.business), now)
