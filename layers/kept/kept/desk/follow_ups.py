"""What staff do with a follow-up: open one by hand, and write down whatever happens to it."""

from dataclasses import dataclass, replace
from datetime import datetime

from kept import ids
from kept.booking.catalog import Catalog
from kept.booking.history import Cause
from kept.desk.assigning import assigned
from kept.desk.checking import Telling, telling_of, write_down
from kept.desk.settled import settled
from kept.desk.surveying import put_and_ask
from kept.errors import KeyReused, UnknownAppointment, UnknownStaff
from kept.follow_up.causes import Cause as OpenedBy
from kept.follow_up.events import Event, What
from kept.follow_up.follow_up import FollowUp, line, open_for
from kept.follow_up.matter import Policies
from kept.follow_up.merging import Party, merged
from kept.storage import appointments, clients, follow_ups
from kept.storage.transaction import together

MOST_OF_EACH = 40
"""Notices: of two that are merged they go into one transaction of a hundred items, with nine for each of the two."""


@dataclass(frozen=True, slots=True)
class Matter:
    """What needs an answer; `assignee` None gives it to whoever opens it, or by the rule where they are not staff."""

    client: str
    opened_by: OpenedBy
    about: str = ""
    assignee: str | None = None


Done = tuple[FollowUp, Event]
"""The follow-up as it now is, and the line that was written, now or the first time."""


def open_by_hand(catalog: Catalog, matter: Matter, cause: Cause) -> Done:
    """Raises UnknownClient, UnknownStaff, and UnknownAppointment also for one of another client.

    The id is drawn from the idempotency key, so a repeat finds the first.
    """
    business = catalog.business.id
    id = ids.from_key("f", business, cause.key) if cause.key else ids.new("f")

    def attempt() -> Done:
        if (first := follow_ups.find(business, id)) and (event := done_before(first, cause)):
            return first, event
        opened = open_for(
            clients.load(business, matter.client),
            id,
            cause=matter.opened_by,
            about=_about(business, matter),
            assignee=_assignee(catalog, matter, cause),
            policy=catalog.follow_up_policy,
            change=cause,
        )
        return follow_ups.put_alone(opened), opened.history[0]

    return settled(attempt, done=lambda: _first_done(business, id, cause))


@dataclass(frozen=True, slots=True)
class Act:
    """What happened: `to` and `until` as its kind of line has them; `at` where it was earlier than it is said.

    `step` is the one of the plan that is done by it, "" for none.
    """

    what: What
    to: str = ""
    until: datetime | None = None
    at: datetime | None = None
    step: str = ""


def record(business: str, id: str, act: Act, cause: Cause, policies: Policies | None = None) -> Done:
    """The follow-up as it now is, and the line of history that was written, or was the first time under this key.

    What somebody else wrote while this was asked for does not refuse it: then it happens after that. With the close of
    a matter that was settled goes the question how it went.
    `policies` are those it may be put under beside its own.
    Raises what `recorded` refuses, UnknownFollowUp, KeyReused.
    """

    def attempt() -> Done:
        before = follow_ups.load(business, id)
        if event := done_before(before, cause):
            return before, event
        now = max(cause.at, before.last.at)
        said, known = replace(cause, at=act.at or now), {**follow_ups.policies(before), **(policies or {})}
        new = line(act.what, said, to=act.to, until=act.until)
        after = _with_step(before, act.step, said, known, now).record(new, known, now=now)
        return (put_and_ask(after, now=cause.at), after.last) if after is not before else (before, new)

    return settled(attempt, done=lambda: _first_done(business, id, cause))


def _with_step(before: FollowUp, step: str, said: Cause, known: Policies, now: datetime) -> FollowUp:
    """Its line comes first and without the key, which is that of the line it comes with. Raises StepNotDue."""
    if not step:
        return before
    return before.record(line(What.STEP_DONE, replace(said, key="", body=""), to=step), known, now=now)


def reassign(catalog: Catalog, id: str, to: str, cause: Cause) -> Done:
    """Raises UnknownStaff, FollowUpClosed."""
    return record(catalog.business.id, id, Act(What.ASSIGNED, member(catalog, to)), cause)


def merge(catalog: Catalog, id: str, taken: str, cause: Cause) -> Done:
    """The other one becomes part of this one, in one write. Raises CannotMerge, FollowUpClosed, FollowUpFull.

    What the clocks of either have told until then is told with it, so that no reminder is owed by one alone.
    """
    business = catalog.business.id

    def attempt() -> Done:
        kept, other = follow_ups.load(business, id), follow_ups.load(business, taken)
        if event := done_before(kept, cause):
            return kept, event
        at = max(cause.at, kept.last.at, other.last.at)
        mine, theirs = (Party(one.id, one.client, follow_ups.whole(one)) for one in (kept, other))
        both, closed = merged(mine, theirs, line(What.MERGED, replace(cause, at=at), to=taken))
        kept, told = _brought_up(kept, catalog, at)
        other, also_told = _brought_up(other, catalog, at)
        whole = replace(kept, history=both).looked(told.until)
        with together() as transaction:
            follow_ups.put(whole, transaction)
            follow_ups.put(replace(other, history=closed).looked(also_told.until), transaction)
            for telling in (told, also_told):
                telling.put(transaction)
        for telling in (told, also_told):
            telling.hand_over()
        return replace(whole, revision=whole.revision + 1), whole.last

    return settled(attempt, done=lambda: _first_done(business, id, cause))


def _brought_up(one: FollowUp, catalog: Catalog, at: datetime) -> tuple[FollowUp, Telling]:
    """As it is once no more is left to tell than goes into the merge's own write, and that rest. Raises Lost.

    What is more is told before, each time as by a look of the checker: a crash then leaves what a look would.
    """
    while (telling := telling_of(one, follow_ups.policies(one), catalog, now=at, most=MOST_OF_EACH)).until < at:
        write_down(one, telling)
        one = follow_ups.load(one.business, one.id)
    return one, telling


def done_before(follow_up: FollowUp, cause: Cause) -> Event | None:
    """What a request with this idempotency key did the first time. Raises KeyReused if it asked for another thing."""
    event = follow_ups.event_under(follow_up, cause.key)
    if event and event.body != cause.body:
        raise KeyReused
    return event


def _first_done(business: str, id: str, cause: Cause) -> Done | None:
    """What this very request did, if it came before. Raises KeyReused."""
    found = follow_ups.find(business, id)
    event = done_before(found, cause) if found else None
    return (found, event) if found and event else None


def member(catalog: Catalog, id: str) -> str:
    """Raises UnknownStaff."""
    if id not in catalog.staff:
        raise UnknownStaff("This business has no such staff member.")
    return id


def _about(business: str, matter: Matter) -> str:
    if matter.about and appointments.load(business, matter.about).client != matter.client:
        raise UnknownAppointment
    return matter.about


def _assignee(catalog: Catalog, matter: Matter, cause: Cause) -> str:
    if matter.assignee is not None:
        return member(catalog, matter.assignee)
    return cause.by.id if cause.by.id in catalog.staff else assigned(catalog, now=cause.at)
