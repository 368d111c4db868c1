"""The words of a message in its reader's language: one file per text in texts/<language>/, two layouts for all.

A text has the blocks subject, body and, to clients, sms, button and target. Its names are the fields of a Letter or a
Notice; one that is misspelt fails, it is never printed as nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from jinja2 import Template

from kept.messaging.letter import Letter, Notice
from kept.messaging.purpose import Channel
from kept.messaging.words import Words, one_line, templates, visible, words_in

TO_CLIENTS = (
    "confirmation",
    "two_days",
    "same_day",
    "reminder",
    "rescheduled",
    "cancelled",
    "on_my_way",
    "missed_you",
)
TO_STAFF = ("follow_up_reminder", "follow_up_breached", "follow_up_escalated", "attendance_question")
TO_PREPARE_FOR = frozenset({"confirmation", "two_days", "same_day", "reminder", "rescheduled"})
OWN_STAGES = "reminder"
"""The text of the stages that a business adds itself."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """Ready to be sent; only an e-mail has a subject and HTML. `named` is what a provider's own template is filled with."""

    language: str
    subject: str
    text: str
    html: str = ""
    named: Mapping[str, str] = field(default_factory=dict)


def render(stage: str, channel: Channel, matter: Letter | Notice) -> Rendered:
    words = words_in(matter.locale)
    name = _name(stage, matter)
    template = templates().get_template(f"{words.language}/{name}.j2")
    says = _names(matter, words)
    if channel is Channel.SMS:
        return Rendered(words.language, "", one_line(_block(template, "sms", says)))
    return _email(template, says, words, _known(name, matter, says, words))


def _email(template: Template, says: Mapping[str, Any], words: Words, facts: Mapping[str, str]) -> Rendered:
    subject = one_line(_block(template, "subject", says))
    paragraphs = re.split(r"\n\s*\n", _block(template, "body", says).strip())
    footer = words.between.join(filter(None, (says["business"], says.get("address"), says.get("phone"))))
    parts = {
        "language": words.language,
        "subject": subject,
        "paragraphs": [one_line(p) for p in paragraphs],
        "facts": facts.items(),
        "colon": words.colon,
        "button": _block(template, "button", says).strip(),
        "target": _block(template, "target", says).strip(),
        "footer": footer,
    }
    text, html = (templates().get_template(f"layout.{kind}").render(parts) for kind in ("txt", "html"))
    return Rendered(words.language, subject, text.strip() + "\n", html)


def _names(matter: Letter | Notice, words: Words) -> dict[str, Any]:
    """What a text can name: every field without control characters, and times as the language writes them."""
    values = {f.name: getattr(matter, f.name) for f in fields(matter)}
    says = {name: visible(value) if isinstance(value, str) else value for name, value in values.items()}
    says["moment"] = words.moment
    if isinstance(matter, Letter):
        says |= {"when": words.when(matter), "place": visible(words.place(matter))}
    return says


def _known(name: str, matter: Letter | Notice, says: Mapping[str, Any], words: Words) -> dict[str, str]:
    """What the reader needs at a glance, by its label; what is not known is left out."""
    if isinstance(matter, Letter):
        known = {
            "what": says["service"],
            "when": says["when"],
            "with": says["staff"],
            "where": says["place"],
            "prepare": says["prepare"] if name in TO_PREPARE_FOR else "",
        }
    else:
        known = {
            "client": says["client"],
            "cause": words.causes[matter.cause] if matter.cause else "",
            "what": says["service"],
            "when": words.moment(matter.visit) if matter.visit else "",
            "due": words.moment(matter.due) if matter.due else "",
        }
    return {words.labels[label]: one_line(value) for label, value in known.items() if value}


def _name(stage: str, matter: Letter | Notice) -> str:
    """Which file; a follow-up's stages end with a percentage or a level."""
    if isinstance(matter, Letter):
        return stage if stage in TO_CLIENTS else OWN_STAGES
    return re.sub(r"_\d+$", "", stage)


def _block(template: Template, name: str, says: Mapping[str, Any]) -> str:
    if name not in template.blocks:
        return ""
    return "".join(template.blocks[name](template.new_context(dict(says))))
