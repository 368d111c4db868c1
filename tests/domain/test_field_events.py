"""What is told to other systems: every act is exactly its events, whatever is said twice, late or in another order.

The rule: an event is read off what a thing has more than before, with an id and a number that are drawn from that
alone.
So whoever tells of a change again tells nothing new, and none of them says anything about a person beyond ids.
"""

import json
import re
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any, get_type_hints

import pytest

from kept.actor import CLIENT, KEPT, Actor, Change
from kept.booking.appointment import Appointment, Slot
from kept.booking.history import AWAITING_DEPOSIT, DEPOSIT_LET_OFF, DEPOSIT_PAID
from kept.booking.states import ReversalReason, Status
from kept.bounds import LINES
from kept.business.change_rules import ChangeRules
from kept.business.setting_change import SettingChange
from kept.channels import Channel, Purpose
from kept.clients.booked_as import BookedAs
from kept.clients.client import Client, Tier
from kept.clients.consent import Consent, ConsentWord, Wrote
from kept.clients.notes import Note
from kept.events.catalogue import TELLS, ClientRecordTold, EventType, OutgoingEvent
from kept.events.change import AggregateChange, Kind, Told
from kept.events.envelope import envelope
from kept.events.telling import events_of
from kept.follow_up.events import HowItEnded, Priority, What
from kept.follow_up.follow_up import FollowUp, line
from kept.follow_up.policy import ASSIGNEE, ServicePolicy
from kept.ledger.accounts import LedgerAccount
from kept.ledger.transaction import MoneyAct, Posting, Transaction
from kept.messaging.message import CallOutcome, Delivery, Message, MessageStatus
from kept.messaging.received import Received
from kept.reasons import Code, because
from kept.storage.codec import whole_json
from tests.builders import BOOKED, STARTS, a_client, a_follow_up, an_appointment, an_appointment_asked_for

MEI = Actor("staff", "mei")
RULES = ChangeRules()
POLICIES = {1: ServicePolicy()}
KINDS: dict[type, Kind] = {
    Appointment: Kind.APPOINTMENT,
    Client: Kind.CLIENT,
    Message: Kind.MESSAGE,
    Received: Kind.REPLY,
    FollowUp: Kind.FOLLOW_UP,
    SettingChange: Kind.SETTING,
    Transaction: Kind.LEDGER,
}


def at(minutes: float = 0) -> datetime:
    return BOOKED + timedelta(minutes=minutes)


def changed(before: Any, after: Any, *, expired: bool = False) -> AggregateChange:
    it: Told = after or before
    id = getattr(it, "id", "")
    business = getattr(it, "business", "lotus")
    return AggregateChange(business, KINDS[type(it)], id, before, after, at(60), "1", expired=expired)


def told(before: Any, after: Any, *, expired: bool = False) -> list[OutgoingEvent]:
    return list(events_of(changed(before, after, expired=expired), POLICIES))


def types(before: Any, after: Any, *, expired: bool = False) -> list[str]:
    return [event.type for event in told(before, after, expired=expired)]


def by(actor: Actor = MEI, minutes: float = 30, why: str = "") -> Change:
    return Change(actor, at(minutes), why)


def elsewhere(visit: Appointment) -> Slot:
    later = timedelta(hours=3)
    return replace(visit.slot, starts=visit.starts + later, ends=visit.ends + later, staff="jun")


BOOKED_ONE = replace(an_appointment(), revision=1)
ASKED = an_appointment_asked_for(until=at(60))
WAITS = replace(ASKED, status=Status.AWAITING_DEPOSIT, history=()).noted(AWAITING_DEPOSIT, by(CLIENT))
CONFIRMED = BOOKED_ONE.confirm(by(CLIENT))
ARRIVED = BOOKED_ONE.check_in(by())
MISSED = BOOKED_ONE.mark_no_show(by(KEPT), evidence=("call",))
DISPUTED = MISSED.raise_dispute(by(), within=timedelta(days=14))
CANCELLED = BOOKED_ONE.cancel(by(CLIENT), rules=RULES)
AFTER_ITS_START = by(MEI, 2 * 24 * 60 + 10)

