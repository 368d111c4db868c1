"""A word counts only where it is a word: no part of another word, and no slip or short form of one, does anything.

In Chinese a single character counts alone in its clause or beside particles; in English a word of ours inside an
ordinary sentence is only that word.
"""

import tomllib
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kept.messaging.replies.carriers import is_opt_out
from kept.messaging.replies.phrases import FOLDER, PhraseKind, tables, tokens, wordings
from kept.messaging.replies.reading import SURE, Asked, Intent
from kept.messaging.replies.spelling import plain, spelt
from tests.said import done, reading

WORDS = Path(__file__).parents[1] / "replies" / "words"
ACTING = ("yes", "agreed", "confirm", "suits", "cancel", "move", "some_day", "late", "on_the_road", "stop", "start")

NOTHING = """
住院中 手术中 我得加班 银行卡丢了 懒得去 晚上好 早上好 我在中国银行 行李好重 成都下雨了 这个好吃 好久不见
意见很多 觉得一般 值得考虑 可乐没了 人行道上 会议进行中 看见你了 完成了 好累啊 好贵 好远啊 好烦 好像下雨了
好不容易 可怜 可恶 可惜了 妥协 得病了 得意 偏好吧 你好啊 你们好吧 周五行车 周五行为 今天行家 中意的 爱好啊
进行的 现成的 得了 成绩出来了 中了 中奖了 见鬼 见医生 见面再说 明天见客户 周五见客户 周五见分晓 行尸走肉
行车记录仪 我在排队中 机会来了 过去的事 会来事 说不过去 合不来 我可以进去 可以吃东西 周五行情 周五可以休息 成就
好先生 中行 亲见 不见 换药 换发型 马上放假了 路上小心 车在路上 拒收快递 退订酒店 停车 T恤 一会儿 一点 三个人
二手车 I_rang_you I'm_suing_you I_sang_you_a_song love_you thank_you_ya_all bus_stop non_stop stop_sign
stop_the_car stop_by I_quit_smoking quit_your_job the_end_of_the_road end_of_month remove_the_nail_polish
revoke_his_licence tick_bite_on_my_leg it_costs_100 100_metres my_dad_has_cancer the_forms_must_conform
I'm_in_mourning winter_is_coming the_bus_is_coming my_card_was_declined the_train_is_delayed bank_holiday
call_Tom call_Eve I_deleted_the_app their_Friday_meeting conf_call deal_breaker the_right_one
correct_the_spelling I_moved_house change_the_bed_sheets moving_day keep_the_change switch_off_the_lights
swap_the_tyres start_the_car let's_start 10_minutes_walk it_takes_10_minutes vitamin_C T-shirt the_R_word
TD_bank 0000_is_my_pin two_kids 1st_of_all 2_be_honest 3_days in_traffic on_the_bus the_traffic_is_terrible
running_shoes can't_make_dinner can't_make_it_work can't_go_to_work can't_come_home on_my_way_to_the_airport
on_my_way_home running_late_for_work yes_men okra surely thanksgiving yesterday
"""


@pytest.mark.parametrize("text", [text.replace("_", " ") for text in NOTHING.split()])
def test_part_of_a_word_or_of_a_sentence_does_nothing(text: str) -> None:
    """Nobody's visit changes because a word of ours is hidden in what they say."""
    assert done(text) is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        *(
            (text, Intent.CONFIRM)
            for text in (
                "好",
                "好的",
                "好吧",
                "好啊",
                "好呀",
                "好的好的",
                "行",
                "行啊",
                "行吧",
                "行的",
                "可以",
                "可",
                "成",
                "中",
                "得",
                "妥",
                "妥妥的",
                "嗯",
                "嗯好",
                "嗯嗯",
            )
        ),
        *(
            (text, Intent.CONFIRM)
            for text in (
                "好 周五见",
                "好，会来",
                "好我会来",
                "好！",
                "好的👌",
                "ok好",
                "周五见",
                "ＯＫ",
                "好 的",
            )
        ),
        *(
            (text, Intent.CONFIRM)
            for text in (
                "coming",
                "Coming!",
                "definitely",
                "Correct.",
                "yes",
                "sure",
                "ok",
                "k",
                "Hi Jenny I'll be there",
            )
        ),
        *(
            (text, Intent.CANCEL)
            for text in ("cancel", "取消", "Hi Anna I can't make it", "cansel pls", "取消 谢谢", "不来了")
        ),
        *((text, Intent.MOVE) for text in ("move", "change", "改期", "推迟一周", "换 时间")),
    ],
)
def test_where_it_is_a_word_it_counts(text: str, intent: Intent) -> None:
    """Alone, politely, behind a greeting or with a slip in it, the answer is taken."""
    assert done(text) is intent


