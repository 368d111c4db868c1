"""Every text in every language over every channel: it renders, fits, and says what a message has to say."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from jinja2 import UndefinedError

from kept.attendance.no_show import Check
from kept.booking.states import Status
from kept.business.catalog import Mode, Money, Resource
from kept.business.reminder_stages import DEFAULT_STAGES, Stage
from kept.business.text_names import (
    CALL,
    GREETINGS,
    LETTERS,
    NOTICES,
    PLAIN_WORDS,
    TEXTS,
    TO_CLIENTS,
    TO_PREPARE_FOR,
    TO_STAFF,
    WEEK_FIGURES,
)
from kept.channels import CONVERSATIONS, Channel, Purpose
from kept.follow_up.clocks import clocks
from kept.follow_up.opened_by import OpenedBy
from kept.follow_up.plans import DEFAULT_PLANS
from kept.follow_up.policy import ClockKind, ServicePolicy
from kept.follow_up.staff_notice import notice
from kept.follow_up.timeline import NoticeKind
from kept.messaging.digest import Digest
from kept.messaging.letter import DayList, Greeting, Letter, Links, StaffNotice, day_list, letter
from kept.messaging.message import Message
from kept.messaging.outgoing import DAY_END, DAY_LIST, NOTICE_DIGEST, STAFF_CHANGES
from kept.messaging.samples import VIDEO, samples
from kept.messaging.segments import GSM_7, UCS_2, segments
from kept.messaging.text_context import FOLLOW_UPS, HOURS, MINUTES, VISITS
from kept.messaging.texts import Rendered, render
from kept.messaging.to_tell import ACTS, KINDS
from kept.messaging.words import FOLDER, LANGUAGES, templates, words_in
from tests.builders import STARTS as OPENED
from tests.builders import a_catalog, a_client, a_follow_up, a_member, an_appointment

TO_READ = (*CONVERSATIONS, Channel.EMAIL)
WHEN = {"en": "Sat, Mar 14, 2:00 PM", "zh-Hans": "3月14日周六 14:00"}

every_language = pytest.mark.parametrize("language", LANGUAGES)
every_text = pytest.mark.parametrize("name", TEXTS)
every_client_text = pytest.mark.parametrize("name", TO_CLIENTS)
every_letter = pytest.mark.parametrize("name", LETTERS)
every_notice = pytest.mark.parametrize("name", NOTICES)


def a_letter(language: str = "en", text: str = "confirmation", **changed: object) -> Letter:
    ordinary = samples(text, language)[0]
    assert isinstance(ordinary, Letter)
    return replace(ordinary, **changed)  # type: ignore[arg-type]


def a_greeting(language: str = "en", text: str = "recall", **changed: object) -> Greeting:
    ordinary = samples(text, language)[0]
    assert isinstance(ordinary, Greeting)
    return replace(ordinary, **changed)  # type: ignore[arg-type]


def a_notice(language: str = "en", text: str = "follow_up_reminder") -> StaffNotice:
    ordinary = samples(text, language)[0]
    assert isinstance(ordinary, StaffNotice)
    return ordinary


def a_day(language: str = "en") -> DayList:
    ordinary = samples(DAY_LIST, language)[0]
    assert isinstance(ordinary, DayList)
    return ordinary


def channels_of(name: str) -> tuple[Channel, ...]:
    if name in TO_STAFF:
        return (Channel.EMAIL,)
    return (Channel.CALL,) if name == CALL else TO_READ


@cache
def every_rendering(name: str, language: str) -> list[Rendered]:
    """Of each sample over each channel that carries it."""
    return [render(name, channel, matter) for channel in channels_of(name) for matter in samples(name, language)]


def leads_to(name: str, about: Letter) -> str:
    again = ("cancelled", "declined", "missed_you", "missed_again", "missed_last")
    return about.rebook if name in again else about.link


def unescaped(html: str) -> str:
    return html.replace("&#39;", "'").replace("&amp;", "&")


@every_language
def test_every_language_has_every_text_and_no_other(language: str) -> None:
    """No reader finds a text missing in their language, and none is kept that nothing sends."""
    written = {file.stem for file in (FOLDER / language).iterdir()}
    assert written == {*TEXTS, "words"}
    for name in TEXTS:
        blocks = set(templates().get_template(f"{language}/{name}.j2").blocks)
        to_read = {"subject", "sms", "body", "button", "target"}
        opened = {"button", "target"} if name in (DAY_END, WEEK_FIGURES) else set()
        to_one = {"sms"} if name in PLAIN_WORDS else {"subject", "body"} | opened
        assert blocks == (to_read if name in TO_CLIENTS else to_one), name


@every_language
def test_every_language_names_the_same_things(language: str) -> None:
    """What has a name in one language has one in every other."""
    words, english = words_in(language), words_in("en")
    assert words.places.keys() == set(Mode)
    assert words.causes.keys() == set(OpenedBy)
    assert words.counts.keys() == {HOURS, MINUTES, VISITS, FOLLOW_UPS}
    assert words.duties.keys() == {*ClockKind, "other"}
    assert words.channels.keys() == set(Channel)
    assert words.told.keys() == ACTS
    assert words.barriers.keys() == KINDS
    assert words.steps.keys() == {step.name for plan in DEFAULT_PLANS.values() for step in plan}
    for named in ("labels", "marks", "keys", "ways_out", "instead_of_link"):
        assert getattr(words, named).keys() == getattr(english, named).keys()


def test_whatever_is_sent_by_itself_has_a_text_of_its_own() -> None:
    """No reminder, question or notice goes out in words that were meant for something else."""
    assert {stage.name for stage in DEFAULT_STAGES} <= set(LETTERS)
    assert Check.ASK in LETTERS
    assert {DAY_LIST, DAY_END, NOTICE_DIGEST, *NoticeKind, *STAFF_CHANGES.values()} <= set(TO_STAFF)


@every_language
@every_text
def test_every_text_renders_for_everything_it_may_speak_of(name: str, language: str) -> None:
    """And leaves nothing of a template behind, no gap where nothing is known, and no line a reader does not see."""
    for said in every_rendering(name, language):
        assert said.text
        assert said.language == language
        assert not re.search(r"[{}]|None| ,| \.|  |\(\)|，，|。。|，。", said.subject + said.text), said.text
        assert said.subject.isprintable()


# What product.md asks of a message: what, when, where, with whom, how to prepare, and how to answer.
DEMANDS: dict[str, str] = dict.fromkeys(LETTERS, "business service when staff place link") | {
    "two_days": "business service when staff place link prepare",
    "move_options": "business service when staff place link times",
    "cancelled": "business service when staff link times",
    "declined": "business service when staff link times",
    "deposit_asked": "business service when staff link",
    "waits": "business service when staff place link until",
    "missed_you": "business service when staff link free",
    "missed_again": "business service when staff link",
    "missed_last": "business service when staff link",
    "running_late": "business service when staff link delay about",
    "made_good": "business service when link waited credit",
    "nobodys_fault": "business service when link waited",
    "dispute_upheld": "business service when staff link",
    "dispute_refused": "business service when staff link",
    "recall": "business client service link",
    "confirm_subscription": "business link",
    "survey": "business client link",
    "dismissal": "business client link",
    "waitlist_joined": "business service link",
    "time_offered": "business service when staff until link",
    "time_gone": "business service when link",
    "turn_near": "business until link",
}


def test_what_a_text_message_has_to_say_is_stated_for_each() -> None:
    """No text to clients is left without a rule of what must stand in it."""
    assert DEMANDS.keys() == set(TO_CLIENTS)


def what(demand: str, name: str, about: Letter | Greeting) -> str:
    words = words_in(about.locale)
    match demand:
        case "link":
            return leads_to(name, about) if isinstance(about, Letter) else about.link
        case "when" | "place" | "times" | "until" if isinstance(about, Letter):
            return str(getattr(words, demand)(about))
        case "when" if isinstance(about, Greeting):
            return words.offered(about.starts, about)
        case "until" if isinstance(about, Greeting):
            return words.open_until(about)
        case "free":
            return words.counted(48, HOURS)
        case "waited" | "delay":
            return words.counted(getattr(about, demand), MINUTES)
        case "credit" if isinstance(about, Letter):
            return words.money(about.credit)
        case "about" if isinstance(about, Letter) and about.about:
            return words.clock(about.about)
    return str(getattr(about, demand))


@every_language
@pytest.mark.parametrize("channel", sorted(CONVERSATIONS - {Channel.SMS}))
@every_client_text
def test_a_conversation_says_what_is_asked_of_it_on_one_line(name: str, channel: Channel, language: str) -> None:
    """A client reads what, when, where and how to answer, with no break to cut it short."""
    about = samples(name, language)[0]
    assert isinstance(about, Letter | Greeting)
    text = render(name, channel, about).text
    for demand in DEMANDS[name].split():
        told = what(demand, name, about)
        assert told, demand
        assert told in text, demand
    assert text.isprintable()


@every_language
@every_letter
def test_an_email_says_all_that_a_client_needs(name: str, language: str) -> None:
    """Its plain part has all that the other has; how to prepare stands there while it can still be done."""
    about = a_letter(language, name)
    mail = render(name, Channel.EMAIL, about)
    demands = {*DEMANDS[name].split(), "client", "room", "phone", "preferences"} - {"prepare"}
    for part in (mail.text, unescaped(mail.html)):
        assert [demand for demand in demands if what(demand, name, about) not in part] == []
        assert (about.prepare in part) is (name in TO_PREPARE_FOR)
    assert about.service in mail.subject
    assert WHEN[language] in mail.subject


@every_language
@every_client_text
def test_an_email_has_one_clear_button_and_small_ways_out(name: str, language: str) -> None:
    """A client sees what to do at once; the ways out are there, but small."""
    about = samples(name, language)[0]
    html = render(name, Channel.EMAIL, about).html
    assert html.count("display:block") == 1
    assert html.count("<a ") == (3 if name == "recall" else 2)


@every_language
@every_client_text
def test_a_text_message_takes_few_parts(name: str, language: str) -> None:
    """One of plain letters in English, two in Chinese at the most, with ordinary names and every kind of visit."""
    encoding, most = {"en": (GSM_7, 1), "zh-Hans": (UCS_2, 2)}[language]
    for matter in samples(name, language):
        taken = segments(render(name, Channel.SMS, matter).text)
        assert taken.encoding == encoding
        assert taken.count <= most


@every_text
def test_chinese_has_no_english_words(name: str) -> None:
    """But for what the carriers' ways out and back are called, and a channel's own name."""
    written = " ".join(said.subject + said.text for said in every_rendering(name, "zh-Hans"))
    words = re.findall(
        "[A-Za-z]+",
        re.sub(r"https://\S+", "", written).replace("退订回TD", "").replace("WhatsApp", "").replace("START", ""),
    )
    assert words == []


@every_text
def test_english_has_no_chinese_signs(name: str) -> None:
    assert all(said.subject.isascii() and said.text.isascii() for said in every_rendering(name, "en"))


@pytest.mark.parametrize("name", ["confirmation", "two_days", "at_risk", "same_day", "reminder", "rescheduled"])
@pytest.mark.parametrize(("language", "asking"), [("en", "onfirm"), ("zh-Hans", "确认")])
def test_only_who_has_not_confirmed_is_asked_to(name: str, language: str, asking: str) -> None:
    """Whoever said that they come is not doubted."""
    for channel in TO_READ:
        assert asking in render(name, channel, a_letter(language)).text
        assert asking not in render(name, channel, a_letter(language, asks=False)).text


KEYS = {
    "en": {
        "1, 2, 3": "Reply 1 confirm, 2 move, 3 cancel, STOP",
        "2, 3": "Reply 2 move, 3 cancel, STOP",
        "on my way": "Reply 1 on my way, 2 can't come, STOP",
        "an offer": "Reply 1 yes, 2 no, STOP",
        "a delay": "Reply 1 wait, 2 move, 3 cancel, STOP",
        "stop": "STOP to end",
    },
    "zh-Hans": {
        "1, 2, 3": "回复1确认，2改期，3取消，退订回TD",
        "2, 3": "回复2改期，3取消，退订回TD",
        "on my way": "在路上回复1，来不了回复2，退订回TD",
        "an offer": "要回复1，不要回复2，退订回TD",
        "a delay": "回复1等候，2改期，3取消，退订回TD",
        "stop": "退订回TD",
    },
}
MEANT = dict.fromkeys(TO_PREPARE_FOR, "1, 2, 3") | dict.fromkeys(GREETINGS, "stop") | {"confirmed": "2, 3"}
MEANT |= {"on_my_way": "on my way", "running_late": "a delay", "time_offered": "an offer"}


@every_language
@every_client_text
def test_a_conversation_ends_with_the_keys_that_mean_something_then(name: str, language: str) -> None:
    """A client is offered what a reply can do at that moment, and nothing else."""
    end = KEYS[language][MEANT.get(name, "stop")]
    for channel in CONVERSATIONS:
        assert render(name, channel, samples(name, language)[0]).text.endswith(end)


@every_language
@every_client_text
def test_no_key_is_promised_where_none_reaches_us(name: str, language: str) -> None:
    """Nobody is told to answer where an answer would be lost, nor in a mail."""
    about = samples(name, language)[0]
    assert isinstance(about, Letter | Greeting)
    mute = replace(about, keys=False)
    texts = [render(name, Channel.SMS, mute), render(name, Channel.EMAIL, about)]
    assert not any(re.search(r"(?i)reply \w|回复\d|STOP|TD", said.text) for said in texts)


@every_language
def test_an_invitation_always_has_its_way_out(language: str) -> None:
    """By a link in a text message too, where no STOP would reach us."""
    about = a_greeting(language)
    mail = render("recall", Channel.EMAIL, about)
    assert about.unsubscribe in mail.text
    assert about.unsubscribe in mail.html
    assert about.unsubscribe in render("recall", Channel.SMS, replace(about, keys=False)).text


@every_language
def test_the_question_whether_one_wants_invitations_is_none(language: str) -> None:
    """It has no service, no offer, and nothing to unsubscribe from; who did not ask for it does nothing."""
    about = a_greeting(language, "confirm_subscription")
    mail = render("confirm_subscription", Channel.EMAIL, about)
    assert about.link in mail.text
    assert words_in(language).ways_out["unsubscribe"] not in mail.text


def test_a_video_visit_has_its_link_and_how_to_test_it() -> None:
    """A client can try it before the day; a text message has room for the link to their page alone."""
    about = a_letter(mode=Mode.VIDEO, where=VIDEO, room="")
    for name in ("confirmation", "two_days"):
        mail, text = (render(name, channel, about).text for channel in (Channel.EMAIL, Channel.SMS))
        assert f"Video call {VIDEO}" in mail
        assert "allow the camera and the microphone" in mail
        assert "Video call" in text
        assert VIDEO not in text, "there is room for one link: that to their page, which holds the other"
        assert "try the video link" in render(name, Channel.WHATSAPP, about).text


@pytest.mark.parametrize(("language", "says"), [("en", "Video call, Room 1"), ("zh-Hans", "视频，Room 1")])
def test_a_video_visit_whose_link_is_not_known_yet_names_none(language: str, says: str) -> None:
    assert words_in(language).place(a_letter(language, mode=Mode.VIDEO, where="", room="Room 1")) == says


@pytest.mark.parametrize(
    ("language", "phone", "says"),
    [
        pytest.param("en", "+1 518 555 0100", "By phone: we call you from +1 518 555 0100", id="English"),
        pytest.param("en", "", "By phone: we call you", id="a number nobody knows"),
        pytest.param("zh-Hans", "021 6279 8888", "电话：届时我们会打给您（来电号码021 6279 8888）", id="Chinese"),
    ],
)
def test_a_visit_by_phone_says_who_calls_from_where(language: str, phone: str, says: str) -> None:
    """A client takes the call because they know the number."""
    about = a_letter(language, mode=Mode.PHONE, where="", room="", phone=phone)
    assert says in render("same_day", Channel.WHATSAPP, about).text
    assert says in render("two_days", Channel.EMAIL, about).text


@every_language
def test_missed_you_tells_the_policy_and_accuses_nobody(language: str) -> None:
    """A client reads the rule, or the business's own words for it, and nothing of blame or of a fee."""
    plain = render("missed_you", Channel.EMAIL, a_letter(language)).text
    own = render("missed_you", Channel.EMAIL, a_letter(language, policy="PLEASE CALL US")).text
    assert "48" in plain
    assert "PLEASE CALL US" in own
    assert not re.search(r"(?i)fail|no-show|fee|爽约|违约|失约", plain)


