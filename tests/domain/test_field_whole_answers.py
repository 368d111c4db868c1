"""What is said to a time that is held for them, and to a delay: the same words mean something else there."""

import pytest

from kept.messaging.replies.reading import ACTIONS, SURE, Asked, Intent
from tests.said import done, reading

TAKEN = [
    "1",
    "1.",
    "one",
    "Yes",
    "yes please",
    "I'll take it!",
    "I’ll take it, thanks",
    "take it",
    "ok",
    "OK thanks",
    "sure, book it",
    "book me in pls",
    "Hi, I would like it please",
    "I'd love it",
    "👍",
    "Friday works",
    "2pm works",
    "要",
    "我要！",
    "可以",
    "好的，谢谢",
    "好的",
    "请帮我预约",
    "行",
]
PASSED = [
    "2",
    "2 please",
    "No",
    "no, thanks",
    "No thank you.",
    "can't",
    "Can't do it, sorry",
    "I can’t make it",
    "pass",
    "not this time",
    "skip me please",
    "不要",
    "不用了，谢谢",
    "谢谢，不用了",
    "没空",
    "下次吧",
    "抱歉，来不及",
]
FOR_A_PERSON = [
    "3",
    "12",
    "1 and 2",
    "2 of us",
    "1 question: is there parking?",
    "yes but can it be with Jun?",
    "who is it with?",
    "maybe",
    "I'll let you know",
    "wait",
    "if it can be later",
    "要是晚点就可以",
    "多少钱",
]
WAITED = [
    "1",
    "yes",
    "ok",
    "wait",
    "I'll wait",
    "ok I'll wait",
    "No problem, I'll wait",
    "I can wait, thanks",
    "等",
    "我等一下。",
    "没关系，我等",
    "可以等",
    "好",
]


@pytest.mark.parametrize("text", TAKEN)
def test_an_offer_is_taken(text: str) -> None:
    assert done(text, Asked.OFFERED) is Intent.CONFIRM


@pytest.mark.parametrize("text", PASSED)
def test_an_offer_is_let_pass(text: str) -> None:
    assert done(text, Asked.OFFERED) is Intent.DECLINE


@pytest.mark.parametrize("text", FOR_A_PERSON)
def test_what_only_a_person_understands(text: str) -> None:
    found = reading(text, Asked.OFFERED)
    assert found.confidence < SURE or found.intent not in ACTIONS


@pytest.mark.parametrize(("text", "intent"), [("STOP", Intent.STOP), ("退订", Intent.STOP), ("取消", Intent.CANCEL)])
def test_what_is_meant_of_something_else(text: str, intent: Intent) -> None:
    """Of the number, or perhaps of a visit that they have."""
    assert done(text, Asked.OFFERED) is intent


@pytest.mark.parametrize("text", WAITED)
def test_a_delay_is_waited_for(text: str) -> None:
    assert done(text, Asked.DELAYED) is Intent.CONFIRM


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("2", Intent.MOVE),
        ("3", Intent.CANCEL),
        ("another day", Intent.MOVE),
        ("can I come later", Intent.MOVE),
        ("晚点来", Intent.LATE),
        ("来不了", Intent.CANCEL),
    ],
)
def test_a_delay_is_answered_otherwise(text: str, intent: Intent) -> None:
    assert done(text, Asked.DELAYED) is intent


@pytest.mark.parametrize("text", ["I'll wait", "要", "no thanks", "pass", "2 please"])
def test_elsewhere_they_are_read_as_ever(text: str) -> None:
    """No word of these tables is known where nothing was offered."""
    assert done(text) is not Intent.DECLINE
    assert text == "2 please" or done(text) is None
