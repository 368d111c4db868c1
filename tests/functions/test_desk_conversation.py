"""Staff answer what a client wrote, over the channel it came by: ledger, clock and conversation know of it."""

from datetime import datetime, timedelta

import pytest

from kept.channels import Channel
from kept.follow_up.follow_up import FollowUpStatus
from kept.messaging.message import MessageStatus
from kept.storage import follow_ups
from tests import lotus
from tests.functions.desk_writing import (
    HOUR,
    WORDS,
    asked_for,
    at,
    at_noon,
    conversation,
    lines_of,
    sent,
    she_writes,
    tried,
    write,
    written,
)
from tests.functions.outbox import MINUTE, NOON, Providers, a_receipt, come_in, swept
from tests.stopping import Killed, die

KEY = "f3a1c0de-0000-4000-8000-000000000017"


@pytest.fixture(autouse=True)
def provider(monkeypatch: pytest.MonkeyPatch) -> Providers:
    """She has asked whether there is parking, over WhatsApp, and waits for a person."""
    found = at_noon(monkeypatch)
    she_writes()
    return found


def as_told(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


def test_an_answer_goes_over_the_channel_they_wrote_over(provider: Providers) -> None:
    answer = write(staff="mei")
    assert (answer.status, answer.body["status"]) == (201, "queued")
    sent()
    assert provider.taken == [Channel.WHATSAPP]
    (message,) = written()
    assert (message.text, message.by, message.status) == (WORDS, "mei", MessageStatus.SENT)


def test_the_clock_stops_when_it_is_sent_and_not_when_it_is_typed() -> None:
    write()
    assert asked_for().status is FollowUpStatus.OPEN
    sent(NOON + HOUR)
    done = asked_for()
    assert (done.status, done.last.what, done.last.at) == (FollowUpStatus.ANSWERED, "answered", NOON + HOUR)
    assert (done.last.by, done.last.why) == ("staff:mei", WORDS)


def test_the_conversation_shows_what_was_said_by_whom_and_when_it_was_read() -> None:
    write()
    sent()
    (message,) = written()
    come_in(a_receipt(message, "delivered"), now=NOON + MINUTE)
    come_in(a_receipt(message, "read", at=NOON + 2 * MINUTE), now=NOON + 2 * MINUTE)
    (line,) = (line for line in conversation() if line["stage"] == "staff_answer")
    assert (line["by"], line["text"], line["staff"]) == ("us", WORDS, "mei")
    times = [line[name] for name in ("sent_at", "delivered_at", "read_at")]
    assert times == [as_told(NOON + n * MINUTE) for n in (0, 1, 2)]


def test_a_receipt_says_answered_once() -> None:
    write()
    sent()
    (message,) = written()
    for tells in ("delivered", "read"):
        come_in(a_receipt(message, tells), now=NOON + MINUTE)
    assert lines_of(asked_for()).count("answered") == 1


def test_an_answer_whose_record_was_lost_is_known_by_its_receipt(provider: Providers) -> None:
    """The provider took it and our write failed: the receipt settles it, and the clock with it."""
    write()
    (message,) = written()
    provider.after = die
    with pytest.raises(Killed):
        sent()
    come_in(a_receipt(message, "delivered"), now=NOON + MINUTE)
    assert asked_for().status is FollowUpStatus.ANSWERED


def test_what_was_written_and_never_queued_is_swept_up() -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("kept.use_cases.messaging.staff_answers.hand_over", die)
        with pytest.raises(Killed):
            write(key=KEY)
    assert [one.status for one in written()] == [MessageStatus.QUEUED]
    assert swept(NOON + MINUTE) == 1


def test_a_repeat_under_one_key_is_the_first() -> None:
    first, again = write(key=KEY), write(key=KEY)
    assert first.body == again.body
    assert len(written()) == 1
    assert write("Something else", key=KEY).code == "idempotency_key_reused"


def test_what_does_not_reach_them_is_a_matter_for_who_wrote_it(provider: Providers) -> None:
    """It goes nowhere else by itself: who wrote it for one channel chooses the next."""
    write()
    sent()
    (message,) = written()
    come_in(a_receipt(message, "failed"), now=NOON + MINUTE)
    assert provider.taken == [Channel.WHATSAPP]
    others = [one for one in follow_ups.of_client("lotus", ("c-1",)) if one.cause == "failed_message"]
    assert [(one.assignee, one.status) for one in others] == [("mei", FollowUpStatus.OPEN)]


def test_their_answer_to_it_is_for_a_person_and_in_the_same_matter() -> None:
    """Yes to what somebody asked them is no yes to their booking."""
    write("Shall I put you down for Friday instead?")
    sent()
    she_writes("yes", now=NOON + HOUR)
    assert lines_of(asked_for())[-2:] == ["answered", "client_wrote"]
    assert asked_for().status is FollowUpStatus.OPEN


def test_a_preview_changes_nothing_and_counts() -> None:
    before = lotus.everything()
    told = tried("你好", channel="sms").body
    assert (told["chosen"], told["parts"], told["encoding"], told["left"]) == ("sms", 1, "UCS-2", 68)
    assert tried().body["chosen"] == "whatsapp"
    assert tried(channel="email").body["subject"] == "Lotus: an answer for you"
    assert lotus.everything() == before


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n", "\t \n", "\u200b", "\ufeff", "\u3000", "\u00a0", "\u200d\u2060", "\r\n"],
    ids=[
        "nothing", "a space", "a line", "a tab and a line", "no width", "a mark", "a wide space", "a hard space",
        "joiners", "a line of Windows",
    ],
)  # fmt: skip
def test_before_anything_is_typed_a_preview_tells_the_channels(text: str) -> None:
    """As they are for words, and nothing is too long; an answer still has to say something."""
    with_words, told = tried("Yes.").body, tried(text).body
    assert (told["channels"], told["chosen"]) == (with_words["channels"], with_words["chosen"])
    assert (told["characters"], told["too_long"]) == (0, "")
    assert tried(text, channel="email").body["subject"] == "Lotus: an answer for you"
    refused = write(text)
    assert (refused.status, refused.code) == (422, "invalid_request")


def test_a_preview_says_until_when_free_words_go(monkeypatch: pytest.MonkeyPatch) -> None:
    (line,) = (way for way in tried().body["channels"] if way["channel"] == "whatsapp")
    closes = as_told(NOON + timedelta(hours=24))
    assert (line["open"], line["until"], line["why"]) == (True, closes, "")
    at(monkeypatch, NOON + timedelta(hours=25))
    (line,) = (way for way in tried().body["channels"] if way["channel"] == "whatsapp")
    assert (line["open"], line["until"], line["why_code"]) == (False, closes, "free_words_over")
    assert line["why"] == "More than 24 hours since the client wrote over WhatsApp: it takes only approved texts now"
