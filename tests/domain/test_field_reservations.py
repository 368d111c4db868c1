"""A reservation takes back a yes: agreeing with a but, a condition or a wish of one's own confirms nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.messaging.replies.reading import Intent
from tests.said import done

NOT_YET = (
    "ok but can it be later",
    "yes if my son is better",
    "fine, unless it snows",
    "yes but my sister needs the car",
    "sure, only I may have to bring the baby",
    "I'll be there, however I'd prefer the morning",
    "I can come though only for half an hour",
    "yes, although Friday is tricky",
    "confirmed except the time is wrong",
    "I'll come, except if work calls",
    "ok as long as Maria does it",
    "yes so long as it's short",
    "I'll be there if possible",
    "yes, is there anything earlier?",
    "ok, can I bring my dog?",
    "Yes I'll be there. Can you do my sister too?",
    "yes, provided that I can park",
    "see you Friday, but not at 2",
    "see you Friday, not before 3",
    "confirm, on condition that Ben does it",
    "yes, apart from the colour",
    "yes, other than the time",
    "ok, only problem is the time",
    "I'll be there, just not with Ben",
    "yes, assuming the trains run",
    "yes, or not",
    "I'll be there or I won't",
    "yes, then again maybe Monday",
    "I'd be there if I could",
    "I would be there but",
    "yes, no",
    "ok, Friday is no good",
    "ok never mind",
    "好的,但是能不能晚一点",
    "可以，不过要看孩子",
    "可以，不过我可能带朋友",
    "行，就是时间有点早",
    "好的，只是可能要带孩子",
    "会来的，除非下雪",
    "没问题，然而周五不行",
    "我可以，但是我老公不可以",
    "确认，前提是李老师在",
    "确认，条件是不涨价",
    "好的，可惜要晚点",
    "好，如果老公同意",
    "没问题，只要不下雨",
    "有空的话我会来",
    "方便的话我来",
    "好的，能帮我换个老师吗",
    "好的，但价格能便宜吗",
    "可以，可是我想换人",
    "可以是可以，就是贵了点",
    "行，但要快",
    "来是来，但是晚",
    "好的，周五不行",
    "好的，周五没空",
    "好的，算了",
    "会来的，不然呢",
)


@pytest.mark.parametrize("text", NOT_YET, ids=repr)
def test_a_yes_with_a_reservation_is_no_yes(text: str) -> None:
    """A client is not held to what they did not quite promise; a person reads it."""
    assert done(text) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        pytest.param("I was ill last week but I'll be there", Intent.CONFIRM, id="a but before the yes"),
        pytest.param("Sorry for the late reply but yes", Intent.CONFIRM, id="an apology before it"),
        pytest.param("yes but thanks", Intent.CONFIRM, id="a but that takes nothing back"),
        pytest.param("虽然忙，但我会来", Intent.CONFIRM, id="a but before the yes in Chinese"),
        pytest.param("Sorry but we have decided not to go ahead", Intent.CANCEL, id="a but before the no"),
        pytest.param("Cancel please, if that's ok", Intent.CANCEL, id="a condition of politeness"),
        pytest.param("Could we move it to Tuesday, if possible?", Intent.MOVE, id="the same beside a wish"),
        pytest.param("2 but I'd still like to come, Saturday maybe?", Intent.MOVE, id="a wish may be qualified"),
        pytest.param("I'm coming but 10 minutes late", Intent.LATE, id="a delay may be"),
        pytest.param("可以的话改到周一", Intent.MOVE, id="politeness in Chinese"),
    ],
)
def test_what_takes_nothing_back_changes_nothing(text: str, intent: Intent) -> None:
    """A but before the answer, politeness, or a qualified wish or delay costs the client nothing."""
    assert done(text) is intent


YES = [
    "yes",
    "ok",
    "I'll be there",
    "confirm",
    "see you Friday",
    "sure",
    "好的",
    "可以",
    "会来的",
    "确认",
    "没问题",
    "周五见",
]
RESERVED = [
    "but the time is wrong",
    "if it rains",
    "unless it snows",
    "however I am busy",
    "except for Ben",
    "though the price went up",
]
RESERVED += ["但是时间不对", "不过太早了", "除非下雨", "如果不加班", "可是我想换人", "只是有点远", "然而要加班"]


@given(st.sampled_from(YES), st.sampled_from([", ", "，", " ", ". "]), st.sampled_from(RESERVED))
def test_no_yes_survives_a_reservation(yes: str, between: str, reserved: str) -> None:
    """Whichever yes and whichever reservation are joined, by whatever stands between them."""
    assert done(f"{yes}{between}{reserved}") is None
