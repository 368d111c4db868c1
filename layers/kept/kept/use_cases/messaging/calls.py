"""Somebody of the staff called a client: a line of the follow-up and of the ledger, and a number that was wrong."""

from dataclasses import replace
from datetime import datetime

from kept.actor import Change
from kept.channels import Channel
from kept.clients.wrong_number import not_theirs
from kept.follow_up.events import What
from kept.messaging.message import CallOutcome
from kept.storage import clients
from kept.use_cases.clients.clients import change_client
from kept.use_cases.follow_ups.acts import Done, HappenedNow, record
from kept.use_cases.messaging import call_list
from kept.use_cases.messaging.addressees import of_matter


def call(business: str, id: str, outcome: CallOutcome, change: Change, *, at: datetime | None, step: str) -> Done:
    """Only who was reached was answered; everything else is an attempt, and counts as one. Raises what `record` does.

    A number that turns out to be another's is written to no more, until whose it should be proves it or says START.
    """
    said = replace(change, why=": ".join(filter(None, (outcome, change.why))))
    what = What.ANSWERED if outcome is CallOutcome.REACHED else What.TRIED
    act = HappenedNow(what, "" if what is What.ANSWERED else Channel.CALL, at=at, step=step)
    follow_up, event = record(business, id, act, said)
    call_list.called(follow_up, outcome, at=event.at)
    if outcome is CallOutcome.WRONG_NUMBER:
        client = clients.load(business, follow_up.client)
        if number := of_matter(business, follow_up.about, client).phone:
            change_client(business, client.id, lambda it: not_theirs(it, number, at=event.at))
    return follow_up, event
