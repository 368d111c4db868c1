"""The messages that a follow-up's clocks cause: to whom each goes and when, and what became of those found too late.

Nobody is told outside their working hours but of a VIP's miss, where the policy says so: a reminder of the night comes
before the closing, everything else in the morning, in one list for each reader.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from kept.business.absence import there
from kept.business.catalog import Catalog
from kept.channels import Channel, Purpose
from kept.clients.client import Tier
from kept.follow_up.agenda import in_force
from kept.follow_up.clock_inputs import Policies
from kept.follow_up.clocks import Clock, State, clocks
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.policy import ASSIGNEE
from kept.follow_up.staff_hours import Rota
from kept.follow_up.timeline import (
    ClockNotice,
    NoticeKind,
    Timeline,
    overtaken_at,
    reached,
    timeline,
    untold,
    why_pointless,
)
from kept.messaging.message import Message, MessageStatus
from kept.messaging.outgoing import NOTICE_DIGEST
from kept.reasons import Code, Reason, because

OVERSLEPT = timedelta(minutes=30)
"""Later than that after its instant a notice is old news: whoever it was for is told of all such in one list."""
IN_A_LIST = because(Code.IN_A_LIST)
AT_NIGHT = because(Code.AT_NIGHT)
LISTED: frozenset[Reason | None] = frozenset({IN_A_LIST, AT_NIGHT})
HOPS = 4
"""Whoever is back at work first may be away by then, and their stand-in at night."""
TOLD_ALREADY = because(Code.TOLD_AT_ANOTHER_LEVEL)


@dataclass(frozen=True, slots=True)
class ToldNotice:
    """A notice and its line in the ledger: queued, or recorded as missed with its reason."""

    notice: ClockNotice
    message: Message

    @property
    def is_listed(self) -> bool:
        """Its recipient is owed the list of what became late while nobody looked."""
        return self.message.reason in LISTED


def told(
    follow_up: FollowUp, policies: Policies, catalog: Catalog, *, now: datetime, waits: bool = True
) -> tuple[ToldNotice, ...]:
    """One for every notice that is to be told now. What its reader is not at work for is left for a later look or,
    where there will be none (`waits` False), written down all the same, to wait in the ledger."""
    whole = timeline(follow_up.history, policies)
    left = untold(whole, processed_until=follow_up.processed_until, ahead=follow_up.told_ahead)
    standing = clocks(follow_up.history, policies, now) if left else ()
    rota = Rota(catalog)
    due = [one for one in left if one.at < now or _comes_before(one, follow_up, policies, rota, standing, now)]
    before = [one for one in whole if one.stage in follow_up.told_ahead]
    found: list[ToldNotice] = []
    for n, notice in enumerate(due):
        message = _message(notice, follow_up, policies, catalog, now)
        message = replace(message, useful_until=overtaken_at(notice, whole))
        comes_now = tells_at(notice, follow_up, policies, rota, standing, now=now) <= now
        if any(_is_same(notice, message, one) for one in found):
            message = message.over(MessageStatus.SKIPPED, reason=TOLD_ALREADY)
        elif why := why_pointless(notice, whole, standing, now=now) or _is_overtaken(notice, (*due[n + 1 :], *before)):
            message = message.over(MessageStatus.MISSED, reason=why)
        elif waits and not comes_now:
            continue
        elif waits and (why := _why_in_a_list(notice, message.recipient, follow_up, policies, rota, now)):
            status = MessageStatus.MISSED if why == IN_A_LIST else MessageStatus.SKIPPED
            message = message.over(status, reason=why)
        found.append(ToldNotice(notice, message))
    return tuple(found)


def looked(follow_up: FollowUp, policies: Policies, found: Iterable[ToldNotice], *, now: datetime) -> FollowUp:
    """With these told: brought along to the first that is not, or until now."""
    done = {*follow_up.told_ahead, *(one.notice.stage for one in found)}
    whole = timeline(follow_up.history, policies)
    left = untold(whole, processed_until=follow_up.processed_until, ahead=done)
    until = min((one.at for one in left if one.at < now), default=now)
    over = {one.stage for one in whole if one.at < until}
    return follow_up.looked(until, tuple(sorted(done - over)))


def tells_at(
    notice: ClockNotice,
    follow_up: FollowUp,
    policies: Policies,
    rota: Rota,
    standing: Iterable[Clock],
    *,
    now: datetime,
) -> datetime:
    """When it is told, as seen from `now`, to whoever is to be told then; what nobody needs any more, at its own
    instant, for that is only written down."""
    clock = next((one for one in standing if one.run.name == notice.clock), None)
    if clock is None or clock.run.stopped is not None or is_at_any_hour(notice.tells, follow_up, policies):
        return notice.at
    beforehand = notice.tells is NoticeKind.REMINDER and clock.state is not State.PAUSED
    at = now
    for onward in (False, True):
        at, since = max(notice.at, now), now
        for _ in range(HOPS):
            reader = recipient(notice, follow_up, policies, rota.catalog, now=at)
            at = rota.of(reader).tells_at(notice.at, now=since, beforehand=beforehand)
            if recipient(notice, follow_up, policies, rota.catalog, now=at) == reader:
                return at
            # Where two send it to and fro, each while they are off, it is told at the first hour after that is right.
            since = at if onward else now
    return at


def _comes_before(
    notice: ClockNotice, follow_up: FollowUp, policies: Policies, rota: Rota, standing: Iterable[Clock], now: datetime
) -> bool:
    """Now, and its own instant is to come still; at the very instant an answer is in time."""
    return notice.at > now and tells_at(notice, follow_up, policies, rota, standing, now=now) <= now


def is_at_any_hour(tells: str, follow_up: FollowUp, policies: Policies) -> bool:
    """A VIP's miss, and whom it goes on to, where the policy in force says so."""
    is_a_miss = tells in (NoticeKind.BREACH, NoticeKind.ESCALATION)
    return is_a_miss and follow_up.tier is Tier.VIP and in_force(follow_up.history, policies).vip_breach_at_any_hour


