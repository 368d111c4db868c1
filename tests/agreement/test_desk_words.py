"""The words of the front desk: the same in every language, all of them used, and one for everything it can be told."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from kept.booking.states import Status
from kept.business.reminder_stages import DEFAULT_STAGES
from kept.business.text_names import LETTERS, NOTICES
from kept.channels import Channel
from kept.messaging.message import Delivery, MessageStatus
from kept.messaging.replies.reading import Intent
from kept.pages import language
from kept.pages.desk import files
from kept.reasons import Code

WORDS = files.words()
ENGLISH = WORDS["en"]
NEVER_SHOWN = {"held", "expired"}
"""The states of a hold, which is no appointment yet."""
SPOKEN_OF = {text for text in (*LETTERS, *NOTICES) if not text.startswith("follow_up")}
"""Texts about an appointment."""
FAMILIES: dict[str, set[str]] = {
    "status": {status.value for status in Status} - NEVER_SHOWN,
    "message": set(MessageStatus),
    "by": set(Channel),
    "channel": set(Channel),
    "stage": SPOKEN_OF | {stage.name for stage in DEFAULT_STAGES},
    "intent": set(Intent),
    "delivery": set(Delivery),
}
facts = re.compile(r"\{(\w+)\}")


def test_the_front_desk_speaks_every_language_that_clients_do() -> None:
    assert tuple(WORDS) == language.LANGUAGES
    assert {tag: words["name"] for tag, words in WORDS.items()} == {
        it.tag: it.says("name") for it in language.languages()
    }


@pytest.mark.parametrize("other", list(WORDS))
def test_every_language_says_the_same_with_the_same_facts(other: str) -> None:
    assert facts_in(WORDS[other]) == facts_in(ENGLISH)


def facts_in(words: Mapping[str, Any]) -> dict[str, set[str]]:
    assert all(words.values())
    return {key: set(facts.findall(said)) for key, said in words.items()}


@pytest.mark.parametrize("family", FAMILIES)
def test_everything_the_api_can_tell_has_words(family: str) -> None:
    worded = {key.partition(".")[2] for key in ENGLISH if key.startswith(f"{family}.")}
    assert FAMILIES[family] <= worded


def test_reasons_are_asked_for_in_the_language_of_the_page_and_shown_as_they_come() -> None:
    """The API words them from their code; no sentence is taken apart in the browser."""
    assert '"Accept-Language": document.documentElement.lang' in files.SCRIPT
    assert "RegExp" not in files.SCRIPT
    compared = set(re.findall(r'code === "(\w+)"', files.SCRIPT))
    assert compared
    assert compared <= set(Code)


def test_every_word_is_used_and_every_word_used_is_there() -> None:
    """By its own name, or as one of a family that the script names by what it was told."""
    source = files.SCRIPT + (files.HERE / "desk.html").read_text()
    named = set(re.findall(r'"([a-z]+(?:[._][a-z_]+)*)"', source)) | {"name"}
    families = set(re.findall(r'(?:named|badge)\("(\w+)"', source)) | set(re.findall(r"t\(`(\w+)\.", source))
    for key in ENGLISH:
        assert key in named or key.partition(".")[0] in families, key
    asked = set(re.findall(r'\b(?:t|fact|to)\((?:[^"()]*\([^()]*\), )?"([\w.]+)"', source))
    assert asked <= ENGLISH.keys()


@pytest.mark.parametrize("file", [pytest.param(file, id=file.stem) for file in files.HERE.glob("words/*.json")])
def test_no_word_of_the_desk_stands_twice(file: Path) -> None:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        assert len(pairs) == len(dict(pairs))
        return dict(pairs)

    json.loads(file.read_text(), object_pairs_hook=once)
