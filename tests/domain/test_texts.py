"""Every text in every language over every channel: it renders, fits, and says what a message has to say."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from jinja2 import UndefinedError

from kept.attendance.no_show import Check
from kept.booking.catalog import Mode, Resource
from kept.booking.states import Status
from kept.follow_up.follow_up import Cause
from kept.messaging.letter import Letter, Notice, letter, notice
from kept.messaging.message import Message
from kept.messaging.purpose import Channel, Purpose
from kept.messaging.texts import TO_CLIENTS, TO_PREPARE_FOR, TO_STAFF, Rendered, render
from kept.messaging.words import FOLDER, LANGUAGES, templates, words_in
from kept.reminders.stages import DEFAULT_STAGES, Stage
from tests.builders import a_catalog, a_client, a_follow_up, a_member, an_appointment

STARTS = datetime(2026, 3, 14, 14, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
LINK = "https://book.example.com/a/m.k1.garage.a_mfrggzdfmztwq2lk.69b5d0c0.AbCdEfGhIjKlMnOpQrStUv"
REBOOK = "https://book.example.com/b/garage?service=oil"
LEADS_TO = {"cancelled": REBOOK, "missed_you": REBOOK}
GSM_7 = set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)

ENGLISH = Letter(
    locale="en",
    client="Anna Berg",
    business="Miller's Garage",
    address="12 Elm Street, Albany",
    phone="+1 518 555 0100",
    service="Oil change",
    staff="Joe Miller",
    starts=STARTS.astimezone(ZoneInfo("America/New_York")),
    ends=STARTS.astimezone(ZoneInfo("America/New_York")) + timedelta(hours=1),
    elsewhere=False,
    mode=Mode.IN_PERSON,
    where="12 Elm Street, Albany",
    room="Lift 2",
    prepare="Please bring the key.",
    asks=True,
    policy="",
    free_hours=48,
    link=LINK,
    rebook=REBOOK,
)
CHINESE = replace(
    ENGLISH,
    locale="zh-Hans",
    client="王芳",
    business="花样年华",
    address="静安区南京西路1号",
    service="剪发",
    staff="梅姐",
    starts=STARTS,
    ends=STARTS + timedelta(hours=1),
    where="静安区南京西路1号",
    room="2号椅",
    prepare="请提前十分钟到店",
)
LETTERS = {"en": ENGLISH, "zh-Hans": CHINESE}
WHEN = {"en": "Sat, Mar 14, 2:00 AM", "zh-Hans": "3月14日周六 14:00"}

NOTICE = Notice(
    locale="en",
    business="Miller's Garage",
    reader="Joe",
    client="Anna Berg",
    cause=Cause.NO_SHOW,
    service="Oil change",
    visit=STARTS,
    due=STARTS + timedelta(days=1),
    percent=50,
)

every_language = pytest.mark.parametrize("language", LANGUAGES)
every_client_text = pytest.mark.parametrize("stage", TO_CLIENTS)
every_staff_text = pytest.mark.parametrize("stage", TO_STAFF)


def blocks(language: str, name: str) -> set[str]:
    return set(templates().get_template(f"{language}/{name}.j2").blocks)


@every_language
def test_every_language_has_every_text_and_no_other(language: str) -> None:
    written = {file.stem for file in (FOLDER / language).iterdir()}
    assert written == {*TO_CLIENTS, *TO_STAFF, "words"}
    assert all(blocks(language, name) == {"subject", "sms", "body", "button", "target"} for name in TO_CLIENTS)
    assert all(blocks(language, name) == {"subject", "body"} for name in TO_STAFF)


@every_language
def test_every_language_names_the_same_things(language: str) -> None:
    words, english = words_in(language), words_in("en")
    assert words.labels.keys() == english.labels.keys()
    assert words.places.keys() == set(Mode)
    assert words.causes.keys() == set(Cause)


def test_every_default_stage_and_check_has_a_text_of_its_own() -> None:
    assert {stage.name for stage in DEFAULT_STAGES} <= set(TO_CLIENTS)
    assert Check.ASK in TO_CLIENTS
    assert Check.ASK_STAFF in TO_STAFF


@every_language
@every_client_text
def test_an_email_says_all_that_a_client_needs(stage: str, language: str) -> None:
    about = LETTERS[language]
    mail = render(stage, Channel.EMAIL, about)
    says = (about.client, about.service, WHEN[language], about.staff, about.where, about.room, about.phone)
    for part in (mail.text, mail.html.replace("&#39;", "'")):
        assert all(word in part for word in (*says, about.business, LEADS_TO.get(stage, LINK)))
        assert (about.prepare in part) is (stage in TO_PREPARE_FOR)
    assert about.service in mail.subject
    assert WHEN[language] in mail.subject
    assert mail.html.count("<a ") == 1, "one clear button"


@every_language
@every_client_text
def test_a_text_message_says_what_when_where_with_whom_and_how_to_answer(stage: str, language: str) -> None:
    about = LETTERS[language]
    text = render(stage, Channel.SMS, about).text
    says = (about.business, about.service, WHEN[language], about.staff, about.where, LEADS_TO.get(stage, LINK))
    assert all(word in text for word in says)
    assert "\n" not in text


@every_client_text
def test_an_english_text_message_is_two_parts_of_plain_letters_at_most(stage: str) -> None:
    text = render(stage, Channel.SMS, replace(ENGLISH, elsewhere=True)).text
    assert set(text) <= GSM_7
    assert len(text) <= 306


@every_client_text
def test_a_chinese_text_message_is_three_parts_at_most(stage: str) -> None:
    text = render(stage, Channel.SMS, CHINESE).text
    assert len(text.encode("utf-16-be")) // 2 <= 3 * 67


@every_client_text
def test_chinese_has_no_english_words(stage: str) -> None:
    texts = [render(stage, channel, CHINESE) for channel in Channel]
    written = " ".join(t.subject + t.text for t in texts)
    assert re.findall("[A-Za-z]+", re.sub(r"https://\S+", "", written)) == []


@every_language
@every_client_text
def test_no_text_promises_an_answer_by_key(stage: str, language: str) -> None:
    texts = [render(stage, channel, LETTERS[language]).text for channel in Channel]
    assert not any(re.search(r"(?i)reply \d|回复\s*\d|STOP", text) for text in texts)


@pytest.mark.parametrize("stage", ["confirmation", "two_days", "same_day", "reminder", "rescheduled"])
@pytest.mark.parametrize(("language", "asking"), [("en", "onfirm"), ("zh-Hans", "确认")])
def test_only_who_has_not_confirmed_is_asked_to(stage: str, language: str, asking: str) -> None:
    for channel in Channel:
        unconfirmed = render(stage, channel, LETTERS[language])
        confirmed = render(stage, channel, replace(LETTERS[language], asks=False))
        assert asking in unconfirmed.text
        assert asking not in confirmed.text


@every_language
@every_staff_text
def test_a_notice_says_to_whom_about_whom_and_by_when(stage: str, language: str) -> None:
    mail = render(stage, Channel.EMAIL, replace(NOTICE, locale=language))
    assert all(word in mail.text for word in ("Joe", "Anna Berg", "Oil change"))
    assert words_in(language).moment(STARTS + timedelta(days=1)) in mail.text
    assert "Anna Berg" in mail.subject


def test_a_notice_of_a_percentage_and_of_a_level_have_one_text_each() -> None:
    assert "50%" in render("follow_up_reminder_50", Channel.EMAIL, NOTICE).text
    assert render("follow_up_escalated_2", Channel.EMAIL, NOTICE).subject == "Escalated to you: Anna Berg"


def test_a_stage_of_the_business_s_own_has_the_general_text() -> None:
    assert render("week_before", Channel.EMAIL, ENGLISH) == render("reminder", Channel.EMAIL, ENGLISH)


@pytest.mark.parametrize("stage", ["follow_up_breached", "../en/words", "words"])
def test_a_business_cannot_name_a_stage_into_another_text(stage: str) -> None:
    assert render(stage, Channel.SMS, ENGLISH) == render("reminder", Channel.SMS, ENGLISH)


@pytest.mark.parametrize(
    ("locale", "language"),
    [("en", "en"), ("en-GB", "en"), ("zh-Hans", "zh-Hans"), ("zh", "zh-Hans"), ("zh-CN", "zh-Hans"), ("fr", "en")],
)
def test_a_locale_without_texts_gets_its_nearest_language(locale: str, language: str) -> None:
    assert render("same_day", Channel.SMS, replace(ENGLISH, locale=locale)).language == language


@pytest.mark.parametrize(
    ("locale", "when"),
    [
        pytest.param("en", "Sat, Mar 14, 2:00 AM (New York time)", id="English"),
        pytest.param("zh-Hans", "3月14日周六 02:00（纽约时间）", id="Chinese"),
    ],
)
def test_a_client_elsewhere_is_told_whose_clock_it_is(locale: str, when: str) -> None:
    about = replace(ENGLISH, locale=locale, elsewhere=True)
    assert when in render("two_days", Channel.EMAIL, about).text
    assert when in render("two_days", Channel.SMS, about).text


@pytest.mark.parametrize(
    ("mode", "where", "says"),
    [
        pytest.param(
            Mode.VIDEO, "https://video.example.com/r/7", "Video call https://video.example.com/r/7", id="video"
        ),
        pytest.param(Mode.PHONE, "", "By phone: we call you", id="phone"),
    ],
)
def test_a_visit_at_a_distance_says_how_it_happens(mode: Mode, where: str, says: str) -> None:
    about = replace(ENGLISH, mode=mode, where=where, room="")
    assert says in render("same_day", Channel.SMS, about).text
    assert says in render("two_days", Channel.EMAIL, about).text
    if mode is Mode.VIDEO:
        assert "try the sound and the picture" in render("two_days", Channel.EMAIL, about).text


@every_language
def test_missed_you_tells_the_policy_and_accuses_nobody(language: str) -> None:
    plain = render("missed_you", Channel.EMAIL, LETTERS[language]).text
    own = render("missed_you", Channel.EMAIL, replace(LETTERS[language], policy="PLEASE CALL US")).text
    assert "48" in plain
    assert "PLEASE CALL US" in own
    assert not re.search(r"(?i)fail|no-show|fee|爽约|违约|失约", plain)


SCRIPT = '<script>alert("1")</script> & Söhne'


@every_language
@every_client_text
def test_names_are_escaped_in_html_and_left_alone_in_text(stage: str, language: str) -> None:
    mail = render(stage, Channel.EMAIL, replace(LETTERS[language], service=SCRIPT, client=SCRIPT, prepare=SCRIPT))
    assert "<script" not in mail.html
    assert "&lt;script&gt;" in mail.html
    assert SCRIPT in mail.text


@every_language
@every_client_text
def test_no_name_can_add_a_line_to_a_subject_or_a_text_message(stage: str, language: str) -> None:
    broken = replace(LETTERS[language], service="Oil\r\nBcc: all@example.com\x00", client="A\u2028B", business="M\x1bG")
    mail, text = (render(stage, channel, broken) for channel in (Channel.EMAIL, Channel.SMS))
    assert all(letter.isprintable() for letter in mail.subject + text.text)
    assert "\x1b" not in mail.text + mail.html


def test_a_name_that_looks_like_a_template_is_only_a_name() -> None:
    assert (
        "{{ link }} {% raw %}"
        in render("same_day", Channel.SMS, replace(ENGLISH, client="x", service="{{ link }} {% raw %}")).text
    )


def test_a_word_that_a_text_misspells_fails() -> None:
    with pytest.raises(UndefinedError):
        templates().from_string("{{ clientt }}").render(client="Anna")


def test_what_is_not_known_is_left_out() -> None:
    bare = replace(ENGLISH, staff="", prepare="", room="", phone="")
    mail = render("confirmation", Channel.EMAIL, bare).text
    assert "With:" not in mail
    assert "To prepare" not in mail
    assert " with " not in render("confirmation", Channel.SMS, bare).text


def written_to(locale: str = "en", tz: str = "America/New_York", **how: object) -> Letter:
    """By the Lotus salon in Shanghai."""
    catalog = a_catalog()
    client = replace(a_client(), locale=locale, tz=tz)
    appointment = replace(an_appointment(starts=STARTS.astimezone(UTC)), **how)  # type: ignore[arg-type]
    return letter(appointment, client, catalog, stage=DEFAULT_STAGES[0], link=LINK, rebook=REBOOK)


def test_a_letter_shows_the_client_s_own_clock() -> None:
    assert (written_to().starts.hour, written_to().elsewhere) == (2, True)
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
    appointment = replace(an_appointment(), status=status)
    written = letter(appointment, a_client(), a_catalog(), stage=stage, link=LINK, rebook=REBOOK)
    assert written.asks is asks


def test_a_letter_names_staff_and_room_while_they_are_there() -> None:
    catalog = replace(a_catalog(), rooms={"r1": Resource("r1", "Chair 2")})
    appointment = an_appointment()
    placed = replace(appointment, slot=replace(appointment.slot, room="r1"))
    here = letter(placed, a_client(), catalog, stage=None, link=LINK, rebook=REBOOK)
    gone = letter(placed, a_client(), a_catalog(a_member("jun")), stage=None, link=LINK, rebook=REBOOK)
    assert (here.staff, here.room) == ("Mei", "Chair 2")
    assert (gone.staff, gone.room) == ("", "")


@pytest.mark.parametrize(
    ("stage", "recipient", "reader", "percent"),
    [
        pytest.param("follow_up_reminder_75", "mei", "Mei", 75, id="the assignee"),
        pytest.param("follow_up_breached", "", "Lotus", None, id="the business's own address"),
        pytest.param("follow_up_escalated_1", "gone", "Lotus", 1, id="one who left"),
    ],
)
def test_a_notice_is_in_the_business_s_language_and_zone(
    stage: str, recipient: str, reader: str, percent: int | None
) -> None:
    message = Message(
        "lotus", "f-1", 1, stage, Channel.EMAIL, Purpose.STAFF, recipient, created_at=STARTS, due_at=STARTS
    )
    follow_up = a_follow_up()
    told = notice(message, a_catalog(), client=a_client(), follow_up=follow_up, visit=an_appointment())
    assert (told.locale, told.reader, told.percent, told.cause) == ("zh-Hans", reader, percent, Cause.NO_SHOW)
    assert told.due == follow_up.due
    assert told.visit is not None
    assert told.visit.hour == 17
    assert isinstance(render(stage, Channel.EMAIL, told), Rendered)
