"""The follow-up policy: its versions, and one of them put on follow-ups that are open already, part by part."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kept import ids
from kept.actor import Change
from kept.errors import InvalidSetting, Refusal
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.policy import ClockKind, Row, ServicePolicy
from kept.follow_up.reapplying import Effect, Preview
from kept.follow_up.reapplying import preview as previewed
from kept.storage import clients, follow_up_policies, follow_ups
from kept.storage.parts import Cursor
from kept.timekeeping.refusals import NoOpening
from kept.use_cases.business import settings
from kept.use_cases.follow_ups.acts import HappenedNow, record

LOOKED_AT = 1_000
"""Open follow-ups for one preview: a few seconds."""
PUT_UNDER = 100
"""Open follow-ups for one application, each of which is a write of its own."""
NAMED = 5
"""Of those that an effect appears in."""
TARGETS = (ClockKind.FIRST, ClockKind.NEXT, ClockKind.RESOLUTION)


def versions(business: str) -> tuple[tuple[int, ...], int]:
    """The numbers of all, and the one in force. Raises UnknownBusiness."""
    in_force = settings.read(business).follow_up_policy
    return follow_up_policies.numbers(business) or (in_force,), in_force


def version(business: str, number: int) -> ServicePolicy:
    """Raises UnknownPolicy."""
    return follow_up_policies.load(business, [number])[number]


def save(business: str, policy: ServicePolicy, change: Change, *, seen: str | None = None) -> ServicePolicy:
    """Raises InvalidSetting, also where a calendar opens too seldom for a target; UnknownBusiness, Outdated."""
    _check_fillable(policy, change.at)
    return settings.save_follow_up_policy(business, policy, seen=seen, change=change)


@dataclass(frozen=True, slots=True)
class Looked:
    """A part of the board with what would become of it, whose the first few of each effect are, and where the next part
    begins if there is one."""

    preview: Preview
    names: Mapping[str, str]
    more_after: Cursor | None


def preview(business: str, number: int, after: Cursor | None, *, now: datetime) -> Looked:
    """Nothing is changed. Raises UnknownPolicy."""
    return _looked(business, number, version(business, number), after, now=now)


def preview_unsaved(business: str, policy: ServicePolicy, *, now: datetime) -> tuple[int, Looked]:
    """Of the first part of the board, by what would be saved next, with its number. Raises what saving it raises."""
    _check_fillable(policy, now)
    settings.check_told(settings.read(business), policy)
    number = max(versions(business)[0]) + 1
    return number, _looked(business, number, replace(policy, number=number), None, now=now)


def _looked(business: str, number: int, policy: ServicePolicy, after: Cursor | None, *, now: datetime) -> Looked:
    page = follow_ups.board(business, after=after, limit=LOOKED_AT)
    open_ones = {one.id: one.history for one in page.follow_ups if not one.is_over}
    policies = {**follow_ups.policies(*page.follow_ups), number: policy}
    found = previewed(open_ones, policies, number, now=now)
    return Looked(found, _names(page.follow_ups, found), page.more_after)


def _names(some: Iterable[FollowUp], found: Preview) -> dict[str, str]:
    """Of the clients, by the follow-up."""
    changed = (ids[:NAMED] for effect, ids in found.by_effect.items() if effect is not Effect.UNCHANGED)
    listed = {id for ids in changed for id in ids}
    theirs = [one for one in some if one.id in listed]
    known = clients.several(theirs[0].business, (one.client for one in theirs)) if theirs else {}
    return {one.id: known[one.client].name for one in theirs if one.client in known}


@dataclass(slots=True)
class Applied:
    """What became of a part of the board; `skipped` holds the code of each refusal by the follow-up's id."""

    changed: int = 0
    unchanged: int = 0
    skipped: dict[str, str] = field(default_factory=dict)
    more_after: Cursor | None = None


def apply(business: str, number: int, after: Cursor | None, change: Change) -> Applied:
    """Each gets its line or is skipped, and none fails the others. What has the policy already is left as it is.

    A crash leaves some with the policy and some without; who repeats it, from the beginning or from the same place,
    reaches the rest. So does who fears that the board has moved meanwhile. Raises UnknownPolicy.
    """
    policies = {number: version(business, number)}
    page = follow_ups.board(business, after=after, limit=PUT_UNDER)
    done = Applied(more_after=page.more_after)
    for one in page.follow_ups:
        try:
            changed = _put_under(business, one.id, policies, change)
        except Refusal as refusal:
            done.skipped[one.id] = refusal.code
        else:
            done.changed += changed
            done.unchanged += not changed
    return done


def _put_under(business: str, id: str, policies: Mapping[int, ServicePolicy], change: Change) -> bool:
    """Whether this request did so, now or when it came first.

    The key is the request's, drawn together with its body: the parts of one application may come under one key.
    """
    (number,) = policies
    own = replace(change, key=ids.from_key("apply", change.key, change.body))
    after, _ = record(business, id, HappenedNow(What.POLICY, str(number)), own, policies)
    return follow_ups.event_under(after, own.key) is not None


def _check_fillable(policy: ServicePolicy, now: datetime) -> None:
    """A clock that can never run out would be refused at every look at it. Raises InvalidSetting."""
    for n, row in enumerate(policy.rows):
        for name, target in _targets(n, row, policy):
            try:
                policy.calendar(row).add(now, 2 * (target + _longest_after(policy)))  # so much again, to be sure
            except NoOpening as error:
                raise InvalidSetting(field=name, reason=NoOpening.words) from error


def _targets(n: int, row: Row, policy: ServicePolicy) -> Iterator[tuple[str, timedelta]]:
    yield from ((f"rows.{n}.{kind}", target) for kind in TARGETS if (target := row.target(kind)))
    for cause, plan in policy.plans.items():
        if row.matches(row.tier, cause, row.priority):
            yield from ((f"plans.{cause}.{m}.target", step.target) for m, step in enumerate(plan))


def _longest_after(policy: ServicePolicy) -> timedelta:
    """How far past its target the last notice of a clock comes."""
    reminders = (timedelta(minutes=threshold.minutes_after or 0) for threshold in policy.thresholds)
    return max((*reminders, *(level.after for level in policy.levels)))
