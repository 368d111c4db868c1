"""The words of a message in its reader's language: one file per text in texts/<language>/, two layouts for all.

A text has the blocks subject and body and, to clients, sms (what a conversation says), button and target. Its names are
those that matters.names gives it; one that is misspelt fails, it is never printed as nothing.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from jinja2 import Template

from kept.business.catalog import Mode
from kept.business.own_text import OwnText
from kept.business.text_names import (
    CALL,
    GREETINGS,
    LETTERS,
    OWN_STAGES,
    PLAIN_WORDS,
    RUNNING_LATE,
    TIME_OFFERED,
    TO_PREPARE_FOR,
)
from kept.channels import Channel
from kept.clients.names import said_to_them
from kept.messaging.letter import Greeting, Letter
from kept.messaging.sandbox import Unsayable, said
from kept.messaging.terse import fitted, plain, telling
from kept.messaging.text_context import Facts, TextContext, facts, named, names
from kept.messaging.text_forms import ADDRESS, PLAIN, TextForm, signed, without_link
from kept.messaging.words import Words, templates, words_in
from kept.visible import one_line

FULL_WIDTH = ("。", "！", "？")
"""Ends of sentences that need no space behind them."""
TWICE_ENDED = re.compile(r"(?<!\.)(\.)\.(?!\.)|(?<!\.)\.(。)|(\.{3}|[…!?。！？])[.。](?!\.)")
AFTER_ADDRESS = re.compile(r"(https?://[!-~]*[/A-Za-z0-9_=-])(?:[.,;:]+(?=\s|$)|[，。；：、]+)")
"""A telephone takes a sign that follows an address for a part of it."""

FOOTER = ("business", "address", "phone")


@dataclass(frozen=True, slots=True)
class Rendered:
    """Ready to be sent; a conversation has no subject, and only an e-mail HTML.

    `named` is what a provider's own template is filled with; `unsayable` is why the business's own words were not used.
    """

    language: str
    subject: str
    text: str
    html: str = ""
    named: Mapping[str, str] = field(default_factory=dict)
    unsayable: str = ""


@dataclass(frozen=True, slots=True)
class Mail:
    """What an e-mail says, without its footer; `button` leads to `target`, and is "" where nothing is to be opened."""

    subject: str
    paragraphs: Sequence[str]
    facts: Facts = field(default_factory=list)
    button: str = ""
    target: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """One text about one matter."""

    name: str
    matter: TextContext
    words: Words
    says: Mapping[str, object]
    ours: Template
    own: OwnText | None


def render(stage: str, channel: Channel, matter: TextContext, own: Mapping[str, OwnText] | None = None) -> Rendered:
    """In the business's own words where it has some; where they fail, for what they name has changed, in ours."""
    written = text_of(stage, channel, matter, own or {})
    try:
        return rendered(written, channel)
    except Unsayable as error:
        return replace(rendered(replace(written, own=None), channel), unsayable=f"{error.block}: {error}")


def text_of(stage: str, channel: Channel, matter: TextContext, own: Mapping[str, OwnText]) -> Text:
    """A stage that a business has added may have words of its own, or else those it has for any reminder."""
    matter = _without_addresses(matter)
    words, name = words_in(matter.locale), _name(stage, channel, matter)
    theirs = own.get(f"{words.language}/{stage}") if isinstance(matter, Letter) and name == OWN_STAGES else None
    return Text(
        name=name,
        matter=matter,
        words=words,
        says=names(matter, words) | _addressed(name, matter, words) | {"stage": stage, "warm": True, "in_full": True},
        ours=templates().get_template(f"{words.language}/{name}.j2"),
        own=theirs or own.get(f"{words.language}/{name}"),
    )


def _without_addresses(matter: TextContext) -> TextContext:
    """Where no link may stand, that of a visit by video stands in none of its facts either."""
    if isinstance(matter, Letter) and not matter.form.links and ADDRESS.search(matter.where):
        return replace(matter, where="")
    return matter


def _addressed(name: str, matter: TextContext, words: Words) -> dict[str, object]:
    """What a client is called in what goes to them, whoever typed it.

    Staff who call read the name as it is, and no address aloud.
    """
    if name == CALL and isinstance(matter, Letter) and matter.mode is Mode.VIDEO:
        return {"place": words.place_in_short(matter)}
    if not isinstance(matter, Letter | Greeting) or name == CALL:
        return {}
    named = said_to_them(matter.named) if isinstance(matter, Letter) else ""
    return {"client": said_to_them(matter.client) or words.reader, "named": named}


def rendered(text: Text, channel: Channel) -> Rendered:
    """Raises Unsayable."""
    if text.name == CALL:
        return Rendered(text.words.language, _subject(text), "\n\n".join(_paragraphs(text)))
    if channel is Channel.EMAIL:
        return _email(text)
    target = _block(text, "target").strip()
    said = _text_message(text, target) if channel is Channel.SMS else _conversation(text, target)
    return Rendered(text.words.language, "", said, named=named(text.says, target))