@pytest.mark.parametrize("text", TO_CLIENTS)
def test_no_text_begs_pardon(text: str) -> None:
    said = [said.text for language in LANGUAGES for said in every_rendering(text, language)]
    assert not re.search(r"(?i)sorry|apolog|regret|抱歉|对不起|遗憾", " ".join(said))


@pytest.mark.parametrize(
    ("language", "hours", "says"),
    [
        pytest.param("en", 48, "48 hours", id="many"),
        pytest.param("en", 1, "1 hour before", id="one"),
        pytest.param("en", 0, "0 hours", id="none"),
        pytest.param("zh-Hans", 1, "1小时", id="a language without plurals"),
    ],
)
def test_what_is_counted_is_in_the_plural_where_the_language_has_one(language: str, hours: int, says: str) -> None:
    about = a_letter(language, free_hours=hours)
    assert says in render("missed_you", Channel.EMAIL, about).text
    assert says in render("missed_you", Channel.WHATSAPP, about).text


def test_the_list_of_the_day_tells_each_visit_and_which_are_not_sure() -> None:
    """Staff see beforehand who may not come."""
    mail = render(DAY_LIST, Channel.EMAIL, a_day())
    assert mail.subject == "Sat, Mar 14: 3 visits"
    lines = mail.text.split("\n\n")[2].splitlines()
    assert lines == [
        "2:00 PM: Anna Berg, Oil change",
        "3:00 PM: Anna Berg, Oil change, not confirmed",
        "4:00 PM: Anna Berg, Oil change, not confirmed, at risk of being missed",
    ]
    one = replace(a_day("zh-Hans"), visits=a_day("zh-Hans").visits[:1])
    assert render(DAY_LIST, Channel.EMAIL, one).subject == "3月14日周六：1个预约"


