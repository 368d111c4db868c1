"""What staff do with a follow-up: open one by hand, and write down whatever happens to it."""

from dataclasses import dataclass, replace
from datetime import datetime

from kept import ids
from kept.actor import Change
from kept.booking.refusals import UnknownAppointment
from kept.business.catalog import Catalog
from kept.business.refusals import UnknownStaff
from kept.errors import KeyReused
from kept.follow_up.clock_inputs import Policies
from kept.follow_up.events import FollowUpEvent, History, What
from kept.follow_up.follow_up import FollowUp, line, open_for
from kept.follow_up.merging import Party, merged
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.refusals import DisputeOpen
from kept.messaging.message import CallOutcome
from kept.storage import appointments, clients, follow_ups
from kept.storage.transaction import together
from kept.use_cases.follow_ups.assigning import assigned
from kept.use_cases.follow_ups.clock_check import Telling, telling_of, write_down
from kept.use_cases.follow_ups.surveying import put_and_ask
from kept.use_cases.messaging import call_list
from kept.use_cases.optimistic_retry import retried

MOST_OF_EACH = 40
"""Notices: of two that are merged they go into one transaction of a hundred items, with nine for each of the two."""


@dataclass(frozen=True, slots=True)
class NewFollowUp:
    """What needs an answer; `assignee` None gives it to whoever opens it, or by the rule where they are not staff."""

    client: str
    opened_by: OpenedBy
    about: str = ""
    assignee: str | None = None


Done = tuple[FollowUp, FollowUpEvent]
"""The follow-up as it now is, and the line that was written, now or the first time."""


def open_by_hand(catalog: Catalog, matter: NewFollowUp, change: Change) -> Done:
    """Raises UnknownClient, UnknownStaff, and UnknownAppointment also for one of another client.

    The id is drawn from the idempotency key, so a repeat finds the first.
    """
    business = catalog.business.id
    id = ids.from_key("f", business, change.key) if change.key else ids.new("f")

    def attempt() -> Done:
        if (first := follow_ups.find(business, id)) and (event := done_before(first, change)):
            return first, event
        opened = open_for(
            clients.load(business, matter.client),
            id,
            cause=matter.opened_by,
            about=_about(business, matter),
            assignee=_assignee(catalog, matter, change),
            policy=catalog.follow_up_policy,
            change=change,
        )
        return follow_ups.put_alone(opened), opened.history[0]

    return retried(attempt, done=lambda: _first_done(business, id, change))


@dataclass(frozen=True, slots=True)
class HappenedNow:
    """What happened: `to` and `until` as its kind of line has them; `at` where it was earlier than it is said.

    `step` is the one of the plan that is done by it, "" for none.
    """

    what: What
    to: str = ""
    until: datetime | None = None
    at: datetime | None = None
    step: str = ""


def record(business: str, id: str, act: HappenedNow, change: Change, policies: Policies | None = None) -> Done:
    """The follow-up as it now is, and the line of history that was written, or was the first time under this key.

    What somebody else wrote while this was asked for does not refuse it: then it happens after that. With the close of
    a matter that was settled goes the question how it went, and a call that was answered was made.
    `policies` are those it may be put under beside its own.
    Raises what `recorded` refuses, UnknownFollowUp, KeyReused, DisputeOpen.
    """

    def attempt() -> Done:
        before = follow_ups.load(business, id)
        if event := done_before(before, change):
            return before, event
        if act.what is What.RESOLVED:
            _must_be_decided(before)
        now = max(change.at, before.last.at)
        said, known = replace(change, at=act.at or now), {**follow_ups.policies(before), **(policies or {})}
        new = line(act.what, said, to=act.to, until=act.until)
        after = _with_step(before, act.step, said, known, now).record(new, known, now=now)
        return (put_and_ask(after, now=change.at), after.last) if after is not before else (before, new)

    done, event = retried(attempt, done=lambda: _first_done(business, id, change))
    if event.what is What.ANSWERED:
        call_list.called(done, CallOutcome.REACHED, at=event.at)
    elif event.what is What.RESOLVED:
        call_list.given_up(done)
    return done, event


def _must_be_decided(before: FollowUp) -> None:
    """Raises DisputeOpen."""
    visit = appointments.find(before.business, before.about) if before.cause is OpenedBy.DISPUTE else None
    if visit and visit.is_disputed:
        raise DisputeOpen


