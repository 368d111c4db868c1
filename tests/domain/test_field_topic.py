"""A reply is about the message it answers: the one the channel names, else the last that had reached them when they
wrote. Where two could be meant, none is; and it never slides on to the next visit that is still to come.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.actor import CLIENT, Actor, Change
from kept.booking.appointment import Appointment
from kept.business.attendance_rules import AttendanceRules
from kept.business.change_rules import ChangeRules
from kept.channels import Channel, Purpose
from kept.messaging.message import Delivery, Message, MessageStatus
from kept.messaging.replies.reading import Asked
from kept.messaging.topic import CLOSE, MessageOfOurs, asked, changed_since, is_stale, topic
from tests.builders import STARTS, a_client, an_appointment

NOW = STARTS - timedelta(days=1)
MEI = Actor("staff", "mei")
A, B = an_appointment("a"), an_appointment("b", starts=STARTS + timedelta(days=30))


def ago(**how: float) -> datetime:
    return NOW - timedelta(**how)


def ahead(**how: float) -> datetime:
    return NOW + timedelta(**how)


def said(visit: Appointment | None, at: datetime | None, stage: str = "two_days", **how: Any) -> MessageOfOurs:
    """Sent then (None: still waiting), by text message."""
    message = Message(
        "lotus",
        visit.id if visit else "c-1",
        visit.version if visit else 1,
        stage,
        Channel.SMS,
        Purpose.TRANSACTIONAL,
        "c-1",
        created_at=NOW,
        due_at=None,
        status=MessageStatus.SENT if at else MessageStatus.QUEUED,
        sent_at=at,
    )
    return MessageOfOurs(replace(message, **how), a_client(), visit)


def arrived(visit: Appointment, sent: datetime, delivered: datetime, **how: Any) -> MessageOfOurs:
    return said(visit, sent, delivery=Delivery.DELIVERED, delivered_at=delivered, **how)


def cancelled(visit: Appointment) -> Appointment:
    return visit.cancel(Change(MEI, ago(days=3)), rules=ChangeRules())


def meant(*everything: MessageOfOurs, **how: str) -> str:
    """The visit that is spoken of, "-" for a message about none; else those that could be, with a question mark."""
    found = topic(everything, channel=Channel.SMS, at=NOW, **how)
    if found.about:
        return found.about.visit.id if found.about.visit else "-"
    return "?" + "".join(sorted(one.visit.id if one.visit else "-" for one in found.could_be))


HOUR, DAY = ago(hours=1), ago(days=1)


@pytest.mark.parametrize(
    ("everything", "how", "visit"),
    [
        pytest.param([], {}, "?", id="nothing was ever said"),
        pytest.param([said(A, HOUR)], {}, "a", id="the one message"),
        pytest.param([said(A, HOUR), said(B, DAY)], {}, "a", id="the last of two"),
        pytest.param([said(A, DAY), said(B, HOUR)], {}, "b", id="whichever visit is the sooner"),
        pytest.param([said(A, DAY), said(B, None)], {}, "a", id="one that is not sent yet was not read"),
        pytest.param(
            [said(A, DAY), said(B, HOUR, status=MessageStatus.FAILED)], {}, "a", id="one that failed was not read"
        ),
        pytest.param(
            [said(A, DAY), said(B, HOUR, delivery=Delivery.FAILED)], {}, "a", id="one that bounced was not read"
        ),
        pytest.param(
            [said(A, DAY), said(B, HOUR, status=MessageStatus.SKIPPED)], {}, "a", id="one that was skipped was not read"
        ),
        pytest.param(
            [said(A, DAY), said(B, NOW + timedelta(seconds=1))], {}, "a", id="one sent after they wrote was not read"
        ),
        pytest.param(
            [said(A, DAY), arrived(B, HOUR, NOW + timedelta(minutes=1))], {}, "a", id="one delivered after they wrote"
        ),
        pytest.param([said(A, DAY), said(B, NOW + timedelta(milliseconds=900))], {}, "b", id="within the same second"),
        pytest.param([said(A, DAY), arrived(B, HOUR, HOUR)], {}, "b", id="one of which the receipt came"),
        pytest.param([arrived(A, ago(seconds=1), ahead(seconds=5))], {}, "a", id="its receipt dated by a fast clock"),
        pytest.param([arrived(A, ago(seconds=1), ahead(seconds=6))], {}, "?", id="not there yet, by any clock"),
        pytest.param(
            [arrived(A, DAY, DAY), said(B, HOUR)], {}, "?ab", id="receipts come, and of the last one none has"
        ),
        pytest.param([said(A, HOUR), said(B, HOUR)], {}, "?ab", id="two at once"),
        pytest.param([said(A, HOUR), said(B, HOUR + CLOSE)], {}, "?ab", id="two close together"),
        pytest.param(
            [said(A, HOUR), said(B, HOUR + CLOSE + timedelta(seconds=1))], {}, "b", id="two no longer close together"
        ),
        pytest.param([said(A, HOUR), said(cancelled(B), HOUR)], {}, "?ab", id="one of the two is cancelled by now"),
        pytest.param([said(A, HOUR), said(A, HOUR, "at_risk")], {}, "a", id="two of one visit"),
        pytest.param([said(cancelled(A), HOUR, "cancelled"), said(B, DAY)], {}, "a", id="the last is of what is over"),
        pytest.param([said(None, HOUR, "recall"), said(B, DAY)], {}, "-", id="an invitation is about no visit"),
        pytest.param([said(None, HOUR, "recall"), said(B, HOUR)], {}, "?-b", id="an invitation beside a visit"),
        pytest.param([said(None, HOUR, "survey"), said(B, DAY)], {}, "-", id="the question how it went"),
        pytest.param([said(A, ago(days=4)), said(B, ago(days=9))], {}, "?ab", id="two to come, and long ago"),
        pytest.param([said(A, ago(days=4))], {}, "a", id="one to come, and long ago"),
        pytest.param(
            [said(cancelled(A), ago(days=4)), said(B, ago(days=9))], {}, "a", id="over, and long ago: still that one"
        ),
        pytest.param(
            [said(A, DAY, provider_id="w1"), said(B, HOUR, provider_id="w2")], {"named": "w1"}, "a", id="the one named"
        ),
        pytest.param(
            [said(A, HOUR, provider_id="w1"), said(B, HOUR, provider_id="w2")],
            {"named": "w1"},
            "a",
            id="named, of two at once",
        ),
        pytest.param(
            [said(A, DAY), said(B, HOUR)], {"named": "a#v1#two_days#sms"}, "a", id="named as a gateway was told"
        ),
        pytest.param([said(A, HOUR, provider_id="w1")], {"named": "w9"}, "?a", id="one that nobody knows is named"),
        pytest.param(
            [said(A, HOUR), said(B, None)], {"named": "b#v1#two_days#sms"}, "?a", id="one that never went out is named"
        ),
        pytest.param(
            [said(A, DAY, provider_id="p1"), said(B, HOUR, provider_id="p2")],
            {"latest": "p1"},
            "a",
            id="by then the provider had taken the first alone",
        ),
        pytest.param(
            [said(A, HOUR, provider_id="p1"), said(B, HOUR, provider_id="p2")],
            {"latest": "p2"},
            "?ab",
            id="the last one sent is no name",
        ),
        pytest.param([said(A, HOUR)], {"latest": "p9"}, "a", id="the last one sent is unknown"),
        pytest.param(
            [said(A, DAY, channel=Channel.WHATSAPP), said(B, DAY)], {}, "b", id="what was said elsewhere does not count"
        ),
        pytest.param(
            [said(A, DAY, channel=Channel.WHATSAPP)], {}, "a", id="unless nothing was ever said here to that number"
        ),
        pytest.param(
            [said(A, DAY), said(B, None, status=MessageStatus.SENDING, claimed_until=HOUR)],
            {},
            "?ab",
            id="one that may have gone out, and nobody wrote it down",
        ),
        pytest.param(
            [said(A, None, status=MessageStatus.SENDING, claimed_until=HOUR)], {}, "a", id="just being sent, and alone"
        ),
    ],
)
def test_what_a_reply_is_about(everything: list[MessageOfOurs], how: dict[str, str], visit: str) -> None:
    """The message that is named, else the last that had reached them; of two that could be meant, none is guessed."""
    assert meant(*everything, **how) == visit
    assert meant(*reversed(everything), **how) == visit


ASK = said(A, STARTS + timedelta(minutes=5), "on_my_way")


@pytest.mark.parametrize(
    ("everything", "minutes", "how", "is_asked"),
    [
        pytest.param([ASK], 6, {}, Asked.ON_THE_DAY, id="asked where they are"),
        pytest.param([said(A, DAY), ASK], -1, {}, Asked.BOOKING, id="written before the start, and brought after it"),
        pytest.param([said(A, DAY), ASK], 4, {}, Asked.BOOKING, id="written before the question"),
        pytest.param([ASK], 16, {}, Asked.BOOKING, id="nobody waits any more"),
        pytest.param(
            [said(A, DAY, provider_id="w1"), ASK], 6, {"named": "w1"}, Asked.BOOKING, id="an earlier one is named"
        ),
        pytest.param(
            [ASK, said(A, STARTS + timedelta(minutes=7), "waits")], 8, {}, Asked.ON_THE_DAY, id="after our answer to it"
        ),
        pytest.param(
            [ASK, said(A, STARTS + timedelta(minutes=7), "rescheduled", version=2)],
            8,
            {},
            Asked.BOOKING,
            id="after another matter",
        ),
        pytest.param(
            [ASK, said(None, STARTS + timedelta(minutes=40), "survey")], 41, {}, Asked.HOW_IT_WENT, id="after stars"
        ),
    ],
)
def test_what_a_key_means_is_decided_by_the_message_it_answers_and_by_when_it_was_written(
    everything: list[MessageOfOurs], minutes: int, how: dict[str, str], is_asked: Asked
) -> None:
    """The same key answers the booking, the day's question or the stars, by what was read when it was written."""
    at = STARTS + timedelta(minutes=minutes)
    assert asked(topic(everything, channel=Channel.SMS, at=at, **how), AttendanceRules(), at=at) is is_asked