@every_language
@every_notice
def test_a_notice_says_to_whom_about_whom_and_by_when(name: str, language: str) -> None:
    """Staff know from the mail itself whom it concerns and what the deadline is."""
    about = a_notice(language, name)
    mail = render(name, Channel.EMAIL, about)
    moments = [words_in(language).moment(at) for at in (about.visit, about.due) if at]
    assert all(said in mail.text for said in (about.reader, about.client, about.service, *moments))
    assert about.client in mail.subject


DUTIES = [
    pytest.param("first_response", "", "get in touch with Anna Berg", "联系王芳", id="the first response"),
    pytest.param("next_response", "", "answer Anna Berg's message", "回复王芳的消息", id="the next response"),
    pytest.param("resolution", "", "finish what is open with Anna Berg", "处理好王芳的问题", id="the resolution"),
    pytest.param("step", "call", "call Anna Berg", "致电王芳", id="a step"),
    pytest.param("step", "offer_times", "offer Anna Berg new times", "为王芳提供可选时间", id="another step"),
    pytest.param("step", "送花", 'do "送花" for Anna Berg', "为王芳完成“送花”", id="a step of the business's own"),
    pytest.param("", "", "follow up with Anna Berg", "跟进王芳", id="a clock that has no target any more"),
]


@pytest.mark.parametrize("name", NoticeKind)
@pytest.mark.parametrize(("clock", "step", "english", "chinese"), DUTIES)
def test_a_notice_says_what_is_to_be_done(clock: str, step: str, english: str, chinese: str, name: str) -> None:
    """It stands in the subject too, also for a step of the business's own."""
    for language, duty in (("en", english), ("zh-Hans", chinese)):
        mail = render(name, Channel.EMAIL, replace(a_notice(language, name), clock=clock, step=step))
        assert duty in mail.subject
        assert duty in mail.text.split("\n\n")[1]


