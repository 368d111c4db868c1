"""What staff do with a follow-up: open one by hand, answer, note, hand on, close."""

from collections.abc import Callable
from dataclasses import dataclass

from kept import ids
from kept.booking.catalog import Catalog
from kept.booking.history import Cause
from kept.desk.settled import settled
from kept.errors import KeyReused, UnknownAppointment, UnknownStaff
from kept.follow_up.follow_up import Cause as OpenedBy
from kept.follow_up.follow_up import Event, FollowUp, open_for
from kept.storage import appointments, clients, follow_ups


@dataclass(frozen=True, slots=True)
class Matter:
    """What needs an answer; `assignee` None gives it to whoever opens it, if they are of the staff."""

    client: str
    opened_by: OpenedBy
    about: str = ""
    assignee: str | None = None


def open_by_hand(catalog: Catalog, matter: Matter, cause: Cause) -> tuple[FollowUp, Event]:
    """Raises UnknownClient, UnknownStaff, and UnknownAppointment also for one of another client.

    The id is drawn from the idempotency key, so a repeat finds the first.
    """
    business = catalog.business.id
    id = ids.from_key("f", business, cause.key) if cause.key else ids.new("f")

    def attempt() -> tuple[FollowUp, Event]:
        if (first := follow_ups.find(business, id)) and (event := _done_before(first, cause)):
            return first, event
        opened = open_for(
            clients.load(business, matter.client),
            id,
            cause=matter.opened_by,
            about=_about(business, matter),
            assignee=_assignee(catalog, matter, cause),
            policy=catalog.business.follow_ups,
            change=cause,
        )
        return follow_ups.put_alone(opened), opened.history[-1]

    return settled(attempt)


def change(business: str, id: str, act: Callable[[FollowUp], FollowUp], cause: Cause) -> tuple[FollowUp, Event]:
    """The follow-up as it now is, and the line of history that `act` wrote, or wrote the first time under this key.

    Raises what `act` refuses, UnknownFollowUp, KeyReused.
    """

    def attempt() -> tuple[FollowUp, Event]:
        before = follow_ups.load(business, id)
        if event := _done_before(before, cause):
            return before, event
        after = act(before)
        return follow_ups.put_alone(after), after.history[-1]

    return settled(attempt)


def reassign(catalog: Catalog, id: str, to: str, cause: Cause) -> tuple[FollowUp, Event]:
    """Raises UnknownStaff, FollowUpClosed."""
    return change(catalog.business.id, id, lambda it: it.reassign(_member(catalog, to), cause), cause)


def _done_before(follow_up: FollowUp, cause: Cause) -> Event | None:
    event = follow_up.event_under(cause.key)
    if event and event.body != cause.body:
        raise KeyReused
    return event


def _about(business: str, matter: Matter) -> str:
    if matter.about and appointments.load(business, matter.about).client != matter.client:
        raise UnknownAppointment
    return matter.about


def _assignee(catalog: Catalog, matter: Matter, cause: Cause) -> str:
    if matter.assignee is not None:
        return _member(catalog, matter.assignee)
    return cause.by.id if cause.by.id in catalog.staff else ""


def _member(catalog: Catalog, id: str) -> str:
    if id not in catalog.staff:
        raise UnknownStaff("This business has no such staff member.")
    return id
