"""Rule: whoever states that the number is not the client's, and says nothing else, has said so; a question, a doubt,
another sentence, or a name that may be a word is for a person.
"""

from datetime import date, datetime

import pytest

from kept.messaging.replies.reader import read
from kept.messaging.replies.reading import Asked, Intent

TODAY, STARTS = date(2026, 11, 18), datetime(2026, 11, 20, 14)  # noqa: DTZ001  # local; no zone bears on it

WRONG = [
    ("wrong number", "Anna Berg"),
    ("Wrong number mate", "Anna Berg"),
    ("Sorry, wrong number", "Anna Berg"),
    ("you have the wrong number", "Anna Berg"),
    ("You've got the wrong number.", "Anna Berg"),
    ("I think you have the wrong number, sorry", "Anna Berg"),
    ("you texted the wrong person", "Anna Berg"),
    ("This isn't Anna", "Anna Berg"),
    ("this isnt anna", "Anna Berg"),
    ("This is not Anna Berg.", "Anna Berg"),
    ("I'm not Anna. Wrong number!", "Anna Berg"),
    ("This isn't Anna's phone", "Anna Berg"),
    ("Hi, this isn't Jessica", "Anna Berg"),
    ("There's no one here by that name", "Anna Berg"),
    ("Nobody by that name", "Anna Berg"),
    ("this is the wrong number", "Anna Berg"),
    ("She no longer has this number", "Anna Berg"),
    ("I just got this number", "Anna Berg"),
    ("I'm not the person you are looking for", "Anna Berg"),
    ("Wrong person", "Anna Berg"),
    ("This is not my phone, I don't know any salon", "Anna Berg"),
    ("打错了", "王芳"),
    ("发错了", "王芳"),
    ("你发错了", "王芳"),
    ("你们发错人了", "王芳"),
    ("您好，您发错号码了", "王芳"),
    ("打错电话了，谢谢", "王芳"),
    ("我不是王芳", "王芳"),
    ("不好意思，我不是王芳，发错了", "王芳"),
    ("这不是王芳的号码", "王芳"),
    ("我不是本人", "王芳"),
    ("号码错了", "王芳"),
    ("查无此人", "王芳"),
    ("這個號碼不是她的", "王芳"),
    ("找错人了", "王芳"),
    ("This number doesn't belong to Anna", "Anna Berg"),
    ("this phone no longer belongs to Anna Berg", "Anna Berg"),
    ("There is no Anna here", "Anna Berg"),
    ("there's no Anna at this number, sorry", "Anna Berg"),
    ("This is no longer Anna's number", "Anna Berg"),
    ("Wrong no.", "Anna Berg"),
    ("wrong #", "Anna Berg"),
    ("没有王芳这个人", "王芳"),
    ("这个号码不是王芳的", "王芳"),
    ("非本人", "王芳"),
]

NOT_SURE = [
    ("who is this?", "Anna Berg"),
    ("Who's this", "Anna Berg"),
    ("wrong number?", "Anna Berg"),
    ("is this the wrong number", "Anna Berg"),
    ("Do you have the wrong number for me", "Anna Berg"),
    ("you have the wrong number on file, my new one is 5551234", "Anna Berg"),
    ("this isn't fair", "Anna Berg"),
    ("This isn't good", "Anna Berg"),
    ("This isn't my appointment", "Anna Berg"),
    ("I'm not coming", "Anna Berg"),
    ("I'm not Happy", "Anna Berg"),
    ("not Monday", "Anna Berg"),
    ("wrong time", "Anna Berg"),
    ("wrong day, can we move it", "Anna Berg"),
    ("this isn't jessica", "Anna Berg"),
    ("this isn't what I booked", "Anna Berg"),
    ("I booked with the wrong person, can I have Mei", "Anna Berg"),
    ("wrong number of people, we are three", "Anna Berg"),
    ("Yes I'll be there, wrong number in your text though", "Anna Berg"),
    ("你是谁", "王芳"),
    ("你是谁？", "王芳"),
    ("发错人了吧", "王芳"),
    ("是不是发错了", "王芳"),
    ("打错字了，明天见", "王芳"),
    ("我不是明天来", "王芳"),
    ("时间发错了，应该是周五", "王芳"),
    ("我不是会员", "王芳"),
    ("地址错了", "王芳"),
    ("There is no parking here", "Anna Berg"),
    ("There is no Parking here", "Anna Berg"),
    ("there's no Friday at this number of days", "Anna Berg"),
    ("wrong #3 on my list", "Anna Berg"),
    ("没有停车这个人", "王芳"),
    ("非本人能来吗", "王芳"),
]


def reading(words: str, name: str) -> Intent | None:
    found = read(words, asked=Asked.BOOKING, today=TODAY, starts=STARTS, name=name)
    return found.intent if found.is_sure else None


@pytest.mark.parametrize(("words", "name"), WRONG, ids=[words for words, _ in WRONG])
def test_a_wrong_number_that_is_stated(words: str, name: str) -> None:
    """A stranger need not know any word of ours: a plain statement of it is enough."""
    assert reading(words, name) is Intent.WRONG_NUMBER


@pytest.mark.parametrize(("words", "name"), NOT_SURE, ids=[words for words, _ in NOT_SURE])
def test_what_may_be_another_thing_is_for_a_person(words: str, name: str) -> None:
    """A client who asks, doubts or speaks of something else is not cut off from their own number."""
    assert reading(words, name) is not Intent.WRONG_NUMBER


@pytest.mark.parametrize(
    "words", ["STOP", "stop texting me, wrong number", "退订", "TD", "wrong number, stop"], ids=str
)
def test_stop_comes_first(words: str) -> None:
    """Whoever wants no more gets no more, whosever number it is."""
    assert reading(words, "Anna Berg") is Intent.STOP
