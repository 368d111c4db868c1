"""A reason is a code with its facts: stored as one text, compared without its words, told in every language by one
table; the sentences that stood in its place before are read for as long as records have them.
"""

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import kept
from kept.actor import Actor, Change
from kept.api.reasons import told_line
from kept.clients.client import Client
from kept.follow_up.untold import Untold, last_of_ours
from kept.messaging.message import WHAT_CAME, CallOutcome, Message
from kept.messaging.reasons_in_words import FOLDER, in_words, line_in_words
from kept.messaging.received import Received
from kept.messaging.to_tell import BARRIERS
from kept.messaging.words import LANGUAGES
from kept.old_reasons import OLD_REASONS
from kept.reasons import Code, Reason, because, is_because
from kept.storage.codec import from_json, to_json
from tests.builders import BOOKED, an_appointment
from tests.reasons import short

EIGHT = "2026-03-02T08:00:00+08:00"


def of(code: Code, fact: str = "3") -> Reason:
    """With something in each of its facts."""
    return because(code, **dict.fromkeys(code.facts, fact))


def table(language: str) -> dict[str, str]:
    return tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))


# What each code needs, and how it is written down.


@pytest.mark.parametrize("code", Code)
@pytest.mark.parametrize(
    "fact",
    ["3", "", "a: b", 'he said "no" {now}', "}{", "two\nlines", "短信", "failed: opted out", "\\", "' OR 1", EIGHT],
)
def test_it_is_read_as_it_was_written(code: Code, fact: str) -> None:
    """Whatever stands in its facts."""
    reason = of(code, fact)
    assert Reason.read(str(reason)) == reason
    assert hash(Reason.read(str(reason))) == hash(reason)


@pytest.mark.parametrize(
    ("code", "facts"),
    [
        pytest.param(Code.QUIET_HOURS, {}, id="one is missing"),
        pytest.param(Code.LAWFUL_FROM, {"country": "US"}, id="one of two is missing"),
        pytest.param(Code.OPTED_OUT, {"channel": "sms"}, id="one too many"),
        pytest.param(Code.NO_CONSENT, {"over": "sms"}, id="by another name"),
    ],
)
def test_it_has_exactly_the_facts_of_its_code(code: Code, facts: dict[str, str]) -> None:
    """A reason that lacks a fact, or has one too many, could not be told in words: it is never made."""
    with pytest.raises(TypeError, match=code):
        because(code, **facts)


def test_it_is_known_by_its_code_whatever_its_facts() -> None:
    """Rules ask for the kind of reason; two with other facts are still two."""
    assert is_because(because(Code.NO_CONSENT, channel="sms"), Code.NO_CONSENT, Code.NO_ADDRESS)
    assert not is_because(because(Code.OPTED_OUT), Code.NO_CONSENT)
    assert not is_because(None, Code.NO_CONSENT)
    assert because(Code.NO_CONSENT, channel="sms") != because(Code.NO_CONSENT, channel="email")


# Sentences that were stored before.

