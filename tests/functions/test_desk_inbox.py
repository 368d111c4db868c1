"""The inbox: every client who wrote, once and newest first, with what was done and whether a person has to answer."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from kept.actor import KEPT, Change
from kept.channels import Channel
from kept.clients.notes import Note
from kept.follow_up.events import HowItEnded
from kept.messaging.received import Received
from kept.messaging.replies.reading import Intent
from kept.reasons import Code, because
from kept.storage import follow_ups, messages
from kept.use_cases.messaging import inbox as use_case
from tests import lotus
from tests.builders import a_client
from tests.functions.desk_writing import HOUR, asked_for, at, at_noon, change, inbox, sent, she_writes, write
from tests.functions.outbox import NOON

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    at_noon(monkeypatch)


def known(number: int) -> str:
    id = f"c-{number}"
    lotus.known(replace(a_client(), id=id, name=f"Client {number}", email=f"{number}@example.com", phone=None))
    return id


def words(client: str, at: datetime, text: str = "hello", **how: Any) -> Received:
    said = Received("lotus", client, f"k-{client}-{at.timestamp()}", Channel.SMS, text, at, **how)
    return messages.put_received(said)


def lines(**asked: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = inbox(**asked).body["threads"]
    return found


def test_what_they_wrote_last_with_how_it_was_read_and_what_was_done() -> None:
    she_writes("Is there parking?")
    (line,) = lines()
    assert (line["client"], line["client_name"], line["tier"], line["channel"]) == ("c-1", "Li Na", "vip", "whatsapp")
    assert (line["text"], line["intent"], line["done_code"]) == ("Is there parking?", "question", "left_to_a_person")
    assert (line["unanswered"], line["follow_up"]) == (True, asked_for().id)
    assert datetime.fromisoformat(line["answer_by"]) > NOON


def test_it_is_answered_when_the_answer_is_sent() -> None:
    she_writes()
    write()
    assert lines()[0]["unanswered"]
    sent()
    (line,) = lines()
    assert (line["unanswered"], line["answer_by"]) == (False, None)


def test_each_client_once_and_newest_first() -> None:
    for number, minutes in ((2, 1), (3, 2), (2, 3)):
        words(known(number) if minutes < 3 else "c-2", NOON + minutes * MINUTE, f"at {minutes}")
    assert [(line["client"], line["text"]) for line in lines()] == [("c-2", "at 3"), ("c-3", "at 2")]


def test_nobody_stands_on_two_parts_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever wrote again stands where they wrote last, and not a second time below."""
    monkeypatch.setattr(use_case, "LINES", 2)
    monkeypatch.setattr(use_case, "READ", 3)
    for number in range(2, 7):
        words(known(number), NOON + number * MINUTE)
    words("c-2", NOON + HOUR, "again")
    read, after = [], None
    while True:
        part = inbox(query={"after": after} if after else None).body
        read += [line["client"] for line in part["threads"]]
        if (after := part["next"]) is None:
            break
    assert read == ["c-2", "c-6", "c-5", "c-4", "c-3"]


def test_who_writes_hundreds_of_messages_is_one_line_and_hides_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_case, "READ", 10)
    words(known(2), NOON)
    for second in range(120):
        words("c-1", NOON + MINUTE + second * timedelta(seconds=1))
    first = inbox().body
    assert [line["client"] for line in first["threads"]] == ["c-1"]
    read, after = [], first["next"]
    while after:
        part = inbox(query={"after": after}).body
        read += [line["client"] for line in part["threads"]]
        after = part["next"]
    assert read == ["c-2"]


LAST: dict[str, tuple[dict[str, Any], bool]] = {
    "what did something by itself": ({"intent": Intent.CONFIRM, "done": because(Code.CONFIRMED)}, False),
    "thanks": ({"intent": Intent.THANKS, "done": because(Code.NOTHING_TO_DO)}, False),
    "what is still being read": ({}, False),
    "a follow-up that is gone": ({"done": because(Code.LEFT_TO_A_PERSON, follow_up="f-9")}, False),
    "a note of an older version": ({"done": because(Code.NOTHING_TO_START)}, False),
}


@pytest.mark.parametrize(("how", "unanswered"), LAST.values(), ids=LAST)
def test_nobody_has_to_answer(how: dict[str, Any], unanswered: bool) -> None:
    words("c-1", NOON, **how)
    (line,) = lines()
    assert (line["unanswered"], line["follow_up"]) == (unanswered, None)


def test_a_closed_matter_is_answered() -> None:
    she_writes()
    follow_ups.put_alone(asked_for().resolve(Change(KEPT, NOON + MINUTE), HowItEnded.SETTLED))
    assert not lines()[0]["unanswered"]


def test_a_long_message_of_many_lines_is_one_short_one() -> None:
    words("c-1", NOON, "a\nb\u202e " + "x" * 4000)
    (line,) = lines()
    assert (line["text"][:4], len(line["text"])) == ("a b ", 200)


def test_pinned_notes_stand_beside_the_name() -> None:
    change(notes=(Note("n-1", "peanut allergy", "mei", NOON, pinned=True), Note("n-2", "likes tea", "mei", NOON)))
    she_writes()
    assert lines()[0]["alerts"] == ["peanut allergy"]


def test_who_was_forgotten_is_in_no_inbox() -> None:
    words("c-77", NOON)
    assert lines() == []


def test_another_business_sees_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    she_writes()
    at(monkeypatch, NOON + MINUTE)
    assert lines(business="garage") == []


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        pytest.param({"role": ""}, 401, id="without a token"),
        pytest.param({"role": "client"}, 403, id="in no group of the desk's"),
        pytest.param({"query": {"after": "nonsense"}}, 422, id="no cursor"),
        pytest.param({"query": {"after": "1." + "x" * 400}}, 422, id="a cursor without end"),
        pytest.param({"query": {"after": "999999999999.c-9#in#k"}}, 200, id="a cursor of the future"),
        pytest.param({"query": {"after": "0.c-9#in#k"}}, 200, id="a cursor of long ago"),
        pytest.param({"query": {"after": ""}}, 422, id="an empty cursor"),
    ],
)
def test_who_may_not_and_from_where(asked: dict[str, Any], status: int) -> None:
    assert inbox(**asked).status == status
