"""Every phrase of the tables that does something does not do it when it is denied, past, asked, conditional, said of
somebody else, or about something else.
"""

import tomllib
from collections.abc import Iterator

import pytest

from kept.messaging.replies.carriers import is_opt_out
from kept.messaging.replies.phrases import FOLDER, MINUTES, WHEN, wordings
from kept.messaging.replies.reading import ACTIONS, Intent
from kept.messaging.replies.spelling import plain
from tests.said import done

KINDS = ("yes", "agreed", "confirm", "cancel", "move", "late", "stop", "start")
SAID = {"en": {WHEN: "friday", MINUTES: "10 minutes"}, "zh": {WHEN: "周五", MINUTES: "10分钟"}}
DENIED = {"en": ("don't {}", "not {}", "never {}"), "zh": ("别{}", "没{}", "并不{}", "从不{}")}
ASKED = {"en": ("{}?", "why {}"), "zh": ("{}吗", "谁{}")}
MEANT_OTHERWISE = {
    "en": (
        "{} yesterday",
        "last week {}",
        "my wife {}",
        "{} my husband",
        "if it rains {}",
        "{} if it rains",
        "unless it snows {}",
        "{} the pizza",
        "{} my gym",
        "{} the zebra",
        "xylophone {}",
    ),
    "zh": (
        "上次{}",
        "昨天{}",
        "我老公{}",
        "同事{}",
        "如果下雨{}",
        "除非下雨，{}",
        "{}披萨",
        "把健身卡{}",
        "{}犀牛",
        "琵琶{}",
    ),
}
POLITE = frozenset({Intent.MOVE})
"""A wish to move is asked for as a question."""


def phrases(language: str, kind: str) -> Iterator[str]:
    """As somebody would write them; every nineteenth of those that only choose from groups, for there are thousands."""
    table = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    for line in table["phrases"].get(kind, "").split("\n"):
        made = list(wordings(line, table["groups"]))
        for wording in made if len(made) < 4 else made[::19]:
            is_chinese = language == "zh" and not any(c.isascii() and c.isalpha() for c in wording.replace(WHEN, ""))
            yield _said(wording.replace(" ", "") if is_chinese else wording, language)


def _said(wording: str, language: str) -> str:
    for mark, words in SAID[language].items():
        wording = wording.replace(mark, words)
    return wording


CASES = [pytest.param(language, kind, id=f"{language} {kind}") for language in SAID for kind in KINDS]


@pytest.mark.parametrize(("language", "kind"), CASES)
def test_what_is_meant_otherwise_is_not_done(language: str, kind: str) -> None:
    made = [frame.format(phrase) for phrase in phrases(language, kind) for frame in MEANT_OTHERWISE[language]]
    assert [text for text in made if done(text)] == []


@pytest.mark.parametrize(("language", "kind"), CASES)
def test_what_is_denied_is_not_done(language: str, kind: str) -> None:
    """It may be the opposite: "not coming" cancels; and "not be there, Friday instead" moves all the same."""
    intent = Intent.CONFIRM if kind in ("yes", "agreed") else Intent(kind)
    said = [phrase for phrase in phrases(language, kind) if phrase != "be there friday instead"]
    made = [frame.format(phrase) for phrase in said for frame in DENIED[language]]
    assert [text for text in made if done(text) is intent] == []


@pytest.mark.parametrize(("language", "kind"), CASES)
def test_what_is_asked_is_not_done(language: str, kind: str) -> None:
    made = [frame.format(phrase) for phrase in phrases(language, kind) for frame in ASKED[language]]
    allowed = ACTIONS & POLITE
    assert [text for text in made if done(text) not in (None, *allowed) and not is_opt_out(plain(text))] == []
