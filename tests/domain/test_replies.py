"""What a client's reply is taken to mean, and when a person is asked instead."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.messaging.replies.phrases import FOLDER, PhraseKind, tables, tokens
from kept.messaging.replies.reader import read
from kept.messaging.replies.reading import SURE, Asked, Intent, Reading, RequestedTime
from kept.messaging.replies.spelling import is_a_slip
from tests.said import STARTS, TODAY, done, reading

SAID = {
    Intent.CONFIRM: ("yes", "confirm", "I'll be there", "see you Friday", "👍", "确认", "我会来的", "周五见"),
    Intent.CANCEL: ("cancel", "please cancel my appointment", "can't make it", "取消", "来不了了", "帮我取消吧"),
    Intent.MOVE: ("reschedule", "can we do Monday instead", "改期", "能改到周六吗"),
    Intent.LATE: ("on my way", "running 10 minutes late", "在路上", "晚到10分钟"),
    Intent.STOP: ("stop", "unsubscribe", "stop texting me", "退订", "别再发短信了"),
    Intent.START: ("start", "unstop", "恢复短信提醒"),
}
SAYINGS = [(intent, text) for intent, texts in SAID.items() for text in texts]
by_text = [pytest.param(intent, text, id=text) for intent, text in SAYINGS]


@pytest.mark.parametrize(
    ("text", "booking", "on_the_day"),
    [
        pytest.param("1", Intent.CONFIRM, Intent.LATE, id="one"),
        pytest.param("2", Intent.MOVE, Intent.CANCEL, id="two"),
        pytest.param("3", Intent.CANCEL, None, id="three, which was not offered on the day"),
        pytest.param("３", Intent.CANCEL, None, id="full width"),
        pytest.param("1️⃣", Intent.CONFIRM, Intent.LATE, id="a key-cap"),
        pytest.param(" 2. ", Intent.MOVE, Intent.CANCEL, id="with a full stop"),
        pytest.param("one", Intent.CONFIRM, Intent.LATE, id="as a word"),
        pytest.param("二", Intent.MOVE, Intent.CANCEL, id="as a Chinese word"),
        pytest.param("回复3", Intent.CANCEL, None, id="with the word reply"),
        pytest.param("3 cancel", Intent.CANCEL, Intent.CANCEL, id="with its meaning"),
        pytest.param("1 cancel", None, None, id="with another meaning"),
        pytest.param("1 2", None, None, id="two keys"),
        pytest.param("10", None, None, id="no key"),
        pytest.param("1st", None, None, id="a date"),
        pytest.param("2 people", None, None, id="a number of something"),
        pytest.param("3 of us", None, None, id="a number of us"),
    ],
)
def test_a_key_means_what_the_last_message_offered(
    text: str, booking: Intent | None, on_the_day: Intent | None
) -> None:
    """On the day 1 and 2 mean other things than on a booking, and a number of something is no key."""
    assert (done(text), done(text, Asked.ON_THE_DAY)) == (booking, on_the_day)


@pytest.mark.parametrize(("intent", "text"), by_text)
def test_what_people_say_is_understood(intent: Intent, text: str) -> None:
    """A client need not know our keys, in English or in Chinese."""
    assert done(text) is intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        pytest.param("can't make Friday, can we do Monday", Intent.MOVE, id="they give up a day and name another"),
        pytest.param("周五没空，周日行不行", Intent.MOVE, id="the same in Chinese"),
        pytest.param("Friday's no good. Monday 10am?", Intent.MOVE, id="two statements"),
        pytest.param("yes please cancel it", Intent.CANCEL, id="a yes in passing"),
        pytest.param("don't cancel, I'm coming", Intent.CONFIRM, id="a no to another action"),
        pytest.param("别取消，帮我改到下周三", Intent.MOVE, id="a no to another action in Chinese"),
        pytest.param("my son has a fever so I need to cancel", Intent.CANCEL, id="a reason"),
        pytest.param("孩子发烧了，周五的先取消吧", Intent.CANCEL, id="a reason in Chinese"),
        pytest.param("I'm coming, 10 minutes late", Intent.LATE, id="coming, and late"),
        pytest.param("confirm，see you周五", Intent.CONFIRM, id="both languages"),
        pytest.param("確認，謝謝", Intent.CONFIRM, id="traditional characters"),
        pytest.param("pls cansel my apt", Intent.CANCEL, id="short forms and slips"),
        pytest.param("please cnacel", Intent.CANCEL, id="a slip nobody listed"),
        pytest.param("Confimred", Intent.CONFIRM, id="letters the wrong way round"),
        pytest.param("yesss", Intent.CONFIRM, id="stretched"),
        pytest.param("I can definitely make it", Intent.CONFIRM, id="an adverb in the middle"),
        pytest.param("Cancel please, if that's ok", Intent.CANCEL, id="a condition of politeness"),
        pytest.param('"Reply 1 to confirm, 2 to move, 3 to cancel" 1', Intent.CONFIRM, id="below our own message"),
        pytest.param("> Reply 1 to confirm, 3 to cancel\n3", Intent.CANCEL, id="below our message, as mail quotes"),
    ],
)
def test_what_is_said_together_is_read_together(text: str, intent: Intent) -> None:
    """A reason, politeness or a second sentence does not hide the wish that is meant."""
    assert done(text) is intent


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("If it rains I'll cancel", id="a condition"),
        pytest.param("下雨的话就不去了", id="a condition in Chinese"),
        pytest.param("I might cancel", id="a perhaps"),
        pytest.param("I'll be there. Maybe.", id="a perhaps of its own"),
        pytest.param("可能来可能不来", id="perhaps and perhaps not"),
        pytest.param("What happens if I cancel?", id="a question about it"),
        pytest.param("取消要收费吗", id="a question about it in Chinese"),
        pytest.param("can i still cancel", id="a question without its mark"),
        pytest.param("cancel?", id="a question mark"),
        pytest.param("I cancelled my gym membership", id="the past, and something else"),
        pytest.param("我把健身卡取消了", id="the same in Chinese"),
        pytest.param("cancel the pizza", id="something nobody knows"),
        pytest.param("把瑜伽取消", id="the same before the verb"),
        pytest.param("confirm the address", id="asks us to confirm"),
        pytest.param("Jenny can't come", id="somebody nobody knows"),
        pytest.param("My wife will come instead of me", id="somebody else"),
        pytest.param("我老公替我来", id="somebody else in Chinese"),
        pytest.param("I won't be late", id="a no to being late"),
        pytest.param("see you Monday", id="another day than the appointment's"),
        pytest.param("周一来不了", id="not on another day"),
        pytest.param("I'll be there at 4", id="another time than the appointment's"),
        pytest.param("can we do Friday at 2?", id="the time it has already"),
        pytest.param("3pm", id="a time alone"),
        pytest.param("start the reminders again and cancel friday", id="two wishes"),
        pytest.param("yes but my sister needs the car", id="a reservation"),
        pytest.param("I'll stop by at 2 to pay", id="stop as a word of every day"),
        pytest.param("Sure I'll come so you can keep me waiting again 🙄", id="a complaint"),
        pytest.param("Yes I'll be there. Which entrance?", id="a question besides"),
        pytest.param("I'm driving. I'll get back to you when I arrive.", id="an automatic reply"),
        pytest.param("wrong number? mate", id="a stranger"),
        pytest.param("no", id="no, to what?"),
        pytest.param("maybe", id="maybe"),
        pytest.param("asdfgh", id="no words"),
        pytest.param("", id="nothing"),
    ],
)
def test_what_is_in_doubt_is_for_a_person(text: str) -> None:
    """Better somebody who asks than a visit that was cancelled without being given up."""
    assert done(text) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        pytest.param("Where do I park?", Intent.QUESTION, id="question"),
        pytest.param("要空腹吗", Intent.QUESTION, id="question in Chinese"),
        pytest.param("You charged me a no show fee", Intent.COMPLAINT, id="complaint"),
        pytest.param("你们前台态度太差了", Intent.COMPLAINT, id="complaint in Chinese"),
        pytest.param("thank you for the reminder", Intent.THANKS, id="thanks"),
        pytest.param("ok thanks", Intent.THANKS, id="an ok that only thanks"),
        pytest.param("3Q", Intent.THANKS, id="thanks with a digit"),
    ],
)
def test_what_needs_no_action_is_told_apart(text: str, intent: Intent) -> None:
    """Staff see whether it is a question, a complaint or only thanks."""
    assert reading(text).intent is intent


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        pytest.param("running 10 min late", 10, id="said at once"),
        pytest.param("be there in 20", 20, id="without the unit"),
        pytest.param("10-15 mins", 15, id="of two the longer"),
        pytest.param("half an hour tops", 30, id="half an hour"),
        pytest.param("晚一刻钟到", 15, id="a quarter in Chinese"),
        pytest.param("大概要二十分钟", 20, id="Chinese numerals"),
        pytest.param("半小时到", 30, id="half an hour in Chinese"),
        pytest.param("on my way", None, id="not said"),
    ],
)
def test_how_late_they_are_is_read(text: str, minutes: int | None) -> None:
    """Of two figures it is the longer, and none is made up where none was said."""
    found = reading(text, Asked.ON_THE_DAY)
    assert (found.intent, found.minutes, found.is_sure) == (Intent.LATE, minutes, True)


@pytest.mark.parametrize("text", ["yes", "I'll be there", "coming", "会来的", "5 minutes"])
def test_on_the_day_a_yes_is_on_my_way(text: str) -> None:
    """Whoever says yes when asked where they are has said that they come."""
    assert done(text, Asked.ON_THE_DAY) is Intent.LATE


@given(st.text(max_size=200), st.sampled_from(Asked))
def test_any_text_is_read(text: str, asked: Asked) -> None:
    """No reply ends the reading, and only a move has a wish for another time."""
    found = reading(text, asked)
    assert 0 <= found.confidence <= 1
    assert found.wish == RequestedTime() or found.intent is Intent.MOVE


@given(st.lists(st.sampled_from(sorted(tables().words) + list("12?,.，。 3 周五点半 am pm 11/20 :30 'd")), max_size=40))
def test_any_words_of_the_tables_are_read(words: list[str]) -> None:
    reading(" ".join(words))
    reading("".join(words))


@pytest.mark.parametrize(("intent", "text"), by_text)
def test_case_space_width_and_stops_change_nothing(intent: Intent, text: str) -> None:
    """A telephone that capitalises, widens or adds a stop does not change what was meant."""
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    ways = (
        text.upper(),
        text.title(),
        f"  {text}\n",
        text.replace(" ", "   "),
        wide,
        f"{text}.",
        f"{text}。",
        f"{text}!!",
    )
    assert [done(way) for way in ways] == [intent] * len(ways)


@pytest.mark.parametrize(("intent", "text"), [case for case in by_text if case.id != "👍"])
def test_politeness_changes_nothing(intent: Intent, text: str) -> None:
    """Whoever says please or thanks gets the same as whoever does not."""
    polite = (f"{text} please", f"{text}, thanks", f"{text}，谢谢", f"{text} 谢谢", f"Hi, {text}", f"你好，{text}")
    assert [done(way) for way in polite] == [intent] * len(polite)


@pytest.mark.parametrize(("intent", "text"), by_text)
def test_a_no_before_it_never_does_it(intent: Intent, text: str) -> None:
    """What a client asks us not to do is the one thing that is not done."""
    for no in ("don't ", "do not ", "not ", "别", "别 ", "不要"):
        assert done(f"{no}{text}") is not intent


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("cancel " * 14_286, id="one word again and again"),
        pytest.param("x" * 100_000, id="one long word"),
        pytest.param("1" * 100_000, id="digits"),
        pytest.param("三" * 100_000, id="numerals"),
        pytest.param("“" * 100_000, id="quotation marks"),
        pytest.param(" " * 100_000, id="space"),
        pytest.param(
            "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 400, id="few ligatures that stand for many letters"
        ),
    ],
)
def test_a_long_text_is_for_a_person(text: str) -> None:
    """Nobody keeps the server busy: what is far too long for a reply is not read."""
    assert reading(text) == Reading(Intent.UNCLEAR, 0.0)


def test_every_section_of_a_table_is_a_kind_and_every_kind_has_phrases() -> None:
    """No phrases stand in a table unread, and no kind of them is without any."""
    sections = {name for file in FOLDER.glob("*.toml") for name in tomllib.loads(file.read_text("utf-8"))["phrases"]}
    assert sections == set(PhraseKind)


@pytest.mark.parametrize(
    ("word", "meant", "near"),
    [
        pytest.param("cancl", "cancel", True, id="a letter missing"),
        pytest.param("canceel", "cancel", True, id="a letter too many"),
        pytest.param("cancek", "cancel", True, id="a letter wrong"),
        pytest.param("cacnel", "cancel", True, id="two the wrong way round"),
        pytest.param("vancel", "cancel", False, id="the first letter wrong"),
        pytest.param("counsel", "cancel", False, id="another word"),
        pytest.param("cancel", "cancel", True, id="no slip"),
    ],
)
def test_a_slip_is_one_letter(word: str, meant: str, near: bool) -> None:
    """A letter off is mended; another word, or another first letter, is not."""
    assert is_a_slip(word, meant) is near


def test_a_reading_is_sure_from_the_threshold_on() -> None:
    assert Reading(Intent.CONFIRM, SURE).is_sure
    assert not Reading(Intent.CONFIRM, SURE - 0.01).is_sure


def test_private_characters_of_a_text_are_no_moments() -> None:
    assert done("see you \ue000") is Intent.CONFIRM
    assert tokens(tables().spelt("\ue000\ue100")) == []


PARTS = {"morning": (9, 11), "afternoon": (12, 14, 16), "evening": (17, 20)}


@pytest.mark.parametrize("said", PARTS)
@pytest.mark.parametrize("hour", [hour for hours in PARTS.values() for hour in hours])
def test_a_part_of_the_day_names_the_visit_that_is_in_it_and_no_other(said: str, hour: int) -> None:
    """The morning ends at noon, the evening begins at five; of another part a person asks."""
    found = read(f"cancel the {said} appointment", asked=Asked.BOOKING, today=TODAY, starts=STARTS.replace(hour=hour))
    assert (found.intent, found.is_sure) == (Intent.CANCEL, hour in PARTS[said])
