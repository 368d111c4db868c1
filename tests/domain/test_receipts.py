"""What a receipt makes of a message and its client: in any order, and however often it comes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from kept.channels import Channel, Purpose
from kept.clients.client import Client
from kept.clients.consent import Consent, ConsentWord
from kept.messaging.inbound import Receipt, ReceiptStatus
from kept.messaging.message import Delivery, Message, MessageStatus
from kept.messaging.receipts import reached, told
from kept.reasons import Code, because
from tests.builders import a_client
from tests.reasons import short, why

NOON = datetime(2026, 3, 12, 4, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
QUEUED = Message("lotus", "a-1", 1, "two_days", Channel.SMS, Purpose.TRANSACTIONAL, "c-1", created_at=NOON, due_at=NOON)
CLAIMED = QUEUED.claimed(until=NOON + 2 * MINUTE)
SENT = CLAIMED.sent(at=NOON, provider_id="p-1", look_at=NOON + 60 * MINUTE)


def a_receipt(tells: ReceiptStatus, *, minutes: int = 1, channel: Channel = Channel.SMS, why: str = "") -> Receipt:
    reason = because(Code.IN_THEIR_WORDS, words=why) if why else None
    return Receipt(channel, tells, NOON + minutes * MINUTE, provider_id="p-1", why=reason)


@pytest.mark.parametrize("tells", ReceiptStatus)
def test_a_receipt_that_comes_twice_changes_nothing_more(tells: ReceiptStatus) -> None:
    """The very same object, by which the caller sees that there is nothing to write."""
    for message in (SENT, CLAIMED, replace(SENT, channel=Channel.WHATSAPP)):
        once = told(message, a_receipt(tells))
        assert told(once, a_receipt(tells)) is once


@pytest.mark.parametrize(
    ("tells", "delivery", "status"),
    [
        pytest.param(ReceiptStatus.DELIVERED, Delivery.DELIVERED, MessageStatus.SENT, id="delivered"),
        pytest.param(ReceiptStatus.READ, Delivery.READ, MessageStatus.SENT, id="read"),
        pytest.param(ReceiptStatus.COMPLAINED, Delivery.DELIVERED, MessageStatus.SENT, id="who complains has got it"),
        pytest.param(ReceiptStatus.FAILED, Delivery.FAILED, MessageStatus.FAILED, id="failed"),
        pytest.param(ReceiptStatus.BOUNCED, Delivery.FAILED, MessageStatus.FAILED, id="bounced"),
        pytest.param(ReceiptStatus.OPTED_OUT, Delivery.FAILED, MessageStatus.SUPPRESSED, id="opted out"),
    ],
)
def test_the_message_shows_what_became_of_it(tells: ReceiptStatus, delivery: Delivery, status: MessageStatus) -> None:
    """Staff see it as arrived, failed or suppressed, and it is not looked at again."""
    after = told(SENT, a_receipt(tells))
    assert (after.delivery, after.status, after.due_at) == (delivery, status, None)


@pytest.mark.parametrize(
    ("receipt", "reason"),
    [
        pytest.param(a_receipt(ReceiptStatus.FAILED), "failed: not_delivered", id="failed"),
        pytest.param(
            a_receipt(ReceiptStatus.FAILED, why="the phone is off"),
            "failed: in_their_words the phone is off",
            id="with a reason",
        ),
        pytest.param(a_receipt(ReceiptStatus.BOUNCED), "failed: no_such_address", id="bounced"),
        pytest.param(a_receipt(ReceiptStatus.OPTED_OUT), "suppressed: opted_out", id="opted out"),
    ],
)
def test_what_did_not_arrive_says_why(receipt: Receipt, reason: str) -> None:
    """In the provider's own words where there are some, else by the kind of failure."""
    assert why(told(SENT, receipt)) == reason


def test_one_that_is_delivered_and_can_be_read_is_still_waited_for() -> None:
    """WhatsApp may tell that it was read as well; only then is the message done with."""
    by_whatsapp = replace(SENT, channel=Channel.WHATSAPP)
    delivered = told(by_whatsapp, a_receipt(ReceiptStatus.DELIVERED))
    assert delivered.due_at == SENT.due_at
    assert told(delivered, a_receipt(ReceiptStatus.READ)).due_at is None


@pytest.mark.parametrize(
    "receipts",
    [
        pytest.param([ReceiptStatus.DELIVERED, ReceiptStatus.READ], id="delivered and read"),
        pytest.param([ReceiptStatus.READ, ReceiptStatus.DELIVERED, ReceiptStatus.COMPLAINED], id="and marked as spam"),
        pytest.param([ReceiptStatus.FAILED, ReceiptStatus.DELIVERED], id="an attempt failed and another arrived"),
    ],
)
def test_the_order_of_the_receipts_does_not_matter(receipts: list[ReceiptStatus]) -> None:
    """Also when they come before the send itself is recorded."""
    for before in (SENT, CLAIMED):
        ends = set()
        for order in permutations(receipts):
            message = before
            for minutes, tells in enumerate(order):
                message = told(message, a_receipt(tells, minutes=minutes))
            ends.add((message.status, message.delivery, message.is_owed, message.due_at is None, message.reason))
        assert len(ends) == 1
        assert ends.pop()[0] is MessageStatus.SENT