OLD = {
    "delayed: quiet hours until 08:00": "quiet_hours 08:00",
    "missed: quiet hours until 08:00": "quiet_hours 08:00",
    "delayed: by the law of US not before 08:00": "lawful_from US 08:00",
    "missed: outside the hours that the law of FR allows": "outside_lawful_hours FR",
    "delayed: outside the office profile's hours, until Tue 10 Mar 14:00": "outside_office_hours Tue 10 Mar 14:00",
    "delayed: 2 invitations within 7 days, until Fri 20 Mar 10:30": "invited_enough 2 7 Fri 20 Mar 10:30",
    "delayed: near a public holiday, until Thu 9 Apr 10:00": "holiday_near Thu 9 Apr 10:00",
    "missed: not at work until 2026-03-04 09:00": "not_at_work 2026-03-04 09:00",
    "skipped: no consent for sms": "no_consent sms",
    "skipped: no address for email": "no_address email",
    "skipped: already confirmed": "already_confirmed",
    "skipped: cancelled": "cancelled",
    "skipped: marked as a no-show": "marked_no_show",
    "skipped: 3 automatic answers within the hour": "answered_enough 3",
    "suppressed: opted out": "opted_out",
    "suppressed: said STOP to this number": "stop_from_number",
    "suppressed: it is somebody else's number": "not_their_number",
    "failed: given up after 50 attempts": "given_up 50",
    "failed: refused by the provider (MessageRejected)": "refused MessageRejected",
    "failed: too long: 7 text messages, at most 6 are sent": "too_many_parts 7 6",
    "failed: the template asks for what is not known: wen: n": "template_asks wen: n",
    "failed: no wechat account": "no_account wechat",
    "failed: in doubt whether it was sent": "in_doubt",
    "delayed: the provider is unavailable (503)": "provider_unavailable 503",
    "delayed: the provider of sms is down": "provider_shut sms",
    "to_call: no_answer": "no_answer",
    "to_call: wrong_number": "called_wrong_number",
    "missed: told in one list with the others": "in_a_list",
    "sent again: the first attempt is in doubt": "sent_again",
    "sent, but not read: sent again elsewhere": "not_read_elsewhere",
    "opted out": "opted_out",
    "they said stop": "said_stop",
    "unsubscribed": "unsubscribed",
    "WeChat knows of none that is left": "no_tap_at_wechat",
    "confirmed": "confirmed",
    "was cancelled before": "cancelled_before",
    "other times offered (3)": "times_offered 3",
    "left to a person: a-1-v1-unread_reply-2": "left_to_a_person a-1-v1-unread_reply-2",
    "no more messages over whatsapp": "no_more_messages whatsapp",
    "wrong number: nothing more goes there": "number_left",
    "failed: no room on the telephone": "in_their_words no room on the telephone",
    "failed: blocked": "in_their_words blocked",
    "failed: <img src=x>\n": "in_their_words <img src=x>\n",
    "failed: skipped: cancelled": "in_their_words skipped: cancelled",
    "Failed: opted out.": "in_their_words Failed: opted out.",
    "": "in_their_words ",
}


@pytest.mark.parametrize(("stored", "means"), OLD.items(), ids=OLD)
def test_a_sentence_of_before_is_read_as_its_code(stored: str, means: str) -> None:
    """Old records say the same as today's; what was no sentence of ours stays in the words it came in."""
    reason = Reason.read(stored)
    assert " ".join((reason.code, *(fact for _, fact in reason.facts))) == means
    assert Reason.read(str(reason)) == reason, "written anew it is the same"


@pytest.mark.parametrize(("said", "code"), OLD_REASONS.items(), ids=OLD_REASONS)
def test_each_sentence_of_before_has_the_facts_that_its_code_needs(said: str, code: str) -> None:
    assert set(re.findall(r"\{(\w+)\}", said)) == set(Code(code).facts)
    assert Reason.read(f"to_call: {said.replace('{', '').replace('}', '')}").code == code, "behind any status"


MESSAGE = (
    '{"business":"lotus","about":"a-1","version":1,"stage":"two_days","channel":"sms","purpose":"transactional",'
    '"recipient":"c-1","created_at":"2026-03-01T00:00:00Z","due_at":null,"status":"skipped"'
)
RECEIVED = (
    '{"business":"lotus","client":"c-1","key":"k","channel":"sms","text":"1","at":"2026-03-01T00:00:00Z",'
    '"intent":"confirm"'
)
CLIENT = '{"business":"lotus","id":"c-1","name":"Li","locale":"en","tz":"UTC"'
STOP = '{"channel":"sms","address":"+1","at":"2026-03-01T00:00:00Z","why":'
TAP = '{"kind":"due","at":"2026-03-01T00:00:00Z","source":"page","words":"","occasion":"a-1"'

