"""Who is told by the clocks, and what the ledger says of notices that came too late."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kept.actor import Actor, Change
from kept.business.catalog import Catalog, StaffMember
from kept.channels import Channel, Purpose
from kept.follow_up.events import What
from kept.follow_up.follow_up import FollowUp, line
from kept.follow_up.notices import standing_for, told
from kept.follow_up.policy import Row, ServicePolicy
from kept.messaging.message import Message, MessageStatus
from kept.timekeeping.weekly_hours import TimeOff
from tests.builders import STARTS as OPENED
from tests.builders import a_catalog, a_follow_up, on_duty
from tests.reasons import why

BREACHED, ESCALATED = "follow_up_breached", "follow_up_escalated"
POLICIES = {1: ServicePolicy(rows=(Row(timedelta(hours=24)),), plans={})}
"""One clock alone: the first response within 24 hours."""


def at(hours: float) -> datetime:
    return OPENED + timedelta(hours=hours)


MEI, LIN, BO, JUN = on_duty("mei"), on_duty("lin", "manager"), on_duty("bo", "manager"), on_duty("jun", "owner")
ALL = a_catalog(MEI, LIN, BO, JUN)


def away(member: StaffMember, stand_in: str = "") -> StaffMember:
    off = TimeOff(at(0), at(100))
    return replace(member, hours=replace(member.hours, time_off=(off,)), stand_in=stand_in)


def messages(follow_up: FollowUp, catalog: Catalog, hours: float) -> list[Message]:
    return [one.message for one in told(follow_up, POLICIES, catalog, now=at(hours))]


def recipients(follow_up: FollowUp, catalog: Catalog, hours: float) -> dict[str, str]:
    return {m.stage: m.recipient for m in messages(follow_up, catalog, hours) if m.is_owed}


def after(what: What, hours: float, to: str = "", *, before: FollowUp | None = None) -> FollowUp:
    change = Change(Actor("staff", "lin"), at(hours))
    return (before or a_follow_up()).record(line(what, change, to=to), POLICIES, now=change.at)


@pytest.mark.parametrize(
    ("assignee", "catalog", "expected"),
    [
        pytest.param("mei", ALL, {BREACHED: "mei", ESCALATED: "lin"}, id="assignee and the first manager"),
        pytest.param("lin", ALL, {BREACHED: "lin", ESCALATED: "bo"}, id="a manager's own goes to the other manager"),
        pytest.param("mei", a_catalog(MEI, JUN), {BREACHED: "mei", ESCALATED: ""}, id="no manager: the business"),
        pytest.param(
            "mei",
            a_catalog(MEI, replace(LIN, email=""), BO),
            {BREACHED: "mei", ESCALATED: "bo"},
            id="a manager without an address is passed over",
        ),
        pytest.param(
            "mei",
            a_catalog(replace(MEI, email=""), LIN),
            {BREACHED: "", ESCALATED: "lin"},
            id="an assignee without an address",
        ),
        pytest.param("gone", a_catalog(MEI, LIN), {BREACHED: "", ESCALATED: "lin"}, id="an assignee who left"),
        pytest.param("", a_catalog(MEI, LIN), {BREACHED: "", ESCALATED: "lin"}, id="nobody has it yet"),
        pytest.param("mei", a_catalog(away(MEI, "bo"), LIN, BO), {BREACHED: "bo", ESCALATED: "lin"}, id="one away"),
        pytest.param(
            "mei",
            a_catalog(away(MEI, "bo"), LIN, away(BO, "lin")),
            {BREACHED: "lin", ESCALATED: ""},
            id="one away, and the stand-in too: the manager has heard of it",
        ),
        pytest.param("mei", a_catalog(away(MEI), LIN), {BREACHED: "", ESCALATED: "lin"}, id="away, with nobody"),
    ],
)
def test_who_hears_of_a_breach(assignee: str, catalog: Catalog, expected: dict[str, str]) -> None:
    """The assignee and a manager who has not heard yet; the business's own address where nobody is left."""
    assert recipients(a_follow_up(assignee=assignee), catalog, 24.1) == expected


def test_reassignment_moves_the_reminders_not_yet_sent() -> None:
    """Whoever has it now hears the next one, and whoever had it no more."""
    first = a_follow_up()
    assert recipients(first, ALL, 12.1) == {"follow_up_reminder": "mei"}
    passed_on = after(What.ASSIGNED, 14, "bo", before=first.looked(at(12.1)))
    assert recipients(passed_on, ALL, 18.1) == {"follow_up_reminder": "bo"}


def test_a_notice_is_an_e_mail_to_staff_with_an_id_that_is_the_same_each_time() -> None:
    """A second look at the same notice makes no second message."""
    (message,) = messages(a_follow_up(), ALL, 12.1)
    (again,) = messages(a_follow_up(), ALL, 12.2)
    assert (message.channel, message.purpose) == (Channel.EMAIL, Purpose.STAFF)
    assert message.id == again.id == "f-1#v1#follow_up_reminder#email#first_response_50"
    assert (message.due_at, message.useful_until) == (at(12.1), at(18))
    assert message.detail == ("first_response", "50")


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        pytest.param(None, "missed: later_notice", id="overtaken"),
        pytest.param(What.ANSWERED, "missed: answered_meanwhile", id="answered"),
        pytest.param(What.RESOLVED, "missed: answered_meanwhile", id="closed"),
    ],
)
def test_the_ledger_says_why_a_notice_was_not_sent(what: What | None, reason: str) -> None:
    """A reminder that was overtaken by a later one, or was needed no more, is on record as that."""
    follow_up = after(what, 20) if what else a_follow_up()
    first = messages(follow_up, ALL, 22)[0]
    assert (first.status, first.due_at, why(first)) == (MessageStatus.MISSED, None, reason)


@pytest.mark.parametrize(
    ("hours", "status"),
    [
        pytest.param(24.5, MessageStatus.QUEUED, id="half an hour late"),
        pytest.param(24.51, MessageStatus.MISSED, id="later"),
    ],
)
def test_what_was_overslept_is_told_in_one_list(hours: float, status: MessageStatus) -> None:
    """Up to half an hour late it goes out by itself; after that nobody gets a flood of single mails."""
    found = told(a_follow_up().looked(at(22)), POLICIES, ALL, now=at(hours))
    assert {one.message.stage: one.message.status for one in found} == {BREACHED: status, ESCALATED: status}
    assert {one.is_listed for one in found} == {status is MessageStatus.MISSED}
    assert {one.notice.at for one in found} == {at(24)}


@pytest.mark.parametrize(
    ("reader", "stages"),
    [
        pytest.param("mei", ["first_response_follow_up_breached_1"], id="whose it is"),
        pytest.param("lin", ["first_response_follow_up_escalated_2"], id="the manager"),
        pytest.param("jun", [], id="the owner, a day later"),
        pytest.param("bo", [], id="nobody's business"),
    ],
)
def test_a_list_holds_what_stands_late_with_its_reader(reader: str, stages: list[str]) -> None:
    """Each reads what has come to them by then, and nobody what stands with another."""
    found = standing_for(reader, a_follow_up(), POLICIES, ALL, now=at(30))
    assert [notice.stage for notice in found] == stages


def test_nothing_stands_with_anybody_once_it_is_answered() -> None:
    """Also where the answer came too late for the clock."""
    assert standing_for("mei", after(What.ANSWERED, 26), POLICIES, ALL, now=at(30)) == ()
