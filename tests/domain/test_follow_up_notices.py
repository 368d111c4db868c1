"""Who is told by the clock, and what the ledger says of notices that came too late."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from kept.booking.catalog import Catalog
from kept.booking.history import Actor, Cause
from kept.follow_up.clock import looked_at
from kept.follow_up.follow_up import FollowUp
from kept.follow_up.notices import messages
from kept.messaging.message import MessageStatus
from kept.messaging.purpose import Channel, Purpose
from tests.builders import STARTS as OPENED
from tests.builders import a_catalog, a_follow_up, a_member

BREACHED, ESCALATED = "follow_up_breached", "follow_up_escalated_1"


def at(hours: float) -> datetime:
    return OPENED + timedelta(hours=hours)


MEI, LIN, BO, JUN = a_member("mei"), a_member("lin", "manager"), a_member("bo", "manager"), a_member("jun", "owner")


def told(follow_up: FollowUp, catalog: Catalog, now: datetime) -> dict[str, str]:
    return {m.stage: m.recipient for m in messages(follow_up, catalog, now=now) if m.is_owed}


@pytest.mark.parametrize(
    ("assignee", "catalog", "expected"),
    [
        ("mei", a_catalog(MEI, LIN, BO, JUN), {BREACHED: "mei", ESCALATED: "lin"}),
        ("lin", a_catalog(MEI, LIN, BO, JUN), {BREACHED: "lin", ESCALATED: "bo"}),
        ("mei", a_catalog(MEI, JUN), {BREACHED: "mei", ESCALATED: ""}),
        ("mei", a_catalog(MEI, replace(LIN, email=""), BO), {BREACHED: "mei", ESCALATED: "bo"}),
        ("mei", a_catalog(replace(MEI, email=""), LIN), {BREACHED: "", ESCALATED: "lin"}),
        ("gone", a_catalog(MEI, LIN), {BREACHED: "", ESCALATED: "lin"}),
        ("", a_catalog(MEI, LIN), {BREACHED: "", ESCALATED: "lin"}),
    ],
    ids=[
        "assignee and the first manager",
        "a manager's own breach goes to the other manager",
        "no manager: the business's address",
        "a manager without an address is passed over",
        "an assignee without an address",
        "an assignee who left",
        "nobody has it yet",
    ],
)
def test_who_hears_of_a_breach(assignee: str, catalog: Catalog, expected: dict[str, str]) -> None:
    assert told(a_follow_up(assignee=assignee), catalog, at(25)) == expected


def test_reassignment_moves_the_reminders_not_yet_sent() -> None:
    catalog = a_catalog(MEI, LIN, BO, JUN)
    first = a_follow_up()
    assert told(first, catalog, at(13)) == {"follow_up_reminder_50": "mei"}
    passed_on = looked_at(first, now=at(13)).reassign("bo", Cause(by=Actor("staff", "lin"), at=at(14)))
    assert told(passed_on, catalog, at(19)) == {"follow_up_reminder_75": "bo"}


def test_a_notice_is_an_e_mail_to_staff_with_an_id_that_is_the_same_each_time() -> None:
    follow_up, catalog = a_follow_up(), a_catalog(MEI)
    (message,) = messages(follow_up, catalog, now=at(13))
    (again,) = messages(follow_up, catalog, now=at(14))
    assert (message.channel, message.purpose) == (Channel.EMAIL, Purpose.STAFF)
    assert message.id == again.id == "f-1#v1#follow_up_reminder_50#email"
    assert (message.due_at, message.useful_until) == (at(13), at(18))


@pytest.mark.parametrize(
    ("answered", "reason"),
    [(None, "missed: a later notice is due"), (20, "missed: answered in the meantime")],
    ids=["overtaken", "answered"],
)
def test_the_ledger_says_why_a_notice_was_not_sent(answered: float | None, reason: str) -> None:
    follow_up = a_follow_up()
    if answered is not None:
        follow_up = follow_up.answer(Cause(by=Actor("staff", "mei"), at=at(answered)))
    first = messages(follow_up, a_catalog(MEI), now=at(22))[0]
    assert (first.status, first.due_at, first.reason) == (MessageStatus.MISSED, None, reason)