RECORDS: dict[str, tuple[type[Any], str, Any, str]] = {
    "a message": (
        Message,
        MESSAGE + ',"reason":"skipped: no consent for sms"}',
        lambda it: it.reason,
        "no_consent sms",
    ),
    "a message without one": (Message, MESSAGE + "}", lambda it: it.reason, ""),
    "a message of today": (Message, MESSAGE + ',"reason":"moved"}', lambda it: it.reason, "moved"),
    "a reply": (Received, RECEIVED + ',"done":"waits for them"}', lambda it: it.done, "waits_for_them"),
    "a reply nobody has answered": (Received, RECEIVED + "}", lambda it: it.done, ""),
    "a stop": (
        Client,
        f'{CLIENT},"stopped":[{STOP}"the address does not exist"}}]}}',
        lambda it: it.stopped[0].why,
        "no_such_address",
    ),
    "a tap": (
        Client,
        f'{CLIENT},"subscriptions":[{TAP},"void":"they declined it in WeChat"}}]}}',
        lambda it: it.subscriptions[0].void,
        "declined_in_wechat",
    ),
    "a tap that is open": (
        Client,
        f'{CLIENT},"subscriptions":[{TAP}}}]}}',
        lambda it: it.subscriptions[0].void,
        "",
    ),
}


@pytest.mark.parametrize(("kind", "stored", "reason", "means"), RECORDS.values(), ids=RECORDS)
def test_records_of_before_are_read_as_they_are(kind: type[Any], stored: str, reason: Any, means: str) -> None:
    """Messages, replies, stops and taps with a sentence in them are read without being rewritten."""
    found = from_json(kind, stored)
    assert short(reason(found)) == means
    assert from_json(kind, to_json(found)) == found


@pytest.mark.parametrize(
    ("text", "means"),
    [
        pytest.param("cancelled v2 over sms: they said stop", "said_stop", id="of before"),
        pytest.param("cancelled v2 over sms: said_stop", "said_stop", id="of today"),
        pytest.param("booked v1 over email: no address for email", "no_address email", id="with a fact"),
        pytest.param('booked v1 over email: no_address {"channel":"email"}', "no_address email", id="and today"),
        pytest.param("no_show_reversed v1 over -: no text tells of it", "no_text_tells", id="over nothing"),
        pytest.param("booked v1 over sms: too long: at most 4096 characters are sent", "too_long 4096", id="a colon"),
    ],
)
def test_a_call_that_was_opened_before_says_why_as_well(text: str, means: str) -> None:
    """Staff see why nobody could be told, also where it was written down before there were codes."""
    found = Untold.read(text)
    assert found
    assert short(found.reason) == means
    assert Untold.read(str(found)) == found


@pytest.mark.parametrize(
    "text",
    ["", "they would like a call", "about sms: said_stop", "cancelled v2 over sms", "cancelled vX over sms: said_stop"],
)
def test_what_only_looks_like_an_act_that_nobody_told_is_none(text: str) -> None:
    """It is shown as what it is, somebody's words."""
    assert Untold.read(text) is None


def test_what_a_later_version_wrote_is_kept_and_told_by_its_code() -> None:
    """After a deployment that was taken back."""
    later = Reason.read('tide_is_out {"until":"noon"}')
    assert (str(later), in_words(later, "en")) == ('tide_is_out {"until":"noon"}', "tide is out")


# In words.


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_every_code_and_names_no_other_fact(language: str) -> None:
    """Nobody reads a bare code for want of words, nor a fact that the code does not have."""
    words = table(language)
    assert set(words) == set(Code)
    for code in Code:
        assert words[code].strip()
        assert set(re.findall(r"\{(\w*)\}", words[code])) <= set(code.facts), code


def test_every_language_leaves_out_the_same_facts() -> None:
    """Readers of one language are told no less than those of another."""
    told = [{code: set(re.findall(r"\{(\w+)\}", said)) for code, said in table(tag).items()} for tag in LANGUAGES]
    assert all(one == told[0] for one in told)


