"""Receipts that come in: in any order and however often, before the send is recorded, and after its sender died."""

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest

from kept.channels import Channel, Purpose
from kept.clients.consent import ConsentWord
from kept.messaging.message import CLAIM, Message
from kept.storage import clients, messages
from kept.storage.tables import ClientItem
from tests.asked_of_aws import meddling
from tests.functions.outbox import (
    MINUTE,
    NOON,
    Providers,
    a_receipt,
    an_invitation,
    became,
    come_in,
    opened,
    owed,
    reached_by,
    said,
    she,
    stored,
    swept,
    work,
)
from tests.reasons import short
from tests.stopping import Killed, die

EMAIL, SMS, WHATSAPP, WECHAT = Channel.EMAIL, Channel.SMS, Channel.WHATSAPP, Channel.WECHAT
IN_DOUBT = "failed: in_doubt"


@pytest.fixture(autouse=True)
def providers(monkeypatch: pytest.MonkeyPatch) -> Providers:
    return opened(monkeypatch, reached_by(EMAIL, SMS, WHATSAPP, invited_by=(EMAIL, SMS)))


def line(message: Message) -> Message:
    """As it stands, but for what is different of any two: their texts, turns, and how often they were written."""
    return replace(stored(message), stage="", provider_id="", sent_at=None, revision=0)


@pytest.mark.parametrize(
    ("channel", "tells", "status", "delivery"),
    [
        pytest.param(EMAIL, "delivered", ("sent", ""), "delivered", id="mail delivered"),
        pytest.param(EMAIL, "complained", ("sent", ""), "delivered", id="mail marked as spam"),
        pytest.param(EMAIL, "bounced", ("failed", "failed: no_such_address"), "failed", id="mail bounced"),
        pytest.param(SMS, "delivered", ("sent", ""), "delivered", id="text delivered"),
        pytest.param(SMS, "failed", ("failed", "failed: phone_unreachable"), "failed", id="phone is off"),
        pytest.param(SMS, "bounced", ("failed", "failed: no_such_number"), "failed", id="no such number"),
        pytest.param(WHATSAPP, "read", ("sent", ""), "read", id="read on WhatsApp"),
    ],
)
def test_what_the_ledger_says_after_it(channel: Channel, tells: str, status: tuple[str, str], delivery: str) -> None:
    message = owed(channel)
    work(message)
    assert come_in(a_receipt(message, tells)) == []
    assert (became(message), stored(message).delivery) == (status, delivery)


@pytest.mark.parametrize("order", sorted({*permutations(["delivered", "delivered", "read"])}), ids=", ".join)
def test_in_any_order_and_twice_they_come_to_the_same(order: tuple[str, ...], providers: Providers) -> None:
    message = owed(WHATSAPP)
    work(message)
    come_in(*(a_receipt(message, tells) for tells in order))
    after = stored(message)
    assert (after.status, after.delivery, after.due_at, after.read_at) == ("sent", "read", None, NOON + MINUTE)
    come_in(*(a_receipt(message, tells) for tells in order))
    assert stored(message) == after, "not even written again"
    assert (providers.taken, said()) == ([WHATSAPP], {"confirmation whatsapp": "sent"})


def test_a_failure_that_is_told_after_the_arrival_is_of_no_account() -> None:
    message = owed(EMAIL)
    work(message)
    come_in(a_receipt(message, "delivered"), a_receipt(message, "bounced"))
    assert (became(message), said()) == (("sent", ""), {"confirmation email": "sent"})


@pytest.mark.parametrize(("channel", "tells"), [(EMAIL, "delivered"), (SMS, "delivered"), (WHATSAPP, "read")])
def test_faster_than_our_own_record_it_comes_to_the_same(channel: Channel, tells: str, providers: Providers) -> None:
    usual, early = owed(channel, "two_days"), owed(channel)
    work(usual)
    come_in(a_receipt(usual, tells))
    providers.after = lambda: come_in(a_receipt(early, tells))
    work(early)
    assert line(early) == line(usual)
    assert providers.taken == [channel, channel]