ACTS: dict[str, tuple[Any, Callable[[], Any], list[str]]] = {
    "booked": (None, lambda: an_appointment(), ["appointment.booked"]),
    "held for an answer": (None, lambda: ASKED, ["appointment.asked_for"]),
    "approved": (ASKED, lambda: ASKED.approve(by()), ["appointment.approved"]),
    "held for its deposit": (None, lambda: WAITS, ["appointment.awaiting_deposit"]),
    "its deposit paid": (WAITS, lambda: WAITS.secure(DEPOSIT_PAID, by()), ["appointment.booked"]),
    "its deposit let off": (WAITS, lambda: WAITS.secure(DEPOSIT_LET_OFF, by()), ["appointment.booked"]),
    "its deposit not paid after all": (
        BOOKED_ONE,
        lambda: BOOKED_ONE.await_deposit(at(60), by()),
        ["appointment.awaiting_deposit"],
    ),
    "declined": (ASKED, lambda: ASKED.decline(by()), ["appointment.declined"]),
    "withdrawn": (ASKED, lambda: ASKED.cancel(by(CLIENT), rules=RULES), ["appointment.withdrawn"]),
    "not answered in time": (ASKED, lambda: ASKED.lapse(by(KEPT, 60)), ["appointment.lapsed"]),
    "confirmed": (BOOKED_ONE, lambda: CONFIRMED, ["appointment.confirmed"]),
    "confirmed again": (CONFIRMED, lambda: CONFIRMED.confirm(by(CLIENT, 31)), []),
    "moved": (
        BOOKED_ONE,
        lambda: BOOKED_ONE.reschedule(elsewhere(BOOKED_ONE), by(), rules=RULES),
        ["appointment.moved"],
    ),
    "kept at its local time": (
        BOOKED_ONE,
        lambda: BOOKED_ONE.keep_local_time(elsewhere(BOOKED_ONE), by(KEPT), told=False),
        ["appointment.moved"],
    ),
    "made longer": (
        BOOKED_ONE,
        lambda: BOOKED_ONE.resize(replace(BOOKED_ONE.slot, ends=BOOKED_ONE.ends + timedelta(minutes=15)), by()),
        ["appointment.resized"],
    ),
    "cancelled": (BOOKED_ONE, lambda: CANCELLED, ["appointment.cancelled"]),
    "said not to come": (BOOKED_ONE, lambda: BOOKED_ONE.cannot_come(AFTER_ITS_START), ["appointment.cancelled"]),
    "arrived": (BOOKED_ONE, lambda: ARRIVED, ["appointment.arrived"]),
    "begun": (ARRIVED, lambda: ARRIVED.begin(by()), ["appointment.started"]),
    "completed": (ARRIVED, lambda: ARRIVED.complete(by()), ["appointment.completed"]),
    "arrived, begun and completed in one write": (
        BOOKED_ONE,
        lambda: ARRIVED.begin(by()).complete(by()),
        ["appointment.arrived", "appointment.started", "appointment.completed"],
    ),
    "not there": (BOOKED_ONE, lambda: MISSED, ["appointment.no_show"]),
    "came after all": (
        MISSED,
        lambda: MISSED.reverse_no_show(ReversalReason.CAME_AFTER_ALL, by()),
        ["appointment.no_show_reversed"],
    ),
    "missed by mistake": (
        MISSED,
        lambda: MISSED.reverse_no_show(ReversalReason.MISTAKE, by()),
        ["appointment.no_show_reversed"],
    ),
    "disputed": (MISSED, lambda: MISSED.raise_dispute(by(), within=timedelta(days=14)), ["appointment.disputed"]),
    "dispute upheld": (
        DISPUTED,
        lambda: DISPUTED.uphold_dispute(ReversalReason.OUR_FAULT, by()),
        ["appointment.no_show_reversed", "appointment.dispute_settled"],
    ),
    "dispute refused": (DISPUTED, lambda: DISPUTED.refuse_dispute(by()), ["appointment.dispute_settled"]),
    "a missed one's time given to others": (
        MISSED,
        lambda: MISSED.release(by(MEI, 2 * 24 * 60 + 20)),
        ["appointment.changed"],
    ),
    "undone": (ARRIVED, lambda: ARRIVED.undo(by()), ["appointment.undone"]),
    "cancelled by mistake": (CANCELLED, lambda: CANCELLED.undo(by()), ["appointment.reinstated"]),
    "another name": (
        BOOKED_ONE,
        lambda: BOOKED_ONE.mend(BookedAs("Li Na", "zh-Hans", "Asia/Shanghai"), None, by()),
        ["appointment.changed"],
    ),
    "another note": (BOOKED_ONE, lambda: BOOKED_ONE.mend(None, "with fringe", by()), ["appointment.changed"]),
    "on the way": (BOOKED_ONE, lambda: BOOKED_ONE.wait_for_client(at(40), by(CLIENT)), ["appointment.changed"]),
    "at risk": (BOOKED_ONE, lambda: BOOKED_ONE.risk(by(KEPT), high=True), ["appointment.changed"]),
    "looked at": (BOOKED_ONE, lambda: BOOKED_ONE.looked(STARTS), []),
    "deleted": (BOOKED_ONE, lambda: None, []),
}


