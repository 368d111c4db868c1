"""The ledger as it is stored: each message decided once, changed by one writer at a time, due until it is over."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from pynamodb.exceptions import PutError, TransactWriteError

from kept.channels import Channel
from kept.due_work import sweeping
from kept.lanes import Lane
from kept.messaging.message import Message, MessageStatus
from kept.messaging.outgoing import to_client
from kept.messaging.received import Received
from kept.reasons import Code, because
from kept.storage import messages
from kept.storage.tables import MessageItem
from kept.storage.transaction import Lost, together
from tests.builders import BOOKED, STARTS, a_catalog, a_client, an_appointment


def a_message(about: str = "a-1", stage: str = "confirmation") -> Message:
    return to_client(an_appointment(about), a_client(), a_catalog().business, stage, now=BOOKED, useful_until=STARTS)


def put(message: Message) -> str:
    with together() as transaction:
        return messages.put(message, transaction).id


def waiting(until: datetime = STARTS) -> list[str]:
    return [key.id for key, _ in sweeping.due(Lane.MESSAGE, until=until)]


def stored() -> Message:
    found = messages.find("lotus", a_message().id)
    assert found
    return found


def test_it_is_read_as_it_was_written() -> None:
    whole = replace(
        a_message().claimed(until=STARTS),
        in_doubt=True,
        reason=because(Code.NO_CONSENT, channel="sms"),
        provider_id="p-1",
        sent_at=STARTS,
    )
    put(whole)
    assert stored() == replace(whole, revision=1)


def test_a_message_is_decided_once() -> None:
    assert put(a_message()) == "a-1#v1#confirmation#email"
    with pytest.raises(Lost):
        put(a_message())


def test_whoever_read_an_older_one_loses() -> None:
    """Of two who claim it, one does."""
    put(a_message())
    read = stored()
    claimed = messages.put_alone(read.claimed(until=STARTS))
    with pytest.raises(Lost):
        messages.put_alone(read.claimed(until=STARTS))
    messages.put_alone(claimed.sent(at=BOOKED, provider_id="p-1"))
    assert (stored().status, stored().attempts) == (MessageStatus.SENT, 1)


def test_the_ledger_of_one_is_not_the_ledger_of_another() -> None:
    for about in ("a-1", "a-10", "a-1-v1-no_show"):
        put(a_message(about))
    put(a_message(stage="two_days"))
    assert [message.id for message in messages.about("lotus", "a-1")] == [
        "a-1#v1#confirmation#email",
        "a-1#v1#two_days#email",
    ]
    assert messages.about("garage", "a-1") == []


def test_it_is_due_until_it_is_over() -> None:
    put(a_message())
    assert waiting(BOOKED) == [a_message().id]
    delayed = messages.put_alone(stored().delayed(until=STARTS, reason=because(Code.QUIET_HOURS, until=STARTS)))
    assert (waiting(STARTS - timedelta(seconds=1)), waiting(STARTS)) == ([], [a_message().id])
    messages.put_alone(delayed.over(MessageStatus.SKIPPED, reason=because(Code.ALREADY_CONFIRMED)))
    assert waiting(STARTS + timedelta(days=999)) == []


def test_it_is_kept_for_two_years() -> None:
    put(a_message())
    item = MessageItem.get("lotus", a_message().id)
    assert datetime.fromtimestamp(item.expires, BOOKED.tzinfo) == BOOKED + timedelta(days=730)


def test_one_that_was_never_decided_is_none() -> None:
    assert messages.find("lotus", "a-1#v1#confirmation#email") is None


def test_words_are_found_under_their_key_as_they_first_came() -> None:
    """And words that never came are none."""
    wrote = Received("lotus", "c-1", "k-1", Channel.SMS, "Is there parking?", STARTS)
    assert messages.find_received(wrote) is None
    messages.put_received(wrote)
    assert messages.find_received(replace(wrote, text="Or not?")) == replace(wrote, revision=1)
    assert messages.find_received(replace(wrote, business="garage")) is None


def test_what_a_table_refuses_is_no_lost_race() -> None:
    """Nobody tries again what can never be written."""
    huge = replace(a_message(), text=Random(1).randbytes(600_000).hex())
    with pytest.raises(TransactWriteError):
        put(huge)
    with pytest.raises(PutError):
        messages.put_alone(huge)
