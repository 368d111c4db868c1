"""Whether a message is sent now, later or never: every case with the reason the ledger shows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kept.actor import CLIENT, Actor, Change
from kept.booking.appointment import Appointment, Slot, book
from kept.booking.states import Status
from kept.business.change_rules import ChangeRules
from kept.business.reminder_stages import SAME_DAY, TWO_DAYS, Stage
from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord, Stopped
from kept.messaging.decision import (
    Decision,
    DeliveryContext,
    Done,
    Never,
    NotDue,
    Send,
    StaffMatter,
    Undelivered,
    Wait,
    decide,
)
from kept.messaging.message import Delivery, Message, MessageStatus
from kept.reasons import Code, because
from tests.builders import a_catalog
from tests.reasons import short

NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai, where the client lives


def there(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo("Asia/Shanghai"))


NIGHT = datetime(2026, 3, 12, 14, 30, tzinfo=UTC)  # 22:30 there
EIGHT = datetime(2026, 3, 13, 0, 0, tzinfo=UTC)
STARTS = datetime(2026, 3, 14, 6, 0, tzinfo=UTC)
ADDRESS, NUMBER = "wang.fang@example.com", "+8613800138000"
STAFF = Actor("staff", "mei")
SALON = a_catalog().business
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def a_client(**how: object) -> Client:
    consents = tuple(Consent(Purpose.TRANSACTIONAL, c, NOON, "booking page", "我同意") for c in Channel)
    client = Client("salon", "c_1", "王芳", "zh-Hans", "Asia/Shanghai", NUMBER, ADDRESS, consents=consents)
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
        change=Change(by, at),
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
    matter = DeliveryContext(client or a_client(), SALON, appointment or an_appointment(), stage)
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
    """What is done or in another's hands is not sent a second time."""
    assert decided(message) == NotDue()
    assert decide(message, None, address=None, now=NOON) == NotDue()


CANCELLED = an_appointment(status=Status.CANCELLED)
CONFIRMED = an_appointment(status=Status.CONFIRMED)
NO_SHOW = an_appointment(status=Status.NO_SHOW)
ARRIVED = an_appointment(status=Status.ARRIVED)
MOVED = an_appointment().reschedule(
    Slot(STARTS + timedelta(days=1), STARTS + timedelta(days=1, hours=1), "mei"),
    Change(CLIENT, NOON),
    rules=ChangeRules(),
)


@pytest.mark.parametrize(
    ("stage", "appointment", "reason"),
    [
        pytest.param("two_days", CANCELLED, "skipped: cancelled", id="a reminder of a cancelled one"),
        pytest.param("confirmation", CANCELLED, "skipped: cancelled", id="a confirmation of a cancelled one"),
        pytest.param("two_days", MOVED, "skipped: moved", id="a reminder of the old time"),
        pytest.param("confirmed", MOVED, "skipped: moved", id="the thanks for confirming the old time"),
        pytest.param(
            "two_days",
            replace(MOVED, status=Status.CANCELLED),
            "skipped: cancelled",
            id="a reminder of one that was moved and cancelled",
        ),
        pytest.param("two_days", replace(ARRIVED, status=Status.IN_SERVICE), "skipped: already_here", id="in service"),
        pytest.param("two_days", replace(ARRIVED, status=Status.COMPLETED), "skipped: already_over", id="over"),
        pytest.param("missed_you", an_appointment(), "skipped: still_expected", id="missed you, to who is expected"),
        pytest.param("confirmation", MOVED, "skipped: moved", id="a confirmation of the old time"),
        pytest.param("same_day", ARRIVED, "skipped: already_here", id="a reminder to who is here"),
        pytest.param("on_my_way", ARRIVED, "skipped: already_here", id="are you on your way, to who is here"),
        pytest.param("on_my_way", NO_SHOW, "skipped: marked_no_show", id="are you on your way, after the mark"),
        pytest.param("missed_you", ARRIVED, "skipped: already_here", id="missed you, to who came after all"),
        pytest.param("missed_you", CANCELLED, "skipped: cancelled", id="missed you, after it was our fault"),
        pytest.param("cancelled", CONFIRMED, "skipped: still_expected", id="cancelled, of one that is not"),
    ],
)
def test_what_is_not_true_any_more_is_skipped(stage: str, appointment: Appointment, reason: str) -> None:
    """Nobody is reminded of, asked about or thanked for what has changed since, and the ledger says why."""
    decision = decided(a_message(stage), appointment=appointment, stage=None)
    assert isinstance(decision, Never)
    assert f"{decision.status}: {short(decision.reason)}" == reason