@pytest.mark.parametrize(("tells", "looked_at"), [("delivered", [60]), ("read", [])])
def test_told_early_of_its_arrival_it_is_looked_at_after_an_hour_unless_it_was_read(
    tells: str, looked_at: list[int], providers: Providers
) -> None:
    """By a provider that told of another before."""
    first, early = owed(WHATSAPP, "two_days"), owed(WHATSAPP)
    work(first)
    come_in(a_receipt(first, "read"))
    providers.after = lambda: come_in(a_receipt(early, tells))
    later = NOON + MINUTE
    work(early, now=later)
    assert stored(early).delivery == tells
    assert [(at - later) // MINUTE for at in [stored(early).due_at] if at] == looked_at


@pytest.mark.parametrize("make", [owed, an_invitation], ids=["of a booking", "an invitation"])
def test_one_whose_sender_died_is_settled_by_its_receipt(
    make: Callable[[Channel], Message], providers: Providers
) -> None:
    """Killed between the provider's taking it and the record: nothing is sent again."""
    message = make(EMAIL)
    providers.after = die
    with pytest.raises(Killed):
        work(message)
    come_in(a_receipt(message, "delivered"))
    work(message, now=NOON + CLAIM)
    assert (became(message), stored(message).provider_id) == (("sent", ""), "p-1")
    assert (providers.taken, swept(NOON + CLAIM)) == ([EMAIL], 0)


def test_one_whose_sender_died_and_that_bounced_goes_another_way_once(providers: Providers) -> None:
    message = owed(SMS)
    providers.after = die
    with pytest.raises(Killed):
        work(message)
    come_in(a_receipt(message, "bounced"), a_receipt(message, "bounced"))
    work(message, now=NOON + CLAIM)
    assert said() == {"confirmation sms": "failed: no_such_number", "confirmation whatsapp": "queued"}
    assert providers.taken == [SMS]


def test_a_receipt_that_comes_after_it_was_given_up_puts_the_ledger_right(providers: Providers) -> None:
    message = an_invitation(EMAIL)
    providers.after = die
    with pytest.raises(Killed):
        work(message)
    work(message, now=NOON + CLAIM)
    assert became(message) == ("failed", IN_DOUBT)
    come_in(a_receipt(message, "delivered"))
    assert became(message) == ("sent", "")
    assert providers.taken == [EMAIL]


def test_two_receipts_at_once_both_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes between the reading and the writing of the first."""
    message, write = owed(WHATSAPP), messages.put_alone
    work(message)

    def overtaken(written: Message) -> Message:
        monkeypatch.setattr(messages, "put_alone", write)
        with meddling():
            come_in(a_receipt(message, "delivered", at=NOON))
        return write(written)

    monkeypatch.setattr(messages, "put_alone", overtaken)
    come_in(a_receipt(message, "read"))
    after = stored(message)
    assert (after.delivery, after.delivered_at, after.read_at) == ("read", NOON, NOON + MINUTE)


def test_nothing_more_is_tried_where_a_mail_bounced(providers: Providers) -> None:
    first, second = owed(EMAIL), owed(EMAIL, "two_days")
    work(first)
    come_in(*[a_receipt(first, "bounced")] * 2)
    assert [(s.channel, s.address, short(s.why)) for s in she().stopped] == [
        (EMAIL, "li@example.com", "no_such_address")
    ]
    work(second)
    assert became(second) == ("suppressed", "suppressed: no_such_address")
    assert providers.taken == [EMAIL]


def test_who_marks_a_mail_as_spam_is_invited_no_more_by_mail_and_told_of_bookings() -> None:
    first = owed(EMAIL)
    work(first)
    come_in(*[a_receipt(first, "complained")] * 2)
    assert len(she().consents) == len(reached_by(EMAIL, SMS, WHATSAPP, invited_by=(EMAIL, SMS)).consents) + 1
    assert [she().said(Purpose.PROMOTIONAL, over) for over in (EMAIL, SMS)] == [
        ConsentWord.WITHDRAWN,
        ConsentWord.GIVEN,
    ]
    invitation, second = an_invitation(EMAIL), owed(EMAIL, "two_days")
    work(invitation, second)
    assert became(invitation) == ("skipped", "skipped: no_consent email")
    assert became(second) == ("sent", "")


def test_a_crash_between_its_writes_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    message = owed(EMAIL)
    work(message)
    with monkeypatch.context() as patched:
        patched.setattr(messages, "put", die)
        with pytest.raises(Killed):
            come_in(a_receipt(message, "bounced"))
    assert (became(message)[0], len(she().stopped)) == ("sent", 1)
    come_in(a_receipt(message, "bounced"))
    assert (became(message)[0], len(she().stopped)) == ("failed", 1)


def by_wechat(status: str) -> str:
    """As inbound_calls puts it into the queue."""
    xml = (
        f"<xml><FromUserName>{she().wechat}</FromUserName><CreateTime>{int(NOON.timestamp())}</CreateTime>"
        "<MsgType>event</MsgType><Event>TEMPLATESENDJOBFINISH</Event><MsgID>200163836</MsgID>"
        f"<Status>{status}</Status></xml>"
    )
    return f'{{"called": "wechat", "business": "lotus", "body": "{xml}"}}'


def test_one_that_names_no_message_of_ours_comes_again_until_we_know_whose_it_is() -> None:
    """WeChat knows its own number alone, which we know once its answer is recorded."""
    clients.put_alone(replace(she(), consents=reached_by(WECHAT).consents))
    message = owed(WECHAT)
    assert come_in(by_wechat("success")) == ["0"]
    sent = messages.put_alone(message.claimed(until=NOON + CLAIM))
    messages.put_alone(sent.sent(at=NOON, provider_id="200163836"))
    messages.remember(sent, "200163836", until=NOON + CLAIM)
    assert come_in(by_wechat("success")) == []
    assert stored(message).delivery == "delivered"


def test_receipts_for_nothing_and_for_nobody_are_done_with_and_strange_ones_are_kept() -> None:
    message = owed(EMAIL)
    work(message)
    gone = replace(message, about="a-9")
    assert come_in(a_receipt(gone, "bounced"), '{"eventType": "Rain"}', a_receipt(message, "delivered")) == ["1"]
    assert stored(message).delivery == "delivered"
    ClientItem("lotus", "c-1").delete()
    assert come_in(a_receipt(owed(EMAIL, "two_days"), "bounced")) == []
