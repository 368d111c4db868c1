"""Other rules tried on the visits of some days: found by the index of starts, read a hundred at a time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from kept.booking.appointment import Appointment
from kept.booking.day_page import is_block
from kept.business.catalog import Catalog
from kept.business.change_rules import ChangeRules
from kept.business.change_validation import check_changes
from kept.clients.client import Client
from kept.errors import InvalidRequest
from kept.policy.dry_run import DryRun, TermsHit, dry_run
from kept.storage import appointments
from kept.use_cases.booking.day import bounds
from kept.use_cases.business.settings import check_named
from kept.use_cases.follow_ups.figures import Days
from kept.use_cases.messaging.addressees import all_as_shown

USUAL = timedelta(days=90)
LONGEST = 400
"""Days."""
MOST = 5_000
"""Visits for one request: of more the latest."""


@dataclass(frozen=True, slots=True)
class TriedRules:
    """What came of it on these days; `left_out` are the earliest visits, where there were more than MOST, and `since`
    the start of the first that was tried then."""

    days: Days
    run: DryRun
    left_out: int
    since: datetime | None


def last_days(catalog: Catalog, first: date | None, last: date | None, *, now: datetime) -> Days:
    """Of the business's calendar up to today, 90 unless it is asked otherwise. Raises InvalidRequest for days to come,
    for none and for more than LONGEST."""
    today = now.astimezone(catalog.business.zone).date()
    until = last or today
    if until > today:
        raise InvalidRequest(fields=[{"field": "to", "reason": "This day has not come yet."}])
    return Days(first or until - USUAL + timedelta(days=1), until, LONGEST)


def tried(catalog: Catalog, rules: ChangeRules, days: Days) -> TriedRules:
    """Nothing is written. Raises InvalidSetting for rules that could not be saved."""
    check_changes(rules)
    check_named(rules, catalog)
    begins, ends = bounds(catalog, days.first, days.last)
    faces = appointments.faces(catalog.business.id, since=begins, before=ends)
    ids = [it.id for it in faces if not is_block(it.id)]
    wanted = ids[-MOST:]
    visits: list[Appointment] = list(appointments.several(catalog.business.id, wanted)) if wanted else []
    left_out = len(ids) - len(wanted)
    since = min((it.starts for it in visits), default=None) if left_out else None
    return TriedRules(days, dry_run(visits, catalog, rules), left_out, since)


def named(hits: list[TermsHit]) -> list[tuple[TermsHit, Client]]:
    """Each with its client as it was booked; a request for every hundred."""
    shown = all_as_shown([it.visit for it in hits])
    return [(it, client) for it, (client, _) in zip(hits, shown, strict=True)]