def said_to_staff(name: str, language: str, changed: dict[str, object]) -> str:
    """The paragraph that says it."""
    about = replace(a_notice(language, name), **changed)  # type: ignore[arg-type]
    return render(name, Channel.EMAIL, about).text.split("\n\n")[1]


@pytest.mark.parametrize(
    ("name", "changed", "english", "chinese"),
    [
        pytest.param(
            "follow_up_reminder",
            {},
            "Please get in touch with Anna Berg by Sun, Mar 15, 2:00 PM. 50% of the time for it has passed.",
            "请在3月15日周日 14:00前联系王芳。时限已过去50%。",
            id="a reminder at a percentage",
        ),
        pytest.param(
            "follow_up_reminder",
            {"percent": None},
            "Please get in touch with Anna Berg by Sun, Mar 15, 2:00 PM.",
            "请在3月15日周日 14:00前联系王芳。",
            id="a reminder some minutes before",
        ),
        pytest.param(
            "follow_up_reminder",
            {"percent": None, "late": True},
            "Please get in touch with Anna Berg; it was due by Sun, Mar 15, 2:00 PM.",
            "请联系王芳，期限为3月15日周日 14:00，已超时。",
            id="a reminder some minutes after",
        ),
        pytest.param(
            "follow_up_breached",
            {},
            "Please get in touch with Anna Berg now: it was due by Sun, Mar 15, 2:00 PM.",
            "请马上联系王芳，期限为3月15日周日 14:00，已超时。",
            id="a breach",
        ),
        pytest.param(
            "follow_up_escalated",
            {},
            "{colleague} was to get in touch with Anna Berg. It has been late since Sun, Mar 15, 2:00 PM."
            " Please see to it that it is done.",
            "{colleague}负责联系王芳，至今尚未完成，自3月15日周日 14:00起已超时。请您督促尽快处理。",
            id="an escalation of somebody's",
        ),
        pytest.param(
            "follow_up_escalated",
            {"assignee": "", "due": None},
            "Somebody was to get in touch with Anna Berg, and nobody has taken it on."
            " Please see to it that it is done.",
            "“联系王芳”这件事至今无人接手。请您督促尽快处理。",
            id="an escalation of nobody's",
        ),
    ],
)
def test_a_notice_says_by_when_and_whose_it_is(
    name: str, changed: dict[str, object], english: str, chinese: str
) -> None:
    """The assignee is asked to act and the manager to see to it, also where nobody has it."""
    assert said_to_staff(name, "en", changed) == english.format(colleague="Sam Reed")
    assert said_to_staff(name, "zh-Hans", changed) == chinese.format(colleague="小军")