@pytest.mark.parametrize(
    ("stage", "appointment"),
    [
        pytest.param("cancelled", CANCELLED, id="the cancellation itself"),
        pytest.param("missed_you", NO_SHOW, id="missed you"),
        pytest.param("on_my_way", CONFIRMED, id="are you on your way"),
        pytest.param("same_day", CONFIRMED, id="a stage that a confirmed client still gets"),
        pytest.param("confirmed", CONFIRMED, id="the thanks for confirming"),
        pytest.param("received", CANCELLED, id="their words were received, after it was cancelled"),
        pytest.param("received", MOVED, id="their words were received, after it was moved"),
    ],
)
def test_each_text_is_sent_in_the_state_it_speaks_of(stage: str, appointment: Appointment) -> None:
    """That their words were received is true in any state."""
    assert decided(a_message(stage), appointment=appointment, stage=SAME_DAY) == Send()


UNLESS_CONFIRMED = replace(TWO_DAYS, unless_confirmed=True)
LATER = STARTS + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("decision", "status", "why"),
    [
        pytest.param(
            decided(appointment=CONFIRMED, stage=UNLESS_CONFIRMED), "skipped", "already_confirmed", id="confirmed"
        ),
        pytest.param(decided(now=STARTS), "missed", "of_no_use", id="it has begun"),
        pytest.param(decided(appointment=CANCELLED, now=LATER), "skipped", "cancelled", id="begun and cancelled"),
        pytest.param(decided(client=a_client(do_not_disturb=True)), "skipped", "do_not_disturb", id="do not disturb"),
        pytest.param(
            decided(a_message(status=MessageStatus.SENDING, purpose=Purpose.PROMOTIONAL)),
            "failed",
            "in_doubt",
            id="an advertisement in doubt",
        ),
        pytest.param(
            decided(a_message(status=MessageStatus.SENDING, in_doubt=True)),
            "failed",
            "in_doubt",
            id="in doubt a second time",
        ),
        pytest.param(
            decide(a_message(), None, address=None, now=NOON),
            "skipped",
            "gone",
            id="an erased client",
        ),
        pytest.param(
            decided(a_message(useful_until=NIGHT + timedelta(hours=9)), now=NIGHT),
            "missed",
            "quiet_hours 2026-03-13 08:00",
            id="of no use after the quiet hours",
        ),
    ],
)
def test_what_is_never_sent_says_why(decision: Decision, status: str, why: str) -> None:
    """Nor is another channel tried, for the reason holds there as well."""
    assert isinstance(decision, Never)
    assert (decision.status, short(decision.reason), decision.elsewhere) == (status, why, False)


EMAIL_ONLY = a_client(consents=(Consent(Purpose.TRANSACTIONAL, Channel.EMAIL, NOON, "booking page", "我同意"),))
DAY_AGO = NOON - timedelta(hours=24)


