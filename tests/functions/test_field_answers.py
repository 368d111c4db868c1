"""What one of the staff writes is sent within every rule or refused in words, and nothing typed is lost or sent twice.

Each situation with what becomes of it: the refusal, or what the sender makes of the message at the last moment.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from kept.actor import KEPT, Change
from kept.channels import Channel, Purpose
from kept.clients.consent import Consent, ConsentWord, Wrote
from kept.follow_up.events import HowItEnded, What
from kept.follow_up.follow_up import FollowUpStatus
from kept.reasons import Code, because
from kept.storage import appointments, clients, follow_ups
from tests import lotus
from tests.builders import STARTS, a_client, an_appointment
from tests.functions.desk_writing import (
    HOUR,
    WORDS,
    asked_for,
    at,
    at_noon,
    change,
    lines_of,
    sent,
    she_writes,
    tried,
    write,
    written,
)
from tests.functions.outbox import NOON, Providers
from tests.reasons import outcome
from tests.stopping import Killed, at_write, die

MIDNIGHT = NOON + 12 * HOUR
"""In Shanghai; she is asleep, if she did not write today."""
ALL = tuple(Channel)
STOPPED = Consent(Purpose.TRANSACTIONAL, Channel.WHATSAPP, NOON, "whatsapp reply", "STOP", ConsentWord.WITHDRAWN)


@pytest.fixture(autouse=True)
def provider(monkeypatch: pytest.MonkeyPatch) -> Providers:
    """She has asked whether there is parking, over WhatsApp."""
    found = at_noon(monkeypatch)
    she_writes()
    return found


def refused(text: object = WORDS, **body: Any) -> tuple[int, str | None, dict[str, Any]]:
    before = lotus.everything()
    answer = write(text, **body)
    assert lotus.everything() == before
    return answer.status, answer.code, answer.body


# What is typed

LONG = "x" * 153 * 4
TYPED: dict[str, tuple[object, str]] = {
    "an emoji": ("See you 😀", "See you 😀"),
    "a family of one picture": ("👨‍👩‍👧 welcome", "👨‍👩‍👧 welcome"),
    "marks that turn the line": ("Yes\u202e, no\u202c", "Yes, no"),
    "Arabic with its own marks": ("\u200fنعم\u200f", "نعم"),
    "Hebrew": ("כן, בשמחה", "כן, בשמחה"),
    "a link": ("https://maps.example/?a=1&b=2#c", "https://maps.example/?a=1&b=2#c"),
    "mark-up": ("<b>yes</b><script>alert(1)</script>", "<b>yes</b><script>alert(1)</script>"),
    "a template's signs": ("{{ client.phone }} {% if x %}", "{{ client.phone }} {% if x %}"),
    "several lines": ("Yes.\n\nThe yard is behind the house.", "Yes.\n\nThe yard is behind the house."),
    "a line that another system ends": ("Yes.\r\nCome in.", "Yes.\nCome in."),
    "space around it": ("  Yes.  \n", "Yes."),
    "a tab": ("Yes\tplease", "Yes please"),
    "a letter that looks like a key": ("1", "1"),
    "a word for an opt-out": ("STOP", "STOP"),
    "Chinese": ("可以，店后面有停车位。", "可以，店后面有停车位。"),
}


@pytest.mark.parametrize(("typed", "kept"), TYPED.values(), ids=TYPED)
def test_what_is_typed_is_said_as_it_is_seen(typed: str, kept: str) -> None:
    assert write(typed).body["text"] == kept
    sent()
    assert [outcome(one) for one in written()] == ["sent"]


NOTHING_SAID: dict[str, object] = {
    "empty": "",
    "blank": "   \n\t ",
    "of no width": "\u200b\u200b",
    "marks of direction alone": "\u200f\u202e\u2066",
    "a lone accent": "\u0301",
    "a filler": "\u3164",
    "too long by one": "x" * 2001,
    "100 KB": "x" * 100_000,
    "100 KB of Chinese": "好" * 34_000,
    "a nought": "Yes\x00.",
    "a number": 5,
    "a list": ["yes"],
    "null": None,
}


SHOWS_NOTHING = ("empty", "blank", "of no width", "marks of direction alone", "a lone accent", "a filler")
"""As good as nothing typed yet: a preview of it tells the channels, and an answer is refused."""


@pytest.mark.parametrize(("name", "typed"), NOTHING_SAID.items(), ids=NOTHING_SAID)
def test_what_says_nothing_or_too_much_is_refused(name: str, typed: object) -> None:
    status, code, _ = refused(typed)
    assert (status, code) in {(422, "invalid_request"), (413, "body_too_large")}
    assert tried(typed).status == (200 if name in SHOWS_NOTHING else status)


LENGTHS: dict[str, tuple[str, str, int, str | None]] = {
    "one part to the brim": ("x" * 160, "sms", 1, None),
    "one letter more": ("x" * 161, "sms", 2, None),
    "four parts to the brim": (LONG, "sms", 4, None),
    "a fifth": (LONG + "x", "sms", 5, "answer_too_long"),
    "an escaped letter where the part ends": ("x" * 159 + "€", "sms", 2, None),
    "a typographer's sign costs nothing": ("It’s " + "x" * 155, "sms", 1, None),
    "one emoji makes it dear": ("x" * 70 + "😀", "sms", 2, None),
    "Chinese to the brim": ("好" * 268, "sms", 4, None),
    "Chinese over it": ("好" * 269, "sms", 5, "answer_too_long"),
    "as much as WhatsApp is given": ("x" * 2000, "whatsapp", 1, None),
    "a long mail": ("x" * 2000, "email", 1, None),
    "over what WeChat takes": ("好" * 683, "wechat", 1, "answer_too_long"),
    "as much as WeChat takes": ("好" * 682, "wechat", 1, None),
}


@pytest.mark.parametrize(("typed", "channel", "parts", "code"), LENGTHS.values(), ids=LENGTHS)
def test_it_is_counted_while_typing_as_it_is_when_sent(typed: str, channel: str, parts: int, code: str | None) -> None:
    change(wrote=(*clients.load("lotus", "c-1").wrote, Wrote(Channel.WECHAT, NOON)))
    told = tried(typed, channel=channel).body
    assert (told["parts"], bool(told["too_long"])) == (parts, code is not None)
    answer = write(typed, channel=channel)
    assert answer.code == code
    assert len(written()) == (code is None)
    if code is None and channel != "wechat":
        sent()
        assert [outcome(one) for one in written()] == ["sent"]


# To whom, and over what


def stops(**_: Any) -> None:
    change(consents=(*clients.load("lotus", "c-1").consents, STOPPED))


SITUATIONS: dict[str, tuple[Callable[[], object], dict[str, Any], str | None]] = {
    "over the channel she wrote over": (lambda: None, {}, None),
    "over another that she allows": (lambda: None, {"channel": "email"}, None),
    "she said STOP there": (stops, {"channel": "whatsapp"}, "channel_closed"),
    "she said STOP there, and nobody named it": (stops, {}, None),
    "she said STOP in words": (
        lambda: she_writes("STOP", now=NOON + timedelta(seconds=1)),
        {"channel": "whatsapp"},
        "channel_closed",
    ),
    "that address bounced": (
        lambda: clients.put_alone(
            clients.load("lotus", "c-1").stopping(Channel.EMAIL, why=because(Code.NO_SUCH_ADDRESS), at=NOON)
        ),
        {"channel": "email"},
        "channel_closed",
    ),
    "she never agreed to it, nor wrote over it": (lambda: change(consents=()), {"channel": "sms"}, "channel_closed"),
    "she never agreed to it and wrote over it": (lambda: change(consents=()), {"channel": "whatsapp"}, None),
    "she wants no messages, and asked": (lambda: change(do_not_disturb=True), {}, None),
    "no address for it": (lambda: change(email=None), {"channel": "email"}, "channel_closed"),
    "a channel the business has not": (lambda: None, {"channel": "webhook"}, "channel_closed"),
    "a call is no writing": (lambda: None, {"channel": "call"}, "channel_closed"),
    "no channel of that name": (lambda: None, {"channel": "pigeon"}, "invalid_request"),
    "a field that no route knows": (lambda: None, {"urgent": True}, "invalid_request"),
    "no way left": (lambda: change(phone=None, email=None, wechat=None), {}, "no_channel_open"),
    "a visit of hers": (lambda: None, {"about": "a-1", "channel": "email"}, None),
    "a visit of nobody": (lambda: None, {"about": "a-9"}, "unknown_appointment"),
    "a follow-up of nobody": (lambda: None, {"follow_up": "f-9"}, "unknown_follow_up"),
    "another business": (lambda: None, {"business": "garage", "role": "owner"}, "unknown_client"),
    "without a token": (lambda: None, {"role": ""}, "sign_in_required"),
    "as a client": (lambda: None, {"role": "client"}, "role_required"),
}


@pytest.mark.parametrize(("first", "body", "code"), SITUATIONS.values(), ids=SITUATIONS)
def test_whom_it_reaches_and_who_may_write(first: Callable[[], object], body: dict[str, Any], code: str | None) -> None:
    first()
    if code:
        assert refused(**body)[1] == code
        return
    assert write(**body).status == 201
    sent(NOON + timedelta(minutes=1))
    assert [outcome(one) for one in written()] == ["sent"]


def test_nobody_of_that_id() -> None:
    assert refused(to="/v1/desk/clients/c-9")[1] == "unknown_client"
    assert tried(to="/v1/desk/clients/c-9").code == "unknown_client"


def test_a_visit_and_a_follow_up_of_somebody_else_are_none() -> None:
    lotus.known(replace(a_client(), id="c-2", email="other@example.com", phone=None))
    lotus.put(replace(an_appointment("a-2", starts=STARTS + timedelta(hours=3)), client="c-2"))
    assert refused(about="a-2")[1] == "unknown_appointment"
    assert refused(to="/v1/desk/clients/c-2", follow_up=asked_for().id)[1] == "unknown_follow_up"


# When

WINDOW = timedelta(hours=24)
HOURS: dict[str, tuple[str, timedelta, str]] = {
    "WhatsApp, a second before the window closes": ("whatsapp", WINDOW - timedelta(seconds=1), "sent"),
    "WhatsApp, at the very end": ("whatsapp", WINDOW, "channel_closed"),
    "WhatsApp, just over": ("whatsapp", WINDOW + timedelta(seconds=1), "channel_closed"),
    "WhatsApp, a month later": ("whatsapp", timedelta(days=30), "channel_closed"),
    "WeChat, where she did not write": ("wechat", HOUR, "channel_closed"),
    "e-mail at midnight, to what she wrote at noon": ("email", 12 * HOUR, "sent"),
    "e-mail two nights later": ("email", 36 * HOUR, "delayed: quiet_hours 2026-03-03 08:00"),
    "e-mail by day, long after": ("email", 72 * HOUR, "sent"),
    "a text at midnight waits for the law of its country": (
        "sms",
        12 * HOUR,
        "delayed: lawful_from US 2026-03-02 08:00",
    ),
    "a text by day": ("sms", HOUR, "sent"),
}


@pytest.mark.parametrize(("channel", "later", "becomes"), HOURS.values(), ids=HOURS)
def test_when_it_goes(channel: str, later: timedelta, becomes: str, monkeypatch: pytest.MonkeyPatch) -> None:
    now = NOON + later
    at(monkeypatch, now)
    if becomes == "channel_closed":
        assert refused(channel=channel)[1] == becomes
        return
    (way,) = (way for way in tried(channel=channel).body["channels"] if way["channel"] == channel)
    assert (way["open"], bool(way["why"])) == (True, becomes != "sent")
    write(channel=channel)
    sent(now)
    assert [outcome(one) for one in written()] == [becomes]


def test_a_window_that_closes_on_the_way_is_found_at_the_last_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """And the follow-up says so, with its clock still running."""
    at(monkeypatch, NOON + WINDOW - timedelta(seconds=1))
    write()
    sent(NOON + WINDOW)
    assert [outcome(one) for one in written()] == ["skipped: free_words_over whatsapp 24"]
    assert (lines_of(asked_for())[-1], asked_for().status) == ("tried", FollowUpStatus.OPEN)
    assert "free_words_over" in asked_for().last.why


def test_a_stop_between_typing_and_sending_holds() -> None:
    write()
    she_writes("STOP", now=NOON + timedelta(seconds=1))
    sent(NOON + timedelta(seconds=2))
    (message,) = written()
    assert message.sent_at is None
    matters = follow_ups.of_client("lotus", ("c-1",))
    assert {one.status for one in matters} == {FollowUpStatus.OPEN}


# Twice, at once, and broken off


def test_two_of_the_staff_at_once_are_both_heard_and_told_apart() -> None:
    for name in ("mei", "jun"):
        assert write(f"It is {name}", staff=name, key=f"key-of-{name}-0001").status == 201
    sent()
    assert [(one.by, one.text) for one in written()] == [("mei", "It is mei"), ("jun", "It is jun")]
    assert lines_of(asked_for()).count("answered") == 2


def test_a_follow_up_that_was_closed_meanwhile_stays_so_and_she_is_answered() -> None:
    write()
    matter = asked_for()
    follow_ups.put_alone(matter.resolve(Change(KEPT, NOON), HowItEnded.SETTLED))
    sent(NOON + timedelta(minutes=1))
    assert [outcome(one) for one in written()] == ["sent"]
    assert (asked_for().status, lines_of(asked_for())[-1]) == (FollowUpStatus.RESOLVED, "resolved")


def test_somebody_else_writes_into_the_follow_up_as_it_is_sent(provider: Providers) -> None:
    """The record waits for the other's write; the provider is not asked twice."""
    write()
    noted = replace(asked_for().last, what=What.NOTED, at=NOON, to="")
    theirs = asked_for().id
    provider.after = lambda: follow_ups.put_alone(follow_ups.load("lotus", theirs).record(noted, {}, now=NOON))
    sent()
    assert provider.taken == [Channel.WHATSAPP]
    assert lines_of(asked_for())[-1] == "answered"