def test_a_notice_names_whoever_has_it_only_where_that_is_not_the_reader() -> None:
    """Nobody reads their own name as if it were a colleague's."""
    mail = render("follow_up_breached", Channel.EMAIL, replace(a_notice(), assignee="Sam Reed"))
    assert "Assigned to: Sam Reed" in mail.text
    assert "Assigned to" not in render("follow_up_breached", Channel.EMAIL, a_notice()).text


@every_language
@pytest.mark.parametrize("name", NoticeKind)
def test_the_subject_of_a_notice_is_short(name: str, language: str) -> None:
    """As much as a telephone shows of it, in letters as wide as these."""
    longest = max(len(render(name, Channel.EMAIL, it).subject) for it in samples(name, language))
    assert longest <= {"en": 66, "zh-Hans": 30}[language]


def a_digest(language: str = "en", **changed: object) -> Digest:
    ordinary = samples(NOTICE_DIGEST, language)[0]
    assert isinstance(ordinary, Digest)
    return replace(ordinary, **changed)  # type: ignore[arg-type]


def test_the_list_after_a_sleep_tells_what_is_due_since_when_and_whose_it_is() -> None:
    mail, chinese = (render(NOTICE_DIGEST, Channel.EMAIL, a_digest(language)) for language in ("en", "zh-Hans"))
    assert (mail.subject, chinese.subject) == ("Waiting for you: 3 follow-ups", "待您处理：3项跟进")
    assert mail.text.split("\n\n")[2].splitlines() == [
        "Sat, Mar 14, 2:00 PM: get in touch with Anna Berg",
        'They wrote: "Could somebody call me about the bill?"',
        "Call: +15185550123",
        "Open it: https://book.example.com/desk/follow-ups/f-1",
        "Sat, Mar 14, 3:00 PM: answer Anna Berg's message (assigned to Sam Reed)",
        'Sat, Mar 14, 4:00 PM: do "bring_flowers" for Anna Berg',
    ]
    assert "3月14日周六 15:00：回复王芳的消息（负责人：小军）" in chinese.text


@pytest.mark.parametrize(
    ("language", "more", "lines", "says"),
    [
        pytest.param("en", 0, 1, "these fell due: 1 follow-up, the longest overdue first.", id="one"),
        pytest.param("en", 12, 3, "15 follow-ups, the longest overdue first; 12 more stand on the board.", id="many"),
        pytest.param(
            "zh-Hans", 12, 3, "有15项跟进，逾期最久的排在最前，另有12项请在看板上查看。", id="many in Chinese"
        ),
    ],
)
def test_a_list_after_a_sleep_counts_what_found_no_room_in_it(language: str, more: int, lines: int, says: str) -> None:
    """Staff know that more stand on the board, and that the longest overdue came first."""
    about = a_digest(language, lines=a_digest(language).lines[:lines], more=more)
    assert says in render(NOTICE_DIGEST, Channel.EMAIL, about).text


@every_language
def test_the_question_how_it_went_is_short_and_leads_to_one_page(language: str) -> None:
    """Whoever is asked for an opinion has little to read and one place to go."""
    about = a_greeting(language, "survey")
    mail, text = (render("survey", channel, about) for channel in (Channel.EMAIL, Channel.SMS))
    assert about.link in mail.text
    assert text.text.count("https://") == 1
    assert len(mail.text) < {"en": 500, "zh-Hans": 300}[language]


