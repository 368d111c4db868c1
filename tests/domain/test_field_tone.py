"""Every text reads as its reader would write it: whole sentences, one full stop, its own language's signs, no shouting.

Each text is read for every kind of matter, with each fact that may be missing left out, and with names that end oddly.
"""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from functools import cache

import pytest

from kept.business.text_names import CALL, LETTERS, OF_WAITLIST, TEXTS, TO_STAFF
from kept.channels import CONVERSATIONS, Channel
from kept.messaging.letter import Greeting, Letter, StaffNotice
from kept.messaging.samples import samples
from kept.messaging.text_context import TextContext
from kept.messaging.texts import render
from kept.messaging.words import LANGUAGES

MAY_BE_MISSING = ("staff", "room", "where", "prepare", "phone", "address", "policy", "assignee", "service", "named")
ALWAYS_OF_ONE = {"service"}
"""A booking, and a place on the waitlist."""

WRONG = {
    "a full stop twice": r"(?<!\.)\.\.(?!\.)|。。|[。？！]\.|\.。|…\.|…。",
    "a comma twice": r",\s*,|，，|、、|，。|,\.|, \.",
    "a full stop before a bracket and one after": r"[.。][)）][.。]",
    "an empty bracket": r"\(\s*\)|（\s*）|【\s*】|“”|\"\"",
    "a bracket that begins or ends with a comma": r"[(（]\s*[,，、]|[,，、]\s*[)）]",
    "a space before a sign": r" [,.;:?!，。；：？！）]",
    "two spaces": r"\S  +\S",
    "a sign glued to an address": r"https://\S+[.,;:](\s|$)|https://[!-~]*[^\x00-\x7f]",
    "what was not filled in": r"[{}]|None|True|False|undefined",
    "a sign that hangs at the end": r"^(?!Hello ).*[,，、;；(（]$",
    "a colon and another sign": r"[:：]\s*[,，.。;；]",
    "shouting": r"[!！]",
}
IN_CHINESE = {
    "a half-width sign after a character": r"[\u4e00-\u9fff][,;:?!()]",
    "a space between two characters": r"(?<![？。：；，])[\u4e00-\u9fff] [\u4e00-\u9fff]",
    "an office's word": r"办结|事宜|予以|贵方|届时请知悉|改为改期|系统",
}
IN_ENGLISH = {
    "a capital after a comma": r", (?:Your|We|It|Please|If|You|Choose|Confirm|Move)\b",
    "a service as if it were a thing": r"(?i)(?<!new )time for oil change|oil change again|about oil change",
    "now, before it is": r"\bis now\b|, now [A-Z]",
    "a word twice": r"\b(\w+) \1\b",
    "a sentence that begins small": r"[a-z]{2}\. (?!with\b|https:)[a-z]",
}

every_language = pytest.mark.parametrize("language", LANGUAGES)
every_text = pytest.mark.parametrize("name", TEXTS)


def with_less(matter: TextContext, name: str) -> Iterator[TextContext]:
    """It, it without each thing that may not be known, and without any."""
    known = {field.name for field in fields(matter)} & set(MAY_BE_MISSING)
    is_of_something = isinstance(matter, Letter) or name in OF_WAITLIST
    bare = known - ALWAYS_OF_ONE if is_of_something else known
    gone: list[set[str]] = [set(), *({name} for name in sorted(bare)), bare]
    for names in gone:
        yield replace(matter, **dict.fromkeys(names, ""))  # type: ignore[arg-type]


@cache
def said(name: str, language: str) -> frozenset[str]:
    """Every subject and every line of every text."""
    matters = [less for matter in samples(name, language) for less in with_less(matter, name)]
    if name == CALL:
        scripts = [render(stage, Channel.CALL, it) for stage in LETTERS for it in matters]
        return frozenset(it for script in scripts for it in (script.subject, *script.text.split("\n")))
    channels = [Channel.EMAIL] if name in TO_STAFF else [Channel.EMAIL, *CONVERSATIONS]
    rendered = [render(name, channel, it) for channel in channels for it in matters]
    return frozenset(line for it in rendered for line in (it.subject, *it.text.split("\n")))


def wrong(name: str, language: str, signs: dict[str, str]) -> list[tuple[str, str]]:
    return [(why, line) for line in said(name, language) for why, sign in signs.items() if re.search(sign, line)]


@pytest.mark.slow
@every_language
@every_text
def test_no_text_is_wrong_in_its_form(name: str, language: str) -> None:
    """No client reads a doubled stop, an empty bracket or a gap, whichever fact is missing."""
    assert wrong(name, language, WRONG) == []


@pytest.mark.slow
@every_text
def test_chinese_reads_as_chinese(name: str) -> None:
    """It has full-width signs, no stray spaces and no word of an office."""
    assert wrong(name, "zh-Hans", IN_CHINESE) == []


@pytest.mark.slow
@every_text
def test_english_reads_as_english(name: str) -> None:
    """No sentence begins small, no capital follows a comma, and no word comes twice."""
    assert wrong(name, "en", IN_ENGLISH) == []


@every_language
def test_a_question_how_it_went_does_not_speak_of_a_visit_that_may_be_to_come(language: str) -> None:
    """It is asked once a follow-up is done: what they were called about may have become a booking."""
    asked = " ".join(said("survey", language))
    assert not re.search(r"(?i)how did it go|your visit|到店|光临", asked)


@pytest.mark.parametrize(
    ("text", "language", "says"),
    [
        pytest.param(
            "recall", "en", "It may be time for your next visit to Miller's Garage: Oil change.", id="a recall"
        ),
        pytest.param("staff_moved", "en", "The new time is Sat, Mar 14, 2:00 PM", id="moved"),
        pytest.param("staff_moved", "zh-Hans", "新的时间是3月14日周六 14:00", id="moved in Chinese"),
        pytest.param("cancelled", "en", "is cancelled, and there is nothing more for you to do.", id="cancelled"),
        pytest.param("survey", "zh-Hans", "我们最近和您联系过，不知有没有帮到您？", id="the question, in Chinese"),
        pytest.param("waits", "en", "We will wait for you at Miller's Garage until 2:20 PM.", id="waited for"),
        pytest.param("call", "zh-Hans", "请提前十分钟到店。", id="a script has its full stops"),
    ],
)
def test_a_text_says_it_as_the_front_desk_would(text: str, language: str, says: str) -> None:
    assert says in "\n".join(said(text, language))


def test_what_may_be_missing_is_a_field_of_something() -> None:
    """A field that is renamed does not slip out of these checks."""
    named = {field.name for kind in (Letter, Greeting, StaffNotice) for field in fields(kind)}
    assert set(MAY_BE_MISSING) <= named