@pytest.mark.parametrize("write_of", range(4))
def test_a_sender_that_is_killed_at_any_write_is_made_good(write_of: int, provider: Providers) -> None:
    """At most one repeat, which says so; the clock stops in the end."""
    write()
    with pytest.MonkeyPatch.context() as patched:
        at_write(patched, write_of, die)
        with suppress(Killed):
            sent()
    for minutes in (3, 6):
        sent(NOON + timedelta(minutes=minutes))
    assert [one.status.value for one in written()] == ["sent"]
    assert len(provider.taken) <= 2
    assert lines_of(asked_for()).count("answered") == 1


def test_automatic_answers_are_not_fewer_for_what_staff_wrote() -> None:
    """Four answers of a person within the hour hold back nothing that Kept says by itself."""
    for number in range(4):
        write(f"{number} of four", about="a-1", channel="email", key=f"key-number-{number}-0001")
    sent()
    assert [outcome(one) for one in written()] == ["sent"] * 4


REPLIES = {
    "a yes": "yes",
    "a key": "1",
    "a no": "no, cancel it",
    "another time": "can we do Friday instead?",
    "running late": "10 minutes late",
}


@pytest.mark.parametrize("words", REPLIES.values(), ids=REPLIES)
def test_what_is_said_to_a_person_does_nothing_by_itself(words: str) -> None:
    write(about="a-1")
    sent()
    before = appointments.load("lotus", "a-1")
    she_writes(words, now=NOON + HOUR)
    assert appointments.load("lotus", "a-1") == before
    assert asked_for().status is FollowUpStatus.OPEN


def test_an_answer_goes_once_also_when_what_remembers_answers_for_a_day_has_forgotten_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Other words under the same key are refused, however late."""
    key = "f3a1c0de-0000-4000-8000-000000000007"
    first = write(channel="email", key=key)
    assert first.status == 201
    at(monkeypatch, NOON + 48 * HOUR)
    again = write(channel="email", key=key)
    assert (again.status, again.body) == (201, first.body)
    at(monkeypatch, NOON + 96 * HOUR)
    assert write("Something else", channel="email", key=key).code == "idempotency_key_reused"
    assert len(written()) == 1


def test_an_answer_into_a_follow_up_of_hers_stands_there() -> None:
    opened = asked_for()
    assert write(follow_up=opened.id).status == 201
    sent()
    assert "answered" in str(lines_of(follow_ups.load("lotus", opened.id)))
