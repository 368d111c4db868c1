"""What a business answers again and again, kept in each language, with places for what it is about."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kept.business.checks import must
from kept.language_tags import LANGUAGES

PLACES = ("name", "when", "service", "staff", "place", "business", "phone")
"""What can stand in braces. The client's own name; the visit's time, service, person and place; ours and our number."""

PLACE = re.compile(r"\{([^{}]*)\}")
MOST, LONGEST = 50, 1_000
"""Replies of a business, and characters of each in a language: more than anybody finds one in. Of two that are saved
at the same moment both may be the last."""


@dataclass(frozen=True, slots=True)
class SavedReply:
    """`texts` by language."""

    id: str
    title: str
    texts: Mapping[str, str]

    def in_language(self, *wishes: str) -> tuple[str, str]:
        """The text in the first of these languages that it has, else in any; with that language."""
        language = next((wish for wish in wishes if wish in self.texts), next(iter(self.texts)))
        return language, self.texts[language]


def check_reply(reply: SavedReply) -> None:
    """Raises InvalidSetting."""
    must(reply.texts, "texts", "It says nothing in any language.")
    for language, text in reply.texts.items():
        field = f"texts.{language}"
        must(language in LANGUAGES, field, f"There are no texts in this language; there are {', '.join(LANGUAGES)}.")
        unknown = sorted({name for name in PLACE.findall(text) if name not in PLACES})
        must(not unknown, field, f"{{{next(iter(unknown), '')}}} cannot be filled in; what can is {', '.join(PLACES)}.")


def filled(text: str, says: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """With what is known in its places, in one pass: a name that looks like a place stays a name. What is not known
    stays in its braces, and is named beside it."""
    missing = tuple(dict.fromkeys(name for name in PLACE.findall(text) if not says.get(name)))
    return PLACE.sub(lambda found: says.get(found[1]) or found[0], text), missing
