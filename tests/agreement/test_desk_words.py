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
from kept.pages.desk import assets, files

WORDS = files.words()
SETTINGS = assets.words_of()["settings"]
ENGLISH = WORDS["en"]
SCRIPT = "\n".join(source for _, source in assets.sources())
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
    assert '"Accept-Language": document.documentElement.lang' in dict(assets.sources())["desk/early"]
    assert not re.search(r"(?:why|reason|done|detail)\b[^;\n]{0,20}\.(?:match|includes|startsWith|replace)\(", SCRIPT)


def test_every_word_is_used_and_every_word_used_is_there() -> None:
    """By its own name, or as one of a family that a module names by what it was told."""
    named = set(re.findall(r'"([a-z]+(?:[._][a-z_]+)*)"', SCRIPT)) | {"name"}
    families = set(re.findall(r'(?:named|badge)\("(\w+)"', SCRIPT)) | set(re.findall(r"(?:t|many)\(`(\w+)\.", SCRIPT))
    numbered = set(re.findall(r"(?:t|many)\(`(\w+\.\w+_)\$", SCRIPT))
    for key in ENGLISH:
        plain = key.removesuffix(".one").removesuffix(".other")
        assert plain in named or key.partition(".")[0] in families or plain.rstrip("0123456789") in numbered, key
    asked = set(re.findall(r'\bt\("([\w.]+)"', SCRIPT)) | {
        f"{key}.other" for key in re.findall(r'\bmany\("([\w.]+)"', SCRIPT)
    }
    assert asked <= ENGLISH.keys()


def test_what_is_said_outside_of_the_settings_comes_at_once() -> None:
    """Their own words are there only where they were opened, and no word stands in both."""
    at_once, own = ({key for it in its for key in json.loads(it.content)} for its in (assets.words(), SETTINGS))
    assert at_once & own == set()
    outside = "\n".join(
        source for name, source in assets.sources() if not name.startswith(("desk/settings/", "desk/start/"))
    )
    named = set(re.findall(r'"([a-z]+(?:[._][a-z_]+)+)"', outside))
    families = set(re.findall(r'(?:named|badge)\("(\w+)"', outside)) | set(re.findall(r"(?:t|many)\(`(\w+)\.", outside))
    plain = {key.removesuffix(".one").removesuffix(".other") for key in own}
    assert (plain & named, {key for key in own if key.partition(".")[0] in families}) == (set(), set())


@pytest.mark.parametrize("language", list(WORDS))
def test_what_is_counted_has_the_forms_that_its_language_counts_by(language: str) -> None:
    counted = set(re.findall(r'\bmany\("([\w.]+)"', SCRIPT))
    assert {f"{key}.{form}" for key in counted for form in ("one", "other")} <= WORDS[language].keys()


@pytest.mark.parametrize("file", [pytest.param(file, id=file.stem) for file in assets.HERE.glob("words/**/*.json")])
def test_no_word_of_the_desk_stands_twice(file: Path) -> None:
    def once(pairs: list[tuple[str, object]]) -> dict[str, object]:
        assert len(pairs) == len(dict(pairs))
        return dict(pairs)

    json.loads(file.read_text(), object_pairs_hook=once)
