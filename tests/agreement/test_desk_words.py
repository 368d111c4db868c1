"""The words of the front desk: the same in every language, all of them used, and one for everything it can be told."""

import json
import re
from collections.abc import Mapping
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


@pytest.mark.parametrize("language", list(WORDS))
def test_what_is_counted_has_the_forms_that_its_language_counts_by(language: str) -> None:
    counted = set(re.findall(r'\bmany\("([\w.]+)"', SCRIPT))
    assert {f"{key}.{form}" for key in counted for form in ("one", "other")} <= WORDS[language].keys()


@pytest.mark.parametrize("tag", language.LANGUAGES)
def test_no_word_of_the_desk_stands_twice(tag: str) -> None:
    """Neither in a file nor in two: those of a folder are its own."""
    files = [file for file in assets.HERE.glob("words/**/*.json") if file.stem == tag]
    keys = [key for file in files for key in json.loads(file.read_text(), object_pairs_hook=lambda pairs: [*pairs])]
    assert len(keys) == len(dict(keys))


LATER = re.findall(r'<\$\{Later\} from=\$\{(\w+)\} folder="([\w ]+)"', SCRIPT)
IMPORTS = dict(re.findall(r'const (\w+) = \(\) => import\("(desk/[\w/]+)"\)', SCRIPT))


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        (name, it)
        for name, source in assets.sources()
        for it in re.findall(r'import\("desk/(\w+)/\w+"\)(?=\.then|,|\])', source)
        if not name.startswith(f"desk/{it}/")
    ],
)
def test_whoever_loads_the_modules_of_a_folder_loads_its_words(name: str, folder: str) -> None:
    """Or what they say would stand there by its key."""
    source = dict(assets.sources())[name]
    asked = re.findall(r'folder="([\w ]+)"|speakOf\("(\w+)"\)', source)
    assert folder in {one for found in asked for part in found for one in part.split()}


@pytest.mark.parametrize(("view", "folders"), LATER)
def test_what_a_view_that_comes_later_says_comes_with_it(view: str, folders: str) -> None:
    """Of all that its modules say, and those that they import: at once, or in a folder that is named with it."""
    sources, at_once = dict(assets.sources()), {it.name for it in assets.at_once()}
    here = {key for it in assets.spoken_at_once() if it.name == "en" for key in json.loads(it.content)}
    for folder in folders.split():
        here |= json.loads((assets.HERE / "words" / folder / "en.json").read_text()).keys()
    left, seen = [IMPORTS[view]], set[str]()
    while left:
        module = left.pop()
        if module in seen or module in at_once:
            continue
        seen.add(module)
        left += re.findall(r'from "(desk/[\w/]+)"', sources[module])
        said = set(re.findall(r'\bt\("([\w.]+)"', sources[module]))
        counted = {f"{key}.other" for key in re.findall(r'\bmany\("([\w.]+)"', sources[module])}
        assert (said | counted) <= here, module


@pytest.mark.parametrize("folder", sorted(file.parent.name for file in assets.HERE.glob("words/*/en.json")))
def test_what_is_said_by_modules_of_every_page_does_not_come_later(folder: str) -> None:
    """The words of a folder come with it; whatever another module says by its full name stands where all find it."""
    at_once = {it.name for it in assets.at_once()}
    elsewhere = "\n".join(source for name, source in assets.sources() if name in at_once)
    for key in json.loads((assets.HERE / "words" / folder / "en.json").read_text()):
        plain = key.removesuffix(".one").removesuffix(".other")
        assert f'"{plain}"' not in elsewhere, key
        assert f"`{key.partition('.')[0]}." not in elsewhere, key