def confirmed(at: datetime, key: str = "") -> Appointment:
    return A.confirm(Change(CLIENT, at, key=key))


@pytest.mark.parametrize(
    ("visit", "wrote", "has_changed"),
    [
        pytest.param(A, {}, False, id="only booked"),
        pytest.param(confirmed(ago(hours=1)), {}, False, id="confirmed before"),
        pytest.param(confirmed(NOW), {}, False, id="at that very moment"),
        pytest.param(confirmed(NOW + timedelta(seconds=1)), {}, True, id="confirmed since, by the link"),
        pytest.param(
            confirmed(NOW + timedelta(minutes=2), "k"), {"k": ago(minutes=1)}, False, id="by words they wrote before"
        ),
        pytest.param(
            confirmed(NOW + timedelta(minutes=2), "k"), {"k": NOW + timedelta(minutes=1)}, True, id="by later words"
        ),
        pytest.param(A.risk(Change(MEI, NOW + timedelta(hours=1)), high=True), {}, False, id="marked as at risk"),
    ],
)
def test_whether_something_became_of_it_since_they_wrote(
    visit: Appointment, wrote: dict[str, datetime], has_changed: bool
) -> None:
    """A change by anything but their own earlier words makes what they wrote late; a mark of staff's does not."""
    assert changed_since(visit, NOW, wrote) is has_changed