@pytest.mark.parametrize(
    ("decision", "status", "why"),
    [
        pytest.param(decided(address=None), "skipped", "no_address email", id="no address"),
        pytest.param(decided(client=a_client(consents=())), "skipped", "no_consent email", id="no consent"),
        pytest.param(
            decided(a_message(channel=Channel.SMS), client=EMAIL_ONLY),
            "skipped",
            "no_consent sms",
            id="consent for another channel",
        ),
        pytest.param(
            decided(client=EMAIL_ONLY.stating(replace(EMAIL_ONLY.consents[0], said=ConsentWord.WITHDRAWN))),
            "skipped",
            "no_consent email",
            id="consent withdrawn",
        ),
        pytest.param(
            decided(client=EMAIL_ONLY.stating(replace(EMAIL_ONLY.consents[0], said=ConsentWord.ASKED_FOR))),
            "skipped",
            "no_consent email",
            id="consent not yet confirmed",
        ),
        pytest.param(
            decided(a_message(purpose=Purpose.PROMOTIONAL)), "skipped", "no_consent email", id="another purpose"
        ),
        pytest.param(
            decided(client=a_client(stopped=(Stopped(Channel.EMAIL, ADDRESS, NOON, because(Code.OPTED_OUT)),))),
            "suppressed",
            "opted_out",
            id="opted out",
        ),
        pytest.param(
            decided(a_message(attempts=3, down_since=DAY_AGO)),
            "failed",
            "given_up 3",
            id="the provider has taken nothing for a day",
        ),
        pytest.param(decided(a_message(attempts=50)), "failed", "given_up 50", id="it was throttled for a day"),
        pytest.param(
            decided(a_message(attempts=2, down_since=NOON - HOUR)), "failed", "provider_down", id="down for long"
        ),
    ],
)
def test_where_the_channel_stands_in_the_way_another_may_do(decision: Decision, status: str, why: str) -> None:
    """What is wrong with one way to a client does not keep the message from them."""
    assert isinstance(decision, Never)
    assert (decision.status, short(decision.reason), decision.elsewhere) == (status, why, True)


@pytest.mark.parametrize(
    ("message", "client"),
    [
        pytest.param(a_message(attempts=1, created_at=DAY_AGO), a_client(), id="old, and refused for the first time"),
        pytest.param(a_message(attempts=49), a_client(), id="refused many times"),
        pytest.param(a_message(attempts=1, down_since=NOON - 59 * MINUTE), a_client(), id="down for 59 minutes"),
        pytest.param(a_message(attempts=9, down_since=NOON - 23 * HOUR), EMAIL_ONLY, id="down, and no other channel"),
    ],
)
def test_what_a_provider_did_not_take_is_tried_again(message: Message, client: Client) -> None:
    """For an hour where another channel could do it, for a day where none can."""
    assert decided(message, client=client) == Send()


def test_a_provider_that_was_down_before_the_night_is_asked_again_after_it() -> None:
    """Quiet hours are no time that it was down."""
    down = a_message(attempts=2, down_since=NIGHT - 30 * MINUTE)
    decision = decided(down, now=NIGHT)
    assert isinstance(decision, Wait)
    delayed = down.delayed(until=decision.until, reason=decision.reason)
    assert decided(delayed, now=decision.until) == Send()


