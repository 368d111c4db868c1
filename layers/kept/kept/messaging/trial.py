"""Whether a business's own words can be saved: they are said of everything that they may have to speak of."""

from collections.abc import Collection

from kept.business.own_text import OwnText
from kept.business.text_names import CALL, DAY_END, GOODBYES, OWN_STAGES, TEXTS, TO_STAFF
from kept.channels import Channel
from kept.errors import InvalidSetting
from kept.language_tags import LANGUAGES
from kept.messaging.samples import samples
from kept.messaging.sandbox import LONGEST, Unsayable
from kept.messaging.texts import rendered, text_of

BLOCKS = tuple(LONGEST)


def check_text(text: OwnText, stages: Collection[str]) -> None:
    """`stages` are the names of the business's own stages of reminding. Raises InvalidSetting."""
    if text.language not in LANGUAGES:
        raise InvalidSetting(field="language", reason=f"There are texts in {', '.join(LANGUAGES)}.")
    if text.stage not in (*TEXTS, *stages):
        raise InvalidSetting(field="stage", reason="There is no text and no stage of that name.")
    _check_blocks(text)
    name = text.stage if text.stage in TEXTS else OWN_STAGES
    for matter in samples(name, text.language):
        for channel in _channels(name):
            try:
                rendered(text_of(text.stage, channel, matter, {text.id: text}), channel)
            except Unsayable as error:
                raise InvalidSetting(field=error.block, reason=str(error)) from error


def _check_blocks(text: OwnText) -> None:
    """What goes to staff is never a text message, and of it the question who came alone has a button; the last word to
    a number is ours as it is."""
    written = [block for block in BLOCKS if getattr(text, block)]
    if not written:
        raise InvalidSetting(field="body", reason="There is nothing in it; to have ours again, delete it.")
    known = ("subject", "body") if text.stage in (CALL, *TO_STAFF) else BLOCKS
    known = (*known, "button") if text.stage == DAY_END else () if text.stage in GOODBYES else known
    if strange := next((block for block in written if block not in known), None):
        raise InvalidSetting(field=strange, reason="This text has no such part.")


def _channels(name: str) -> tuple[Channel, ...]:
    if name == CALL:
        return (Channel.CALL,)
    return (Channel.EMAIL,) if name in TO_STAFF else (Channel.EMAIL, Channel.SMS)