@pytest.mark.parametrize(
    ("text", "on_the_day"),
    [
        (text, Intent.LATE)
        for text in ("in traffic", "on the bus", "堵车了", "在地铁上", "停车场排队", "15 minutes", "等红灯")
    ],
)
def test_where_they_are_answers_only_whether_they_are_on_their_way(text: str, on_the_day: Intent) -> None:
    """Being on the bus says nothing to a booking; asked on the day, it says that they come late."""
    assert (done(text), done(text, Asked.ON_THE_DAY)) == (None, on_the_day)


@pytest.mark.parametrize(
    "text",
    [
        "I'll be 20 min late, sorry!",
        "I'll be 45 minutes late",
        "I need 5 minutes, be there by 2.05pm",
        "might be 10 mins late",
        "about 10 minutes late",
        "I'm running late",
        "running behind sorry",
        "晚到20分钟",
        "我会晚到15分钟",
        "可能迟到十分钟",
    ],
)
def test_who_says_late_is_late_whatever_was_asked(text: str) -> None:
    assert (done(text), done(text, Asked.ON_THE_DAY)) == (Intent.LATE, Intent.LATE)


@cache
def phrases(*kinds: str) -> set[str]:
    """The tables' own lines with every alternative, in plain spelling."""
    found: set[str] = set()
    for file in FOLDER.glob("*.toml"):
        table = tomllib.loads(file.read_text("utf-8"))
        groups = {name: plain("\n".join(of)).split("\n") for name, of in table["groups"].items()}
        for kind in kinds:
            found |= set(wordings(plain(table["phrases"].get(kind, "")), groups))
    return found


@cache
def ordinary(language: str) -> list[str]:
    return (WORDS / f"{language}.txt").read_text("utf-8").split()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_ordinary_word_does_anything_but_those_of_the_tables(language: str) -> None:
    """12,000 words, of Chinese those with a character that is an answer alone."""
    own = phrases(*ACTING) | set(tables().spelling) | {"one", "two", "three"}
    acting = [word for word in ordinary(language) if done(word) and not is_opt_out(plain(word))]
    assert [word for word in acting if word not in own] == []


@given(
    st.sampled_from([word for word in ordinary("zh") if word not in phrases(*ACTING)]),
    st.sampled_from(["{}", "我{}", "{}了", "在{}", "{}吧", "好多{}"]),
)
def test_an_ordinary_word_in_a_sentence_confirms_nothing(word: str, frame: str) -> None:
    """A yes in Chinese may be one character, which many another word holds."""
    assert done(frame.format(word)) is not Intent.CONFIRM


def test_no_ordinary_word_is_taken_for_a_slip_of_one_of_ours() -> None:
    known, mended = tables().words, tables().mended
    taken = {word: spelt(word, {}, known, mended) for word in ordinary("en") if word not in tables().spelling}
    assert {word: meant for word, meant in taken.items() if word != meant} == {}


def test_no_short_form_is_an_ordinary_word_that_would_do_something() -> None:
    """And no word of a phrase is spelt into another phrase's: `ya` once made a yes of every "you"."""
    words = set(ordinary("en"))
    for form, full in tables().spelling.items():
        assert form not in words or done(full) is done(form), form
        assert form not in words or full not in phrases(*ACTING) or form in {"okay", "canceling"}, form


@pytest.mark.slow
def test_a_phrase_is_spelt_into_none_of_another_kind() -> None:
    """Writing a short form out never makes one answer of another."""
    spelling = tables().spelling
    by_phrase: dict[tuple[str, ...], set[str]] = {}
    for kind in PhraseKind:
        for phrase in phrases(kind):
            by_phrase.setdefault(tuple(tokens(spelt(phrase, spelling))), set()).add(kind)
    assert {" ".join(said): kinds for said, kinds in by_phrase.items() if len(kinds) > 1} == {}


OF_ADVERTISING = {"回td退订", "回t退订"}
"""Alone they are a client's; beside anything else an advertisement ends with them."""

ASIDE = ["zebra", "xylophone", "quibble", "犀牛", "琵琶", "榴莲", "4711", "Zoë"]


@pytest.mark.slow
@given(
    st.sampled_from(sorted(phrases("confirm", "cancel", "move", "late", "stop", "start") - OF_ADVERTISING)),
    st.sampled_from(ASIDE),
    st.booleans(),
)
def test_one_unknown_word_beside_an_action_is_enough_to_ask(phrase: str, aside: str, before: bool) -> None:
    """What the client may have meant besides is asked, not guessed."""
    said = phrase.replace("{when}", "Friday").replace("{minutes}", "10 minutes")
    assert reading(f"{aside} {said}" if before else f"{said} {aside}").confidence < SURE
