"""Whether a message is sent now, later or never: every case with the reason the ledger shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kept.booking.appointment import Appointment, Slot, book
from kept.booking.history import CLIENT, Actor, Cause
from kept.booking.states import Status
from kept.clients.client import Client, Consent
from kept.messaging.contact_window import QuietHours
from kept.messaging.decision import Decision, Matter, Never, Nothing, Send, StaffMatter, Wait, decide
from kept.messaging.message import Message, MessageStatus
from kept.messaging.purpose import Channel, Purpose
from kept.policy.change_rules import ChangeRules
from kept.reminders.stages import SAME_DAY, TWO_DAYS, Stage

NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai, where the client lives
NIGHT = datetime(2026, 3, 12, 14, 30, tzinfo=UTC)  # 22:30 there
STARTS = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
ADDRESS = "wang.fang@example.com"
STAFF = Actor("staff", "mei")


def a_client(**how: object) -> Client:
    consents = tuple(Consent(Purpose.TRANSACTIONAL, c, NOON, "booking page", "我同意") for c in Channel)
    client = Client("salon", "c_1", "王芳", "zh-Hans", "Asia/Shanghai", email=ADDRESS, consents=consents)
    return replace(client, **how)  # type: ignore[arg-type]


def an_appointment(*, by: Actor = CLIENT, at: datetime = NOON, **how: object) -> Appointment:
    slot = Slot(STARTS, STARTS + timedelta(hours=1), "mei")
    booked = book(
        "salon",
        "a_1",
        service="cut",
        client="c_1",
        tz="Asia/Shanghai",
        slot=slot,
        policy_version=1,
        note="",
        cause=Cause(by, at),
    )
    return replace(booked, **how)  # type: ignore[arg-type]


def a_message(stage: str = "two_days", **how: object) -> Message:
    message = Message(
        business="salon",
        about="a_1",
        version=1,
        stage=stage,
        channel=Channel.EMAIL,
        purpose=Purpose.TRANSACTIONAL,
        recipient="c_1",
        created_at=NOON,
        due_at=NOON,
        useful_until=STARTS,
    )
    return replace(message, **how)  # type: ignore[arg-type]


def decided(
    message: Message | None = None,
    *,
    client: Client | None = None,
    appointment: Appointment | None = None,
    stage: Stage | None = TWO_DAYS,
    address: str | None = ADDRESS,
    now: datetime = NOON,
) -> Decision:
    matter = Matter(client or a_client(), appointment or an_appointment(), QuietHours(), stage)
    return decide(message or a_message(), matter, address=address, now=now)


def test_a_message_that_is_due_true_and_agreed_to_is_sent() -> None:
    assert decided() == Send()


@pytest.mark.parametrize(
    "message",
    [
        pytest.param(a_message(status=MessageStatus.SENT, due_at=None), id="sent"),
        pytest.param(a_message(status=MessageStatus.SKIPPED, due_at=None), id="skipped"),
        pytest.param(a_message(status=MessageStatus.DELAYED, due_at=NOON + timedelta(seconds=1)), id="delayed"),
        pytest.param(a_message(status=MessageStatus.SENDING, claimed_until=NOON + timedelta(minutes=1)), id="claimed"),
    ],
)
def test_what_is_over_claimed_or_not_yet_due_is_left_alone(message: Message) -> None:
    assert decided(message) == Nothing()
    assert decide(message, None, address=None, now=NOON) == Nothing()


CANCELLED = an_appointment(status=Status.CANCELLED)
CONFIRMED = an_appointment(status=Status.CONFIRMED)
NO_SHOW = an_appointment(status=Status.NO_SHOW)
ARRIVED = an_appointment(status=Status.ARRIVED)
MOVED = an_appointment().reschedule(
    Slot(STARTS + timedelta(days=1), STARTS + timedelta(days=1, hours=1), "mei"),
    Cause(CLIENT, NOON),
    rules=ChangeRules(),
)


@pytest.mark.parametrize(
    ("stage", "appointment", "reason"),
    [
        pytest.param("two_days", CANCELLED, "skipped: cancelled", id="a reminder of a cancelled one"),
        pytest.param("confirmation", CANCELLED, "skipped: cancelled", id="a confirmation of a cancelled one"),
        pytest.param("two_days", MOVED, "skipped: moved to another time", id="a reminder of the old time"),
        pytest.param("confirmation", MOVED, "skipped: moved to another time", id="a confirmation of the old time"),
        pytest.param("same_day", ARRIVED, "skipped: already here", id="a reminder to who is here"),
        pytest.param("on_my_way", ARRIVED, "skipped: already here", id="are you on your way, to who is here"),
        pytest.param("on_my_way", NO_SHOW, "skipped: marked as a no-show", id="are you on your way, after the mark"),
        pytest.param("missed_you", ARRIVED, "skipped: already here", id="missed you, to who came after all"),
        pytest.param("missed_you", CANCELLED, "skipped: cancelled", id="missed you, after it was our fault"),
        pytest.param("cancelled", CONFIRMED, "skipped: still expected", id="cancelled, of one that is not"),
    ],
)
def test_what_is_not_true_any_more_is_skipped(stage: str, appointment: Appointment, reason: str) -> None:
    decision = decided(a_message(stage), appointment=appointment, stage=None)
    assert isinstance(decision, Never)
    assert (decision.status, decision.reason) == (MessageStatus.SKIPPED, reason)


@pytest.mark.parametrize(
    ("stage", "appointment"),
    [
        pytest.param("cancelled", CANCELLED, id="the cancellation itself"),
        pytest.param("missed_you", NO_SHOW, id="missed you"),
        pytest.param("on_my_way", CONFIRMED, id="are you on your way"),
        pytest.param("same_day", CONFIRMED, id="a stage that a confirmed client still gets"),
    ],
)
def test_each_text_is_sent_in_the_state_it_speaks_of(stage: str, appointment: Appointment) -> None:
    assert decided(a_message(stage), appointment=appointment, stage=SAME_DAY) == Send()


UNLESS_CONFIRMED = replace(TWO_DAYS, unless_confirmed=True)
LATER = STARTS + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("decision", "status", "reason"),
    [
        pytest.param(
            decided(appointment=CONFIRMED, stage=UNLESS_CONFIRMED), "skipped", "already confirmed", id="confirmed"
        ),
        pytest.param(decided(now=STARTS), "missed", "too late to be of use", id="it has begun"),
        pytest.param(decided(appointment=CANCELLED, now=LATER), "skipped", "cancelled", id="begun and cancelled"),
        pytest.param(decided(address=None), "skipped", "no address for email", id="no address"),
        pytest.param(
            decided(client=a_client(consents=())), "skipped", "no consent for email", id="no consent was given"
        ),
        pytest.param(
            decided(a_message(channel=Channel.SMS), client=a_client(consents=a_client().consents[:1])),
            "skipped",
            "no consent for sms",
            id="consent for another channel",
        ),
        pytest.param(
            decided(client=a_client(consents=(replace(a_client().consents[0], withdrawn_at=NOON),))),
            "skipped",
            "no consent for email",
            id="consent withdrawn",
        ),
        pytest.param(
            decided(a_message(purpose=Purpose.PROMOTIONAL)), "skipped", "no consent for email", id="other purpose"
        ),
        pytest.param(decided(client=a_client(do_not_disturb=True)), "skipped", "do not disturb", id="do not disturb"),
        pytest.param(decided(a_message(attempts=6)), "failed", "given up after 6 attempts", id="tried enough"),
        pytest.param(
            decided(a_message(status=MessageStatus.SENDING, purpose=Purpose.PROMOTIONAL)),
            "failed",
            "in doubt whether it was sent",
            id="an advertisement in doubt",
        ),
        pytest.param(
            decided(a_message(status=MessageStatus.SENDING, in_doubt=True)),
            "failed",
            "in doubt whether it was sent",
            id="in doubt a second time",
        ),
        pytest.param(
            decide(a_message(), None, address=None, now=NOON),
            "skipped",
            "the client or the appointment is gone",
            id="an erased client",
        ),
        pytest.param(
            decided(a_message(useful_until=NIGHT + timedelta(hours=9)), now=NIGHT),
            "missed",
            "quiet hours until 08:00",
            id="of no use after the quiet hours",
        ),
    ],
)
def test_what_is_never_sent_says_why(decision: Decision, status: str, reason: str) -> None:
    assert decision == Never(MessageStatus(status), reason)


def test_a_booking_message_in_doubt_is_sent_once_more() -> None:
    assert decided(a_message(status=MessageStatus.SENDING)) == Send()


@pytest.mark.parametrize(
    ("stage", "appointment", "waits"),
    [
        pytest.param("two_days", an_appointment(), True, id="a reminder"),
        pytest.param("missed_you", NO_SHOW, True, id="missed you"),
        pytest.param("confirmation", an_appointment(at=NIGHT), False, id="the client booked just now"),
        pytest.param("confirmation", an_appointment(at=NIGHT - timedelta(minutes=11)), True, id="eleven minutes ago"),
        pytest.param("confirmation", an_appointment(at=NIGHT, by=STAFF), True, id="staff booked for them"),
        pytest.param("on_my_way", an_appointment(), False, id="at the hour of the appointment itself"),
    ],
)
def test_quiet_hours_delay_all_but_the_answer_to_who_is_awake(
    stage: str, appointment: Appointment, waits: bool
) -> None:
    morning = datetime(2026, 3, 13, 0, 0, tzinfo=UTC)
    expected = Wait(morning, "delayed: quiet hours until 08:00") if waits else Send()
    assert decided(a_message(stage), appointment=appointment, stage=None, now=NIGHT) == expected


def test_a_client_who_moves_or_cancels_at_night_is_answered_at_once() -> None:
    slot = Slot(STARTS + timedelta(days=1), STARTS + timedelta(days=1, hours=1), "mei")
    moved = an_appointment().reschedule(slot, Cause(CLIENT, NIGHT), rules=ChangeRules())
    cancelled = moved.cancel(Cause(CLIENT, NIGHT), rules=ChangeRules())
    assert decided(a_message("rescheduled", version=2), appointment=moved, now=NIGHT) == Send()
    assert decided(a_message("cancelled", version=2), appointment=cancelled, now=NIGHT) == Send()


@pytest.mark.parametrize(
    ("message", "address", "expected"),
    [
        pytest.param(a_message("follow_up_breached"), "mei@example.com", Send(), id="in the night"),
        pytest.param(
            a_message("follow_up_breached"), None, Never(MessageStatus.SKIPPED, "no address for email"), id="no address"
        ),
        pytest.param(
            a_message("follow_up_breached", useful_until=NIGHT),
            "mei@example.com",
            Never(MessageStatus.MISSED, "too late to be of use"),
            id="too late",
        ),
    ],
)
def test_staff_are_told_at_any_hour(message: Message, address: str | None, expected: Decision) -> None:
    assert decide(replace(message, purpose=Purpose.STAFF), StaffMatter(), address=address, now=NIGHT) == expected