def test_the_first_of_each_tells_when() -> None:
    """Receipts that are repeated later do not move the moments that staff see."""
    message = SENT
    for minutes, tells in enumerate(
        [ReceiptStatus.FAILED, ReceiptStatus.DELIVERED, ReceiptStatus.READ, ReceiptStatus.READ, ReceiptStatus.DELIVERED]
    ):
        message = told(message, a_receipt(tells, minutes=minutes))
    assert (message.sent_at, message.delivered_at, message.read_at) == (NOON, NOON + MINUTE, NOON + 2 * MINUTE)


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        pytest.param(CLAIMED, "", id="while it is being sent"),
        pytest.param(CLAIMED.claimed(until=NOON + 4 * MINUTE), "sent: sent_again", id="sent again"),
        pytest.param(CLAIMED.delayed(until=NOON + MINUTE, reason=because(Code.PROVIDER_BUSY)), "", id="wait"),
        pytest.param(
            CLAIMED.over(MessageStatus.FAILED, reason=because(Code.IN_DOUBT)),
            "",
            id="given up in doubt",
        ),
    ],
)
def test_that_it_arrived_settles_every_doubt(before: Message, reason: str) -> None:
    """Whatever was feared meanwhile, it counts as sent and waits for nothing more."""
    after = told(before, a_receipt(ReceiptStatus.DELIVERED))
    assert (after.status, why(after), after.due_at, after.claimed_until) == (MessageStatus.SENT, reason, None, None)
    assert (after.sent_at, after.provider_id) == (NOON + MINUTE, "p-1")


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(QUEUED, id="not tried yet"),
        pytest.param(
            QUEUED.over(MessageStatus.SKIPPED, reason=because(Code.CANCELLED)), id="skipped before any attempt"
        ),
    ],
)
@pytest.mark.parametrize("tells", ReceiptStatus)
def test_what_was_never_tried_has_no_receipts(before: Message, tells: ReceiptStatus) -> None:
    """One that names it by mistake cannot make it sent or failed."""
    assert told(before, a_receipt(tells)) is before


def test_a_failure_that_is_told_late_changes_nothing_that_is_over() -> None:
    """What was skipped for good reason does not become a failure by it."""
    skipped = CLAIMED.over(MessageStatus.SKIPPED, reason=because(Code.CANCELLED))
    assert told(skipped, a_receipt(ReceiptStatus.FAILED)) is skipped


CONSENT = Consent(Purpose.PROMOTIONAL, Channel.EMAIL, NOON, "page of preferences", "yes")
CLIENT = replace(a_client().stating(CONSENT), phone="+8613800138000")


@pytest.mark.parametrize(
    ("tells", "because_of"),
    [
        pytest.param(ReceiptStatus.BOUNCED, "no_such_address", id="bounced"),
        pytest.param(ReceiptStatus.OPTED_OUT, "opted_out", id="opted out"),
        pytest.param(ReceiptStatus.COMPLAINED, "", id="complained"),
        pytest.param(ReceiptStatus.FAILED, "", id="failed"),
        pytest.param(ReceiptStatus.DELIVERED, "", id="delivered"),
        pytest.param(ReceiptStatus.READ, "", id="read"),
    ],
)
def test_an_address_that_is_wrong_or_wants_nothing_more_is_left_alone(tells: ReceiptStatus, because_of: str) -> None:
    """Only over that channel, and not for a single failure or a complaint."""
    after = reached(CLIENT, a_receipt(tells))
    assert short(after.stopped_because(Channel.SMS)) == because_of
    assert after.stopped_because(Channel.WHATSAPP) is None


@pytest.mark.parametrize("tells", ReceiptStatus)
def test_a_client_of_whom_it_is_told_twice_is_as_they_were(tells: ReceiptStatus) -> None:
    once = reached(CLIENT, a_receipt(tells, channel=Channel.EMAIL))
    assert reached(once, a_receipt(tells, channel=Channel.EMAIL, minutes=9)) is once


def test_who_marks_a_message_as_spam_is_not_invited_any_more_but_still_reminded() -> None:
    """Their visits still matter to them: only their word for advertising is withdrawn."""
    after = reached(CLIENT, a_receipt(ReceiptStatus.COMPLAINED, channel=Channel.EMAIL))
    assert after.said(Purpose.PROMOTIONAL, Channel.EMAIL) is ConsentWord.WITHDRAWN
    assert after.agreed(Purpose.TRANSACTIONAL, Channel.EMAIL)
    assert (after.consents[-1].source, after.consents[-1].words) == ("email complaint", "marked_spam")


def test_a_client_without_that_address_is_left_as_they_are() -> None:
    """A receipt for a number they gave up says nothing of them."""
    nobody: Client = replace(CLIENT, phone=None)
    assert reached(nobody, a_receipt(ReceiptStatus.BOUNCED)) is nobody


@pytest.mark.parametrize("address", ["other@example.com", "ANN@example.com", ""])
def test_a_complaint_from_an_address_that_is_not_theirs_says_nothing_of_them(address: str) -> None:
    """One that a booking of theirs had alone; from their own it ends invitations."""
    spam = a_receipt(ReceiptStatus.COMPLAINED, channel=Channel.EMAIL)
    assert reached(CLIENT, spam, at=address) is CLIENT
    assert (
        reached(CLIENT, spam, at=CLIENT.address(Channel.EMAIL)).said(Purpose.PROMOTIONAL, Channel.EMAIL)
        is ConsentWord.WITHDRAWN
    )
