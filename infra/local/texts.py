"""Every text in every language about made-up matters, for the console; said anew each time, so that an edit shows."""

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from typing import Any

from infra.local.place import ROOT


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a text message says of one sample, and what it takes to send."""

    text: str
    parts: int
    alphabet: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One text: the e-mail about the ordinary sample, and the text message (to a caller, the script) about each."""

    name: str
    to: str
    subject: str
    html: str
    text: str
    conversations: list[Conversation]


def in_language(language: str) -> dict[str, Any]:
    """The texts and the languages there are, from a process of its own, which has the product's packages.

    Raises ValueError with the words of a text that does not render.
    """
    said = subprocess.run(
        [sys.executable, "-m", "infra.local.texts", language],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT / "layers" / "kept")},
        capture_output=True,
        check=False,
        text=True,
    )
    if said.returncode:
        raise ValueError(said.stderr.strip().splitlines()[-1])
    read: dict[str, Any] = json.loads(said.stdout)
    return read


def say_all(language: str) -> dict[str, Any]:
    """Another language than there is is taken for the first."""
    from kept.business.text_names import TEXTS
    from kept.language_tags import LANGUAGES

    language = language if language in LANGUAGES else LANGUAGES[0]
    texts = [asdict(_shown(name, language)) for name in TEXTS]
    return {"language": language, "languages": LANGUAGES, "texts": texts}


def _shown(name: str, language: str) -> Shown:
    from kept.business.text_names import CALL, PLAIN_WORDS, TO_STAFF
    from kept.channels import Channel
    from kept.messaging.samples import samples
    from kept.messaging.texts import render

    ordinary, *others = samples(name, language)
    if name == CALL:
        scripts = [Conversation(render(name, Channel.CALL, it).text, 0, "") for it in (ordinary, *others)]
        return Shown(name, "staff, to be said", render(name, Channel.CALL, ordinary).subject, "", "", scripts)
    texts = (
        [] if name in TO_STAFF else [_conversation(render(name, Channel.SMS, it).text) for it in (ordinary, *others)]
    )
    if name in PLAIN_WORDS:
        return Shown(name, "whoever has that number", "", "", "", texts)
    mail = render(name, Channel.EMAIL, ordinary)
    if name in TO_STAFF:
        return Shown(name, "staff", mail.subject, mail.html, mail.text, texts)
    return Shown(name, "clients", mail.subject, mail.html, mail.text, texts)


def _conversation(text: str) -> Conversation:
    from kept.messaging.segments import segments

    taken = segments(text)
    return Conversation(text, taken.count, taken.encoding)


if __name__ == "__main__":
    json.dump(say_all(sys.argv[1]), sys.stdout)