def _is_overtaken(notice: ClockNotice, later: Iterable[ClockNotice]) -> Reason | None:
    """By a later one that is told at the same moment, or was told before the closing."""
    is_one = notice.tells is NoticeKind.REMINDER and any(
        one.clock == notice.clock and one.at >= notice.at for one in later
    )
    return because(Code.LATER_NOTICE) if is_one else None


def _why_in_a_list(
    notice: ClockNotice, reader: str, follow_up: FollowUp, policies: Policies, rota: Rota, now: datetime
) -> Reason | None:
    """None for what is told by itself: at its hour, before its hour, or in the night that it may be told in."""
    hours = rota.of(reader)
    if notice.at >= now or (is_at_any_hour(notice.tells, follow_up, policies) and not hours.is_open(now)):
        return None
    if not hours.is_open(notice.at):
        return AT_NIGHT
    return IN_A_LIST if now - notice.at > OVERSLEPT else None


def standing_for(reader: str, follow_up: FollowUp, policies: Policies, catalog: Catalog, *, now: datetime) -> Timeline:
    """What this person was to be told of it until now, still is, and is not told by itself: a line of their list."""
    whole, rota = timeline(follow_up.history, policies), Rota(catalog)
    past = reached(whole, processed_until=follow_up.opened_at, now=now)
    standing = clocks(follow_up.history, policies, now) if past else ()
    still = (notice for notice in past if not why_pointless(notice, whole, standing, now=now))
    theirs = (one for one in still if recipient(one, follow_up, policies, catalog, now=now) == reader)
    return tuple(one for one in theirs if _why_in_a_list(one, reader, follow_up, policies, rota, now))


def line_of(notice: ClockNotice, follow_up: FollowUp) -> str:
    """The id of its line in the ledger, whoever it is told."""
    return _addressed(notice, follow_up, "", follow_up.opened_at).id


FIRST = 1_000_000_001
"""Numbers of one length are in order as text as well, so that the latest lists are found without the others."""


def digest(business: str, recipient: str, number: int, *, now: datetime) -> Message:
    """The list itself, one of this person's, numbered from FIRST; what stands in it is found when it is sent."""
    return Message(
        business=business,
        about=f"{NOTICE_DIGEST}#{recipient}",
        version=number,
        stage=NOTICE_DIGEST,
        channel=Channel.EMAIL,
        purpose=Purpose.STAFF,
        recipient=recipient,
        created_at=now,
        due_at=now,
    )


def recipient(notice: ClockNotice, follow_up: FollowUp, policies: Policies, catalog: Catalog, *, now: datetime) -> str:
    """The staff id of one person, for a thing told to many is done by none; "" is the business's own address.

    Whoever is away is stood in for at every level. A level is the first in the catalog who has its role and has not
    heard of the miss at a level of another role, nor is the assignee; where nobody is left, the business hears of it.
    """
    told = {ASSIGNEE: there(follow_up.assignee, catalog, now=now)}
    for role in (role for role in _roles(notice, follow_up, policies) if role not in told):
        told[role] = _of_level(role, {follow_up.assignee, *told.values()}, catalog, now)
    return told[notice.to]


def _roles(notice: ClockNotice, follow_up: FollowUp, policies: Policies) -> tuple[str, ...]:
    """That of the notice last, after those of the levels below it."""
    if notice.tells is not NoticeKind.ESCALATION:
        return ()
    levels = in_force(follow_up.history, policies).levels
    return (*(level.role for level in levels[: int(notice.step) - 1]), notice.to)


def _of_level(role: str, told: Set[str], catalog: Catalog, now: datetime) -> str:
    holders = (one.id for one in catalog.staff.values() if one.role == role and one.id not in told)
    return next((id for holder in holders if (id := there(holder, catalog, now=now)) and id not in told), "")


def _is_same(notice: ClockNotice, message: Message, told: ToldNotice) -> bool:
    """Two levels that come down to one reader are told once."""
    is_one_miss = (told.notice.clock, told.notice.at) == (
        notice.clock,
        notice.at,
    ) and notice.tells is NoticeKind.ESCALATION
    return is_one_miss and told.message.recipient == message.recipient


def _message(notice: ClockNotice, follow_up: FollowUp, policies: Policies, catalog: Catalog, now: datetime) -> Message:
    return _addressed(notice, follow_up, recipient(notice, follow_up, policies, catalog, now=now), now)


def _addressed(notice: ClockNotice, follow_up: FollowUp, to: str, now: datetime) -> Message:
    """Told apart by its clock and its threshold or level, so that one found twice is one message."""
    return Message(
        business=follow_up.business,
        about=follow_up.id,
        version=1,
        stage=notice.tells,
        channel=Channel.EMAIL,
        purpose=Purpose.STAFF,
        recipient=to,
        created_at=now,
        due_at=now,
        occasion=f"{notice.clock}_{notice.step}",
        detail=(notice.clock, notice.step),
    )
