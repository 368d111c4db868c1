"""How an offer is made: to how many, until when, and not while its client's phone is to stay silent. All instants are
real ones: an offer over a change of the clocks lasts as many minutes as any other."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from kept.business.contact_window import QuietHours, allowed_until, next_allowed
from kept.business.waitlist_rules import SHORTEST, OfferMode, WaitlistRules
from kept.reasons import Code, Reason, because


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """Of offers of one slot made now: how, to how many at once, and until when."""

    mode: OfferMode
    at_once: int
    until: datetime


@dataclass(frozen=True, slots=True)
class NoOfferNow:
    """No offer; `again` is when there may be one, None for never."""

    why: Reason
    again: datetime | None = None


def terms(rules: WaitlistRules, starts: datetime, *, most: int, now: datetime) -> OfferTerms | NoOfferNow:
    """`most`: what one write can make. Shorter near the start: no offer is open later than the cut-off, and one that
    would be open for less than five minutes is not made."""
    mode = rules.mode_for(starts - now)
    lasts = rules.first_lasts if mode is OfferMode.FIRST else rules.lasts
    until = min(now + lasts, starts - rules.cut_off)
    if until - now < SHORTEST:
        return NoOfferNow(because(Code.TOO_NEAR))
    return OfferTerms(mode, at_once(rules, mode, most=most), until)


def offered_from(rules: WaitlistRules, *, now: datetime) -> datetime:
    """The soonest start of what can be offered now: nearer than that there are no terms."""
    return now + rules.cut_off + SHORTEST


def at_once(rules: WaitlistRules, mode: OfferMode, *, most: int) -> int:
    """To how many."""
    return {OfferMode.BATCH: rules.batch, OfferMode.FIRST: most}.get(mode, 1)


def for_client(
    until: datetime, zone: ZoneInfo, quiet: QuietHours, *, allowed: bool, now: datetime
) -> datetime | NoOfferNow:
    """The deadline for somebody who lives by the clock of `zone`: before their quiet hours begin, unless they `allowed`
    offers in these; or when they can be asked."""
    if allowed:
        return until
    if (wakes := next_allowed(now, zone, quiet)) > now:
        return NoOfferNow(because(Code.QUIET_HOURS, until=wakes.astimezone(zone)), wakes)
    deadline = min(until, _quiet_from(now, zone, quiet))
    if deadline - now < SHORTEST:
        wakes = next_allowed(deadline, zone, quiet)
        return NoOfferNow(because(Code.QUIET_HOURS, until=wakes.astimezone(zone)), wakes)
    return deadline


def _quiet_from(now: datetime, zone: ZoneInfo, quiet: QuietHours) -> datetime:
    """When they begin next."""
    today = now.astimezone(zone).date()
    begin = (allowed_until(today + timedelta(days=n), quiet.begins, zone) for n in range(3))
    return next(at for at in begin if at > now)