def _client(**other: Any) -> Client:
    return replace(KNOWN, revision=2, **other)


KNOWN = replace(a_client(), revision=1)
AGREED = Consent(Purpose.PROMOTIONAL, Channel.SMS, at(5), "page", "yes, please")
STOPPED = KNOWN.stopping(Channel.EMAIL, why=because(Code.OPTED_OUT), at=at(5))

ACTS |= {
    "a new client": (None, lambda: replace(a_client(), revision=1), ["client.created"]),
    "another number": (KNOWN, lambda: _client(phone="+8613700001111"), ["client.changed"]),
    "a note": (KNOWN, lambda: _client(notes=(Note("n-1", "Peanut", "mei", at()),)), ["client.changed"]),
    "another tier": (KNOWN, lambda: _client(tier=Tier.REGULAR), ["client.changed"]),
    "agreed": (KNOWN, lambda: _client(consents=(*KNOWN.consents, AGREED)), ["client.consent_changed"]),
    "asked for": (
        KNOWN,
        lambda: _client(consents=(*KNOWN.consents, replace(AGREED, said=ConsentWord.ASKED_FOR))),
        ["client.consent_changed"],
    ),
    "withdrawn and stopped": (
        KNOWN,
        lambda: replace(STOPPED, consents=(*KNOWN.consents, replace(AGREED, said=ConsentWord.WITHDRAWN)), revision=2),
        ["client.consent_changed", "client.consent_changed"],
    ),
    "stopped": (KNOWN, lambda: replace(STOPPED, revision=2), ["client.consent_changed"]),
    "resumed": (STOPPED, lambda: replace(STOPPED, stopped=(), revision=2), ["client.consent_changed"]),
    "agreed and another tier": (
        KNOWN,
        lambda: _client(tier=Tier.REGULAR, consents=(*KNOWN.consents, AGREED)),
        ["client.changed", "client.consent_changed"],
    ),
    "merged into another": (KNOWN, lambda: _client(merged_into="c-2"), ["client.merged"]),
    "parted again": (_client(merged_into="c-2"), lambda: replace(KNOWN, revision=3), ["client.parted"]),
    "indexed": (KNOWN, lambda: _client(indexed="mark"), []),
    "wrote to us": (KNOWN, lambda: _client(wrote=(Wrote(Channel.SMS, at()),)), []),
    "invited": (KNOWN, lambda: _client(invited_at=(at(),)), []),
    "as before": (KNOWN, lambda: _client(), []),
    "erased": (KNOWN, lambda: None, ["client.erased"]),
}

QUEUED = Message("lotus", "a-1", 1, "two_days", Channel.SMS, Purpose.TRANSACTIONAL, "c-1", at(), at(), revision=1)
SENT = QUEUED.claimed(until=at(2)).sent(at=at(1), provider_id="p-1")
ARRIVED_ONE = replace(SENT, delivery=Delivery.DELIVERED, delivered_at=at(2))
LISTED = replace(QUEUED, channel=Channel.CALL).listed("f-1")

