"""What a visit's outcome says of a regular: one who begins to fade is brought to the owner's notice, and terms are
looked at again with who comes often.

Taken from what was written, so no booking waits for it. What was raised last stands with the client and is written with
the follow-up, so that no repeat, race or older change raises it twice; a crash has the change come again.
"""

from dataclasses import replace
from datetime import datetime

from kept import clock
from kept.actor import KEPT, Change
from kept.booking.appointment import Appointment
from kept.booking.states import GONE, Status
from kept.business.catalog import Catalog
from kept.business.refusals import UnknownBusiness
from kept.clients.client import Client
from kept.events.change import AggregateChange
from kept.follow_up.assignment import whose
from kept.follow_up.events import Reopening, What
from kept.follow_up.follow_up import FollowUp, line, open_for
from kept.follow_up.opened_by import OpenedBy
from kept.policy.fading import Fading, fading
from kept.policy.outcomes import months_later
from kept.policy.terms_review import TermsReview, review
from kept.reasons import Code, because
from kept.storage import catalogs, client_visits, clients, follow_ups
from kept.storage.transaction import together
from kept.use_cases.optimistic_retry import retried

LOOKED_AT = 100
"""Visits, the newest: more than a year of anybody whom these rules could tell from others."""
OWNER = "owner"


def watch(change: AggregateChange) -> None:
    """One read of the catalog for what ended otherwise than it stood, and more only where it can matter."""
    after, before = change.after, change.before
    if not isinstance(after, Appointment):
        return
    was = before.status if isinstance(before, Appointment) else None
    is_or_was_gone, has_ended = after.status in GONE or was in GONE, after.status is Status.COMPLETED
    if after.status is was or not (is_or_was_gone or has_ended):
        return
    now = max(clock.now(), change.at)
    try:
        catalog = catalogs.load(change.business)
    except UnknownBusiness:
        return
    if is_or_was_gone:
        retried(lambda: _look_at_fading(catalog, after, now))
    if has_ended:
        retried(lambda: _look_at_terms(catalog, after, now))


def _look_at_fading(catalog: Catalog, visit: Appointment, now: datetime) -> None:
    if (client := clients.find(visit.business, visit.client)) is None:
        return
    if found := fading(_newest(client), catalog.business, raised=client.fading_at):
        _write(replace(client, fading_at=found.at), _fades(client, found, catalog, now))
    elif visit.status not in GONE:
        _taken_back(client, visit, now)


def _look_at_terms(catalog: Catalog, visit: Appointment, now: datetime) -> None:
    client = clients.find(visit.business, visit.client)
    if client is None or not _may_be_due(client, catalog, now):
        return
    if due := review(_newest(client), catalog.business, reviewed=client.reviewed_at, now=now):
        _write(replace(client, reviewed_at=now), _terms(client, due, catalog, now))


def _newest(client: Client) -> tuple[Appointment, ...]:
    return client_visits.newest(client.business, client.ids, limit=LOOKED_AT).visits


def _may_be_due(client: Client, catalog: Catalog, now: datetime) -> bool:
    """Known of the client alone, so that most visits of a regular cost one read."""
    months, zone = catalog.business.review.months, catalog.business.zone
    if months is None or client.reviewed_at is None:
        return months is not None
    return now.astimezone(zone).date() >= months_later(client.reviewed_at.astimezone(zone), months).date()


def _fades(client: Client, found: Fading, catalog: Catalog, now: datetime) -> FollowUp:
    """Anew, where the same visit had raised it before and was taken back."""
    owner = next((it.id for it in catalog.staff.values() if it.role == OWNER), "")
    opened = _opened(client, OpenedBy.FADING, found.visit.id, owner, str(found.why), catalog, now)
    known = follow_ups.find(client.business, opened.id)
    if known is None or not known.is_over:
        return known or opened
    change = Change(KEPT, max(now, known.last.at), str(found.why))
    return known.record(line(What.REOPENED, change, to=Reopening.NEW_CYCLE), follow_ups.policies(known), now=change.at)


def _terms(client: Client, due: TermsReview, catalog: Catalog, now: datetime) -> FollowUp:
    day = now.astimezone(catalog.business.zone).date().isoformat()
    person = due.with_whom if due.with_whom in catalog.staff else ""
    return _opened(client, OpenedBy.TERMS_REVIEW, day, person, str(due.why), catalog, now)


def _opened(
    client: Client, cause: OpenedBy, of: str, person: str, why: str, catalog: Catalog, now: datetime
) -> FollowUp:
    return open_for(
        client,
        f"{client.id}-{cause}-{of}",
        cause=cause,
        about=of if cause is OpenedBy.FADING else "",
        assignee=whose(person, catalog, now=now) if person else "",
        policy=catalog.follow_up_policy,
        change=Change(KEPT, now, why),
    )


def _taken_back(client: Client, visit: Appointment, now: datetime) -> None:
    """What the visit had raised, when it turns out otherwise: it may be raised anew."""
    if opened := follow_ups.find_open(client.business, f"{client.id}-{OpenedBy.FADING}-{visit.id}"):
        _write(replace(client, fading_at=None), opened.ended(KEPT, now, str(because(Code.STILL_RELIABLE))))


def _write(client: Client, follow_up: FollowUp) -> None:
    """Raises Lost."""
    with together() as transaction:
        clients.put(client, transaction)
        follow_ups.put(follow_up, transaction)