def _email(text: Text) -> Rendered:
    target = _block(text, "target").strip()
    mail = Mail(
        _subject(text),
        _paragraphs(text),
        facts(text.matter, text.says, text.words, prepare=text.name in TO_PREPARE_FOR),
        one_line(_block(text, "button")),
        target,
    )
    return laid_out(mail, text.says, text.words)


def laid_out(mail: Mail, says: Mapping[str, object], words: Words) -> Rendered:
    """In the one layout of all mails: who writes stands at its end, and how to have no more of them."""
    parts = {
        "language": words.language,
        "subject": mail.subject,
        "paragraphs": mail.paragraphs,
        "facts": mail.facts,
        "colon": words.colon,
        "button": mail.button,
        "target": mail.target,
        "footer": words.between.join(str(says[it]) for it in FOOTER if says.get(it)),
        "ways_out": [(label, str(says[it])) for it, label in words.ways_out.items() if says.get(it)],
    }
    plain, html = (templates().get_template(f"layout.{kind}").render(parts) for kind in ("txt", "html"))
    return Rendered(words.language, mail.subject, plain.strip() + "\n", html, named(says, mail.target))


def _text_message(text: Text, target: str) -> str:
    """The same in as few parts as it takes; words of the business's own are left as they are."""
    if text.own and text.own.sms:
        return plain(_conversation(text, target))
    tells = telling(text.says, text.matter, text.words)
    return fitted(tells, lambda told: _conversation(replace(text, says=told), target))


def _conversation(text: Text, target: str) -> str:
    """On one line, with what can be answered. Raises Unsayable for words of the business's own without the link.

    A telephone takes whatever follows an address without a space for a part of it.
    """
    words = one_line(_block(text, "sms"))
    if not re.search(rf"{re.escape(target)}(?!\S)", words):
        raise Unsayable("sms", "It must hold the link, and after it a space or nothing.")
    form = text.matter.form if isinstance(text.matter, Letter | Greeting) else PLAIN
    if not form.links:
        words = without_link(words, target)
    end = _answers(text, form)
    return signed(f"{words}{'' if words.endswith(FULL_WIDTH) or not end else ' '}{end}", form.signature)


def _answers(text: Text, form: TextForm) -> str:
    """The keys that mean something now, or without a link and without keys where else to answer; who is invited always
    finds the way out."""
    matter, keys = text.matter, text.words.keys
    if text.name in PLAIN_WORDS:
        return ""
    if isinstance(matter, Letter) and matter.keys:
        return _of_a_booking(text, matter, form)
    if isinstance(matter, Letter):
        return "" if form.links else _elsewhere(matter, text.words).rstrip()
    if isinstance(matter, Greeting):
        if text.name == TIME_OFFERED and matter.keys and (text.says["keys"] or not form.links):
            return keys["offer"]
        if form.opt_out:
            return f"{_elsewhere(matter, text.words)}{form.opt_out}"
        return keys["stop"] if matter.keys else _way_out(matter, text.words)
    return ""


def _of_a_booking(text: Text, matter: Letter, form: TextForm) -> str:
    keys = text.words.keys
    if form.links and not text.says["keys"]:
        return keys["stop"]
    if text.name in TO_PREPARE_FOR:
        return keys["confirm" if matter.asks else "change"]
    if text.name == "on_my_way":
        return keys["on_my_way"]
    if text.name == RUNNING_LATE and matter.delay:
        return keys["delay"]
    return keys["stop"] if form.links else f"{_elsewhere(matter, text.words)}{keys['stop']}"


def _elsewhere(matter: Letter | Greeting, words: Words) -> str:
    """In the WeChat account, or by telephone; nothing where there is neither."""
    if matter.form.account:
        return words.instead_of_link["wechat"].format(account=matter.form.account)
    return words.instead_of_link["phone"].format(phone=matter.phone) if matter.phone else ""


def _way_out(greeting: Greeting, words: Words) -> str:
    if not greeting.unsubscribe or not greeting.form.links:
        return ""
    return f"{words.keys['unsubscribe']}{greeting.unsubscribe}"


def _subject(text: Text) -> str:
    return one_line(_block(text, "subject"))


def _paragraphs(text: Text) -> list[str]:
    return [one_line(paragraph) for paragraph in re.split(r"\n\s*\n", _block(text, "body").strip())]


def _block(text: Text, block: str) -> str:
    """Theirs, ours, or nothing: most of what staff are told has no button."""
    if source := getattr(text.own, block, ""):
        return said(block, source, text.says)
    if block not in text.ours.blocks:
        return ""
    words = _ended_once("".join(text.ours.blocks[block](text.ours.new_context(dict(text.says)))))
    return AFTER_ADDRESS.sub(r"\1 ", words) if block == "sms" else words


def _ended_once(words: str) -> str:
    """Of a name or a note that brings its own full stop to the end of a sentence."""
    return TWICE_ENDED.sub(lambda it: it[it.lastindex or 0], words)


def _name(stage: str, channel: Channel, matter: TextContext) -> str:
    """Which file."""
    match matter:
        case Letter():
            return CALL if channel is Channel.CALL else stage if stage in LETTERS else OWN_STAGES
        case Greeting():
            return stage if stage in (*GREETINGS, *PLAIN_WORDS) else GREETINGS[0]
    return stage