ACTS |= {
    "queued": (None, lambda: QUEUED, []),
    "claimed": (QUEUED, lambda: QUEUED.claimed(until=at(2)), []),
    "delayed": (QUEUED, lambda: QUEUED.delayed(until=at(9), reason=because(Code.GONE)), []),
    "sent": (QUEUED, lambda: SENT, ["message.sent"]),
    "delivered": (SENT, lambda: ARRIVED_ONE, ["message.delivered"]),
    "delivered before it was known to be sent": (
        QUEUED,
        lambda: ARRIVED_ONE,
        ["message.sent", "message.delivered"],
    ),
    "read": (ARRIVED_ONE, lambda: replace(ARRIVED_ONE, delivery=Delivery.READ, read_at=at(3)), ["message.read"]),
    "read at once": (
        SENT,
        lambda: replace(SENT, delivery=Delivery.READ, read_at=at(3)),
        ["message.delivered", "message.read"],
    ),
    "bounced": (SENT, lambda: replace(SENT, delivery=Delivery.FAILED), ["message.failed"]),
    "failed": (QUEUED, lambda: QUEUED.over(MessageStatus.FAILED, reason=because(Code.GONE)), ["message.failed"]),
    "skipped": (QUEUED, lambda: QUEUED.over(MessageStatus.SKIPPED, reason=because(Code.GONE)), ["message.skipped"]),
    "suppressed": (
        QUEUED,
        lambda: QUEUED.over(MessageStatus.SUPPRESSED, reason=because(Code.OPTED_OUT)),
        ["message.skipped"],
    ),
    "never sent, from the beginning": (
        None,
        lambda: QUEUED.over(MessageStatus.MISSED, reason=because(Code.GONE)),
        ["message.skipped"],
    ),
    "to call": (replace(QUEUED, channel=Channel.CALL), lambda: LISTED, []),
    "called, nobody there": (LISTED, lambda: LISTED.called(CallOutcome.NO_ANSWER, at=at(9)), []),
    "called": (LISTED, lambda: LISTED.called(CallOutcome.REACHED, at=at(9)), ["message.sent"]),
    "forgotten": (SENT, lambda: None, []),
}

WROTE = Received("lotus", "c-1", "k-1", Channel.SMS, "cancel please, I am ill", at(3), revision=1)
ACTS |= {
    "a reply": (None, lambda: WROTE, ["reply.received"]),
    "acted on": (WROTE, lambda: WROTE.settled(because(Code.GONE)), []),
    "a setting made": (None, lambda: SettingChange("service", "cut", "mei", at(), "", "{}"), ["settings.changed"]),
    "its line forgotten": (SettingChange("service", "cut", "mei", at(), "", "{}"), lambda: None, []),
}

OPEN_ONE = replace(a_follow_up(opened=at()), revision=1)


def then(
    follow_up: FollowUp, what: What, *, to: str = "", minutes: float = 30, by: Actor = MEI, why: str = ""
) -> FollowUp:
    said = line(what, Change(by, at(minutes), why), to=to)
    return follow_up.record(said, POLICIES, now=at(minutes))