@pytest.mark.parametrize(
    ("stage", "says"),
    [
        pytest.param("two_days", "Will you come?", id="a reminder"),
        pytest.param("week_before", "Will you come?", id="a stage of the business's own"),
        pytest.param("rescheduled", "has a new time", id="moved"),
        pytest.param("cancelled", "is cancelled", id="cancelled"),
        pytest.param("missed_you", "We missed you", id="did not come"),
        pytest.param("on_my_way", "Are you on your way?", id="expected now"),
        pytest.param("move_options", "We have Sun, Mar 15, 3:00 PM; Mon", id="wants another time"),
        pytest.param("received", "You wrote to us", id="wrote"),
        pytest.param("waits", "until 2:20 PM", id="is on the way"),
    ],
)
def test_a_call_has_an_opening_a_message_and_a_close(stage: str, says: str) -> None:
    """Staff know whom to ask for, what to say and how to end, whatever the call is about."""
    script = render(stage, Channel.CALL, a_letter(text=CALL))
    opening, message, close = script.text.split("\n\n")
    assert "Miller's Garage. Am I speaking with Anna Berg?" in opening
    assert message.startswith("Message: ")
    assert says in message
    assert close.startswith("Close: ")
    assert script.subject == "Call Anna Berg: Oil change, Sat, Mar 14, 2:00 PM"


@every_language
def test_what_the_business_says_of_a_closed_day_stands_above_the_new_time(language: str) -> None:
    """In the letter, and in the script of whoever calls."""
    letter = replace(a_letter(text="rescheduled"), locale=language)
    said = replace(letter, answer="The river is in the house.")
    mail = render("rescheduled", Channel.EMAIL, said).text
    assert "The river is in the house." in mail
    assert not re.search(r"\n{3}", mail)
    assert mail.replace("The river is in the house.\n\n", "") == render("rescheduled", Channel.EMAIL, letter).text
    script = render("rescheduled", Channel.CALL, said).text
    ours = render("rescheduled", Channel.CALL, letter).text
    assert re.sub(r"The river is in the house[.。] ?", "", script) == ours != script


@pytest.mark.parametrize(
    ("language", "answer", "says"),
    [
        pytest.param("en", "Mei is ill today.", ": Mei is ill today. Oil change moved", id="a sentence"),
        pytest.param("en", "Mei is ill today", ": Mei is ill today. Oil change moved", id="without its full stop"),
        pytest.param("en", "We are ill! Sorry.", ": We are ill! Sorry. Oil change moved", id="two that fit"),
        pytest.param(
            "en",
            f"No power at 10.30. {'So sorry. ' * 20}",
            ": No power at 10.30. Oil change moved",
            id="the first alone",
        ),
        pytest.param("en", "x" * 200, ": Oil change moved", id="too long"),
        pytest.param("en", "停电了。", ": Oil change moved", id="in signs that would double the price"),
        pytest.param("en", "", ": Oil change moved", id="nothing"),
        pytest.param("zh-Hans", "梅姐今天生病了。", "梅姐今天生病了。您的剪发已改到", id="in Chinese"),
        pytest.param(
            "zh-Hans", "梅姐今天生病了", "梅姐今天生病了。您的剪发已改到", id="in Chinese, without its full stop"
        ),
        pytest.param("zh-Hans", "停电了！抱歉。", "停电了！抱歉。您的剪发已改到", id="two in Chinese"),
    ],
)
def test_a_text_message_of_a_closed_day_says_why_in_whole_sentences_where_there_is_room(
    language: str, answer: str, says: str
) -> None:
    """It takes no more parts for it."""
    letter = samples("rescheduled", language)[0]
    assert isinstance(letter, Letter)
    said = render("rescheduled", Channel.SMS, replace(letter, answer=answer)).text
    assert says in said
    assert segments(said).count <= {GSM_7: 1, UCS_2: 2}[segments(said).encoding]


def test_nobody_reads_a_link_aloud() -> None:
    assert "https:" not in "".join(render(name, Channel.CALL, a_letter(text=CALL)).text for name in LETTERS)


def test_a_provider_s_own_template_is_filled_with_what_is_known() -> None:
    """Every text gives the same names, empty where it has no such thing."""
    named = render("two_days", Channel.WHATSAPP, a_letter(room="")).named
    assert named == {
        "client": "Anna Berg",
        "business": "Miller's Garage",
        "service": "Oil change",
        "when": "Sat, Mar 14, 2:00 PM",
        "with": "Joe Miller",
        "where": "12 Elm Street, Albany",
        "prepare": "Please bring the key.",
        "link": a_letter().link,
    }
    invited = render("recall", Channel.WECHAT, a_greeting())
    assert invited.named.keys() == named.keys()
    assert (invited.named["when"], invited.named["link"]) == ("", a_greeting().link)
    assert render("cancelled", Channel.WECHAT, a_letter()).named["link"] == a_letter().rebook


def test_a_stage_of_the_business_s_own_has_the_general_text() -> None:
    """A business can add a stage without writing words for it."""
    assert render("week_before", Channel.EMAIL, a_letter()) == render("reminder", Channel.EMAIL, a_letter())