TOLD = {
    because(Code.QUIET_HOURS, until=EIGHT): (
        "Quiet hours until Mon, Mar 2, 8:00 AM, on the client's clock",
        "客户当地的免打扰时段，到 3月2日周一 08:00 为止",
    ),
    Reason.read("delayed: quiet hours until 08:00"): (
        "Quiet hours until 08:00, on the client's clock",
        "客户当地的免打扰时段，到 08:00 为止",
    ),
    because(Code.LAWFUL_FROM, country="US", until="2026-03-02T08:00:00-05:00"): (
        "By the law of US not before Mon, Mar 2, 8:00 AM, at the client's place",
        "依US法律，客户当地3月2日周一 08:00之后才能发送",
    ),
    because(Code.NO_CONSENT, channel="sms"): ("The client has not agreed to text messages", "客户没有同意接收短信"),
    because(Code.NO_CONSENT, channel="pigeon"): ("The client has not agreed to pigeon", "客户没有同意接收pigeon"),
    because(Code.NO_ADDRESS, channel="email"): ("The client has no address for e-mail", "没有客户的电子邮件联系方式"),
    because(Code.GIVEN_UP, attempts=50): ("Given up after 50 attempts", "尝试 50 次后放弃"),
    because(Code.TIMES_OFFERED, count=3): ("Other times offered (3)", "已提供 3 个其他时间"),
    because(Code.LEFT_TO_A_PERSON, follow_up="f-1"): ("Left to a person", "已转给员工处理"),
    because(Code.NOT_READ_ELSEWHERE): (
        "It was not read, so it was sent over another channel",
        "没有被阅读，已改用其他渠道发送",
    ),
    because(Code.IN_THEIR_WORDS, words="no {room}\n<b>"): ("no {room}\n<b>", "no {room}\n<b>"),
    Reason(Code.PROVIDER_SHUT): ("The provider of – is down", "–服务商中断"),
    None: ("", ""),
}