ANSWERED = then(OPEN_ONE, What.ANSWERED)
REMINDED = "first_response_follow_up_reminder_50"
LATE = OPEN_ONE.looked(at(24 * 60 + 1))
BREACHED, ESCALATED = "follow_up.breached", "follow_up.escalated"
OVER = OPEN_ONE.resolve(Change(MEI, at(40)), HowItEnded.SETTLED)
ACTS |= {
    "opened": (None, lambda: OPEN_ONE, ["follow_up.opened"]),
    "answered": (OPEN_ONE, lambda: ANSWERED, ["follow_up.answered"]),
    "given to another": (OPEN_ONE, lambda: then(OPEN_ONE, What.ASSIGNED, to="jun"), ["follow_up.assigned"]),
    "tried": (OPEN_ONE, lambda: then(OPEN_ONE, What.TRIED, to="sms"), ["follow_up.changed"]),
    "noted": (OPEN_ONE, lambda: then(OPEN_ONE, What.NOTED, why="ill"), ["follow_up.changed"]),
    "urgent": (OPEN_ONE, lambda: then(OPEN_ONE, What.PRIORITY, to=Priority.URGENT), ["follow_up.changed"]),
    "wrote back": (ANSWERED, lambda: then(ANSWERED, What.CLIENT_WROTE, by=CLIENT, minutes=35), ["follow_up.changed"]),
    "waited for": (ANSWERED, lambda: then(ANSWERED, What.WAITING, minutes=35), ["follow_up.changed"]),
    "over": (OPEN_ONE, lambda: OVER, ["follow_up.resolved"]),
    "open again": (OVER, lambda: then(OVER, What.REOPENED, minutes=50), ["follow_up.reopened"]),
    "answered and over in one write": (
        OPEN_ONE,
        lambda: then(OPEN_ONE, What.ANSWERED).resolve(Change(MEI, at(40)), HowItEnded.SETTLED),
        ["follow_up.answered", "follow_up.resolved"],
    ),
    "looked at in time": (OPEN_ONE, lambda: OPEN_ONE.looked(at(60)), []),
    "a miss at its very instant": (OPEN_ONE, lambda: OPEN_ONE.looked(at(24 * 60)), []),
    "a miss, of its plan as well": (OPEN_ONE, lambda: LATE, [BREACHED, ESCALATED, BREACHED]),
    "gone up after the miss": (LATE, lambda: OPEN_ONE.looked(at(48 * 60 + 1)), [ESCALATED]),
    "a miss and all that comes of it in one look": (
        OPEN_ONE,
        lambda: OPEN_ONE.looked(at(14 * 24 * 60)),
        [BREACHED, ESCALATED, BREACHED, ESCALATED, BREACHED, ESCALATED, ESCALATED],
    ),
    "told ahead, for the night": (
        OPEN_ONE,
        lambda: OPEN_ONE.looked(at(60), ("first_response_follow_up_reminder_50",)),
        [],
    ),
    "looked at again": (LATE, lambda: replace(LATE, revision=9), []),
}


def a_line(what: MoneyAct, *sides: LedgerAccount, currency: str = "CNY", reverses: str = "") -> Transaction:
    """Of a thousand, from the second account into the first."""
    entries = tuple(Posting(account, sign * 1_000, currency) for account, sign in zip(sides, (1, -1), strict=True))
    why, id = because(Code.FEE_NO_SHOW), f"c-1#a-1#{what}{'-back' if reverses else ''}"
    return Transaction("lotus", id, "c-1", what, at(), at().date(), "staff:mei", entries, "a-1", why, reverses)


MONEY_TOLD: dict[MoneyAct, tuple[LedgerAccount, LedgerAccount, str]] = {
    MoneyAct.FEE: (LedgerAccount.RECEIVABLE, LedgerAccount.FEES, "fee.charged"),
    MoneyAct.WAIVER: (LedgerAccount.WAIVED, LedgerAccount.RECEIVABLE, "fee.waived"),
    MoneyAct.PAID: (LedgerAccount.CASH, LedgerAccount.RECEIVABLE, "payment.recorded"),
    MoneyAct.REFUNDED: (LedgerAccount.WAIVED, LedgerAccount.CASH, "payment.refunded"),
    MoneyAct.CREDIT: (LedgerAccount.GIVEN, LedgerAccount.CREDITS, "credit.given"),
    MoneyAct.DEPOSIT_ASKED: (LedgerAccount.DEPOSITS_DUE, LedgerAccount.DEPOSITS_ASKED, "deposit.asked"),
    MoneyAct.KEPT: (LedgerAccount.DEPOSITS, LedgerAccount.APPLIED, "deposit.kept"),
    MoneyAct.FORFEITED: (LedgerAccount.DEPOSITS, LedgerAccount.FORFEITED, "deposit.forfeited"),
    MoneyAct.RETURNED: (LedgerAccount.DEPOSITS, LedgerAccount.PAYABLE, "deposit.refunded"),
    MoneyAct.POINTS: (LedgerAccount.POINTS_EARNED, LedgerAccount.POINTS, "points.earned"),
    MoneyAct.EXCHANGED: (LedgerAccount.POINTS, LedgerAccount.POINTS_SPENT, "points.exchanged"),
}
ACTS |= {
    f"money: {what}": (None, partial(a_line, what, into, out), [told]) for what, (into, out, told) in MONEY_TOLD.items()
}
ACTS["money: a deposit paid"] = (
    None,
    lambda: a_line(MoneyAct.PAID, LedgerAccount.CASH, LedgerAccount.DEPOSITS),
    ["deposit.paid"],
)
ACTS["money: a deposit handed back"] = (
    None,
    lambda: a_line(MoneyAct.REFUNDED, LedgerAccount.PAYABLE, LedgerAccount.CASH),
    ["payment.refunded"],
)
ACTS["money: taken back"] = (
    None,
    lambda: a_line(MoneyAct.FEE, LedgerAccount.FEES, LedgerAccount.RECEIVABLE, reverses="c-1#a-1#fee"),
    ["ledger.reversed"],
)
each_act = pytest.mark.parametrize("act", ACTS)


