"""Whoever missed a visit and does not answer: they are written to again, and in the end let go, or owe money still."""

from dataclasses import dataclass
from datetime import datetime

from kept.actor import KEPT, Change
from kept.booking.appointment import Appointment
from kept.booking.states import Status
from kept.business.catalog import Catalog
from kept.clients.client import Client
from kept.clients.refusals import UnknownClient
from kept.follow_up.agenda import given_up_at, in_force
from kept.follow_up.clock_inputs import Policies
from kept.follow_up.events import HowItEnded, What
from kept.follow_up.follow_up import FollowUp, line, open_for
from kept.follow_up.ladder import next_letter
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.policy import OWNER
from kept.messaging.message import Message
from kept.messaging.outgoing import to_client
from kept.reasons import Code, because
from kept.storage import appointments, clients, ledger


@dataclass(frozen=True, slots=True)
class Reached:
    """The follow-up as it then is, what the client is sent, and what is opened in its place."""

    follow_up: FollowUp
    letters: tuple[Message, ...] = ()
    opened: tuple[FollowUp, ...] = ()


def reach(before: FollowUp, policies: Policies, catalog: Catalog, *, now: datetime) -> Reached:
    """What became due since the last look. Whoever has booked again meanwhile is not written to, and the matter is
    over; found late, of several letters the last goes out alone."""
    ladder = in_force(before.history, policies).ladder
    due = next_letter(before.history, ladder, since=before.processed_until)
    over = given_up_at(before.history, policies)
    is_due, is_over = due is not None and due[0] <= now, over is not None and over <= now
    if not (is_due or is_over):
        return Reached(before)
    was_missed = before.about and before.cause is OpenedBy.NO_SHOW
    visit = appointments.find(before.business, before.about) if was_missed else None
    client = _client(before)
    if visit and client and _has_booked_again(client, before.opened_at):
        return Reached(before.ended(KEPT, now, str(because(Code.BOOKED_AGAIN))))
    if is_over and over is not None:
        return _let_go(before, client, catalog, max(over, before.last.at))
    if visit is None or client is None or visit.status is not Status.NO_SHOW:
        return Reached(before)
    rung = max(n for n, after in enumerate(ladder.rungs) if before.opened_at + after <= now and ladder.text(n))
    letter = to_client(visit, client, catalog.business, ladder.text(rung), now=now, over=ladder.channel(rung))
    tried = line(What.TRIED, Change(KEPT, max(now, before.last.at)), to=letter.channel)
    return Reached(before.record(tried, policies, now=tried.at), (letter,))


def _let_go(before: FollowUp, client: Client | None, catalog: Catalog, at: datetime) -> Reached:
    """At the instant at which their time was over, whenever that is found; where money is owed the owner decides."""
    if before.cause is OpenedBy.NO_SHOW and client and _owes(client, catalog):
        why = str(because(Code.NO_ANSWER_AND_OWES))
        owed = open_for(
            client,
            f"{before.id}-{OpenedBy.OWED}",
            cause=OpenedBy.OWED,
            about=before.about,
            assignee=next((it.id for it in catalog.staff.values() if it.role == OWNER), before.assignee),
            policy=catalog.follow_up_policy,
            change=Change(KEPT, at, why),
        )
        return Reached(before.resolve(Change(KEPT, at, why)), opened=(owed,))
    why = str(because(Code.NO_ATTEMPT_ANSWERED))
    return Reached(before.resolve(Change(KEPT, at, why), HowItEnded.GHOSTED))


def _client(before: FollowUp) -> Client | None:
    try:
        return clients.load(before.business, before.client)
    except UnknownClient:
        return None


def _owes(client: Client, catalog: Catalog) -> bool:
    ids = clients.ids(client.business, client.id)
    return any(ledger.balance(client.business, id, catalog.business.currency).owed > 0 for id in ids)


def _has_booked_again(client: Client, since: datetime) -> bool:
    """Something made since then, which was neither cancelled nor missed."""
    ids = clients.ids(client.business, client.id)
    found: list[Appointment] = list(
        appointments.several(client.business, list(appointments.of_client(client.business, ids, since=since)))
    )
    return any(it.booked_at > since and it.status not in (Status.CANCELLED, Status.NO_SHOW) for it in found)
