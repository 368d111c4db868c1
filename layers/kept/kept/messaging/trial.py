"""Whether a business's own words can be saved: they are said of everything that they may have to speak of."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from kept.business.catalog import Business
from kept.business.own_text import OwnText
from kept.business.text_names import CALL, DAY_END, OWN_STAGES, PLAIN_WORDS, TEXTS, TO_STAFF, WEEK_FIGURES
from kept.channels import Channel
from kept.errors import InvalidSetting
from kept.language_tags import LANGUAGES
from kept.messaging.letter import Greeting, Letter
from kept.messaging.samples import samples
from kept.messaging.sandbox import LONGEST, Unsayable
from kept.messaging.text_context import TextContext
from kept.messaging.texts import Rendered, rendered, text_of
from kept.messaging.words import templates

BLOCKS = tuple(LONGEST)
BLOCK = re.compile(r"{%-?\s*block (\w+)\s*-?%}(.*?){%-?\s*endblock\s*-?%}", re.DOTALL)


def check_text(text: OwnText, stages: Collection[str]) -> None:
    """`stages` are the names of the business's own stages of reminding. Raises InvalidSetting."""
    _check_named(text, stages)
    _check_blocks(text)
    name = _ours(text)
    for matter in samples(name, text.language):
        for channel in _channels(name):
            _tried(text, channel, matter)


@dataclass(frozen=True, slots=True)
class TextPreview:
    """What a text says of an ordinary matter over each of its channels, what it can name, and the parts of ours."""

    said: Mapping[Channel, Rendered]
    names: tuple[str, ...]
    ours: Mapping[str, str]


def previewed(text: OwnText, stages: Collection[str], business: Business) -> TextPreview:
    """As it would be saved; with nothing of its own, ours. Raises InvalidSetting."""
    _check_named(text, stages)
    if any(getattr(text, block) for block in BLOCKS):
        check_text(text, stages)
    name = _ours(text)
    matter = _of(business, samples(name, text.language)[0])
    said = {channel: _tried(text, channel, matter) for channel in _channels(name)}
    tried = text_of(text.stage, _channels(name)[0], matter, {})
    return TextPreview(said, tuple(sorted(tried.says)), _blocks_of(f"{text.language}/{name}.j2"))


def _of(business: Business, matter: TextContext) -> TextContext:
    """The business writes in its own name."""
    name = business.names.get(matter.locale, business.name)
    if isinstance(matter, Letter):
        where = business.address or matter.where
        return replace(matter, business=name, address=business.address, phone=business.phone, where=where)
    if isinstance(matter, Greeting):
        return replace(matter, business=name, address=business.address, phone=business.phone)
    return replace(matter, business=name)


def _blocks_of(template: str) -> dict[str, str]:
    """As they are written; a part that it does not have is left out."""
    loader = templates().loader
    source = loader.get_source(templates(), template)[0] if loader else ""
    found = dict(BLOCK.findall(source))
    return {block: found[block].strip() for block in BLOCKS if block in found}


def _tried(text: OwnText, channel: Channel, matter: TextContext) -> Rendered:
    """Raises InvalidSetting."""
    try:
        return rendered(text_of(text.stage, channel, matter, {text.id: text}), channel)
    except Unsayable as error:
        raise InvalidSetting(field=error.block, reason=str(error)) from error


def _ours(text: OwnText) -> str:
    return text.stage if text.stage in TEXTS else OWN_STAGES


def _check_named(text: OwnText, stages: Collection[str]) -> None:
    """Raises InvalidSetting."""
    if text.language not in LANGUAGES:
        raise InvalidSetting(field="language", reason=f"There are texts in {', '.join(LANGUAGES)}.")
    if text.stage not in (*TEXTS, *stages):
        raise InvalidSetting(field="stage", reason="There is no text and no stage of that name.")


def _check_blocks(text: OwnText) -> None:
    """What goes to staff is never a text message, and of it the question who came and the week's figures alone have a
    button; the last word to a number is ours as it is."""
    written = [block for block in BLOCKS if getattr(text, block)]
    if not written:
        raise InvalidSetting(field="body", reason="There is nothing in it; to have ours again, delete it.")
    known = ("subject", "body") if text.stage in (CALL, *TO_STAFF) else BLOCKS
    known = (*known, "button") if text.stage in (DAY_END, WEEK_FIGURES) else () if text.stage in PLAIN_WORDS else known
    if strange := next((block for block in written if block not in known), None):
        raise InvalidSetting(field=strange, reason="This text has no such part.")


def _channels(name: str) -> tuple[Channel, ...]:
    if name == CALL:
        return (Channel.CALL,)
    return (Channel.EMAIL,) if name in TO_STAFF else (Channel.EMAIL, Channel.SMS)