@each_act
def test_an_act_is_exactly_its_events(act: str) -> None:
    before, after, wanted = ACTS[act]
    assert types(before, after()) == wanted


@each_act
def test_the_same_change_is_the_same_events(act: str) -> None:
    """To the letter: whoever gets them twice has them by their ids."""
    before, after, _ = ACTS[act]
    assert told(before, after()) == told(before, after())
    ids = [event.id for event in told(before, after())]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"evt_[0-9a-f]{32}", id) for id in ids)


@each_act
def test_the_events_of_one_thing_are_numbered_upwards(act: str) -> None:
    before, after, _ = ACTS[act]
    numbers = [event.number for event in told(before, after()) if event.kind is not Kind.CLIENT]
    assert numbers == sorted(set(numbers))


@each_act
def test_an_event_carries_what_its_type_tells(act: str) -> None:
    before, after, _ = ACTS[act]
    assert [TELLS[event.type] for event in told(before, after())] == [type(it.data) for it in told(before, after())]


PERSONAL = ("Li Na", "li@example.com", "+8613700001111", "Peanut", "fringe", "yes, please", "ill", "illness")


@each_act
def test_nothing_personal_is_told(act: str) -> None:
    """Beyond ids, instants, states and channels."""
    before, after, _ = ACTS[act]
    for event in told(before, after()):
        said = json.loads(whole_json(envelope(event)))
        values = re.split(r'[{}\[\]":, ]+', json.dumps(said["data"], ensure_ascii=False))
        assert not [word for word in PERSONAL if word in values or (" " in word and word in json.dumps(said))]
        assert len(whole_json(envelope(event)).encode()) < 1_000


def test_every_type_of_the_catalogue_is_told_by_some_act() -> None:
    seen = {type for _, _, wanted in ACTS.values() for type in wanted}
    assert seen == set(EventType) - {EventType.TEST}


def test_names_are_a_noun_and_a_verb() -> None:
    assert not [type for type in EventType if not re.fullmatch(r"[a-z_]+\.[a-z_]+", type)]
    assert set(TELLS) == set(EventType)


@pytest.mark.parametrize("tells", sorted(set(TELLS.values()), key=str), ids=lambda it: it.__name__)
def test_what_is_told_has_no_room_for_words(tells: Any) -> None:
    """No field is named as what somebody says, is called, or is reached at."""
    words = {"name", "phone", "email", "wechat", "text", "why", "note", "notes", "words", "detail", "evidence"}
    assert not words & {field.name for field in fields(tells)}
    assert "Any" not in str(get_type_hints(tells))