@pytest.mark.parametrize("stage", ["follow_up_breached", "../en/words", "words", "recall"])
def test_a_business_cannot_name_a_stage_into_another_text(stage: str) -> None:
    """A stage that is called like another text or a file has the words of a reminder."""
    assert render(stage, Channel.SMS, a_letter()) == render("reminder", Channel.SMS, a_letter())


@pytest.mark.parametrize(
    ("locale", "language"),
    [("en", "en"), ("en-GB", "en"), ("zh-Hans", "zh-Hans"), ("zh", "zh-Hans"), ("zh-CN", "zh-Hans"), ("fr", "en")],
)
def test_a_locale_without_texts_gets_its_nearest_language(locale: str, language: str) -> None:
    assert render("same_day", Channel.SMS, a_letter(locale=locale)).language == language


@pytest.mark.parametrize(
    ("language", "when", "until", "times"),
    [
        pytest.param(
            "en",
            "Sat, Mar 14, 2:00 PM New York time (6:00 PM London time)",
            "until 2:20 PM New York time (6:20 PM London time)",
            "Wed, Mar 18, 6:00 PM New York time (10:00 PM London time)",
            id="English",
        ),
        pytest.param(
            "zh-Hans",
            "3月14日周六 14:00（上海时间，东京时间15:00）",
            "等您到14:20（上海时间，东京时间15:20）",
            "3月18日周三 18:00（上海时间，东京时间19:00）",
            id="Chinese",
        ),
    ],
)
def test_a_client_elsewhere_is_told_whose_clock_it_is(language: str, when: str, until: str, times: str) -> None:
    about = next(it for it in samples(CALL, language) if isinstance(it, Letter) and it.elsewhere)
    for channel in (Channel.EMAIL, Channel.WHATSAPP):
        assert when in render("two_days", channel, about).text
        assert until in render("waits", channel, about).text
        assert times in render("move_options", channel, about).text


SCRIPT = '<script>alert("1")</script> & Söhne'


@every_language
@every_letter
def test_names_are_escaped_in_html_and_left_alone_in_text(name: str, language: str) -> None:
    """A name is never code in a mail, and stands in its plain part as it was typed."""
    mail = render(name, Channel.EMAIL, a_letter(language, service=SCRIPT, client=SCRIPT, prepare=SCRIPT))
    assert "<script" not in mail.html
    assert "&lt;script&gt;" in mail.html
    assert SCRIPT in mail.text


def test_names_are_escaped_in_what_staff_read_too() -> None:
    """Clients choose their names, and staff open these mails."""
    visit = replace(a_day().visits[0], client=SCRIPT)
    for mail in (
        render(DAY_LIST, Channel.EMAIL, replace(a_day(), visits=(visit,))),
        render("staff_booked", Channel.EMAIL, replace(a_notice(text="staff_booked"), client=SCRIPT)),
    ):
        assert "<script" not in mail.html
        assert SCRIPT in mail.text


@every_language
@every_client_text
def test_no_name_can_add_a_line_to_a_subject_or_a_conversation(name: str, language: str) -> None:
    """Line breaks and control characters in a name bring in no header and no reader."""
    lines = {"service": "Oil\r\nBcc: all@example.com\x00", "client": "A\u2028B", "business": "M\x1bG"}
    broken = replace(samples(name, language)[0], **lines)  # type: ignore[arg-type]
    mail, text = (render(name, channel, broken) for channel in (Channel.EMAIL, Channel.SMS))
    assert (mail.subject + text.text + "".join(text.named.values())).isprintable()
    assert "\x1b" not in mail.text + mail.html


def test_a_name_that_looks_like_a_template_is_only_a_name() -> None:
    about = a_letter(client="x", service="{{ link }} {% raw %}")
    assert "{{ link }} {% raw %}" in render("same_day", Channel.SMS, about).text


def test_a_word_that_a_text_misspells_fails() -> None:
    """A wrong name in a text of ours is found out, and not sent as a gap."""
    with pytest.raises(UndefinedError):
        templates().from_string("{{ clientt }}").render(client="Anna")


def test_what_is_not_known_is_left_out() -> None:
    """No label stands without what it names, and no word leads to nothing."""
    bare = a_letter(staff="", prepare="", room="", phone="")
    mail = render("confirmation", Channel.EMAIL, bare).text
    assert "With:" not in mail
    assert "To prepare" not in mail
    assert " with " not in render("confirmation", Channel.SMS, bare).text


