"""What a check brings about: the question, the mark with its evidence and all that hangs on it, and taking it back."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kept.actor import CLIENT, Actor, Change
from kept.booking.appointment import Appointment
from kept.booking.refusals import MoveNotAllowed
from kept.booking.states import ReversalReason, Status
from kept.business.attendance_rules import AttendanceRules
from kept.business.change_rules import ChangeRules
from kept.channels import Channel
from kept.clients.client import Tier
from kept.follow_up.follow_up import FollowUp, FollowUpStatus
from kept.follow_up.opened_by import OpenedBy
from kept.messaging.message import Message, MessageStatus
from kept.messaging.outgoing import to_client
from kept.reasons import Code, because
from kept.use_cases.booking.marking import CheckOutcome, closed_with_it, evidence, no_show, outcome
from tests.builders import CHECKS_IN, STARTS, a_catalog, a_client, an_appointment
from tests.reasons import why

MEI = Actor("staff", "mei")
LOTUS = a_catalog()
LI_NA = a_client()


def at(minutes: float) -> datetime:
    """Minutes after the start."""
    return STARTS + timedelta(minutes=minutes)


def a_message(stage: str, *, created: float) -> Message:
    return to_client(an_appointment(), LI_NA, a_catalog().business, stage, now=at(created))


def found(now: float, appointment: Appointment | None = None, *, ledger: tuple[Message, ...] = ()) -> CheckOutcome:
    happened = outcome(appointment or an_appointment(), LI_NA, LOTUS, ledger, now=at(now))
    assert happened is not None
    return happened


def opened(happened: CheckOutcome) -> FollowUp:
    assert happened.follow_up is not None
    return happened.follow_up


def test_the_question_goes_out_and_nothing_else_happens() -> None:
    """The booking stays as it is, and the question is of no use once the grace is over."""
    happened = found(5)
    (question,) = happened.messages
    assert (question.stage, question.recipient, question.due_at) == ("on_my_way", "c-1", at(5))
    assert question.useful_until == at(15)
    assert (happened.follow_up, happened.frees_slot) == (None, False)
    assert (happened.appointment.status, happened.appointment.processed_until) == (Status.BOOKED, at(5))


def test_a_no_show_is_marked_told_followed_up_and_keeps_its_chair() -> None:
    """What is left of the time is not given away unless the business wants it so."""
    happened = found(15, an_appointment().looked(at(5)))
    assert happened.appointment.status is Status.NO_SHOW
    assert [(m.stage, m.status) for m in happened.messages] == [("missed_you", MessageStatus.QUEUED)]
    assert not happened.frees_slot
    follow_up = opened(happened)
    assert (follow_up.id, follow_up.cause, follow_up.about) == ("a-1-v1-no_show", OpenedBy.NO_SHOW, "a-1")
    assert (follow_up.client, follow_up.tier, follow_up.assignee) == ("c-1", Tier.VIP, "mei")
    assert (follow_up.opened_at, follow_up.policies) == (at(15), frozenset({1}))


def test_found_six_hours_late_it_says_when_it_was_found_and_until_when_we_waited() -> None:
    """The record hides nothing, and the follow-up is opened when it was found."""
    happened = found(360)
    line = happened.appointment.history[-1]
    assert (line.what, line.at, line.why) == ("no_show", at(360), 'waited_until {"until":"2026-03-02T17:15:00+08:00"}')
    assert not happened.frees_slot
    assert opened(happened).opened_at == at(360)


def test_found_late_the_question_is_recorded_as_missed_and_not_sent() -> None:
    """Nobody is asked whether they are on their way when the wait is over."""
    sent = [(m.stage, m.status, why(m)) for m in found(360).messages]
    assert sent == [
        ("on_my_way", MessageStatus.MISSED, "missed: wait_over"),
        ("missed_you", MessageStatus.QUEUED, ""),
    ]


@pytest.mark.parametrize(
    ("now", "frees"), [(15, True), (59, True), (60, False), (90, False)], ids=["early", "a minute", "none", "long over"]
)
def test_by_setting_what_is_left_of_the_slot_is_freed_at_once(now: float, frees: bool) -> None:
    """Down to its last minute; when the time is over there is nothing to free."""
    rules = replace(CHECKS_IN, release_missed=True)
    happened = outcome(an_appointment(), LI_NA, a_catalog(attendance=rules), (), now=at(now))
    assert happened is not None
    assert (happened.frees_slot, happened.appointment.released) == (frees, frees)


def test_found_twice_it_is_the_same_messages_and_the_same_follow_up() -> None:
    """Whoever finds it again sends nothing twice and opens nothing twice."""
    first, again = found(15), found(16)
    assert [m.id for m in first.messages] == [m.id for m in again.messages]
    assert opened(first).id == opened(again).id


@pytest.mark.parametrize(
    "appointment",
    [
        an_appointment().check_in(Change(by=MEI, at=at(4))),
        an_appointment().cancel(Change(by=MEI, at=at(4)), rules=ChangeRules()),
        found(15).appointment,
    ],
    ids=["came", "cancelled", "marked already"],
)
def test_nothing_is_owed_once_somebody_was_first(appointment: Appointment) -> None:
    """The clock does not overrule who came, who cancelled, or a mark that is made already."""
    assert outcome(appointment, LI_NA, LOTUS, (), now=at(600)) is None


def test_where_nobody_checks_in_no_clock_says_anything() -> None:
    catalog = a_catalog(attendance=AttendanceRules())
    assert [outcome(an_appointment(), LI_NA, catalog, (), now=at(m)) for m in (5, 15, 60, 600)] == [None] * 4


def test_staff_mark_with_the_same_consequences() -> None:
    """The client is told and a follow-up opened, as by the clock; the record names who marked it."""
    change = Change(by=MEI, at=at(8), why="called, will not come")
    by_hand = no_show(an_appointment(), LI_NA, LOTUS, (), change)
    assert by_hand.appointment.history[-1].by == "staff:mei"
    assert [m.stage for m in by_hand.messages] == ["missed_you"]
    assert opened(by_hand).cause is OpenedBy.NO_SHOW


@pytest.mark.parametrize("minute", [-60, -1], ids=str)
def test_nobody_is_a_no_show_before_the_start(minute: float) -> None:
    """Nor by the word of staff: nobody has missed what has not begun."""
    with pytest.raises(MoveNotAllowed):
        no_show(an_appointment(), LI_NA, LOTUS, (), Change(by=MEI, at=at(minute)))


def test_the_evidence_tells_what_was_sent_and_answered_in_order() -> None:
    """Of this version of the booking alone, so that a mark can be judged later."""
    appointment = an_appointment().confirm(Change(by=CLIENT, at=at(-2000)))
    appointment = appointment.wait_for_client(at(20), Change(by=CLIENT, at=at(6)))
    ledger = [
        replace(a_message("same_day", created=-180), channel=Channel.SMS).over(
            MessageStatus.SKIPPED, reason=because(Code.NO_CONSENT, channel="sms")
        ),
        a_message("two_days", created=-2880).sent(at=at(-1999), provider_id="p"),
        a_message("on_my_way", created=5),
        replace(a_message("confirmation", created=-9000), version=7),
    ]
    assert evidence(appointment, ledger) == (
        "confirmed by client 2026-02-28T23:40Z",
        "two_days email sent 2026-02-28T23:41Z",
        'same_day sms skipped: no_consent {"channel":"sms"}',
        "on_my_way email queued",
        "on_my_way by client 2026-03-02T09:06Z",
    )


def test_the_mark_keeps_its_evidence() -> None:
    ledger = (a_message("two_days", created=-2880).sent(at=at(-2879), provider_id="p"),)
    assert found(15, ledger=ledger).appointment.evidence == ("two_days email sent 2026-02-28T09:01Z",)


@pytest.mark.parametrize("reason", list(ReversalReason))
def test_taken_back_the_follow_up_it_opened_is_closed_with_the_reason(reason: ReversalReason) -> None:
    closed = closed_with_it(opened(found(15)), reason, Change(by=MEI, at=at(30)))
    assert closed.status is FollowUpStatus.RESOLVED
    assert closed.history[-1].why == f"taken_back_{reason}"


def test_a_follow_up_that_is_closed_already_stays_as_it_is() -> None:
    """Taking the no-show back does not rewrite how staff settled it."""
    closed = opened(found(15)).resolve(Change(by=MEI, at=at(20), why="talked to her"))
    assert closed_with_it(closed, ReversalReason.EMERGENCY, Change(by=MEI, at=at(30))) == closed
