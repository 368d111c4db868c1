"""Whoever is declined by their answers may ask to be called: a follow-up, with what they said."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

from kept import ids
from kept.actor import KEPT, Change
from kept.booking.refusals import CallNotOffered
from kept.business.catalog import Catalog, Service
from kept.business.questions import given
from kept.clients.client import Client
from kept.due_work.queues import hand_over
from kept.follow_up.assignment import whose
from kept.follow_up.events import What
from kept.follow_up.follow_up import line, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.policy.screening import screen
from kept.reasons import Code, because
from kept.storage import clients, follow_ups
from kept.storage.transaction import Lost, together
from kept.use_cases.clients.filing import Booker, filed_for, write
from kept.use_cases.limits.counting import Admission

KEPT_FOR = timedelta(days=30)
"""What was typed, where nothing comes of it."""


def ask_for_callback(
    catalog: Catalog,
    service: Service,
    client: Client,
    answers: Mapping[str, str],
    change: Change,
    admission: Admission,
) -> None:
    """Once, however often the form is sent. Raises CallNotOffered where these answers offer none, TooManyRequests."""
    rule = screen(service, answers).rule
    if rule is None or not rule.call:
        raise CallNotOffered
    business, id = catalog.business.id, ids.from_key("f", catalog.business.id, change.key)
    if follow_ups.find(business, id):
        return
    filing = filed_for(Booker(client), change, ends=change.at + KEPT_FOR)
    opened = open_for(
        filing.client,
        id,
        cause=OpenedBy.CALL,
        assignee=whose("", catalog, now=change.at),
        policy=catalog.follow_up_policy,
        change=Change(KEPT, change.at, str(because(Code.CALL_ABOUT, service=service.name))),
    )
    for said in given(service.questions, answers):
        told = Change(KEPT, change.at, f"{said.asked} {said.said}")
        opened = opened.record(line(What.NOTED, told), {}, now=change.at)
    with admission:
        admission.take()
        with suppress(Lost):
            with together() as transaction:
                write(filing, transaction, ends=change.at + KEPT_FOR, now=change.at)
                follow_ups.put(opened, transaction)
            hand_over(clients.to_index(filing.client))
