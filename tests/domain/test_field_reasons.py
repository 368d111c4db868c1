"""A reason, an apology, a thank-you or small talk says nothing against an action, whatever words it holds: in a clause
of its own, behind a because, or run on without commas. Where the verb's object stands, no word is harmless.
"""

import pytest

from kept.messaging.replies.reading import Asked, Intent
from tests.said import done, reading

SAID = {
    Intent.CONFIRM: (
        "yes thanks for checking in on us",
        "Yes, thank you for being so accommodating",
        "I'll be there with my mum",
        "My meeting got moved so I can make it after all",
        "Nothing to change from my side, keep me down for Friday",
        "Not cancelling, just wanted to say im on for friday",
        "Totally forgot, glad you reminded me! I'll be in at 2",
        "Morning! Yes still okay for Friday",
        "I'll be there 10 minutes early",
        "No need to worry I'll be there",
        "收到提醒，周五会准时到场",
        "到时候我跟我妈一起过去",
        "会议改期了，所以你们这边我能按时来",
        "我取消了别的安排，周五能来",
        "我会嚟",
        "收到，會去",
        "我已经跟公司请好假了，会准时到",
    ),
    Intent.CANCEL: (
        "sorry i cannot come my grandma passed away",
        "cancel it please my tooth stopped hurting",
        "need to cancel my wife is in hospital",
        "have to cancel my son has a fever",
        "we have to cancel, both kids are throwing up",
        "Hi there, I have a terrible cold so will need to cancel",
        "can't come dog is ill",
        "Cancel it. Thanks. Dave",
        "can't come on Friday thanks Bob",
        "I cant do friday no more",
        "my flight was cancelled, can't make it",
        "麻烦取消一下周五的预约",
        "不约了，謝謝",
        "唔嚟喇，唔好意思",
        "我腰疼得下不了床，周五去不了了",
        "去不了啦 名额让出来",
        "来不了 家里水管爆了",
        "老板让我去上海，周五来不了了",
    ),
    Intent.MOVE: (
        "I need to come another time, the nursery rang",
        "can I come in at 4 rather than 2",
        "can we postpone till december",
        "would love to move to an evening slot",
        "can u move it fwd to thurs",
        "Can we push it to 3pm, stuck in a meeting until then",
        "can we push two weeks",
        "可以换到周六上午吗，周五要加班",
        "想问一下能改到周六吗",
        "改一下下周五",
        "可唔可以改下星期一",
        "帮我换下周二，啥时候都行",
    ),
    Intent.STOP: (
        "turn off these notifications",
        "don't text this number again",
        "Take me off this text service",
        "I'd like to stop getting these texts",
        "请把我从名单里删除",
        "請勿再傳訊息",
        "我要退订这些信息",
        "唔好再发短信俾我",
    ),
}
ON_THE_DAY = {
    Intent.LATE: (
        "just looking for a space",
        "My taxi is late, should be there by 2:15",
        "1 running behind tho",
        "还有两站路",
        "嗯在来的路上",
        "找不到停车位，稍等",
    ),
    Intent.CANCEL: ("please cancel, stuck at the hospital with my son", "过不来了，堵在高速上"),
    Intent.MOVE: ("能改到明天吗，今天堵死了",),
}
OF_SOMETHING_ELSE = (
    "cancel my netflix",
    "move my desk",
    "confirm the flight",
    "cancel the one my wife got",
    "cancel my shift Friday",
    "cancel everything",
    "cancel the hair colour, keep the cut",
    "can't come in to work",
    "can't come home",
    "can't come to my sister's wedding",
    "need to pull out a tooth",
    "I need to move my car",
    "I want to change my mind",
    "the plumber can't come",
    "our dog can't come",
    "my car will not make it",
    "confirm my wife is coming",
    "thanks for cancelling my appointment",
    "thanks for confirming",
    "my meeting got cancelled",
    "flight moved to Friday",
    "leave me in peace",
    "I'm in Paris on Friday",
    "Friday is the best day of my life",
    "yes my dog died",
    "yes because you never answer if it rains",
    "can you cancel on the day",
    "把瑜伽取消",
    "取消 健身课",
    "会议改到周五了",
    "考试提前到周四",
    "航班取消了",
    "谢谢你帮我取消",
    "感谢您改到周六",
    "你们把我的预约取消了",
    "帮我改一下名字",
    "麻烦改一下姓名",
    "帮我换一下老师",
    "我要改名",
    "我不做了这份工作",
    "我以为你不来了",
    "晚一点的地铁",
    "快到饭点了",
    "老师晚到十分钟",
    "孩子在路上",
    "走路十分钟就到",
)


@pytest.mark.parametrize(("text", "intent"), [(text, intent) for intent, texts in SAID.items() for text in texts])
def test_a_reason_takes_nothing_back(text: str, intent: Intent) -> None:
    """A client who says why, apologises or thanks still gets what they asked for."""
    assert done(text) is intent


@pytest.mark.parametrize(("text", "intent"), [(text, intent) for intent, texts in ON_THE_DAY.items() for text in texts])
def test_where_they_are_stuck_takes_back_no_wish(text: str, intent: Intent) -> None:
    """Being stuck is a delay on the day, unless they also ask to cancel or to move."""
    assert done(text, Asked.ON_THE_DAY) is intent


@pytest.mark.parametrize("asked", [Asked.BOOKING, Asked.ON_THE_DAY])
@pytest.mark.parametrize("text", OF_SOMETHING_ELSE)
def test_what_is_about_something_else_does_nothing(text: str, asked: Asked) -> None:
    """A flight cancelled, a car moved or a plumber who cannot come leaves the visit alone."""
    assert done(text, asked) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        pytest.param("改一下周六", "2026-11-21", id="Saturday behind 一下, not next Saturday"),
        pytest.param("改一下下周五", "2026-11-27", id="next Friday behind 一下"),
        pytest.param("can we push two weeks", "2026-12-04", id="pushed on from the visit"),
        pytest.param("Thurs morning next week suits me better", "2026-11-26", id="a part between day and week"),
    ],
)
def test_the_day_that_is_wished_for(text: str, day: str) -> None:
    assert str(reading(text).wish.day) == day