LINKS = Links("https://kept.example/a/t", "https://kept.example/b/lotus?service=cut", "https://kept.example/p/t")
STARTS = datetime(2026, 3, 14, 14, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


def written_to(locale: str = "en", tz: str = "America/New_York") -> Letter:
    """By the Lotus salon in Shanghai."""
    client = replace(a_client(), locale=locale, tz=tz)
    waits = STARTS + timedelta(minutes=20)
    appointment = replace(an_appointment(starts=STARTS.astimezone(UTC)), waits_until=waits.astimezone(UTC))
    offered = [STARTS + timedelta(days=1)]
    return letter(appointment, client, a_catalog(), stage=DEFAULT_STAGES[0], links=LINKS, offered=offered)


def test_a_letter_about_a_visit_in_person_shows_the_clock_of_the_place() -> None:
    """A client abroad comes at the place's hour, and is told whose it is only where clocks differ."""
    there = written_to()
    assert (there.starts.hour, there.elsewhere) == (14, True)
    assert there.waits_until
    assert (there.waits_until.hour, there.offered[0].hour) == (14, 14)
    assert (written_to(tz="Asia/Shanghai").starts.hour, written_to(tz="Asia/Shanghai").elsewhere) == (14, False)
    assert written_to(tz="Asia/Singapore").elsewhere is False, "the same time on the clock needs no name"


@pytest.mark.parametrize(
    ("status", "stage", "asks"),
    [
        pytest.param(Status.BOOKED, DEFAULT_STAGES[0], True, id="booked"),
        pytest.param(Status.CONFIRMED, DEFAULT_STAGES[0], False, id="confirmed"),
        pytest.param(
            Status.BOOKED, Stage("week", timedelta(days=7), asks=False), False, id="a stage that does not ask"
        ),
        pytest.param(Status.BOOKED, None, True, id="at booking"),
    ],
)
def test_a_letter_asks_whom_the_stage_asks_and_who_has_not_confirmed(
    status: Status, stage: Stage | None, asks: bool
) -> None:
    """Whoever has confirmed, or gets a stage that only tells, is not asked."""
    appointment = replace(an_appointment(), status=status)
    assert letter(appointment, a_client(), a_catalog(), stage=stage, links=LINKS).asks is asks


def test_a_letter_names_staff_and_room_while_they_are_there() -> None:
    """Whoever has left, or a chair that is gone, is not promised any more."""
    catalog = replace(a_catalog(), rooms={"r1": Resource("r1", "Chair 2")})
    appointment = an_appointment()
    placed = replace(appointment, slot=replace(appointment.slot, room="r1"))
    here = letter(placed, a_client(), catalog, stage=None, links=LINKS)
    gone = letter(placed, a_client(), a_catalog(a_member("jun")), stage=None, links=LINKS)
    assert (here.staff, here.room) == ("Mei", "Chair 2")
    assert (gone.staff, gone.room) == ("", "")


def test_a_list_of_the_day_is_in_order_and_on_the_business_s_clock() -> None:
    late, early = (an_appointment(f"a-{hours}", starts=STARTS + timedelta(hours=hours)) for hours in (3, 0))
    told = day_list("mei", STARTS.date(), [(late, a_client()), (early, a_client())], a_catalog())
    assert [visit.starts.hour for visit in told.visits] == [14, 17]
    assert (told.reader, told.locale) == ("Mei", "zh-Hans")


@pytest.mark.parametrize(
    ("stage", "step", "recipient", "reader", "percent", "late"),
    [
        pytest.param("follow_up_reminder", "75", "mei", "Mei", 75, False, id="the assignee"),
        pytest.param("follow_up_reminder", "30_before", "mei", "Mei", None, False, id="minutes before"),
        pytest.param("follow_up_reminder", "30_after", "mei", "Mei", None, True, id="minutes after"),
        pytest.param("follow_up_breached", "1", "", "Lotus", None, False, id="the business's own address"),
        pytest.param("follow_up_escalated", "2", "gone", "Lotus", None, False, id="one who left"),
    ],
)
def test_a_notice_is_in_the_business_s_language_and_zone(
    stage: str, step: str, recipient: str, reader: str, percent: int | None, late: bool
) -> None:
    """A reader who has left is the business itself, which then reads whose it is."""
    clock = next(c for c in clocks(a_follow_up().history, {1: ServicePolicy()}, OPENED) if c.run.step)
    message = Message("lotus", "f-1", 1, stage, Channel.EMAIL, Purpose.STAFF, recipient, STARTS, STARTS)
    message = replace(message, detail=(clock.run.name, step))
    told = notice(message, a_catalog(), client=a_client(), follow_up=a_follow_up(), visit=an_appointment(), clock=clock)
    assert (told.locale, told.reader, told.percent, told.cause) == ("zh-Hans", reader, percent, OpenedBy.NO_SHOW)
    assert (told.clock, told.step, told.late) == ("step", "call", late)
    assert told.assignee == ("" if recipient == "mei" else "Mei")
    assert told.due == clock.due
    assert (told.due and told.due.hour, told.visit and told.visit.hour) == (17, 17)
    assert isinstance(render(stage, Channel.EMAIL, told), Rendered)


LATER = {"en": ("less than 48 hours before", "A later cancellation"), "zh-Hans": ("开始前48小时内取消", "之后取消")}


@pytest.mark.parametrize("language", LATER)
@pytest.mark.parametrize(
    ("policy", "free_hours", "names_it"),
    [
        pytest.param("Be on time.", 48, True, id="after the business's own words, which may not say it"),
        pytest.param("", 48, False, id="after our own sentence, which has said it"),
        pytest.param("Be on time.", 0, False, id="free until the start: never late"),
    ],
)
def test_what_a_later_cancellation_costs_says_later_than_what(
    language: str, policy: str, free_hours: int, names_it: bool
) -> None:
    """With a fee, and with a deposit to lose."""
    fee = Money(1500, "USD")
    terms = a_letter(language, policy=policy, free_hours=free_hours, late_fee=fee)
    letter = replace(terms, deposit=fee, deposit_is="held")
    mail = render("confirmation", Channel.EMAIL, letter).text
    named, left_open = LATER[language]
    assert (mail.count(named), mail.count(left_open)) == ((2, 0) if names_it else (0, 2)), mail