@pytest.mark.parametrize(("reason", "said"), TOLD.items(), ids=map(str, TOLD))
def test_a_code_is_told_in_the_readers_words(reason: Reason | None, said: tuple[str, str]) -> None:
    """Also where a record lacks a fact, and in English for whoever has a language that is none of ours."""
    assert (in_words(reason, "en"), in_words(reason, "zh-Hans")) == said
    assert in_words(reason, "fr") == said[0], "a language that is none of ours"
    assert in_words(reason, "zh_CN") == said[1]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        pytest.param("two_days sms failed: opted out", "two_days sms failed: 客户已退订", id="of before"),
        pytest.param("two_days sms failed: opted_out", "two_days sms failed: 客户已退订", id="of today"),
        pytest.param("two_days sms failed: no room", "two_days sms failed: no room", id="in a gateway's words"),
        pytest.param("two_days email sent 2026-02-28T23:41Z", "two_days email sent 2026-02-28T23:41Z", id="no reason"),
        pytest.param("no-show taken back: mistake", "no-show taken back: mistake", id="a reason of another kind"),
        pytest.param("told after all", "told after all", id="without a colon"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_a_line_that_ends_in_a_reason_is_told_with_its_words(line: str, said: str) -> None:
    """Whatever else a line ends in, or a gateway's own words, is left as it is."""
    assert line_in_words(line, "zh-Hans") == said


LINES: dict[str, tuple[str, str, str, str]] = {
    "here for another visit": (
        "here_for_another_visit",
        "kept",
        "The client was here for another visit",
        "客户当时在店里做另一个项目",
    ),
    "the same as it was stored before": (
        "here for another visit",
        "kept",
        "The client was here for another visit",
        "客户当时在店里做另一个项目",
    ),
    "waited for": (
        'waited_until {"until":"2026-03-02T08:00:00+08:00"}',
        "kept",
        "We waited until Mon, Mar 2, 8:00 AM",
        "等到了3月2日周一 08:00",
    ),
    "waited for, of before": (
        "waited until 2026-03-02T09:55Z",
        "kept",
        "We waited until Mon, Mar 2, 9:55 AM",
        "等到了3月2日周一 09:55",
    ),
    "a no-show taken back by staff": (
        "taken_back_our_fault",
        "staff:mei",
        "The no-show was taken back: it was our fault",
        "已撤销爽约：是我们的问题",
    ),
    "the same of before": (
        "no-show taken back: mistake",
        "staff:mei",
        "The no-show was taken back: it was marked by mistake",
        "已撤销爽约：标记有误",
    ),
    "late, by one tap": (
        "came_late",
        "staff:mei",
        "The client came late",
        "客户迟到了",
    ),
    "nobody said": (
        "nobody_said_otherwise",
        "kept",
        "Nobody said otherwise",
        "没有人另作说明",
    ),
    "nobody said, of before": (
        "nobody said otherwise",
        "kept",
        "Nobody said otherwise",
        "没有人另作说明",
    ),
    "told after all, of before": (
        "told after all",
        "kept",
        "A message told the client after all",
        "后来有消息通知到了客户",
    ),
    "never answered": (
        "no_attempt_answered",
        "kept",
        "No answer to any of the attempts",
        "多次联系均无回复",
    ),
    "the zone, of before": (
        "the rules of the time zone changed",
        "kept",
        "The rules of the time zone changed",
        "时区规则有变",
    ),
    "what was meant, of before": (
        "could mean: Cut, 17:00; Colour, 18:00",
        "kept",
        "Could mean: Cut, 17:00; Colour, 18:00",
        "可能指：Cut, 17:00; Colour, 18:00",
    ),
    "when it should begin": (
        'should_begin {"at":"2026-03-02T08:00:00+08:00"}',
        "kept",
        "The visit should begin at Mon, Mar 2, 8:00 AM",
        "这次预约应在3月2日周一 08:00开始",
    ),
    "a word of staff that is a code as well": (
        "cancelled",
        "staff:mei",
        "cancelled",
        "cancelled",
    ),
    "a word of a client that is a code as well": (
        "moved",
        "client",
        "moved",
        "moved",
    ),
    "a sentence that staff typed": (
        "told after all",
        "staff:mei",
        "told after all",
        "told after all",
    ),
    "a code that a later version wrote": (
        "not_known_yet",
        "kept",
        "not_known_yet",
        "not_known_yet",
    ),
    "a script to be read out": (
        "Hello, this is Lotus.",
        "kept",
        "Hello, this is Lotus.",
        "Hello, this is Lotus.",
    ),
    "a message that failed": (
        "two_days over sms failed: opted_out",
        "kept",
        "two_days over sms failed: The client has opted out of it",
        "two_days over sms failed: 客户已退订",
    ),
    "nothing": (
        "",
        "kept",
        "",
        "",
    ),
}


@pytest.mark.parametrize(("line", "by", "english", "chinese"), LINES.values(), ids=LINES)
def test_what_kept_wrote_into_a_history_is_told_in_the_askers_words(
    line: str, by: str, english: str, chinese: str
) -> None:
    """And what people typed as they typed it, whatever it looks like."""
    assert [told_line(line, by, language)["why"] for language in ("en", "zh-Hans")] == [english, chinese]


def test_a_line_of_a_history_has_its_code_and_facts_beside_the_words() -> None:
    told = told_line(f'waited_until {{"until":"{EIGHT}"}}', "kept", "en")
    assert (told["why_code"], told["facts"]) == ("waited_until", {"until": EIGHT})
    assert told_line("Is ill", "staff:mei", "en") == {"why": "Is ill", "why_code": "", "facts": {}}


SENTENCE = re.compile(r'(?:why=|WHY = |NOBODY_SAID = |CAME_LATE = |why = )f?"[a-z]+ [a-z]')


def test_no_module_writes_a_sentence_into_a_history() -> None:
    """A reason there is a code: whoever reads it has a language of their own."""
    package = Path(kept.__file__).parent
    found = [(file.name, line) for file in package.rglob("*.py") for line in SENTENCE.findall(file.read_text("utf-8"))]
    assert found == []


def test_every_call_that_has_to_be_made_again_and_every_barrier_is_a_code() -> None:
    assert set(BARRIERS) <= set(Code)
    assert {it for it in CallOutcome if it is not CallOutcome.REACHED} == set(WHAT_CAME)


@pytest.mark.parametrize("text", ["opted_out {", "opted_out {no: json}", 'opted_out {"until"', "opted_out {]}"])
def test_what_only_looks_like_a_code_is_somebody_s_words(text: str) -> None:
    """None of it is lost: it is shown as it was written."""
    read = Reason.read(text)
    assert read.code == Code.IN_THEIR_WORDS
    assert text in dict(read.facts).values()


def test_whom_nobody_was_to_be_told_about_nobody_calls() -> None:
    """What is the business's own affair, be it all that the record has still, tells its client nothing."""
    here = an_appointment().check_in(Change(Actor("staff", "mei"), BOOKED))
    assert last_of_ours(replace(here, history=here.history[-1:])) is None
    assert last_of_ours(replace(here, history=())) is None