TEN = datetime(2026, 3, 12, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai
INVITED = Consent(Purpose.PROMOTIONAL, Channel.EMAIL, NOON - timedelta(days=9), "page of preferences", "好")
WANTS_MORE = a_client(consents=(INVITED,))


def a_recall(**how: object) -> Message:
    recall = a_message("recall", about="c_1", purpose=Purpose.PROMOTIONAL, created_at=TEN - DAY, due_at=TEN - DAY)
    return replace(recall, useful_until=None, **how)  # type: ignore[arg-type]


def recalled(message: Message, *, client: Client = WANTS_MORE, now: datetime = TEN) -> Decision:
    return decide(message, DeliveryContext(client, SALON), address=ADDRESS, now=now)


@pytest.mark.parametrize(
    ("decision", "expected"),
    [
        pytest.param(recalled(a_recall()), Send(), id="at ten"),
        pytest.param(
            recalled(a_recall(), now=TEN - 2 * HOUR),
            Wait(TEN, because(Code.OUTSIDE_BEST_HOURS, until=there(TEN))),
            id="8",
        ),
        pytest.param(
            recalled(a_recall(), now=TEN - 9 * HOUR),
            Wait(TEN, because(Code.OUTSIDE_BEST_HOURS, until=there(TEN))),
            id="in the night it waits once, not first for the morning",
        ),
        pytest.param(
            recalled(a_recall(), client=replace(WANTS_MORE, invited_at=(TEN - DAY, TEN - 6 * DAY))),
            Wait(TEN + DAY, because(Code.INVITED_ENOUGH, most=2, days=7, until=there(TEN + DAY))),
            id="enough for this week",
        ),
        pytest.param(
            recalled(a_recall(attempts=1), client=replace(WANTS_MORE, invited_at=(TEN - MINUTE, TEN - 6 * DAY))),
            Send(),
            id="tried before and counted already",
        ),
        pytest.param(
            recalled(replace(a_recall(), useful_until=TEN), now=TEN - 2 * HOUR),
            Never(MessageStatus.MISSED, because(Code.OUTSIDE_BEST_HOURS, until=there(TEN))),
            id="of no use by then",
        ),
        pytest.param(
            recalled(a_recall(), client=replace(WANTS_MORE, do_not_disturb=True)),
            Never(MessageStatus.SKIPPED, because(Code.DO_NOT_DISTURB)),
            id="do not disturb",
        ),
        pytest.param(
            recalled(a_recall(), client=WANTS_MORE.stating(replace(INVITED, said=ConsentWord.WITHDRAWN))),
            Never(MessageStatus.SKIPPED, because(Code.NO_CONSENT, channel="email"), elsewhere=True),
            id="unsubscribed",
        ),
        pytest.param(recalled(a_recall(attempts=4, down_since=TEN - 5 * HOUR)), Send(), id="waits for its provider"),
    ],
)
def test_an_invitation_has_hours_and_caps_of_its_own(decision: Decision, expected: Decision) -> None:
    """It waits for them and says so; without consent it is never sent."""
    assert decision == expected


def test_an_invitation_is_not_sent_after_them_over_another_channel() -> None:
    """A message about a booking is; nobody is pressed to come back."""
    both = a_client(consents=(INVITED, replace(INVITED, channel=Channel.SMS)))
    assert DeliveryContext(both, SALON).another(a_recall(), now=TEN) is None
    assert DeliveryContext(a_client(), SALON).another(a_message(), now=TEN) == a_message(
        channel=Channel.SMS, tried=(Channel.EMAIL,), created_at=TEN, due_at=TEN
    )


SENT = a_message(status=MessageStatus.SENT, sent_at=NOON, due_at=NOON + HOUR)
BY_WHATSAPP = replace(SENT, channel=Channel.WHATSAPP)
ACTED = Change(CLIENT, NOON + MINUTE)


@pytest.mark.parametrize(
    ("message", "appointment", "expected"),
    [
        pytest.param(SENT, None, Undelivered(because(Code.NOT_DELIVERED_ELSEWHERE)), id="nothing was heard of it"),
        pytest.param(BY_WHATSAPP, None, Undelivered(because(Code.NOT_READ_ELSEWHERE)), id="nor read"),
        pytest.param(
            replace(BY_WHATSAPP, delivery=Delivery.DELIVERED),
            None,
            Undelivered(because(Code.NOT_READ_ELSEWHERE)),
            id="delivered and not read",
        ),
        pytest.param(replace(SENT, delivery=Delivery.DELIVERED), None, Done(), id="delivered"),
        pytest.param(replace(BY_WHATSAPP, delivery=Delivery.READ), None, Done(), id="read"),
        pytest.param(SENT, CANCELLED, Done(), id="cancelled since"),
        pytest.param(SENT, an_appointment().confirm(ACTED), Done(), id="the client confirmed since"),
        pytest.param(
            SENT,
            an_appointment().confirm(replace(ACTED, by=STAFF)),
            Undelivered(because(Code.NOT_DELIVERED_ELSEWHERE)),
            id="staff confirmed for them",
        ),
        pytest.param(
            SENT,
            an_appointment().confirm(Change(CLIENT, NOON - MINUTE)),
            Undelivered(because(Code.NOT_DELIVERED_ELSEWHERE)),
            id="they confirmed before",
        ),
        pytest.param(replace(SENT, useful_until=NOON + HOUR), None, Done(), id="of no use any more"),
        pytest.param(replace(SENT, purpose=Purpose.PROMOTIONAL), None, Done(), id="an invitation"),
        pytest.param(replace(SENT, tried=(Channel.SMS,)), None, Done(), id="the other channel was tried before"),
    ],
)
def test_what_was_sent_and_not_seen_goes_over_the_next_channel(
    message: Message, appointment: Appointment | None, expected: Decision
) -> None:
    """The booking itself, in the same instant, is no answer to it."""
    assert decided(message, appointment=appointment, now=NOON + HOUR) == expected


def test_nobody_waits_for_the_arrival_of_what_staff_are_told() -> None:
    assert decide(SENT, StaffMatter(), address=ADDRESS, now=NOON + HOUR) == Done()
    assert decide(SENT, None, address=None, now=NOON + HOUR) == Done()


def test_a_booking_message_in_doubt_is_sent_once_more() -> None:
    """Rather twice than never: a client has to know when they are expected."""
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
    """Whoever has just booked is awake; whom staff booked may be asleep."""
    morning = datetime(2026, 3, 13, 0, 0, tzinfo=UTC)
    expected = Wait(morning, because(Code.QUIET_HOURS, until=there(morning))) if waits else Send()
    assert decided(a_message(stage), appointment=appointment, stage=None, now=NIGHT) == expected


def test_a_client_who_moves_or_cancels_at_night_is_answered_at_once() -> None:
    """What staff move at night waits for the morning."""
    slot = Slot(STARTS + timedelta(days=1), STARTS + timedelta(days=1, hours=1), "mei")
    moved = an_appointment().reschedule(slot, Change(CLIENT, NIGHT), rules=ChangeRules())
    cancelled = moved.cancel(Change(CLIENT, NIGHT), rules=ChangeRules())
    moved_on = moved.reschedule(slot, Change(STAFF, NIGHT), rules=ChangeRules())
    assert decided(a_message("rescheduled", version=2), appointment=moved, now=NIGHT) == Send()
    assert isinstance(decided(a_message("rescheduled", version=3), appointment=moved_on, now=NIGHT), Wait)
    assert decided(a_message("cancelled", version=2), appointment=cancelled, now=NIGHT) == Send()


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(NIGHT - timedelta(minutes=10), Send(), id="ten minutes ago"),
        pytest.param(
            NIGHT - timedelta(minutes=11),
            Wait(EIGHT, because(Code.QUIET_HOURS, until=there(EIGHT))),
            id="eleven minutes ago",
        ),
    ],
)
def test_who_writes_at_night_is_answered_while_they_are_awake(written: datetime, expected: Decision) -> None:
    """For ten minutes after their words; later it waits for the morning."""
    answer = a_message("waits", occasion="r-1", created_at=written, due_at=written)
    assert decided(answer, now=NIGHT) == expected


@pytest.mark.parametrize(
    ("message", "address", "expected"),
    [
        pytest.param(a_message("follow_up_breached"), "mei@example.com", Send(), id="in the night"),
        pytest.param(
            a_message("follow_up_breached"),
            None,
            Never(MessageStatus.SKIPPED, because(Code.NO_ADDRESS, channel="email"), elsewhere=True),
            id="no address",
        ),
        pytest.param(
            a_message("follow_up_breached", useful_until=NIGHT),
            "mei@example.com",
            Never(MessageStatus.MISSED, because(Code.OF_NO_USE)),
            id="too late",
        ),
    ],
)
def test_staff_are_told_at_any_hour(message: Message, address: str | None, expected: Decision) -> None:
    """Quiet hours are for clients; what is too late or has no address is not sent to staff either."""
    assert decide(replace(message, purpose=Purpose.STAFF), StaffMatter(), address=address, now=NIGHT) == expected
