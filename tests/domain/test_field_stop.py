"""A wish to be left alone comes first, however it is written and whatever else is said; and no other stop is one.

A carrier's word counts when it is the whole reply, or stands above a signature or an old message; any other stop only
with words of sending. What is said besides is for a person.
"""

import pytest

from kept.messaging.replies.reading import Asked, Intent
from tests.said import done, reading

LEFT_ALONE = (
    "stop",
    "Stop.",
    "stop!!!",
    "STOP🛑🛑",
    "🛑 STOP 🛑",
    "*STOP*",
    '"STOP"',
    "(stop)",
    "S.T.O.P.",
    "s-t-o-p",
    "STOP\u200b",
    "\u202aSTOP\u202c",
    "𝐒𝐓𝐎𝐏",
    "ＳＴＯＰ",
    "stooooop",
    "Stop stop",
    "stopstop",
    "STOPALL",
    "stop all",
    "Stop-all",
    "opt out",
    "Opt. Out.",
    "opt_out",
    "opt out please",
    "OptOut",
    "unsub",
    "Unsubscribe me please",
    "UNSUBSCRIBE!!!",
    "quit",
    "QUIT.",
    "End",
    "remove",
    "Remove me",
    "REVOKE",
    "arret",
    "ARRÊT!",
    "r",
    "R.",
    "TD",
    "t.d.",
    "Td。",
    "TDD",
    "t",
    "０００0",
    "0️⃣0️⃣0️⃣0️⃣",
    "Please stop",
    "stop pls",
    "stop, thanks",
    "Stop texting",
    "STOP\n\nKind regards,\nJohn Smith\n07700 900123",
    "Stop\nSent from my iPhone",
    "STOP\n> Your appointment: Fri 20 Nov 14:00. Reply 1 to confirm",
    "stop\n\nOn Fri, 20 Nov 2026 at 10:00 Salon <a@b.c> wrote:\n> Reply 1 to confirm",
    "Stop - Anna",
    "STOP. Anna Smith",
    "STOP (John, 07700)",
    'stop "Your appointment: Fri 20 Nov. Reply STOP to opt out"',
    "yes but stop texting me",
    "ok, stop sending me these",
    "1. And stop texting me.",
    "I'll be there. Please stop messaging me.",
    "cancel and stop texting me",
    "how much is it? and stop texting me",
    "leave me alone",
    "Do not contact me again!",
    "no more messages",
    "don't text me anymore",
    "please take me off your list",
    "remove my number",
    "退订",
    "退订！",
    "退 订",
    "【退订】",
    "退订谢谢",
    "請退訂",
    "T退订",
    "回T",
    "回复TD",
    "拒收",
    "拒收短信",
    "别再给我发了",
    "不要再发了！！",
    "請不要再發短信",
    "好的，不要再发短信了",
    "取消，以后别再发短信了",
    "退订\n张三",
    "TD\n发自我的iPhone",
    "取消订阅",
    "把我拉黑",
    "ARRET",
    "OPTOUT",
    "OPT-OUT",
    "REMOVE",
    "0000",
    "STOP STOP STOP",
    "Stop 🛑",
    "I already told you to stop texting me",
    "please stop sending me texts",
)

NO_STOP = (
    "stop?  you mean me",
    "bus stop",
    "T-shirt",
    "the R word",
    "he said stop",
    "TD bank",
    "quit?no",
    "Opt for out",
    "revoke it all for Ben",
    "remove gel nails",
    "don't remove me",
    "end of month",
    "stop by",
    "stopwatch",
    "0000 0001 card",
    "退订的是酒店",
    "T恤衫",
    "不退订",
    "不要退订",
    "拒收信件的地址",
)

AND_MORE = (
    "yes but stop texting me",
    "1. And stop texting me.",
    "I'll be there. Please stop messaging me.",
    "cancel and stop texting me",
    "how much is it? and stop texting me",
    "好的，不要再发短信了",
    "取消，以后别再发短信了",
    "cancel friday and stop texting me",
    "取消短信提醒，预约不变",
    "Yes. And take me off your list.",
    "move me to Monday and stop texting me",
    "别再发短信了，烦死了",
    "会来的，但是别再发短信了",
)


@pytest.mark.parametrize("asked", Asked)
@pytest.mark.parametrize("text", LEFT_ALONE, ids=repr)
def test_whoever_wants_no_more_gets_no_more(text: str, asked: Asked) -> None:
    """Whatever was asked, and however the word is spelt, dressed up or wrapped in other words."""
    assert done(text, asked) is Intent.STOP


@pytest.mark.parametrize("text", NO_STOP, ids=repr)
def test_any_other_stop_is_none(text: str) -> None:
    """A client who mentions a bus stop goes on being told of their visits."""
    assert done(text) is not Intent.STOP


@pytest.mark.parametrize("text", AND_MORE, ids=repr)
def test_stop_is_done_first_and_the_rest_is_for_a_person(text: str) -> None:
    """They are left alone at once, and what else they asked for is not lost."""
    assert done(text) is Intent.STOP
    assert reading(text).says_more


@pytest.mark.parametrize("text", ["STOP", "stop texting me", "Please stop, thanks", "退订", "别再发短信了，谢谢"])
def test_who_says_nothing_else_needs_no_person(text: str) -> None:
    assert not reading(text).says_more


@pytest.mark.parametrize(
    ("text", "is_carriers_word"),
    [
        pytest.param("cancel", True, id="cancel alone"),
        pytest.param("CANCEL!", True, id="in capitals"),
        pytest.param("Cancel please", True, id="politely"),
        pytest.param("取消", True, id="in Chinese"),
        pytest.param("cancel my appointment", False, id="with what is to be cancelled"),
        pytest.param("3", False, id="the key"),
        pytest.param("帮我取消吧", False, id="a sentence in Chinese"),
    ],
)
def test_cancel_cancels_and_tells_that_carriers_take_it_for_an_opt_out(text: str, is_carriers_word: bool) -> None:
    """What they asked is done; a bare word is marked, for the carrier may now block what goes to them."""
    assert (done(text), reading(text).carriers_word) == (Intent.CANCEL, is_carriers_word)