def a_long_life() -> list[Appointment]:
    """A visit as each write left it: moved to and fro more often than its history has room for."""
    states = [an_appointment()]
    random = Random(13)
    for n in range(LINES + 25):
        visit = replace(states[-1].shortened[0], revision=n + 1)
        doing = random.choice(("move", "risk", "mend", "way"))
        change = Change(MEI, at(n + 1))
        if doing == "move":
            visit = visit.reschedule(elsewhere(visit), change, rules=RULES)
        elif doing == "risk":
            visit = visit.risk(change, high=not visit.at_risk)
        elif doing == "mend":
            visit = visit.mend(visit.booked_as, f"note {n}", change)
        else:
            visit = visit.wait_for_client(at(n + 20), change)
        states.append(visit)
    return [replace(visit.shortened[0], revision=n + 1) for n, visit in enumerate(states)]


def the_changes(states: list[Any]) -> list[AggregateChange]:
    return [changed(before, after) for before, after in zip([None, *states], states, strict=False)]


def test_a_long_life_is_told_once_each_and_numbered_without_a_break() -> None:
    """Old lines leave the visit's item, and their numbers stay theirs."""
    events = [event for change in the_changes(a_long_life()) for event in events_of(change)]
    assert [event.number for event in events] == [10 * (n + 1) for n in range(len(events))]
    assert len({event.id for event in events}) == len(events) == LINES + 26


@pytest.mark.parametrize("seed", range(12))
def test_repeats_another_order_and_whole_batches_again_are_the_same_events(seed: int) -> None:
    """Fewer of them where a change never came: what was set aside is told when it is put back."""
    changes = the_changes(a_long_life())
    once = {event.id: event for change in changes for event in events_of(change)}
    random = Random(seed)
    again = random.sample(changes * 2, k=2 * len(changes))
    again[10:10] = changes[5:30]
    shuffled = [event for change in again for event in events_of(change)]
    assert {event.id: event for event in shuffled} == once
    assert [once[event.id] for event in shuffled] == shuffled


def test_what_was_set_aside_is_told_when_it_is_put_back() -> None:
    """Of a thing as it is then: with the very ids that it would have had, so nothing is told twice."""
    changes = the_changes(a_long_life()[:20])
    everything = {event.id: event for change in changes for event in events_of(change)}
    last = changes[-1].after
    assert {event.id: event for event in events_of(changed(None, last))} == everything


def test_what_a_client_was_before_is_not_guessed_when_they_are_put_back() -> None:
    (event,) = told(None, replace(KNOWN, revision=7))
    assert (event.type, event.number) == (EventType.CLIENT_CHANGED, 7)
    assert event.data == ClientRecordTold(fields=("unknown",))


@pytest.mark.parametrize(("expired", "because"), [(True, "retention"), (False, "request")])
def test_what_time_took_is_told_from_what_was_asked_for(*, expired: bool, because: str) -> None:
    (event,) = told(KNOWN, None, expired=expired)
    assert getattr(event.data, "because", None) == because


def test_without_the_policies_nothing_is_told_of_clocks() -> None:
    """Rather than a miss that was none."""
    assert events_of(changed(OPEN_ONE, OPEN_ONE.looked(at(14 * 24 * 60)))) == ()


def test_a_breach_says_which_clock_at_what_instant_and_how_far_up() -> None:
    event, up, _ = told(OPEN_ONE, LATE)
    data: Any = event.data
    assert event.at == at(24 * 60)
    assert (data.clock, data.level, data.to, data.assignee) == ("first_response", "1", "assignee", "mei")
    assert (up.at, getattr(up.data, "to", "")) == (at(24 * 60), "manager")


def test_a_miss_that_is_told_to_those_above_alone_is_a_breach_as_well() -> None:
    above = {1: replace(ServicePolicy(), levels=tuple(it for it in ServicePolicy().levels if it.role != ASSIGNEE))}
    told = events_of(changed(OPEN_ONE, OPEN_ONE.looked(at(14 * 24 * 60))), above)
    clocks = {getattr(it.data, "clock", "") for it in told if it.type == BREACHED}
    assert clocks == {"first_response", "resolution"}
    assert len({it.id for it in told}) == len(told)
    assert [it.number for it in told] == sorted({it.number for it in told})


def test_another_business_s_thing_of_the_same_id_is_another_event() -> None:
    theirs = replace(an_appointment(), business="garage")
    assert told(None, theirs)[0].id != told(None, an_appointment())[0].id