def test_after_a_day_it_is_too_late() -> None:
    assert [is_stale(NOW - age, now=NOW) for age in (timedelta(days=1), timedelta(days=1, seconds=1))] == [False, True]


@dataclass(frozen=True)
class Sent:
    """As hypothesis draws it: minutes before they wrote (or after), and what is known of its arrival."""

    visit: str
    minutes: int
    delivered: int | None
    status: MessageStatus
    name: str


SENT = st.builds(
    Sent,
    visit=st.sampled_from("abc"),
    minutes=st.integers(-2_000, 60),
    delivered=st.none() | st.integers(0, 120),
    status=st.sampled_from([MessageStatus.SENT] * 4 + [MessageStatus.FAILED, MessageStatus.QUEUED]),
    name=st.sampled_from(["w1", "w2", "w3", "w4"]),
)


def _said(one: Sent) -> MessageOfOurs:
    at = NOW + timedelta(minutes=one.minutes)
    how: dict[str, Any] = {"status": one.status, "provider_id": one.name}
    if one.delivered is not None and one.status is MessageStatus.SENT:
        how |= {"delivery": Delivery.DELIVERED, "delivered_at": at + timedelta(minutes=one.delivered)}
    return said(an_appointment(one.visit), at if one.status is MessageStatus.SENT else None, **how)


@given(everything=st.lists(SENT, max_size=6), named=st.sampled_from(["", "w1", "w2"]))
def test_it_is_never_about_a_visit_of_which_nothing_had_reached_them(everything: list[Sent], named: str) -> None:
    """No visit is spoken of that the client had heard nothing of when they wrote."""
    found = topic([_said(one) for one in everything], channel=Channel.SMS, at=NOW, named=named).about
    if found is None:
        return
    assert found.visit
    its = [one for one in everything if one.visit == found.visit.id and one.status is MessageStatus.SENT]
    if named:
        assert any(one.name == named for one in its)
        return
    reached = {
        one.visit: one.minutes + (one.delivered or 0)
        for one in sorted(everything, key=lambda one: one.minutes)
        if one.status is MessageStatus.SENT and one.minutes + (one.delivered or 0) <= 0
    }
    assert found.visit.id in reached
    sent = [one.minutes for one in everything if one.status is MessageStatus.SENT]
    others = [
        one.minutes
        for one in everything
        if one.visit != found.visit.id and one.status is MessageStatus.SENT and one.minutes + (one.delivered or 0) <= 0
    ]
    assert sent
    assert all(found.at - (NOW + timedelta(minutes=other)) > CLOSE for other in others)
