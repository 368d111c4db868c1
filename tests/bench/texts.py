"""In how many parts every text message goes with the names of most and with long ones, and in how many it went."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kept.business.text_names import TO_CLIENTS
from kept.channels import Channel
from kept.messaging.segments import segments
from kept.messaging.texts import render
from tests.bench.figure import Figure
from tests.bench.names_in_texts import LONG, TYPICAL, tried

BEFORE = json.loads(Path(__file__).with_name("parts_before.json").read_text("utf-8"))
"""Counted with the texts and the links of 2026-11-28 (9d57e93), by language, text and names; those that there were."""

MOST = {"en": {"typical": 1, "long": 2}, "zh-Hans": {"typical": 2, "long": 2}}
"""Two for English words between names that the plain alphabet cannot write."""

NAMES = {"typical": TYPICAL, "long": LONG}


@dataclass(frozen=True, slots=True)
class Parts:
    """The most that one text takes, over every kind of visit it may speak of."""

    language: str
    text: str
    kind: str
    names: str
    before: int
    after: int

    @property
    def most(self) -> int:
        return MOST[self.language][self.kind]


@cache
def parts() -> tuple[Parts, ...]:
    return tuple(_parts())


def _parts() -> Iterator[Parts]:
    for kind, by_language in NAMES.items():
        for language, sets in by_language.items():
            for text in TO_CLIENTS:
                for names, named in sets.items():
                    taken = [segments(render(text, Channel.SMS, it).text).count for it in tried(text, language, named)]
                    yield Parts(language, text, kind, names, _before(language, text, names, kind), max(taken))


def _before(language: str, text: str, names: str, kind: str) -> int:
    """A text that did not exist then could have taken what is now the most."""
    known: dict[str, int] = BEFORE[language].get(text, {})
    return known.get(names, MOST[language][kind])


def rows() -> Iterator[Figure]:
    for it in (told := parts()):
        what = f"text message, {it.language}, {it.text}, {it.kind}: {it.names}"
        yield Figure(what, f"{it.after} part{'s' * (it.after > 1)}", f"{it.before} before", f"≤ {it.most}")
    before, after = sum(it.before for it in told), sum(it.after for it in told)
    yield Figure("text messages, all of these together", f"{after} parts", f"{before} before")