def _with_step(before: FollowUp, step: str, said: Change, known: Policies, now: datetime) -> FollowUp:
    """Its line comes first and without the key, which is that of the line it comes with. Raises StepNotDue."""
    if not step:
        return before
    return before.record(line(What.STEP_DONE, replace(said, key="", body=""), to=step), known, now=now)


def reassign(catalog: Catalog, id: str, to: str, change: Change) -> Done:
    """Raises UnknownStaff, FollowUpClosed."""
    return record(catalog.business.id, id, HappenedNow(What.ASSIGNED, member(catalog, to)), change)


def merge(catalog: Catalog, id: str, taken: str, change: Change) -> Done:
    """The other one becomes part of this one, in one write. Raises CannotMerge, FollowUpClosed, FollowUpFull,
    DisputeOpen.

    What the clocks of either have told until then is told with it, so that no reminder is owed by one alone.
    """
    business = catalog.business.id

    def attempt() -> Done:
        kept, other = follow_ups.load(business, id), follow_ups.load(business, taken)
        _must_be_decided(other)
        if event := done_before(kept, change):
            return kept, event
        at = max(change.at, kept.last.at, other.last.at)
        new = line(What.MERGED, replace(change, at=at), to=taken)
        _merged(kept, other, new)  # what is refused is refused before anything is told
        told, also_told = (_brought_up(business, it, catalog, at) for it in (id, taken))
        both, closed = _merged(told.follow_up, also_told.follow_up, new)
        whole = replace(told.follow_up, history=both)
        with together() as transaction:
            follow_ups.put(whole, transaction)
            follow_ups.put(replace(also_told.follow_up, history=closed), transaction)
            for telling in (told, also_told):
                telling.put(transaction)
        for telling in (told, also_told):
            telling.hand_over()
        return replace(whole, revision=whole.revision + 1), whole.last

    return retried(attempt, done=lambda: _first_done(business, id, change))


def _merged(kept: FollowUp, other: FollowUp, new: FollowUpEvent) -> tuple[History, History]:
    """The history of both, and the other's that closes with it. Raises CannotMerge, FollowUpClosed, FollowUpFull."""
    whose = clients.ids(kept.business, kept.client) if kept.client != other.client else ()
    client = kept.client if other.client in whose else other.client
    mine = Party(kept.id, kept.client, follow_ups.whole(kept))
    theirs = Party(other.id, client, follow_ups.whole(other))
    return merged(mine, theirs, new)


def _brought_up(business: str, id: str, catalog: Catalog, at: datetime) -> Telling:
    """With no more left to tell than goes into the merge's own write. Raises Lost.

    What is more is told before, each time as by a look of the checker: a crash then leaves what a look would. What its
    readers are not at work for waits in the ledger: of the one that is taken in nothing is told later.
    """
    while True:
        one = follow_ups.load(business, id)
        telling = telling_of(one, follow_ups.policies(one), catalog, now=at, most=MOST_OF_EACH, waits=False)
        if telling.follow_up.processed_until >= at:
            return telling
        write_down(telling, now=at)


def done_before(follow_up: FollowUp, change: Change) -> FollowUpEvent | None:
    """What a request with this idempotency key did the first time. Raises KeyReused if it asked for another thing."""
    event = follow_ups.event_under(follow_up, change.key)
    if event and event.body != change.body:
        raise KeyReused
    return event


def _first_done(business: str, id: str, change: Change) -> Done | None:
    """What this very request did, if it came before. Raises KeyReused."""
    found = follow_ups.find(business, id)
    event = done_before(found, change) if found else None
    return (found, event) if found and event else None


def member(catalog: Catalog, id: str) -> str:
    """Raises UnknownStaff."""
    if id not in catalog.staff:
        raise UnknownStaff("This business has no such staff member.")
    return id


def _about(business: str, matter: NewFollowUp) -> str:
    if matter.about and appointments.load(business, matter.about).client not in clients.ids(business, matter.client):
        raise UnknownAppointment
    return matter.about


def _assignee(catalog: Catalog, matter: NewFollowUp, change: Change) -> str:
    if matter.assignee is not None:
        return member(catalog, matter.assignee)
    return change.by.id if change.by.id in catalog.staff else assigned(catalog, now=change.at)
